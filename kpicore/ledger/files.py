"""The file of a ledger: a SQLite database with a mark, and what SQLite's errors mean for it.

The table of stored events is the library's, with the position as a key of its own: `VACUUM` may renumber a bare rowid,
and a position that was deleted from the tail would be given out again.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from kpicore.errors import InvalidInput, LedgerUnavailable, NotFound
from kpicore.ledger.locks import exclusive

#: "kpic" in the file's application id says that it is a ledger; the user version is the number of its form.
_APPLICATION_ID = 0x6B706963
FORM = 1
#: Batches are large: large pages read them in fewer steps.
_PAGE_SIZE = 16_384
_MAGIC = b"SQLite format 3\0"
#: Seconds to wait for others.
TIMEOUT = 60.0

#: The tables of a ledger.
TABLES = (
    """CREATE TABLE stored_events (
        rowid INTEGER PRIMARY KEY AUTOINCREMENT,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        UNIQUE (originator_id, originator_version)
    )""",
    "CREATE INDEX stored_events_topic ON stored_events (topic)",
    "CREATE TABLE drafts (digest TEXT PRIMARY KEY, document BLOB NOT NULL) WITHOUT ROWID",
)


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose writes are on the disk when they are told to be done."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=TIMEOUT)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA trusted_schema = OFF")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def prepare(path: Path, *, create: bool) -> None:
    """See that the file is a ledger of a form that is known here, or make one. Another file is not touched."""
    where = str(path)
    if path.is_dir():
        raise InvalidInput("this is a folder, not a ledger", where=where, hint="name a file in it: kpi.db")
    if not path.exists():
        if not create:
            raise NotFound("there is no ledger", code="no_ledger", where=where, hint="kpicore init makes one")
        if not path.parent.is_dir():
            raise InvalidInput(f"there is no folder {path.parent}", where=where, hint="make the folder first")
    elif not path.is_file():
        raise InvalidInput("this is not a file", where=where, hint="name a file: kpi.db")
    elif path.stat().st_size and _is_ledger(path):
        return
    elif not create:
        raise InvalidInput("this file is empty", code="not_a_ledger", where=where, hint="kpicore init makes a ledger")
    with exclusive(path.with_name(path.name + ".lock"), TIMEOUT) as lock:
        if not _is_ledger(path):
            os.ftruncate(lock, 0)
            _make(path)


def _is_ledger(path: Path) -> bool:
    """Whether the file is a ledger; False where it is an empty database."""
    with closing(connect(path)) as connection:
        return is_marked(connection, path)


def is_marked(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether an open database is a ledger; False where it is empty.

    Raises:
        InvalidInput: It is something else, or a ledger of a later form.
    """
    [application], [form] = (
        connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
    )
    [tables] = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application == 0 and form == 0 and tables == 0:
        return False
    if application != _APPLICATION_ID:
        raise InvalidInput(
            "this database belongs to another program", code="not_a_ledger", where=str(path), hint="name another file"
        )
    if form != FORM:
        raise InvalidInput(
            f"this ledger has form {form}, here form {FORM} is known",
            code="newer_ledger",
            where=str(path),
            hint="install the kpicore that wrote it, or a later one; the file was not touched",
        )
    return True


def _make(path: Path) -> None:
    """The tables and the mark of a ledger, in one transaction."""
    connection = connect(path)
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
        [mode] = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise LedgerUnavailable(
                f"the ledger cannot keep a write-ahead log here (journal mode {mode})",
                where=str(path),
                hint="keep ledgers on a local disk",
            )
        connection.execute("BEGIN IMMEDIATE")
        for statement in TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORM}")
        connection.execute("COMMIT")
    finally:
        connection.close()


def translated(error: Exception, path: Path) -> InvalidInput | LedgerUnavailable:
    """What an error of SQLite means for the ledger."""
    text = str(error)
    where = str(path)
    if "not a database" in text and not _is_sqlite(path):
        return InvalidInput(
            f"this is not a ledger that can be read: {text}",
            code="not_a_ledger",
            where=where,
            hint="name another file, or restore the ledger from a backup",
        )
    if "not a database" in text or "malformed" in text:
        return InvalidInput(
            f"the ledger's file is damaged: {text}",
            code="ledger_damaged",
            where=where,
            hint="kpicore verify says what is; restore the ledger from a backup",
        )
    hints = {
        "readonly": "the file, its folder or its disk is read-only: writing needs all three",
        "unable to open": "check that the folder is there and may be written",
        "locked": "another program holds the file: try again",
        "full": "free some space and try again: nothing of this call was recorded",
    }
    hint = next((hint for sign, hint in hints.items() if sign in text), "try again; nothing of this call was recorded")
    return LedgerUnavailable(f"the ledger is not available: {text}", where=where, hint=hint)


def _is_sqlite(path: Path) -> bool:
    """Whether a file begins as databases do: then it was one."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False
