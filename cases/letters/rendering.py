"""HTML to PDF from the frozen content alone: no network, no file but the shipped assets, the same bytes every time.

WeasyPrint with one shared font configuration and parsed stylesheets. Fonts come from the shipped folder only: the
machine's own fonts are hidden from fontconfig, so that a letter looks the same everywhere and embeds nothing else. A
resource that is missing or not allowed is a failure, never a log line.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.template import Context, Engine
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
#: Folders a letter may read from, below ``static``.
SHIPPED = ("letters", "vendor/tex-gyre-bonum-2.004")
SCHEME = "shipped"
STYLES = STATIC / "letters" / "letters.css"
SAMPLE_STYLES = STATIC / "letters" / "sample.css"
MEDIA_TYPES = {".svg": "image/svg+xml", ".otf": "font/otf", ".css": "text/css"}

#: Largest HTML laid out, in characters; forms keep texts far below it.
LARGEST_HTML = 4_000_000

#: Stands where a template names something the context does not hold; never printed, the letter fails instead.
_MISSING = f"missing-{secrets.token_hex(16)}-"

#: Pango's objects belong to one thread at a time.
_one_at_a_time = threading.Lock()


class RenderingFailed(RuntimeError):
    """The letter cannot be made; the message says why."""


class ShippedAssets(URLFetcher):
    """Reads shipped assets by ``shipped:///letters/…`` and refuses every other address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(SCHEME,), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The asset's bytes. Raises RenderingFailed for anything that is not a shipped asset."""
        parts = urlsplit(url)
        if parts.scheme != SCHEME or parts.netloc or parts.query:
            raise RenderingFailed(f"a letter may not read {url[:200]!r}")
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


def render_html(template: str, context: dict[str, Any]) -> str:
    """The letter as HTML. Raises RenderingFailed when the template reads what the context does not hold."""
    html = _engine().get_template(template).render(Context(context, use_l10n=False, use_tz=False))
    if _MISSING in html:
        name = html.split(_MISSING, 1)[1][:60].split("<")[0]
        raise RenderingFailed(f"{template} needs {name!r}, which the frozen content does not hold")
    if len(html) > LARGEST_HTML:
        raise RenderingFailed(f"the letter is too long ({len(html)} characters)")
    return html


def render_pdf(template: str, context: dict[str, Any]) -> tuple[bytes, int]:
    """The PDF bytes and the number of pages; the same bytes for the same template and context.

    Raises RenderingFailed.
    """
    html = render_html(template, context)
    identifier = hashlib.sha256(json.dumps([template, context], sort_keys=True, default=str).encode()).hexdigest()
    styles = [STYLES, SAMPLE_STYLES] if context.get("demo") else [STYLES]
    with _one_at_a_time, _fixed_time(context["date_iso"]):
        try:
            document = HTML(string=html, base_url=f"{SCHEME}:///letters/", url_fetcher=ShippedAssets()).render(
                stylesheets=[_styles(path) for path in styles], font_config=_fonts(), presentational_hints=False
            )
            pdf = document.write_pdf(pdf_identifier=identifier[:32].encode(), pdf_tags=True)
        except FatalURLFetchingError as error:
            # Not an Exception in WeasyPrint's eyes, but the letter's failure and nobody else's.
            raise RenderingFailed(str(error.__cause__ or error)) from error
    return pdf, len(document.pages)


def _fixed_time(day: str) -> AbstractContextManager[None]:
    """Font subsets and metadata carry the letter's own date instead of the clock's."""
    moment = dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC)
    return _environment("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))


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
