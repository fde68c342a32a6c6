"""One case in every state, brought there by real steps, and everything needed to take any step on it.

``ENTRIES`` are the steps of the story, ``PATHS`` say which of them lead to a scene, ``TYPED`` is what a person types
into each step's form in the matrix. A scene is a state at a day: where one day cannot suit all steps of a state (a
decree is contested early and enforced late) there is a second scene.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Officer, User
from cases.forms import STEP_FORMS
from cases.models import Case
from cases.services.situation import CaseSituation
from cases.workflow import STEP
from tests.fixtures_world import Loaded
from tests.play import play

EMPLOYEE = "197406121999031903"
REPORT = {
    "by": "yuni", "on": "2024-11-01 09:00", "origin": "REPORT", "election": "pilkada-2024", "channel": "COUNTER",
    "incident": "Mengunggah ajakan memilih", "place": "Facebook", "occurred_on": "2024-10-30",
    "known_on": "2024-10-31", "chronology": "Terlapor mengunggah ajakan memilih.",
    "reported": [{"nip": EMPLOYEE}],
    "reporter": {"name": "Warga Contoh", "address": "Jalan Contoh 7"},
    "evidence": [{"title": "Tangkapan layar", "picture": "Ajakan"}],
}  # fmt: skip

#: The people of the case, by the oracle's desk. ``b…`` the same desk at another institution.
PEOPLE = {
    "bo": "yuni", "bs": "hendra", "ro": "rina", "rs": "pramono", "eo": "agus", "es": "wahyu", "au": "sekar",
    "ad": "admin",
}  # fmt: skip
NEIGHBOURS = {"bo": "ningsih", "bs": "tomi", "ro": "dewi", "rs": "arum", "eo": "retno", "es": "danar"}

INVITED = [{"role": "REPORTED", "name": ""}, {"role": "WITNESS", "name": "Saksi Contoh"}]
ONE_INVITED = [{"role": "REPORTED", "name": ""}]
EXAMINER = [{"part": "CHAIR", "name": "Atasan Contoh, S.E.", "nip": "", "position": "Camat", "rank": "IV/b"}]
QUESTIONS = [{"question": "Apakah benar?", "answer": "Benar."}]

#: What a person types. Lists are tables; in a browser each cell is an input of its own.
TYPED: dict[str, dict[str, Any]] = {
    "request_completion": {"missing_items": "Alamat saksi"},
    "complete": {"added": "Alamat saksi"},
    "decline": {"reason_code": "FORMAL", "reason": "Tidak dilengkapi."},
    "register": {"employee": EMPLOYEE, "violation": "B2", "target_status": "CANDIDATE"},
    "invite": {"people": INVITED, "scheduled_on": "2024-11-12", "scheduled_at": "09:00", "place": "Kantor"},
    "record_clarification": {
        "person_role": "REPORTED", "held_on": "2024-11-06", "place": "Kantor", "oath": "NOT_ASKED",
        "statement": "Benar itu unggahan saya.",
    },
    "waive_clarification": {"reason": "Bukti sudah cukup."},
    "conclude_clarification": {},
    "propose": {
        "facts": "Unggahan ada.", "element_subject": "PNS.", "element_act": "Mengunggah.", "element_target": "Calon.",
        "analysis": "Memenuhi unsur.", "conclusion": "Diteruskan.", "proposed_outcome": "FORWARD",
    },
    "return_assessment": {"reason": "Unsur belum lengkap."},
    "dismiss": {"plenary_number": "12/BA/2024", "plenary_on": "2024-11-07", "reason": "Tidak cukup bukti."},
    "forward": {"plenary_number": "12/BA/2024", "plenary_on": "2024-11-07", "reviewer": "bkn-kanreg-2"},
    "accept": {},
    "request_supplement": {"missing_items": "Layar utuh"},
    "supply": {"added": "Layar utuh"},
    "propose_review": {"analysis": "Terbukti.", "finding": "DISCIPLINE", "level": "MINOR"},
    "return_review": {"reason": "Analisis belum lengkap."},
    "close_unproven": {"reason": "Tidak terbukti."},
    "recommend_sanction": {
        "finding": "DISCIPLINE", "level": "MINOR", "legal_basis": "PP 94/2021", "employer": "bkpsdm-kota-blitar",
    },
    "escalate": {"reason": "Belum ada tindak lanjut."},
    "start_examination": {"examined_by": "SUPERIOR", "examiners": EXAMINER},
    "summon": {
        "scheduled_on": "2025-02-10", "scheduled_at": "09:00", "place": "Kantor", "report_to": "Atasan Contoh, S.E.",
    },
    "record_examination": {"held_on": "2024-11-28", "place": "Kantor", "questions": QUESTIONS, "signed": "yes"},
    "report_examination": {
        "findings": "Terbukti.", "impact": "UNIT", "proven": "yes", "article": "Pasal 5", "proposed_sanction": "R2",
    },
    "return_examination": {"reason": "Periksa lagi."},
    "decide_sanction": {"sanction": "R2", "article": "Pasal 5", "proven_act": "mengunggah ajakan memilih"},
    "decide_no_sanction": {"reason": "Tidak terbukti dalam pemeriksaan."},
    "deliver": {"received_on": "2024-12-03", "manner": "IN_PERSON", "received_by": "Bambang Hariyanto"},
    "appeal": {"kind": "objection", "filed_on": "2024-12-10", "grounds": "Terlalu berat."},
    "replace_decree": {
        "reason": "Pasal keliru.", "sanction": "R3", "article": "Pasal 5", "proven_act": "mengunggah ajakan memilih",
    },
    "uphold": {
        "ruling": "UPHELD", "ruling_number": "1/KBR/2024", "ruling_on": "2024-12-19", "considerations": "Tetap.",
    },
    "annul": {"ruling_number": "1/KBR/2024", "ruling_on": "2024-12-19", "considerations": "Dibatalkan."},
    "enforce": {},
    "close": {"record_system": "IDIS", "record_number": "CONTOH-1", "recorded_on": "2025-01-17"},
}  # fmt: skip

#: Day, person and what differs from ``TYPED`` when the story takes a step.
ENTRIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "request_completion": ("2024-11-01 10:00", "yuni", {}),
    "decline": ("2024-11-04 09:00", "hendra", {}),
    "register": ("2024-11-04 09:00", "yuni", {}),
    "invite": ("2024-11-04 10:00", "yuni", {"people": ONE_INVITED, "scheduled_on": "2024-11-06"}),
    "record_clarification": ("2024-11-06 10:00", "yuni", {}),
    "waive_clarification": ("2024-11-04 10:00", "yuni", {}),
    "propose": ("2024-11-07 09:00", "yuni", {}),
    "dismiss": ("2024-11-08 09:00", "hendra", {}),
    "forward": ("2024-11-08 09:00", "hendra", {}),
    "accept": ("2024-11-11 09:00", "rina", {}),
    "request_supplement": ("2024-11-11 10:00", "rina", {}),
    "propose_review": ("2024-11-13 09:00", "rina", {}),
    "close_unproven": ("2024-11-14 09:00", "pramono", {}),
    "recommend_sanction": ("2024-11-14 09:00", "pramono", {}),
    "start_examination": ("2024-11-18 09:00", "agus", {}),
    "summon": ("2024-11-18 10:00", "agus", {"scheduled_on": "2024-11-28"}),
    "record_examination": ("2024-11-28 10:00", "agus", {}),
    "report_examination": ("2024-11-29 09:00", "agus", {}),
    "decide_no_sanction": ("2024-12-02 09:00", "wahyu", {}),
    "decide_sanction": ("2024-12-02 09:00", "wahyu", {}),
    "deliver": ("2024-12-03 09:00", "agus", {}),
    "appeal": ("2024-12-10 09:00", "agus", {}),
    "annul": ("2024-12-20 09:00", "wahyu", {}),
    "enforce": ("2025-01-06 09:00", "agus", {}),
    "close": ("2025-01-20 09:00", "agus", {}),
}

_PLENARY = ("register", "waive_clarification", "propose")
_REVIEW = (*_PLENARY, "forward", "accept")
_BOARD = (*_REVIEW, "propose_review")
_EXAMINATION = (*_BOARD, "recommend_sanction", "start_examination")
_HEARD = (*_EXAMINATION, "summon", "record_examination")
_EXAMINED = (*_HEARD, "report_examination")
_DELIVERED = (*_EXAMINED, "decide_sanction", "deliver")
LATE = "2025-01-20"

#: Scene: state, steps that lead there, the day people look at it. A scene is named after its state unless it is a
#: second one for the steps in ``ONLY``.
PATHS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "received": ("received", (), "2024-11-04"),
    "incomplete": ("incomplete", ("request_completion",), "2024-11-04"),
    "declined": ("declined", ("decline",), "2024-11-05"),
    "registered": ("registered", ("register",), "2024-11-05"),
    "clarification": ("clarification", ("register", "invite", "record_clarification"), "2024-11-07"),
    "assessment": ("assessment", ("register", "waive_clarification"), "2024-11-07"),
    "plenary": ("plenary", _PLENARY, "2024-11-08"),
    "dismissed": ("dismissed", (*_PLENARY, "dismiss"), "2024-11-11"),
    "forwarded": ("forwarded", (*_PLENARY, "forward"), "2024-11-11"),
    "under_review": ("under_review", _REVIEW, "2024-11-12"),
    "supplement": ("supplement", (*_REVIEW, "request_supplement"), "2024-11-12"),
    "review_board": ("review_board", _BOARD, "2024-11-14"),
    "unproven": ("unproven", (*_BOARD, "close_unproven"), "2024-11-15"),
    "sanction_recommended": ("sanction_recommended", (*_BOARD, "recommend_sanction"), LATE),
    "examination": ("examination", _EXAMINATION, LATE),
    "examination heard": ("examination", _HEARD, "2024-11-29"),
    "examined": ("examined", _EXAMINED, LATE),
    "decided": ("decided", (*_EXAMINED, "decide_sanction"), "2024-12-03"),
    "cleared": ("cleared", (*_EXAMINED, "decide_no_sanction"), "2024-12-03"),
    "delivered": ("delivered", _DELIVERED, "2024-12-10"),
    "delivered late": ("delivered", _DELIVERED, LATE),
    "appealed": ("appealed", (*_DELIVERED, "appeal"), "2024-12-20"),
    "annulled": ("annulled", (*_DELIVERED, "appeal", "annul"), "2024-12-23"),
    "in_force": ("in_force", (*_DELIVERED, "enforce"), LATE),
    "closed": ("closed", (*_DELIVERED, "enforce", "close"), "2025-01-21"),
}
#: Steps that are tried in a second scene of their state.
ONLY = {("report_examination", "examination"): "examination heard", ("enforce", "delivered"): "delivered late"}


@dataclass(frozen=True)
class Scene:
    """A case in a state, at a moment."""

    name: str
    state: str
    case: Case
    at: dt.datetime


def scene_of(step: str, state: str) -> str:
    """The scene in which ``step`` is tried on ``state``."""
    return ONLY.get((step, state), state)


def play_to(steps: tuple[str, ...]) -> Case:
    """The story up to the last of ``steps``."""
    entries = []
    for name in steps:
        on, by, differs = ENTRIES[name]
        entries.append({"on": on, "by": by, "step": name, "data": TYPED[name] | differs})
    return play({"report": REPORT, **({"steps": entries} if entries else {})}).case


def set_scenes(names: Mapping[str, Any] | tuple[str, ...] = ()) -> dict[str, Scene]:
    """Play every scene (or those named); each has a report and a case of its own."""
    scenes = {}
    for name in names or PATHS:
        state, steps, day = PATHS[name]
        case = play_to(steps)
        assert case.state == state, f"the story of {name!r} ended in {case.state!r}"
        moment = dt.datetime.fromisoformat(f"{day} 11:00+07:00")
        scenes[name] = Scene(name, state, case, moment)
    return scenes


def answers(step: str, scene: Scene, actor: Officer, **differs: Any) -> dict[str, Any]:
    """The step's form filled in and cleaned, as the view hands it to the service. Call on the scene's day."""
    case = Case.objects.select_related("report__election", "violation", "employer").get(pk=scene.case.pk)
    form = STEP_FORMS[STEP[step].form](data=TYPED[step] | differs, situation=CaseSituation(case, actor))
    assert form.is_valid(), f"{step}: {form.errors.as_json()}"
    return form.cleaned_data


def posted(step: str, seen: str) -> dict[str, str]:
    """What a browser sends: each cell of a table under its own name."""
    sent = {"seen": seen}
    for name, value in TYPED[step].items():
        if isinstance(value, list):
            for index, row in enumerate(value):
                sent.update({f"{name}-{index}-{column}": cell for column, cell in row.items()})
        else:
            sent[name] = value
    return sent


def inactive_twin(officer: Officer) -> Officer:
    """Another person at the same desk whose desk is closed."""
    email = f"ditutup.{officer.user.email}"
    user = User.objects.create_user(email, email)
    return Officer.objects.create(
        user=user, institution=officer.institution, role=officer.role, name="Ditutup Contoh", position="—",
        is_active=False,
    )  # fmt: skip


def cast(world: Loaded) -> dict[str, Officer]:
    """Everybody who presses buttons, by the name used in reports: desks, neighbours (``bo@other``), closed desks."""
    people = {desk: world.officer(name) for desk, name in PEOPLE.items()}
    people |= {f"{desk}@other": world.officer(name) for desk, name in NEIGHBOURS.items()}
    people |= {f"{desk}@closed": inactive_twin(people[desk]) for desk in NEIGHBOURS}
    return people
