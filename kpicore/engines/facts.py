"""Facts as SQL sees them: instants as integers, and money in the base currency with the original beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from kpicore.definitions.facts import FactType

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: The table of exchange rates into the base currency: currency, rate, valid_from, valid_to (null: still).
RATES = "kpi$rates"

_RATES_SCHEMA = pa.schema(
    [
        ("currency", pa.string()),
        ("rate", pa.decimal128(17, 8)),
        ("valid_from", pa.int64()),
        ("valid_to", pa.int64()),
    ]
)


def stored(name: str) -> str:
    """The registered table of a fact type."""
    return f"stored${name}"


def viewed(name: str) -> str:
    """The view of a fact type that relations and measures read."""
    return f"fact${name}"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def integer_instants(table: pa.Table) -> pa.Table:
    """The table with instants as int64 µs UTC; nothing is copied."""
    for place, spec in enumerate(table.schema):
        if pa.types.is_timestamp(spec.type):
            micros = table.column(place).cast(pa.timestamp("us", spec.type.tz)).cast(pa.int64())
            table = table.set_column(place, spec.name, micros)
    return table


def currencies(table: pa.Table) -> frozenset[str]:
    """The currencies that some facts name."""
    named = pc.unique(table.column("currency")).to_pylist()
    return frozenset(currency for currency in named if currency is not None)


def stored_columns(fact_type: FactType, columns: Collection[str], base_currency: str | None) -> frozenset[str]:
    """The stored columns that a view of some columns reads.

    Args:
        fact_type: The fact type.
        columns: Columns that it offers in SQL.
        base_currency: The organisation's base currency, or None.
    """
    money = set(fact_type.money_fields())
    found = {name for name in fact_type.all_fields() if name in columns or f"{name}_original" in columns}
    found.update({"source"} & set(columns))
    if base_currency is not None and fact_type.has_currency and ("rate" in columns or money & set(columns)):
        found.update(("currency", "occurred_at"))
    return frozenset(found or {"occurred_at"})


def view(fact_type: FactType, base_currency: str | None, only: Collection[str] | None = None) -> str:
    """A SELECT of a fact type's columns.

    A row's money is multiplied by the rate in force when it happened; its own currency is the base where it names
    none. Without a rate, money and `rate` are null. Without a base currency money is what the source said.

    Args:
        fact_type: The fact type.
        base_currency: The organisation's base currency, or None.
        only: The columns that are read of it; None: all.
    """
    money = set(fact_type.money_fields())
    converted = bool(money) and base_currency is not None and fact_type.has_currency
    rate = "cast(1 as decimal(17, 8))"
    if converted:
        own = f"f.currency is null or f.currency = {_text(str(base_currency))}"
        rate = f"case when {own} then {rate} else x.rate end"
    columns = {}
    for name in fact_type.all_fields():
        column = quoted(name)
        if name in money:
            exact = (
                f"cast(cast(f.{column} as decimal(20, 4)) * ({rate}) as decimal(18, 4))" if converted else f"f.{column}"
            )
            columns[name] = f"{exact} as {column}"
            columns[name + "_original"] = f"f.{column} as {quoted(name + '_original')}"
        else:
            columns[name] = f"f.{column}"
    if money:
        columns["rate"] = f"{rate} as rate"
    columns["source"] = "f.source"
    if only is not None:
        columns = {name: sql for name, sql in columns.items() if name in only} or {"occurred_at": "f.occurred_at"}
        converted &= bool(columns.keys() & {*money, "rate"})
    join = ""
    if converted:
        join = (
            f" left join {quoted(RATES)} x on x.currency = f.currency and x.valid_from <= f.occurred_at"
            " and (x.valid_to is null or f.occurred_at < x.valid_to)"
        )
    return f"select {', '.join(columns.values())} from {quoted(stored(fact_type.name))} f{join}"


def rates(facts: pa.Table | None, base_currency: str | None) -> pa.Table:
    """Rates into the base currency as spells, from `exchange_rate_set` facts.

    A rate holds until the next one of its currency; of two that take effect together, the one whose source comes
    last in the order of code points counts.

    Args:
        facts: Resolved facts; None where there are none.
        base_currency: The organisation's base currency; None: no rates.
    """
    if facts is None or base_currency is None:
        return _RATES_SCHEMA.empty_table()
    found = integer_instants(facts.filter(pc.equal(facts.column("base_currency"), base_currency)))
    found = found.sort_by([("currency", "ascending"), ("effective_from", "ascending"), ("source", "ascending")])
    currencies, starts = found.column("currency").to_pylist(), found.column("effective_from").to_pylist()
    following = [
        starts[n + 1] if n + 1 < len(starts) and currencies[n + 1] == currencies[n] else None
        for n in range(len(starts))
    ]
    columns: Mapping[str, object] = {
        "currency": found.column("currency"),
        "rate": found.column("rate"),
        "valid_from": pa.array(starts, pa.int64()),
        "valid_to": pa.array(following, pa.int64()),
    }
    return pa.table(columns, schema=_RATES_SCHEMA)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
