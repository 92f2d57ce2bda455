"""The ledger in its SQLite file: eventsourcing's recorder with durable writes and one writer at a time."""

from __future__ import annotations

import ctypes
import os
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    IntegrityError,
    Notification,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTransaction,
)

from kpicore.errors import InvalidInput
from kpicore.ledger.endmark import note
from kpicore.ledger.envelope import HEAD_SIZE, header_end
from kpicore.ledger.files import TABLES, TIMEOUT, connect, prepare, translated
from kpicore.ledger.locks import exclusive

_CONNECTIONS = 32


class _ImmediateTransaction(SQLiteTransaction):
    """A write that takes its lock at the beginning: a read that turns into a write could only fail."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        return cursor


class _Connection(SQLiteConnection):
    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        kind = _ImmediateTransaction if commit else SQLiteTransaction
        with kind(self, commit=commit) as cursor, cursor:
            yield cursor


class _Pool(SQLiteConnectionPool):
    def _create_connection(self) -> SQLiteConnection:
        return _Connection(connect(Path(self.db_name)), max_age=None)

    def __del__(self) -> None:
        pass


class _Datastore(SQLiteDatastore):
    """The library's datastore on an existing ledger file, with the lock file held around writes and closing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock_path = path.with_name(path.name + ".lock")
        self.process = os.getpid()
        self.closed = False
        self.single_row_tracking = True
        self.originator_id_type = "uuid"
        self.pool = _Pool(db_name=str(path), pool_size=_CONNECTIONS, max_overflow=0, pool_timeout=TIMEOUT)

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        if not commit:
            with super().transaction(commit=False) as cursor:
                yield cursor
            return
        with exclusive(self.lock_path, TIMEOUT) as lock:
            with super().transaction(commit=True) as cursor:
                yield cursor
                last = cursor.lastrowid
            note(lock, last or 0)

    def close(self) -> None:
        """Close the connections; the last one of all processes moves the log into the file."""
        if os.getpid() == self.process and not self.closed:
            self.closed = True
            with exclusive(self.lock_path, TIMEOUT):
                super().close()

    def __del__(self) -> None:
        # Nobody waits for a lock in a finaliser: SQLite recovers the log when the file is opened next.
        pass


_open_recorders: weakref.WeakSet[LedgerRecorder] = weakref.WeakSet()


def _abandon() -> None:
    """In a forked child: keep the parent's connections for ever. Closing one there could delete the parent's log."""
    for recorder in list(_open_recorders):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(recorder))


os.register_at_fork(after_in_child=_abandon)


class LedgerRecorder(SQLiteApplicationRecorder):
    """The library's recorder, plus what the ledger reads and writes beside events."""

    def __init__(self, path: Path) -> None:
        self.file = _Datastore(path)
        super().__init__(self.file)
        _open_recorders.add(self)
        self.insert_events_statement = (
            "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"
        )

    def construct_create_table_statements(self) -> list[str]:
        """The tables of a ledger."""
        return list(TABLES)

    def heads(self, after: int, end: int, topic: str) -> list[tuple[int, bytes]]:
        """Positions and first bytes, header included, of the batches after a position and up to another."""
        statement = (
            f"SELECT rowid AS position, CASE WHEN length(state) <= {HEAD_SIZE} THEN state END AS state "
            "FROM stored_events WHERE topic = ? AND rowid > ? AND rowid <= ? ORDER BY rowid"
        )
        with self.file.transaction(commit=False) as cursor:
            cursor.execute(statement, (topic, after, end))
            rows = cursor.fetchall()
            connection = cursor.sqlite_cursor.connection
            return [
                (row["position"], _head(connection, row["position"]) if row["state"] is None else row["state"])
                for row in rows
            ]

    def states(self, positions: Sequence[int]) -> list[tuple[int, StoredEvent]]:
        """The events at these positions, in order."""
        marks = ",".join("?" * len(positions))
        with self.file.transaction(commit=False) as cursor:
            cursor.execute(f"SELECT rowid, * FROM stored_events WHERE rowid IN ({marks}) ORDER BY rowid", positions)
            return [_notification(self, row) for row in cursor.fetchall()]

    def of_originator(self, originator: str) -> list[tuple[int, StoredEvent]]:
        """The events of an originator with their positions, in order."""
        with self.file.transaction(commit=False) as cursor:
            cursor.execute(
                "SELECT rowid, * FROM stored_events WHERE originator_id = ? ORDER BY originator_version", (originator,)
            )
            return [_notification(self, row) for row in cursor.fetchall()]

    def keep_draft(self, digest: str, document: bytes) -> None:
        """Keep a document under its digest; a second time changes nothing."""
        with self.file.transaction(commit=True) as cursor:
            cursor.execute("INSERT OR IGNORE INTO drafts VALUES (?, ?)", (digest, document))

    def draft(self, digest: str) -> bytes | None:
        """The document kept under a digest."""
        with self.file.transaction(commit=False) as cursor:
            cursor.execute("SELECT document FROM drafts WHERE digest = ?", (digest,))
            row = cursor.fetchone()
            return None if row is None else bytes(row["document"])

    def checkpoint(self) -> None:
        """Move what can be moved from the write-ahead log into the file."""
        with exclusive(self.file.lock_path, TIMEOUT), self.file.get_connection(commit=True) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")


def _head(connection: sqlite3.Connection, position: int) -> bytes:
    where = f"position {position}"
    with connection.blobopen("stored_events", "state", position, readonly=True) as blob:
        head = blob.read(HEAD_SIZE)
        rest = header_end(head, where) - len(head)
        return head + blob.read(rest) if 0 < rest <= len(blob) else head


def _notification(recorder: LedgerRecorder, row: sqlite3.Row) -> tuple[int, Notification]:
    event = Notification(
        id=row["rowid"],
        originator_id=recorder.convert_originator_id(row["originator_id"]),
        originator_version=row["originator_version"],
        topic=row["topic"],
        state=row["state"],
    )
    return event.id, event


class Database:
    """The recorder of a ledger file, opened anew in a forked process, its errors in the ledger's own words.

    Args:
        path: The file.
        create: Make a ledger where there is no file.
    """

    def __init__(self, path: Path, *, create: bool) -> None:
        self.path = path.absolute()
        with self.errors():
            prepare(self.path, create=create)
            self._recorder = LedgerRecorder(self.path)

    @contextmanager
    def recorder(self) -> Iterator[LedgerRecorder]:
        """The recorder for some reads or one write."""
        if self._recorder.file.process != os.getpid():
            self._recorder = LedgerRecorder(self.path)
        with self.errors():
            yield self._recorder

    def close(self) -> None:
        """Close all connections."""
        with self.errors():
            self._recorder.file.close()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Raise what SQLite reports as the ledger's errors; `IntegrityError` stays what it is."""
        try:
            yield
        except IntegrityError:
            raise
        except ConnectionPoolClosedError as error:
            raise InvalidInput(
                "the ledger is closed", code="ledger_closed", where=str(self.path), hint="open it again"
            ) from error
        except (PersistenceError, sqlite3.Error) as error:
            raise translated(error, self.path) from error
