"""Maturity: what may still change at the cut, and what cannot be said yet."""

import pytest

from kpicore import Match, Over, Window, count, duration, growth, rate, within
from kpicore.definitions.algebra.measures import PRIOR
from tests.unit.evaluation.worlds import SmallWorld, cells, indicator, one

ROWS = {
    "lead_created": [
        {"lead_id": "a", "occurred_at": "2026-03-01", "owner_id": "ann"},
        {"lead_id": "b", "occurred_at": "2026-03-31", "owner_id": "ann"},
    ],
    "deal_won": [{"lead_id": "a", "occurred_at": "2026-03-05"}],
}
DAYS = {"horizon": duration("10d")}
COHORT = indicator(rate(count("lead_created"), within("deal_won", "lead_id", "$horizon")), params=DAYS)


@pytest.mark.parametrize(
    ("as_of", "state", "value"),
    [
        ("2026-03-10T23:59:59.999999", "immature", None),
        ("2026-03-11", "provisional", "0.5"),
        ("2026-04-10T23:59:59.999999", "provisional", "0.5"),
        ("2026-04-11", "ok", "0.5"),
        (None, "ok", "0.5"),
    ],
)
def test_a_period_is_final_when_its_last_row_s_horizon_has_passed(as_of, state, value):
    row = one(SmallWorld(ROWS, COHORT, as_of=as_of))
    assert (row["state"], row["value"]) == (state, value)


def test_the_horizon_is_the_parameter_s():
    assert one(SmallWorld(ROWS, COHORT, as_of="2026-04-11"), params={"horizon": "11d"})["state"] == "provisional"


def test_a_measure_says_by_itself_when_it_matures():
    it = indicator(count("lead_created", matures="$horizon"), params=DAYS)
    assert one(SmallWorld(ROWS, it, as_of="2026-04-01"))["state"] == "provisional"
    fixed = indicator(count("lead_created", matures="5d"))
    assert one(SmallWorld(ROWS, fixed, as_of="2026-04-06"))["state"] == "ok"
    assert one(SmallWorld(ROWS, fixed, as_of="2026-04-05"))["state"] == "provisional"


def test_without_a_horizon_everything_is_final():
    assert one(SmallWorld(ROWS, indicator(count("lead_created")), as_of="2020-01-01"))["state"] == "ok"


def test_unripe_rows_may_be_left_out_instead():
    it = indicator(
        count("lead_created", match=within("deal_won", "lead_id", "$horizon"), young="drop")
        / count("lead_created", matures="$horizon", young="drop"),
        params=DAYS,
    )
    assert cells(SmallWorld(ROWS, it, as_of="2026-03-11")) == {("ann", "2026-03"): ("1", "ok")}
    assert cells(SmallWorld(ROWS, it, as_of="2026-04-10")) == {("ann", "2026-03"): ("0.5", "ok")}
    assert one(SmallWorld(ROWS, it, as_of="2026-03-05"))["state"] == "no_denominator"


def test_growth_is_as_final_as_its_latest_part():
    it = indicator(growth(count("lead_created", matures="$horizon"), PRIOR), params=DAYS)
    rows = {"lead_created": [*ROWS["lead_created"], {"lead_id": "c", "occurred_at": "2026-02-02"}]}
    assert one(SmallWorld(rows, it, as_of="2026-04-01"))["state"] == "provisional"
    assert one(SmallWorld(rows, it, as_of="2026-04-01"), "2026-04")["state"] == "immature"


def test_a_match_up_to_the_end_of_the_next_period_waits_for_it():
    again = Match("deal_won", "lead_id", low="period_end", high="next_end", bounds="[)")
    it = indicator(rate(count("lead_created"), again))
    states = {
        as_of: one(SmallWorld(ROWS, it, as_of=as_of))["state"]
        for as_of in ("2026-03-20", "2026-04-29", "2026-04-30", "2026-05-01")
    }
    assert states == {
        "2026-03-20": "immature",
        "2026-04-29": "provisional",
        "2026-04-30": "provisional",
        "2026-05-01": "ok",
    }


def test_missing_outweighs_immature_and_that_outweighs_empty():
    late = {("crm", "lead_created"): "2026-03-02"}
    row = one(SmallWorld(ROWS, COHORT, as_of="2026-03-05", complete=late))
    assert (row["state"], row["flags"], row["numerator"]) == ("missing_data", ["incomplete_feed"], None)
    assert one(SmallWorld({}, COHORT, as_of="2026-03-05"))["state"] == "immature"
    assert one(SmallWorld({}, COHORT, as_of="2026-04-05"))["state"] == "no_denominator"


def test_a_condition_may_name_the_instant_of_the_cut():
    it = indicator(count("lead_created", where="$as_of - occurred_at >= $horizon"), params=DAYS)
    assert one(SmallWorld(ROWS, it, as_of="2026-03-15"))["value"] == "1"
    assert one(SmallWorld(ROWS, it))["value"] == "2"


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2026-03-10T23:59:59.999999", "immature"),
        ("2026-03-11", "provisional"),
        ("2026-04-10T23:59:59.999999", "provisional"),
        ("2026-04-11", "ok"),
    ],
)
def test_a_window_that_reads_past_the_period_is_waited_for(as_of, state):
    later = Over(count("deal_won"), Window("start", "end + $horizon"))
    it = indicator(later / count("lead_created"), params=DAYS)
    assert one(SmallWorld(ROWS, it, as_of=as_of))["state"] == state
    before = indicator(Over(count("deal_won"), Window("start - $horizon", "end")), params=DAYS)
    assert one(SmallWorld(ROWS, before, as_of=as_of))["state"] == "ok"
