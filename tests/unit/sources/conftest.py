"""A desk with a ledger of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore.definitions.facts import FactType
from kpicore.ledger.store import Ledger
from kpicore.vocabulary import definitions
from tests.unit.sources.desk import Desk


@pytest.fixture(scope="session")
def fact_types() -> dict[str, FactType]:
    return {one.name: one for one in definitions() if isinstance(one, FactType)}


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger.open(":memory:") as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, ledger: Ledger, fact_types: dict[str, FactType]) -> Desk:
    return Desk(tmp_path, ledger, fact_types)
