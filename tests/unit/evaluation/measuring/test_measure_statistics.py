"""Measures that do not pool: quantiles, means of single rates, and how long it takes until something has paid off."""

import pytest

from kpicore.definitions.algebra.builders import count, quantile, rate, total, within
from kpicore.definitions.algebra.measures import Crossing, Given, Mean
from kpicore.definitions.checks import check
from kpicore.definitions.codec import from_document, to_document
from kpicore.definitions.parameters import Parameter, duration
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.evaluation.measuring.measure import Request, measure
from tests.unit.evaluation.worlds import SmallWorld, book, indicator, one

PEOPLE = [
    {"employee_id": who, "team_id": "north", "role": "sales", "effective_from": "2020-01-01"} for who in ("ann", "bo")
]


def _deals(*amounts, **more):
    return [{"deal_id": f"D{n}", "amount": str(amount), "owner_id": "ann", **more} for n, amount in enumerate(amounts)]


@pytest.mark.parametrize(
    ("amounts", "share", "value"),
    [
        ((5, 1, 9), "0.5", "5"),
        ((5, 1, 9, 2), "0.5", "3.5"),
        ((7,), "0.9", "7"),
        (range(1, 11), "0.9", "9.5"),
        (range(1, 12), "0.9", "10"),
        ((1, 2), "0.1", "1"),
        ((), "0.5", None),
    ],
)
def test_a_quantile_lies_between_the_values_that_the_share_falls_between(amounts, share, value):
    world = SmallWorld({"deal_won": _deals(*amounts)}, indicator(quantile("deal_won", "amount", share)))
    row = one(world)
    assert row["value"] == value
    assert row["numerator"] is row["denominator"] is None
    assert row["state"] == ("ok" if amounts else "no_denominator")


def test_quantiles_leave_nulls_out_and_are_taken_anew_at_each_level():
    deals = [*_deals(1, 2, 3), {"deal_id": "X", "amount": "9", "owner_id": "bo"}]
    it = indicator(quantile("deal_won", "amount", "0.5", where="amount > 0") / "2")
    world = SmallWorld({"deal_won": deals, "employee_assigned": PEOPLE}, it)
    assert [one(world, level="person", subject=who)["value"] for who in ("ann", "bo")] == ["1", "4.5"]
    assert one(world, level="team", subject="north")["value"] == "1.25"
    tiers = indicator(quantile("complaint_opened", "severity", "0.5"))
    world = SmallWorld({"complaint_opened": [{"severity": 4}, {"severity": None}, {"severity": 1}]}, tiers)
    assert one(world)["value"] == "2.5"


def _converted(*pairs):
    leads = [{"lead_id": f"L{n}", "owner_id": who} for n, (who, _) in enumerate(pairs)]
    deals = [{"lead_id": f"L{n}", "amount": "1"} for n, (_, won) in enumerate(pairs) if won]
    return {"lead_created": leads, "deal_won": deals, "employee_assigned": PEOPLE}


RATE = rate(count("lead_created"), within("deal_won", "lead_id", "90 * 86400000000"))


def test_a_mean_of_rates_counts_everyone_alike():
    rows = _converted(("ann", 1), ("ann", 1), ("ann", 0), ("bo", 0))
    world = SmallWorld(rows, indicator(Mean(RATE, "owner_id"), name="test.it"), indicator(RATE, name="test.pooled"))
    for level, subject, mean, pooled in (
        ("company", None, "0.333333333333", "0.5"),
        ("team", "north", "0.333333333333", "0.5"),
        ("person", "ann", "0.666666666667", "0.666666666667"),
        ("person", "bo", "0", "0"),
    ):
        assert one(world, level=level, subject=subject)["value"] == mean
        assert one(world, level=level, subject=subject, name="test.pooled")["value"] == pooled


def test_a_mean_is_exact_before_it_is_rounded_once():
    rows = _converted(*[("ann", n < 1) for n in range(3)], *[("bo", n < 2) for n in range(3)])
    assert one(SmallWorld(rows, indicator(Mean(RATE, "owner_id"))))["value"] == "0.5"


def test_a_mean_of_nothing_is_empty_and_break_downs_hold():
    world = SmallWorld(_converted(), indicator(Mean(RATE, "owner_id")))
    assert one(world)["state"] == "no_denominator"
    rows = _converted(("ann", 1), ("bo", 0), ("bo", 1))
    for lead, channel in zip(rows["lead_created"], ("fair", "fair", "ads"), strict=True):
        lead["channel_id"] = channel
    world = SmallWorld(rows, indicator(Mean(RATE, "owner_id")))
    [found] = measure(world, [Request("test.it", by=("channel_id",))], world.calendar.series("2026-03"), "company")
    assert {row["by"]["channel_id"]: row["value"] for row in found.to_document()["rows"]} == {"fair": "0.5", "ads": "1"}


