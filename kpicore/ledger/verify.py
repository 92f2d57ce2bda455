"""An audit of a ledger's file: every stored byte against the digests that were written with it.

It reads the file itself, in one snapshot, and writes nothing: no cache, no index and nothing that was read before is trusted.
Without a checkpoint that was kept elsewhere it cannot tell whether whoever owns the file wrote all of it anew, or put
an older copy in its place.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Notification

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.errors import InvalidInput, KpicoreError
from kpicore.ledger.endmark import noted
from kpicore.ledger.envelope import read_table
from kpicore.ledger.events import (
    Entry,
    EvaluationSealed,
    FactBatch,
    LedgerMapper,
    batch_id,
    microseconds,
    rule_id,
    seal_id,
)
from kpicore.ledger.files import TABLES, TIMEOUT, is_marked, prepare, translated
from kpicore.ledger.findings import LISTED, Finding, Status, Verification
from kpicore.ledger.proceedings import Proceedings
from kpicore.ledger.records import BatchHeader

#: Called with the file's name, rows so far, None, bytes so far and the file's size.
Progress = Callable[[str, int, "int | None", int, int], None]

_MESSAGES = 10
#: A writer looks at the clock before it waits for its turn.
_WAITED_US = int(2 * TIMEOUT * 1_000_000)
#: Hypothetical rules are kept under at least so many digits of their digest.
_DRAFT_DIGITS = 12
#: Codes of errors that say that something is of a later release, and not that it is wrong.
_LATER = {"unknown_event", "newer_form"}
#: What all chunks of a batch share.
_SHARED = ("source", "batch_key", "fact_type", "version", "kind", "chunks", "recorded_at", "by", "correlation")


def verify(path: Path, progress: Progress | None = None) -> Verification:
    """Check everything that is stored in a ledger's file.

    Args:
        path: The file.
        progress: Told after every event.

    Raises:
        NotFound, InvalidInput: There is no ledger, or the file is something else, or a ledger of a later form.
        LedgerUnavailable: It cannot be read now.
    """
    return _Audit(path.absolute(), progress).run()


class _Audit:
    """One pass over a file."""

    def __init__(self, path: Path, progress: Progress | None) -> None:
        self.path, self.progress = path, progress
        self.mapper = LedgerMapper()
        self.found: list[Finding] = []
        self.counts = dict.fromkeys(("events", "batches", "rows", "rules", "seals", "entries"), 0)
        self.numbers: dict[Status, int] = {"tampered": 0, "unknown": 0, "odd": 0}
        self.last, self.clock, self.noted = 0, 0, 0
        # The batch whose next chunk is due, and the last version of every rule.
        self.due: BatchHeader | None = None
        self.versions: dict[UUID, int] = {}
        self.proceedings = Proceedings()

    def run(self) -> Verification:
        """Everything, from the file down to each event."""
        if not self.path.is_file():
            prepare(self.path, create=False)
        # Before the file is looked at: what is recorded meanwhile is not seen here.
        self.noted = noted(self.path.with_name(self.path.name + ".lock"))
        try:
            with closing(self._connect()) as connection:
                if not is_marked(connection, self.path):
                    raise InvalidInput(
                        "this file is empty",
                        code="not_a_ledger",
                        where=str(self.path),
                        hint="name another file, or restore the ledger from a backup",
                    )
                connection.execute("BEGIN")
                self._file(connection)
                self._events(connection)
                self._end(connection)
                self._drafts(connection)
        except sqlite3.Error as error:
            said = translated(error, self.path)
            if said.code != "ledger_damaged" and not _damaged(error):
                raise said from error
            self._add(self.last + 1, "tampered", None, f"the file is damaged, nothing more of it can be read: {error}")
        order = sorted(self.found, key=lambda finding: finding.position or 0)
        return Verification(
            ledger=str(self.path),
            events=self.counts["events"],
            batches=self.counts["batches"],
            rows=self.counts["rows"],
            rules=self.counts["rules"],
            seals=self.counts["seals"],
            entries=self.counts["entries"],
            findings=tuple(order),
            tampered=self.numbers["tampered"],
            unknown=self.numbers["unknown"],
        )

    def _connect(self) -> sqlite3.Connection:
        # Nothing is written, yet not mode=ro: such a connection would leave files of the write-ahead log behind.
        location = f"{self.path.as_uri()}?mode=rw"
        connection = sqlite3.connect(location, uri=True, isolation_level=None, timeout=TIMEOUT)
        connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _add(self, position: int | None, status: Status, event: str | None, what: str) -> None:
        self.numbers[status] += 1
        if len(self.found) < LISTED:
            self.found.append(Finding(position, status, event, what))

    def _file(self, connection: sqlite3.Connection) -> None:
        """Pages, indexes and tables of the file."""
        rows = connection.execute(f"PRAGMA integrity_check({_MESSAGES})")
        said = [line for row in rows for line in str(row[0]).splitlines() if not line.startswith("***")]
        if said != ["ok"]:
            for message in said:
                self._add(None, "tampered", None, f"the file is damaged: {message}")
        tables = {
            str(row[0])
            for row in connection.execute(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'sqlite_sequence'"
            )
        }
        if tables != set(TABLES):
            self._add(None, "tampered", None, "the tables are not those of a ledger")

    def _events(self, connection: sqlite3.Connection) -> None:
        size, done = self.path.stat().st_size, 0
        for row in connection.execute(
            "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events ORDER BY rowid"
        ):
            position = row[0]
            if position != self.last + 1:
                self._gap(position)
            self.last = position
            self.counts["events"] += 1
            self._event(*row)
            done += len(row[4]) if isinstance(row[4], bytes | str) else 0
            if self.progress is not None:
                self.progress(self.path.name, self.counts["rows"], None, done, size)
        self._all_chunks(None)

    def _gap(self, position: int) -> None:
        first, last = self.last + 1, position - 1
        if first > last:
            self._add(position, "tampered", None, "it is out of order")
        else:
            gone = f"positions {first} to {last} are gone" if first < last else "this event is gone"
            self._add(first, "tampered", None, gone)

    def _event(self, position: int, originator: Any, version: Any, topic: Any, state: Any) -> None:
        name = str(topic)
        try:
            kinds = (type(originator), type(version), type(topic), type(state))
            if kinds != (str, int, str, bytes) or UUID(originator).hex != originator:
                raise ValueError("it is not stored as it was written")
            stored = Notification(
                id=position, originator_id=UUID(originator), originator_version=version, topic=topic, state=state
            )
            event: Any = self.mapper.to_domain_event(stored)
            if isinstance(event, FactBatch):
                name = f"{event.header.kind} {event.header.source}/{event.header.batch_key}"
                self._batch(position, event)
            elif isinstance(event, EvaluationSealed):
                name = f"seal of {event.evaluation}"
                self._seal(event)
            elif isinstance(event, Entry):
                name = f"{event.kind} {event.name}, {event.step}"
                self.proceedings.step(event)
                self.counts["entries"] += 1
            else:
                name = f"{event.kind} {event.name}"
                self._rule(event)
            if not isinstance(event, FactBatch):
                if (missing := self.proceedings.unapproved(event)) is not None:
                    self._add(position, "odd", name, missing)
                self._canonical(state)
                self._all_chunks(None)
                self._time(position, name, microseconds(event.timestamp))
        except KpicoreError as error:
            self._add(position, "unknown" if error.code in _LATER else "tampered", name, error.message)
        except ValueError as error:
            self._add(position, "tampered", name, str(error))

    def _batch(self, position: int, event: FactBatch) -> None:
        header = event.header
        if event.originator_id != batch_id(header.source, header.batch_key):
            raise ValueError("it does not stand under its source and batch key")
        if event.originator_version != header.chunk or not 1 <= header.chunk <= header.chunks:
            raise ValueError(f"it is chunk {header.chunk} of {header.chunks} and stands as {event.originator_version}")
        self._all_chunks(header)
        self.due = header if header.chunk < header.chunks else None
        self.counts["batches"] += header.chunk == header.chunks
        self.counts["rows"] += header.rows
        read_table(header, memoryview(event.body), ())
        self._time(position, f"{header.kind} {header.source}/{header.batch_key}", header.recorded_at)

    def _all_chunks(self, following: BatchHeader | None) -> None:
        """See that a batch is whole before another event follows; `following` is the chunk that comes."""
        due, self.due = self.due, None
        name = None if due is None else f"{due.kind} {due.source}/{due.batch_key}"
        if due is not None:
            right = following is not None and following.chunk == due.chunk + 1
            if not right or any(getattr(following, part) != getattr(due, part) for part in _SHARED):
                self._add(self.last, "tampered", name, f"chunk {due.chunk + 1} of {due.chunks} does not follow")
        elif following is not None and following.chunk != 1:
            name = f"{following.kind} {following.source}/{following.batch_key}"
            self._add(self.last, "tampered", name, f"chunk {following.chunk} of {following.chunks} follows nothing")

    def _rule(self, event: Any) -> None:
        if event.originator_id != rule_id(event.kind, event.name):
            raise ValueError("it does not stand under its kind and name")
        before = self.versions.get(event.originator_id, 0)
        self.versions[event.originator_id] = event.originator_version
        if event.originator_version != before + 1:
            raise ValueError(f"it is version {event.originator_version} and follows version {before}")
        self.counts["rules"] += 1

    def _seal(self, event: EvaluationSealed) -> None:
        if event.originator_id != seal_id(event.evaluation) or event.originator_version != 1:
            raise ValueError("it does not stand under the evaluation that it names")
        self.counts["seals"] += 1

    @staticmethod
    def _canonical(state: bytes) -> None:
        if canonical_json(json.loads(state)) != state:
            raise ValueError("it is not written as it was")

    def _time(self, position: int, name: str, recorded_at: int) -> None:
        if recorded_at < self.clock - _WAITED_US:
            self._add(position, "odd", name, "the clock stood earlier than before; the order is that of positions")
        self.clock = recorded_at

    def _end(self, connection: sqlite3.Connection) -> None:
        """The file counts the positions that it gave out: what was deleted from the end is missed."""
        counted = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'stored_events'").fetchall()
        given = counted[0][0] if len(counted) == 1 else 0
        if given != self.last:
            first = min(self.last, given) + 1 if isinstance(given, int) else self.last + 1
            self._add(first, "tampered", None, f"positions up to {given} were given out, and the last is {self.last}")
        if self.noted > self.last:
            what = f"positions up to {self.noted} were recorded here, and the last is {self.last}"
            why = "the write-ahead log was damaged or lost, or an older copy stands in its place"
            self._add(self.last + 1, "tampered", None, f"{what}: {why}")

    def _drafts(self, connection: sqlite3.Connection) -> None:
        for digest, document in connection.execute("SELECT digest, document FROM drafts"):
            try:
                whole = canonical_json(json.loads(document)) == document
                right = whole and len(digest) >= _DRAFT_DIGITS and sha256_hex(document).startswith(digest)
            except (ValueError, TypeError, RecursionError):
                right = False
            if not right:
                self._add(None, "tampered", f"draft {digest}", "hypothetical rules do not have their digest")


def _damaged(error: sqlite3.Error) -> bool:
    """Whether an error is about what the file holds, and not about reading it."""
    return any(sign in str(error) for sign in ("no such table", "no such column", "corrupt", "schema", "syntax"))
