"""Whether a PDF is a letter exactly as it was sealed here. Needs the public certificates and nothing else.

Whatever is not exactly what sealing writes is refused: one seal over the whole file, in a container of our size and
form, by a certificate of ours. Reading a strange file may raise anything; that is a refusal, too.

``python -m cases.letters.verification SEALS`` reads a PDF from standard input within limits of time and memory and
prints the verdict as JSON: the way to look at files from strangers.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io
import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import KeyUsageConstraints
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from cases.letters.archival import FIELD
from cases.letters.sealing import RESERVED
from cases.letters.signers import DIGEST, SealsFile, SealSigner

HEADER = b"%PDF-"
#: No letter comes near it.
LARGEST = 20 * 1024 * 1024
#: What a strange file may take: seconds of CPU, seconds in all, bytes of memory.
CPU_SECONDS, SECONDS, MEMORY = 5, 15, 1024 * 1024 * 1024


class Problem(StrEnum):
    """Why a file is not accepted."""

    TOO_LARGE = "too_large"
    NOT_PDF = "not_pdf"
    UNREADABLE = "unreadable"
    NO_SEAL = "no_seal"
    SEVERAL_SEALS = "several_seals"
    LATER_CHANGES = "later_changes"
    BROKEN = "broken"
    OTHER_SEAL = "other_seal"
    NOT_CERTIFIED = "not_certified"
    CONTAINER = "container"
    OUT_OF_TIME = "out_of_time"


class _Refused(Exception):
    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem, self.detail = problem, detail


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. ``problem`` empty: the file is whole and sealed by a certificate of ours.

    ``detail`` is for technicians. ``content`` is the frozen data that travels inside, empty unless accepted.
    """

    problem: str = ""
    detail: str = ""
    sha256: str = ""
    size: int = 0
    sealed_by: str = ""
    certificate: str = ""
    sealed_at: str = ""
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """True when nothing is wrong."""
        return not self.problem


def verify_pdf(data: bytes, trusted: Sequence[Certificate]) -> Verdict:
    """Look at ``data``, holding the certificates of ``SealsFile`` for true. Never raises."""
    found: dict[str, Any] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    try:
        _look(data, trusted, found)
    except _Refused as refused:
        return Verdict(problem=refused.problem, detail=refused.detail, **(found | {"content": {}}))
    except (Exception, RecursionError, MemoryError) as error:  # noqa: BLE001 -- a spoiled file may raise anything
        detail = f"{type(error).__name__}: {error}"[:300]
        return Verdict(problem=Problem.UNREADABLE, detail=detail, **(found | {"content": {}}))
    return Verdict(**found)


def _look(data: bytes, trusted: Sequence[Certificate], found: dict[str, Any]) -> None:
    if len(data) > LARGEST:
        raise _Refused(Problem.TOO_LARGE)
    if not data.startswith(HEADER):
        raise _Refused(Problem.NOT_PDF)
    reader = PdfFileReader(io.BytesIO(data), strict=True)
    seals = list(reader.embedded_signatures)
    if not seals:
        raise _Refused(Problem.NO_SEAL)
    first = seals[0]
    found["sealed_by"] = str(first.signer_cert.subject.native.get("common_name", ""))
    found["certificate"] = first.signer_cert.sha256.hex()
    found["sealed_at"] = _moment(first).isoformat()
    _covers_all(first, data)
    if len(seals) > 1:
        raise _Refused(Problem.SEVERAL_SEALS)
    if first.field_name != FIELD or first.docmdp_level != MDPPerm.NO_CHANGES:
        raise _Refused(Problem.NOT_CERTIFIED, f"field {first.field_name}, permission {first.docmdp_level}")
    if first.signer_cert.dump() not in {certificate.dump() for certificate in trusted}:
        raise _Refused(Problem.OTHER_SEAL)
    _is_our_container(first, data, trusted)
    _is_valid(first, trusted)
    found["content"] = _content(reader)


def _moment(seal: EmbeddedPdfSignature) -> dt.datetime:
    moment = seal.self_reported_timestamp
    if moment is None:
        raise _Refused(Problem.CONTAINER, "no time of sealing")
    return moment