PARAMS = {"month": duration("30d"), "most": Parameter("integer", "4"), "cost": Parameter("decimal", "100")}
PAID_BACK = Crossing(total("customer_order", "net"), "order_at - occurred_at", Given("cost"), "month", "most")


def _orders(*rows):
    days = "2026-03-01", "2026-03-31", "2026-04-30", "2026-05-30", "2026-09-01"
    return {
        "order_paid": [
            {"order_id": f"O{n}", "customer_id": "C", "gross": gross, "occurred_at": days[place], "owner_id": "ann"}
            for n, (place, gross) in enumerate(rows)
        ]
    }


@pytest.mark.parametrize(
    ("orders", "value", "flags"),
    [
        ([(0, "60"), (1, "39.99"), (2, "0.01")], "2", []),
        ([(0, "100")], "1", []),
        ([(0, "99"), (4, "500")], "4", ["censored"]),
        ([], "4", ["censored"]),
    ],
)
def test_a_crossing_is_the_first_step_that_reaches_the_level(orders, value, flags):
    row = one(SmallWorld(_orders(*orders), indicator(PAID_BACK, params=PARAMS)))
    assert (row["value"], row["state"], row["flags"]) == (value, "ok", flags)
    assert row["numerator"] is row["denominator"] is None


@pytest.mark.parametrize(
    ("as_of", "value", "state", "flags"),
    [
        ("2026-04-15", None, "immature", []),
        ("2026-05-01", "1", "provisional", ["censored"]),
        ("2026-05-31", "2", "ok", []),
    ],
)
def test_only_steps_that_have_passed_for_everyone_count(as_of, value, state, flags):
    orders = _orders((0, "60"), (1, "20"), (2, "20"))
    row = one(SmallWorld(orders, indicator(PAID_BACK, params=PARAMS), as_of=as_of))
    assert (row["value"], row["state"], row["flags"]) == (value, state, flags)


def test_a_level_of_nothing_is_no_level():
    row = one(SmallWorld(_orders((0, "60")), indicator(PAID_BACK, params=PARAMS)), params={"cost": "0"})
    assert row["state"] == "no_denominator"


def test_documents_of_other_aggregates_stay_as_they_were():
    assert "share" not in str(to_document(indicator(total("deal_won", "amount"))))
    for node in (quantile("deal_won", "amount", "0.25"), Mean(RATE, "owner_id"), PAID_BACK, Given("cost") + 1):
        it = indicator(node, params=PARAMS)
        assert from_document(to_document(it)) == it


LATE = {"late": Parameter("steps", ("0: 0.5", "10.5: -2", "3: 0.25"))}


def _stepped(*amounts, table=None):
    it = indicator(total("deal_won", "stepped(amount, $late)"), params=LATE)
    return one(SmallWorld({"deal_won": _deals(*amounts)}, it), params={} if table is None else {"late": table})["value"]


def test_a_table_gives_what_its_last_row_below_a_value_says():
    found = {amount: _stepped(amount) for amount in ("-0.01", "0", "2.99", "3", "10.4999", "10.5", "99")}
    assert list(found.values()) == ["0", "0.5", "0.5", "0.25", "0.25", "-2", "-2"]
    assert _stepped(1, 5, 20) == "-1.25"
    assert _stepped(7, table="0: 1, 5: 0.000000000001") == _stepped(7, table=[["0", "1"], ["5", "0.000000000001"]])
    for wrong in ("0: 0.0000000000001", "0: 1000000", "0", "0: x"):
        with pytest.raises(InvalidInput):
            _stepped(7, table=wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        quantile("deal_won", "amount", "1"),
        quantile("deal_won", "currency", "0.5"),
        count("deal_won", share="0.5"),
        Given("month"),
        Given("nothing"),
        Mean(RATE, "amount"),
        Mean(Mean(RATE, "owner_id"), "channel_id"),
        total("deal_won", "stepped(amount, $cost)"),
        total("deal_won", "stepped(currency, $steps)"),
        count("deal_won", where="currency in $steps"),
        total("deal_won", "amount * $steps"),
        Given("steps"),
        Crossing(count("deal_won"), "1", Given("cost"), "month", "most"),
        Crossing(total("customer_order", "net"), "customer_id", Given("cost"), "month", "most"),
        Crossing(total("customer_order", "net"), "1", Given("cost"), "cost", "most"),
    ],
)
def test_what_cannot_be_computed_is_refused(wrong):
    it = indicator(wrong, params={**PARAMS, "steps": LATE["late"]})
    with pytest.raises(InvalidDefinition):
        check(book(it), [it.id])
