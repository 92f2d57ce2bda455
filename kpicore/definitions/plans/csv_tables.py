"""Tables of CSV files, read line by line as tables of a TOML file are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kpicore.definitions.cards.card_tables import Table, TomlFile, read_text
from kpicore.errors import InvalidDefinition
from kpicore.naming import did_you_mean

__all__ = ["read_csv"]


class _Row(Table):
    """A line of a CSV file; cells that are empty are not there."""

    def __init__(self, file: str, table: str, line: int, data: Mapping[str, Any]) -> None:
        super().__init__(TomlFile("", file), table, line, dict(data), single=False)

    def where(self, key: str | None = None) -> str:
        """File and line, and the column."""
        return f"{self.file.name}:{self.index}" + (f", column {key}" if key else "")


def read_csv(path: Path, table: str, columns: Sequence[str], needed: Sequence[str]) -> Iterator[Table]:
    """The lines of a CSV file whose first line names the columns; lines without any value are left out.

    Args:
        path: The file.
        table: What one line is: the name of the TOML table that says the same.
        columns: The columns that there may be.
        needed: Those that there must be.

    Raises:
        InvalidDefinition: The file, its columns or a line's length is wrong; `where` names file and line.
    """
    lines = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        named = [name.strip() for name in next(lines, [])]
        _check_columns(named, columns, needed, str(path))
        for cells in lines:
            given = {name: cell.strip() for name, cell in zip(named, cells, strict=False) if cell.strip()}
            if given and len(cells) > len(named):
                raise InvalidDefinition(
                    f"{len(cells)} cells under {len(named)} columns",
                    where=f"{path}:{lines.line_num}",
                    hint="quote cells that hold a comma",
                )
            if given:
                yield _Row(str(path), table, lines.line_num, given)
    except csv.Error as error:
        raise InvalidDefinition(
            f"is not CSV: {error}",
            where=f"{path}:{lines.line_num}",
            code="not_csv",
            hint="save the sheet as CSV (UTF-8)",
        ) from None


def _check_columns(named: Sequence[str], columns: Sequence[str], needed: Sequence[str], where: str) -> None:
    for name in named:
        if name not in columns:
            hint = did_you_mean(name, columns) or f"known: {', '.join(columns)}"
            raise InvalidDefinition(f"unknown column {name!r}", where=where, code="unknown_key", hint=hint)
    if len(set(named)) < len(named):
        raise InvalidDefinition("a column is there twice", where=where, code="unknown_key", hint="keep one of them")
    missing = [name for name in needed if name not in named]
    if missing:
        raise InvalidDefinition(
            f"no column {missing[0]}",
            where=where,
            code="missing_key",
            hint=f"the first line names the columns: {', '.join(columns)}",
        )
