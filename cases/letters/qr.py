"""The QR code on a letter: pixels, the same for the same text, made without trying every mask."""

from __future__ import annotations

import io

import segno
from PIL import Image

#: Version 4 with level M holds 62 characters; longer addresses take the next version that fits.
LEVEL = "m"
#: One of the eight masks, always the same: trying all of them costs more than drawing the code.
MASK = 2
#: White modules around the code (ISO/IEC 18004 asks for four).
QUIET = 4
#: Pixels a module, so that viewers that smooth pictures keep the edges.
SCALE = 4


def qr_png(text: str) -> bytes:
    """A PNG of ``text`` as QR code, black on white, in grey levels (no palette, no transparency: PDF/A)."""
    code = segno.make_qr(text, error=LEVEL, mask=MASK, boost_error=False)
    rows = [bytes(0 if dark else 255 for dark in row) for row in code.matrix_iter(border=QUIET)]
    side = len(rows)
    picture = Image.frombytes("L", (side, side), b"".join(rows)).resize((side * SCALE,) * 2, Image.Resampling.NEAREST)
    out = io.BytesIO()
    picture.save(out, format="PNG", compress_level=6)
    return out.getvalue()
