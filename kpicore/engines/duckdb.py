"""DuckDB, locked: it sees the tables that it is given, and neither files, extensions nor the network."""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from kpicore.engines.facts import quoted
from kpicore.errors import KpicoreError

if TYPE_CHECKING:
    import pyarrow as pa

#: Most that one connection may spill to the disk's temporary files.
SPILL_LIMIT = "64GB"

#: Most statements whose plans a session keeps.
PLANS_KEPT = 512

_spill_folders: dict[int, str] = {}
_spill_lock = threading.Lock()


def _spill_folder() -> str:
    """A private folder for spilled data, one a process, gone when the process ends."""
    pid = os.getpid()
    with _spill_lock:
        if pid not in _spill_folders:
            folder = tempfile.mkdtemp(prefix="kpicore-")
            _spill_folders[pid] = folder
            atexit.register(_remove_folder, folder, pid)
        return _spill_folders[pid]


def _remove_folder(folder: str, pid: int) -> None:
    # A forked child inherits the exit handlers, but not the folder.
    if os.getpid() == pid and Path(folder).is_dir():
        shutil.rmtree(folder, ignore_errors=True)


def connect_locked(memory_limit: str | None = None, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB connection that is locked before anything runs on it.

    No file, extension, network or Python variable can be reached from SQL, and no setting can be changed afterwards.
    Arrow tables are registered under names; registrations belong to one cursor.

    Args:
        memory_limit: Most memory, with a unit, such as `2GB`; DuckDB's default (80 % of the machine) when None.
        threads: How many threads, at least 1; one a core when None.

    Raises:
        KpicoreError: The limits are not ones that DuckDB understands.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
        "temp_directory": _spill_folder(),
        "max_temp_directory_size": SPILL_LIMIT,
        "preserve_insertion_order": False,
    }
    if memory_limit is not None:
        settings["memory_limit"] = memory_limit
    if threads is not None:
        settings["threads"] = threads
    try:
        connection = duckdb.connect(":memory:", config=settings)
    except duckdb.Error as error:
        raise KpicoreError(
            f"the engine refuses these limits: {_first_line(error)}",
            code="engine_settings",
            where=f"memory_limit={memory_limit!r}, threads={threads!r}",
            hint="write memory_limit like 2GB, and threads as a whole number from 1",
        ) from error
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _first_line(error: duckdb.Error) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C while DuckDB works or reads a table, which it tells as an error of its own, is a KeyboardInterrupt."""
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        said = str(error)
        if "KeyboardInterrupt" in said or said == "Query interrupted" or isinstance(error, duckdb.InterruptException):
            raise KeyboardInterrupt from error
        raise


@contextmanager
def _told() -> Iterator[None]:
    """Errors of the engine as errors of ours."""
    try:
        with interruptible():
            yield
    except duckdb.OutOfMemoryException as error:
        raise KpicoreError(
            f"the engine ran out of memory: {_first_line(error)}",
            code="engine_memory",
            where="duckdb",
            hint="raise memory_limit, or measure fewer periods at once",
        ) from error
    except duckdb.Error as error:
        raise KpicoreError(
            f"the engine cannot compute this: {_first_line(error)}",
            code="engine_failed",
            where="duckdb",
            hint="look whether values are beyond what numbers hold; please report it if they are not",
        ) from error


class DuckDBSession:
    """One cursor with its own tables, and the plans of the statements that it ran.

    Args:
        engine: What it belongs to.
        cursor: A cursor of its own.
    """

    def __init__(self, engine: DuckDBEngine, cursor: duckdb.DuckDBPyConnection) -> None:
        self._engine, self.cursor = engine, cursor
        self._opened, self._numbers = engine.opened, 0
        self._seen: set[str] = set()
        #: Names of plans by statement, the one used last at the end; None after the first time.
        self._plans: dict[str, str | None] = {}

    @property
    def alive(self) -> bool:
        """Whether its database is still open in this process."""
        return self._opened == self._engine.opened

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """See more tables (see `Session.add`)."""
        if not self._seen.isdisjoint(tables):
            # A plan goes on reading the table that it was made for.
            for plan in filter(None, self._plans.values()):
                self.cursor.execute(f"deallocate {plan}")
            self._plans.clear()
        self._seen.update(tables)
        with _told():
            for name, table in tables.items():
                self.cursor.register(name, table)

    def query(self, sql: str) -> pa.Table:
        """Run one SELECT and return its rows as an Arrow table.

        Raises:
            KpicoreError: Memory or temporary space is used up, or a number is beyond what SQL can hold.
        """
        with _told():
            return self.cursor.sql(self._planned(sql)).to_arrow_table()

    def hold(self, name: str, sql: str) -> None:
        """Keep the rows of one SELECT as a table of the session (see `Session.hold`).

        Raises:
            KpicoreError: As of `query`.
        """
        with _told():
            self.cursor.execute(f"create temp table {quoted(name)} as {sql}")

    def release(self, name: str) -> None:
        """Drop a table of the session."""
        self.cursor.execute(f"drop table {quoted(name)}")

    def _planned(self, sql: str) -> str:
        """What to run: the statement itself, and from the second time on its plan."""
        if sql not in self._plans:
            while len(self._plans) >= PLANS_KEPT:
                old = self._plans.pop(next(iter(self._plans)))
                if old is not None:
                    self.cursor.execute(f"deallocate {old}")
            self._plans[sql] = None
            return sql
        name = self._plans.pop(sql)
        if name is None:
            self._numbers += 1
            name = f"kpi_plan_{self._numbers}"
            self.cursor.execute(f"prepare {name} as {sql}")
        self._plans[sql] = name
        return f"execute {name}"


class DuckDBEngine:
    """The embedded engine. One locked database a process, one cursor a session.

    Args:
        memory_limit: See `connect_locked`.
        threads: See `connect_locked`.
    """

    name = "duckdb"

    def __init__(self, memory_limit: str | None = None, threads: int | None = None) -> None:
        self.memory_limit, self.threads = memory_limit, threads
        self._lock = threading.Lock()
        self._database: duckdb.DuckDBPyConnection | None = None
        self._sessions: weakref.WeakSet[DuckDBSession] = weakref.WeakSet()
        #: How often the database was closed or left behind; sessions of before are of no use.
        self.opened = 0
        _engines.add(self)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._database is None:
                self._database = connect_locked(self.memory_limit, self.threads)
            return self._database.cursor()

    def leave_to_parent(self) -> None:
        """After a fork, in the child: forget the database, whose threads stayed behind; closing it would wait for them."""
        self._lock = threading.Lock()
        self.opened += 1
        for session in list(self._sessions):
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(session.cursor))
        if self._database is not None:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._database))
            self._database = None

    @contextmanager
    def session(self, tables: Mapping[str, pa.Table]) -> Iterator[DuckDBSession]:
        """A session that sees `tables` under their names (see `Engine.session`)."""
        session = DuckDBSession(self, self._cursor())
        self._sessions.add(session)
        try:
            session.add(tables)
            yield session
        finally:
            if session.alive:
                session.cursor.close()

    def describe(self) -> dict[str, str]:
        """Name and version of the engine."""
        return {"name": self.name, "version": duckdb.__version__}

    def close(self) -> None:
        """Give the memory back; the next session opens the database again."""
        with self._lock:
            self.opened += 1
            for session in list(self._sessions):
                session.cursor.close()
            if self._database is not None:
                self._database.close()
            self._database = None


_engines: weakref.WeakSet[DuckDBEngine] = weakref.WeakSet()


def _after_fork() -> None:
    for engine in list(_engines):
        engine.leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
