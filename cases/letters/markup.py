"""A letter's HTML as WeasyPrint takes it: read strictly, with a sheet of its own for what the elements mean.

WeasyPrint reads any HTML a browser would, and brings a sheet for all elements there are. Together they cost a quarter
of a short letter: that sheet alone gives every element six pseudo-elements for notes and markers. Letters are
well-formed by construction, so expat reads them, and a mistake in a template is an error instead of a guess;
``static/letters/elements.css`` says what two dozen elements mean and is frozen with the templates.

``_ua_stylesheets`` is where WeasyPrint asks a document for that sheet; its own tests answer there too, and its
documentation does not name it. ``tests/letters/test_markup.py`` notices when a new version asks elsewhere.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

#: What XML 1.0 §2.2 has no place for; nothing a person can read.
_UNREADABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"


class Malformed(ValueError):
    """A template wrote what is not well-formed."""


class Letter(HTML):
    """The document of one letter. ``elements`` is the sheet of what elements mean. Raises Malformed."""

    def __init__(self, html: str, *, base_url: str, fetcher: URLFetcher, elements: CSS) -> None:
        # Not HTML.__init__: it would parse. These five are all it sets.
        try:
            root = ElementTree.fromstring(_UNREADABLE.sub(REPLACEMENT, html))  # noqa: S314 - see above
        except ElementTree.ParseError as error:
            raise Malformed(str(error)) from error
        self.base_url = base_url
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root)
        self.etree_element = self.wrapper_element.etree_element
        self._elements = elements

    def _ua_stylesheets(self, forms: Any = False) -> list[CSS]:
        return [self._elements]
