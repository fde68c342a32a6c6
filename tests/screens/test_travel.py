"""One case from report to closed, by every desk, through HTTP alone and without JavaScript."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases.models import Case
from tests.fixtures_world import Loaded
from tests.screens.browser import Page, Person, on

pytestmark = pytest.mark.django_db


def picture(name: str = "layar.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def done(page: Page, state: str) -> None:
    assert page.status == 200, page.text[:2000]
    case = Case.objects.get()
    assert case.state == state, page.text[:3000]


@pytest.mark.parametrize("language", ["id", pytest.param("en", marks=pytest.mark.once)])
def test_from_report_to_closed(world: Loaded, language: str) -> None:
    def seat(name: str) -> Person:
        return Person(world.officer(name), language=language)

    officer, commissioner = seat("yuni"), seat("hendra")
    reviewer, board = seat("rina"), seat("pramono")
    agency, authority = seat("agus"), seat("suryo")

    with on("2024-11-01"):
        page = officer.file(
            origin="REPORT", channel="COUNTER", election="pilkada-2024", incident="Mengunggah ajakan memilih",
            place="Facebook", occurred_on="2024-10-30", known_on="2024-10-31", chronology="Terlapor mengunggah ajakan.",
            **{"reported-0-name": "Bambang", "reported-0-nip": "19740612 199903 1 903"},
            reporter_name="Sukarti Melati", reporter_address="Jalan Rahasia 7",
            **{"witnesses-0-name": "Paiman", "evidence-0-title": "Tangkapan layar", "evidence-0-file": picture()},
        )  # fmt: skip
        done(page, "received")
    case = Case.objects.get()
    number = case.number
    assert page.url == f"/cases/{number}/"
    assert "Sukarti" not in page.html
    assert "Jalan Rahasia" not in page.html

    with on("2024-11-04"):
        done(officer.take(number, "register", violation="B6", target_status="CANDIDATE"), "registered")
        invited = {"people-0-role": "REPORTED", "people-1-role": "REPORTER"}
        done(officer.take(number, "invite", **invited, scheduled_on="2024-11-06", place="Ruang klarifikasi"),
             "clarification")  # fmt: skip
    with on("2024-11-06", "11:00"):
        heard = officer.take(
            number, "record_clarification", person_role="REPORTED", place="Ruang klarifikasi", oath="NOT_ASKED",
            statement="Benar saya mengunggah.",
        )  # fmt: skip
        done(heard, "clarification")
        done(officer.take(number, "conclude_clarification"), "assessment")
    with on("2024-11-07"):
        done(
            officer.take(
                number, "propose", facts="Unggahan ada.", element_subject="PNS aktif.", element_act="Mengunggah.",
                element_target="Calon wali kota.", analysis="Memenuhi unsur.", conclusion="Terbukti.",
                proposed_outcome="FORWARD",
            ),
            "plenary",
        )  # fmt: skip
    with on("2024-11-08"):
        done(commissioner.take(number, "forward", plenary_number="12/BA/2024"), "forwarded")
    with on("2024-11-11"):
        done(reviewer.take(number, "accept"), "under_review")
        done(reviewer.take(number, "request_supplement", missing_items="Tangkapan layar utuh"), "supplement")
        page = reviewer.get(f"/cases/{number}/")
        assert "Sukarti" not in page.html
    with on("2024-11-12"):
        done(officer.take(number, "supply", added="Tangkapan layar utuh"), "under_review")
    with on("2024-11-13"):
        done(reviewer.take(number, "propose_review", analysis="Terbukti.", finding="DISCIPLINE", level="MODERATE"),
             "review_board")  # fmt: skip
    with on("2024-11-14"):
        done(board.take(number, "recommend_sanction", considerations="Telah terbukti."), "sanction_recommended")
    with on("2024-11-15"):
        done(
            agency.take(
                number, "start_examination", examined_by="TEAM",
                **{
                    f"examiners-{row}-{column}": value
                    for row, cells in enumerate(
                        (("CHAIR", "Rahmad", "Kepala Dinas", "IV/c"), ("SECRETARY", "Sulastri", "Sekretaris", "IV/b"),
                         ("MEMBER", "Teguh", "Inspektur Pembantu", "IV/a"))
                    )
                    for column, value in zip(("part", "name", "position", "rank"), cells, strict=True)
                },
            ),
            "examination",
        )  # fmt: skip
        done(agency.take(number, "summon", scheduled_on="2024-11-26", place="Ruang rapat BKPSDM"), "examination")
    with on("2024-11-26", "13:00"):
        done(
            agency.take(
                number, "record_examination", place="Ruang rapat BKPSDM", signed="yes",
                **{"questions-0-question": "Apakah Saudara sehat?", "questions-0-answer": "Sehat."},
            ),
            "examination",
        )  # fmt: skip
    with on("2024-11-28"):
        done(agency.take(number, "report_examination", findings="Terbukti.", impact="AGENCY", proven="yes"), "examined")
    with on("2024-11-29"):
        done(authority.take(number, "decide_sanction", sanction="S1T"), "decided")
    with on("2024-12-02"):
        done(agency.take(number, "deliver", manner="IN_PERSON"), "delivered")
        page = agency.get(f"/cases/{number}/")
        assert "enforce" not in "".join(page.post_targets)
    with on("2024-12-30"):
        done(agency.take(number, "enforce"), "in_force")
        done(agency.take(number, "close", record_number="IDIS-1"), "closed")
        assert not {t for t in agency.get(f"/cases/{number}/").post_targets if number in t} - {
            f"/cases/{number}/notes/"
        }
