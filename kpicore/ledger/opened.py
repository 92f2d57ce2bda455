"""What the parts of a ledger share: the file, the clock, and what was read of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kpicore.ledger.catalog import Catalog
from kpicore.ledger.database import Database
from kpicore.ledger.events import LedgerMapper
from kpicore.ledger.keyindex import KeyIndex
from kpicore.ledger.tablecache import TableCache

#: Most bytes that tables take beside a ledger, unless something else is said.
CACHE_LIMIT = 16 * 1024**3


class Opened:
    """An open ledger file.

    Args:
        database: The file.
        clock: Microseconds since 1970 in UTC, for `recorded_at`.
        cache: Folder for what is only there to read faster; None for nowhere.
        cache_limit: Most bytes that tables take there.
    """

    def __init__(
        self, database: Database, clock: Callable[[], int], cache: Path | None, cache_limit: int = CACHE_LIMIT
    ) -> None:
        self._database = database
        self._clock = clock
        self._mapper = LedgerMapper()
        self._catalog = Catalog(database, self._mapper)
        self._keys = KeyIndex(cache)
        self._tables = TableCache(None if cache is None else cache / "tables", cache_limit)
