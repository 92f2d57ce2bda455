"""Formulas: arithmetic on counts and totals, cell by cell, and what is shown of it."""

from decimal import Decimal

import pytest

from kpicore import (
    Choice,
    Constant,
    Over,
    Ref,
    Root,
    Target,
    Whole,
    Window,
    choice,
    count,
    duration,
    growth,
    largest,
    part,
    smallest,
    total,
)
from kpicore.definitions.algebra.measures import PRIOR
from kpicore.definitions.parameters import Parameter
from kpicore.errors import InvalidDefinition
from tests.unit.evaluation.worlds import SmallWorld, cells, indicator, one, value


def deals(*amounts, **more):
    return {"deal_won": [{"amount": str(amount), "owner_id": "ann", **more} for amount in amounts]}


def shown(row):
    return row["numerator"], row["denominator"], row["value"], row["state"], row["flags"]


WON, LOST = count("deal_won"), count("deal_lost")
MONEY = total("deal_won", "amount")


def measured(measure, won=0, lost=0, amounts=None, **options):
    rows = deals(*(amounts if amounts is not None else [1] * won))
    rows["deal_lost"] = [{"owner_id": "ann"}] * lost
    return shown(one(SmallWorld(rows, indicator(measure, **options))))


def test_a_ratio_keeps_numerator_and_denominator():
    assert measured(WON / (WON + LOST), 1, 2) == ("1", "3", "0.333333333333", "ok", [])


def test_nothing_of_nothing_has_no_denominator():
    assert measured(WON / LOST) == ("0", "0", None, "no_denominator", [])


def test_something_of_nothing_is_flagged():
    assert measured(WON / LOST, 2) == ("2", "0", None, "no_denominator", ["zero_denominator"])
    assert measured(MONEY / LOST, 2, unit="money") == ("2", "0", None, "no_denominator", ["no_acquisition"])
    assert measured((LOST - WON) / Over(WON, PRIOR), 2, unit="money")[4] == ["zero_denominator"]


def test_a_denominator_below_zero_is_none():
    assert measured(WON / (LOST - WON), 2, 1) == ("2", "-1", None, "no_denominator", [])


def test_parts_of_one_whole_keep_it_as_their_denominator():
    promoters = part(WON, "amount >= 9") - part(WON, "amount <= 6")
    assert measured(promoters * 100, amounts=[10, 9, 7, 3]) == ("100", "4", "25", "ok", [])


def test_other_sums_of_ratios_are_exact():
    assert measured(WON / LOST + WON / Constant(4), 2, 3) == ("3.5", "3", "1.166666666667", "ok", [])
    assert measured(1 - WON / LOST, 1, 3) == ("2", "3", "0.666666666667", "ok", [])
    assert measured((WON / LOST) * (LOST / WON), 2, 3) == ("6", "6", "1", "ok", [])
    assert measured((MONEY / LOST) / (WON / Constant(2)), amounts=[5, 6], lost=3) == (
        "11",
        "3",
        "3.666666666667",
        "ok",
        [],
    )


def test_a_constant_scales_the_numerator_where_it_can():
    assert measured(WON / LOST * 100, 1, 3) == ("100", "3", "33.333333333333", "ok", [])
    assert measured(100 * WON, 3) == ("300", None, "300", "ok", [])
    assert measured(WON / 8, 3) == ("0.375", None, "0.375", "ok", [])
    assert measured(WON / 3, 2) == ("2", "3", "0.666666666667", "ok", [])
    assert measured(WON / LOST / 3, 2, 2) == ("2", "6", "0.333333333333", "ok", [])
    assert measured(WON - 5, 2) == ("-3", None, "-3", "ok", [])


def test_values_are_rounded_half_even_to_twelve_places_and_only_once():
    assert measured(MONEY * "0.0000000005", amounts=["0.001", "0.002"])[2] == "0.000000000002"
    assert measured(MONEY * "0.0000000005", amounts=["0.001"])[:3] == ("0.0000000000005", None, "0")


