"""Windows of time as tables that statements join: which windows an instant falls into, and the bounds of each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from math import gcd
from typing import TYPE_CHECKING, NamedTuple

from attrs import define

from kpicore.definitions.algebra.reading import PERIOD_COLUMNS
from kpicore.periods import Bounds

if TYPE_CHECKING:
    import pyarrow as pa

#: Name of a window's number wherever it appears in SQL.
WINDOW = "kpi_window"

#: Most rows of a table of slices; windows that would take more are found by their bounds.
MOST_SLICES = 1 << 18


class Span(NamedTuple):
    """A window as instants, half-open; the last two are the start of the period before and the end of the next."""

    start: int
    end: int
    previous_start: int
    next_end: int

    @classmethod
    def of(cls, bounds: Bounds) -> Span:
        """The span of a period."""
        return cls(bounds.start_us, bounds.end_us, bounds.previous_start_us, bounds.next_end_us)


@define(frozen=True, slots=False)
class Frame:
    """The windows of a statement, which may overlap.

    An instant is looked up by the slice of time that it lies in: all bounds are multiples of a slice's length, so one
    division and one look-up find every window of a row, where comparing it with bounds costs a step a window.

    Args:
        spans: At least one; a window's number is its place.
    """

    spans: tuple[Span, ...]

    @cached_property
    def slice(self) -> int | None:
        """Length of a slice in µs; None where instants are compared with bounds instead."""
        length = gcd(*(instant for span in self.spans for instant in (span.start, span.end)))
        # Division of negative numbers does not round down in SQL.
        if not length or min(span.start for span in self.spans) < 0:
            return None
        slices = sum(max(span.end - span.start, 0) // length for span in self.spans)
        return length if slices <= MOST_SLICES else None

    @cached_property
    def name(self) -> str:
        """The name under which the table is registered; the same windows have the same name."""
        return f"kpi$windows${hashlib.sha256(repr(self.spans).encode()).hexdigest()[:16]}"

    @cached_property
    def numbers(self) -> Mapping[Span, int]:
        """The number of each window."""
        return {span: place for place, span in enumerate(self.spans)}

    @property
    def single(self) -> bool:
        """Whether it is one window: its number and bounds are then constants."""
        return len(self.spans) == 1

    def joined(self, instant: str, alias: str) -> str:
        """Joins and conditions that give every row the windows in which an instant lies, each once.

        Args:
            instant: An expression.
            alias: The alias of the joined table, which has `columns`.
        """
        low, high = min(span.start for span in self.spans), max(span.end for span in self.spans)
        inside = f" where {instant} >= {low} and {instant} < {high}"
        if self.single:
            return inside
        if self.slice is None:
            on = f"{instant} >= {alias}.period_start and {instant} < {alias}.period_end"
            return f' join "{self.name}" {alias} on {on}'
        return f' join "{self.sliced}" {alias} on {alias}.kpi_slice = {instant} // {self.slice}{inside}'

    def columns(self, alias: str, *, bounds: bool) -> list[str]:
        """The number of the window, and its bounds where they are read, as columns of a SELECT."""
        if self.single:
            found = [f"{self.bound(name, alias)} as {name}" for name in PERIOD_COLUMNS if bounds]
            return [f"cast(0 as bigint) as {WINDOW}", *found]
        return [f"{alias}.{WINDOW}", *(f"{alias}.{name}" for name in PERIOD_COLUMNS if bounds)]

    def bound(self, name: str, alias: str) -> str:
        """A bound of the windows by name: a column, or a constant."""
        if self.single:
            return f"cast({self.spans[0][list(PERIOD_COLUMNS).index(name)]} as bigint)"
        return f"{alias}.{name}"

    @property
    def sliced(self) -> str:
        """The name of the table of slices."""
        return f"{self.name}$sliced"

    @cached_property
    def tables(self) -> Mapping[str, pa.Table]:
        """What must be registered: the windows with their bounds, and one row a slice of each with the same columns."""
        if self.single:
            return {}
        import numpy as np
        import pyarrow as pa

        columns = dict(zip(PERIOD_COLUMNS, zip(*self.spans, strict=True), strict=True))
        own = pa.table(
            {WINDOW: range(len(self.spans)), **columns},
            schema=pa.schema([(name, pa.int64()) for name in (WINDOW, *PERIOD_COLUMNS)]),
        )
        if self.slice is None:
            return {self.name: own}
        slices = [np.arange(span.start // self.slice, span.end // self.slice) for span in self.spans]
        numbers = np.repeat(np.arange(len(self.spans)), [len(one) for one in slices])
        return {
            self.name: own,
            self.sliced: own.take(pa.array(numbers)).append_column("kpi_slice", pa.array(np.concatenate(slices))),
        }


@lru_cache(maxsize=64)
def framed(spans: tuple[Span, ...]) -> Frame:
    """The frame of some windows; its tables are made once while it is remembered."""
    return Frame(spans)
