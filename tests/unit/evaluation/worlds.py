"""Small worlds for tests: real Arrow tables and a real engine, without a ledger."""

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa

from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Organisation
from kpicore.definitions.indicators import Indicator
from kpicore.engines.duckdb import DuckDBEngine
from kpicore.evaluation.compiled import Compiled
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.evaluation.sealing.table import sealed_lines
from kpicore.ledger.records import Cut
from kpicore.ledger.schema import PLACE_SCHEMA, arrow_schema
from kpicore.periods import Calendar
from kpicore.vocabulary import definitions as vocabulary

ENGINE = DuckDBEngine(threads=1)


class SmallWorld:
    """The part of a world that measuring needs."""

    def __init__(
        self,
        rows,
        *indicators,
        base=None,
        timezone="UTC",
        as_of=None,
        complete=None,
        targets=None,
        engine=ENGINE,
        order=None,
    ):
        self.definitions = book(*indicators)
        self.organisation = Organisation(timezone, 1, base)
        self.calendar = Calendar(timezone)
        self.cut = Cut(1, 0, None if as_of is None else micros(as_of))
        self.engine = engine
        self.complete_until = {key: micros(value) for key, value in (complete or {}).items()}
        self.targets = targets or {}
        self._tables, self._rows, self._order = {}, rows, order
        self.sealed_lines, self.kept, self.compiled = sealed_lines([]), None, Compiled()

    def table(self, name):
        if name not in self._tables:
            self._tables[name] = fact_table(self.definitions.fact_types[name], self._rows.get(name, ()), self._order)
        return self._tables[name]

    def derived(self, key, fact_type, make, grow=None):
        return make(self.table(fact_type))


_VOCABULARY = vocabulary()
_BOOKS = {}


def book(*indicators):
    """The vocabulary with some definitions; one book for the same ones, which keeps what it has worked out."""
    key = tuple(map(id, indicators))
    if key not in _BOOKS:
        _BOOKS[key] = (Definitions.of([*_VOCABULARY, *indicators]), indicators)
    return _BOOKS[key][0]


def micros(text):
    if isinstance(text, int):
        return text
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // (datetime(1970, 1, 1, 0, 0, 0, 1) - datetime(1970, 1, 1))


def fact_table(fact_type, rows, order=None):
    schema = pa.unify_schemas([arrow_schema(fact_type), PLACE_SCHEMA])
    filled = []
    for number, row in enumerate(rows):
        whole = dict.fromkeys(schema.names)
        whole.update({"source": "crm", "kpi_position": 1, "kpi_row": number, "occurred_at": "2026-03-10"})
        for key in fact_type.key:
            whole[key] = f"{fact_type.name}-{number}"
        for name, spec in fact_type.all_fields().items():
            if spec.default is not None and row.get(name) is None:
                whole[name] = spec.default
        whole.update(row)
        for spec in schema:
            if whole[spec.name] is None:
                continue
            if pa.types.is_timestamp(spec.type):
                whole[spec.name] = micros(whole[spec.name])
            elif pa.types.is_decimal(spec.type):
                whole[spec.name] = Decimal(whole[spec.name]).quantize(Decimal(1).scaleb(-spec.type.scale))
        filled.append(whole)
    if order is not None:
        order.shuffle(filled)
    plain = pa.schema([pa.field(f.name, pa.int64()) if pa.types.is_timestamp(f.type) else f for f in schema])
    table = pa.Table.from_pylist(filled, schema=plain)
    return table.cast(schema)


def indicator(measure, *, name="test.it", roles=("sales",), **options):
    """An indicator around a measure."""
    options = {"perspective": "performance", "data_source": "CRM", **options}
    return Indicator(name, title=name, measure=measure, roles=roles, **options)


def cells(world, period="2026-03", level="person", *, name="test.it", **asked):
    """What an indicator measures: {(subject, period, *by): (value, state)}; values as shortest decimal texts."""
    keep = {key: asked.pop(key) for key in ("roster", "share", "subjects") if key in asked}
    request = Request(name, asked.get("params", {}), asked.get("credit"), asked.get("by", ()))
    (found,) = measure(world, [request], world.calendar.series(period), level, **keep)
    return {
        (row["subject"], row["period"], *row["by"].values()): (row["value"], row["state"])
        for row in found.to_document()["rows"]
    }


def one(world, period="2026-03", level="company", **asked):
    """The one row of the company (or of `subject`) as the document has it."""
    subject = asked.pop("subject", None)
    request = Request(asked.get("name", "test.it"), asked.get("params", {}), asked.get("credit"), asked.get("by", ()))
    (found,) = measure(world, [request], world.calendar.series(period), level)
    (row,) = [row for row in found.to_document()["rows"] if row["subject"] == subject]
    return row


def value(world, period="2026-03", **asked):
    """The company's value."""
    return one(world, period, **asked)["value"]
