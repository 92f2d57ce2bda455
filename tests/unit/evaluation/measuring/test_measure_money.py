"""Money: one currency as it is, several by the rates in force, and never a sum of different ones."""

from kpicore import count, total
from kpicore.definitions.relations import Relation
from tests.unit.evaluation.worlds import SmallWorld, cells, indicator, one, value

RATES = [
    {"currency": "USD", "base_currency": "TWD", "rate": "30", "effective_from": "2026-01-01"},
    {"currency": "USD", "base_currency": "TWD", "rate": "31.12345678", "effective_from": "2026-03-10"},
    {"currency": "USD", "base_currency": "EUR", "rate": "0.9", "effective_from": "2026-01-01"},
]
MONEY = indicator(total("deal_won", "amount"))


def deals(*rows):
    return [{"amount": a, "currency": c, "owner_id": o, "occurred_at": t} for a, c, o, t in rows]


def test_one_currency_passes_as_it_is():
    rows = {"deal_won": deals(("5", "USD", "a", "2026-03-01"), ("6", None, "a", "2026-03-02"))}
    assert value(SmallWorld(rows, MONEY)) == "11"


def test_several_currencies_in_a_cell_are_missing_only_there():
    rows = {
        "deal_won": deals(
            ("5", "USD", "a", "2026-03-01"), ("6", "TWD", "b", "2026-03-02"), ("7", "USD", "a", "2026-03-03")
        )
    }
    found = SmallWorld(rows, MONEY, indicator(count("deal_won"), name="test.count"))
    assert cells(found) == {("a", "2026-03"): ("12", "ok"), ("b", "2026-03"): ("6", "ok")}
    assert (one(found)["state"], one(found)["flags"], one(found)["numerator"]) == (
        "missing_data",
        ["several_currencies"],
        None,
    )
    assert value(found, name="test.count") == "3"


def test_several_currencies_across_the_parts_of_a_formula_are_missing():
    rows = {
        "deal_won": deals(("5", "USD", "a", "2026-03-01")),
        "spend_booked": [{"amount": "2", "currency": "TWD", "owner_id": "a"}],
    }
    roi = indicator(total("deal_won", "amount") / total("spend_booked", "amount"))
    assert one(SmallWorld(rows, roi))["state"] == "missing_data"
    rows["spend_booked"][0]["currency"] = "USD"
    assert value(SmallWorld(rows, roi)) == "2.5"


def test_a_condition_on_an_amount_asks_for_one_currency():
    rows = {"deal_won": deals(("5", "USD", "a", "2026-03-01"), ("60", "TWD", "a", "2026-03-01"))}
    assert one(SmallWorld(rows, indicator(count("deal_won", where="amount > 1"))))["state"] == "missing_data"
    assert value(SmallWorld(rows, indicator(count("deal_won", where="currency = 'USD' and amount > 1")))) == "1"


def test_a_relation_that_drops_the_currency_is_not_trusted_with_several():
    plain = Relation(
        "test.plain",
        "plain",
        "select d.deal_id, d.source, d.occurred_at, d.owner_id, d.amount from deal_won d",
        ("deal_id", "source"),
    )
    it = indicator(total("test.plain", "amount"))
    mixed = deals(("5", "USD", "a", "2026-03-01"), ("6", "TWD", "b", "2026-02-01"))
    assert one(SmallWorld({"deal_won": mixed}, plain, it))["flags"] == ["several_currencies"]
    assert value(SmallWorld({"deal_won": mixed[:1]}, plain, it)) == "5"
    assert value(SmallWorld({"deal_won": mixed, "exchange_rate_set": RATES}, plain, it, base="TWD")) == "150"


def test_money_is_brought_to_the_base_by_the_rate_when_it_happened():
    rows = {
        "exchange_rate_set": RATES,
        "deal_won": deals(
            ("2", "USD", "a", "2026-03-09T23:59:59.999999"),
            ("2", "USD", "b", "2026-03-10"),
            ("7", "TWD", "a", "2020-01-01"),
            ("7", None, "c", "2026-03-10"),
        ),
    }
    found = SmallWorld(rows, MONEY, base="TWD")
    assert cells(found) == {
        ("a", "2026-03"): ("60", "ok"),
        ("b", "2026-03"): ("62.2469", "ok"),
        ("c", "2026-03"): ("7", "ok"),
    }
    original = indicator(total("deal_won", "amount_original"), name="test.original")
    assert value(SmallWorld(rows, original, base="TWD"), name="test.original") == "11"
    assert value(SmallWorld(rows, MONEY, base="TWD"), "2020") == "7"


def test_without_a_rate_money_is_missing():
    rows = {
        "exchange_rate_set": RATES,
        "deal_won": deals(
            ("2", "USD", "a", "2025-12-31"), ("2", "JPY", "b", "2026-03-10"), ("1", "TWD", "c", "2026-03-10")
        ),
    }
    found = SmallWorld(rows, MONEY, indicator(count("deal_won"), name="test.count"), base="TWD")
    assert one(found, "2025-12")["state"] == "missing_data"
    assert cells(found)["b", "2026-03"] == (None, "missing_data")
    assert cells(found)["c", "2026-03"] == ("1", "ok")
    assert value(found, name="test.count") == "2"


def test_of_rates_that_take_effect_together_the_last_source_counts():
    twice = [{**RATES[0], "source": "bank"}, {**RATES[0], "rate": "29", "source": "desk"}]
    for given in (twice, twice[::-1]):
        rows = {"exchange_rate_set": given, "deal_won": deals(("2", "USD", "a", "2026-03-01"))}
        assert value(SmallWorld(rows, MONEY, base="TWD")) == "58"


def test_a_refund_comes_off_in_the_order_s_currency():
    rows = {
        "exchange_rate_set": RATES,
        "order_paid": [
            {
                "order_id": "o",
                "gross": "10",
                "cogs": "4",
                "currency": "USD",
                "occurred_at": "2026-03-01",
                "owner_id": "a",
            }
        ],
        "order_refunded": [
            {"order_id": "o", "amount": "10", "cogs_reversed": "4", "currency": "USD", "occurred_at": "2026-03-20"}
        ],
    }
    net = indicator(total("net_order", "net"))
    assert value(SmallWorld(rows, net, base="TWD")) == "0"
    assert value(SmallWorld({**rows, "order_refunded": []}, net, base="TWD")) == "300"
    assert value(SmallWorld({**rows, "order_refunded": []}, net)) == "10"
