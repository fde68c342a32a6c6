"""Does the chosen row fit? Without a database: rows are plain objects, read from the shipped files."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cases.catalogue.fit import SENTENCES, fit
from cases.catalogue.loader import SOURCES, read

BY_FILE = {source.file: source for source in SOURCES}
VIOLATIONS: dict[str, Any] = {row.code: row for row in read(BY_FILE["violations.yaml"])}  # type: ignore[attr-defined]
ELECTIONS: dict[str, Any] = {row.code: row for row in read(BY_FILE["elections.yaml"])}  # type: ignore[attr-defined]

LIKE = dt.date(2023, 10, 14)
LATER_LIKE = dt.date(2023, 11, 20)
PRESIDENT = ELECTIONS["pemilu-2024-presiden"]
LEGISLATURE = ELECTIONS["pemilu-2024-legislatif"]


def codes(row: str, election: Any, on: dt.date, target: str) -> list[str]:
    return [found.code for found in fit(VIOLATIONS[row], election, on, target)]


@pytest.mark.parametrize("election", [PRESIDENT, LEGISLATURE])
def test_the_like_of_the_press_case_before_determination(election: Any) -> None:
    assert fit(VIOLATIONS["A4"], election, LIKE, "PROSPECTIVE") == []
    first, *_rest = fit(VIOLATIONS["B6"], election, LIKE, "CANDIDATE")
    assert (first.code, first.suggests) == ("too_early_for_row", ("A4",))


@pytest.mark.parametrize("election", [PRESIDENT, LEGISLATURE])
def test_the_same_like_after_determination(election: Any) -> None:
    assert fit(VIOLATIONS["B6"], election, LATER_LIKE, "CANDIDATE") == []
    first, *_rest = fit(VIOLATIONS["A4"], election, LATER_LIKE, "PROSPECTIVE")
    assert (first.code, first.suggests) == ("too_late_for_row", ("B6",))
    assert "A4" in first.sentence
    assert "2023-11-20" in str(first)


def test_the_elections_of_2024_had_two_days_of_determination() -> None:
    between = dt.date(2023, 11, 8)
    assert codes("B6", LEGISLATURE, between, "CANDIDATE") == []
    assert codes("B6", PRESIDENT, between, "CANDIDATE") == ["too_early_for_row", "no_candidate_yet"]


def test_the_day_of_determination_counts_as_after() -> None:
    on = PRESIDENT.candidates_determined_on
    assert codes("B6", PRESIDENT, on, "CANDIDATE") == []
    assert codes("A4", PRESIDENT, on, "PROSPECTIVE") == ["too_late_for_row", "prospective_no_longer"]


@pytest.mark.parametrize("on", [LIKE, LATER_LIKE])
@pytest.mark.parametrize(
    ("row", "target"),
    [("B3", "PROSPECTIVE"), ("B5", "PARTY"), ("B8", "CANDIDATE"), ("B8", "PARTY"), ("B11", "PROSPECTIVE"),
     ("B12", "CANDIDATE"), ("B12", "PROSPECTIVE"), ("B13", "CANDIDATE"), ("A7", "SPOUSE")],
)  # fmt: skip
def test_rows_of_any_phase_never_warn_about_the_date(row: str, target: str, on: dt.date) -> None:
    assert codes(row, PRESIDENT, on, target) == []


def test_a_campaign_team_before_and_after() -> None:
    assert codes("B9", PRESIDENT, LIKE, "PROSPECTIVE") == []
    first, *_rest = fit(VIOLATIONS["B9"], PRESIDENT, LATER_LIKE, "CANDIDATE")
    assert (first.code, first.suggests) == ("too_late_for_row", ("B10",))
    assert codes("B10", PRESIDENT, LATER_LIKE, "PARTY") == []


@pytest.mark.parametrize(("row", "target"), [("B5", "CANDIDATE"), ("A7", "CANDIDATE"), ("B11", "CANDIDATE")])
def test_another_standing_than_the_rows(row: str, target: str) -> None:
    assert codes(row, PRESIDENT, LATER_LIKE, target) == ["target_differs"]


def test_a_candidate_named_before_there_was_one() -> None:
    assert codes("A4", PRESIDENT, LIKE, "CANDIDATE") == ["target_differs", "no_candidate_yet"]


def test_acts_before_the_joint_decree() -> None:
    on = dt.date(2020, 10, 2)
    pilkada = ELECTIONS["pilkada-2020"]
    assert "not_in_force" in codes("B6", pilkada, on, "CANDIDATE")
    assert codes("B0", pilkada, on, "CANDIDATE") == []
    assert codes("A0", pilkada, dt.date(2020, 8, 2), "PROSPECTIVE") == []


def test_every_sentence_can_be_said() -> None:
    values = {"row": "B6", "act_on": "2023-10-14", "determined_on": "2023-11-13"}
    for sentence in SENTENCES.values():
        assert "%" not in str(sentence) % values
