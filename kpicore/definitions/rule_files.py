"""Rule files: whatever `plan` and `apply` take, told apart by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from kpicore.definitions.cards.card_files import read_card_file
from kpicore.definitions.cards.card_tables import TomlFile, read_toml
from kpicore.definitions.cards.scorecards import Organisation, Scorecard
from kpicore.definitions.plans.award_files import UsedAward, read_award
from kpicore.definitions.plans.awards import Award
from kpicore.definitions.plans.cascade import Cascade
from kpicore.definitions.plans.cascade_files import read_cascade
from kpicore.definitions.plans.strategy import StrategyChange
from kpicore.definitions.plans.strategy_files import Triggered, read_change, read_triggered
from kpicore.definitions.plans.target_files import read_csv_targets, read_targets
from kpicore.definitions.plans.targets import TargetRule
from kpicore.errors import InvalidDefinition

#: What a rule file may hold.
FileRule: TypeAlias = "Scorecard | Organisation | TargetRule | StrategyChange | Triggered | Award | UsedAward | Cascade"

#: A rule with the place that errors call it.
Placed: TypeAlias = "tuple[FileRule, str]"

_Reader: TypeAlias = "Callable[[TomlFile], list[Placed]]"


def _one(file: TomlFile) -> list[Placed]:
    return [(read_card_file(file), file.name)]


def _targets(file: TomlFile) -> list[Placed]:
    return [*read_targets(file)]


def _change(file: TomlFile) -> list[Placed]:
    return [(read_change(file), file.name)]


def _triggered(file: TomlFile) -> list[Placed]:
    return [(read_triggered(file), file.name)]


def _award(file: TomlFile) -> list[Placed]:
    return [(read_award(file), file.name)]


def _cascade(file: TomlFile) -> list[Placed]:
    return [(read_cascade(file), file.name)]


#: Which reader a file is for, by the table that it begins with; a scorecard may hold targets, too.
READERS: Mapping[str, _Reader] = {
    "scorecard": _one,
    "organisation": _one,
    "change": _change,
    "triggered": _triggered,
    "cascade": _cascade,
    "target": _targets,
    "award": _award,
}


def rule_files(path: str | Path) -> list[Path]:
    """The rule files at a path: the file itself, or all `*.toml` and `targets*.csv` of a folder, sorted by name."""
    path = Path(path)
    if path.is_dir():
        files = sorted((*path.glob("*.toml"), *path.glob("targets*.csv")), key=lambda file: file.name)
        if not files:
            raise InvalidDefinition(
                "no *.toml in the folder",
                where=str(path),
                code="no_files",
                hint="name a folder with rule files, or the file itself",
            )
        return files
    if not path.is_file():
        raise InvalidDefinition("no such file or folder", where=str(path), code="no_files", hint="check the path")
    return [path]


def load_rules(path: str | Path) -> list[Placed]:
    """The rules of one file, each with its place.

    Raises:
        InvalidDefinition: Something in it is wrong; `where` names file, line and table.
        Refused: It asks for something that is not built yet.
    """
    path = Path(path)
    if path.suffix.lower() == ".csv":
        return [*read_csv_targets(path)]
    file = read_toml(path)
    reader = next((reader for table, reader in READERS.items() if table in file.data), _one)
    return reader(file)
