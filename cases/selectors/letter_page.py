"""Everything the page of one letter shows."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Officer
from cases.formats import clock_time, long_date
from cases.letters import failures
from cases.letters.copies import Recipient, recipients
from cases.letters.kinds import KINDS
from cases.letters.renewal import correctable
from cases.models import Delivery, Event, Letter
from cases.workflow import LETTER_ACT, steps_voiding


class LetterPage:
    """One letter as one officer sees it."""

    def __init__(self, letter: Letter, officer: Officer) -> None:
        self.letter, self.officer = letter, officer

    @property
    def title(self) -> str:
        """The kind in words."""
        return _(KINDS[self.letter.kind].label)

    @property
    def ready(self) -> bool:
        """The bytes are there."""
        return self.letter.status == Letter.Status.READY

    @property
    def failed(self) -> bool:
        """It could not be made."""
        return self.letter.status == Letter.Status.FAILED

    @property
    def _own(self) -> bool:
        return self.letter.institution_id == self.officer.institution_id

    @property
    def why_failed(self) -> str:
        """The reason in words."""
        return failures.sentence(self.letter.error)

    @property
    def may_retry(self) -> bool:
        """Whether this officer may have it made again."""
        return self.failed and self._own

    def _may(self, act: str) -> bool:
        return self._own and self.officer.desk in LETTER_ACT[act].by and not self.letter.is_void

    @property
    def may_withdraw(self) -> bool:
        """Whether this desk may take it out of force; the service checks again under the lock."""
        return self._may("withdraw_letter") and not steps_voiding(self.letter.kind)

    @property
    def only_by_step(self) -> str:
        """The step that alone takes this kind of letter out of force, told to whoever could withdraw others."""
        steps = steps_voiding(self.letter.kind)
        return _(steps[0].label) if steps and self._may("withdraw_letter") else ""

    @property
    def texts(self) -> dict[str, Any]:
        """What a corrected letter may say otherwise."""
        return correctable(self.letter)

    @cached_property
    def facts(self) -> list[tuple[str, Any]]:
        """What it is, as (term, meaning)."""
        row = self.letter
        return [
            (_("Number"), row.number),
            (_("Date"), long_date(row.dated_on, weekday=True)),
            (_("Issued by"), row.institution.short_name),
            (_("Held by"), ", ".join(one.short_name for one in self._holders)),
            (_("Case"), f"{row.case.subject_name}, {row.case}"),
            (_("Pages"), row.pages),
            (_("Issued at"), clock_time(row.created_at, self.officer.institution.timezone)),
            ("SHA-256", row.sha256),
        ]

    @cached_property
    def _holders(self) -> list[Any]:
        return list(self.letter.addressees.all())

    # ---- out of force
    @property
    def void_line(self) -> str:
        """Since when and why it is void."""
        row = self.letter
        if row.voided_at is None:
            return ""
        day = long_date(row.voided_at.astimezone(ZoneInfo(self.officer.institution.timezone)).date(), weekday=True)
        return _("Withdrawn on %(date)s. It is no longer in force; its number stays taken.") % {"date": day}

    @cached_property
    def relatives(self) -> list[tuple[str, Letter]]:
        """The letter in its place, and the ones it replaced, as far as this officer may read them."""
        visible = Letter.objects.visible_to(self.officer).defer("context")
        found = []
        if self.letter.successor_id:
            found += [(_("Replaced by"), row) for row in visible.filter(pk=self.letter.successor_id).distinct()]
        found += [(_("Takes the place of"), row) for row in visible.filter(successor=self.letter).distinct()]
        return found

    # ---- delivery
    @cached_property
    def recipients(self) -> list[Recipient]:
        """Addressee and copies as printed."""
        return recipients(self.letter.context)

    @cached_property
    def _delivered(self) -> dict[int, Delivery]:
        rows = Delivery.objects.filter(letter=self.letter).select_related("recorded_by")
        return {row.place: row for row in rows}

    @property
    def copies(self) -> list[dict[str, Any]]:
        """Every addressee and copy with what is known of its way."""
        return [{"name": one.name, "copy": one.is_copy, "row": self._delivered.get(one.place),
                 "date": _day(self._delivered.get(one.place))} for one in self.recipients]  # fmt: skip

    @property
    def open_copies(self) -> list[Recipient]:
        """Copies nobody has put on record yet."""
        return [one for one in self.recipients if one.place not in self._delivered]

    @property
    def may_deliver(self) -> bool:
        """Whether this desk may record a delivery now."""
        return self.ready and bool(self.open_copies) and self._may("record_delivery")

    @cached_property
    def opened(self) -> list[dict[str, str]]:
        """When each institution that holds a copy first opened it here, from the record of what was read."""
        names = {one.pk: one.short_name for one in self._holders}
        if not names:
            return []
        rows = Event.objects.filter(
            kind=Event.Kind.READING, name="letter_read", case__isnull=True, case_number=self.letter.case.number,
            institution__in=names, data__letter=str(self.letter.pk),
        ).order_by("pk")  # fmt: skip
        first: dict[int, dt.datetime] = {}
        for institution, at in rows.values_list("institution_id", "at"):
            first.setdefault(institution, at)
        zone = self.officer.institution.timezone
        return [
            {"name": name, "at": clock_time(first[pk], zone) if pk in first else "",
             "date": long_date(first[pk].astimezone(ZoneInfo(zone)).date()) if pk in first else ""}
            for pk, name in names.items()
        ]  # fmt: skip


def _day(row: Delivery | None) -> str:
    return long_date(row.delivered_on) if row else ""
