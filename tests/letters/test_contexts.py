"""What letters hold: never the reporter, always a subject, only plain data; every sanction its decree."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from accounts.models import Institution
from cases.catalogue.models import SanctionType
from cases.letters import words
from cases.letters.contexts import build_context
from cases.letters.contexts.decree import FORMS, ORDINALS
from cases.letters.kinds import KINDS
from cases.letters.rendering import render_pdf
from cases.models import Event, Letter
from cases.sealed.papers import opened
from cases.sealed.reporter import open_identity
from cases.services.numbers import DEFAULT_FORMATS, format_number
from tests.letters.conftest import TRAVELS
from tests.letters.test_golden import text_of

pytestmark = pytest.mark.django_db

#: Everything the travels know about the reporter.
CANARIES = ("Kenari", "Binangkit", "081200007777", "kenari.rahasia", "Gang Kenari", "Nomor 77", "Pemelihara")


@pytest.mark.parametrize("travel", TRAVELS)
def test_no_letter_knows_the_reporter(travel, letters_of):
    for letter in letters_of(travel):
        frozen = json.dumps(letter.context, ensure_ascii=False) + letter.subject
        for canary in CANARIES:
            assert canary.casefold() not in frozen.casefold(), (letter.kind, canary)


def test_the_canary_was_there_to_be_found(letters_of):
    """Control: the reporter of these travels is on record under the very words searched for."""
    on_record = " ".join(open_identity(letters_of("declined")[0].case.report.sealed_reporter).values())
    assert all(canary in on_record for canary in CANARIES)


@pytest.mark.parametrize("travel", ["declined", "dismissed", "unproven"])
def test_letters_to_or_about_the_reporter_are_sealed(travel, letters_of):
    sealed = {"report_receipt", "completion_request", "status_notice"}
    for letter in letters_of(travel):
        about_reporter = letter.kind in sealed or letter.context.get("person_role") == "Pelapor"
        assert letter.sealed is about_reporter, letter.kind


def test_what_the_reporter_said_is_in_the_sealed_minutes_only(letters_of):
    said = "Saya melihat unggahan itu pada malam kejadian"
    letters = letters_of("dismissed")
    assert not [letter for letter in letters if said in json.dumps(letter.context)], "frozen as ciphertext"
    holding = [letter for letter in letters if said in json.dumps(opened(letter.context, letter.case.report_id))]
    assert [(letter.kind, letter.sealed) for letter in holding] == [("clarification_minutes", True)]


@pytest.mark.parametrize("travel", TRAVELS)
def test_contexts_are_plain_data_with_a_subject(travel, letters_of):
    for letter in letters_of(travel):
        assert json.loads(json.dumps(letter.context)) == letter.context
        assert letter.subject == letter.context["subject"]
        assert 5 < len(letter.subject) <= 300
        assert letter.context["number"] == letter.number


@pytest.fixture
def at_decision(letters_of):
    """A case that was decided, to be decided again in every way."""
    return next(row for row in letters_of("annulled") if row.kind == "sanction_decree")


def decree_for(letter: Letter, sanction: SanctionType, **answers):
    data = {"sanction": sanction, "article": "Ps 5 huruf n angka 5 PP 94/2021", "proven_act": "berfoto.", **answers}
    situation = SimpleNamespace(case=letter.case, actor=letter.event.actor, on=letter.dated_on, data=data)
    return build_context(
        KINDS["sanction_decree"], situation=situation, event=Event(name="decide_sanction"), item=None, number="1/X/2024"
    )


def test_every_sanction_has_a_decree(at_decision):
    """Each shipped sanction is printed with its name, its person and unbroken numbering."""
    rows = list(SanctionType.objects.order_by("code", "valid_from"))
    assert {row.decree_variant for row in rows} == set(FORMS)
    for sanction in rows:
        context = decree_for(at_decision, sanction, new_position="Pengelola Arsip")
        labels = [row["label"] for row in context["dictums"]]
        assert labels == list(ORDINALS[: len(labels)])
        everything = context["heading"] + " ".join(row["text"] for row in context["dictums"])
        assert sanction.name.casefold() in everything.casefold(), sanction.code
        assert context["considerations"][1].endswith(
            "Pasal 5 huruf n angka 5 Peraturan Pemerintah Nomor 94 Tahun 2021;"
        )
        count = len(context["considerations"])
        assert words.letters(count - 1) in context["considerations"][-1]
        assert context["laws"], sanction.code
        assert not any("{" in row["text"] + row["tail"] for row in context["dictums"]), sanction.code


def test_every_form_of_decree_is_printed(at_decision):
    for variant in FORMS:
        sanction = SanctionType.objects.filter(decree_variant=variant).order_by("valid_from").last()
        text = text_of(render_pdf("letters/sanction_decree.html", decree_for(at_decision, sanction))[0])
        printed = text.replace("\n", " ").casefold()
        assert "memutuskan:" in printed
        assert sanction.name.casefold() in printed, variant


def test_only_sanctions_on_the_post_speak_of_the_post(at_decision):
    for sanction in SanctionType.objects.all():
        texts = " ".join(row["text"] for row in decree_for(at_decision, sanction)["dictums"])
        speaks = "Pengangkatan dalam jabatan baru" in texts
        assert speaks is sanction.changes_post, sanction.code


def test_a_moral_sanction_cites_the_code_of_ethics_and_not_the_discipline_regulation(at_decision):
    for code, way, secret in (("M1", "secara tertutup", True), ("M2", "secara terbuka", False)):
        context = decree_for(at_decision, SanctionType.objects.get(code=code))
        laws = " ".join(context["laws"])
        assert "42 Tahun 2004" in laws
        assert "94 Tahun 2021" not in laws
        assert way in " ".join(row["text"] for row in context["dictums"])
        assert context["secret"] is secret


@pytest.mark.parametrize(
    ("act", "decided", "cited", "not_cited"),
    [
        ("2020-10-02", "2020-12-01", ("5 Tahun 2014", "53 Tahun 2010"), ("94 Tahun 2021", "20 Tahun 2023")),
        ("2023-10-14", "2023-10-30", ("5 Tahun 2014", "94 Tahun 2021"), ("53 Tahun 2010", "20 Tahun 2023")),
        ("2023-10-14", "2023-10-31", ("20 Tahun 2023", "94 Tahun 2021"), ("53 Tahun 2010", "5 Tahun 2014")),
        ("2021-08-30", "2023-11-01", ("20 Tahun 2023", "53 Tahun 2010"), ("94 Tahun 2021", "5 Tahun 2014")),
    ],
)
def test_laws_are_dated_by_act_and_by_decision(at_decision, act, decided, cited, not_cited):
    at_decision.case.report.occurred_on = words.iso(act)
    at_decision.dated_on = words.iso(decided)
    laws = " ".join(decree_for(at_decision, SanctionType.objects.filter(code="R2").latest("valid_from"))["laws"])
    for text in cited:
        assert f"Nomor {text.replace(' Tahun', ' Tahun')}" in laws
    for text in not_cited:
        assert f"Nomor {text}" not in laws


def test_unverified_laws_are_not_printed(at_decision):
    context = decree_for(at_decision, SanctionType.objects.filter(code="PTDH").latest("valid_from"))
    assert "11 Tahun 2017" not in " ".join(context["laws"])


@pytest.mark.parametrize(
    ("position", "signs"),
    [
        ("Wali Kota Blitar", ["WALI KOTA BLITAR"]),
        ("Kepala BKPSDM, a.n. Wali Kota Blitar", ["a.n. WALI KOTA BLITAR", "KEPALA BKPSDM"]),
    ],
)
def test_who_signs_on_behalf_says_so(at_decision, position, signs):
    at_decision.event.actor.position = position
    context = decree_for(at_decision, SanctionType.objects.filter(code="R2").latest("valid_from"))
    assert context["signatures"][0]["titles"] == signs


def test_no_two_series_of_an_institution_share_a_number(world):
    """Series are counted apart, so their formats must differ, or two papers would carry the same number."""
    series = {kind.series for kind in KINDS.values()}
    assert series <= set(DEFAULT_FORMATS)
    issued = {
        "BAWASLU": {"letter", "minutes", "assessment", "report_receipt"},
        "REVIEWER": {"letter", "memo"},
        "BKPSDM": {"letter", "order", "minutes", "report", "decree"},
    }
    for institution in Institution.objects.filter(kind__in=issued):
        numbers = [
            format_number(institution, name, 7, words.iso("2024-11-04"), "PW", nature="R")
            for name in sorted(issued[institution.kind])
        ]
        assert len(set(numbers)) == len(numbers), (institution.code, numbers)
