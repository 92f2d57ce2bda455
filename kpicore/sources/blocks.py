"""What every kind of file gives: blocks of rows, and where those rows stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from attrs import frozen

Rows = npt.NDArray[np.int64]

_LONGEST_SHOWN = 200


@frozen
class Problem:
    """Values that are refused for one reason.

    Args:
        offsets: Which rows of the block or table, from 0; int64, ascending.
        column: What a person looks for: the file's column, or the map's expression; None for the whole row.
        values: What stands there, one an offset, as a text array; None where there is nothing to show.
        reason: Why it is refused.
    """

    offsets: Rows
    column: str | None
    values: Any
    reason: str


@frozen
class Block:
    """Some rows of a file.

    Args:
        table: The asked-for columns under the file's own names.
        rows: Place of each row in the file, from 0; int64, one a row, ascending.
        bytes_done: How much of the file has been read.
        problems: What is wrong with these rows whatever becomes of them.
    """

    table: pa.Table
    rows: Rows
    bytes_done: int
    problems: Sequence[Problem] = ()


@frozen
class Found:
    """A row as a person finds it.

    Args:
        line: Where it begins, from 1; None in files without lines.
        cells: All its cells as text; empty where they are not known.
    """

    line: int | None
    cells: Sequence[str]


class Reader(Protocol):
    """A file of rows.

    Attributes:
        names: All its columns, in order.
        readable: Those of types that can be read.
        rows_total: None where only reading tells.
        ragged: Rows without the right number of columns and how many each has, ascending, as far as blocks have been
            read; they are in no block.
    """

    names: Sequence[str]
    readable: Sequence[str]
    rows_total: int | None

    @property
    def ragged(self) -> Sequence[tuple[int, int]]:
        """See above."""
        ...

    def blocks(self, columns: Sequence[str]) -> Iterator[Block]:
        """All rows in order with these columns; InvalidInput where the file or one of them cannot be read."""
        ...

    def find(self, rows: Sequence[int], block: Block | None) -> list[Found]:
        """Rows as a person finds them.

        Args:
            rows: Ascending, and after those of the last call.
            block: The block they are in, with all columns that can be read; None for ragged rows.
        """
        ...

    def close(self) -> None:
        """Let go of what was opened to find rows again."""
        ...


def plain(value: Any) -> Any:
    """An Arrow scalar as a Python value, or its number where Python has none (the year 100,000)."""
    try:
        return value.as_py()
    except (ValueError, OverflowError):
        return str(getattr(value, "value", None))


def shown(value: Any) -> str | None:
    """A value as people read it, not longer than they would."""
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
