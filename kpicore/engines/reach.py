"""How far a fact reaches: in which windows a scan can give something else once some facts have come, changed or gone.

What is not known to be near is far: then every window may be touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen
from sqlglot import exp

from kpicore.definitions.book import CORE_FACTS, CORE_TABLES, Definitions
from kpicore.definitions.facts import FactType
from kpicore.definitions.measures import Match
from kpicore.definitions.reading import PERIOD_COLUMNS
from kpicore.definitions.relations import Relation
from kpicore.definitions.sql import bind, parse_expression
from kpicore.definitions.values import Value
from kpicore.engines.matches import Met
from kpicore.engines.relations import own_params, relation_body
from kpicore.engines.scans import Key
from kpicore.engines.windows import Span
from kpicore.periods import duration_us

_OCCURRED = "occurred_at"


@frozen
class Edge:
    """An instant made from a window.

    Args:
        place: Which of the window's instants.
        offset: µs after it.
    """

    place: int
    offset: int = 0

    def of(self, span: Span) -> int:
        """The instant."""
        return span[self.place] + self.offset


_START, _LAST, _END = Edge(0), Edge(1, -1), Edge(1)


@frozen
class Reach:
    """Facts of a type touch a window where their instant lies between two edges of it.

    Args:
        fact_type: The fact type.
        column: The instant of its facts that counts.
        low, high: The edges, both inside; None: without end.
    """

    fact_type: str
    column: str = _OCCURRED
    low: Edge | None = None
    high: Edge | None = None

    @property
    def everywhere(self) -> bool:
        """Whether every fact touches every window."""
        return self.low is None and self.high is None


@frozen
class _Limits:
    """Between which edges of a window the rows of a source matter, by their own time; None: without end."""

    low: Edge | None = None
    high: Edge | None = None

    def wider(self, back: int, ahead: int) -> _Limits:
        low = None if self.low is None else Edge(self.low.place, self.low.offset - back)
        high = None if self.high is None else Edge(self.high.place, self.high.offset + ahead)
        return _Limits(low, high)


_EVERYWHERE = _Limits()


def reaches(book: Definitions, key: Key) -> frozenset[Reach]:
    """Everything that a scan's counted rows and matches depend on; core tables that say whose rows they are come apart.

    Args:
        book: The definitions.
        key: What the leaves of the scan share.
    """
    source = book.source(key.source)
    # What was open before goes on into later windows.
    limits = _Limits(_START if key.at == "in" else None, _LAST)
    found: set[Reach] = set()
    if isinstance(source, FactType):
        found.add(
            Reach(source.name, key.time or _OCCURRED, limits.low, limits.high) if key.at == "in" else Reach(source.name)
        )
    else:
        near = key.at != "in" or key.time == _own_time(source)
        found.update(_of_source(book, key.source, dict(key.params), limits if near else _EVERYWHERE))
    for met in key.matches:
        found.update(_of_match(book, met, key))
    return frozenset(found)


def match_limits(met: Met, time: str) -> tuple[Edge | None, Edge | None]:
    """Between which edges of a window the `occurred_at` of rows lies that can meet a row counted in it."""
    limits = _limits(met.match, dict(met.params), time)
    return limits.low, limits.high


def _of_match(book: Definitions, met: Met, key: Key) -> Iterator[Reach]:
    match, source = met.match, book.source(met.match.source)
    time = key.time if key.at == "in" else ""
    limits = _EVERYWHERE
    own = _OCCURRED if isinstance(source, FactType) else _own_time(source)
    if match.at is not None and own == "valid_from":
        # A spell that holds at an instant began before it.
        limits = _Limits(None, _edge(match.at, dict(met.params), time, high=True))
    elif match.at is None and own == _OCCURRED:
        limits = _limits(match, dict(met.params), time)
    yield from _of_source(book, match.source, dict(met.binding), limits)


def _limits(match: Match, params: Mapping[str, Value], time: str) -> _Limits:
    low = None if match.low is None else _edge(match.low, params, time, high=False)
    return _Limits(low, None if match.high is None else _edge(match.high, params, time, high=True))


def _edge(sql: str, params: Mapping[str, Value], time: str, *, high: bool) -> Edge | None:
    """The least or greatest value in a window of the counted row's time or the period's bounds, plus or minus a duration."""
    tree = bind(parse_expression(sql, "match"), params, "match")
    offset = 0
    while isinstance(tree, exp.Paren):
        tree = tree.this
    if isinstance(tree, exp.Add | exp.Sub):
        size = tree.expression
        if not isinstance(size, exp.Literal) or size.is_string or not size.this.isdigit():
            return None
        offset = int(size.this) if isinstance(tree, exp.Add) else -int(size.this)
        tree = tree.this
    if not isinstance(tree, exp.Column) or tree.table not in ("", "row"):
        return None
    name = tree.name.lower()
    if not tree.table and name in PERIOD_COLUMNS:
        return Edge(list(PERIOD_COLUMNS).index(name), offset)
    if time and name == time:
        edge = _END if high else _START
        return Edge(edge.place, edge.offset + offset)
    return None


def _of_source(book: Definitions, name: str, params: Mapping[str, Value], limits: _Limits) -> Iterator[Reach]:
    """What the rows of a source between two edges depend on."""
    if name in CORE_TABLES:
        if name in CORE_FACTS:
            yield Reach(CORE_FACTS[name])
        return
    source = book.source(name)
    if isinstance(source, FactType):
        yield Reach(name, _OCCURRED, limits.low, limits.high)
        return
    own = own_params(source, params)
    for read in relation_body(book, source, own).reads:
        reach = source.reads.get(read)
        if reach is None or _own_of(book, read) != _OCCURRED:
            yield from _of_source(book, read, own, _EVERYWHERE)
        else:
            back, ahead = (_length(text, own) for text in reach)
            yield from _of_source(book, read, own, limits.wider(back, ahead))


def _own_of(book: Definitions, name: str) -> str:
    """The column that holds a source's own time."""
    if name in CORE_TABLES:
        return ""
    source = book.source(name)
    return _OCCURRED if isinstance(source, FactType) else _own_time(source)


def _own_time(relation: Relation) -> str:
    return "valid_from" if relation.spell else _OCCURRED


def _length(text: str, own: Mapping[str, Value]) -> int:
    value = own[text[1:]] if text.startswith("$") else duration_us(text)
    # What is no duration is checked elsewhere; here it reaches over a thousand years.
    return value if isinstance(value, int) and value >= 0 else 1000 * 366 * 86_400_000_000
