"""SQL in maps: where a cast does not hold, its row is named and nothing else is lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.errors import InvalidInput
from kpicore.sources.engine import Sql
from kpicore.sources.expressions import Expressions, checked

TEXTS = ("1.5", "1.23456", "x", None, "1_000", "-0", "12345678901234567890", "1e3", "２", "2017-01-01", "true", " 1")


def run(
    expression: str, texts: tuple[str | None, ...] = TEXTS, where: str | None = None
) -> tuple[list[Any], list[Any]]:
    """Values by row, and the rows whose casts do not hold with what stands there."""
    table = pa.table({"a": pa.array(texts, pa.string()), "n": pa.array([str(n) for n in range(len(texts))])})
    with Sql() as sql:
        condition = checked(where, "where", table.column_names, "f") if where else None
        tree = checked(expression, "column", table.column_names, "f")
        found = Expressions(condition, [tree], [expression], "map", sql).run(table)
    [values] = found.values
    bad = [
        (int(row), None if problem.values is None else problem.values[place].as_py())
        for problem in found.problems
        for place, row in enumerate(problem.offsets)
    ]
    return values.to_pylist(), bad


def test_a_cast_that_would_lose_a_digit_refuses_the_row() -> None:
    values, bad = run("a::decimal(18,4)")
    assert values[0] == Decimal("1.5000")
    assert values[1:5] == [None] * 4
    assert [text for _, text in bad] == [text for text in TEXTS if text not in ("1.5", None, "-0")]


@pytest.mark.parametrize(
    ("cast", "good"),
    [
        ("a::bigint", {"-0"}),
        ("a::decimal(3,1)", {"1.5", "-0"}),
        ("a::decimal(18,5)", {"1.5", "1.23456", "-0"}),
        ("a::date", {"2017-01-01"}),
        ("a::timestamp", {"2017-01-01"}),
        ("a::boolean", {"true"}),
        ("a::varchar", set(TEXTS) - {None}),
    ],
)
def test_what_each_type_takes(cast: str, good: set[str]) -> None:
    values, bad = run(cast)
    assert {text for text, value in zip(TEXTS, values, strict=True) if value is not None} == good
    assert {text for _, text in bad} == set(TEXTS) - good - {None}


@pytest.mark.parametrize(
    ("expression", "bad"),
    [
        ("case when n = '2' then 0 else a::int end", {"y"}),
        ("case n when '2' then 0 when '1' then 5 else a::int end", set()),
        ("case when n = '1' then a::int when n = '2' then a::int end", {"x", "y"}),
        ("coalesce(nullif(n, '2')::int, a::int)", {"x"}),
        ("n = '0' or a::int > 0", {"x", "y"}),
        ("n = '0' and a::int > 0", set()),
        ("case when n = '0' then (a::decimal(9,2) * 1)::int end", set()),
        ("case when n <> '2' then (a::decimal(9,2) * 1)::int end", {"y"}),
        ("(case when n <> '2' then a::decimal(9,2) end)::int", {"y"}),
    ],
)
def test_a_cast_counts_only_where_it_matters(expression: str, bad: set[str]) -> None:
    _, found = run(expression, ("1", "y", "x"))
    assert {text for _, text in found} == bad


def test_rows_that_where_leaves_out_are_not_refused() -> None:
    assert run("a::int", ("1", "x"), where="a <> 'x'")[1] == []
    assert run("a", ("1", "x"), where="a::int = 1")[1] == [(1, "x")]


def test_where_the_engine_itself_fails_the_row_is_told() -> None:
    texts = tuple("9" if n != 700 else "9223372036854775807" for n in range(1_000))
    values, bad = run("a::bigint * 9223372036854775 ", texts)
    assert bad == [(700, None)]
    assert values[700] is None
    assert values[0] == 9 * 9223372036854775


def test_what_fails_everywhere_is_an_error_of_the_map() -> None:
    with pytest.raises(InvalidInput):
        run("a::bigint * 9223372036854775807", ("3",) * 1_000)
    with pytest.raises(InvalidInput) as caught:
        run("a + 1")
    assert caught.value.code == "sql_refused"
    deep = "a"
    for _ in range(5):
        deep = f"cast({deep} as varchar)"
    assert run(deep, ("1",))[0] == ["1"]
    for _ in range(5):
        deep = f"cast({deep} as int)"
    with pytest.raises(InvalidInput, match="too deeply"):
        run(deep)


@given(st.lists(st.one_of(st.none(), st.decimals(-9999, 9999, places=4).map(str), st.text(max_size=5)), max_size=20))
def test_what_is_not_refused_is_exact(texts: list[str | None]) -> None:
    clean = tuple(None if text is None else text.encode("utf-8", "ignore").decode() for text in texts)
    values, bad = run("a::decimal(18,4)", clean)
    refused = {row for row, _ in bad}
    for row, (text, value) in enumerate(zip(clean, values, strict=True)):
        if text is None:
            assert value is None
            assert row not in refused
        elif row not in refused:
            assert value == Decimal(text)


def test_rows_keep_their_order() -> None:
    values, _ = run("n", tuple("x" for _ in range(50_000)))
    assert np.array_equal(np.array(values).astype(int), np.arange(50_000))


@pytest.mark.parametrize("where", [None, "9223372036854775807 + n::bigint > 0"])
def test_what_fails_in_every_row_is_a_problem_of_every_row(where: str | None) -> None:
    table = pa.table({"a": ["x", "y"], "n": ["1", "2"]})
    with Sql() as sql:
        condition = checked(where, "where", table.column_names, "f") if where else None
        tree = checked("9223372036854775807 + n::bigint", "column", table.column_names, "f")
        found = Expressions(condition, [tree], ["sum"], "map", sql).run(table)
    assert sorted(int(row) for problem in found.problems for row in problem.offsets) == [0, 1]
    assert found.values[0].to_pylist() == [None, None]
    assert (None if found.kept is None else found.kept.tolist()) == (None if where is None else [])
