"""Rank correlations: exact ranks, ties, and pairs over sealed scores."""

from __future__ import annotations

import math
from decimal import Decimal
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.algebra.measures import Correlation
from kpicore.definitions.algebra.words import formula
from kpicore.definitions.checks import check
from kpicore.definitions.codec import from_document, to_document
from kpicore.definitions.parameters import Parameter, choice, names
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.evaluation.measuring.correlation import ERRORS, interval, spearman
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
        Correlation("indicator", "outcome", "lag", least="$nothing"),
        Correlation("indicator", "outcome", "lag", figure="low"),
        Correlation("indicator", "outcome", "lag", confidence="lag"),
        Correlation("indicator", "outcome", "lag", figure="high", confidence="lag"),
    ],
)
def test_what_does_not_hold_together_is_refused(measure: Correlation) -> None:
    wrong = indicator(measure, levels=("company",), params=PARAMS)
    with pytest.raises(InvalidDefinition):
        check(SmallWorld({}, wrong).definitions, [wrong.id])


@pytest.mark.parametrize("confidence", ERRORS)
@given(st.integers(1 - 10**12, 10**12 - 1), st.integers(4, 10**6))
def test_its_interval_is_that_of_fisher(confidence: str, rho: int, pairs: int) -> None:
    low, high = interval(rho, pairs, confidence)
    assert low is not None
    assert high is not None
    assert -(10**12) <= low <= rho <= high <= 10**12
    if abs(rho) < 999 * 10**9:
        value = rho / 1e12
        error = math.sqrt((1 + value * value / 2) / (pairs - 3)) * NormalDist().inv_cdf((1 + float(confidence)) / 2)
        assert low / 1e12 == pytest.approx(math.tanh(math.atanh(value) - error), abs=1e-11)
        assert high / 1e12 == pytest.approx(math.tanh(math.atanh(value) + error), abs=1e-11)


@pytest.mark.parametrize(("rho", "pairs"), [(10**12, 9), (-(10**12), 9), (5 * 10**11, 3)])
def test_a_perfect_order_and_three_pairs_have_no_interval(rho: int, pairs: int) -> None:
    assert interval(rho, pairs, "0.95") == (None, None)


SURE = {
    **PARAMS,
    "least": Parameter("integer", "4"),
    "sure": choice("0.95", "0.99"),
}


def _figure(name: str, **params: str) -> dict[str, Any]:
    sure = "sure" if name in ("low", "high") else None
    measured = Correlation("indicator", "outcome", "lag", least="$least", figure=name, confidence=sure)  # type: ignore[arg-type]
    found = SmallWorld({}, indicator(measured, levels=("company",), params=SURE))
    found.sealed_lines = example_lines(
        [*lines("2026-01", "x", "1", "2", "3", "4", "5"), *lines("2026-01", "y", "2", "1", "3", "5", "4")],
        found.calendar.bounds(found.calendar.period("2026-01")),
    )
    return one(found, "2026-01", params=params)


def test_figures_tell_the_interval_and_how_many_pairs_there_are() -> None:
    assert [_figure(name)["value"] for name in ("rho", "pairs")] == ["0.8", "5"]
    low, high = (Decimal(_figure(name)["value"]).scaleb(12) for name in ("low", "high"))
    assert (low, high) == interval(8 * 10**11, 5, "0.95")
    assert Decimal(_figure("low", sure="0.99")["value"]) < low.scaleb(-12)
    few = _figure("pairs", least="6")
    assert (few["value"], few["state"], few["flags"]) == ("5", "ok", ["low_sample"])
    assert _figure("high", least="6")["state"] == "no_denominator"
    with pytest.raises(InvalidInput, match="always correlate"):
        _figure("rho", least="2")


def test_each_side_names_one_indicator() -> None:
    with pytest.raises(InvalidInput, match="names one indicator"):
        one(world([]), "2026-01", params={"indicator": ["x", "z"]})
