"""Which columns of the list of cases an officer wants to see."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.models import Officer
from cases.models import ListColumns

#: Always there: it says whose case a line is and leads to it.
ALWAYS = "employee"
#: Columns by name, in the order they stand in.
COLUMNS = {
    ALWAYS: _("Employee"),
    "case": _("Case"),
    "violation": _("Violation"),
    "stage": _("Stage"),
    "deadline": _("Deadline"),
    "carriers": _("Institutions"),
    "handler": _("Handled by"),
    "opened": _("Opened"),
    "moved": _("Last step"),
}
USUAL = ("case", "violation", "stage", "deadline")


def columns_of(officer: Officer) -> list[str]:
    """The columns to draw, in order: those chosen, else the usual ones. A name no longer known is left out."""
    kept = ListColumns.objects.filter(officer=officer).values_list("columns", flat=True).first()
    wanted = set(USUAL if kept is None else kept)
    return [name for name in COLUMNS if name in wanted and name != ALWAYS]


def choose_columns(*, officer: Officer, columns: Iterable[str]) -> list[str]:
    """Keep the choice; names that are no columns are left out, none at all means the usual ones again."""
    wanted = [name for name in COLUMNS if name in set(columns) and name != ALWAYS]
    if wanted and wanted != list(USUAL):
        ListColumns.objects.update_or_create(officer=officer, defaults={"columns": wanted})
    else:
        ListColumns.objects.filter(officer=officer).delete()
    return wanted or list(USUAL)
