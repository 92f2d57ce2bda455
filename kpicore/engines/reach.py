"""How far a fact reaches: in which windows a scan can give something else once some facts have come, changed or gone.

What is not known to be near is far: then every window may be touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from kpicore.definitions.book import CORE_FACTS, CORE_TABLES, Definitions
from kpicore.definitions.facts import FactType
from kpicore.definitions.relations import Relation
from kpicore.definitions.values import Value
from kpicore.engines.edges import LAST, START, Edge, Limits, edge_of, limits_of
from kpicore.engines.matches import Met
from kpicore.engines.relations import own_params, relation_body
from kpicore.engines.scans import Key
from kpicore.engines.windows import Span
from kpicore.periods import duration_us

_OCCURRED = "occurred_at"
_ALL = 1000 * 366 * 86_400_000_000


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


_EVERYWHERE = Limits()


def reaches(book: Definitions, key: Key) -> frozenset[Reach]:
    """Everything that a scan's counted rows and matches depend on; core tables that say whose rows they are come apart.

    Args:
        book: The definitions.
        key: What the leaves of the scan share.
    """
    source = book.source(key.source)
    # What was open before goes on into later windows.
    limits = Limits(START if key.at == "in" else None, LAST)
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


def nearby(book: Definitions, key: Key) -> Mapping[str, tuple[Reach, ...]]:
    """Fact types of which a scan can only read the facts between two edges of its windows, whatever relations say.

    Args:
        book: The definitions.
        key: What the leaves of the scan share.
    """
    read = [key.source, *(met.match.source for met in key.matches)]
    whole = book.closure(name for name in read if not isinstance(book.source(name), FactType)).fact_types
    found: dict[str, set[Reach]] = {}
    for reach in reaches(book, key):
        if reach.fact_type in read and reach.fact_type not in whole:
            found.setdefault(reach.fact_type, set()).add(reach)
    return {name: tuple(some) for name, some in found.items() if len({reach.column for reach in some}) == 1}


def between(some: Iterable[Reach], spans: Sequence[Span]) -> tuple[int | None, int | None]:
    """The instants between which facts touch any of some windows, both inside; None: without end."""
    lows, highs = [reach.low for reach in some], [reach.high for reach in some]
    low = None if None in lows else min(edge.of(span) for edge in lows if edge for span in spans)
    high = None if None in highs else max(edge.of(span) for edge in highs if edge for span in spans)
    return low, high


def _of_match(book: Definitions, met: Met, key: Key) -> Iterator[Reach]:
    match, source = met.match, book.source(met.match.source)
    time = key.time if key.at == "in" else ""
    limits = _EVERYWHERE
    own = _OCCURRED if isinstance(source, FactType) else _own_time(source)
    if match.at is not None and own == "valid_from":
        # A spell that holds at an instant began before it.
        limits = Limits(None, edge_of(match.at, dict(met.params), time, high=True))
    elif match.at is None and own == _OCCURRED:
        limits = limits_of(match, dict(met.params), time)
    yield from _of_source(book, match.source, dict(met.binding), limits)


def _of_source(book: Definitions, name: str, params: Mapping[str, Value], limits: Limits) -> Iterator[Reach]:
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
            back, ahead = (length_of(text, own) for text in reach)
            yield from _of_source(book, read, own, limits.wider(back, ahead))


def _own_of(book: Definitions, name: str) -> str:
    """The column that holds a source's own time."""
    if name in CORE_TABLES:
        return ""
    source = book.source(name)
    return _OCCURRED if isinstance(source, FactType) else _own_time(source)


def _own_time(relation: Relation) -> str:
    return "valid_from" if relation.spell else _OCCURRED


def length_of(text: str, own: Mapping[str, Value]) -> int:
    """How far a relation reads, in µs: a duration, a parameter, or `all`, which is a thousand years.

    Args:
        text: As `Relation.reads` has it.
        own: The values of the relation's parameters.
    """
    if text == "all":
        return _ALL
    value = own[text[1:]] if text.startswith("$") else duration_us(text)
    # What is no duration is checked elsewhere.
    return value if isinstance(value, int) and value >= 0 else _ALL
