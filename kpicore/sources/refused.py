"""Rows that were refused: the first of them for people to read, all of them in a file to mend and import again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from kpicore.errors import InvalidInput, RefusedRow
from kpicore.sources.binding import Mapped
from kpicore.sources.blocks import Block, Problem, Reader, plain, shown
from kpicore.sources.opened import InputFile
from kpicore.sources.refused_files import RefusedFile

#: So many refused values are kept one by one.
LISTED = 1_000


class Refusals:
    """The refused rows of one file.

    Args:
        file: The file.
        reader: Finds rows again.
        out: Where all refused rows are written, or None.
    """

    def __init__(self, file: InputFile, reader: Reader, out: RefusedFile | None) -> None:
        self.file, self.reader, self.out = file, reader, out
        self.listed: list[RefusedRow] = []
        self.total = 0
        self._ragged_seen = 0
        self._rows: list[Any] = []

    def block(self, block: Block, mapped: Sequence[Mapped]) -> Any:
        """Take the refused rows of a block; a mask of its rows that are refused by anyone comes back."""
        bad = np.zeros(block.table.num_rows, dtype=np.bool_)
        for problem in block.problems:
            bad[problem.offsets] = True
        for one in mapped:
            bad[one.refused] = True
        room = self._room()
        # Ragged rows are known ahead of the block, and rows are looked for in ascending order only.
        found = list(self._ragged(int(block.rows[-1]), room))
        if bad.any():
            self.total += int(bad.sum())
            self._rows.append(block.rows[bad])
            found += _of_block(block, mapped, room)
        self._keep(found, block)
        return bad

    def selected(self, found: Sequence[RefusedRow], refused: int) -> None:
        """Take what a SELECT over the whole file refused.

        Args:
            found: By place in the file; −1 where no row of the file can be named.
            refused: How many rows that is in all.
        """
        self.total += refused
        nowhere = [row for row in found if row.row < 0]
        for row in nowhere:
            row.file = self.file.name
        self.listed += nowhere[: max(0, LISTED - len(self.listed))]
        # All blocks are through: the search begins again at the start.
        self.reader.close()
        self._keep([row for row in found if row.row >= 0][: self._room()], None)

    def rows(self) -> Any:
        """Places of all refused rows of the file, ascending; int64."""
        return np.sort(np.concatenate([*self._rows, np.array([row for row, _ in self.reader.ragged], dtype=np.int64)]))

    def finish(self) -> None:
        """Take what is known only at the end."""
        self._keep(list(self._ragged(None, self._room())), None)

    def error(self) -> InvalidInput:
        """That rows were refused, and which."""
        listed = sorted(self.listed, key=lambda row: row.row)
        count = f"{self.total:,} rows are" if self.total != 1 else "1 row is"
        first = f"; the first: {listed[0]!r}" if listed else ""
        return InvalidInput(
            f"{count} refused, and nothing of the file is recorded{first}",
            code="refused_rows",
            where=self.file.name,
            hint="mend them, or keep the good rows with --keep-good",
            rows=listed,
            refused=self.total,
        )

    def _room(self) -> int | None:
        """How many more refused values are listed; None where all of them are written."""
        return None if self.out is not None else max(0, LISTED - len(self.listed))

    def _ragged(self, until: int | None, room: int | None) -> Iterator[RefusedRow]:
        """Take the ragged rows that were not taken yet, up to a row."""
        new = list(self.reader.ragged[self._ragged_seen :])
        if until is not None:
            new = [(row, cells) for row, cells in new if row <= until]
        self._ragged_seen += len(new)
        self.total += len(new)
        width = len(self.reader.names)
        return (RefusedRow(row, None, None, f"it has {cells} cells instead of {width}") for row, cells in new[:room])

    def _keep(self, found: list[RefusedRow], block: Block | None) -> None:
        """List rows with their lines, and write them."""
        rows = sorted(found, key=lambda row: row.row)
        grouped = [(number, list(same)) for number, same in groupby(rows, key=lambda row: row.row)]
        places = self.reader.find([number for number, _ in grouped], block) if grouped else []
        for (_, same), place in zip(grouped, places, strict=True):
            for row in same:
                row.line, row.file = place.line, self.file.name
            if self.out is not None:
                self.out.write(same, place.cells)
        self.listed += rows[: max(0, LISTED - len(self.listed))]


def _of_block(block: Block, mapped: Sequence[Mapped], room: int | None) -> Iterator[RefusedRow]:
    for problem in block.problems:
        yield from listed(problem, block.rows[problem.offsets], room)
    for one in mapped:
        for problem in one.problems:
            yield from listed(problem, block.rows[problem.offsets], room)
        for row in one.listed[:room]:
            yield RefusedRow(int(block.rows[row.row]), row.column, shown(row.value), row.reason)


def listed(problem: Problem, rows: Any, room: int | None) -> Iterator[RefusedRow]:
    """The values of a problem one by one, with their places in the file; at most `room` of them."""
    rows = rows[:room].tolist()
    for place, row in enumerate(rows):
        value = None if problem.values is None else plain(problem.values[place])
        yield RefusedRow(row, problem.column, shown(value), problem.reason)
