"""The table as a state machine: one django-fsm transition per step on a mixin. The only import of django_fsm.

The generated methods do nothing but change ``state``: no mail, no letter, no log. Everything that goes with a step
happens in ``cases.services.move`` under the row lock. django-fsm never checks permission by itself, so nobody else
may call these methods.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django_fsm import FSMField, TransitionNotAllowed, can_proceed, transition

from cases.workflow import INITIAL, SAME, STATES, STEPS, Step

__all__ = ["StateField", "StateMachine", "TransitionNotAllowed", "can_proceed", "method_name"]

STATE_CHOICES = [(state.name, state.label) for state in STATES]


class StateField(FSMField):
    """The state column: choices from the table, protected against assignment outside a transition."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", INITIAL.name)
        kwargs.setdefault("protected", True)
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)


def method_name(step: Step) -> str:
    """Name of the generated method; prefixed so that a step can never shadow a model attribute."""
    return f"fsm_{step.name}"


def _holds_desk(step: Step) -> Callable[[Any, Any], bool]:
    def permission(_case: Any, officer: Any) -> bool:
        return getattr(officer, "desk", None) == step.by

    return permission


def _transition(step: Step) -> Callable[..., None]:
    def method(self: Any) -> None:
        """Change the state and nothing else."""

    method.__name__ = method_name(step)
    # django-fsm keys its registry by qualified name: without its own, one generated method would replace another.
    method.__qualname__ = f"StateMachine.{method.__name__}"
    target = None if step.target == SAME else step.target
    return transition(field="state", source=list(step.source), target=target, permission=_holds_desk(step))(method)


class StateMachine(models.Model):
    """Mixin carrying one transition per step; filled before the model class exists, as django-fsm requires."""

    class Meta:
        abstract = True


for _step in STEPS:
    setattr(StateMachine, method_name(_step), _transition(_step))
