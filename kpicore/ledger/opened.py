"""What the parts of a ledger share: the file, the clock, and what was read of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kpicore.ledger.catalog import Catalog
from kpicore.ledger.database import Database
from kpicore.ledger.events import LedgerMapper
from kpicore.ledger.keyindex import KeyIndex


class Opened:
    """An open ledger file.

    Args:
        database: The file.
        clock: Microseconds since 1970 in UTC, for `recorded_at`.
        cache: Folder for what is only there to read faster; None for nowhere.
    """

    def __init__(self, database: Database, clock: Callable[[], int], cache: Path | None) -> None:
        self._database = database
        self._clock = clock
        self._mapper = LedgerMapper()
        self._catalog = Catalog(database, self._mapper)
        self._keys = KeyIndex(cache)
