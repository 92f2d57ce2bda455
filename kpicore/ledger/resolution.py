"""Which stored rows count at a cut: of every identity the newest, unless it was taken away.

A fact's identity is (fact type, source, key). Of its rows and tombstones up to the cut, the one with the highest
(position, row) counts; if that is a tombstone, none does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpicore.definitions.facts import FactType, Field
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.ledger.records import BatchHeader
from kpicore.ledger.schema import ARROW_TYPES, PLACE_SCHEMA
from kpicore.naming import did_you_mean

#: A stored batch or tombstones, with at least the key columns.
Stored = tuple[BatchHeader, pa.Table]

_ROW_BITS = np.uint64(16)
_ROW_MASK = np.uint64(0xFFFF)


def newest(stored: Sequence[Stored], key: Sequence[str]) -> Any:
    """Which rows of the batches count: the plain rule, over every row.

    Args:
        stored: Batches and retractions in the order of their positions.
        key: Names of the key fields.

    Returns:
        Booleans (numpy), one for each row of the batches in order; retractions have none.
    """
    if not stored:
        return np.ones(0, dtype=np.bool_)
    headers = [header for header, _ in stored]
    batch = batch_of_rows(headers)
    columns = [pa.chunked_array([chunk for _, table in stored for chunk in table[name].chunks]) for name in key]
    if _all_differ(headers, columns):
        return np.ones(len(batch), dtype=np.bool_)
    return _last_of_each(headers, batch, columns)[~_tombstones(headers)[batch]]


def superseded(suspects: pa.Table, headers: Sequence[BatchHeader], key: Sequence[str]) -> Any:
    """Which of some rows do not count, by the same rule.

    Args:
        suspects: Rows that may share an identity: `kpi_place` (ascending, see `place_of`) and the key columns. Rows
            after the last of the headers are left out.
        headers: The batches and retractions up to the cut, in order.
        key: Names of the key fields.

    Returns:
        Places (numpy, uint64) of the rows of facts that do not count.
    """
    places = suspects["kpi_place"].to_numpy()
    known = int(np.searchsorted(places, place_of(headers[-1].position + 1, 0) if headers else np.uint64(0)))
    places, suspects = places[:known], suspects.slice(0, known)
    if not known:
        return places
    positions = np.array([header.position for header in headers], dtype=np.uint64)
    batch = np.searchsorted(positions, places >> _ROW_BITS)
    counts = _last_of_each(headers, batch, [suspects[name] for name in key])
    return places[~counts & ~_tombstones(headers)[batch]]


def related(suspects: pa.Table, position: int, key: Sequence[str]) -> pa.Table:
    """Those suspects that may share an identity with one after a position."""
    first = int(np.searchsorted(suspects["kpi_place"].to_numpy(), place_of(position + 1, 0)))
    later = pc.unique(suspects[key[0]].slice(first))
    return suspects.filter(pc.is_in(suspects[key[0]], later)) if len(later) else suspects.slice(0, 0)


def place_of(position: Any, rows: Any) -> Any:
    """Position and row as one number that keeps their order; a stored batch has at most 2^16 rows."""
    return np.asarray(position).astype(np.uint64) << _ROW_BITS | np.asarray(rows).astype(np.uint64)


def positions_of(places: Any) -> Any:
    """The positions of places."""
    return places >> _ROW_BITS


def rows_at(places: Any, headers: Sequence[BatchHeader]) -> Any:
    """Where rows stand in the concatenation of batches that are given by their headers, in order."""
    positions = np.array([header.position for header in headers], dtype=np.uint64)
    starts = np.cumsum([0, *(header.rows for header in headers)])
    return starts[np.searchsorted(positions, places >> _ROW_BITS)] + (places & _ROW_MASK).astype(np.int64)


def _tombstones(headers: Sequence[BatchHeader]) -> Any:
    return np.array([header.kind == "retraction" for header in headers], dtype=np.bool_)


def _all_differ(headers: Sequence[BatchHeader], columns: Sequence[Any]) -> bool:
    """Whether it is cheap to see that no identity is there twice and nothing is taken away."""
    plain = len({header.source for header in headers}) == 1 and all(header.kind == "facts" for header in headers)
    return plain and len(columns) == 1 and pc.count_distinct(columns[0]).as_py() == len(columns[0])


def _last_of_each(headers: Sequence[BatchHeader], batch: Any, columns: Sequence[Any]) -> Any:
    """Whether each row is the last one of its identity, for rows in order that belong to `headers[batch]`."""
    numbers = {source: number for number, source in enumerate(sorted({header.source for header in headers}))}
    codes, count = np.array([numbers[header.source] for header in headers])[batch], len(numbers)
    for column in columns:
        part, values = _encoded(column)
        codes, count = (part, values) if count == 1 else _encoded(pa.chunked_array([codes * values + part]))
    order = np.arange(len(codes))
    last = np.empty(count, dtype=np.int64)
    # Of several assignments to one place the last one stays.
    last[codes] = order
    result: Any = last[codes] == order
    return result


def _encoded(column: Any) -> tuple[Any, int]:
    """A small number for each value, equal for equal values, and how many there are. All chunks share a dictionary."""
    chunks = column.dictionary_encode().chunks
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in chunks]).astype(np.int64)
    return codes, max(len(chunk.dictionary) for chunk in chunks)


def conform(table: pa.Table, schema: pa.Schema, fields: Mapping[str, Field], where: str) -> pa.Table:
    """A stored batch with the columns of `schema`; what its version lacks is null, or the default of one of `fields`.

    Raises:
        InvalidDefinition: A column is stored as another type.
    """
    columns = []
    for field in schema:
        if field.name not in table.column_names:
            declared = fields.get(field.name)
            default = declared.default if declared is not None else None
            value = pa.scalar(None, field.type) if default is None else pa.scalar(default).cast(field.type)
            columns.append(pa.chunked_array([pa.repeat(value, table.num_rows)]))
        elif table[field.name].type != field.type:
            raise InvalidDefinition(
                f"{field.name} is stored as {table[field.name].type} and declared as {field.type}",
                where=where,
                hint="a field keeps its kind: declare a new fact type for another one",
            )
        else:
            columns.append(table[field.name])
    return pa.table(columns, schema=schema)


def joined(stored: Sequence[Stored], schema: pa.Schema, fact_type: FactType) -> pa.Table:
    """Batches one after the other, with the columns of `schema` and those of `PLACE_SCHEMA`."""
    fields = fact_type.all_fields()
    parts = []
    for (kind, _), run in groupby(stored, lambda one: (one[0].kind, one[1].schema)):
        whole = pa.concat_tables([table for _, table in run])
        # A tombstone has its key and nothing else, not even defaults.
        parts.append(conform(whole, schema, fields if kind == "facts" else {}, fact_type.name))
    table = pa.concat_tables([schema.empty_table(), *parts])
    # A table without columns has no rows: columns are put together, not tables.
    columns = [*table.columns, *_places([header for header, _ in stored])]
    return pa.table(columns, schema=pa.schema([*schema, *PLACE_SCHEMA]))


def batch_of_rows(headers: Sequence[BatchHeader]) -> Any:
    """For each row of batches in order, which of the batches it is in (numpy, int64)."""
    return np.repeat(np.arange(len(headers)), np.array([header.rows for header in headers], dtype=np.int64))


def _places(headers: Sequence[BatchHeader]) -> list[Any]:
    """The columns of `PLACE_SCHEMA` for the rows of batches in order."""
    batch = batch_of_rows(headers)
    starts = np.cumsum([0, *(header.rows for header in headers)])
    sources = pa.array([header.source for header in headers], pa.string())
    positions = np.array([header.position for header in headers], dtype=np.int64)
    return [sources.take(pa.array(batch)), pa.array(positions[batch]), pa.array(np.arange(len(batch)) - starts[batch])]


def read_schema(fact_type: FactType, names: Sequence[str], stored: Sequence[Stored]) -> pa.Schema:
    """The types of the named columns: as declared, or as stored where the fact type does not declare them.

    Raises:
        InvalidInput: A column is neither declared nor stored.
    """
    fields = fact_type.all_fields()
    found: list[tuple[str, Any]] = []
    for name in names:
        if name in fields:
            found.append((name, ARROW_TYPES[fields[name].kind]))
            continue
        types = (table.schema.field(name).type for _, table in stored if name in table.column_names)
        kind = next(types, None)
        if kind is None:
            raise InvalidInput(
                f"there is no column {name}",
                code="unknown_column",
                where=fact_type.name,
                hint=did_you_mean(name, fields) or f"the columns are {', '.join(fields)}",
            )
        found.append((name, kind))
    return pa.schema(found)
