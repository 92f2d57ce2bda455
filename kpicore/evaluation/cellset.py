"""The cells of one request: found in the results of its scans, and each leaf's numbers put in their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from kpicore.engines.resolve import Leaf
from kpicore.engines.scans import SUBJECT, Scan
from kpicore.engines.windows import WINDOW
from kpicore.evaluation.exact import Fixed, Mask
from kpicore.evaluation.keys import Codes, Dictionary, Index, combined, distinct


@frozen(eq=False)
class Result:
    """What one scan returned.

    Args:
        scan: The scan.
        rows: Its rows.
    """

    scan: Scan
    rows: pa.Table

    def column(self, place: int) -> pa.ChunkedArray:
        """The column of that place among the leaves' columns."""
        return self.rows.column(f"c{place}")

    def key(self, dim: str) -> pa.ChunkedArray:
        """The values of a break-down."""
        return self.rows.column(f"d{self.scan.by.index(dim)}")


@frozen(eq=False)
class Gathered:
    """A leaf's numbers, one entry a cell.

    Args:
        values: Its counts or totals, 0 where nothing was counted.
        population: How many rows count.
        summed: Of how many of them the totalled expression is not null; None for counts.
        currencies: Codes of the smallest and largest currency, −1 for none; None where they do not matter.
        early: How many rows have a match before its window.
    """

    values: Fixed
    population: npt.NDArray[np.int64]
    summed: npt.NDArray[np.int64] | None
    currencies: tuple[Codes, Codes] | None
    early: npt.NDArray[np.int64]


class CellSet:
    """The cells of a request.

    Args:
        leaves: Its leaves, each once.
        results: The result that holds each leaf.
        windows: Number of the window of each leaf for each period.
        by: The break-downs.
        periods: How many periods there are.
        rosters: Subjects of each period that are there whether they have facts or not.
    """

    def __init__(
        self,
        leaves: Sequence[Leaf],
        results: Mapping[Leaf, Result],
        windows: Mapping[Leaf, Sequence[int]],
        by: tuple[str, ...],
        periods: int,
        rosters: Sequence[Sequence[str | None]],
    ) -> None:
        self.leaves, self.results, self.windows, self.by, self.periods = leaves, results, windows, by, periods
        self._indices: dict[tuple[int, tuple[str, ...]], Index] = {}
        found = {id(result): result for result in results.values()}.values()
        named = [result.rows.column(SUBJECT) for result in found if result.scan.subjects]
        everyone = pa.array(sorted({name for names in rosters for name in names if name is not None}), pa.string())
        self.subject_names = Dictionary([*named, everyone, pa.nulls(1, pa.string())])
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
        result = self.results[leaf]
        places = result.scan.columns[leaf]
        rows = self._rows(leaf)
        there = rows >= 0
        take = np.where(there, rows, 0)

        def integers(place: int) -> npt.NDArray[np.int64]:
            return _picked(Fixed.from_arrow(result.column(place))[0], take, there).values

        values = _picked(Fixed.from_arrow(result.column(places.value))[0], take, there)
        codes = None
        if places.currencies is not None:
            low, high = (currency.codes(result.column(place)) for place in places.currencies)
            nothing = np.full(1, -1, dtype=np.int64)
            low, high = (codes if len(codes) else nothing for codes in (low, high))
            codes = (np.where(there, low[take], -1), np.where(there, high[take], -1))
        early = np.zeros(len(self), dtype=np.int64)
        for place in places.early:
            early = early + integers(place)
        summed = None if places.summed is None else integers(places.summed)
        return Gathered(values, integers(places.population), summed, codes, early)

    def subjects(self) -> tuple[str | None, ...]:
        """The subject of each cell."""
        return tuple(self.subject_names.named(self.subject))

    def dims(self, dim: str) -> list[Any]:
        """The values of a break-down, one a cell."""
        return self.dim_values[dim].named(self.dim[dim])

    def _read(self, rosters: Sequence[Sequence[str | None]]) -> None:
        """Which cells there are: of populations that are not empty, and of the rosters."""
        sizes = (len(self.subject_names), self.periods, *(len(self.dim_values[dim]) for dim in self.by))
        numbers = []
        for leaf in self.leaves:
            if not leaf.whole and set(leaf.by) == set(self.by):
                numbers += [combined(columns, sizes) for columns in self._populated(leaf)]
        for period, names in enumerate(rosters):
            codes = self.subject_names.codes(pa.array(names, pa.string()))
            numbers.append(combined((codes, np.full(len(codes), period)), sizes))
        cells = distinct(numbers, sizes)
        columns: list[Codes] = []
        for size in reversed(sizes):
            cells, rest = np.divmod(cells, max(size, 1))
            columns.insert(0, rest)
        self.subject, self.period = columns[0], columns[1]
        self.dim = dict(zip(self.by, columns[2:], strict=True))

    def _populated(self, leaf: Leaf) -> Iterable[tuple[Codes, ...]]:
        result = self.results[leaf]
        counted = result.column(result.scan.columns[leaf].population)
        rows = result.rows.filter(pc.greater(counted, 0))
        window = rows.column(WINDOW).to_numpy()
        nobody = np.full(len(rows), len(self.subject_names) - 1, dtype=np.int64)
        subject = self.subject_names.codes(rows.column(SUBJECT)) if result.scan.subjects else nobody
        dims = [self.dim_values[dim].codes(rows.column(f"d{result.scan.by.index(dim)}")) for dim in self.by]
        order = np.argsort(window, kind="stable")
        for period, number in enumerate(self.windows[leaf]):
            low, high = np.searchsorted(window, [number, number + 1], sorter=order)
            picked = order[low:high]
            yield (subject[picked], np.full(len(picked), period), *(codes[picked] for codes in dims))

    def _rows(self, leaf: Leaf) -> Codes:
        """The row of the leaf's result that belongs to each cell, −1 for none."""
        result = self.results[leaf]
        sizes = (len(result.scan.spans), len(self.subject_names), *(len(self.dim_values[dim]) for dim in leaf.by))
        index = self._indices.get((id(result), leaf.by))
        if index is None:
            everybody = np.zeros(len(result.rows), dtype=np.int64)
            keys = (
                result.rows.column(WINDOW).to_numpy(),
                self.subject_names.codes(result.rows.column(SUBJECT)) if result.scan.subjects else everybody,
                *(self.dim_values[dim].codes(result.key(dim)) for dim in leaf.by),
            )
            index = self._indices[id(result), leaf.by] = Index(combined(keys, sizes))
        subject = self.subject if result.scan.subjects else np.zeros(len(self), dtype=np.int64)
        window = np.asarray(self.windows[leaf], dtype=np.int64)[self.period]
        return index.places(combined((window, subject, *(self.dim[dim] for dim in leaf.by)), sizes))


def _picked(column: Fixed, take: npt.NDArray[np.intp], there: Mask) -> Fixed:
    """The numbers of the rows, 0 where there is no row."""
    if not len(column):
        return Fixed(np.zeros(len(take), dtype=np.int64), column.scale)
    return Fixed(np.where(there, column.values[take], 0), column.scale)
