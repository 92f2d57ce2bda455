"""Cells and their order: which (subject, period, break-down) are there, and where each stands in an engine's results."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpicore.errors import InvalidInput

Codes: TypeAlias = "npt.NDArray[np.int64]"

_LARGEST = 2**62
#: Up to so many possible combinations a row, marks are quicker than sorting.
_DENSE = 16


class Dictionary:
    """The values of one key column in all results, in order: texts by code points, null last."""

    def __init__(self, columns: Iterable[pa.ChunkedArray | pa.Array]) -> None:
        parts = [pc.unique(column) for column in columns]
        kind = _common([part.type for part in parts])
        values = pc.unique(pa.chunked_array([part.cast(kind) for part in parts], kind))
        self.values = values.take(pc.sort_indices(values))  # nulls come last

    def __len__(self) -> int:
        return len(self.values)

    def codes(self, column: pa.ChunkedArray | pa.Array) -> Codes:
        """The place of each value, −1 for those that are not there."""
        found = pc.index_in(column.cast(self.values.type), value_set=self.values)
        flat = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
        return np.asarray(pc.fill_null(flat, -1).to_numpy(zero_copy_only=False), dtype=np.int64)

    def named(self, codes: Codes) -> list[Any]:
        """The value of each code, as Python values."""
        values = np.empty(len(self.values), dtype=np.object_)
        values[:] = self.values.to_pylist()
        found: list[Any] = values[codes].tolist()
        return found


def _common(kinds: Sequence[pa.DataType]) -> pa.DataType:
    """The type that holds the values of all: one field may be an integer in one result and a decimal in another."""
    if not kinds:
        return pa.string()
    if all(kind == kinds[0] for kind in kinds):
        return kinds[0]
    if all(pa.types.is_decimal(kind) or pa.types.is_integer(kind) for kind in kinds):
        return pa.decimal128(38, max(getattr(kind, "scale", 0) for kind in kinds))
    raise InvalidInput(
        f"one break-down is {' here and '.join(sorted(map(str, set(kinds))))} there",
        code="bad_break_down",
        hint="break down by a field that has one kind in every source of the indicator",
    )


def combined(columns: Sequence[Codes], sizes: Sequence[int]) -> Codes:
    """One number for each row from its codes; the order of numbers is that of the codes from left to right.

    Raises:
        InvalidInput: There are more possible combinations than fit.
    """
    total = 1
    for size in sizes:
        total *= max(size, 1)
    if total >= _LARGEST:
        raise InvalidInput(
            "these break-downs have too many combinations", code="too_fine", hint="break down by fewer fields"
        )
    result = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    for codes, size in zip(columns, sizes, strict=True):
        result = result * max(size, 1) + codes
    return result


def distinct(numbers: Sequence[Codes], sizes: Sequence[int]) -> Codes:
    """The different ones among what `combined` gave with these sizes, ascending."""
    total, rows = math.prod(max(size, 1) for size in sizes), sum(len(part) for part in numbers)
    if not rows or total > _DENSE * rows:
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *numbers]))
    # Most combinations occur: a mark for each costs less than sorting them.
    there = np.zeros(total, dtype=np.bool_)
    for part in numbers:
        there[part] = True
    return np.flatnonzero(there)


class Index:
    """Finds rows by number.

    Args:
        numbers: One for each row, each once.
        total: Numbers are below it.
    """

    def __init__(self, numbers: Codes, total: int) -> None:
        self._rows: Codes | None = None
        if total <= _DENSE * len(numbers):
            self._rows = np.full(total, -1, dtype=np.int64)
            self._rows[numbers] = np.arange(len(numbers))
        else:
            self._order = np.argsort(numbers, kind="stable")
            self._sorted = numbers[self._order]

    def places(self, wanted: Codes) -> Codes:
        """The row of each wanted number, −1 where there is none."""
        if self._rows is not None:
            return self._rows[wanted]
        if not len(self._sorted):
            return np.full(len(wanted), -1, dtype=np.int64)
        spots = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return np.where(self._sorted[spots] == wanted, self._order[spots], -1)
