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
