"""A file that is not exactly a letter sealed here is never accepted: random damage, and attacks by name.

``LETTER_FLIPS=10000 pytest tests/letters/test_verify.py`` runs the full campaign of random damage.
"""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.fields import SigFieldSpec

from cases.letters import verification
from cases.letters.archival import FIELD
from cases.letters.sealing import RESERVED, seal_pdf
from cases.letters.signers import SealsFile
from cases.letters.verification import LARGEST, Problem, verify_apart, verify_pdf
from tests.letters.seals import AT, CONTENT, ours, page, sealed, theirs, trusted

pytestmark = pytest.mark.once
FLIPS = int(os.environ.get("LETTER_FLIPS", "300"))
ROOT = Path(verification.__file__).resolve().parents[2]


def problem(data: bytes) -> str:
    return verify_pdf(data, trusted()).problem


def test_the_letter_itself_is_accepted() -> None:
    verdict = verify_pdf(sealed(), trusted())
    assert verdict.accepted, verdict
    assert verdict.content["content"] == CONTENT
    assert verdict.sealed_by == "Segel kantor"
    assert verdict.sealed_at == AT.isoformat()
    assert verdict.certificate == ours().fingerprint


def test_no_flipped_bit_is_accepted() -> None:
    """Random single bits, and every byte class that a seal does not cover: its own digits and their brackets."""
    chance, whole = random.Random(20241129), sealed()
    at = whole.index(b"/Contents <") + len(b"/Contents ")
    places = [chance.randrange(len(whole)) for _turn in range(FLIPS)]
    places += [at, at + 1, at + RESERVED // 2, at + RESERVED, at + RESERVED + 1]
    found: Counter[str] = Counter()
    for place in places:
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << chance.randrange(8)
        verdict = verify_pdf(bytes(spoiled), trusted())
        assert not verdict.accepted, place
        found[verdict.problem] += 1
    print(f"{len(places)} flips: {dict(found)}")
    assert found.total() == len(places)


def test_control_flips_reach_the_seal() -> None:
    """Control: a checker that asks pyHanko alone accepts some of the same damage (digits that nothing covers)."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    whole = sealed()
    place = whole.index(b"/Contents <") + len(b"/Contents <") + RESERVED - 2
    spoiled = whole[:place] + b"7" + whole[place + 1 :]
    (seal,) = PdfFileReader(io.BytesIO(spoiled)).embedded_signatures
    context = ValidationContext(trust_roots=trusted()[1:], moment=AT)
    status = validate_pdf_signature(seal, context)
    assert status.bottom_line
    assert problem(spoiled) == Problem.CONTAINER


# --- attacks by name
def appended_revision() -> bytes:
    """Another page added in a later revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed()))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def shadow_content() -> bytes:
    """The first page's content replaced in a later revision: another letter under the same seal."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed()))
    first = writer.root["/Pages"]["/Kids"][0]
    other = StreamObject(stream_data=b"BT /F1 12 Tf (BEBAS) Tj ET")
    first["/Contents"] = writer.add_object(other)
    writer.update_container(first)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def shadow_in_the_gap() -> bytes:
    """Objects hidden between the two covered parts, the gap declared larger than the seal."""
    whole = sealed()
    at = whole.index(b"/Contents <") + len(b"/Contents ")
    gap = b"\n999 0 obj\n<</Type/Catalog>>\nendobj\n"
    return whole[: at + RESERVED + 2] + gap + whole[at + RESERVED + 2 :]


def stripped_signature() -> bytes:
    """The seal taken off, the page kept."""
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        del pdf.Root.AcroForm
        del pdf.Root.Perms
        del pdf.pages[0].Annots
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def emptied_signature() -> bytes:
    """The seal's digits replaced by zeros."""
    whole = sealed()
    at = whole.index(b"/Contents <") + len(b"/Contents <")
    return whole[:at] + b"0" * RESERVED + whole[at + RESERVED :]


def other_certificate() -> bytes:
    """The same letter, sealed by somebody else's valid certificate."""
    return seal_pdf(page(), theirs(), at=AT)


def swapped_attachment() -> bytes:
    """The attached content changed and the letter written anew, the old seal kept."""
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        told = json.loads(pdf.Root.AF[0].EF.F.read_bytes())
        told["content"]["number"] = "999/PALSU/11/2024"
        pdf.Root.AF[0].EF.F.write(json.dumps(told).encode())
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def swapped_attachment_resealed() -> bytes:
    """The attached content changed, sealed again by another certificate."""
    with pikepdf.open(io.BytesIO(page())) as pdf:
        pdf.Root.AF[0].EF.F.write(b"{}")
        out = io.BytesIO()
        pdf.save(out)
    return seal_pdf(out.getvalue(), theirs(), at=AT)


