"""The small words of a synthetic case: picked texts, articles, examiners, questions, moments. See make_scenarios.py."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import Any

from scenario_plans import PP_94, Plan
from scenario_texts import QUESTIONS, Category
from scenario_world import EXAMINERS, UNITS

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip


class Teller:
    """Says what a document needs said: texts, articles, examiners, questions."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.plenaries: Counter[str] = Counter()
        self.reporters = 100
        self.records: Counter[int] = Counter()
        self.used: Counter[str] = Counter()

    def pick(self, options: list[str] | tuple[str, ...]) -> str:
        """One of the options, the least used first, so that texts do not look cloned."""
        least = min(self.used[text] for text in options)
        chosen = self.rng.choice([text for text in options if self.used[text] == least])
        self.used[chosen] += 1
        return chosen

    def plenary(self, on: dt.date) -> str:
        key = str(on.year)
        self.plenaries[key] += 1
        return f"{100 + self.plenaries[key]}/BA-PLENO/K.JI-99/{on.month:02d}/{on.year}"

    def article(self, plan: Plan, code: str) -> str:
        if code.startswith("A"):
            return "Pasal 11 huruf c PP Nomor 42 Tahun 2004"
        if plan.act < PP_94:
            return "Pasal 4 angka 15 PP Nomor 53 Tahun 2010"
        return "Pasal 5 huruf n angka 5 PP Nomor 94 Tahun 2021"

    def examiners(self, plan: Plan, level: str) -> dict[str, Any]:
        pool = self.rng.sample(EXAMINERS, 5)
        if level == "MORAL":
            parts = ["CHAIR", "SECRETARY", "MEMBER", "MEMBER", "MEMBER"]
            return {
                "examined_by": "COUNCIL",
                "examiners": [{"part": part, **person} for part, person in zip(parts, pool, strict=True)],
            }
        if level == "SEVERE" or self.rng.random() < 0.45:
            parts = ["CHAIR", "SECRETARY", "MEMBER"]
            return {
                "examined_by": "TEAM",
                "examiners": [{"part": part, **person} for part, person in zip(parts, pool, strict=False)],
            }
        head = UNITS.get(plan.person.unit, UNITS["Sekretariat Daerah"])
        return {"examined_by": "SUPERIOR", "examiners": [{"part": "CHAIR", **head}]}

    def questions(self, category: Category, words: dict[str, str]) -> list[dict[str, str]]:
        rows = []
        for question, answers in QUESTIONS["opening"]:
            rows.append((question, self.pick(answers)))
        own = list(category.questions)
        self.rng.shuffle(own)
        rows.extend((question, self.pick(answers)) for question, answers in own[: self.rng.randint(3, 4)])
        rows.extend((question, self.pick(answers)) for question, answers in QUESTIONS["closing"])
        return [{"question": q.format(**words), "answer": a.format(**words)} for q, a in rows]


def human(date: dt.date) -> str:
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def moment(date: dt.date, rng: random.Random, before: list[dict[str, Any]] | None = None) -> str:
    """Office hours; never before the entry above on the same day."""
    hour, minute = rng.randint(8, 10), rng.choice(range(0, 60, 5))
    same = [entry["on"] for entry in before or [] if entry["on"].startswith(date.isoformat())]
    if same:
        last = dt.datetime.fromisoformat(same[-1]) + dt.timedelta(minutes=rng.choice([20, 35, 50]))
        return last.strftime("%Y-%m-%d %H:%M")
    return f"{date} {hour:02d}:{minute:02d}"


def level_of(sanction: str, ethics: bool) -> str:
    if ethics:
        return "MORAL"
    return {"R": "MINOR", "S": "MODERATE", "L": "SEVERE", "B": "SEVERE"}[(sanction or "S")[0]]
