"""Edges of windows: between which instants of a window what it reads must lie, as far as conditions tell by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen
from sqlglot import exp

from kpicore.definitions.algebra.measures import Match
from kpicore.definitions.algebra.reading import PERIOD_COLUMNS
from kpicore.definitions.algebra.sql import bind, parse_expression
from kpicore.definitions.values import Value
from kpicore.engines.windows import Span


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


#: The first and the last instant of a window, both inside.
START, LAST = Edge(0), Edge(1, -1)


@frozen
class Limits:
    """Between which edges of a window rows of a source matter, by their own time, both inside; None: without end."""

    low: Edge | None = None
    high: Edge | None = None

    def wider(self, back: int, ahead: int) -> Limits:
        """Limits so many µs further apart."""
        low = None if self.low is None else Edge(self.low.place, self.low.offset - back)
        high = None if self.high is None else Edge(self.high.place, self.high.offset + ahead)
        return Limits(low, high)


def limits_of(match: Match, params: Mapping[str, Value], time: str) -> Limits:
    """Between which edges of a window the `occurred_at` of rows lies that can meet a row counted in it.

    Args:
        match: The match.
        params: Values that its conditions name.
        time: The column that places the counted row in the window; empty where none does.
    """
    low = None if match.low is None else edge_of(match.low, params, time, high=False)
    high = None if match.high is None else edge_of(match.high, params, time, high=True)
    # Instants are whole µs: next to a bound that is not inside lies the last one that is.
    return Limits(_moved(low, match.bounds[0] == "("), _moved(high, -(match.bounds[1] == ")")))


def _moved(edge: Edge | None, by: int) -> Edge | None:
    return edge if edge is None else Edge(edge.place, edge.offset + by)


def edge_of(sql: str, params: Mapping[str, Value], time: str, *, high: bool) -> Edge | None:
    """The least or greatest value in a window of an expression; None where that is not plain.

    Plain are the counted row's own time and the period's bounds, plus or minus a duration.
    """
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
        edge = LAST if high else START
        return Edge(edge.place, edge.offset + offset)
    return None
