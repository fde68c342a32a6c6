"""A new report: parts, drafts, what the NIPs say, duplicates, the picker, reading back, filing."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cases.catalogue.fit import fit
from cases.clock import now
from cases.models import Case, Draft, DraftFile, Election, Event, Evidence, Letter, Note, Report, ViolationType
from cases.models.sealed import SealedKey
from cases.services.drafts import KEPT_DAYS, MOST, drafts_of, open_draft, save_draft, sweep
from cases.services.errors import NotVisible, Refused, Stale, WrongDesk
from tests.fixtures_world import Loaded
from tests.screens.browser import MOST_QUERIES, Page, Person, on
from tests.screens.conftest import Told
from tests.screens.test_travel import picture

pytestmark = pytest.mark.django_db

FILING = {
    "origin": "REPORT", "channel": "COUNTER", "election": "pilkada-2024", "incident": "Mengunggah", "place": "Facebook",
    "occurred_on": "2024-10-30", "known_on": "2024-10-31", "received_on": "2024-11-01",
    "chronology": "Mengunggah ajakan.", "reported-0-name": "Bambang",
    "reported-0-nip": "197406121999031903", "reported-1-name": "Orang Kedua",
    "reporter_name": "Sukarti", "reporter_address": "Jalan Rahasia 7",
}  # fmt: skip


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Case, Report, Event, Letter, Evidence, Note))


def begun(person: Person, **answers: Any) -> Page:
    """A draft whose first page was filled in; the second page."""
    names = person.get("/cases/new/")
    given = {name: value for name, value in FILING.items() if name in names.form("/incident/").names}
    return person.send(names, "/incident/", do="next", **given | answers)


# ------------------------------------------------------------------ filing
def test_a_filing_opens_a_case_for_each(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        page = person.file(**FILING | {"suspected": "B6", "evidence-0-title": "Layar", "evidence-0-file": picture()})
    assert page.status == 200
    assert "Orang Kedua" in page.text
    assert Case.objects.count() == 2
    assert Letter.objects.filter(kind="report_receipt").count() == 1
    assert Report.objects.get().suspected == "B6"
    kept = Evidence.objects.get()
    assert kept.title == "Layar"
    assert kept.file.open("rb").read()[:4] == b"\x89PNG", "evidence is the file that was handed in"
    assert not Draft.objects.exists()
    assert not SealedKey.objects.filter(table="cases_draft").exists()


def test_a_filing_sent_twice_is_filed_once(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        page = person.get(_to_check(person))
        first = person.send(page, "/check/")
        again = person.send(page, "/check/")
    assert first.url == again.url
    assert again.status == 200
    assert (Case.objects.count(), Report.objects.count()) == (2, 1)


def _to_check(person: Person) -> str:
    """The address of the last page of a complete draft."""
    key, values = uuid.uuid4(), {name: value for name, value in FILING.items() if not name.startswith("reported-")}
    values["reported"] = [
        {"name": FILING["reported-0-name"], "nip": FILING["reported-0-nip"], "position": "", "unit": ""},
        {"name": FILING["reported-1-name"], "nip": "", "position": "", "unit": ""},
    ]
    save_draft(officer=person.officer, key=key, values=values, page="p", version=0)
    return f"/cases/new/{key}/check/"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reported-0-nip": "123"}, "id_reported"), ({"reporter_name": ""}, "id_reporter_name"),
        ({"known_on": "2024-10-01"}, "id_known_on"), ({"received_on": "2024-12-01"}, "id_received_on"),
        ({"reported-0-name": "", "reported-0-nip": "", "reported-1-name": ""}, "id_reported"),
        ({"origin": ""}, "id_origin"), ({"origin": "FINDING"}, ""), ({"suspected": "Z9"}, "id_suspected"),
        ({"occurred_on": "2025-01-01", "known_on": "2025-01-01"}, "id_occurred_on"),
    ],
)  # fmt: skip
def test_mistakes_in_a_filing_stand_at_their_field(world: Loaded, wrong: dict[str, str], field: str) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        page = person.file(**FILING | wrong)
    if not field:
        assert page.status == 200, "what was typed about a reporter is left out of a finding"
        assert not Report.objects.get().is_reported
        return
    assert page.status == 422
    assert f'href="#{field}' in page.html
    assert not Case.objects.exists()
    assert len(drafts_of(person.officer)) == 1, "wrong or not, what was typed is kept"


def test_what_is_missing_stands_on_the_last_page_with_the_way_there(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        second = begun(person)
        key = second.url.split("/")[3]
        page = person.get(f"/cases/new/{key}/check/")
        sent = person.send(page, "/check/")
    for seen in (page, sent):
        assert f'href="/cases/new/{key}/reported/#id_reported' in seen.html
        assert "File it" not in seen.text
    assert sent.status == 422
    assert not Case.objects.exists()


def test_everything_is_read_back_before_filing(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        page = person.get(_to_check(person))
    for words in ("Mengunggah ajakan.", "Wednesday, 30 October 2024", "19740612 199903 1 903", "Orang Kedua",
                  "Sukarti", "Jalan Rahasia 7", "Facebook", "File it"):  # fmt: skip
        assert words in page.text, words
    assert page.queries <= MOST_QUERIES


def test_a_bad_file_is_not_kept_and_says_so(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    bad = SimpleUploadedFile("layar.png", b"MZ not a picture", "image/png")
    with on("2024-11-01"):
        page = person.file(**FILING | {"evidence-0-title": "Layar", "evidence-0-file": bad})
    assert page.status == 422
    assert 'href="#id_evidence' in page.html
    assert written() == (0, 0, 0, 0, 0, 0)
    assert not DraftFile.objects.exists()


# ------------------------------------------------------------------ drafts
def test_nothing_is_kept_before_something_is_sent(world: Loaded) -> None:
    Person(world.officer("yuni")).get("/cases/new/")
    assert not Draft.objects.exists()


def test_a_draft_stands_among_the_tasks_and_can_be_taken_up_and_deleted(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01", "10:32"):
        second = begun(person, incident="Menyukai unggahan calon")
        tasks, new = person.get("/"), person.get("/cases/new/")
    assert second.url.endswith("/reported/")
    for page in (tasks, new):
        assert "Menyukai unggahan calon" in page.text
        assert "10:32 WIB" in page.text
    assert tasks.queries <= MOST_QUERIES
    assert Person(world.officer("galih")).get(second.url).status == 404, "not even a colleague sees it"
    assert "Menyukai" not in Person(world.officer("galih")).get("/").text
    with on("2024-11-01"):
        again = person.get(second.url.replace("reported", "incident"))
        assert again.form("/incident/").fields["chronology"] == "Mengunggah ajakan."
        gone = person.send(again, "/delete/")
    assert "was deleted" in gone.text
    assert not Draft.objects.exists()
    assert not SealedKey.objects.filter(table="cases_draft").exists()
    assert person.get(second.url).url == "/cases/new/", "an old tab leads to a new report"


def test_every_button_keeps_what_was_typed(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    for asked, goal in (("save", "/incident/"), ("go:reporter", "/reporter/"), ("go:nowhere", "/incident/")):
        page = person.send(person.get("/cases/new/"), "/incident/", do=asked, place=f"Lapangan {asked}")
        assert page.status == 200
        assert page.url.endswith(goal)
    places = {draft.values["place"] for draft in drafts_of(person.officer)}
    assert places == {"Lapangan save", "Lapangan go:reporter", "Lapangan go:nowhere"}


def test_a_second_window_is_told_and_loses_nothing(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        begun(person)
        key = Draft.objects.get().pk
        address = f"/cases/new/{key}/incident/"
        left, right = person.get(address), person.get(address)
        person.send(left, "/incident/", do="save", place="Dari jendela kiri")
        clash = person.send(right, "/incident/", do="save", place="Dari jendela kanan")
        assert clash.status == 409
        assert "saved in another window" in clash.text
        assert clash.form("/incident/").fields["place"] == "Dari jendela kanan"
        assert open_draft(officer=person.officer, key=key).values["place"] == "Dari jendela kiri"
        assert person.send(clash, "/incident/", do="save").status == 409, "only on purpose"
        form = clash.form("/incident/")
        assert 'form="report" name="over" value="1"' in " ".join(clash.html.split())
        kept = person.client.post(form.action, form.fields | {"over": "1"})  # the button stands beside the form
    assert kept.status_code == 302
    assert open_draft(officer=person.officer, key=key).values["place"] == "Dari jendela kanan"


def test_what_the_same_window_saved_while_typing_is_no_clash(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        page = person.get("/cases/new/")
        form = page.form("/incident/")
        saved = person.client.post(form.action, form.fields | {"do": "auto", "place": "Sedang diketik"})
        assert saved.status_code == 200
        assert "Draft saved" in saved.content.decode()
        assert "<form" not in saved.content.decode()
        assert person.send(page, "/incident/", do="save", place="Selesai diketik").status == 200
        late = person.client.post(form.action, form.fields | {"do": "auto", "place": "Terlambat sampai"})
    assert "saved in another window" in late.content.decode(), "kept while typing, but sent was faster"
    assert drafts_of(person.officer)[0].values["place"] == "Selesai diketik"


def test_reading_back_an_old_page_files_nothing(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        page = person.get(_to_check(person))
        key = Draft.objects.get().pk
        save_draft(officer=person.officer, key=key, values={"place": "Lain"}, page="other", version=1)
        clash = person.send(page, "/check/")
        assert clash.status == 409
        assert "Lain" in clash.text
        assert not Case.objects.exists()
        assert person.send(clash, "/check/").status == 200
    assert Report.objects.get().place == "Lain"


def test_nothing_of_a_draft_stands_readable_in_the_database(world: Loaded) -> None:
    """The control is the same search for something that does stand there."""
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        _to_check(person)
        page = person.get(f"/cases/new/{Draft.objects.get().pk}/evidence/")
        shot = picture()
        content = shot.read()
        shot.seek(0)
        person.send(page, "/evidence/", do="save", **{"evidence-0-title": "Layar", "evidence-0-file": shot})
    row = DraftFile.objects.get()
    assert row.title == "Layar"
    assert content not in row.file.open("rb").read()
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM cases_draft")
        payload = bytes(cursor.fetchone()[0])
    for word in ("Sukarti", "Jalan Rahasia", "Mengunggah", "197406121999031903"):
        assert word.encode() not in payload
    opened = open_draft(officer=person.officer, key=Draft.objects.get().pk)
    assert "Sukarti" in json.dumps(opened.values)
    with on("2024-11-01"):
        removed = person.send(person.get(f"/cases/new/{opened.key}/evidence/"), f"/files/{row.pk}/")
    assert "The file was removed." in removed.text
    assert not DraftFile.objects.exists()
    assert not row.file.storage.exists(row.file.name)


def test_drafts_belong_to_the_desk_that_takes_reports_in(world: Loaded) -> None:
    with pytest.raises(WrongDesk):
        save_draft(officer=world.officer("rina"), key=uuid.uuid4(), values={}, page="a", version=0)
    key = uuid.uuid4()
    yuni, galih = world.officer("yuni"), world.officer("galih")
    save_draft(officer=yuni, key=key, values={"place": "x"}, page="a", version=0)
    with pytest.raises(NotVisible):
        save_draft(officer=galih, key=key, values={"place": "y"}, page="b", version=1)
    with pytest.raises(Stale):
        save_draft(officer=yuni, key=key, values={"place": "y"}, page="b", version=0)
    for _ in range(MOST - 1):
        save_draft(officer=yuni, key=uuid.uuid4(), values={}, page="a", version=0)
    with pytest.raises(Refused, match=str(MOST)):
        save_draft(officer=yuni, key=uuid.uuid4(), values={}, page="a", version=0)


def test_a_draft_nobody_touches_goes(world: Loaded) -> None:
    yuni = world.officer("yuni")
    with on("2024-11-01"):
        save_draft(officer=yuni, key=uuid.uuid4(), values={"place": "x"}, page="a", version=0)
        at = now()
    assert sweep(at + dt.timedelta(days=KEPT_DAYS)) == 0
    assert sweep(at + dt.timedelta(days=KEPT_DAYS, seconds=1)) == 1
    assert not Draft.objects.exists()


@pytest.mark.parametrize("address", ["x/incident/", "{key}/nowhere/", "{other}/reported/"])
def test_an_address_of_no_draft(world: Loaded, address: str) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        begun(person)
    page = person.get("/cases/new/" + address.format(key=Draft.objects.get().pk, other=uuid.uuid4()))
    assert page.status == 404 or page.url == "/cases/new/"


# ------------------------------------------------------------------ what is said while typing
def test_a_nip_is_read_and_filled_in_from_the_registry_without_scripts(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        page = person.send(
            begun(person), "/reported/", do="look",
            **{"reported-0-nip": "19740612 199903 1 903", "reported-1-name": "Orang Kedua",
               "reported-1-nip": "198001012005011999"},
        )  # fmt: skip
    assert page.status == 200
    form = page.form("/reported/")
    assert form.fields["reported-0-name"] == "Bambang Hariyanto, S.Sos."
    assert form.fields["reported-1-name"] == "Orang Kedua"
    assert "born 12 June 1974, appointed March 1999" in page.text
    assert "nobody in the registry has it" in page.text
    assert not Case.objects.exists()


def test_the_same_person_reported_again_is_hinted_at_only_to_those_who_may_see(world: Loaded, told: Told) -> None:
    case = told("accept")
    other = told(None)
    typed = {"reported-0-nip": "197406121999031903", "reported-1-name": "bambang hariyanto, s.sos."}
    with on("2024-11-13"):
        mine = Person(world.officer("yuni"))
        page = mine.send(begun(mine), "/reported/", do="look", **typed)
        stranger = Person(world.officer("ningsih"))
        nothing = stranger.send(begun(stranger), "/reported/", do="look", **typed)
    for number in (case.number, other.number):
        assert f"/cases/{number}/" in page.links
        assert f"/cases/{number}/" not in nothing.links
    assert "Perhaps the same case" in page.text
    assert "Perhaps the same case" not in nothing.text
    assert page.queries <= MOST_QUERIES


def test_hints_are_given_while_typing_and_keep_nothing(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        page = person.get("/cases/new/")
        fields = page.form("/incident/").fields | {"election": "pilkada-2024", "occurred_on": "2024-09-01",
                                                   "known_on": "2024-09-02"}  # fmt: skip
        answer = person.client.post("/cases/new/hints/incident/", fields).content.decode()
        reported = {"reported-0-nip": "197406121999031903", "draft": "nonsense"}
        people = person.client.post("/cases/new/hints/reported/", reported).content.decode()
    assert "had not been determined yet" in answer
    assert "The limit for filing was" in answer
    assert "Bambang Hariyanto" in people
    assert not Draft.objects.exists()


@pytest.mark.parametrize("act_on", ["2024-09-21", "2024-09-22", "2024-10-30"])
def test_the_picker_puts_the_rows_that_fit_first(world: Loaded, act_on: str) -> None:
    """Held against the rule itself: a row stands under “fits” when ``fit`` has nothing against it."""
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        page = person.send(
            person.get("/cases/new/"), "/incident/", do="look", election="pilkada-2024", occurred_on=act_on
        )  # fmt: skip
    picker = page.html[page.html.index('class="violations"') :]
    fitting, off = picker.split("Does not fit the date of the act")
    election = Election.objects.get(code="pilkada-2024")
    day = dt.date.fromisoformat(act_on)
    rows = list(ViolationType.objects.in_force(day))
    assert len(rows) == 20
    for row in rows:
        group = off if fit(row, election, day, "") else fitting
        assert f'value="{row.code}"' in group, row.code
    assert "Before the determination of candidates the same act is A1" in picker


def test_registration_begins_with_what_it_looked_like(world: Loaded) -> None:
    person = Person(world.officer("yuni"))
    with on("2024-11-01"):
        page = person.file(**{k: v for k, v in FILING.items() if k != "reported-1-name"} | {"suspected": "B6"})
    case = Case.objects.get()
    with on("2024-11-04"):
        page = person.get(f"/cases/{case.number}/register/")
        assert page.form("/register/").fields["violation"] == "B6"
        assert person.send(page, "/register/", target_status="CANDIDATE").status == 200
    assert Case.objects.get().violation.code == "B6"
