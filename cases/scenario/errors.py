"""What is wrong with a scenario, and where."""

from __future__ import annotations


class ScenarioError(Exception):
    """A scenario cannot be played; nothing was written. Says file, line (0: unknown) and part, then the sentence."""

    def __init__(self, sentence: str, *, file: str = "", line: int = 0, part: str = "") -> None:
        where = ", ".join(filter(None, (file, f"line {line}" if line else "", part)))
        super().__init__(f"{where}: {sentence}" if where else sentence)
        self.sentence = sentence
        self.file = file
        self.line = line
        self.part = part
