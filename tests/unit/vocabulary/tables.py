"""The built-in relations over a few rows, run on DuckDB as an engine would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb

from kpicore import vocabulary
from kpicore.definitions.algebra.kinds import SQL_TYPES
from kpicore.definitions.algebra.sql import bind, parse_select
from kpicore.definitions.book import CORE_TABLES, Definitions
from kpicore.definitions.values import bound, chosen
from kpicore.periods import Calendar

BOOK = Definitions.of(vocabulary.definitions())


def at(text: str) -> int:
    """An instant of UTC in microseconds: `at("2026-03-05")`."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def run(relation: str, facts: Mapping[str, list[dict[str, Any]]], columns: str, **params: str) -> list[tuple[Any, ...]]:
    """Rows of a relation over facts, sorted; what a row leaves out is null, its source `s` and its rate 1."""
    with duckdb.connect() as connection:
        for name in BOOK.fact_types:
            _table(connection, name, [_filled(name, row) for row in facts.get(name, [])])
        for name in CORE_TABLES:
            _table(connection, name, [])
        for day, starts_at, ends_at in Calendar().days(at("2025-12-30"), at("2026-01-05")):
            connection.execute("insert into calendar values (?, ?, ?)", [day.toordinal(), starts_at, ends_at])
        _create(connection, relation, params)
        return sorted(connection.execute(f"select {columns} from {relation}").fetchall(), key=str)


def _filled(name: str, row: dict[str, Any]) -> dict[str, Any]:
    fact_type = BOOK.fact_types[name]
    filled: dict[str, Any] = {"source": "s", "rate": 1}
    for field, spec in fact_type.all_fields().items():
        value = row.get(field, spec.default)
        if spec.kind == "instant" and isinstance(value, str):
            value = at(value)
        filled[field] = value
        if spec.kind == "money" and value is not None:
            filled[f"{field}_original"] = value
    return {**filled, **{key: value for key, value in row.items() if key in ("source", "rate")}}


def _table(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> None:
    columns = BOOK.columns(name)
    connection.execute(f"create table {name} ({', '.join(f'{c} {SQL_TYPES[k]}' for c, k in columns.items())})")
    for row in rows:
        marks = ", ".join("?" for _ in columns)
        connection.execute(f"insert into {name} values ({marks})", [row.get(column) for column in columns])


def _create(connection: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, str]) -> None:
    definition = BOOK.relations[name]
    for other in sorted(BOOK.references(name)):
        if other in BOOK.relations:
            _create(connection, other, params)
    own = {key: value for key, value in params.items() if key in definition.params}
    tree = bind(parse_select(definition.sql, name), bound(definition.params, chosen(definition.params, own, name)))
    connection.execute(f"create or replace view {name} as {tree.sql('duckdb')}")
    found = {column: kind for column, kind, *_ in connection.execute(f"describe {name}").fetchall()}
    assert list(found) == list(BOOK.columns(name))
    for column, kind in BOOK.columns(name).items():
        expected = SQL_TYPES[kind].upper().replace(" ", "")
        # Credits are decimals of twelve places; small counts of an engine are whole numbers, too.
        shares = {("DECIMAL(18,6)", "DECIMAL(18,12)"), ("DECIMAL(18,6)", "DECIMAL(19,12)")}
        alike = {("BIGINT", "INTEGER"), *shares}
        assert found[column] == expected or (expected, found[column]) in alike, (name, column)
