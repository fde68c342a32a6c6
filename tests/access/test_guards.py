"""Every guard both ways: what it says when it refuses, and that it is silent when it should be.

Situations are plain objects; nothing here touches the database.
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from cases.guards import GUARDS
from cases.workflow import STEPS

D = dt.date
TODAY = D(2024, 11, 20)
LIMIT = D(2024, 11, 27)  # what every deadline rule gives here


class Rows(list[Any]):
    """A list that answers like the few queryset calls a guard makes."""

    def exclude(self, pk: int) -> Rows:
        return Rows(row for row in self if row.pk != pk)

    def filter(self, employee: Any) -> Rows:
        return Rows(row for row in self if row.employee == employee)

    def exists(self) -> bool:
        return bool(self)


def sanction(**more: Any) -> SimpleNamespace:
    facts = {
        "level": "MINOR", "severity_rank": 20, "name": "Teguran lisan", "open_to": ["PNS", "PPPK"],
        "changes_post": False, "needs_satgas": False, "ends_employment": False,
    }  # fmt: skip
    return SimpleNamespace(**facts | more)


LIGHT, HEAVY = sanction(), sanction(level="SEVERE", severity_rank=40, name="Penurunan jabatan", changes_post=True)
BUDI = SimpleNamespace(nip="197406121999031903", name="Budi")


def situation(data: dict[str, Any] | None = None, **facts: Any) -> SimpleNamespace:
    """A case in which nothing is amiss; ``facts`` change it, ``case__x`` its case, ``decision__x`` its decree."""
    report = SimpleNamespace(
        occurred_on=D(2024, 10, 30), received_on=D(2024, 11, 1), known_on=D(2024, 10, 31), cases=Rows()
    )
    case = SimpleNamespace(
        pk=1, report=report, employment="PNS", recommended_level="MINOR", finding="DISCIPLINE",
        snapshot={"rank": "III/c"}, subject_nip=BUDI.nip, subject_name=BUDI.name,
    )  # fmt: skip
    decision = SimpleNamespace(sanction=LIGHT, decided_on=D(2024, 11, 11), delivered_on=D(2024, 11, 13))
    own: dict[str, Any] = {
        "case": case, "actor": SimpleNamespace(nip="198906142014022901"), "on": TODAY, "data": data,
        "has_reporter": True, "evidence_count": 1, "reviewers_in_office": ["BKN"], "decision": decision,
        "violation": SimpleNamespace(code="B6", needs_satgas=False, needs_intent=False),
        "deadline": SimpleNamespace(due_on=D(2024, 11, 19)), "locking_election": None, "past_sanctions": [],
        "summoned": [], "heard": [], "warnings": [], "employers": [SimpleNamespace(name="BKPSDM Contoh")],
        "barred": {"saksi contoh"}, "authority": [], "open": [LIGHT, HEAVY], "limit": LIMIT,
    }  # fmt: skip
    for name, value in facts.items():
        whole, _sep, part = name.partition("__")
        if part:
            setattr(own[whole], part, value)
        else:
            own[whole] = value
    s = SimpleNamespace(**own)
    s.summonses = lambda purpose, role="", name="": [
        x for x in s.summoned if x.purpose == purpose and (not name or x.name == name)
    ]
    s.minutes = lambda purpose, role="": [x for x in s.heard if x.purpose == purpose]
    s.fit_warnings = lambda: s.warnings
    s.filing_deadline = lambda: s.limit
    s.due = lambda rule, start: s.limit
    s.right_employers = lambda: s.employers
    s.rank_order = {"III/c": 33, "III/b": 32, "IV/a": 41}.get
    s.barred_names = lambda: s.barred
    s.authorities = lambda _sanction: s.authority
    s.sanctions_open = lambda: s.open
    return s


def called(on: dt.date, purpose: str = "EXAMINATION", name: str = "") -> SimpleNamespace:
    return SimpleNamespace(purpose=purpose, scheduled_on=on, name=name)


def heard(on: dt.date, purpose: str = "EXAMINATION") -> SimpleNamespace:
    return SimpleNamespace(purpose=purpose, held_on=on)


def person(part: str = "CHAIR", name: str = "Atasan", **more: str) -> dict[str, str]:
    return {"part": part, "name": name, "nip": "", "rank": ""} | more


def team(members: int) -> list[dict[str, str]]:
    return [person(), person("SECRETARY", "Sekretaris"), *(person("MEMBER", f"A{n}") for n in range(members))]


GUBERNUR = SimpleNamespace(official="Gubernur", official_class="GUBERNUR")
PPK_SELF = SimpleNamespace(official="PPK", official_class="")
MINE, THEIRS = SimpleNamespace(pk=1, employee=BUDI), SimpleNamespace(pk=2, employee=BUDI)
B7 = SimpleNamespace(code="B7", needs_satgas=False, needs_intent=True)
B13 = SimpleNamespace(code="B13", needs_satgas=True, needs_intent=False)
ELECTION = SimpleNamespace(lock_from=D(2024, 3, 22))
BY_SATGAS = sanction(needs_satgas=True)
DISMISSAL = sanction(ends_employment=True)
Facts = dict[str, Any]
Side = tuple[dict[str, Any] | None, Facts]


def side(data: dict[str, Any] | None = None, **facts: Any) -> Side:
    return data, facts


#: guard: (situations in which it is silent, [(situation, words of its sentence)])
BOTH_WAYS: dict[str, tuple[list[Side], list[tuple[Side, str]]]] = {
    "has_reporter": ([side()], [(side(has_reporter=False), "there is no reporter to ask")]),
    "employee_identified": (
        [side({"employee": BUDI}), side({"employee": BUDI}, case__report=SimpleNamespace(cases=Rows([MINE])))],
        [
            (side({}), "Identify the employee"),
            (side({"employee": BUDI}, case__report=SimpleNamespace(cases=Rows([MINE, THEIRS]))), "Another case"),
        ],
    ),
    "not_conflicted": (
        [side({"employee": BUDI}), side({})],
        [(side({"employee": BUDI}, actor__nip=BUDI.nip), "against yourself")],
    ),
    "violation_fits": (
        [side({}), side({"violation_reason": "Calon belum ditetapkan di sini."}, warnings=["Not list B."])],
        [(side({}, warnings=["Not list B."]), "Not list B. Choose another row or give a reason.")],
    ),
    "filed_in_time": (
        [side({}), side({}, case__report=SimpleNamespace(received_on=LIMIT)),
         side({"late_reason": "Libur."}, case__report=SimpleNamespace(received_on=D(2024, 11, 28)))],
        [(side({}, case__report=SimpleNamespace(received_on=D(2024, 11, 28))), "ended on 27 November 2024")],
    ),
    "invited_ahead": (
        [side({"scheduled_on": LIMIT})],
        [(side({"scheduled_on": D(2024, 11, 26)}), "27 November 2024 at the earliest")],
    ),
    "at_most_two_invitations": (
        [
            side({"people": [{"role": "WITNESS", "name": "Ani"}, {"role": "EXPERT", "name": "Ani"}]}),
            side({"people": [{"role": "WITNESS", "name": "Ani"}]}, summoned=[called(TODAY, "CLARIFICATION", "Ani")]),
        ],
        [
            (side({"people": [{"role": "WITNESS", "name": "Ani"}] * 2}), "Ani is named twice"),
            (
                side({"people": [{"role": "WITNESS", "name": "Ani"}]},
                     summoned=[called(TODAY, "CLARIFICATION", "Ani")] * 2),
                "Ani has already been invited twice",
            ),
        ],
    ),
    "reported_heard_or_invited_twice": (
        [
            side(heard=[heard(TODAY, "CLARIFICATION")]),
            side(summoned=[called(D(2024, 11, 12), "CLARIFICATION"), called(D(2024, 11, 19), "CLARIFICATION")]),
        ],
        [
            (side(), "neither been heard nor invited twice"),
            (side(heard=[heard(TODAY)]), "neither been heard"),
            (side(summoned=[called(D(2024, 11, 12), "CLARIFICATION")]), "neither been heard"),
            (
                side(summoned=[called(D(2024, 11, 12), "CLARIFICATION"), called(TODAY, "CLARIFICATION")]),
                "wait for that day",
            ),
        ],
    ),
    "intent_stated": (
        [side({}), side({"intent": "Mendukung."}, violation=B7), side({}, violation=None)],
        [(side({}, violation=B7), "Row B7 needs a finding on the intent")],
    ),
    "has_evidence": ([side()], [(side(evidence_count=0), "at least one item of evidence")]),
    "reviewer_in_office": (
        [side({"reviewer": "BKN"})],
        [(side({"reviewer": "KASN"}), "not in office on 20 November 2024"), (side({}), "not in office")],
    ),
    "level_fits_finding": (
        [side({"finding": finding, "level": level}) for finding, level in [
            ("ETHICS", "MORAL"), ("ETHICS", ""), ("DISCIPLINE", "MINOR"), ("DISCIPLINE", "MODERATE"),
            ("DISCIPLINE", "SEVERE"), ("DISCIPLINE", "DISMISSAL"), ("DISCIPLINE", None), ("UNPROVEN", ""),
        ]],
        [(side({"finding": finding, "level": level}), "does not belong") for finding, level in [
            ("ETHICS", "MINOR"), ("DISCIPLINE", "MORAL"), ("UNPROVEN", "MINOR"), ("", "MINOR"),
        ]],
    ),
    "right_employer": (
        [side({"employer": PPK_SELF}, employers=[PPK_SELF])],
        [(side({"employer": PPK_SELF}), "is: BKPSDM Contoh"), (side({}), "BKPSDM Contoh")],
    ),
    "satgas_decided": (
        [side({}), side({}, violation=None), side({"satgas_number": "1", "satgas_on": TODAY}, violation=B13)],
        [
            (side({}, violation=B13), "Row B13 needs the number and date"),
            (side({"satgas_number": "1"}, violation=B13), "number and date"),
            (side({"satgas_on": TODAY}, violation=B13), "number and date"),
        ],
    ),
    "deadline_passed": (
        [side()],
        [
            (side(deadline=None), "No deadline is running"),
            (side(deadline=SimpleNamespace(due_on=TODAY)), "runs until 20 November 2024"),
        ],
    ),
    "examiner_fits_level": (
        [side({"examined_by": by}, **facts) for by, facts in [
            ("SUPERIOR", {}), ("TEAM", {}), ("TEAM", {"case__recommended_level": "SEVERE"}),
            ("TEAM", {"case__recommended_level": "DISMISSAL"}), ("SUPERIOR", {"case__recommended_level": ""}),
            ("COUNCIL", {"case__finding": "ETHICS", "case__recommended_level": "MORAL"}),
            ("COUNCIL", {"case__finding": "ETHICS", "case__recommended_level": ""}),
        ]],
        [
            (side({"examined_by": "COUNCIL"}), "by the superior or a team"),
            (side({"examined_by": "COUNCIL"}, case__recommended_level=""), "by the superior or a team"),
            (side({"examined_by": "SUPERIOR"}, case__recommended_level="SEVERE"), "needs an examination team"),
            (side({"examined_by": "SUPERIOR"}, case__recommended_level="DISMISSAL"), "needs an examination team"),
            (side({"examined_by": "TEAM"}, case__finding="ETHICS", case__recommended_level="MORAL"), "ethics council"),
        ],
    ),
    "examiners_complete": (
        [
            side({"examined_by": "SUPERIOR", "examiners": [person()]}),
            side({"examined_by": "TEAM", "examiners": team(1)}),
            side({"examined_by": "COUNCIL", "examiners": team(3)}),
            side({"examined_by": "COUNCIL", "examiners": team(5)}),
        ],
        [
            (side({"examined_by": "SUPERIOR", "examiners": [person(), person()]}), "Name one superior"),
            (side({"examined_by": "SUPERIOR", "examiners": []}), "Name one superior"),
            (side({"examined_by": "TEAM", "examiners": [person(), person()]}), "one chair and one secretary"),
            (side({"examined_by": "TEAM", "examiners": team(0)}), "at least 1 further member"),
            (side({"examined_by": "COUNCIL", "examiners": team(2)}), "at least 3 further members"),
            (side({"examined_by": "COUNCIL", "examiners": team(4)}), "odd number"),
        ],
    ),
    "examiners_rank": (
        [
            side({"examiners": [person(rank="III/c"), person(rank="IV/a"), person(rank=""), person(rank="IX")]}),
            side({"examiners": [person(rank="III/b")]}, case__snapshot={}),
        ],
        [(side({"examiners": [person(rank="IV/a"), person(name="Ani", rank="III/b")]}), "rank of Ani is below")],
    ),
    "examiners_impartial": (
        [side({"examiners": [person(), person(nip="198906142014022901")]})],
        [
            (side({"examiners": [person(name="SAKSI Contoh")]}), "SAKSI Contoh takes part in this case"),
            (side({"examiners": [person(nip=BUDI.nip)]}), "takes part in this case"),
        ],
    ),
    "at_most_two_summonses": (
        [side(), side(summoned=[called(TODAY)])],
        [(side(summoned=[called(TODAY)] * 2), "already been summoned twice")],
    ),
    "first_summons_missed": (
        [side(), side(summoned=[called(D(2024, 11, 19))]),
         side(summoned=[called(D(2024, 11, 19))], heard=[heard(D(2024, 11, 18))])],
        [
            (side(summoned=[called(TODAY)]), "The first summons is for 20 November 2024"),
            (side(summoned=[called(D(2024, 11, 19))], heard=[heard(D(2024, 11, 19))]), "came to the first summons"),
        ],
    ),
    "summons_notice": (
        [side({"scheduled_on": LIMIT})],
        [(side({"scheduled_on": D(2024, 11, 26)}), "the usual date is 27 November 2024")],
    ),
    "second_summons_late": (
        [side({}), side({}, summoned=[called(D(2024, 11, 19))]), side({}, summoned=[called(TODAY)], on=LIMIT)],
        [(side({}, summoned=[called(D(2024, 11, 1))], on=D(2024, 11, 28)), "by 27 November 2024")],
    ),
    "examined_or_missed_twice": (
        [side(heard=[heard(TODAY)]), side(summoned=[called(D(2024, 11, 12)), called(D(2024, 11, 19))])],
        [
            (side(), "neither examination minutes nor two missed summonses"),
            (side(heard=[heard(TODAY, "CLARIFICATION")]), "neither examination minutes"),
            (side(summoned=[called(D(2024, 11, 12))]), "neither examination minutes"),
            (side(summoned=[called(D(2024, 11, 12)), called(TODAY)]), "second summons is for 20 November 2024"),
        ],
    ),
    "sanction_in_force": (
        [side({"sanction": LIGHT})],
        [(side({"sanction": LIGHT}, open=[HEAVY]), "not in force for an act of 30 October 2024")],
    ),
    "sanction_fits_employment": (
        [side({"sanction": LIGHT}), side({"sanction": None}), side({"sanction": LIGHT}, case__employment="PPPK")],
        [(side({"sanction": sanction(open_to=["PNS"])}, case__employment="PPPK"), "does not exist for PPPK")],
    ),
    "level_reasoned": (
        [
            side({"sanction": LIGHT}), side({"sanction": HEAVY, "level_reason": "Diulangi."}),
            side({"sanction": HEAVY}, case__recommended_level=""),
        ],
        [(side({"sanction": HEAVY}), "recommended another level")],
    ),
    "heavier_on_repetition": (
        [side({"sanction": LIGHT}), side({"sanction": HEAVY}, past_sanctions=[LIGHT])],
        [
            (side({"sanction": LIGHT}, past_sanctions=[LIGHT]), "heavier than “Teguran lisan”"),
            (side({"sanction": LIGHT}, past_sanctions=[HEAVY]), "heavier than “Penurunan jabatan”"),
        ],
    ),
    "post_lock_approved": (
        [
            side({"sanction": LIGHT}, locking_election=ELECTION), side({"sanction": HEAVY}),
            side({"sanction": HEAVY, "approval_number": "1", "approval_on": TODAY}, locking_election=ELECTION),
        ],
        [
            (side({"sanction": HEAVY}, locking_election=ELECTION), "Between 22 March 2024"),
            (side({"sanction": HEAVY, "approval_number": "1"}, locking_election=ELECTION), "its number and date"),
            (side({"sanction": HEAVY, "approval_on": TODAY}, locking_election=ELECTION), "its number and date"),
        ],
    ),
    "satgas_for_sanction": (
        [side({"sanction": LIGHT}), side({"sanction": BY_SATGAS, "satgas_number": "1", "satgas_on": TODAY})],
        [
            (side({"sanction": BY_SATGAS}), "the task force's decision"),
            (side({"sanction": BY_SATGAS, "satgas_number": "1"}), "the task force's decision"),
        ],
    ),
    "authority_to_punish": (
        [side({"sanction": LIGHT}), side({"sanction": LIGHT}, authority=[GUBERNUR, PPK_SELF])],
        [(side({"sanction": LIGHT}, authority=[GUBERNUR]), "the law names: Gubernur")],
    ),
    "delivered_after_decree": (
        [side({"received_on": D(2024, 11, 11)}), side({"received_on": TODAY})],
        [
            (side({"received_on": D(2024, 11, 10)}), "decided on 11 November 2024"),
            (side({"received_on": D(2024, 11, 21)}), "in the future"),
        ],
    ),
    "delivered_late": (
        [side({"received_on": LIMIT})],
        [(side({"received_on": D(2024, 11, 28)}), "delivered by 27 November 2024")],
    ),
    "appeal_in_time": (
        [side({"kind": kind, "filed_on": day}) for kind in ("objection", "appeal") for day in
         (D(2024, 11, 13), TODAY)] + [side({"kind": "appeal", "filed_on": LIMIT}, on=LIMIT)],
        [
            (side({"kind": "objection", "filed_on": D(2024, 11, 21)}), "in the future"),
            (side({"kind": "objection", "filed_on": D(2024, 11, 12)}), "received on 13 November 2024"),
            (side({"kind": "objection", "filed_on": D(2024, 11, 28)}, on=D(2024, 12, 2)), "ended on 27 November 2024"),
        ],
    ),
    "appeal_kind_fits": (
        [side({"kind": "objection"}), side({"kind": "appeal"}, decision__sanction=DISMISSAL)],
        [
            (side({"kind": "appeal"}), "contested by an objection"),
            (side({"kind": "objection"}, decision__sanction=DISMISSAL), "administrative appeal to BPASN"),
        ],
    ),
    "ruling_fits_sanction": (
        [
            side({"ruling": "UPHELD"}), side({"ruling": "UPHELD", "sanction": LIGHT}),
            side({"ruling": "LIGHTENED", "sanction": LIGHT}, decision__sanction=HEAVY),
            side({"ruling": "AGGRAVATED", "sanction": HEAVY}),
            side({"ruling": "CHANGED", "sanction": HEAVY}),
        ],
        [
            (side({"ruling": "UPHELD", "sanction": HEAVY}), "its sanction stays"),
            (side({"ruling": "CHANGED"}), "Name the sanction that holds"),
            (side({"ruling": "CHANGED", "sanction": LIGHT}), "Name the sanction that holds"),
            (side({"ruling": "LIGHTENED", "sanction": HEAVY}), "not lighter"),
            (side({"ruling": "AGGRAVATED", "sanction": LIGHT}, decision__sanction=HEAVY), "not heavier"),
        ],
    ),
    "fifteenth_day_reached": (
        [side(on=LIMIT), side(on=D(2024, 12, 2))],
        [(side(on=D(2024, 11, 26)), "takes force on 27 November 2024")],
    ),
}  # fmt: skip

SILENT = [(name, sidey) for name, (silent, _speaking) in BOTH_WAYS.items() for sidey in silent]
SPEAKING = [(name, sidey, words) for name, (_silent, speaking) in BOTH_WAYS.items() for sidey, words in speaking]


def ask(name: str, data: dict[str, Any] | None, facts: Facts) -> str | None:
    with translation.override("en"):
        return GUARDS[name](situation(data, **facts))


@pytest.mark.parametrize(("name", "given"), SILENT, ids=[f"{n}-{i}" for i, (n, _s) in enumerate(SILENT)])
def test_silent(name: str, given: Side) -> None:
    assert ask(name, *given) is None


@pytest.mark.parametrize(
    ("name", "given", "words"), SPEAKING, ids=[f"{n}-{i}" for i, (n, _s, _w) in enumerate(SPEAKING)]
)
def test_says_why_not(name: str, given: Side, words: str) -> None:
    assert words in (ask(name, *given) or "")


def test_no_guard_is_missing() -> None:
    assert set(BOTH_WAYS) == set(GUARDS)
    for name, (silent, speaking) in BOTH_WAYS.items():
        assert silent, name
        assert speaking, name


def test_every_guard_guards_something() -> None:
    used = {name for step in STEPS for name in (*step.guards, *step.cautions)}
    assert used == set(GUARDS)


@pytest.mark.parametrize("name", [name for name, guard in GUARDS.items() if guard.needs])
def test_a_guard_that_needs_answers_is_silent_while_there_are_none(name: str) -> None:
    for _name, (_data, facts), _words in [row for row in SPEAKING if row[0] == name]:
        assert ask(name, None, facts) is None


def test_a_guard_speaks_to_a_field_of_its_steps_form() -> None:
    from cases.forms import STEP_FORMS

    for step in STEPS:
        fields = set(STEP_FORMS[step.form].base_fields)
        for name in step.guards:
            guard = GUARDS[name]
            if guard.field:
                assert guard.field in fields, (step.name, name)
