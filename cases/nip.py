"""NIP and NI PPPK: what the eighteen digits say.

PNS: YYYYMMDD birth, YYYYMM appointment, sex (1/2), three-digit sequence. PPPK: YYYYMMDD birth, YYYY appointment, two
digits of contract (21 and up), sex, sequence; so positions 13-14 tell the two apart. Source: published descriptions of
both numbers; the meaning of the PPPK contract digits is from memory, so nothing but the employment type is derived.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PNS, PPPK = "PNS", "PPPK"


@dataclass(frozen=True, slots=True)
class Nip:
    """A parsed number. ``appointed`` is the first day of the month (PNS) or of the year (PPPK)."""

    digits: str
    born: dt.date
    appointed: dt.date
    employment: str
    sex: str

    def __str__(self) -> str:
        return spaced(self.digits)


def spaced(digits: str) -> str:
    """The printed grouping: ``YYYYMMDD YYYYMM S NNN``."""
    return f"{digits[:8]} {digits[8:14]} {digits[14:15]} {digits[15:]}" if len(digits) == 18 else digits


def parse(text: str) -> Nip:
    """Read a NIP typed with or without spaces and dots. Raises ValidationError saying what is wrong."""
    digits = "".join(text.split()).replace(".", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) != 18:
        raise ValidationError(_("A NIP has 18 digits; this has %(count)d characters."), params={"count": len(digits)})
    try:
        born = dt.datetime.strptime(digits[:8], "%Y%m%d").date()  # noqa: DTZ007 - a date, not a moment
    except ValueError:
        raise ValidationError(_("Digits 1 to 8 are not a date of birth.")) from None
    year, tail = int(digits[8:12]), int(digits[12:14])
    if 1 <= tail <= 12:
        employment, month = PNS, tail
    elif tail >= 21:
        employment, month = PPPK, 1
    else:
        raise ValidationError(_("Digits 13 and 14 are neither a month (PNS) nor a PPPK contract number."))
    if not born.year + 15 <= year <= born.year + 70:
        raise ValidationError(_("The year of appointment does not fit the year of birth."))
    if digits[14] not in "12":
        raise ValidationError(_("Digit 15 must be 1 (male) or 2 (female)."))
    if digits[15:] == "000":
        raise ValidationError(_("The sequence number 000 does not exist."))
    sex = "male" if digits[14] == "1" else "female"
    return Nip(digits=digits, born=born, appointed=dt.date(year, month, 1), employment=employment, sex=sex)


def validate_nip(text: str) -> None:
    """Model and form validator."""
    parse(text)
