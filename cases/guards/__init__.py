"""Named conditions of the table. Each answers None, or the sentence that says why not."""

from cases.guards import decision, examination, reviewer, supervisor
from cases.guards.base import GUARDS, Guard, Sentence, Situation

__all__ = ["GUARDS", "Guard", "Sentence", "Situation", "decision", "examination", "reviewer", "supervisor"]
