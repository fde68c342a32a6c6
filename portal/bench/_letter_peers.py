"""Who else makes the page: stock WeasyPrint, stock pyHanko, reportlab, typst. Used as their own first pages show it."""

from __future__ import annotations

import importlib
import io
from pathlib import Path
from typing import Any

import segno
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from weasyprint import HTML

from cases.letters.rendering import STATIC, render_html

FACE = STATIC / "vendor" / "tex-gyre-bonum-2.004"


class Stock:
    """WeasyPrint as in its documentation: one string, one call. The same template, stylesheet, faces and pictures."""

    def __init__(self, template: str, styles: Path) -> None:
        self.template = template
        self.styles = styles.read_text(encoding="utf-8")

    def render(self, content: dict[str, Any]) -> bytes:
        """The letter as plain PDF; the code made by segno's defaults."""
        html = render_html(self.template, content).replace("</head>", f"<style>{self.styles}</style></head>", 1)
        code = segno.make_qr(content["seal"]["url"], error="m").svg_data_uri(scale=4, border=4)
        html = html.replace("shipped:///letter/qr.png", code).replace("shipped:///", f"{STATIC.as_uri()}/")
        pdf: bytes = HTML(string=html, base_url=f"{STATIC.as_uri()}/letters/").write_pdf()
        return pdf


class Pair:
    """pyHanko as in its documentation: a SimpleSigner, a new field, no reserved size."""

    def __init__(self, folder: Path, key: Any, certificate: x509.Certificate, authority: x509.Certificate) -> None:
        from pyhanko.sign import signers

        files = {"key.pem": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())}
        files |= {
            "seal.pem": certificate.public_bytes(Encoding.PEM),
            "authority.pem": authority.public_bytes(Encoding.PEM),
        }
        for name, data in files.items():
            (folder / name).write_bytes(data)
        self.signer = signers.SimpleSigner.load(
            str(folder / "key.pem"), str(folder / "seal.pem"), ca_chain_files=(str(folder / "authority.pem"),)
        )

    def seal(self, pdf: bytes) -> bytes:
        """The signed PDF."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers

        meta = signers.PdfSignatureMetadata(field_name="Signature1")
        out = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=self.signer)
        return bytes(out.getvalue())


def _words(content: dict[str, Any]) -> list[str]:
    head = [*content["letterhead"]["lines"], content["letterhead"]["address"], f"{content['place']}, {content['date']}"]
    facts = [f"Nomor: {content['number']}", f"Sifat: {content['nature']}", "Lampiran: -", f"Hal: {content['title']}"]
    to = ["Yth.", *content["to"]["lines"], "di –", content["to"]["place"]]
    body = [f"Menindaklanjuti surat {content['supervisor']} {content['forwarding']}"]
    body += [f"{entry['label']}: {entry['value']}" for entry in content["person"]]
    signed = [*content["signatures"][0]["titles"], content["signatures"][0]["name"], content["signatures"][0]["nip"]]
    return [*head, *facts, *to, *body, *content["reason"].splitlines(), *signed, "Tembusan Yth.:", *content["copies"]]


def reportlab(content: dict[str, Any]) -> bytes:
    """The same words as paragraphs, with a table of facts left out and a code."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate

    code = io.BytesIO()
    segno.make_qr(content["seal"]["url"], error="m").save(code, kind="png", scale=4)
    style = ParagraphStyle("letter", fontName="Times-Roman", fontSize=10.5, leading=14)
    out = io.BytesIO()
    story = [*(Paragraph(text, style) for text in _words(content)), Image(code, 51, 51)]
    SimpleDocTemplate(out, pagesize=A4).build(story)
    return out.getvalue()


def typst(content: dict[str, Any]) -> bytes:
    """The same words as paragraphs, in our face, with a code."""
    library: Any = importlib.import_module("typst")

    code = segno.make_qr(content["seal"]["url"], error="m").svg_inline(scale=2).replace('"', '\\"')
    lines = "\n\n".join(text.replace("#", "\\#").replace("@", "\\@") for text in _words(content))
    source = f'#set page("a4")\n#set text(font: "TeX Gyre Bonum", size: 10.5pt)\n#set par(justify: true)\n{lines}\n'
    source += f'#image(bytes("{code}"), format: "svg", width: 18mm)\n'
    pdf: bytes = library.compile(source.encode(), font_paths=[str(FACE)], ignore_system_fonts=True)
    return pdf


def differing(ours: bytes, theirs: bytes) -> float:
    """Share of pixels that differ visibly between two PDFs, the code of the last page left out; 1 when pages differ."""
    import pypdfium2
    from PIL import ImageChops

    first, second = pypdfium2.PdfDocument(ours), pypdfium2.PdfDocument(theirs)
    if len(first) != len(second):
        return 1.0
    spoiled = total = 0
    for left, right in zip(first, second, strict=True):
        one, other = (page.render(scale=1.5).to_pil().convert("L") for page in (left, right))
        grey = ImageChops.difference(one, other)
        width, height = grey.size
        grey.paste(0, _code_box(left, width, height))
        spoiled += sum(grey.histogram()[64:])
        total += width * height
    return spoiled / total


def _code_box(page: Any, width: int, height: int) -> tuple[int, int, int, int]:
    """Where the page shows its raster picture, in pixels; nowhere when it has none."""
    for item in page.get_objects(filter=[3]):  # FPDF_PAGEOBJ_IMAGE
        left, bottom, right, top = item.get_bounds()
        scale = width / page.get_width()
        return (
            int(left * scale) - 2,
            height - int(top * scale) - 3,
            int(right * scale) + 3,
            height - int(bottom * scale) + 2,
        )
    return (0, 0, 0, 0)
