"""The sealed letter: what it carries, whose key, which standards it keeps; and that a spoiled one is not released."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from cases.audit.canonical import canonical
from cases.letters import archival, conformance, sealing
from cases.letters.conformance import NotConforming
from cases.letters.rendering import CONTENT_FILE, render_pdf
from cases.letters.sealing import seal_pdf
from cases.letters.signers import (
    DEMO_NAME,
    NoSeal,
    SealsFile,
    from_demo,
    from_pkcs11,
    from_pkcs12,
    make_certificate,
)  # fmt: skip
from cases.letters.verification import verify_pdf
from tests.letters.seals import AT, CONTENT, HEAD, ours, page, sealed, signer, trusted
from tests.letters.test_rendering import CONTEXT, TEMPLATE

pytestmark = pytest.mark.once

SOFTHSM = next(
    (path for path in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/libsofthsm2.so") if Path(path).exists()), ""
)


# --- what it carries
def test_the_sealed_letter_keeps_both_standards() -> None:
    conformance.check(page())
    conformance.check(sealed())


def test_the_frozen_content_travels_inside_as_data() -> None:
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        (attached,) = pdf.Root.AF
        assert attached.AFRelationship == "/Data"
        assert str(attached.UF) == CONTENT_FILE
        data = bytes(attached.EF.F.read_bytes())
        assert str(attached.EF.F.Subtype) == "/application/json"
    told = json.loads(data)
    assert told["content"] == CONTENT
    assert told["content"]["seal"]["head"] == HEAD
    assert data == canonical(told)


def test_the_seal_certifies_that_nothing_may_change() -> None:
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert str(field.T) == archival.FIELD
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
        (reference,) = field.V.Reference
        assert str(reference.TransformMethod) == "/DocMDP"
        assert int(reference.TransformParams.P) == 1
        assert pdf.Root.Perms.DocMDP.objgen == field.V.objgen


def test_the_field_of_the_seal_is_tagged_and_said_aloud() -> None:
    with pikepdf.open(io.BytesIO(page())) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert str(field.TU) == archival.FIELD_TEXT
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        form = numbers[numbers.index(int(field.StructParent)) + 1]
        assert str(form.S) == "/Form"
        assert form.K[0].Obj.objgen == field.objgen


def test_a_page_that_is_not_to_be_sealed_has_no_field_and_no_attachment() -> None:
    plain, _pages = render_pdf(TEMPLATE, CONTEXT)
    conformance.check(plain)
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert "/AF" not in pdf.Root


def test_the_same_letter_gives_the_same_bytes_before_and_after_sealing() -> None:
    again, _pages = render_pdf(TEMPLATE, CONTENT)
    assert again == page()
    assert seal_pdf(again, ours(), at=AT) == sealed()


def test_no_stream_ends_in_a_carriage_return() -> None:
    """One in 256 would (the last byte is a check sum): of these, exactly one is written the other way."""
    written = []
    for turn in range(1, 257):
        pdf = archival.pydyf.PDF()
        entry = archival.pydyf.Stream(["a" * turn])
        pdf.add_object(entry)
        archival.finish(pdf, field=False)
        assert not entry.stream[0].endswith(b"\r")
        written.append(entry.extra["Filter"] == "/FlateDecode")
    assert written.count(False) == 1


# --- the control: what goes wrong without these cares
def test_control_stock_metadata_update_breaks_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sealing._Writer, "_update_meta")
    with pytest.raises(NotConforming, match="pdfa-3a"):
        conformance.check(seal_pdf(page(), ours(), at=AT))


def test_control_without_its_mark_the_page_is_not_accessible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archival, "_UA_METADATA", b"")
    with pytest.raises(NotConforming, match="pdfua-1"):
        conformance.check(render_pdf(TEMPLATE, CONTENT)[0])


def test_what_is_no_pdf_does_not_conform() -> None:
    with pytest.raises(NotConforming):
        conformance.check(b"no PDF at all")


# --- whose key
def test_the_demo_makes_its_authority_once_and_says_what_it_is(tmp_path: Path) -> None:
    first, second = from_demo(tmp_path), from_demo(tmp_path)
    assert first.demo
    assert first.fingerprint == second.fingerprint
    assert first.name == DEMO_NAME
    assert "DEMO" in first.above[0].subject.native["common_name"]
    assert (tmp_path / "demo-seal.pem").stat().st_mode & 0o077 == 0
    accepted(seal_pdf(page(), first, at=AT), first)


def test_a_key_file_seals(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    own = make_certificate("Segel dalam berkas", key)
    file = tmp_path / "seal.p12"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", key, own, None, BestAvailableEncryption(b"rahasia"))
    )
    with pytest.raises(NoSeal, match="read by others"):
        from_pkcs12(file, "rahasia")
    file.chmod(0o600)
    with pytest.raises(NoSeal):
        from_pkcs12(file, "salah")
    with pytest.raises(NoSeal):
        from_pkcs12(tmp_path / "none.p12", "")
    loaded = from_pkcs12(file, "rahasia")
    assert not loaded.demo
    accepted(seal_pdf(page(), loaded, at=AT), loaded)


def test_an_elliptic_curve_seals() -> None:
    curve = signer("Segel kurva", curve=True)
    accepted(seal_pdf(page(), curve, at=AT), curve)


@pytest.mark.skipif(not SOFTHSM, reason="SoftHSM is not installed (scripts/bootstrap dev installs it on Debian)")
def test_a_token_seals_and_its_key_never_leaves_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(
        f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    # A process of its own: the library reads its configuration once.
    code = (
        "import django, sys; django.setup(); from tests.letters.test_sealing import seal_with_a_token;"
        "seal_with_a_token(*sys.argv[1:])"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        check=False, capture_output=True, text=True, cwd=archival.__file__.partition("/cases/")[0],
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    seals = SealsFile(tmp_path / "seals.pem")
    verdict = verify_pdf((tmp_path / "sealed.pdf").read_bytes(), seals.certificates())
    assert verdict.accepted, verdict
    assert verdict.sealed_by == "Segel dalam token"
    conformance.check((tmp_path / "sealed.pdf").read_bytes())


def seal_with_a_token(folder: str) -> None:
    """Make a token with key and certificate, seal the page with it, and try what must fail."""
    import pkcs11
    from pkcs11.util.rsa import encode_rsa_public_key

    label, pin = "Segel", "1234"
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "office", "--so-pin", "0000", "--pin", pin],
        check=True, capture_output=True,
    )  # fmt: skip
    token = pkcs11.lib(SOFTHSM).get_token(token_label="office")
    with token.open(rw=True, user_pin=pin) as session:
        public, private = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label=label)
        assert private[pkcs11.Attribute.EXTRACTABLE] is False or private[pkcs11.Attribute.SENSITIVE]
        from cryptography.hazmat.primitives.serialization import load_der_public_key

        spki = encode_rsa_public_key(public)
        from asn1crypto.keys import PublicKeyInfo, RSAPublicKey

        key = load_der_public_key(PublicKeyInfo.wrap(RSAPublicKey.load(spki), "rsa").dump())
        # Certified by an authority outside the token, as an office's would be.
        root_key = rsa.generate_private_key(65537, 2048)
        root = make_certificate("Otoritas", root_key, authority=True)
        own = make_certificate(
            "Segel dalam token", SimpleNamespace(public_key=lambda: key), issuer=root, issuer_key=root_key
        )
        for name, entry in ((label, own), ("Otoritas", root)):
            session.create_object({
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: name,
                pkcs11.Attribute.SUBJECT: entry.subject.public_bytes(),
                pkcs11.Attribute.VALUE: entry.public_bytes(Encoding.DER),
            })  # fmt: skip
    for wrong in (("none", label, pin), ("office", "none", pin), ("office", label, "9999")):
        try:
            from_pkcs11(SOFTHSM, *wrong)
        except NoSeal:
            continue
        raise AssertionError(wrong)
    loaded = from_pkcs11(SOFTHSM, "office", label, pin)
    SealsFile(Path(folder) / "seals.pem").note(loaded)
    (Path(folder) / "sealed.pdf").write_bytes(seal_pdf(page(), loaded, at=AT))


def accepted(pdf: bytes, sealer) -> None:
    conformance.check(pdf)
    verdict = verify_pdf(pdf, [sealer.certificate, *sealer.above])
    assert verdict.accepted, verdict
    assert verdict.certificate == sealer.fingerprint


# --- the public file
def test_the_public_file_only_grows(tmp_path: Path) -> None:
    seals = SealsFile(tmp_path / "keys" / "seals.pem")
    assert seals.certificates() == []
    seals.note(ours())
    seals.note(ours())
    assert [entry.dump() for entry in seals.certificates()] == [entry.dump() for entry in trusted()]
    seals.note(signer("Segel berikutnya", curve=True))
    assert len(seals.certificates()) == 4
    assert x509.load_pem_x509_certificates((tmp_path / "keys" / "seals.pem").read_bytes())
