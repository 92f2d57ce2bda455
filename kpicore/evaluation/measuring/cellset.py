"""The cells of one request: found in the results of its scans, and each leaf's numbers put in their places."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from attrs import define, frozen

from kpicore.engines.resolved import Leaf
from kpicore.engines.scans import SUBJECT, LeafColumns, Scan
from kpicore.engines.windows import WINDOW, Frame
from kpicore.evaluation.numbers.exact import Fixed, Mask
from kpicore.evaluation.numbers.keys import Codes, Dictionary, Index, combined, distinct

#: Subjects of a period that are there whether they have facts or not.
Roster = tuple[str | None, ...]


@define(frozen=True, slots=False, eq=False)
class Result:
    """What one scan returned.

    Args:
        scan: The scan.
        rows: Its rows.
    """

    scan: Scan
    rows: pa.Table

    def __attrs_post_init__(self) -> None:
        vars(self)["_numbers"] = {}

    def column(self, place: int) -> pa.ChunkedArray:
        """The column of that place among the leaves' columns."""
        return self.rows.column(f"c{place}")

    def key(self, dim: str) -> pa.ChunkedArray:
        """The values of a break-down."""
        return self.rows.column(f"d{self.scan.by.index(dim)}")

    def numbers(self, place: int) -> Fixed:
        """The numbers of a column, 0 where it is null."""
        known: dict[int, Fixed] = vars(self)["_numbers"]
        if place not in known:
            known[place] = Fixed.from_arrow(self.column(place))[0]
        return known[place]

    @cached_property
    def windows(self) -> Codes:
        """The window of each row."""
        return np.asarray(self.rows.column(WINDOW).to_numpy(), dtype=np.int64)


@frozen(eq=False)
class LeafResult:
    """Where a leaf's numbers are.

    Args:
        result: What the scan that counts its rows returned.
        early: Of the scans that count rows with a match before its window: what they returned.
    """

    result: Result
    early: tuple[Result, ...] = ()

    def places(self, leaf: Leaf) -> LeafColumns:
        """The places of the leaf's columns."""
        return self.result.scan.columns[leaf]

    def population(self, leaf: Leaf) -> Fixed:
        """How many rows count; 1 in every row of the result where it does not matter how many."""
        place = self.places(leaf).population
        return Fixed(np.ones(len(self.result.rows), np.int64)) if place is None else self.result.numbers(place)


@frozen(eq=False)
class Gathered:
    """A leaf's numbers, one entry a cell.

    Args:
        values: Its counts or totals, 0 where nothing was counted.
        population: How many rows count.
        summed: Of how many of them the totalled expression is not null; None for counts.
        currencies: Codes of the smallest and largest currency, −1 for none; None where they do not matter.
        early: Where rows have a match before its window; None for nowhere.
    """

    values: Fixed
    population: npt.NDArray[np.int64]
    summed: npt.NDArray[np.int64] | None
    currencies: tuple[Codes, Codes] | None
    early: Mask | None


class Names:
    """The subjects of several requests in one order, and the code of each in results and rosters.

    Args:
        results: The results.
        rosters: The rosters.
    """

    def __init__(self, results: Iterable[Result], rosters: Iterable[Roster]) -> None:
        found = {id(result): result for result in results}.values()
        named = [result.rows.column(SUBJECT) for result in found if result.scan.subjects]
        everyone: set[str | None] = set().union(*{id(names): names for names in rosters}.values())
        there = pa.array(sorted(name for name in everyone if name is not None), pa.string())
        self.subjects = Dictionary([*named, there, pa.nulls(1, pa.string())])
        self._codes: dict[int, tuple[object, Codes]] = {}
        self._rosters: dict[tuple[int, ...], tuple[object, Codes, Codes]] = {}
        self._named: tuple[Codes, Roster] | None = None

    def of(self, result: Result) -> Codes:
        """The subject of each row of a result; nobody where its rows have no subject."""
        if id(result) not in self._codes:
            if result.scan.subjects:
                codes = self.subjects.codes(result.rows.column(SUBJECT))
            else:
                codes = np.full(len(result.rows), len(self.subjects) - 1, dtype=np.int64)
            self._codes[id(result)] = (result, codes)
        return self._codes[id(result)][1]

    def there(self, rosters: Sequence[Roster]) -> tuple[Codes, Codes]:
        """Subject and period of everyone on the rosters of the periods."""
        key = tuple(map(id, rosters))
        if key not in self._rosters:
            codes = {id(names): self.subjects.codes(pa.array(names, pa.string())) for names in rosters}
            subject = np.concatenate([np.zeros(0, np.int64), *(codes[id(names)] for names in rosters)])
            period = np.repeat(np.arange(len(rosters)), [len(names) for names in rosters])
            self._rosters[key] = (rosters, subject, period)
        return self._rosters[key][1:]

    def named(self, codes: Codes) -> Roster:
        """The subject of each code; most requests have the same cells, so the last answer is kept."""
        if self._named is None or not np.array_equal(self._named[0], codes):
            self._named = codes, tuple(self.subjects.named(codes))
        return self._named[1]


