"""Other weights for some lines: the rest is scaled where that is said, and refused where it is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.cards.weights import Weights, reweighed
from kpicore.errors import InvalidDefinition, InvalidInput, NotFound, Refused

NEW_BUSINESS = {"developed": Decimal(40), "roi": Decimal(30), "training": Decimal(20), "compliance": Decimal(10)}
SCALE = {"revenue": Decimal(60), "growth": Decimal(25), "training": Decimal(15)}


def numbers(*weights: str) -> list[Decimal]:
    return [Decimal(weight) for weight in weights]


def test_a_newcomer_trains_more_and_the_others_keep_their_proportion() -> None:
    # 100 − 30 = 70 for lines that weighed 80: 40 × 70/80, 30 × 70/80, 10 × 70/80.
    found = reweighed(NEW_BUSINESS, Weights({"training": 30}, "proportional"), "rep")
    assert list(found) == list(NEW_BUSINESS)
    assert list(found.values()) == numbers("35", "26.25", "30", "8.75")


def test_what_is_locked_keeps_its_weight() -> None:
    # 100 − 30 − 10 = 60 for 70: 40 × 60/70 = 34.2857…, 30 × 60/70 = 25.7142…: the hundredth goes to the larger remainder.
    found = reweighed(NEW_BUSINESS, Weights({"training": 30}, "proportional", ["compliance"]), "rep")
    assert list(found.values()) == numbers("34.29", "25.71", "30", "10")


def test_from_scale_to_profit_the_rest_has_to_be_said() -> None:
    card = {**SCALE, "margin": Decimal(0), "repeat": Decimal(0)}
    named = {"revenue": 0, "margin": 50, "repeat": 30}
    with pytest.raises(
        Refused, match="no weight for growth, training: 40 points are unnamed before and 20 after"
    ) as caught:
        reweighed(card, Weights(named), "rep")
    assert caught.value.code == "weights_unnamed"
    # 25 × 20/40 and 15 × 20/40.
    found = reweighed(card, Weights(named, "proportional"), "rep")
    assert list(found.values()) == numbers("0", "12.5", "7.5", "50", "30")


def test_hundredths_go_to_the_largest_remainder_and_of_equal_ones_to_the_first() -> None:
    thirds = {name: Decimal(10) for name in ("a", "b", "c")} | {"d": Decimal(70)}
    assert list(reweighed(thirds, Weights({"d": 80}, "proportional"), "x").values()) == numbers(
        "6.67", "6.67", "6.66", "80"
    )


def test_nothing_is_left_for_the_rest() -> None:
    found = reweighed(SCALE, Weights({"revenue": 100}, "proportional"), "x")
    assert list(found.values()) == numbers("100", "0", "0")


@pytest.mark.parametrize(
    ("weights", "error", "said"),
    [
        (Weights({"revenues": 10}), NotFound, "revenues is not on scorecard x"),
        (Weights({"revenue": 10}, locked=["grow"]), NotFound, "grow is not on"),
        (Weights({"revenue": 10}, "proportional", ["revenue"]), InvalidDefinition, "locked and given another"),
        (Weights({"revenue": 101}, "proportional"), InvalidDefinition, "sum to 101, and growth, training come on top"),
        (Weights({"revenue": 80}, "proportional", ["growth"]), InvalidDefinition, "sum to 105"),
    ],
)
def test_what_does_not_do_is_refused(weights: Weights, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        reweighed(SCALE, weights, "x")


def test_a_weight_is_a_number() -> None:
    with pytest.raises(InvalidInput, match="'half' is no weight"):
        Weights({"revenue": "half"})


def test_lines_that_weigh_nothing_have_no_proportion() -> None:
    with pytest.raises(Refused, match="10 points are left and shown weigh nothing"):
        reweighed({"scored": Decimal(100), "shown": Decimal(0)}, Weights({"scored": 90}, "proportional"), "x")


@given(
    st.lists(st.integers(0, 10_000), min_size=2, max_size=9).filter(lambda parts: sum(parts[1:]) > 0),
    st.integers(0, 10_000),
)
def test_weights_always_sum_to_100(parts: list[int], named: int) -> None:
    current = {f"line {n}": Decimal(part).scaleb(-2) for n, part in enumerate(parts)}
    found = reweighed(current, Weights({"line 0": Decimal(named).scaleb(-2)}, "proportional"), "x")
    assert sum(found.values()) == 100
    assert all(weight >= 0 and weight == round(weight, 2) for weight in found.values())
    # Nobody overtakes anybody.
    rest = [(current[name], found[name]) for name in current if name != "line 0"]
    assert all(b <= d for (a, b) in rest for (c, d) in rest if a < c)
