"""Schedules: what newcomers' weights are, step by step, and that weights sum to 100 at every instant."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from kpicore.definitions.cards.card_checks import check_card
from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.schedules import on_step, variants
from kpicore.definitions.cards.scorecards import Line, ScheduleStep, Scorecard
from kpicore.definitions.cards.weights import Weights
from kpicore.definitions.codec import digest, from_document, to_document
from kpicore.errors import InvalidDefinition, NotFound, Refused

CARD = """\
[scorecard]
id = "market"
title = "New business"
role = "marketing"
period = "quarter"
effective = 2026-01-01
[[line]]
indicator = "marketing.new_customers_developed"
weight = "40"
target = "20"
[[line]]
indicator = "marketing.campaign_roi"
weight = "30"
target = "3"
[[line]]
indicator = "team.training_completion_rate"
weight = "20"
target = "1"
[[line]]
indicator = "risk.compliance_rate"
weight = "10"
target = "1"
"""
NEWCOMER = """\
[[schedule]]
until = 3
weights = {"team.training_completion_rate" = "30"}
rest = "proportional"
why = "whoever is new learns first"
"""


def weights(card: Scorecard) -> list[str]:
    return [f"{line.weight:f}" for line in card.lines]


def card(addition: str = "", text: str = CARD) -> Scorecard:
    found = read_card(text + addition)
    assert isinstance(found, Scorecard)
    return found


def test_a_newcomers_weights_are_those_of_the_rule_book() -> None:
    # Training 20 → 30: the others have 70 of the 80 that they had: 40 × 70/80, 30 × 70/80, 10 × 70/80.
    newcomer = on_step(card(NEWCOMER), 0)
    assert weights(newcomer) == ["35.00", "26.25", "30", "8.75"]
    assert weights(on_step(card(NEWCOMER), None)) == ["40", "30", "20", "10"]


def test_a_schedule_shifts_back_step_by_step() -> None:
    more = NEWCOMER + NEWCOMER.replace("3\n", "6\n").replace('"30"', '"25"')
    found = [weights(one) for one in variants(card(more))]
    # 75/80: 37.5, 28.125, 9.375: cut off 28.12 and 9.37, and the one hundredth goes to the first of equal remainders.
    assert found == [
        ["40", "30", "20", "10"],
        ["35.00", "26.25", "30", "8.75"],
        ["37.50", "28.13", "25", "9.37"],
    ]


def test_all_may_be_listed_and_locked_lines_stay() -> None:
    listed = """\
[[schedule]]
until = 1
[schedule.weights]
"marketing.new_customers_developed" = "20"
"marketing.campaign_roi" = "20"
"team.training_completion_rate" = "50"
"risk.compliance_rate" = "10"
"""
    assert weights(on_step(card(listed), 0)) == ["20", "20", "50", "10"]
    locked = NEWCOMER + 'locked = ["risk.compliance_rate"]\n'
    # 60 of the 70 that the two others had: 40 × 60/70 = 34.2857…, 30 × 60/70 = 25.7142…
    assert weights(on_step(card(locked), 0)) == ["34.29", "25.71", "30", "10"]


def test_a_partial_change_without_a_word_on_the_rest_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        card(NEWCOMER.replace('rest = "proportional"\n', ""))
    assert caught.value.code == "weights_unnamed"
    assert caught.value.message == (
        "no weight for marketing.new_customers_developed, marketing.campaign_roi, risk.compliance_rate: "
        "80 points are unnamed before and 70 after"
    )
    assert "[[schedule]] 1" in str(caught.value.where)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"30"', '"130"', "weights_sum"),
        ('"30"', '"-1"', "negative_weight"),
        ('"30"', '"30.001"', "weight_places"),
        ("team.training_completion_rate", "team.training", "unknown_indicator"),
        ("until = 3", "until = 0", "invalid_definition"),
        ("until = 3\n", "", "missing_key"),
        ('"proportional"', '"proportionally"', "invalid_definition"),
        ("why =", "reason =", "unknown_key"),
        ("weights =", "weight =", "unknown_key"),
    ],
)
def test_what_is_wrong_with_a_schedule_has_a_name(old: str, new: str, code: str) -> None:
    with pytest.raises((InvalidDefinition, NotFound)) as caught:
        card(NEWCOMER.replace(old, new))
    assert caught.value.code == code
    assert "[[schedule]]" in str(caught.value.where)


def test_steps_follow_one_another_and_are_for_persons_of_a_split_period() -> None:
    for addition, text, code in [
        (NEWCOMER + NEWCOMER, CARD, "schedule_order"),
        (NEWCOMER, CARD.replace("period =", 'level = "team"\nperiod ='), "schedule_level"),
        (NEWCOMER, CARD.replace("period =", 'mid_period = "whole"\nperiod ='), "schedule_whole"),
    ]:
        with pytest.raises(InvalidDefinition) as caught:
            card(addition, text)
        assert caught.value.code == code


def test_documents_carry_what_differs_and_old_ones_mean_what_they_meant() -> None:
    found = card(NEWCOMER)
    document = to_document(found)
    assert document["mid_period"] == "split"
    assert document["schedule"] == [
        {
            "until": 3,
            "weights": {"named": {"team.training_completion_rate": "30"}, "rest": "proportional"},
            "why": "whoever is new learns first",
        }
    ]
    assert from_document(document) == found
    assert digest(from_document(document)) == digest(found)
    # A card that was recorded before these words existed is scored as it was then.
    del document["mid_period"], document["schedule"]
    assert from_document(document).mid_period == "whole"


HUNDREDTHS = st.integers(0, 10_000)


@given(
    st.lists(HUNDREDTHS, min_size=3, max_size=3),
    st.lists(st.tuples(st.integers(0, 3), HUNDREDTHS, st.sets(st.integers(0, 3))), min_size=1, max_size=4),
)
def test_weights_sum_to_100_on_every_step_of_every_sound_card(
    cuts: list[int], steps: list[tuple[int, int, set[int]]]
) -> None:
    edges = [0, *sorted(cuts), 10_000]
    own = [Decimal(high - low).scaleb(-2) for low, high in pairwise(edges)]
    lines = [Line(f"a.i{place}", weight, Decimal(1)) for place, weight in enumerate(own)]
    schedule = [
        ScheduleStep(
            number,
            Weights(
                {f"a.i{named}": Decimal(units).scaleb(-2)}, "proportional", tuple(f"a.i{n}" for n in locked - {named})
            ),
        )
        for number, (named, units, locked) in enumerate(steps, 1)
    ]
    found = Scorecard("card", "card", "sales", "month", "2026-01-01", lines, mid_period="split", schedule=schedule)
    try:
        check_card(found)
    except (InvalidDefinition, Refused) as error:
        event(error.code)
        return
    for variant in variants(found):
        assert sum(line.weight for line in variant.lines) == 100
        assert all(line.weight >= 0 and line.weight == round(line.weight, 2) for line in variant.lines)
