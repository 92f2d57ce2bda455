"""A ledger with the sales data of the tour, and the same data as plain Python reads it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kpicore
from kpicore import Kpi
from kpicore.demo import tour

DATA = Path(tour.__file__).parent / "data"


@pytest.fixture(scope="session")
def pipeline() -> list[dict[str, str]]:
    """The opportunities, as the CSV file has them."""
    with (DATA / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def teams() -> dict[str, tuple[str, str]]:
    """Agent → manager and region."""
    with (DATA / "sales_teams.csv").open(encoding="utf-8", newline="") as file:
        return {row["sales_agent"]: (row["manager"], row["regional_office"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def crm_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the tour, and a ledger with its facts and its first scorecard."""
    folder: Path = tmp_path_factory.mktemp("crm")
    tour.unpack(folder)
    with kpicore.open(folder / "kpi.db") as kpi:
        for file, map_ in tour.IMPORTS:
            kpi.import_files(folder / "data" / file, folder / "data" / map_)
        kpi.apply(kpi.plan(folder / "scorecards"), by="hr", reason="growth first")
    return folder


@pytest.fixture(scope="session")
def crm(crm_folder: Path) -> Iterator[Kpi]:
    """That ledger, open; tests do not write to it."""
    with kpicore.open(crm_folder / "kpi.db") as kpi:
        yield kpi


@pytest.fixture
def own_crm(crm_folder: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to write to."""
    folder = tmp_path / "crm"
    shutil.copytree(crm_folder, folder)
    return folder


def rows_of(document: dict[str, Any]) -> dict[tuple[str | None, str], dict[str, Any]]:
    """The rows of a measure document by subject and period."""
    return {(row["subject"], row["period"]): row for row in document["rows"]}
