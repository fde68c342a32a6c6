"""HTML to PDF, from the frozen content alone."""

from __future__ import annotations

from typing import Any


def render_pdf(template: str, context: dict[str, Any]) -> tuple[bytes, int]:
    """The PDF bytes and the number of pages."""
    raise NotImplementedError
