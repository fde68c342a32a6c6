"""What a camera or a program wrote into a file is gone from the copy, and what it shows is still there."""

from __future__ import annotations

import io
import struct

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from cases.services.metadata import without_metadata

MARK = "KENARI-METADATA-77"


def exif_jpeg(orientation: int = 6) -> bytes:
    picture, target = Image.new("RGB", (40, 20), (200, 30, 30)), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x013B] = orientation, MARK, MARK
    picture.save(target, "JPEG", exif=exif, comment=MARK.encode())
    return target.getvalue()


def told_png() -> bytes:
    told, target = PngImagePlugin.PngInfo(), io.BytesIO()
    told.add_text("Author", MARK)
    told.add_itxt("XML:com.adobe.xmp", f"<x>{MARK}</x>")
    Image.new("RGBA", (9, 7), (1, 2, 3, 4)).save(target, "PNG", pnginfo=told)
    return target.getvalue() + MARK.encode()  # and behind the end of the picture


def told_webp() -> bytes:
    exif, target = Image.Exif(), io.BytesIO()
    exif[0x013B] = MARK
    Image.new("RGB", (9, 7)).save(target, "WEBP", exif=exif.tobytes(), xmp=MARK.encode())
    return target.getvalue()


def told_pdf() -> bytes:
    document, target = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.docinfo["/Author"] = MARK
    with document.open_metadata() as xmp:
        xmp["dc:creator"] = [MARK]
    page = document.pages[0]
    page.obj["/PieceInfo"] = pikepdf.Dictionary(Note=pikepdf.String(MARK))
    page.obj["/Annots"] = document.make_indirect(
        pikepdf.Array([
            document.make_indirect(
                pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9],
                                   T=pikepdf.String(MARK), Contents=pikepdf.String("seen"))
            )
        ])
    )  # fmt: skip
    image = document.make_stream(exif_jpeg())
    image.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=40, Height=20, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip
    page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
    document.attachments["x.txt"] = MARK.encode()
    document.save(target, compress_streams=False)
    return target.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def told_mp4() -> bytes:
    told = box(b"udta", box(b"\xa9nam", MARK.encode()))
    return (
        box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov", box(b"mvhd", b"\0" * 100) + told + box(b"trak", told))
        + box(b"uuid", MARK.encode()) + box(b"mdat", b"SOUND AND PICTURE")
    )  # fmt: skip


def told_mp3() -> bytes:
    frame = b"TIT2" + struct.pack(">I", len(MARK) + 1) + b"\0\0\0" + MARK.encode()
    return b"ID3\x03\0\0\0\0\0" + bytes([len(frame)]) + frame + b"\xff\xfbSOUND" + b"TAG" + MARK.encode().ljust(125)


def told_wav() -> bytes:
    listed = b"INFOIART" + struct.pack("<I", len(MARK)) + MARK.encode()
    chunks = b"fmt " + struct.pack("<I", 16) + b"\1" * 16 + b"LIST" + struct.pack("<I", len(listed)) + listed
    chunks += b"data" + struct.pack("<I", 4) + b"\1\2\3\4"
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


FILES = {
    "image/jpeg": exif_jpeg, "image/png": told_png, "image/webp": told_webp, "application/pdf": told_pdf,
    "video/mp4": told_mp4, "audio/mpeg": told_mp3, "audio/x-wav": told_wav,
}  # fmt: skip


def readings(content: bytes) -> bytes:
    """The bytes, and those of a PDF with nothing compressed."""
    if content[:4] != b"%PDF":
        return content
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(target, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                      object_stream_mode=pikepdf.ObjectStreamMode.disable)  # fmt: skip
    return content + target.getvalue()


def holds(content: bytes) -> bool:
    found = readings(content)
    return any(MARK.encode(how) in found for how in ("utf-8", "utf-16-be", "utf-16-le"))


@pytest.mark.parametrize("media_type", FILES)
def test_nothing_is_told_any_more(media_type: str) -> None:
    before = FILES[media_type]()
    assert holds(before), "the mark was there to be found"
    assert not holds(without_metadata(before, media_type))


def test_the_picture_stands_as_its_camera_said() -> None:
    with Image.open(io.BytesIO(without_metadata(exif_jpeg(6), "image/jpeg"))) as picture:
        assert picture.size == (20, 40)
        assert picture.getpixel((10, 20))[0] > 180
        assert not picture.getexif()
    with Image.open(io.BytesIO(without_metadata(told_png(), "image/png"))) as picture:
        assert (picture.mode, picture.getpixel((0, 0))) == ("RGBA", (1, 2, 3, 4))


def test_streams_stay_where_they_were() -> None:
    before = told_mp4()
    after = without_metadata(before, "video/mp4")
    assert len(after) == len(before)
    assert after.index(b"SOUND AND PICTURE") == before.index(b"SOUND AND PICTURE")
    assert without_metadata(told_mp3(), "audio/mpeg") == b"\xff\xfbSOUND"
    assert without_metadata(told_wav(), "audio/x-wav").endswith(b"data\x04\0\0\0\1\2\3\4")
    with pikepdf.open(io.BytesIO(without_metadata(told_pdf(), "application/pdf"))) as document:
        assert document.pages[0].Annots[0].Contents == "seen"
