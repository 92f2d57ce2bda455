"""The ledger's schema of a fact type."""

import pyarrow as pa
import pytest

from kpicore.definitions.facts import FactType, Field
from kpicore.errors import InvalidDefinition
from kpicore.ledger.schema import arrow_schema, key_schema
from tests.unit.ledger.samples import DEAL, PLAN


def test_every_kind_of_field_has_its_type_in_the_order_key_time_owner_rest():
    schema = arrow_schema(DEAL)
    assert schema.names[:4] == ["deal_id", "occurred_at", "owner_id", "amount"]
    assert {name: str(schema.field(name).type) for name in schema.names} == {
        "deal_id": "string",
        "occurred_at": "timestamp[us, tz=UTC]",
        "owner_id": "string",
        "amount": "decimal128(18, 4)",
        "discount": "decimal128(18, 4)",
        "valid": "bool",
        "seats": "int64",
        "probability": "decimal128(18, 6)",
        "exchange": "decimal128(17, 8)",
        "closed_at": "timestamp[us, tz=UTC]",
        "note": "string",
    }
    assert key_schema(PLAN) == pa.schema([("team_id", pa.string()), ("month", pa.string())])


@pytest.mark.parametrize("name", ["source", "kpi_row", "kpi_anything"])
def test_fields_named_like_the_ledgers_own_columns_are_refused(name):
    fact_type = FactType("visit", title="visits", key="id", fields={"id": Field("id"), name: Field("text")})
    with pytest.raises(InvalidDefinition, match=name):
        arrow_schema(fact_type)
