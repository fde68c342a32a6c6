"""Pictures drawn from text, so that a scenario can bring a "screenshot" without shipping a file."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = (720, 480)
COLOURS = ("f6f7f9", "196bcd", "1f2733", "667085", "ffffff", "d0d5dd")
PAPER, BAR, INK, QUIET, WHITE, LINE = range(len(COLOURS))


@lru_cache(maxsize=1)
def _fonts() -> tuple[ImageFont.FreeTypeFont | ImageFont.ImageFont, ...]:
    return ImageFont.load_default(22), ImageFont.load_default(15)


@lru_cache(maxsize=256)
def screenshot(text: str) -> bytes:
    """A PNG that looks like a post: ``text`` on a card, marked as an example. The same text gives the same bytes."""
    large, small = _fonts()
    picture = Image.new("P", SIZE, PAPER)  # a handful of colours: quick to draw, a few kilobytes to keep
    picture.putpalette(bytes.fromhex("".join(COLOURS)))
    pen = ImageDraw.Draw(picture)
    pen.fontmode = "1"
    pen.rectangle((0, 0, SIZE[0], 56), fill=BAR)
    pen.text((24, 16), "Tangkapan layar · DATA CONTOH", font=large, fill=WHITE)
    pen.rounded_rectangle((24, 84, SIZE[0] - 24, SIZE[1] - 56), radius=12, fill=WHITE, outline=LINE)
    top = 108
    for paragraph in text.splitlines() or [""]:
        for row in textwrap.wrap(paragraph, 52) or [""]:
            if top > SIZE[1] - 100:
                break
            pen.text((48, top), row, font=large, fill=INK)
            top += 32
    pen.text((24, SIZE[1] - 36), "Nama, akun, dan isi rekaan", font=small, fill=QUIET)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