def test_an_amount_beyond_64_bits_stays_exact():
    big = "99999999999999.9999"
    assert measured(MONEY * MONEY, amounts=[big, big])[2] == "39999999999999999920000000000.00000004"


def test_growth_is_relative_to_the_window_before():
    rows = {
        "deal_won": [
            {"amount": a, "occurred_at": t, "owner_id": "ann"}
            for a, t in [("100", "2025-03-05"), ("60", "2026-02-05"), ("150", "2026-03-05")]
        ]
    }
    found = SmallWorld(rows, indicator(growth(MONEY)), indicator(growth(MONEY, PRIOR), name="test.prior"))
    assert shown(one(found)) == ("50", "100", "0.5", "ok", [])
    assert value(found, name="test.prior") == "1.5"
    assert shown(one(found, "2025-03")) == ("100", "0", None, "no_denominator", ["zero_denominator"])


def test_someone_of_the_year_before_appears_with_a_loss():
    rows = {"deal_won": [{"amount": "5", "occurred_at": "2025-03-05", "owner_id": "old"}]}
    assert cells(SmallWorld(rows, indicator(growth(MONEY)))) == {("old", "2026-03"): ("-1", "ok")}


def test_windows_reach_by_parameters_and_nest():
    rows = {
        "deal_won": [
            {"amount": "1", "occurred_at": t} for t in ("2026-01-10", "2026-02-10", "2026-03-10", "2026-04-05")
        ]
    }
    tail = indicator(Over(WON, Window("start", "end + $tail")), params={"tail": duration("7d")})
    twice = indicator(Over(Over(WON, PRIOR), PRIOR), name="test.twice")
    last = indicator(Over(WON, Window("end - 1 month", "end")), name="test.last")
    found = SmallWorld(rows, tail, twice, last)
    assert (value(found), value(found, params={"tail": "1d"})) == ("2", "1")
    assert value(found, name="test.twice") == "1"
    assert (value(found, "2026-Q1", name="test.last"), value(found, "2026-Q1")) == ("1", "4")


def test_a_share_has_the_whole_as_its_denominator():
    rows = {
        "deal_won": [
            {"channel_id": c, "owner_id": o} for c, o in [("web", "a"), ("web", "b"), ("fair", "b"), (None, "b")]
        ]
    }
    channels = indicator(WON / Whole(WON, ("channel_id",)), by=("channel_id",))
    people = indicator(WON / Whole(WON, ("subject",)), name="test.people")
    found = SmallWorld(rows, channels, people)
    assert cells(found, level="company", by=None) == {
        (None, "2026-03", "fair"): ("0.25", "ok"),
        (None, "2026-03", "web"): ("0.5", "ok"),
        (None, "2026-03", None): ("0.25", "ok"),
    }
    assert cells(found, by=None)["b", "2026-03", "web"] == ("0.333333333333", "ok")
    assert cells(found, name="test.people") == {("a", "2026-03"): ("0.25", "ok"), ("b", "2026-03"): ("0.75", "ok")}
    assert cells(found, name="test.people", level="team") == {(None, "2026-03"): ("1", "ok")}


def test_the_smallest_is_one_of_its_parts_and_has_no_fraction():
    parts = (WON / (WON + LOST), 1 - LOST / 10)
    assert measured(smallest(*parts), 1, 3) == (None, None, "0.25", "ok", [])
    assert measured(largest(*parts), 1, 3) == (None, None, "0.7", "ok", [])
    assert measured(smallest(*parts) * 100, 1, 3) == (None, None, "25", "ok", [])
    assert measured(largest(0, WON - LOST), 1, 3) == ("0", None, "0", "ok", [])


def test_an_empty_part_empties_the_whole_unless_it_is_skipped():
    parts = (WON / LOST, LOST / WON)
    assert measured(smallest(*parts), 1, 0)[2:4] == (None, "no_denominator")
    assert measured(smallest(*parts, skip=True), 1, 0)[2:4] == ("0", "ok")
    assert measured(smallest(*parts, skip=True))[:4] == (None, None, None, "no_denominator")
    assert measured(largest(*parts, skip=True), 4, 2)[2] == "2"


