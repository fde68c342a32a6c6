"""Numbers: given out under lock in the transaction that uses them, so that none is missing and none is double."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Institution
from accounts.prepared import Late, prepared
from cases.formats import roman_month
from cases.in_place import save_in_place
from cases.models import Case, NumberSeries
from cases.models.report import Report


@dataclass(frozen=True, slots=True)
class Taken:
    """A number given out: its serial in the series and year, and the text printed."""

    serial: int
    year: int
    text: str


#: Scope of the portal's own numbers; no institution's code can have a colon.
PORTAL = "portal:"

#: Used when an institution keeps no format of its own for a series. Placeholders: see ``format_number``.
DEFAULT_FORMATS: dict[str, str] = {
    "receipt": "{serial:03d}/PL/{election}/{region_type}/{area}/{roman}/{year}",
    "registration_report": "{serial:03d}/Reg/LP/{election}/{region_type}/{area}/{roman}/{year}",
    "registration_finding": "{serial:03d}/Reg/TM/{election}/{region_type}/{area}/{roman}/{year}",
    "letter": "{serial:03d}/{archive}/{month:02d}/{year}",
    # Series are counted apart, so each carries a mark of its own: no two letters of an institution share a number.
    "report_receipt": "{serial:03d}/TBPL/{region_type}/{area}/{roman}/{year}",
    "minutes": "{serial:03d}/BA/{archive}/{month:02d}/{year}",
    "assessment": "{serial:03d}/KAJIAN/{archive}/{month:02d}/{year}",
    "memo": "{serial:03d}/NT/{archive}/{month:02d}/{year}",
    "order": "{serial:03d}/SP/{archive}/{month:02d}/{year}",
    "report": "{serial:03d}/LHP/{archive}/{month:02d}/{year}",
    "decree": "{serial:03d}/KEP/{archive}/{year}",
}


@prepared
def _counter(_reader: None, scope: Late, series: Late, year: Late) -> QuerySet[NumberSeries]:
    return NumberSeries.objects.select_for_update().filter(scope=scope, series=series, year=year).order_by()


def next_serial(scope: str, series: str, year: int) -> int:
    """The next serial of the series; the counter row is locked until the transaction ends."""
    counter: NumberSeries | None = _counter.first(None, scope=scope, series=series, year=year)
    if counter is None:  # the first of its year: whoever makes the row, everybody then queues for it
        NumberSeries.objects.get_or_create(scope=scope, series=series, year=year)
        counter = NumberSeries.objects.select_for_update().get(scope=scope, series=series, year=year)
    counter.last += 1
    save_in_place(counter, ("last",))
    return counter.last


def format_number(
    institution: Institution, series: str, serial: int, on: dt.date, election: str = "", *, nature: str = ""
) -> str:
    """The printed number. Placeholders: serial, year, month, roman, area, archive, region_type, election, nature.

    ``nature`` is the first letter of the letter's *sifat*: R (Rahasia), T (Terbatas), B (Biasa).

    The institution's own format for the series wins, then its ``letter`` format for letters, then the default.
    """
    formats = institution.number_formats
    fallback = DEFAULT_FORMATS.get(series) or formats.get("letter") or DEFAULT_FORMATS["letter"]
    return str(formats.get(series) or fallback).format(
        serial=serial,
        year=on.year,
        month=on.month,
        roman=roman_month(on),
        area=institution.area_code,
        archive=institution.archive_code,
        region_type=institution.region_type,
        election=election,
        nature=nature,
    )


def take_number(institution: Institution, series: str, on: dt.date, election: str = "", *, nature: str = "") -> Taken:
    """Give out the next number of ``series`` on day ``on`` (the year is that of the institution's local date)."""
    serial = next_serial(institution.code, series, on.year)
    text = format_number(institution, series, serial, on, election, nature=nature)
    return Taken(serial=serial, year=on.year, text=text)


def take_case_number(on: dt.date) -> str:
    """The portal's own number, one series for all: ``2024-00012``; short enough for an address."""
    return f"{on.year}-{next_serial(PORTAL, 'case', on.year):05d}"


def take_registration_number(*, case: Case, on: dt.date) -> str:
    """The supervisor's register number; reports and findings are counted apart."""
    report: Report = case.report
    series = "registration_report" if report.is_reported else "registration_finding"
    return take_number(case.bawaslu, series, on, report.election.number_code).text