def second_seal() -> bytes:
    """Somebody else's approval added after ours."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed()), strict=False)
    spec = SigFieldSpec("Lain", on_page=0)
    meta = PdfSignatureMetadata(field_name="Lain", md_algorithm="sha256")
    signer = signers.PdfSigner(meta, theirs(), new_field_spec=spec)
    signer._enforce_certification_constraints = lambda _reader: None
    return signer.sign_pdf(writer, bytes_reserved=RESERVED).getvalue()


def uncertified() -> bytes:
    """Our own key, but a signature that allows changes."""
    out = IncrementalPdfFileWriter(io.BytesIO(page()))
    meta = PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256")
    return signers.PdfSigner(meta, ours()).sign_pdf(out, existing_fields_only=True, bytes_reserved=RESERVED).getvalue()


ATTACKS = {
    appended_revision: {Problem.LATER_CHANGES},
    shadow_content: {Problem.LATER_CHANGES},
    shadow_in_the_gap: {Problem.LATER_CHANGES, Problem.CONTAINER, Problem.UNREADABLE},
    stripped_signature: {Problem.NO_SEAL},
    emptied_signature: {Problem.UNREADABLE, Problem.CONTAINER},
    other_certificate: {Problem.OTHER_SEAL},
    swapped_attachment: {Problem.LATER_CHANGES, Problem.CONTAINER, Problem.BROKEN, Problem.UNREADABLE},
    swapped_attachment_resealed: {Problem.OTHER_SEAL},
    second_seal: {Problem.LATER_CHANGES, Problem.SEVERAL_SEALS},
    uncertified: {Problem.NOT_CERTIFIED},
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_no_attack_is_accepted(attack) -> None:
    verdict = verify_pdf(attack(), trusted())
    assert verdict.problem in ATTACKS[attack], verdict
    assert verdict.content == {}


def test_control_the_other_certificate_is_valid_where_it_is_known() -> None:
    known = [theirs().certificate, *theirs().above]
    assert verify_pdf(other_certificate(), known).accepted


def test_control_the_page_is_refused_only_for_its_missing_seal() -> None:
    assert problem(page()) in (Problem.NO_SEAL, Problem.UNREADABLE)
    assert problem(seal_pdf(page(), ours(), at=AT)) == ""


def test_a_certificate_is_good_only_for_its_days() -> None:
    later = AT.replace(year=2100)
    assert problem(seal_pdf(page(), ours(), at=later)) == Problem.OTHER_SEAL


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Problem.NOT_PDF),
        (b"PK\x03\x04", Problem.NOT_PDF),
        (b"%PDF-1.7\n", Problem.UNREADABLE),
        (b"%PDF-1.7\n" + b"[" * 100_000, Problem.UNREADABLE),
        (b"%PDF-" + b"0" * LARGEST, Problem.TOO_LARGE),
    ],
    ids=["empty", "zip", "cut", "nested", "large"],
)
def test_what_is_no_letter_is_refused_without_an_error(data: bytes, expected: str) -> None:
    assert problem(data) == expected


# --- files from strangers, and the command
@pytest.fixture
def seals(tmp_path: Path) -> Path:
    SealsFile(tmp_path / "seals.pem").note(ours())
    return tmp_path / "seals.pem"


def test_a_process_apart_says_the_same(seals: Path) -> None:
    assert verify_apart(sealed(), seals) == verify_pdf(sealed(), trusted())
    assert verify_apart(appended_revision(), seals).problem == Problem.LATER_CHANGES


def test_a_process_apart_is_stopped(seals: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "SECONDS", 0.01)
    assert verify_apart(sealed(), seals).problem == Problem.OUT_OF_TIME


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """``manage.py verify_letter`` without database, network or this session's settings."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environ |= {"PROFILE": "development", "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:9/none"}
    return subprocess.run(
        [sys.executable, "manage.py", "verify_letter", *arguments],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_command_answers_by_its_exit_code(tmp_path: Path, seals: Path) -> None:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(sealed())
    bad.write_bytes(appended_revision())
    accepted = command(str(good), "--seals", str(seals))
    assert accepted.returncode == 0, accepted.stderr
    assert CONTENT["number"] in accepted.stdout
    assert CONTENT["seal"]["url"] in accepted.stdout
    refused = command(str(bad), "--seals", str(seals), "--json")
    assert refused.returncode == 1
    told = json.loads(refused.stdout)
    assert told["accepted"] is False
    assert told["problem"] == "later_changes"
