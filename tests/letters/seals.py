"""A seal, another one, and a sealed letter; made once a session, no database."""

from __future__ import annotations

import datetime as dt
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from cases.letters.rendering import render_pdf
from cases.letters.sealing import seal_pdf
from cases.letters.signers import Certificate, SealSigner, _signing, make_certificate
from tests.letters.test_rendering import CONTEXT, TEMPLATE

AT = dt.datetime(2024, 11, 4, 2, 30, tzinfo=dt.UTC)
URL = "https://portal.example.org/v/AbCdEfGhIjKlMnOpQrStUvWx"
HEAD = {
    "v": 1, "log": "test", "size": 1234, "root": "0123456789abcdef" * 4, "at": "2024-11-04T02:29:00.000000Z",
    "key": "0123456789abcdef", "sig": "ab" * 64,
}  # fmt: skip
SEAL = {"url": URL, "demo": False, "head": HEAD}
CONTENT = {**CONTEXT, "seal": SEAL}


def signer(name: str, *, curve: bool = False) -> SealSigner:
    """A seal called ``name`` under an authority of its own."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), None
    key = ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    authority = make_certificate(f"Authority of {name}", authority_key, authority=True)
    own = make_certificate(name, key, issuer=authority, issuer_key=authority_key)
    as_asn1 = [Certificate.load(entry.public_bytes(Encoding.DER)) for entry in (own, authority)]
    return SealSigner(as_asn1[0], as_asn1[1:], _signing(key))


@cache
def ours() -> SealSigner:
    """The office's seal."""
    return signer("Segel kantor")


@cache
def theirs() -> SealSigner:
    """Somebody else's seal, just as valid."""
    return signer("Segel orang lain")


def trusted() -> list[Certificate]:
    """What the public file would hold."""
    return [ours().certificate, *ours().above]


@cache
def page() -> bytes:
    """The letter before its seal."""
    return render_pdf(TEMPLATE, CONTENT)[0]


@cache
def sealed() -> bytes:
    """The letter, sealed."""
    return seal_pdf(page(), ours(), at=AT)