def _covers_all(seal: EmbeddedPdfSignature, data: bytes) -> None:
    """The seal covers every byte of the file but its own digits, which stand between two brackets."""
    start, before, after, rest = (int(number) for number in seal.byte_range)
    if start != 0 or before <= 0 or after < before or rest < 0 or after + rest > len(data):
        raise _Refused(Problem.CONTAINER, f"byte range {start} {before} {after} {rest}")
    if after + rest < len(data):
        raise _Refused(Problem.LATER_CHANGES, f"{len(data) - after - rest} bytes after the seal")
    if after - before != RESERVED + 2 or data[before : before + 1] != b"<" or data[after - 1 : after] != b">":
        raise _Refused(Problem.CONTAINER, f"{after - before} bytes outside the seal")


def _is_our_container(seal: EmbeddedPdfSignature, data: bytes, trusted: Sequence[Certificate]) -> None:
    """The container is byte for byte what sealing writes for this certificate, these signed attributes, this signature.

    Parts of a container are not signed (versions, names of algorithms, certificates beside the signer's, padding): made
    again here, they can carry nothing.
    """
    before, after = int(seal.byte_range[1]), int(seal.byte_range[2])
    digits = data[before + 1 : after - 1]
    signer = seal.signer_info
    known = {certificate.dump() for certificate in trusted}
    others = [choice.chosen for choice in seal.signed_data["certificates"]]
    above = [certificate for certificate in others if certificate.dump() != seal.signer_cert.dump()]
    if any(certificate.dump() not in known for certificate in above):
        raise _Refused(Problem.CONTAINER, "a certificate that is not ours")
    again = SealSigner(seal.signer_cert, above, lambda _data: b"")._package_signature(
        digest_algorithm=DIGEST,
        cms_version="v1",
        signed_attrs=cms.CMSAttributes.load(signer["signed_attrs"].untag().dump()),
        signature=signer["signature"].native,
        unsigned_attrs=None,
        encap_content_info=None,
    )
    if digits != again.dump().hex().upper().encode().ljust(RESERVED, b"0"):
        raise _Refused(Problem.CONTAINER, "not as sealing writes it")


def _is_valid(seal: EmbeddedPdfSignature, trusted: Sequence[Certificate]) -> None:
    """Digest and signature hold, and the certificate was valid when the letter was sealed, under its authority."""
    moment, certificate = _moment(seal), seal.signer_cert
    if not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        raise _Refused(Problem.OTHER_SEAL, "the certificate was not valid on that day")
    authorities = [entry for entry in trusted if entry.ca]
    roots = [entry for entry in authorities if entry.subject == certificate.issuer] or [certificate]
    context = ValidationContext(
        trust_roots=roots, other_certs=authorities, moment=moment, best_signature_time=moment, allow_fetching=False
    )
    work = async_validate_pdf_signature(
        seal, context, key_usage_settings=KeyUsageConstraints(key_usage=set()), skip_diff=True
    )
    with ThreadPoolExecutor(max_workers=1) as thread:  # the caller's thread may have a loop running
        status = thread.submit(asyncio.run, work).result()
    if not (status.intact and status.valid):
        raise _Refused(Problem.BROKEN)
    if not status.trusted:
        raise _Refused(Problem.OTHER_SEAL, str(status.trust_problem_indic or ""))


def _content(reader: PdfFileReader) -> dict[str, Any]:
    """The attached frozen content."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    content = json.loads(names[1]["/EF"]["/F"].data)
    if not isinstance(content, dict):
        raise _Refused(Problem.UNREADABLE, "the attached content is not an object")
    return content


# ---------------------------------------------------------------------- files from strangers


def verify_apart(data: bytes, seals: Path) -> Verdict:
    """``verify_pdf`` in a process of its own, bounded in time and memory. Never raises."""
    digest = hashlib.sha256(data).hexdigest()
    if len(data) > LARGEST or not data.startswith(HEADER):
        return verify_pdf(data, ())  # refused before anything is read
    try:
        done = subprocess.run(  # noqa: S603 -- our own module
            [sys.executable, "-m", "cases.letters.verification", str(seals)],
            input=data, capture_output=True, timeout=SECONDS, check=True, cwd=Path(__file__).resolve().parents[2],
        )  # fmt: skip
        return Verdict(**json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError) as error:
        problem = Problem.OUT_OF_TIME if isinstance(error, subprocess.TimeoutExpired) else Problem.UNREADABLE
        return Verdict(problem=problem, detail=type(error).__name__, sha256=digest, size=len(data))


def _main(seals: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    verdict = verify_pdf(sys.stdin.buffer.read(LARGEST + 1), SealsFile(Path(seals)).certificates())
    sys.stdout.write(json.dumps(asdict(verdict)))


if __name__ == "__main__":
    _main(sys.argv[1])
