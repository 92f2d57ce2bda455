"""Matches: what another source must, or must not, have about a counted row."""

import pytest

from kpicore import Match, count, distinct, duration, during, rate, total, within
from kpicore.definitions.algebra.builders import holds
from kpicore.definitions.parameters import Parameter
from kpicore.definitions.relations import Relation
from kpicore.errors import InvalidDefinition, InvalidInput
from tests.unit.evaluation.worlds import SmallWorld, cells, indicator, one, value

HORIZON = {"horizon": duration("10d")}


def leads(*wins, horizon="10d"):
    rows = {
        "lead_created": [{"lead_id": f"L{n}", "occurred_at": "2026-03-10T12:00:00", "owner_id": "ann"} for n in (1, 2)],
        "deal_won": [{"lead_id": "L1", "occurred_at": when, "owner_id": "bob"} for when in wins],
    }
    it = indicator(rate(count("lead_created"), within("deal_won", "lead_id", "$horizon")), params=HORIZON)
    return value(SmallWorld(rows, it), params={"horizon": horizon})


@pytest.mark.parametrize(
    ("won", "share"),
    [
        ("2026-03-10T12:00:00", "0.5"),
        ("2026-03-20T12:00:00", "0.5"),
        ("2026-03-20T12:00:00.000001", "0"),
        ("2026-03-10T11:59:59.999999", "0"),
        ("2026-04-02", "0"),
    ],
)
def test_a_horizon_takes_its_first_and_its_last_instant(won, share):
    assert leads(won) == share


def test_several_matches_of_a_row_count_once():
    assert leads("2026-03-11", "2026-03-12", "2026-03-13") == "0.5"


def test_another_horizon_is_another_number():
    assert leads("2026-04-02", horizon="30d") == "0.5"


@pytest.mark.parametrize(("bounds", "hits"), [("[]", "2"), ("[)", "1"), ("(]", "1"), ("()", "0")])
def test_the_bounds_of_a_window_are_as_declared(bounds, hits):
    rows = {
        "lead_created": [
            {"lead_id": "L1", "occurred_at": "2026-03-10"},
            {"lead_id": "L2", "occurred_at": "2026-03-10"},
        ],
        "deal_won": [{"lead_id": "L1", "occurred_at": "2026-03-10"}, {"lead_id": "L2", "occurred_at": "2026-03-20"}],
    }
    match = Match("deal_won", "lead_id", low="occurred_at", high="occurred_at + $horizon", bounds=bounds)
    assert value(SmallWorld(rows, indicator(count("lead_created", match=match), params=HORIZON))) == hits


def test_a_null_that_is_shared_meets_nothing():
    rows = {"deal_won": [{"lead_id": None}], "deal_lost": [{"lead_id": None}]}
    met = indicator(count("deal_won", match=Match("deal_lost", "lead_id")), name="test.met")
    alone = indicator(count("deal_won", match=Match("deal_lost", "lead_id", absent=True)), name="test.alone")
    found = SmallWorld(rows, met, alone)
    assert (value(found, name="test.met"), value(found, name="test.alone")) == ("0", "1")


def test_spend_without_leads_is_found_by_what_is_absent():
    rows = {
        "spend_booked": [
            {"amount": "70", "channel_id": "web", "owner_id": "ann"},
            {"amount": "30", "channel_id": "fair", "owner_id": "ann"},
        ],
        "lead_created": [{"channel_id": "web"}, {"channel_id": "fair", "occurred_at": "2026-04-20"}],
    }
    nothing = Match(
        "lead_created", "channel_id", low="period_start", high="period_end + $lag", bounds="[)", absent=True
    )
    wasted = total("spend_booked", "amount", match=nothing) / total("spend_booked", "amount")
    found = SmallWorld(rows, indicator(wasted, params={"lag": duration("14d")}))
    assert value(found) == "0.3"
    assert value(found, params={"lag": "20d"}) == "0"


def test_a_second_purchase_needs_at_least_two():
    rows = {"order_paid": [{"customer_id": c, "gross": "1"} for c in ("x", "x", "y")]}
    twice = distinct("order_paid", "customer_id", match=during("order_paid", "customer_id", least="2"))
    assert value(SmallWorld(rows, indicator(twice / distinct("order_paid", "customer_id")))) == "0.5"


def test_what_must_be_reached_may_be_a_sum_and_a_parameter():
    rows = {
        "content_published": [{"content_id": "a"}, {"content_id": "b"}],
        "content_measured": [
            {"content_id": "a", "occurred_at": "2026-03-11", "reads": 60},
            {"content_id": "a", "occurred_at": "2026-03-12", "reads": 40},
            {"content_id": "b", "occurred_at": "2026-03-11", "reads": 99},
        ],
    }
    read = within("content_measured", "content_id", "$horizon", of="reads", least="$reads")
    it = indicator(count("content_published", match=read), params={**HORIZON, "reads": Parameter("integer", "100")})
    assert value(SmallWorld(rows, it)) == "1"
    assert value(SmallWorld(rows, it), params={"reads": 99}) == "2"


