"""The words THE TABLE is written in: state, clock, letter, step, and the acts that move nothing. Pure Python.

Words: a *side* step is possible but is not what the case waits for; ``SAME`` means the state stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.roles import Desk, Kind, Role

SAME = "same"


def _(text: str) -> str:
    """Mark for translation; translated where it is shown, so that this module needs no Django."""
    return text


BAWASLU, REVIEWER, BKPSDM = Kind.BAWASLU, Kind.REVIEWER, Kind.BKPSDM


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A place a case can be. ``open_to`` lists the kinds that may see a case while it is here.

    ``outcome`` names how a finished case ended (for lists, statistics and colour); ``tone`` is its colour word.
    Auditors see every case of their region in every state.
    """

    name: str
    label: str
    stage: int
    open_to: tuple[Kind, ...]
    initial: bool = False
    final: bool = False
    outcome: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What a step does to the case's deadline.

    ``rule`` names a dated DeadlineRule; with ``rule_by`` the rule depends on an answer given in the step's form.
    ``starts_on`` names the form field holding the start date; empty means the day of the step. ``extend_by`` is the
    desk that may grant the rule's extension. ``receipt_by`` is the desk whose receipt of the letter starts the count:
    until it confirms one, the clock runs from the letter's date, so that silence wins no time.
    """

    action: str
    rule: str = ""
    rule_by: tuple[str, tuple[tuple[str, str], ...]] = ("", ())
    starts_on: str = ""
    extend_by: Desk | None = None
    receipt_by: Desk | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule code this clock may start."""
        return tuple(filter(None, (self.rule, *(code for _value, code in self.rule_by[1]))))


KEEP = Clock(action="keep")
STOP = Clock(action="stop")
PAUSE = Clock(action="pause")
RESUME = Clock(action="resume")


def start(rule: str, *, starts_on: str = "", extend_by: Desk | None = None, receipt_by: Desk | None = None) -> Clock:
    """End the running deadline and start ``rule``."""
    return Clock(action="start", rule=rule, starts_on=starts_on, extend_by=extend_by, receipt_by=receipt_by)


def start_by(field_name: str, *, starts_on: str = "", **rules: str) -> Clock:
    """Start the rule that belongs to the answer in ``field_name``."""
    return Clock(action="start", rule_by=(field_name, tuple(rules.items())), starts_on=starts_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A letter the step issues: its kind; one per entry of the list field ``each``; only when ``only_if`` holds.

    ``variant`` says which of the kind's wordings it is, where the kind has several (``LetterKind.variants``).
    """

    kind: str
    variant: str = ""
    each: str = ""
    only_if: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """An earlier letter the step takes out of force: the standing one of ``kind``, when ``only_if`` holds.

    ``successor`` is the kind of the step's own letter that takes its place; empty when nothing does.
    """

    kind: str
    successor: str = ""
    only_if: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing one desk may do to a case. ``by`` has no default on purpose: a step without a desk is a mistake.

    ``effects`` name what the step writes besides the state (``cases/services/effects.py``), in order.
    ``guards`` must all pass; ``cautions`` are said and recorded but do not block. ``requires`` are the answers the
    service insists on even when called without the form. ``four_eyes`` names earlier steps whose latest actor must be
    another person. ``shown_to`` are the kinds that read this step's content once they may see the case at all; the
    acting institution and auditors always do. ``done`` is the timeline's sentence. ``voids`` are earlier letters it
    takes out of force; ``delivers`` is the kind of letter whose handing over to the employee it puts on record.
    """

    name: str
    label: str
    help: str
    done: str
    source: tuple[str, ...]
    target: str
    by: Desk
    form: str
    guards: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    letters: tuple[Issue, ...] = ()
    voids: tuple[Void, ...] = ()
    delivers: str = ""
    clock: Clock = KEEP
    four_eyes: tuple[str, ...] = ()
    tells: tuple[Kind, ...] = ()
    shown_to: tuple[Kind, ...] = ()
    side: bool = False
    icon: str = "arrow-right"
    effects: tuple[str, ...] = ()

    @property
    def signs(self) -> bool:
        """A signatory puts a name under a letter: the person confirms first that nobody else sits there."""
        return self.by.role is Role.SIGNATORY and bool(self.letters)

    def lands_in(self, state: str) -> str:
        """The state a case in ``state`` is in after this step."""
        return state if self.target == SAME else self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAct:
    """Something done to a running deadline without moving the case. ``shown_to`` and ``done`` as in a step."""

    name: str
    label: str
    done: str
    shown_to: tuple[Kind, ...] = ()
    icon: str = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterAct:
    """Something done to an issued letter without moving the case, by these desks of the institution that issued it."""

    name: str
    label: str
    done: str
    by: tuple[Desk, ...]
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedAct:
    """Something done about the sealed reporter, or about who may see a case; moves nothing. ``done`` as in a step.

    ``by`` are the desks that may do it, of the institution that carries the case; ``second`` says that it answers what
    another person began, compared by person.
    """

    name: str
    label: str
    done: str
    by: tuple[Desk, ...]
    second: bool = False
    icon: str = "lock"
