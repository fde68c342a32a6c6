"""The shipped reference data against oracles written by hand from the law, and the loader's promises."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from cases import workflow
from cases.catalogue import loader
from cases.catalogue.choices import RULE_CODES, Confidence, Regime
from cases.catalogue.lookups import NoRuleError, authorities_for, position_class_on, rule_for
from cases.catalogue.models import DeadlineRule, Election, Holiday, PositionClass, SanctionType, ViolationType
from cases.catalogue.sanctions import is_heavier, open_sanctions
from cases.workdays import Calendar, due_by_rule, load_calendar

HERE = Path(__file__).parent
pytestmark = pytest.mark.django_db


def oracle(name: str) -> list[dict[str, str]]:
    """Rows of a hand-written table."""
    with (HERE / f"oracle_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# ------------------------------------------------------------------ the law, row by row
def test_skb_rows(reference: list[loader.Outcome]) -> None:
    on = day("2024-10-01")
    rows = {row.code: row for row in ViolationType.objects.in_force(on)}
    expected = oracle("skb")
    assert set(rows) == {line["code"] for line in expected}
    for line in expected:
        row = rows[line["code"]]
        found = (row.list, row.target_status, row.phase, row.default_level or "", " ".join(row.pair_codes))
        told = (line["list"], line["target"], line["phase"], line["level"], line["pairs"])
        assert found == told, line["code"]
        assert row.needs_intent == (line["marks"] == "intent"), line["code"]
        assert row.needs_satgas == (line["marks"] == "satgas"), line["code"]
        assert row.wording
        assert row.plain
        assert row.plain_en
        if line["marks"] == "verify":
            assert row.confidence == Confidence.DOUBTFUL
    for row in rows.values():
        for pair in row.pair_codes:
            assert row.code in rows[pair].pair_codes, f"{row.code} and {pair} are pairs of each other"


def test_sanctions_open_by_act_day_decision_day_and_employment(reference: list[loader.Outcome]) -> None:
    for line in oracle("sanctions"):
        found = open_sanctions(day(line["act"]), line["employment"], line["level"], day(line["decided"]))
        assert [row.code for row in found] == line["codes"].split(), line


def test_the_pay_regulation_switches_the_moderate_list_by_date_alone(reference: list[loader.Outcome]) -> None:
    switch = day("2027-01-01")
    SanctionType.objects.filter(code__in=["S1", "S2", "S3"]).update(imposable_from=switch)
    SanctionType.objects.filter(code__in=["S1T", "S2T", "S3T"]).update(imposable_to=switch - dt.timedelta(days=1))
    act = day("2026-11-02")
    before = open_sanctions(act, "PNS", "MODERATE", switch - dt.timedelta(days=1))
    after = open_sanctions(act, "PNS", "MODERATE", switch)
    assert [row.code for row in before] == ["S1T", "S2T", "S3T"]
    assert [row.code for row in after] == ["S1", "S2", "S3"]


def test_one_sanction_agrees_with_the_list(reference: list[loader.Outcome]) -> None:
    for line in oracle("sanctions"):
        act, on = day(line["act"]), day(line["decided"])
        listed = set(open_sanctions(act, line["employment"], None, on))
        for row in SanctionType.objects.all():
            assert row.is_open(act_on=act, employment=line["employment"], on=on) == (row in listed)


def test_weights_follow_the_levels(reference: list[loader.Outcome]) -> None:
    levels = ["MORAL", "MINOR", "MODERATE", "SEVERE", "DISMISSAL"]
    rows = list(SanctionType.objects.filter(code__in=["M1", "M2", "R1", "R3", "S1T", "S3T", "B1", "B3", "PTDH"]))
    for one in rows:
        for other in rows:
            if levels.index(one.level) > levels.index(other.level):
                assert is_heavier(one, other)
    assert {row.code for row in SanctionType.objects.filter(changes_post=True)} == {
        "B1",
        "B2",
        "BK",
        "L2",
        "L3",
    }


def test_deadline_rules(reference: list[loader.Outcome]) -> None:
    for line in oracle("rules"):
        rule = rule_for(line["code"], line["regime"], day(line["on"]))
        assert (rule.days, rule.extension_days, rule.unit) == (
            int(line["days"]), int(line["extension"]), line["unit"],
        ), line  # fmt: skip
    assert {line["code"] for line in oracle("rules")} == RULE_CODES


def test_every_rule_the_table_names_holds_on_every_day_of_the_demo(reference: list[loader.Outcome]) -> None:
    codes = {code for step in (workflow.INTAKE, *workflow.STEPS) for code in step.clock.rules}
    assert codes <= RULE_CODES
    for code in codes:
        for regime in (Regime.PEMILU, Regime.PILKADA):
            for on in (
                "2020-06-01",
                "2021-08-09",
                "2021-08-10",
                "2021-08-30",
                "2021-08-31",
                "2024-02-14",
                "2026-11-20",
            ):
                assert rule_for(code, regime, day(on)).days > 0


def test_a_missing_rule_says_which(reference: list[loader.Outcome]) -> None:
    with pytest.raises(NoRuleError, match=r"'handling' for PEMILU on 1999-01-01"):
        rule_for("handling", Regime.PEMILU, day("1999-01-01"))


def test_the_regimes_own_rule_wins_and_dates_choose(reference: list[loader.Outcome]) -> None:
    common = rule_for("reviewer_review", Regime.PILKADA, day("2024-10-01"))
    own = DeadlineRule.objects.get(pk=common.pk)
    own.pk, own.regime, own.days, own.valid_from = None, Regime.PILKADA, 5, day("2024-09-04")
    own.save()
    assert rule_for("reviewer_review", Regime.PILKADA, day("2024-09-03")).days == 7
    assert rule_for("reviewer_review", Regime.PILKADA, day("2024-09-04")).days == 5
    assert rule_for("reviewer_review", Regime.PEMILU, day("2024-09-04")).days == 7


def test_who_may_punish(reference: list[loader.Outcome]) -> None:
    for line in oracle("authorities"):
        found = authorities_for(
            line["class"], line["level"], day("2024-12-02"),
            sanction_code=line["sanction"], employment=line["employment"],
        )  # fmt: skip
        names = [
            row.official_class or {"Pejabat Pembina Kepegawaian": "PPK"}.get(row.official, row.official)
            for row in found
        ]
        assert names == line["officials"].split(), line


def test_a_regional_secretary_is_examined_at_the_governor(reference: list[loader.Outcome]) -> None:
    secretary = position_class_on("SEKDA_KABKOTA", day("2024-10-01"))
    assert secretary is not None
    assert secretary.forms_team_at == PositionClass.FormsTeam.GOVERNOR
    assert position_class_on("NOBODY", day("2024-10-01")) is None


def test_the_lock_on_posts(reference: list[loader.Outcome]) -> None:
    def locking(on: str) -> list[str]:
        return sorted(Election.objects.locking(day(on)).values_list("code", flat=True))

    assert locking("2024-03-21") == []
    assert locking("2024-03-22") == ["pilkada-2024", "pilkada-2024-gubernur"]
    assert locking("2022-06-01") == []


# ------------------------------------------------------------------ worked examples
@pytest.mark.parametrize(
    ("received", "in_force"),
    [("2026-07-14", "2026-08-04"), ("2022-02-08", "2022-03-02"), ("2022-02-14", "2022-03-09")],
)
def test_in_force_on_the_fifteenth_working_day(reference: list[loader.Outcome], received: str, in_force: str) -> None:
    rule = rule_for("entry_into_force", Regime.PEMILU, day(received))
    assert due_by_rule(rule, day(received), load_calendar()).due_on == day(in_force)


def test_the_calendar_is_what_makes_the_examples_true(reference: list[loader.Outcome]) -> None:
    """Control: without the holiday table the examples of 2022 come out wrong."""
    rule = rule_for("entry_into_force", Regime.PEMILU, day("2022-02-14"))
    assert due_by_rule(rule, day("2022-02-14"), Calendar()).due_on == day("2022-03-07")


def test_joint_leave_counts_as_a_day_off(reference: list[loader.Outcome]) -> None:
    calendar = load_calendar()
    assert not calendar.is_working_day(day("2024-12-26"))  # joint leave
    assert not calendar.is_working_day(day("2024-11-27"))  # day of the vote
    assert calendar.is_working_day(day("2024-11-26"))


def test_local_and_withdrawn_days(reference: list[loader.Outcome], django_assert_num_queries: object) -> None:
    Holiday.objects.create(date=day("2024-04-01"), name="Hari jadi", kind="LOCAL", region="35.72", source="Perwali")
    Holiday.objects.create(date=day("2024-10-11"), name="Hari jadi", kind="LOCAL", region="35", source="Pergub")
    Holiday.objects.filter(date=day("2024-12-26")).update(withdrawn=True)
    with django_assert_num_queries(1):  # type: ignore[operator]
        here = load_calendar("35.72")
    assert not here.is_working_day(day("2024-04-01"))
    assert not here.is_working_day(day("2024-10-11"))
    assert here.is_working_day(day("2024-12-26"))
    assert load_calendar("35.05").is_working_day(day("2024-04-01"))


# ------------------------------------------------------------------ the loader
def test_loading_twice_changes_nothing(reference: list[loader.Outcome], capsys: pytest.CaptureFixture[str]) -> None:
    assert all(outcome.added and not outcome.changed for outcome in reference)
    call_command("load_reference")
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == len(loader.SOURCES) + 1
    assert all(": 0 added, 0 changed, " in line for line in printed.splitlines())


def test_a_shipped_change_arrives(reference: list[loader.Outcome]) -> None:
    row = DeadlineRule.objects.get(code="employer_follow_up")
    DeadlineRule.objects.filter(pk=row.pk).update(days=99)
    changed = {outcome.table: outcome.changed for outcome in loader.load_all()}
    assert changed["deadlinerule"] == 1
    row.refresh_from_db()
    assert row.days == 14


def test_what_the_office_edited_is_kept_and_named(
    reference: list[loader.Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    DeadlineRule.objects.filter(code="employer_follow_up").update(days=10, edited_by_office=True)
    call_command("load_reference")
    assert "kept, edited here: Tindak lanjut rekomendasi oleh PPK" in capsys.readouterr().out
    assert DeadlineRule.objects.get(code="employer_follow_up").days == 10


def test_an_estimate_that_moved_goes_and_the_offices_days_stay(reference: list[loader.Outcome]) -> None:
    days = {"name": "Idulfitri", "source": f"{loader.LIBRARY} 0.1", "estimated": True}
    Holiday.objects.create(date=day("2027-03-17"), kind="PUBLIC", **days)
    Holiday.objects.create(date=day("2027-03-18"), kind="PUBLIC", edited_by_office=True, **days)
    Holiday.objects.create(date=day("2027-03-19"), kind="PUBLIC", withdrawn=True, **days)
    Holiday.objects.create(date=day("2027-03-22"), kind="LOCAL", region="35.72", name="Hari jadi", source="Perwali")
    outcome = loader.load_all()[-1]
    assert outcome.removed == 1
    left = Holiday.objects.filter(date__range=(day("2027-03-17"), day("2027-03-22")))
    assert [row.date.day for row in left] == [18, 19, 22]


def test_estimates_are_marked(reference: list[loader.Outcome]) -> None:
    assert not Holiday.objects.filter(date__year__lte=2026, estimated=True).exists()
    estimates = Holiday.objects.filter(date__year=2028, estimated=True)
    assert estimates.exists()
    assert not any(loader.ESTIMATE_MARK in row.name for row in estimates)
    assert loader.seeded_until().year == 2028  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ("- {code: X1, name: X, valid_from: 2020-01-01, order: 1, colour: red}", "unknown field colour"),
        ("- {code: X1, name: X, valid_from: 2020-01-01, order: 1, forms_team_at: KING}", "KING"),
        ("- {code: PENGAWAS, name: X, order: 1, valid_from: 2020-01-01}", "holds twice on 2020-01-01"),
    ],
)
def test_a_wrong_file_is_refused_whole(tmp_path: Path, extra: str, sentence: str) -> None:
    for file in loader.DATA.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text + (f"  {extra}\n" if file.name == "positions.yaml" else ""), "utf-8")
    with pytest.raises(loader.DataError, match=sentence):
        loader.load_all(tmp_path)
    assert not ViolationType.objects.exists()


def test_every_row_says_where_it_comes_from(reference: list[loader.Outcome]) -> None:
    for source in loader.SOURCES:
        for row in source.model._default_manager.all():
            assert row.legal_basis, f"{source.file}: {row}"
            assert row.confidence == Confidence.SOURCED or row.confidence in Confidence.values
            try:
                row.full_clean()
            except ValidationError as error:  # pragma: no cover - says which row
                pytest.fail(f"{source.file}: {row}: {error}")
