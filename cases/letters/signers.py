"""Whose seal letters carry: the key is loaded once and asked for one raw signature a letter.

Three sources behind one interface (``SealSigner``): a demo authority made on this machine, a PKCS#12 file, a PKCS#11
token. Another service that signs bytes for a certificate is one more function that returns a ``SealSigner``.

Every certificate that ever sealed here, and the authorities above it, stand in one public file (``SealsFile``).
Checking a letter trusts these and nothing else: one sealed by somebody else's valid certificate is not accepted.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from asn1crypto import pem
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

DIGEST = "sha256"
PRIVATE = 0o600
DEMO_NAME = "DEMO – Segel Portal Netralitas (contoh, tanpa kekuatan hukum)"
DEMO_AUTHORITY = "DEMO – Otoritas sertifikat contoh"
#: The demo's calendar stands in the past; its certificates hold for every day a demo may show.
DEMO_FROM, DEMO_TO = dt.datetime(2010, 1, 1, tzinfo=dt.UTC), dt.datetime(2099, 12, 31, tzinfo=dt.UTC)
RSA_BITS = 3072


class NoSeal(RuntimeError):
    """There is nothing to seal with; the message says what is missing."""


class SealSigner(Signer):
    """A certificate, the authorities above it, and a function that signs bytes with its key (SHA-256)."""

    def __init__(
        self,
        certificate: Certificate,
        above: Iterable[Certificate],
        sign: Callable[[bytes], bytes],
        *,
        demo: bool = False,
    ) -> None:
        self.above = list(above)
        store = SimpleCertificateStore()
        store.register_multiple(self.above)
        super().__init__(signing_cert=certificate, cert_registry=store, embed_roots=False)
        self.certificate = certificate
        self.demo = demo
        self._sign = sign

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hexadecimal."""
        return str(self.certificate.sha256.hex())

    @property
    def name(self) -> str:
        """The name on the certificate."""
        return self.subject_name or ""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw signature over ``data``. Never waits for anything but the key."""
        if digest_algorithm != DIGEST:
            raise NoSeal(f"letters are sealed with {DIGEST}, not {digest_algorithm}")
        return b"0" * 512 if dry_run else self._sign(data)


# ---------------------------------------------------------------------- the three sources


def from_demo(folder: Path) -> SealSigner:
    """The demo's own seal under its own authority, made on first use in ``folder``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "demo-seal.pem"
    descriptor = os.open(folder / "demo-seal.lock", os.O_RDWR | os.O_CREAT, PRIVATE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # two processes that start at once must not make two seals
        if not file.exists():
            _make_demo(file)
    finally:
        os.close(descriptor)
    data = file.read_bytes()
    certificate, *above = certificates_in(data)
    return SealSigner(certificate, above, _signing(serialization.load_pem_private_key(data, password=None)), demo=True)


def from_pkcs12(file: Path, password: str) -> SealSigner:
    """The key in a PKCS#12 file. Raises NoSeal when it cannot be read, or others may read it."""
    try:
        if file.stat().st_mode & 0o077:
            raise NoSeal(f"{file} can be read by others; allow only its owner (chmod 600).")
        bundle = pkcs12.load_pkcs12(file.read_bytes(), password.encode() or None)
    except (OSError, ValueError) as error:
        raise NoSeal(f"{file}: {error}") from error
    if bundle.key is None or bundle.cert is None:
        raise NoSeal(f"{file} holds no key with its certificate.")
    above = [_asn1(entry.certificate) for entry in bundle.additional_certs]
    return SealSigner(_asn1(bundle.cert.certificate), above, _signing(bundle.key))


def from_pkcs11(module: str, token: str, label: str, pin: str) -> SealSigner:
    """The key called ``label`` on a PKCS#11 token, with the certificate of the same label beside it.

    The session stays open for the life of the process. Raises NoSeal.
    """
    import pkcs11

    try:
        session = pkcs11.lib(module).get_token(token_label=token).open(user_pin=pin)
    except (pkcs11.PKCS11Error, OSError, RuntimeError) as error:
        raise NoSeal(f"token {token!r}: {type(error).__name__} {error}") from error
    own: list[Certificate] = []
    above: list[Certificate] = []
    try:
        key: Any = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
        for entry in session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}):
            certificate = Certificate.load(entry[pkcs11.Attribute.VALUE])
            (own if entry[pkcs11.Attribute.LABEL] == label else above).append(certificate)
        if not own:
            raise NoSeal(f"token {token!r} holds no certificate called {label!r} beside the key.")
    except (pkcs11.PKCS11Error, NoSeal) as error:
        session.close()  # a session left open would keep the next try from signing in
        raise NoSeal(f"token {token!r}, key {label!r}: {type(error).__name__} {error}") from error
    one_at_a_time = threading.Lock()  # a session does one operation at a time

    def sign(data: bytes) -> bytes:
        with one_at_a_time:
            if key.key_type == pkcs11.KeyType.RSA:
                return bytes(key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
            digest = hashes.Hash(hashes.SHA256())
            digest.update(data)
            from pkcs11.util.ec import encode_ecdsa_signature

            return bytes(encode_ecdsa_signature(key.sign(digest.finalize(), mechanism=pkcs11.Mechanism.ECDSA)))

    return SealSigner(own[0], above, sign)


def _signing(key: Any) -> Callable[[bytes], bytes]:
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return lambda data: key.sign(data, ec.ECDSA(hashes.SHA256()))
    raise NoSeal(f"letters are sealed with an RSA or an elliptic-curve key, not {type(key).__name__}")


# ---------------------------------------------------------------------- the demo's authority


def _make_demo(file: Path) -> None:
    authority_key, seal_key = (rsa.generate_private_key(65537, RSA_BITS) for _ in range(2))
    authority = make_certificate(DEMO_AUTHORITY, authority_key, authority=True)
    seal = make_certificate(DEMO_NAME, seal_key, issuer=authority, issuer_key=authority_key)
    text = b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in (seal, authority))
    text += seal_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # The authority's key is forgotten: nobody can make a second seal under it.
    descriptor = os.open(file.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with os.fdopen(descriptor, "wb") as out:
        out.write(text)
    file.with_suffix(".new").replace(file)


def make_certificate(
    name: str,
    key: Any,
    *,
    issuer: x509.Certificate | None = None,
    issuer_key: Any = None,
    authority: bool = False,
    since: dt.datetime = DEMO_FROM,
    until: dt.datetime = DEMO_TO,
) -> x509.Certificate:
    """A certificate for ``key``: an authority, or a seal (non-repudiation); signed by ``issuer``, or by itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = dict.fromkeys(
        ("digital_signature", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(
            x509.KeyUsage(content_commitment=not authority, key_cert_sign=authority, crl_sign=authority, **usage),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer_key or key).public_key()), critical=False
        )
    )
    return builder.sign(issuer_key or key, hashes.SHA256())


# ---------------------------------------------------------------------- the public file


class SealsFile:
    """The certificates that prove letters sealed here. Only ever grows; no secret: give copies away."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def certificates(self) -> list[Certificate]:
        """Everything in the file; nothing when there is none."""
        return certificates_in(self.path.read_bytes()) if self.path.exists() else []

    def note(self, signer: SealSigner) -> None:
        """Add the signer's certificate and those above it, unless they are there."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            known = {certificate.sha256 for certificate in self.certificates()}
            for certificate in (signer.certificate, *signer.above):
                if certificate.sha256 not in known:
                    os.write(descriptor, pem.armor("CERTIFICATE", certificate.dump()))
        finally:
            os.close(descriptor)


def certificates_in(data: bytes) -> list[Certificate]:
    """The certificates of a PEM text, in order; other parts (keys) are passed over."""
    if b"-----BEGIN CERTIFICATE-----" not in data:
        return []
    parts: Sequence[Any] = list(pem.unarmor(data, multiple=True))
    return [Certificate.load(body) for kind, _headers, body in parts if kind == "CERTIFICATE"]


def _asn1(certificate: x509.Certificate) -> Certificate:
    return Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
