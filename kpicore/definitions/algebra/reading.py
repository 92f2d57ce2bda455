"""What a definition reads: the names it refers to, the expressions in it, and the shape of its SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from attrs import fields, frozen, has
from sqlglot import exp

from kpicore.definitions.algebra.kinds import Typing, parameter_kinds
from kpicore.definitions.algebra.measures import Aggregate, Match, Measure, Ref, Target
from kpicore.definitions.algebra.shapes import Shape, shape_of
from kpicore.definitions.algebra.sql import parse_expression, parse_select, table_name, tables
from kpicore.definitions.book import CORE_FACTS, CORE_KEYS, CORE_TABLES, fact_columns
from kpicore.definitions.facts import FactType
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.plans.awards import Innovation, Star
from kpicore.definitions.relations import Relation
from kpicore.errors import InvalidDefinition, NotFound
from kpicore.naming import did_you_mean

if TYPE_CHECKING:
    from attrs import AttrsInstance

    from kpicore.definitions.book import Definition, Definitions

#: Columns of the period that conditions of measures may name.
PERIOD_COLUMNS: Mapping[str, str] = dict.fromkeys(
    ("period_start", "period_end", "previous_start", "next_end"), "instant"
)
#: Parameters that every expression may name: the cut's instant.
RESERVED_PARAMETERS: Mapping[str, str] = {"as_of": "instant"}

DEEPEST_REFERENCES, DEEPEST_MEASURE = 40, 100


@frozen
class Place:
    """A node of a measure with the path that leads to it, for errors: `measure, left, where`."""

    node: Measure | Match
    path: tuple[str, ...]


def nodes(measure: Measure) -> Iterator[Place]:
    """All nodes and matches of a measure, outermost first.

    Raises:
        InvalidDefinition: If it is nested too deeply.
    """
    pending: list[Place] = [Place(measure, ())]
    while pending:
        place = pending.pop()
        if len(place.path) > DEEPEST_MEASURE:
            raise InvalidDefinition(
                "the measure is nested too deeply",
                code="too_deep",
                hint="put a part of it into an indicator of its own",
            )
        yield place
        inner: list[Place] = []
        for attribute in fields(cast("type[AttrsInstance]", type(place.node))):
            value = getattr(place.node, attribute.name)
            inner.extend(Place(node, (*place.path, attribute.name)) for node in _nodes(value))
        pending.extend(reversed(inner))


def check_depth(measure: Measure) -> None:
    """Refuse a measure that is nested too deeply.

    Raises:
        InvalidDefinition: If it is.
    """
    for _place in nodes(measure):
        pass


def _nodes(value: object) -> Iterator[Measure | Match]:
    if isinstance(value, Measure | Match) and has(type(value)):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _nodes(item)


def references(definition: Definition) -> frozenset[str]:
    """Names that a definition itself refers to; core tables stand for the fact types that they are made from."""
    if isinstance(definition, Relation):
        read = {table_name(table) for table in tables(parse_select(definition.sql, definition.name))}
        return frozenset({CORE_FACTS.get(name, name) for name in read} - (set(CORE_TABLES) - set(CORE_FACTS)))
    if isinstance(definition, Indicator):
        found = set()
        for place in nodes(definition.measure):
            if isinstance(place.node, Aggregate | Match):
                found.add(place.node.source)
            elif isinstance(place.node, Ref | Target):
                found.add(place.node.indicator)
        return frozenset(found - ({definition.id} if _only_targets(definition) else set()))
    if isinstance(definition, Star | Innovation):
        return frozenset({definition.indicator})
    return frozenset()


def _only_targets(indicator: Indicator) -> bool:
    """Whether an indicator names itself only for its own target, which is no circle."""
    return not any(
        isinstance(place.node, Ref) and place.node.indicator == indicator.id for place in nodes(indicator.measure)
    )


def shape(book: Definitions, name: str, path: tuple[str, ...]) -> Shape:
    """The shape of a fact type, relation or core table; `path` is who asked, to find circles.

    Raises:
        NotFound: If there is none of that name.
        InvalidDefinition: If a relation's SQL does not hold together, or it reads itself.
    """
    if name in CORE_TABLES:
        return Shape(CORE_TABLES[name], (frozenset(CORE_KEYS[name]),))
    found = book.source(name)
    if isinstance(found, FactType):
        return Shape(fact_columns(found), (frozenset((*found.key, "source")),))
    if name in path:
        raise InvalidDefinition(
            f"{name} reads itself: {' → '.join([*path[path.index(name) :], name])}",
            code="cycle",
            where=name,
            hint="take one way out",
        )
    if len(path) >= DEEPEST_REFERENCES:
        raise InvalidDefinition(
            f"{name} stands on too many relations",
            code="too_deep",
            where=name,
            hint="put a part of it into an indicator of its own",
        )
    kept: Shape = book.keep("shape", name, lambda _name: _relation_shape(book, found, (*path, name)))
    return kept


def _relation_shape(book: Definitions, relation: Relation, path: tuple[str, ...]) -> Shape:
    kinds = parameter_kinds(relation.params)

    def source(name: str) -> Shape:
        try:
            return shape(book, name, path)
        except NotFound as error:
            raise InvalidDefinition(
                f"there is no fact type or relation {name}",
                code="unknown_source",
                where=relation.name,
                hint=error.hint,
            ) from None

    def parameter(name: str) -> str:
        if name not in kinds:
            raise InvalidDefinition(
                f"${name} is not declared",
                code="unknown_parameter",
                where=relation.name,
                hint=did_you_mean(name, kinds),
            )
        return kinds[name]

    tree = parse_select(relation.sql, relation.name)
    read = shape_of(tree, source, parameter, relation.name)
    return Shape(read.columns, (frozenset(relation.key), *read.unique))


def check_known(names: Iterable[str], known: Iterable[str] | Mapping[str, Any], where: str) -> None:
    """Refuse a name that is not among the known ones, with the closest of them.

    Raises:
        InvalidDefinition: Naming the first that is not known.
    """
    every = set(known)
    for name in names:
        if name not in every:
            raise InvalidDefinition(
                f"there is no {name}",
                code="unknown_column",
                where=where,
                hint=did_you_mean(name, every) or f"it has {', '.join(sorted(every)) or 'none'}",
            )


def expression_kind(
    sql: str, own: Mapping[str, str], row: Mapping[str, str], parameters: Mapping[str, str], where: str
) -> str:
    """The kind that an expression of a measure gives; every column and parameter in it is looked up.

    Args:
        sql: The expression.
        own: Columns that stand alone, with kinds; the period's bounds are known besides.
        row: Columns of the counted row, as `row.x`; empty where there is none.
        parameters: Parameters by name, with kinds; `as_of` is known besides.
        where: Who says it, for errors.

    Raises:
        InvalidDefinition: If it cannot be read, is not allowed, or names what is not there.
    """

    def column(node: exp.Column) -> str:
        known: Mapping[str, str] = row if node.table else {**own, **PERIOD_COLUMNS}
        check_known((node.name.lower(),), known, f"{where}, “{sql[:80]}”")
        return known[node.name.lower()]

    def parameter(name: str) -> str:
        known = {**parameters, **RESERVED_PARAMETERS}
        check_known((name,), known, f"{where}, “{sql[:80]}”")
        return known[name]

    typing = Typing(column, parameter, lambda _window: None, f"{where}, “{sql[:80]}”")
    return typing.kind(parse_expression(sql, where))
