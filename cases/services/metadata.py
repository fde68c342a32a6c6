"""A copy of a file without what cameras and programs write into it: place, device, author, history.

Pictures are drawn anew (turned as their camera said); a PDF loses its document information, XMP and private data;
sound and film keep only the streams. What people *see or hear* in a file is evidence and stays.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image, ImageOps

PDF = "application/pdf"
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
#: How pictures are drawn anew, by format: as near to the original as the format allows.
DRAWN: dict[str, dict[str, Any]] = {"PNG": {}, "JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}}
#: Entries of a PDF that tell of its making, on whatever object they stand.
PDF_ENTRIES = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/SpiderInfo", "/AF")
#: Boxes of an MP4 that hold descriptions, and those that hold such boxes.
MP4_TOLD, MP4_HOLDS = {b"udta", b"meta", b"uuid", b"skip"}, {b"moov", b"trak", b"mdia", b"minf"}
WAV_KEPT = {b"fmt ", b"fact", b"data"}


def without_metadata(content: bytes, media_type: str) -> bytes:
    """The cleaned copy. Raises whatever the parsers raise for a damaged file; files are checked before."""
    if media_type in FORMATS:
        return _picture(content, FORMATS[media_type])
    if media_type == PDF:
        return _pdf(content)
    if media_type == "video/mp4":
        return _mp4(content)
    if media_type == "audio/mpeg":
        return _mp3(content)
    return _wav(content)


def _picture(content: bytes, form: str) -> bytes:
    with Image.open(BytesIO(content), formats=[form]) as picture:
        turned = ImageOps.exif_transpose(picture)
        # A new picture with the pixels only: nothing the format keeps beside them comes along.
        bare = Image.frombytes(turned.mode, turned.size, turned.tobytes())
        if turned.mode == "P" and (palette := turned.getpalette("RGB")):
            bare.putpalette(palette)
            if (clear := turned.info.get("transparency")) is not None:
                bare.info["transparency"] = clear
    target = BytesIO()
    bare.save(target, form, **DRAWN[form])
    return target.getvalue()


def _pdf(content: bytes) -> bytes:
    target = BytesIO()
    with pikepdf.open(BytesIO(content)) as document:
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        names = document.Root.get("/Names")
        if names is not None and "/EmbeddedFiles" in names:
            del names["/EmbeddedFiles"]
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
                for entry in PDF_ENTRIES:
                    if entry in item:
                        del item[entry]
                if item.get("/Type") == "/Annot" and item.get("/Subtype") != "/Widget" and "/T" in item:
                    del item["/T"]
                if isinstance(item, pikepdf.Stream) and item.get("/Filter") == "/DCTDecode":
                    item.write(_jpeg_without_segments(item.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
        document.remove_unreferenced_resources()
        document.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _jpeg_without_segments(content: bytes) -> bytes:
    """A JPEG inside a PDF without Exif, XMP and comments; its pixels untouched."""
    kept, at = bytearray(content[:2]), 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        length = 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if content[at + 1] not in (*range(0xE1, 0xEE), 0xEF, 0xFE):
            kept += content[at : at + length]
        at += length
    return bytes(kept) + content[at:]


def _mp4(content: bytes) -> bytes:
    """Descriptions become empty space of the same length, so that every place the film names stays where it was."""
    film = bytearray(content)
    _blank(film, 0, len(film))
    return bytes(film)


def _blank(film: bytearray, at: int, end: int) -> None:
    while at + 8 <= end:
        size, kind, head = int.from_bytes(film[at : at + 4], "big"), bytes(film[at + 4 : at + 8]), 8
        if size == 1:
            size, head = int.from_bytes(film[at + 8 : at + 16], "big"), 16
        size = size or end - at
        if size < head or at + size > end:
            return
        if kind in MP4_TOLD:
            film[at + 4 : at + 8] = b"free"
            film[at + head : at + size] = bytes(size - head)
        elif kind in MP4_HOLDS:
            _blank(film, at + head, at + size)
        at += size


def _mp3(content: bytes) -> bytes:
    """Without ID3 before and after the sound, and without APE."""
    while content[:3] == b"ID3" and len(content) > 10:
        size = sum((byte & 0x7F) << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))
        content = content[10 + size + (10 if content[5] & 0x10 else 0) :]
    if content[-128:-125] == b"TAG":
        content = content[:-128]
    if content[-32:-24] == b"APETAGEX":
        size = int.from_bytes(content[-20:-16], "little")
        content = content[: max(0, len(content) - size - 32)]
    return content


def _wav(content: bytes) -> bytes:
    kept, at = bytearray(b"WAVE"), 12
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at : at + 4] in WAV_KEPT:
            kept += content[at : at + 8 + size + size % 2]
        at += 8 + size + size % 2
    return b"RIFF" + len(kept).to_bytes(4, "little") + bytes(kept)
