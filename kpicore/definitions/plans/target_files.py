"""Files of targets: `[[target]]` rows in TOML, or a table in CSV, each row a target of its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from kpicore.definitions.cards.card_tables import MOST_BYTES, Table, TomlFile
from kpicore.definitions.indicators import LEVELS, Level
from kpicore.definitions.plans.targets import TargetRule
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.naming import did_you_mean
from kpicore.periods import parse_period

__all__ = ["COLUMNS", "WITHDRAWN", "read_csv_targets", "read_targets", "target_row"]

#: Columns of a table of targets, and keys of a `[[target]]`.
COLUMNS = ("level", "subject", "indicator", "period", "value", "effective", "volume", "why")
_NEEDED = ("indicator", "value")

#: The value of a target that no longer counts: what the scorecard says counts again.
WITHDRAWN = "withdrawn"


def read_targets(file: TomlFile) -> list[tuple[TargetRule, str]]:
    """The targets of a TOML file, each with its place.

    Raises:
        InvalidDefinition: A row is wrong; `where` names file and line.
    """
    file.check_tables(["target"], {})
    return [(target_row(table), table.where()) for table in file.tables("target")]


def target_row(table: Table) -> TargetRule:
    """One `[[target]]` of a file of targets."""
    table.check_keys(COLUMNS)
    value = table.data.get("value")
    if value is None:
        raise table.wrong(None, "value is missing", hint='write value = "60000"', code="missing_key")
    period = table.string("period")
    if "effective" not in table.data and period is None:
        raise table.wrong(
            None,
            "effective is missing",
            hint="write effective = 2026-01-01, or the period that it is for",
            code="missing_key",
        )
    try:
        return TargetRule(
            indicator=table.required("indicator"),
            value=None if value == WITHDRAWN else table.exact("value", value),
            level=cast(Level, table.one_of("level", LEVELS, "person")),
            subject=table.string("subject"),
            period=None if period is None else parse_period(period).id,
            effective=table.date("effective") if "effective" in table.data else None,
            volume=_volume(table),
            why=table.string("why"),
        )
    except InvalidInput as error:
        if isinstance(error, InvalidDefinition):
            raise
        raise table.wrong("period", error.message, hint=error.hint, code=error.code) from None


def read_csv_targets(path: Path) -> list[tuple[TargetRule, str]]:
    """The targets of a CSV file, each with its place. Empty cells say nothing; the first line names the columns.

    Raises:
        InvalidDefinition: The file or a row is wrong; `where` names file and line.
    """
    return [(target_row(row), row.where()) for row in _rows(path)]


class _Row(Table):
    """A line of a CSV file, read as a table of a TOML file is."""

    def __init__(self, name: str, line: int, data: Mapping[str, Any]) -> None:
        super().__init__(TomlFile("", name), "target", line, dict(data), single=False)

    def where(self, key: str | None = None) -> str:
        """File and line, and the column."""
        return f"{self.file.name}:{self.index}" + (f", column {key}" if key else "")


def _rows(path: Path) -> Iterator[_Row]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidDefinition(f"the file is longer than {MOST_BYTES} bytes", where=str(path), code="too_long")
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidDefinition(f"cannot be read: {error.strerror}", where=str(path), code="unreadable") from None
    except UnicodeDecodeError as error:
        raise InvalidDefinition(
            f"byte {error.start} is not UTF-8", where=str(path), code="unreadable", hint="save the file as UTF-8"
        ) from None
    lines = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        columns = [name.strip() for name in next(lines, [])]
        _check_columns(columns, str(path))
        for cells in lines:
            given = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
            if given and len(cells) > len(columns):
                raise InvalidDefinition(
                    f"{len(cells)} cells under {len(columns)} columns",
                    where=f"{path}:{lines.line_num}",
                    hint="quote cells that hold a comma",
                )
            if given:
                yield _Row(str(path), lines.line_num, given)
    except csv.Error as error:
        raise InvalidDefinition(f"is not CSV: {error}", where=f"{path}:{lines.line_num}", code="not_csv") from None


def _check_columns(columns: list[str], where: str) -> None:
    for name in columns:
        if name not in COLUMNS:
            hint = did_you_mean(name, COLUMNS) or f"known: {', '.join(COLUMNS)}"
            raise InvalidDefinition(f"unknown column {name!r}", where=where, code="unknown_key", hint=hint)
    if len(set(columns)) < len(columns):
        raise InvalidDefinition("a column is there twice", where=where, code="unknown_key", hint="keep one of them")
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        raise InvalidDefinition(
            f"no column {missing[0]}",
            where=where,
            code="missing_key",
            hint=f"the first line names the columns: {', '.join(COLUMNS)}",
        )


def _volume(table: Table) -> Decimal | None:
    volume = table.number("volume")
    if volume is not None and volume < 0:
        raise table.wrong("volume", f"volume is negative: {volume:f}")
    return volume
