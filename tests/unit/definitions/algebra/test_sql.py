from decimal import Decimal
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.algebra.sql import (
    bind,
    literal,
    parameters,
    parse_expression,
    parse_select,
    same_text,
    split_columns,
    table_name,
    tables,
)
from kpicore.definitions.values import Value
from kpicore.errors import InvalidDefinition


def test_parameters_are_bound_as_literals_and_never_as_text() -> None:
    tree = parse_expression("segment in $segments and net > $least and tier = $tier", "x")
    assert parameters(tree) == {"segments", "least", "tier"}
    values: dict[str, Value] = {"segments": ("a'b", "x') or true --"), "least": Decimal("-0.10"), "tier": "x' or true"}
    written = bind(tree, values).sql("duckdb")
    assert written == "segment IN ('a''b', 'x'') or true --') AND net > (-0.1) AND tier = 'x'' or true'"
    assert parameters(tree) == {"segments", "least", "tier"}  # the tree itself stays as it was


def test_a_parameter_without_value_is_named() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        bind(parse_expression("tier = $tierr", "x"), {"tier": "hnw"}, "sales.x")
    assert (caught.value.where, caught.value.hint) == ("sales.x", "did you mean tier?")


@given(st.one_of(st.integers(-(2**63) + 1, 2**63 - 1), st.decimals(-(10**12), 10**12, places=6), st.text(max_size=8)))
def test_a_literal_is_what_it_stands_for(value: int | Decimal | str) -> None:
    if isinstance(value, str) and "\0" in value:
        return
    with duckdb.connect() as connection:
        (found,) = connection.execute(f"select {literal(value).sql('duckdb')}").fetchone() or ()
    assert found == value


def test_the_tree_is_the_callers_own() -> None:
    first = parse_expression("a + 1", "x")
    first.set("this", literal(5))
    assert parse_expression("a + 1", "x").sql() == "a + 1"


def test_tables_of_a_statement_without_its_own() -> None:
    tree = parse_select(
        "with w as (select l.lead_id from lead l) select w.lead_id from w join sales.pipeline p on p.lead_id = w.lead_id",
        "x",
    )
    assert sorted(table_name(table) for table in tables(tree)) == ["lead", "sales.pipeline"]


@pytest.mark.parametrize(
    ("sql", "same"),
    [
        ("select a\n   from\tt", "select a from t"),
        ("x = 'a  b'   and y", "x = 'a  b' and y"),
        ("x = 'it''s  so'  ", "x = 'it''s  so'"),
    ],
)
def test_white_space_outside_quotes_says_nothing(sql: str, same: str) -> None:
    assert same_text(sql) == same


def test_columns_of_a_distinct_count() -> None:
    parts = [part.sql() for part in split_columns("coalesce(hq_id, partner_id), region_id", "x")]
    assert parts == ["COALESCE(hq_id, partner_id)", "region_id"]


def _days(instant: int) -> int:
    return instant * 86_400_000_000


@given(
    st.decimals(-(10**9), 10**9, places=4),
    st.integers(0, 60),
    st.integers(0, 60),
    st.lists(st.integers(-10, 130), min_size=1, max_size=5),
)
def test_what_accrues_in_adjoining_periods_adds_up_to_the_amount(
    amount: Decimal, start: int, length: int, cuts: list[int]
) -> None:
    tree = parse_expression("accrued($a, $f, $t, $s, $e)", "x")
    edges = [-20, *sorted(cuts), 140]
    total = Decimal(0)
    with duckdb.connect() as connection:
        for low, high in pairwise(edges):
            values: dict[str, Value] = {
                "a": amount,
                "f": _days(start),
                "t": _days(start + length),
                "s": _days(low),
                "e": _days(high),
            }
            (part,) = connection.execute(f"select {bind(tree, values).sql('duckdb')}").fetchone() or ()
            total += part
    assert total == amount


def test_accruing_is_in_proportion() -> None:
    tree = parse_expression("accrued(31.0000, $f, $t, $s, $e)", "x")
    values: dict[str, Value] = {"f": 0, "t": _days(31), "s": _days(10), "e": _days(20)}
    with duckdb.connect() as connection:
        (part,) = connection.execute(f"select {bind(tree, values).sql('duckdb')}").fetchone() or ()
    assert part == Decimal(10)


def test_money_is_converted_once_and_exactly() -> None:
    tree = bind(
        parse_expression("to_base($amount, $rate)", "x"), {"amount": Decimal("100.01"), "rate": Decimal("31.46")}
    )
    with duckdb.connect() as connection:
        (found,) = connection.execute(f"select {tree.sql('duckdb')}").fetchone() or ()
    assert found == Decimal("3146.3146")


def test_a_macro_may_hold_columns_that_are_called_like_its_arguments() -> None:
    tree = bind(parse_expression("to_base(coalesce(rate, amount), amount)", "x"), {})
    assert tree.sql("duckdb") == (
        "CAST(CAST((COALESCE(rate, amount)) AS DECIMAL(20, 4)) * CAST((amount) AS DECIMAL(17, 8)) AS DECIMAL(18, 4))"
    )
