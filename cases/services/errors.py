"""Why a service did not do what was asked. Each carries a sentence for the person."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """Not done, nothing written. ``sentence`` says why in the active language; ``field`` names the answer at fault."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotVisible(Refused):
    """The case does not exist for this person."""


class WrongDesk(Refused):
    """The step belongs to another desk."""


class OutOfOrder(Refused):
    """The step does not exist in the case's state."""


class FourEyes(Refused):
    """The same person did the step this one must check."""


class Stale(Refused):
    """The case moved since the page was drawn. ``events`` are the steps since then."""

    def __init__(self, sentence: str, *, events: list[Any]) -> None:
        super().__init__(sentence)
        self.events = events


class GuardsFailed(Refused):
    """One or more guards said no. ``reasons`` are (guard name, field, sentence)."""

    def __init__(self, reasons: list[tuple[str, str, str]]) -> None:
        super().__init__(" ".join(sentence for _name, _field, sentence in reasons), field=reasons[0][1])
        self.reasons = reasons
