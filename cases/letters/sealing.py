"""The seal: a PAdES signature into the field that waits for it, certifying that nothing may change afterwards."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyhanko.pdf_utils.generic import ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from cases.letters.archival import FIELD
from cases.letters.signers import DIGEST, SealSigner

#: Hexadecimal characters kept free for the signature: enough for RSA-4096 with two certificates above. The size is
#: always the same, so that nothing has to be signed twice to learn it.
RESERVED = 16384
REASON = "Segel elektronik surat; tidak boleh diubah"


class _Writer(IncrementalPdfFileWriter):
    """Leaves the metadata alone: rewriting them would break PDF/A. And nothing in it is random.

    Both hooks are private; pyHanko is pinned, and every sealed letter is looked at.
    """

    def __init__(self, pdf: bytes) -> None:
        super().__init__(io.BytesIO(pdf), strict=True)
        self._document_id[1] = ByteStringObject(hashlib.sha256(pdf).digest()[:16])

    def _update_meta(self) -> None:
        pass


def seal_pdf(pdf: bytes, signer: SealSigner, *, at: dt.datetime) -> bytes:
    """``pdf`` with its field ``FIELD`` signed at the time ``at`` (aware). Raises what pyHanko raises.

    With an RSA key the same page sealed again gives the same bytes.
    """
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=REASON,
    )
    writer = _Writer(pdf)
    session = PdfSigner(meta, signer).init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=RESERVED)
    output = io.BytesIO()
    prepared, _same = document.digest_tbs_document(output=output)
    _finish(
        document.perform_signature(
            document_digest=prepared.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at)
        )
    )
    return output.getvalue()


def _finish(work: Coroutine[Any, Any, Any]) -> None:
    """Run pyHanko's coroutine to its end in a thread of its own: the caller's may have a loop running."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()
