"""HTML to PDF from the frozen content alone: no network, no file but the shipped assets, the same bytes every time.

The PDF is PDF/A-3a and PDF/UA-1 (``archival``). A letter that is to be sealed has ``seal`` in its content: it carries
its QR code, the frozen content as an attached file, and an empty field for the seal.

WeasyPrint with one shared font configuration and parsed stylesheets. Fonts come from the shipped folder only: the
machine's own fonts are hidden from fontconfig, so that a letter looks the same everywhere and embeds nothing else. A
resource that is missing or not allowed is a failure, never a log line.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import os
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.template import Context, Engine
from weasyprint import CSS, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from cases.audit.canonical import canonical
from cases.letters import archival
from cases.letters.markup import Letter, Malformed
from cases.letters.qr import qr_png

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
#: Folders a letter may read from, below ``static``.
SHIPPED = ("letters", "vendor/tex-gyre-bonum-2.004")
SCHEME = "shipped"
STYLES = STATIC / "letters" / "letters.css"
ELEMENTS = STATIC / "letters" / "elements.css"
SAMPLE_STYLES = STATIC / "letters" / "sample.css"
DRAFT_STYLES = STATIC / "letters" / "draft.css"
#: The one picture that is made for the letter instead of shipped.
QR = "/letter/qr.png"
#: Name and description of the attached file that holds the frozen content.
CONTENT_FORMAT = "neutrality-case-portal/letter/v1"
CONTENT_FILE = "isi-surat.json"
CONTENT_TEXT = "Isi surat sebagai data, dibekukan saat surat diterbitkan"
MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".otf": "font/otf", ".css": "text/css"}

#: Largest HTML laid out, in characters; forms keep texts far below it.
LARGEST_HTML = 4_000_000

#: Line ends between two tags, for people who read templates: each would become a box to be thrown away again. Officers'
#: text holds no bare ``<`` or ``>``.
_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")

#: Objects a layout may make before its garbage is looked for; a letter of a few pages stays below it.
SWEEP_AFTER = 200_000

#: Stands where a template names something the context does not hold; never printed, the letter fails instead.
_MISSING = f"missing-{secrets.token_hex(16)}-"

#: Drawings that are the same in every letter, read once (WeasyPrint's image cache).
_pictures: dict[str, Any] = {}

#: Pango's objects belong to one thread at a time.
_one_at_a_time = threading.Lock()


class RenderingFailed(RuntimeError):
    """The letter cannot be made. ``code`` says what kind of failure it is, the message its technical detail."""

    def __init__(self, detail: str, *, code: str = "other") -> None:
        super().__init__(detail)
        self.code = code


class ShippedAssets(URLFetcher):
    """Reads shipped assets by ``shipped:///letters/…`` and refuses every other address.

    ``made`` are pictures made for this letter, by path.
    """

    def __init__(self, made: dict[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=(SCHEME,), allow_redirects=False, fail_on_errors=True)
        self.made = made or {}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The asset's bytes. Raises RenderingFailed for anything that is not a shipped asset."""
        parts = urlsplit(url)
        if parts.scheme != SCHEME or parts.netloc or parts.query:
            raise RenderingFailed(f"a letter may not read {url[:200]!r}")
        if parts.path in self.made:
            return URLFetcherResponse(url, self.made[parts.path], {"Content-Type": MEDIA_TYPES[parts.path[-4:]]})
        path = (STATIC / unquote(parts.path).lstrip("/")).resolve()
        if not any(path.is_relative_to(STATIC / folder) for folder in SHIPPED):
            raise RenderingFailed(f"a letter may not read {url[:200]!r}")
        if path.suffix not in MEDIA_TYPES or not path.is_file():
            raise RenderingFailed(f"the asset {url[:200]!r} is not shipped")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]})


@cache
def _fonts() -> FontConfiguration:
    """The shared font configuration, made while fontconfig sees an empty one: letters use shipped fonts only."""
    with _environment("FONTCONFIG_FILE", str(STATIC / "letters" / "fonts.conf")):
        return FontConfiguration()


@cache
def _styles(path: Path) -> CSS:
    return CSS(
        string=path.read_text(encoding="utf-8"),
        base_url=f"{SCHEME}:///letters/",
        url_fetcher=ShippedAssets(),
        font_config=_fonts(),
    )