def test_a_condition_may_compare_with_the_counted_row():
    rows = {
        "deal_won": [
            {"deal_id": "a", "customer_id": "x", "amount": "5"},
            {"deal_id": "b", "customer_id": "x", "amount": "9"},
        ],
    }
    bigger = Match("deal_won", "customer_id", where="deal_id <> row.deal_id and amount > row.amount")
    assert value(SmallWorld(rows, indicator(count("deal_won", match=bigger)))) == "1"


def test_all_matches_must_hold():
    rows = {
        "lead_created": [{"lead_id": "a"}, {"lead_id": "b"}],
        "deal_won": [{"lead_id": "a"}, {"lead_id": "b"}],
        "deal_lost": [{"lead_id": "b"}],
    }
    both = (Match("deal_won", "lead_id"), Match("deal_lost", "lead_id"))
    assert value(SmallWorld(rows, indicator(count("lead_created", match=both)))) == "1"


TIERS = [
    {"customer_id": "x", "tier": "gold", "effective_from": "2026-01-01"},
    {"customer_id": "x", "tier": "plain", "effective_from": "2026-04-01"},
    {"customer_id": "y", "tier": "gold", "effective_from": "2026-03-10"},
]


@pytest.mark.parametrize(
    ("at", "period", "gold"),
    [
        ("start", "2026-03", "1"),
        ("end", "2026-03", "2"),
        ("during", "2026-03", "2"),
        ("start", "2026-04", "2"),
        ("end", "2026-04", "1"),
        ("during", "2026-04", "1"),
        ("start", "2026-01", "0"),
        ("end", "2025-12", "0"),
        ("during", "2025-12", "0"),
    ],
)
def test_a_spell_is_open_just_before_a_bound(at, period, gold):
    it = indicator(distinct("customer_tier", "customer_id", where="tier = 'gold'", at=at))
    assert value(SmallWorld({"customer_tiered": TIERS}, it), period) == gold


def test_the_tier_of_a_sale_is_the_one_at_its_time():
    rows = {
        "customer_tiered": TIERS,
        "deal_won": [
            {"customer_id": "y", "amount": "1", "occurred_at": "2026-03-09"},
            {"customer_id": "y", "amount": "2", "occurred_at": "2026-03-10"},
            {"customer_id": "x", "amount": "4", "occurred_at": "2026-03-31"},
        ],
    }
    gold = total(
        "deal_won", "amount", match=holds("customer_tier", "customer_id", "occurred_at", where="tier = 'gold'")
    )
    assert value(SmallWorld(rows, indicator(gold))) == "6"
    at_end = total(
        "deal_won", "amount", match=holds("customer_tier", "customer_id", "period_end", where="tier = 'gold'")
    )
    assert value(SmallWorld(rows, indicator(at_end))) == "7"


def test_rows_of_a_relation_whose_key_is_null_are_looked_at_one_by_one():
    either = Relation(
        "test.either",
        "leads by contact",
        "select l.contact_key, min(l.occurred_at) as occurred_at, min(l.owner_id) as owner_id from lead_created l group by l.contact_key",
        "contact_key",
    )
    rows = {"lead_created": [{"contact_key": None}, {"contact_key": "c"}], "deal_won": [{"occurred_at": "2026-03-11"}]}
    it = indicator(
        count("test.either", match=Match("deal_won", (), low="occurred_at", high="occurred_at + $horizon")),
        params=HORIZON,
    )
    assert value(SmallWorld(rows, either, it)) == "2"


def test_what_came_before_it_could_is_noted_and_not_counted():
    rows = {
        "lead_created": [{"lead_id": "a", "owner_id": "ann"}, {"lead_id": "b", "owner_id": "bob"}],
        "deal_won": [{"lead_id": "a", "occurred_at": "2026-03-01"}, {"lead_id": "b", "occurred_at": "2026-03-12"}],
    }
    it = indicator(rate(count("lead_created"), within("deal_won", "lead_id", "$horizon")), params=HORIZON)
    found = SmallWorld(rows, it)
    assert cells(found) == {("ann", "2026-03"): ("0", "ok"), ("bob", "2026-03"): ("1", "ok")}
    assert one(found, level="person", subject="ann")["flags"] == ["early_event"]
    assert one(found, level="person", subject="bob")["flags"] == []


def test_a_customer_s_earlier_order_is_nothing_odd():
    rows = {"order_paid": [{"customer_id": "x", "gross": "1", "occurred_at": f"2026-03-1{n}"} for n in range(3)]}
    it = indicator(
        count("order_paid", match=within("order_paid", "customer_id", "$horizon", least="2")), params=HORIZON
    )
    assert (value(SmallWorld(rows, it)), one(SmallWorld(rows, it))["flags"]) == ("2", [])


def test_a_shared_column_must_be_on_both_sides():
    it = indicator(count("deal_won", match=Match("deal_lost", "campain_id")))
    with pytest.raises(InvalidInput) as error:
        cells(SmallWorld({}, it))
    assert error.value.hint == "did you mean campaign_id?"
    it = indicator(count("deal_won", match=Match("deal_lost", "lead_id", where="row.nothing = 1")))
    with pytest.raises(InvalidDefinition):
        cells(SmallWorld({}, it))
