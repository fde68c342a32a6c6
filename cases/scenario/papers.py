"""The letters of played cases as PDF files with names a person can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.text import slugify

from cases.models import Letter
from cases.services.letters import render_letter_now


def write_letters(case_ids: Iterable[int], folder: Path) -> Iterator[tuple[Letter, Path | None]]:
    """Render every letter of the cases and write it below ``folder``; no path: it could not be rendered.

    ``2024-00012/2024-11-18-07-bawaslu-recommendation-038-pp-01-02.pdf``: case, date, step, kind, number.
    """
    rows = Letter.objects.filter(case__in=list(case_ids)).select_related("case", "event")
    for row in rows.order_by("case__number", "event__seq", "position"):
        letter = render_letter_now(str(row.pk))
        if letter.status != Letter.Status.READY:
            yield letter, None
            continue
        told = slugify(f"{row.kind.replace('_', '-')}-{row.number.replace('/', '-').replace('.', '-')}")
        name = f"{row.dated_on}-{row.event.seq:02d}-{told}"
        path = folder / row.case.number / f"{name[:120]}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        with letter.file.open("rb") as file:
            path.write_bytes(file.read())
        yield letter, path
