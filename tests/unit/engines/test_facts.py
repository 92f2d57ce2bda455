from decimal import Decimal

import duckdb
import pyarrow as pa

from kpicore.definitions.book import fact_columns
from kpicore.engines import facts
from tests.unit.evaluation.worlds import book, fact_table

FACT_TYPES = book().fact_types


def rows_of(name, rows, base=None, rates=()):
    connection = duckdb.connect()
    connection.register(facts.stored(name), facts.integer_instants(fact_table(FACT_TYPES[name], rows)))
    table = fact_table(FACT_TYPES["exchange_rate_set"], rates)
    connection.register(facts.RATES, facts.rates(table, base))
    return connection.sql(facts.view(FACT_TYPES[name], base)).to_arrow_table()


def test_a_view_has_the_columns_that_definitions_may_name():
    for name, fact_type in FACT_TYPES.items():
        for base in (None, "TWD"):
            assert rows_of(name, [], base).column_names == list(fact_columns(fact_type))


def test_instants_become_integers_and_nothing_else_changes():
    table = fact_table(FACT_TYPES["deal_won"], [{"amount": "5"}])
    found = facts.integer_instants(table)
    assert found.schema.field("occurred_at").type == pa.int64()
    assert found.drop_columns(["occurred_at", "engaged_at"]) == table.drop_columns(["occurred_at", "engaged_at"])


def test_money_has_its_original_and_its_rate_beside_it():
    rates = [{"currency": "USD", "base_currency": "TWD", "rate": "31.12345678", "effective_from": "2026-01-01"}]
    (row,) = rows_of("deal_won", [{"amount": "2.5", "currency": "USD"}], "TWD", rates).to_pylist()
    assert (row["amount"], row["amount_original"], row["rate"]) == (
        Decimal("77.8086"),
        Decimal("2.5000"),
        Decimal("31.12345678"),
    )
    (row,) = rows_of("deal_won", [{"amount": "2.5", "currency": "JPY"}], "TWD", rates).to_pylist()
    assert (row["amount"], row["amount_original"], row["rate"]) == (None, Decimal("2.5000"), None)
    (row,) = rows_of("deal_won", [{"amount": "2.5", "currency": "USD"}]).to_pylist()
    assert (row["amount"], row["rate"]) == (Decimal("2.5000"), Decimal(1))


def test_the_largest_amount_times_the_largest_rate_that_fits_is_exact():
    rates = [{"currency": "X", "base_currency": "Y", "rate": "999.99999999", "effective_from": "2026-01-01"}]
    (row,) = rows_of("deal_won", [{"amount": "99999999999.9999", "currency": "X"}], "Y", rates).to_pylist()
    exact = Decimal("99999999999.9999") * Decimal("999.99999999")
    assert abs(row["amount"] - exact) <= Decimal("0.00005")


def test_a_base_currency_with_a_quote_is_a_text():
    assert rows_of("deal_won", [{"amount": "1", "currency": "o'x"}], "o'x").to_pylist()[0]["amount"] == Decimal(1)


def test_a_view_of_some_columns_reads_what_these_need():
    deal = FACT_TYPES["deal_won"]
    assert facts.stored_columns(deal, {"owner_id", "source"}, "TWD") == {"owner_id", "source"}
    assert facts.stored_columns(deal, {"amount"}, None) == {"amount"}
    assert facts.stored_columns(deal, {"amount"}, "TWD") == {"amount", "currency", "occurred_at"}
    assert facts.stored_columns(deal, {"amount_original"}, "TWD") == {"amount"}
    assert facts.stored_columns(deal, {"rate"}, "TWD") == {"currency", "occurred_at"}
    assert facts.stored_columns(deal, (), None) == {"occurred_at"}


def test_a_view_of_some_columns_says_of_them_what_the_whole_says():
    rows = [{"amount": "5", "currency": "USD"}, {"amount": "7", "currency": None}]
    rates = [{"currency": "USD", "base_currency": "TWD", "rate": "31.5", "effective_from": "2020-01-01"}]
    whole = rows_of("deal_won", rows, "TWD", rates)
    deal = FACT_TYPES["deal_won"]
    for columns in (["amount"], ["rate", "source"], ["amount_original", "owner_id"], ["occurred_at"]):
        connection = duckdb.connect()
        stored = facts.integer_instants(fact_table(deal, rows))
        needed = sorted(facts.stored_columns(deal, columns, "TWD"))
        connection.register(facts.stored("deal_won"), stored.select(needed))
        connection.register(facts.RATES, facts.rates(fact_table(FACT_TYPES["exchange_rate_set"], rates), "TWD"))
        found = connection.sql(facts.view(deal, "TWD", columns)).to_arrow_table()
        assert sorted(found.column_names) == sorted(columns)
        for name in columns:
            assert sorted(found.column(name).to_pylist(), key=repr) == sorted(whole.column(name).to_pylist(), key=repr)
