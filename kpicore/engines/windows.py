"""Windows of time in SQL: which window an instant falls into, and a table of their bounds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

from kpicore.definitions.reading import PERIOD_COLUMNS
from kpicore.periods import Bounds

#: Names of a window's columns wherever it appears in SQL.
WINDOW = "kpi_window"


@frozen(order=True)
class Span:
    """A window as instants, half-open; the last two are the start of the period before and the end of the next."""

    start: int
    end: int
    previous_start: int
    next_end: int

    @classmethod
    def of(cls, bounds: Bounds) -> Span:
        """The span of a period."""
        return cls(bounds.start_us, bounds.end_us, bounds.previous_start_us, bounds.next_end_us)


def apart(spans: Sequence[Span]) -> bool:
    """Whether no two spans overlap, so that an instant lies in one at most."""
    ordered = sorted(spans)
    return all(one.end <= two.start for one, two in pairwise(ordered))


def table(spans: Sequence[Span]) -> str:
    """A SELECT of the spans: their numbers and bounds.

    Args:
        spans: At least one; a span's number is its place.
    """
    rows = ", ".join(
        f"({place}, {span.start}, {span.end}, {span.previous_start}, {span.next_end})"
        for place, span in enumerate(spans)
    )
    casts = ", ".join(f'cast({name} as bigint) as "{name}"' for name in PERIOD_COLUMNS)
    return (
        f"select cast(kpi_window as bigint) as {WINDOW}, {casts} "
        f"from (values {rows}) as v(kpi_window, {', '.join(PERIOD_COLUMNS)})"
    )


def number(instant: str, spans: Sequence[Span]) -> str:
    """An expression for the number of the span in which an instant lies; null in a gap. Spans must lie apart.

    A search tree of comparisons costs a few per row, where a join on ranges would cost one per span.

    Args:
        instant: An expression whose value is `inside` the spans.
        spans: At least one.
    """
    ordered = sorted(range(len(spans)), key=lambda place: spans[place])
    gaps = {one for one, two in pairwise(ordered) if spans[one].end < spans[two].start}

    def search(places: Sequence[int]) -> str:
        if len(places) == 1:
            place = places[0]
            return f"case when {instant} < {spans[place].end} then {place} end" if place in gaps else str(place)
        middle = len(places) // 2
        bound = spans[places[middle]].start
        return f"case when {instant} < {bound} then {search(places[:middle])} else {search(places[middle:])} end"

    return f"cast({search(ordered)} as bigint)"


def gapless(spans: Sequence[Span]) -> bool:
    """Whether spans that lie apart touch one another, so that every instant `inside` has a number."""
    return all(one.end == two.start for one, two in pairwise(sorted(spans)))


def inside(instant: str, spans: Sequence[Span]) -> str:
    """A condition that holds for every instant in any of the spans, and that an engine can apply while it reads."""
    return f"{instant} >= {min(span.start for span in spans)} and {instant} < {max(span.end for span in spans)}"