class CellSet:
    """The cells of a request.

    Args:
        leaves: Its leaves, each once.
        results: The results that hold each leaf.
        windows: Number of the window of a leaf among those of a statement, for each period.
        by: The break-downs.
        rosters: Who is there in each period in any case; None for nobody.
        periods: How many periods there are.
        names: Codes of subjects.
    """

    def __init__(
        self,
        leaves: Sequence[Leaf],
        results: Mapping[Leaf, LeafResult],
        windows: Callable[[Leaf, Frame], Codes],
        by: tuple[str, ...],
        rosters: Sequence[Roster] | None,
        periods: int,
        names: Names,
    ) -> None:
        self.leaves, self.results, self.windows, self.by, self.periods = leaves, results, windows, by, periods
        self.names = names
        self._indices: dict[tuple[int, tuple[str, ...]], Index] = {}
        self._found: dict[Any, tuple[Codes, Mask]] = {}
        found = [results[leaf].result for leaf in leaves]
        self.dim_values = {
            dim: Dictionary([result.key(dim) for result in found if dim in result.scan.by]) for dim in by
        }
        self._read(rosters)

    def __len__(self) -> int:
        return len(self.subject)

    def gather(self, leaf: Leaf, currency: Dictionary) -> Gathered:
        """A leaf's numbers for every cell.

        Args:
            leaf: One of the leaves.
            currency: Codes of currencies.
        """
        found = self.results[leaf]
        result, places = found.result, found.places(leaf)
        take, there = self._rows(leaf, result)
        values = _picked(result.numbers(places.value), take, there)
        population = _picked(found.population(leaf), take, there).values
        summed = None if places.summed is None else _picked(result.numbers(places.summed), take, there).values
        codes = None
        if places.currencies is not None:
            low, high = (currency.codes(result.column(place)) for place in places.currencies)
            nothing = np.full(1, -1, dtype=np.int64)
            low, high = (codes if len(codes) else nothing for codes in (low, high))
            codes = (np.where(there, low[take], -1), np.where(there, high[take], -1))
        early: Mask | None = None
        for other in found.early:
            if len(other.rows):
                odd = _picked(other.numbers(other.scan.early[leaf]), *self._rows(leaf, other)).values > 0
                early = odd if early is None else early | odd
        return Gathered(values, population, summed, codes, early)

    def subjects(self) -> Roster:
        """The subject of each cell."""
        return self.names.named(self.subject)

    def dims(self, dim: str) -> list[Any]:
        """The values of a break-down, one a cell."""
        return self.dim_values[dim].named(self.dim[dim])

    def finer(self, leaves: Sequence[Leaf], by: tuple[str, ...]) -> CellSet:
        """The cells of some of its leaves that are broken down further."""
        return CellSet(leaves, self.results, self.windows, by, None, self.periods, self.names)

    def places_of(self, finer: CellSet) -> npt.NDArray[np.int64]:
        """Which of these cells each of the finer ones belongs to; −1: none."""
        known = {key: place for place, key in enumerate(self._keys(self.by))}
        return np.array([known.get(key, -1) for key in finer._keys(self.by)], dtype=np.int64)

    def _keys(self, by: tuple[str, ...]) -> Iterable[tuple[Any, ...]]:
        return zip(self.subject.tolist(), self.period.tolist(), *(self.dims(dim) for dim in by), strict=True)

    def _read(self, rosters: Sequence[Roster] | None) -> None:
        """Which cells there are: of populations that are not empty, and of the rosters."""
        sizes = (len(self.names.subjects), self.periods, *(len(self.dim_values[dim]) for dim in self.by))
        own = (leaf for leaf in self.leaves if not leaf.whole and set(self.by) <= set(leaf.by))
        numbers = [combined(self._populated(leaf), sizes) for leaf in own]
        if rosters is not None:
            numbers.append(combined(self.names.there(rosters), sizes))
        cells = distinct(numbers, sizes)
        columns: list[Codes] = []
        for size in reversed(sizes[1:]):
            cells, rest = np.divmod(cells, max(size, 1))
            columns.insert(0, rest)
        self.subject, self.period = cells, columns[0]
        self.dim = dict(zip(self.by, columns[1:], strict=True))

    def _populated(self, leaf: Leaf) -> tuple[Codes, ...]:
        """Subject, period and break-downs of the rows in which a leaf counts something, for every period."""
        result = self.results[leaf].result
        rows = np.flatnonzero(self.results[leaf].population(leaf).values > 0)
        rows, period = _spread(
            rows, result.windows, self.windows(leaf, result.scan.frame), len(result.scan.frame.spans)
        )
        dims = [self.dim_values[dim].codes(result.key(dim))[rows] for dim in self.by]
        return (self.names.of(result)[rows], period, *dims)

    def _rows(self, leaf: Leaf, result: Result) -> tuple[Codes, Mask]:
        """The row of a result that belongs to each cell, and where there is one."""
        sizes = (
            len(result.scan.frame.spans),
            len(self.names.subjects) if result.scan.subjects else 1,
            *(len(self.dim_values[dim]) for dim in leaf.by),
        )
        found = self._found.get((id(result), leaf.by, leaf.windows))
        if found is None:
            index = self._indices.get((id(result), leaf.by))
            if index is None:
                nobody = np.zeros(len(result.rows), dtype=np.int64)
                own = self.names.of(result) if result.scan.subjects else nobody
                dims = [self.dim_values[dim].codes(result.key(dim)) for dim in leaf.by]
                index = Index(combined((result.windows, own, *dims), sizes), math.prod(max(size, 1) for size in sizes))
                self._indices[id(result), leaf.by] = index
            subject = self.subject if result.scan.subjects else np.zeros(len(self), dtype=np.int64)
            window = self.windows(leaf, result.scan.frame)[self.period]
            places = index.places(combined((window, subject, *(self.dim[dim] for dim in leaf.by)), sizes))
            there = places >= 0
            found = np.where(there, places, 0), there
            self._found[id(result), leaf.by, leaf.windows] = found
        return found


def _picked(column: Fixed, take: Codes, there: Mask) -> Fixed:
    """The numbers of the rows, 0 where there is no row."""
    if not len(column):
        return Fixed(np.zeros(len(take), dtype=np.int64), column.scale)
    return Fixed(np.where(there, column.values[take], 0), column.scale)


def _spread(rows: Codes, window: Codes, windows: Codes, size: int) -> tuple[Codes, Codes]:
    """Rows of results with the periods that see them: each row once for every period whose window it is in.

    Args:
        rows: Some rows.
        window: The window of each row of the result.
        windows: The window of each period.
        size: How many windows there are.
    """
    order = np.argsort(windows, kind="stable")
    counts = np.bincount(windows, minlength=size)
    firsts = np.cumsum(counts) - counts
    window = window[rows]
    times = counts[window]
    if bool((times == 1).all()):
        return rows, order[firsts[window]]
    within = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(rows, times), order[np.repeat(firsts[window], times) + within]
