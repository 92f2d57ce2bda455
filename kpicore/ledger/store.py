"""The ledger: record facts, adopt rules, seal evaluations; read what was known at a cut."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from kpicore.errors import InvalidInput, Refused
from kpicore.ledger.database import Database
from kpicore.ledger.documents import Documents
from kpicore.ledger.facts import Facts
from kpicore.ledger.findings import Verification
from kpicore.ledger.opened import CACHE_LIMIT
from kpicore.ledger.verify import Progress, verify


def _now() -> int:
    return time.time_ns() // 1_000


class Ledger(Facts, Documents):
    """An append-only order of fact batches, rule changes and seals in one SQLite file.

    Made by `Ledger.open`. Threads may share it, several processes may write to one file, and a forked process opens
    the file anew. Every write is one transaction, on disk when the call returns.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        cache: Path | None = None,
        folder: Path | None = None,
        cache_limit: int = CACHE_LIMIT,
    ) -> None:
        super().__init__(database, clock, cache, cache_limit)
        self._leftovers = weakref.finalize(self, _remove, folder, os.getpid())

    @classmethod
    def open(
        cls,
        location: str | Path,
        *,
        create: bool = True,
        clock: Callable[[], int] | None = None,
        cache: bool | int = True,
    ) -> Self:
        """Open a ledger, or make one.

        Args:
            location: A file, or `:memory:` for one in a temporary folder that goes when the ledger is closed.
            create: Make the ledger where there is none.
            clock: Microseconds since 1970 in UTC, for `recorded_at`; the machine's clock when not given.
            cache: Use the folder beside the file (`kpi.db.cache`), which may be deleted at any time, to read large
                ledgers faster, and so many bytes of it at most where a number is given; an audit reads without it.

        Raises:
            NotFound: There is none, and `create` is false.
            InvalidInput: The location is not a ledger, or one of a later form.
            LedgerUnavailable: It cannot be opened or made there.
            Refused: It is a PostgreSQL address, which is not built yet.
        """
        text = str(location)
        if text.startswith(("postgresql:", "postgres:")):
            raise Refused(
                "a ledger on PostgreSQL is not built yet",
                code="not_built",
                where=text.partition(":")[0],
                hint="name a file: kpi.db",
            )
        if "://" in text or not text:
            raise InvalidInput(f"{text!r} is not a place for a ledger", where="ledger", hint="name a file: kpi.db")
        folder = None
        if text == ":memory:":
            folder = Path(tempfile.mkdtemp(prefix="kpicore-"))
            location = folder / "kpi.db"
        database = Database(Path(location), create=create)
        beside = database.path.with_name(database.path.name + ".cache") if cache else None
        limit = CACHE_LIMIT if isinstance(cache, bool) else cache
        return cls(database, clock or _now, beside, folder, limit)

    @property
    def path(self) -> Path:
        """The ledger's file."""
        return self._database.path

    def verify(self, progress: Progress | None = None) -> Verification:
        """Check every stored byte against its digest: read from the file anew, nothing that is cached is trusted.

        Args:
            progress: Called now and then with the file's name, rows so far, None, bytes so far and in all.

        Raises:
            LedgerUnavailable: The file cannot be read now.
        """
        return verify(self.path, progress)

    def close(self) -> None:
        """Close all connections; a second time does nothing."""
        self._database.close()
        self._leftovers()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _remove(folder: Path | None, process: int) -> None:
    """Remove the folder of a temporary ledger; a forked process leaves its parent's alone."""
    if folder is not None and os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
