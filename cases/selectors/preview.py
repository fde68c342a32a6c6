"""The split page before signing: drafts as pictures, what is missing, what changed since the draft sent back."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cases.formats import long_date
from cases.forms.base import StepForm
from cases.letters import failures
from cases.letters.compare import Change, changes, paragraphs_of
from cases.letters.press import press
from cases.letters.rendering import RenderingFailed
from cases.models import Event
from cases.selectors.case_page import CasePage
from cases.services.preview import DOTS, Draft, draft_letters
from cases.workflow import Step

#: What one preview may cost: pictures of so many pages a letter, laid out in so many seconds of processor time.
MOST_PAGES = 6
SECONDS = 15.0


@dataclass(slots=True)
class Sheet:
    """One draft on the screen."""

    title: str
    pages: int = 0
    pictures: list[str] = field(default_factory=list)
    failed: str = ""
    earlier: str = ""
    changes: list[Change] = field(default_factory=list)

    @property
    def more(self) -> int:
        """Pages not shown."""
        return max(0, self.pages - len(self.pictures))


class Preview:
    """What would be issued if the step were taken with what is in the form now."""

    def __init__(self, page: CasePage, step: Step, form: StepForm) -> None:
        self.page, self.step, self.form = page, step, form
        self.missing = self._missing()
        self.found = draft_letters(case=page.case, step=step.name, actor=page.officer, answers=self._answers())

    def _missing(self) -> list[str]:
        if self.form.is_valid():
            return []
        return [
            f"{self.form.fields[name].label}: {error}" if name in self.form.fields else str(error)
            for name, errors in self.form.errors.items()
            for error in errors
        ]

    def _answers(self) -> dict[str, Any]:
        """The form's answers; a text that is still missing is dots on the draft."""
        given = dict(getattr(self.form, "cleaned_data", {}))
        for name, shown in self.form.fields.items():
            if name in given:
                continue
            if type(shown) is forms.CharField:
                given[name] = DOTS
            elif isinstance(shown, forms.DateField):
                given[name] = self.page.on
        return given

    @cached_property
    def checklist(self) -> list[dict[str, Any]]:
        """What stands between the draft and the signature: (good, sentence), what is missing first."""
        found = self.found
        bad = [*self.missing, *(reason for reason in found.reasons if not self.missing)]
        if found.four_eyes:
            bad.append(found.four_eyes)
        lines = [{"good": False, "text": text} for text in bad]
        lines += [{"good": None, "text": text} for text in found.cautions]
        if not self.missing:
            lines.append({"good": True, "text": _("Every answer the step needs is given.")})
            if not found.reasons and self.step.guards:
                lines.append({"good": True, "text": _("The conditions of the procedure are met.")})
        if self.step.four_eyes and not found.four_eyes:
            lines.append({"good": True, "text": _("Another person prepared what you sign.")})
        return lines

    @property
    def done(self) -> dict[str, int]:
        """How much of the checklist is done."""
        return {"good": sum(line["good"] is True for line in self.checklist),
                "all": sum(line["good"] is not None for line in self.checklist)}  # fmt: skip

    @cached_property
    def sheets(self) -> list[Sheet]:
        """Each draft as it will look."""
        return [self._sheet(draft) for draft in self.found.drafts]

    @property
    def not_shown(self) -> int:
        """Letters of this step beyond those drafted."""
        return self.found.total - len(self.found.drafts)

    def _sheet(self, draft: Draft) -> Sheet:
        sheet = Sheet(_(draft.kind.label))
        try:
            printed = press().print(draft.kind.template, draft.context, pictures=MOST_PAGES, seconds=SECONDS)
        except RenderingFailed as error:
            sheet.failed = failures.sentence(failures.told(error))
            return sheet
        sheet.pages = printed.pages
        sheet.pictures = [f"data:image/png;base64,{base64.b64encode(one).decode()}" for one in printed.pictures]
        if draft.earlier is not None:
            sheet.earlier = long_date(draft.earlier.dated_on)
            before = paragraphs_of(draft.earlier.template, draft.earlier.context)
            sheet.changes = changes(before, paragraphs_of(draft.kind.template, draft.context))
        return sheet

    @cached_property
    def sent_back(self) -> Event | None:
        """The last time what this step hands on was sent back, with its reason."""
        case = self.page.case
        return (
            Event.objects.visible_to(self.page.officer)
            .filter(case=case, kind=Event.Kind.STEP, from_state=self.step.lands_in(case.state), to_state=case.state)
            .exclude(reason="")
            .order_by("-seq")
            .first()
        )
