"""The Arrow schema of a fact type: how its rows stand in the ledger."""

from __future__ import annotations

import pyarrow as pa

from kpicore.definitions.facts import FactType, FieldKind
from kpicore.errors import InvalidDefinition

#: The Arrow type of each kind of field.
ARROW_TYPES: dict[FieldKind, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "money": pa.decimal128(18, 4),
    "decimal": pa.decimal128(18, 6),
    "rate": pa.decimal128(17, 8),
    "instant": pa.timestamp("us", tz="UTC"),
}

#: Columns that the ledger adds when it reads: who sent the row, in which stored event, at which place in it.
PLACE_SCHEMA = pa.schema([("source", pa.string()), ("kpi_position", pa.int64()), ("kpi_row", pa.int64())])


def arrow_schema(fact_type: FactType) -> pa.Schema:
    """The columns of a fact type in the ledger's order.

    Raises:
        InvalidDefinition: A field is named like a column that the ledger adds.
    """
    fields = fact_type.all_fields()
    for name in fields:
        if name in ("source", "position", "row") or name.startswith("kpi_"):
            raise InvalidDefinition(
                f"a field cannot be named {name}: the ledger adds that column",
                where=fact_type.name,
                hint="choose another name for the field",
            )
    return pa.schema([(name, ARROW_TYPES[field.kind]) for name, field in fields.items()])


def key_schema(fact_type: FactType) -> pa.Schema:
    """The key columns alone: what a retraction holds."""
    whole = arrow_schema(fact_type)
    return pa.schema([whole.field(name) for name in fact_type.key])
