"""Which stored rows count at a cut: of every identity the newest, unless it was taken away.

A fact's identity is (fact type, source, key). Of its rows and tombstones up to the cut, the one with the highest
(position, row) counts; if that is a tombstone, none does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpicore.definitions.facts import FactType, Field
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.ledger.records import BatchHeader
from kpicore.ledger.schema import ARROW_TYPES
from kpicore.naming import did_you_mean

#: A stored batch or tombstones, with at least the key columns.
Stored = tuple[BatchHeader, pa.Table]


def newest(stored: Sequence[Stored], key: Sequence[str]) -> Any:
    """Which rows of the batches count.

    Args:
        stored: Batches and retractions in the order of their positions.
        key: Names of the key fields.

    Returns:
        Booleans (numpy), one for each row of the batches in order; retractions have none.
    """
    if not stored:
        return np.ones(0, dtype=np.bool_)
    lengths = [table.num_rows for _, table in stored]
    tombstones = [header.kind == "retraction" for header, _ in stored]
    identities = _identities(stored, key, lengths)
    if identities is None:
        return np.ones(sum(lengths), dtype=np.bool_)
    order = np.arange(len(identities))
    last = np.empty(int(identities.max(initial=-1)) + 1, dtype=np.int64)
    # Of several assignments to one place the last one stays.
    last[identities] = order
    counts = last[identities] == order
    return counts[~np.repeat(np.array(tombstones, dtype=np.bool_), lengths)]


def _identities(stored: Sequence[Stored], key: Sequence[str], lengths: Sequence[int]) -> Any:
    """A small number for each row, equal for equal identities; None where all differ and nothing is taken away."""
    sources = sorted({header.source for header, _ in stored})
    columns = [pa.chunked_array([chunk for _, table in stored for chunk in table[name].chunks]) for name in key]
    plain = len(sources) == 1 and all(header.kind == "facts" for header, _ in stored)
    if plain and len(columns) == 1 and pc.count_distinct(columns[0]).as_py() == sum(lengths):
        return None
    codes = np.repeat(np.array([sources.index(header.source) for header, _ in stored]), lengths)
    count = len(sources)
    for column in columns:
        part, values = _encoded(column)
        codes, count = (part, values) if count == 1 else _encoded(pa.chunked_array([codes * values + part]))
    return codes


def _encoded(column: Any) -> tuple[Any, int]:
    """A small number for each value, equal for equal values, and how many there are. All chunks share a dictionary."""
    chunks = column.dictionary_encode().chunks
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in chunks]).astype(np.int64)
    return codes, max(len(chunk.dictionary) for chunk in chunks)


def conform(table: pa.Table, schema: pa.Schema, fields: Mapping[str, Field], where: str) -> list[Any]:
    """The columns of `schema` in a stored batch; what its version lacks is null, or the default of one of `fields`."""
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
    return columns


def places(header: BatchHeader) -> list[Any]:
    """The columns of `PLACE_SCHEMA` for the rows of a batch."""
    return [
        pa.repeat(pa.scalar(header.source), header.rows),
        pa.repeat(pa.scalar(header.position, pa.int64()), header.rows),
        pa.array(np.arange(header.rows, dtype=np.int64)),
    ]


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
