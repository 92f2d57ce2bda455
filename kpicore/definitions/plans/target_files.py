"""Files of targets: `[[target]]` rows in TOML, or a table in CSV, each row a target of its own."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from kpicore.definitions.cards.card_tables import Table, TomlFile
from kpicore.definitions.indicators import LEVELS, Level
from kpicore.definitions.plans.csv_tables import read_csv
from kpicore.definitions.plans.targets import TargetRule
from kpicore.errors import InvalidDefinition, InvalidInput
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
            volume=table.volume(),
            why=table.string("why"),
        )
    except InvalidInput as error:
        if isinstance(error, InvalidDefinition):
            raise
        raise table.here("period", error) from None


def read_csv_targets(path: Path) -> list[tuple[TargetRule, str]]:
    """The targets of a CSV file, each with its place. Empty cells say nothing; the first line names the columns.

    Raises:
        InvalidDefinition: The file or a row is wrong; `where` names file and line.
    """
    return [(target_row(row), row.where()) for row in read_csv(path, "target", COLUMNS, _NEEDED)]
