"""Small pools of values for generated facts: ids that meet, what formulas compare with, instants at edges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlglot import exp

from kpicore.definitions.algebra.measures import Aggregate, Match
from kpicore.definitions.algebra.reading import nodes
from kpicore.definitions.algebra.sql import parse_expression, parse_select, split_columns
from kpicore.definitions.book import Definitions
from kpicore.definitions.facts import Field
from kpicore.definitions.parameters import Parameters

#: Who facts belong to.
PEOPLE = ("ann", "bob", "cho")
#: Ids that hold a person, whatever thing they are called after.
_PERSONS = frozenset({"owner", "employee", "manager", "author", "reviewer", "respondent", "subject", "seller"})
#: How many things of one name there are.
THINGS = 4
CURRENCIES = ("TWD", "USD", "EUR")
#: What someone can be responsible for, and what can be a customer's: kinds of `kind` and `id`.
KINDS = ("channel", "campaign", "region", "store", "live", "community", "budget_line", "contact", "visitor")

_MONEY = ("100", "60", "250", "1234.5678", "19.9999", "0.0001", "0", "-35.5", "99999999.9999")
_NUMBERS: Mapping[str, tuple[Any, ...]] = {
    "money": tuple(map(Decimal, _MONEY)),
    "decimal": tuple(map(Decimal, ("1", "0.5", "0.333333", "0", "-2.25"))),
    "rate": tuple(map(Decimal, ("1", "31.5", "0.03174603"))),
    "integer": (1, 0, 5, 10, 3, -7, 1000),
    "boolean": (True, True, False),
}

#: The period that generated ledgers are about, and the series around it; clocks change in it in some zones.
PERIOD, SERIES = "2026-03", "2026-02..2026-04"
#: So late that everything has ripened: 2028-01-01 in µs UTC.
LATER_US = 1_830_297_600_000_000

#: Instants around which facts happen: inside the period first and most often, then edges of periods in three zones,
#: changes of the clock, the year and the month before, and what comes after.
_AROUND = (
    *(f"2026-03-{day}T09:00:00" for day in ("10", "10", "10", "12", "05", "17", "20")),
    *(f"2026-02-{day}T09:00:00" for day in ("20", "25")),
    "2026-03-01T00:00:00",
    "2026-02-28T16:00:00",
    "2026-03-01T05:00:00",
    "2026-03-08T07:00:00",
    "2026-03-31T16:00:00",
    "2026-04-01T04:00:00",
    "2026-02-14T12:00:00",
    "2025-12-31T16:00:00",
    "2025-11-02T06:00:00",
    "2025-03-10T09:00:00",
    "2024-06-01T00:00:00",
    "2026-05-20T00:00:00",
)
AROUND = tuple(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in _AROUND)
#: How far from them: at edges the instant itself and the one before it; lags and horizons exactly, and one beyond.
APART = (
    *(timedelta(0),) * 4,
    timedelta(hours=2),
    timedelta(microseconds=-1),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=7, microseconds=1),
    timedelta(days=30),
    timedelta(days=-30),
    timedelta(days=90, microseconds=1),
)


def rates() -> list[dict[str, Any]]:
    """Rates of exchange between all currencies, from long ago."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    common = {"effective_from": start, "occurred_at": start, "rate": Decimal("31.5")}
    return [
        {"currency": one, "base_currency": other, **common}
        for one in CURRENCIES
        for other in CURRENCIES
        if one != other
    ]


def identifiers(name: str) -> tuple[str, ...]:
    """The ids that a field may hold: fields that are called alike share them, so that joins hit."""
    stem = name.removesuffix("_id").removesuffix("_key")
    if stem.removeprefix("parent_") in _PERSONS:
        return PEOPLE
    return tuple(f"{stem.removeprefix('parent_')}-{number}" for number in range(1, THINGS + 1))


def values(name: str, spec: Field, compared: Mapping[str, tuple[Any, ...]]) -> tuple[Any, ...]:
    """What a field may hold, the most ordinary value first; not for instants.

    Args:
        name: The field.
        spec: What it is.
        compared: What formulas compare columns with, of `compared`.
    """
    if spec.kind == "id":
        return identifiers(name)
    said = compared.get(name, ())
    if spec.kind == "text":
        if name in ("currency", "base_currency"):
            return CURRENCIES
        return (*dict.fromkeys(value for value in said if isinstance(value, str)), "other")
    if spec.kind == "integer":
        near = (int(value) + step for value in said if isinstance(value, Decimal) for step in (0, -1, 1))
        return tuple(dict.fromkeys((*near, *_NUMBERS["integer"])))
    return _NUMBERS[spec.kind]


def compared(book: Definitions, names: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """What the formulas of some definitions compare columns with: texts and numbers by column, defaults of parameters too."""
    found: dict[str, dict[Any, None]] = defaultdict(dict)
    for name in names:
        for tree, parameters in _trees(book, name):
            for node in tree.find_all(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between):
                parts = list(node.iter_expressions())
                constants = [value for part in parts for value in _constants(part, parameters)]
                for column in (column for part in parts for column in part.find_all(exp.Column)):
                    found[column.name].update(dict.fromkeys(constants))
    return {column: tuple(constants) for column, constants in found.items()}


def _trees(book: Definitions, name: str) -> Iterator[tuple[exp.Expr, Parameters]]:
    if name in book.relations:
        relation = book.relations[name]
        yield parse_select(relation.sql, name), relation.params
    elif name in book.indicators:
        indicator = book.indicators[name]
        for place in nodes(indicator.measure):
            if isinstance(place.node, Aggregate | Match):
                if place.node.where is not None:
                    yield parse_expression(place.node.where, name), indicator.params
                if place.node.of is not None:
                    yield from ((tree, indicator.params) for tree in split_columns(place.node.of, name))


def _constants(node: exp.Expr, parameters: Parameters) -> Iterator[Any]:
    if isinstance(node, exp.Literal):
        yield node.name if node.is_string else Decimal(node.name)
    elif isinstance(node, exp.Placeholder) and node.name in parameters:
        spec = parameters[node.name]
        if spec.kind in ("integer", "decimal"):
            yield Decimal(str(spec.default))
        elif spec.kind in ("names", "choice"):
            yield from spec.default if isinstance(spec.default, tuple) else spec.choices