def test_a_root_is_rounded_once_and_has_no_fraction():
    assert measured(Root(WON / LOST, Constant(2)), 2, 1) == (None, None, "1.414213562373", "ok", [])
    assert measured(Root(WON / LOST, Constant(3)) - 1, 27, 8) == (None, None, "0.5", "ok", [])
    assert measured(Root(WON / LOST, Constant(2)), 2)[2:4] == (None, "no_denominator")
    assert measured(Root(WON - LOST, Constant(2)), 0, 1)[2:4] == (None, "no_denominator")
    assert measured(Root(WON, LOST), 8, 3)[2] == "2"
    assert measured(Root(WON, LOST), 8, 0)[3] == "no_denominator"


def test_a_period_has_a_length():
    rows = deals(*[1] * 6, occurred_at="2026-02-10")
    found = SmallWorld(rows, indicator(WON / Constant("months")), indicator(WON / Constant("days"), name="test.daily"))
    assert shown(one(found, "2026-Q1")) == ("6", "3", "2", "ok", [])
    assert shown(one(found, "2026-02", name="test.daily"))[:2] == ("6", "28")
    assert shown(one(found, "2026-W07", name="test.it"))[3] == "no_denominator"


def test_a_choice_is_made_by_a_parameter():
    it = indicator(Choice("basis", {"count": WON, "money": MONEY}), params={"basis": choice("count", "money")})
    found = SmallWorld(deals(5, 6), it)
    assert (value(found), value(found, params={"basis": "money"})) == ("2", "11")
    torn = indicator(Choice("bases", {"count": WON}), params={"basis": choice("count")})
    with pytest.raises(InvalidDefinition) as error:
        cells(SmallWorld({}, torn))
    assert error.value.hint == "did you mean basis?"
    lacking = indicator(Choice("basis", {"count": WON}), params={"basis": choice("money", "count")})
    with pytest.raises(InvalidDefinition, match="no formula"):
        cells(SmallWorld({}, lacking))


def test_a_reference_takes_parameters_of_the_same_name():
    inner = indicator(
        count("deal_won", where="amount >= $least"), name="test.inner", params={"least": Parameter("integer", "5")}
    )
    outer = indicator(Ref("test.inner") / WON, params={"least": Parameter("integer", "7")})
    plain = indicator(Ref("test.inner"), name="test.plain")
    found = SmallWorld(deals(5, 6, 7, 1), inner, outer, plain)
    assert (value(found), value(found, name="test.plain")) == ("0.25", "3")
    assert value(found, params={"least": 6}) == "0.5"


def test_a_circle_of_references_is_refused():
    one_, two = indicator(Ref("test.two"), name="test.one"), indicator(Ref("test.one"), name="test.two")
    with pytest.raises(InvalidDefinition, match=r"test\.one → test\.two → test\.one"):
        cells(SmallWorld({}, one_, two), name="test.one")


def test_a_target_is_the_world_s_or_missing():
    rows = deals(30)
    it = indicator(MONEY / Target("test.money"))
    base = indicator(MONEY, name="test.money")
    found = SmallWorld(rows, it, base, targets={("test.money", "person", "ann", "2026-03"): Decimal(40)})
    assert one(found, level="person", subject="ann")["value"] == "0.75"
    assert shown(one(found)) == (None, None, None, "missing_data", ["no_target"])
    assert value(SmallWorld(rows, base), name="test.money") == "30"


def test_a_condition_may_name_the_bounds_of_the_period():
    rows = {"deal_won": [{"occurred_at": "2026-03-02", "amount": "1"}, {"occurred_at": "2026-03-20", "amount": "1"}]}
    it = indicator(count("deal_won", where="occurred_at < period_start + $days"), params={"days": duration("7d")})
    assert value(SmallWorld(rows, it)) == "1"
    ahead = indicator(count("deal_won", where="occurred_at >= previous_start and occurred_at < next_end"))
    assert value(SmallWorld(rows, ahead)) == "2"
