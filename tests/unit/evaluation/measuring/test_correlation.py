"""Rank correlations: exact ranks, ties, and pairs over sealed scores."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.algebra.measures import Correlation
from kpicore.definitions.algebra.words import formula
from kpicore.definitions.checks import check
from kpicore.definitions.codec import from_document, to_document
from kpicore.definitions.parameters import Parameter, names
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.evaluation.measuring.correlation import spearman
from kpicore.evaluation.sealing.table import example_lines
from tests.oracles.ranks import by_hand
from tests.unit.evaluation.worlds import SmallWorld, indicator, one

PARAMS = {"indicator": names("x"), "outcome": names("y"), "lag": Parameter("integer", "0")}
RHO = indicator(Correlation("indicator", "outcome", "lag", least=3), levels=("company",), params=PARAMS)


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-50, 50)), min_size=2, max_size=30))
def test_it_is_pearson_over_mean_ranks(pairs: list[tuple[int, int]]) -> None:
    found = spearman(pairs)
    assert (None if found is None else Decimal(found).scaleb(-12)) == by_hand(pairs)


def world(lines: list[dict[str, Any]]) -> SmallWorld:
    found = SmallWorld({}, RHO)
    found.sealed_lines = example_lines(lines, found.calendar.bounds(found.calendar.period("2026-01")))
    return found


def lines(period: str, indicator: str, *scores: str | None, **more: Any) -> list[dict[str, Any]]:
    bounds = SmallWorld({}).calendar
    span = bounds.bounds(bounds.period(period))
    common = {"period": period, "starts_at": span.start_us, "ends_at": span.end_us, "indicator": indicator, **more}
    return [{**common, "subject": f"p{n}", "attainment": score} for n, score in enumerate(scores)]


def test_a_pair_is_one_subject_in_one_sealed_period_that_closes_inside() -> None:
    sealed = [
        *lines("2026-01", "x", "1", "2", "3"),
        *lines("2026-01", "y", "1", "3", "2"),
        *lines("2026-02", "x", "9", "8"),
        *lines("2026-02", "y", "1", "2", "3"),
        *lines("2026-01", "x", "3", "2", "1", level="team"),
    ]
    assert one(world(sealed), "2026-01")["value"] == "0.5"
    found = one(world(sealed), "2026-02")
    assert (found["value"], found["state"], found["flags"]) == (None, "no_denominator", ["low_sample"])
    pairs = [(1, 1), (2, 3), (3, 2), (9, 1), (8, 2)]
    whole = one(world(sealed), "2026-Q1")
    assert Decimal(whole["value"]) == by_hand(pairs)
    assert (whole["numerator"], whole["denominator"]) == (None, None)


def test_with_a_lag_the_outcome_is_that_of_a_later_period() -> None:
    sealed = [
        *lines("2026-01", "x", "1", "2", "3", None),
        *lines("2026-01", "y", "3", "2", "1"),
        *lines("2026-02", "y", "1", "2", "3", "4"),
        *lines("2026-Q1", "y", "9", "9", "9"),
    ]
    assert one(world(sealed), "2026-01", params={"lag": "1"})["value"] == "1"
    assert one(world(sealed), "2026-01")["value"] == "-1"


def test_of_several_scorecards_the_first_by_id_counts() -> None:
    sealed = [
        *lines("2026-01", "x", "3", "2", "1", scorecard="b"),
        *lines("2026-01", "x", "1", "2", "3", scorecard="a"),
        *lines("2026-01", "y", "1", "2", "3", scorecard="b"),
    ]
    assert one(world(sealed), "2026-01")["value"] == "1"


def test_it_is_told_in_words_written_and_read() -> None:
    assert from_document(to_document(RHO)) == RHO
    book = SmallWorld({}, RHO).definitions
    check(book, [RHO.id])
    assert "x" in formula(book, RHO, "en")
    assert "等級相關係數" in formula(book, RHO, "zh-Hant")


@pytest.mark.parametrize(
    "measure",
    [
        Correlation("indicator", "outcome", "indicator"),
        Correlation("lag", "outcome", "lag"),
        Correlation("nothing", "outcome", "lag"),
        Correlation("indicator", "outcome", "lag", least=2),
    ],
)
def test_what_does_not_hold_together_is_refused(measure: Correlation) -> None:
    wrong = indicator(measure, levels=("company",), params=PARAMS)
    with pytest.raises(InvalidDefinition):
        check(SmallWorld({}, wrong).definitions, [wrong.id])


def test_each_side_names_one_indicator() -> None:
    with pytest.raises(InvalidInput, match="names one indicator"):
        one(world([]), "2026-01", params={"indicator": ["x", "z"]})
