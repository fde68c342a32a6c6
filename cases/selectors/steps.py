"""The steps a desk is offered: what each would do, and why it cannot be taken now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.roles import Desk
from cases.catalogue.lookups import NoRuleError, rule_for
from cases.formats import long_date
from cases.forms import STEP_FORMS
from cases.guards import GUARDS
from cases.letters.kinds import KINDS
from cases.models import Case
from cases.selectors.stages import carrier
from cases.services.letters import CONDITIONS
from cases.services.move import same_eyes
from cases.services.situation import CaseSituation
from cases.workdays import due_by_rule
from cases.workflow import STATE, Step, steps_for


def usual_order(state: str, desk: Desk, last_step: str = "") -> tuple[tuple[Step, ...], bool]:
    """What a case in ``state`` waits for at ``desk``: (steps, whether they are ways out to decide between).

    Where steps can be repeated (hearing people) the one after the last taken comes first and the others follow, so
    that a list and a page name the likely next thing. Several ways out are a decision, nobody's default.
    """
    main = [step for step in steps_for(state, desk) if not step.side]
    repeated = [step for step in main if step.lands_in(state) == state]
    ways_out = [step for step in main if step.lands_in(state) != state]
    if len(ways_out) > 1:
        return tuple(ways_out), True
    ordered = [*repeated, *ways_out]
    names = [step.name for step in ordered]
    position = min(names.index(last_step) + 1, len(names) - 1) if last_step in names else 0
    return (*ordered[position:], *ordered[:position]), False


def usual_steps(state: str, desk: Desk, last_step: str = "") -> tuple[Step, ...]:
    """What a case in ``state`` waits for at ``desk``: one step, or the several ways out of a decision."""
    steps, decides = usual_order(state, desk, last_step)
    return steps if decides else steps[:1]


@dataclass
class Offer:
    """One step of the acting desk on one case. ``reasons`` are the sentences that say why not."""

    step: Step
    case: Case
    reasons: list[str] = field(default_factory=list)
    open: bool = False
    usual: bool = False

    @property
    def blocked(self) -> bool:
        """Whether it cannot be taken now."""
        return bool(self.reasons)

    @property
    def has_fields(self) -> bool:
        """Whether there is anything to fill in."""
        return bool(STEP_FORMS[self.step.form].base_fields)

    @property
    def url(self) -> str:
        """Where it is posted to, and where its form is opened."""
        return reverse("cases:move", args=[self.case.number, self.step.name])

    @property
    def preview_url(self) -> str:
        """Where its letters are drafted; empty when it issues none."""
        return reverse("cases:preview", args=[self.case.number, self.step.name]) if self.step.letters else ""

    @cached_property
    def label(self) -> str:
        """Its verb."""
        return _(self.step.label)

    @cached_property
    def help(self) -> str:
        """What it is for."""
        return _(self.step.help)


def offers(
    case: Case,
    situation: CaseSituation,
    last_taker: Callable[[str], str],
    last_step: str = "",
) -> list[Offer]:
    """Every step the acting desk has in the case's state, main ones first, with the reasons against each.

    One situation serves all guards, so that each fact is read once.
    """
    actor = situation.actor
    usual = {step.name for step in usual_steps(case.state, actor.desk, last_step)}
    found = []
    for step in steps_for(case.state, actor.desk):
        reasons = [same_eyes(step, actor, last_taker)]
        reasons += [GUARDS[name](situation) or "" for name in step.guards]
        found.append(
            Offer(step=step, case=case, reasons=[r for r in reasons if r], usual=step.name in usual)
        )  # fmt: skip
    return found


def consequences(offer: Offer, situation: CaseSituation) -> list[dict[str, Any]]:
    """What the step will do, as (icon, sentence): where the case goes, letters, who is told, the deadline."""
    step, case = offer.step, offer.case
    target = STATE[step.lands_in(case.state)]
    lines: list[dict[str, Any]] = []
    if target.name != case.state:
        lines.append({"icon": "arrow-right", "text": _("The case becomes “%(state)s”.") % {"state": _(target.label)}})
    for issue in step.letters:
        if issue.only_if and not CONDITIONS[issue.only_if](situation):
            continue
        kind = KINDS[issue.kind]
        to = [c.short_name for k in (*kind.to, *kind.copies) if (c := carrier(case, k))]
        label = _(kind.label)
        if issue.each:
            text = _("Letter, one for each person: %(letter)s") % {"letter": label}
        elif to:
            text = _("Letter: %(letter)s, to %(names)s") % {"letter": label, "names": ", ".join(to)}
        else:
            text = _("Letter: %(letter)s") % {"letter": label}
        lines.append({"icon": "file-certificate", "text": text})
    told = [c.short_name if (c := carrier(case, kind)) else _("the institution chosen here") for kind in step.tells]
    if told:
        lines.append({"icon": "bell", "text": _("Informed: %(names)s") % {"names": ", ".join(dict.fromkeys(told))}})
    if sentence := _clock_sentence(step, situation, exact=offer.open):
        lines.append({"icon": "clock", "text": sentence})
    return lines


def _clock_sentence(step: Step, situation: CaseSituation, *, exact: bool) -> str:
    action = step.clock.action
    running = situation.case.due_on is not None
    if action == "start":
        return _starting(step, situation) if exact and step.clock.rule else _("A new deadline starts.")
    if action == "stop":
        return _("The deadline ends.") if running else ""
    if action == "pause":
        return _("The deadline pauses until the answer comes.")
    if action == "resume":
        return _("The deadline runs on.")
    return ""


def _starting(step: Step, situation: CaseSituation) -> str:
    try:
        rule = rule_for(step.clock.rule, situation.election.regime, situation.on)
    except NoRuleError:
        return _("A new deadline starts.")
    name = rule.name_en if get_language() == "en" else rule.name
    if step.clock.starts_on:
        return _("A new deadline starts on the date entered: %(rule)s.") % {"rule": name}
    day = due_by_rule(rule, situation.on, situation.calendar).due_on
    return _("A new deadline starts: %(rule)s, until %(date)s.") % {"rule": name, "date": long_date(day, weekday=True)}