@cache
def _engine() -> Engine:
    # An engine of its own: autoescaping on, no context processors, and a missing value is noticed.
    return Engine(
        dirs=[str(ROOT / "templates")],
        autoescape=True,
        string_if_invalid=_MISSING + "%s",
        libraries={"letters": "cases.templatetags.letters"},
        builtins=["cases.templatetags.letters"],
    )


def warm() -> None:
    """Load fonts, stylesheets and the engine, so that the first letter waits for none of them."""
    _engine()
    for path in (ELEMENTS, STYLES, SAMPLE_STYLES, DRAFT_STYLES):
        _styles(path)


def render_html(template: str, context: dict[str, Any]) -> str:
    """The letter as HTML. Raises RenderingFailed when the template reads what the context does not hold."""
    html = _engine().get_template(template).render(Context(context, use_l10n=False, use_tz=False))
    if _MISSING in html:
        name = html.split(_MISSING, 1)[1][:60].split("<")[0]
        raise RenderingFailed(f"{template} needs {name!r}, which the frozen content does not hold", code="missing")
    if len(html) > LARGEST_HTML:
        raise RenderingFailed(f"the letter is too long ({len(html)} characters)", code="long")
    return html


def render_pdf(template: str, context: dict[str, Any]) -> tuple[bytes, int]:
    """The PDF bytes and the number of pages; the same bytes for the same template and context.

    Raises RenderingFailed.
    """
    html = _BETWEEN_TAGS.sub("><", render_html(template, context))
    content = canonical({"format": CONTENT_FORMAT, "template": template, "content": context})
    styles = [
        STYLES,
        *([SAMPLE_STYLES] if context.get("demo") else []),
        *([DRAFT_STYLES] if context.get("draft") else []),
    ]
    seal = context.get("seal")
    fetcher = ShippedAssets({QR: qr_png(seal["url"])} if seal else None)
    moment = dt.datetime.fromisoformat(context["date_iso"]).replace(tzinfo=dt.UTC)
    attached = [_content_file(content, moment)] if seal else None
    identifier = hashlib.sha256(content).hexdigest()[:32].encode()
    with _one_at_a_time, _swept_once(), _environment("SOURCE_DATE_EPOCH", str(int(moment.timestamp()))):
        try:
            return _laid_out(html, styles, fetcher, attached, identifier)
        except FatalURLFetchingError as error:
            # Not an Exception in WeasyPrint's eyes, but the letter's failure and nobody else's.
            raise RenderingFailed(str(error.__cause__ or error), code="asset") from error
        except Malformed as error:
            raise RenderingFailed(f"{template}: {error}") from error


def _laid_out(
    html: str, styles: list[Path], fetcher: ShippedAssets, attached: list[Attachment] | None, identifier: bytes
) -> tuple[bytes, int]:
    # A function of its own: when it returns, nothing holds the layout any more and it can be swept.
    pictures = dict(_pictures)
    letter = Letter(html, base_url=f"{SCHEME}:///letters/", fetcher=fetcher, elements=_styles(ELEMENTS))
    document = letter.render(stylesheets=[_styles(path) for path in styles], font_config=_fonts(), cache=pictures)
    pdf = document.write_pdf(
        finisher=lambda _document, pdf: archival.finish(pdf, field=bool(attached)),
        pdf_identifier=identifier,
        pdf_variant=archival.VARIANT,
        pdf_version="1.7",
        pdf_tags=True,
        output_intent="srgb",
        uncompressed_pdf=True,
        attachments=attached,
    )
    _pictures.update((url, picture) for url, picture in pictures.items() if str(url).endswith(".svg"))
    return pdf, len(document.pages)


def _content_file(content: bytes, moment: dt.datetime) -> Attachment:
    return Attachment(
        string=content,
        name=CONTENT_FILE,
        description=CONTENT_TEXT,
        created=moment,
        modified=moment,
        relationship="Data",
    )


@contextmanager
def _swept_once() -> Iterator[None]:
    """Collect the garbage of a layout once at its end instead of again and again in between.

    A layout makes ten thousands of objects that all live until it is drawn; looking through them and through everything
    else in the process while it grows took a sixth of the time. A very long letter is still swept now and then, so that
    its memory stays bounded.
    """
    before = gc.get_threshold()
    gc.set_threshold(SWEEP_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.collect(1)  # what is older than the letter is not its garbage


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set an environment variable for libraries that read nothing else, and put the old one back."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
