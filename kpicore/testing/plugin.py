"""The pytest plugin: fixtures for who tests indicators, sources or a host of kpicore."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kpicore.kpi import Kpi


@pytest.fixture
def kpi(tmp_path: Path) -> Iterator[Kpi]:
    """An open Kpi on a new ledger in the test's temporary folder, with the installed plugins."""
    import kpicore

    with kpicore.open(tmp_path / "kpi.db") as opened:
        yield opened
