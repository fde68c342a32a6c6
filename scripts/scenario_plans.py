"""Which cases make_scenarios.py writes: elections, dates, endings, and the cases still open on the demo's day."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

import holidays
from scenario_texts import CATEGORIES, Category
from scenario_world import Person

ONE_DAY = dt.timedelta(days=1)
OFF = holidays.country_holidays("ID", years=range(2020, 2026), categories=("public", "government"))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def working(date: dt.date) -> bool:
    return date.weekday() < 5 and date not in OFF


def later(date: dt.date, days: int) -> dt.date:
    """The ``days``-th working day after ``date``; with 0 the day itself or the next working day."""
    while not working(date):
        date += ONE_DAY
    while days:
        date += ONE_DAY
        days -= working(date)
    return date


@dataclass(frozen=True)
class Election:
    code: str
    determined: dt.date
    before: str
    after: str
    registered_unit: str  # what the handling limit counts
    plenary: str = "K.JI-99"


ELECTIONS = {
    "2020": Election(
        "pilkada-2020", day("2020-09-23"), "bakal pasangan calon wali kota", "pasangan calon wali kota", "calendar"
    ),
    "leg": Election(
        "pemilu-2024-legislatif", day("2023-11-03"), "bakal calon anggota DPRD", "calon anggota DPRD", "working"
    ),
    "pres": Election(
        "pemilu-2024-presiden", day("2023-11-13"), "bakal calon presiden", "pasangan calon presiden", "working"
    ),
    "2024": Election(
        "pilkada-2024", day("2024-09-22"), "bakal pasangan calon wali kota", "pasangan calon wali kota", "calendar"
    ),
    "gub": Election(
        "pilkada-2024-gubernur", day("2024-09-22"), "bakal calon gubernur", "pasangan calon gubernur", "calendar"
    ),
}
SKB_2022 = day("2022-09-22")
PP_94 = day("2021-08-31")
BKN_FROM = day("2024-08-24")

#: Steps in order with the usual number of working days since the step before.
PATH = (
    ("register", 1), ("invite", 0), ("record_clarification", 2), ("conclude_clarification", 0), ("propose", 1),
    ("forward", 1), ("accept", 1), ("propose_review", 3), ("recommend_sanction", 1), ("start_examination", 3),
    ("summon", 0), ("record_examination", 8), ("report_examination", 1), ("decide_sanction", 2), ("deliver", 2),
    ("enforce", 16), ("close", 1),
)  # fmt: skip
ORDER = [name for name, _gap in PATH]
GAPS = dict(PATH)


@dataclass
class Plan:
    """What is to become of one case."""

    election: str
    person: Person
    category: str
    act: dt.date
    ending: str  # a final step, or "open:<last step taken>"
    finding: bool = True
    sanction: str = ""
    known_after: int = 1
    anchors: dict[str, dt.date] = field(default_factory=dict)
    waive: bool = False
    extra: str = ""
    incident: str = ""


def row(category: Category, act: dt.date, *, after: bool) -> tuple[str, str]:
    """SKB row and standing of the favoured, by date."""
    if act < SKB_2022:
        return ("B0", "CANDIDATE") if after else ("A0", "PROSPECTIVE")
    return category.row_after if after else category.row_before


# ---------------------------------------------------------------------------------------------------- the plans
def weighted(rng: random.Random, table: dict[str, float]) -> str:
    return rng.choices(list(table), list(table.values()))[0]


#: Shares of categories: social media, partisan activity, photo, declaration, approach to parties, like, banner, team.
SHARES = {
    "medsos": 28,
    "suka": 15,
    "kegiatan": 20,
    "foto": 13,
    "deklarasi": 11,
    "pendekatan": 4,
    "spanduk": 5,
    "tim": 4,
}


def finished(
    rng: random.Random,
    pool: list[Person],
    election: str,
    first: str,
    last: str,
    endings: dict[str, int],
    before: float,
    finding: float,
    sanctions: dict[str, float],
) -> list[Plan]:
    plans = []
    span = (day(last) - day(first)).days
    border = (ELECTIONS[election].determined - day(first)).days
    for ending, count in endings.items():
        for _ in range(count):
            early = rng.random() < before
            shift = rng.randint(0, border - 8) if early else rng.randint(border + 2, span)
            category = weighted(rng, SHARES)
            if early and category == "tim":
                category = "medsos"
            plan = Plan(
                election,
                pool.pop(),
                category,
                day(first) + ONE_DAY * shift,
                ending,
                finding=rng.random() < finding,
                known_after=rng.randint(0, 3),
            )
            if ending == "decline":
                plan.finding = False
            if (
                day("2024-08-07") <= plan.act <= day("2024-08-23")
            ):  # the weeks in which the reviewing body changed hands
                plan.act -= ONE_DAY * 20
            code, _status = row(CATEGORIES[category], plan.act, after=not early)
            plan.waive = early and election != "2020" and rng.random() < 0.5
            plan.sanction = rng.choices(["M2", "M1"], [3, 2])[0] if code.startswith("A") else weighted(rng, sanctions)
            if (
                plan.person.employment == "PPPK" and plan.sanction[0] in "SL"
            ):  # no sanction on rank or post exists for them
                plan.sanction = "S1T"
            plans.append(plan)
    return plans


def open_cases(rng: random.Random, named: dict[str, Person], pool: list[Person]) -> list[Plan]:
    """Cases that wait on some desk on Friday 29 November 2024: overdue, due soon, later, and with others."""
    n = day

    def plan(
        who: str,
        category: str,
        act: str,
        last: str,
        *,
        election: str = "2024",
        extra: str = "",
        finding: bool = False,
        sanction: str = "",
        incident: str = "",
        known: int = 1,
        **anchors: str,
    ) -> Plan:
        person = named.get(who) or next(p for p in reversed(pool) if p.employment == "PNS")
        pool[:] = [other for other in pool if other is not person]
        return Plan(
            election,
            person,
            category,
            n(act),
            f"open:{last}",
            finding=finding,
            sanction=sanction,
            extra=extra,
            incident=incident,
            known_after=known,
            anchors={step: n(on) for step, on in anchors.items()},
        )

    return [
        # --- employing authority: the signatory's desk
        plan("Heru", "kegiatan", "2024-10-18", "report_examination", finding=True, sanction="S2T", recommend_sanction="2024-11-11", start_examination="2024-11-12", record_examination="2024-11-21", report_examination="2024-11-22", incident="Mengumpulkan pengemudi angkutan untuk mendengar ajakan memilih pasangan calon wali kota"),
        plan("Agung", "deklarasi", "2024-10-26", "report_examination", sanction="R3", recommend_sanction="2024-11-15", start_examination="2024-11-18", record_examination="2024-11-25", report_examination="2024-11-26", incident="Hadir di panggung kampanye dan menyambut pasangan calon wali kota sebagai lurah"),
        plan("Kartika", "foto", "2024-09-14", "report_examination", sanction="M1", intake="2024-09-17", forward="2024-09-23", propose_review="2024-11-18", recommend_sanction="2024-11-20", start_examination="2024-11-21", record_examination="2024-11-26", report_examination="2024-11-28", incident="Mengunggah foto bersama bakal calon wali kota di ruang tunggu puskesmas"),
        plan("Nurul", "medsos", "2024-10-30", "report_examination", finding=True, sanction="S1T", recommend_sanction="2024-11-25", start_examination="2024-11-25", record_examination="2024-11-28", report_examination="2024-11-28", incident="Membuat utas dukungan kepada pasangan calon wali kota di media sosial"),
        plan("Endang", "medsos", "2024-08-21", "deliver", extra="appeal", sanction="M2", intake="2024-08-22", forward="2024-08-27", recommend_sanction="2024-09-06", record_examination="2024-09-24", decide_sanction="2024-10-09", deliver="2024-10-15", appeal="2024-10-29", incident="Mengajak wali murid mendukung bakal calon wali kota lewat grup pesan"),
        # --- employing authority: the officers' desk
        plan("Rahmat", "suka", "2024-10-28", "recommend_sanction", sanction="S1T", recommend_sanction="2024-11-19", incident="Memberi tanda suka berulang pada akun pemenangan pasangan calon wali kota"),
        plan("Slamet", "kegiatan", "2024-11-02", "recommend_sanction", sanction="B1", recommend_sanction="2024-11-25", incident="Mengundang ketua rukun tetangga ke pertemuan yang mengarahkan pilihan"),
        plan("Yusuf", "spanduk", "2024-11-06", "summon", finding=True, sanction="R2", recommend_sanction="2024-11-28", start_examination="2024-11-28", summon="2024-11-28", incident="Mengangkut dan memasang baliho pasangan calon wali kota dengan kendaraan pinjaman"),
        plan("", "medsos", "2024-10-14", "summon", extra="escalate", sanction="S2T", recommend_sanction="2024-11-08", start_examination="2024-11-18", summon="2024-11-18", escalate="2024-11-25"),
        plan("", "deklarasi", "2024-10-20", "recommend_sanction", finding=True, sanction="S1T", recommend_sanction="2024-11-13"),
        plan("", "foto", "2024-10-09", "decide_sanction", sanction="R2", recommend_sanction="2024-10-30", record_examination="2024-11-12", decide_sanction="2024-11-14"),
        plan("Sri", "medsos", "2024-10-02", "deliver", finding=True, sanction="S1T", recommend_sanction="2024-10-18", record_examination="2024-11-01", decide_sanction="2024-11-14", deliver="2024-11-20", incident="Mengirim poster pasangan calon wali kota ke grup pegawai dinas"),
        plan("", "suka", "2024-09-11", "enforce", sanction="M1", recommend_sanction="2024-10-02", record_examination="2024-10-16", decide_sanction="2024-10-25", deliver="2024-10-30", enforce="2024-11-26"),
        # --- reviewing body
        plan("Bambang", "foto", "2024-11-07", "accept", extra="supplement", intake="2024-11-08", register="2024-11-13", forward="2024-11-18", accept="2024-11-18", request_supplement="2024-11-21", supply="2024-11-25", incident="Mengunggah foto bersama dan ajakan memilih salah satu pasangan calon wali kota di Facebook"),
        plan("", "medsos", "2024-11-18", "forward", finding=True, forward="2024-11-26"),
        plan("", "kegiatan", "2024-11-09", "forward", forward="2024-11-19"),
        plan("", "suka", "2024-11-15", "accept", finding=True, forward="2024-11-25", accept="2024-11-26"),
        plan("", "deklarasi", "2024-11-12", "propose_review", forward="2024-11-21", accept="2024-11-22", propose_review="2024-11-26", sanction="S1T"),
        plan("", "medsos", "2024-11-13", "propose_review", election="gub", finding=True, forward="2024-11-22", accept="2024-11-25", propose_review="2024-11-28", sanction="S1T"),
        plan("", "tim", "2024-11-11", "accept", extra="supplement", forward="2024-11-20", accept="2024-11-21", request_supplement="2024-11-25"),
        # --- supervisor
        plan("", "foto", "2024-11-26", "intake", known=1, intake="2024-11-28"),
        plan("", "kegiatan", "2024-11-23", "intake", known=1, intake="2024-11-25"),
        plan("", "medsos", "2024-11-25", "intake", extra="incomplete", known=1, intake="2024-11-27", request_completion="2024-11-28"),
        plan("", "suka", "2024-11-25", "register", known=1, finding=True, intake="2024-11-26", register="2024-11-28"),
        plan("", "deklarasi", "2024-11-23", "invite", known=1, intake="2024-11-25", register="2024-11-26", invite="2024-11-28"),
        plan("", "medsos", "2024-11-22", "conclude_clarification", known=1, finding=True, intake="2024-11-25", register="2024-11-25", record_clarification="2024-11-28"),
        plan("", "kegiatan", "2024-11-20", "propose", known=1, intake="2024-11-21", register="2024-11-25", invite="2024-11-25", record_clarification="2024-11-26", propose="2024-11-28"),
        plan("", "spanduk", "2024-11-21", "propose", known=1, finding=True, intake="2024-11-22", register="2024-11-26", invite="2024-11-26", record_clarification="2024-11-28", propose="2024-11-28"),
    ]  # fmt: skip


#: The state a case ends in, by its last step.
ENDS = {
    "decline": "declined", "dismiss": "dismissed", "close_unproven": "unproven", "decide_no_sanction": "cleared",
    "annul": "annulled", "close": "closed",
}  # fmt: skip
#: Where a case stands after its last step (and what was added).
OPEN_STATES = {
    "intake": "received", "intakeincomplete": "incomplete", "register": "registered", "invite": "clarification",
    "record_clarification": "clarification", "conclude_clarification": "assessment", "propose": "plenary",
    "forward": "forwarded", "accept": "under_review", "acceptsupplement": "supplement", "acceptsupplement+": "under_review",
    "propose_review": "review_board", "recommend_sanction": "sanction_recommended", "start_examination": "examination",
    "summon": "examination", "summonescalate": "examination", "recommend_sanctionescalate": "sanction_recommended",
    "report_examination": "examined", "decide_sanction": "decided", "deliver": "delivered", "deliverappeal": "appealed",
    "enforce": "in_force",
}  # fmt: skip
