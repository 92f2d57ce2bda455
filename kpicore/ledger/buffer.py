"""Small appends: facts that come one by one are committed together, and each is acknowledged when it is on disk.

Who waits for an acknowledgement while nobody commits, commits everything that was added until then, in one transaction;
what is added meanwhile is the next group. So there is no thread in the background, and nothing is lost but what was not
acknowledged. What makes a second try harmless is the facts' own keys: a fact that is sent again is the same fact.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import pyarrow as pa
from attrs import define, field

from kpicore.definitions.facts import FactType
from kpicore.errors import InvalidInput, KpicoreError
from kpicore.ledger.records import Batch, Receipt, named
from kpicore.ledger.rows import check_rows, refuse

#: Added rows are committed when there are so many, whoever waits.
MOST_ROWS = 65_536
#: So long, in seconds, does a commit wait for as many others as came with the one before.
_LINGER = 0.001

#: Closed when it is acquired; whoever releases it lets one through.
_Gate = threading.Lock
#: Records batches: `Ledger.record`.
Record = Callable[[Sequence[Batch]], list[Receipt]]


@define(eq=False)
class Acknowledgement:
    """That an append will be, or is, on disk. Made by `Buffer.add`."""

    _settle: Callable[[Acknowledgement], None]
    fact_type: FactType
    rows: Any
    _receipt: Receipt | None = field(default=None, init=False)
    _error: KpicoreError | None = field(default=None, init=False)
    #: Whether somebody waits for it, or did: a flush need not tell of it.
    awaited: bool = field(default=False, init=False)

    @property
    def done(self) -> bool:
        """Whether it is decided: recorded, or refused."""
        return self._receipt is not None or self._error is not None

    @property
    def error(self) -> KpicoreError | None:
        """Why nothing of it was recorded; None where it was, or is not decided yet."""
        return self._error

    def wait(self) -> Receipt:
        """Wait until it is on disk, and commit it if nobody else does.

        Returns:
            The receipt of the batch that it was recorded with.

        Raises:
            InvalidInput: Rows of this append are refused, and none of them is recorded; others are not concerned.
            LedgerUnavailable: Nothing of it was recorded, as far as is known; the same facts may be added again.
        """
        self._settle(self)
        if self._receipt is None:
            raise self._error or InvalidInput(
                "the append belongs to another process", code="ledger_closed", hint="open the ledger in each process"
            )
        return self._receipt

    def decide(self, result: Receipt | KpicoreError) -> None:
        """Tell what became of it; its rows are let go."""
        self.rows = None
        if isinstance(result, Receipt):
            self._receipt = result
        else:
            self._error = result


class Buffer:
    """Collects small appends of one source and commits them in groups. Thread-safe; made by `Ledger.buffer`.

    To be used as a context manager: leaving it commits what is left. In a forked process it begins empty: what was
    added before belongs to the parent.

    Args:
        record: Records batches.
        latest: Says the latest plausible `occurred_at` in microseconds.
        find: The fact type of a name.
        source: The system that the facts come from: part of every fact's identity.
        by: Who records them.
    """

    def __init__(
        self, record: Record, latest: Callable[[], int], find: Callable[[str], FactType], source: str, by: str | None
    ) -> None:
        self.source, self.by = named(source, "source"), by
        self._record, self._latest, self._find = record, latest, find
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        # Who waits, each behind a gate of its own: nobody is woken before it is its turn or its append is decided.
        self._waiting: list[tuple[Acknowledgement | None, _Gate]] = []
        self._pending: list[Acknowledgement] = []
        self._pending_rows = 0
        self._untold: dict[int, Acknowledgement] = {}
        self._committing = False
        self._last_group = self._wanted = 0
        self._enough = _Gate()
        self._enough.acquire()

    def add(self, fact_type: FactType | str, rows: Any) -> Acknowledgement:
        """Add rows; they are recorded with the next group: all of them, or none.

        Args:
            fact_type: What they are, or its name.
            rows: Anything that `check_rows` takes; it must not be changed afterwards.

        Raises:
            NotFound: There is no fact type of this name.
        """
        if self._process != os.getpid():
            self._begin()
        found = self._find(fact_type) if isinstance(fact_type, str) else fact_type
        added = Acknowledgement(self._wait, found, rows)
        with self._lock:
            self._pending.append(added)
            self._pending_rows += len(rows) if hasattr(rows, "__len__") else 1
            full = self._pending_rows >= MOST_ROWS
            if 0 < self._wanted <= len(self._pending):
                self._wanted = 0
                self._enough.release()
        if full:
            self._wait(added, told=False)
        return added

    def flush(self) -> None:
        """Commit everything that was added.

        Raises:
            InvalidInput: An append that nobody waited for was refused; the first one's error.
            LedgerUnavailable: Appends could not be recorded; the first one's error.
        """
        if self._process != os.getpid():
            self._begin()
        with self._lock:
            last = self._pending[-1] if self._pending else None
        if last is not None:
            self._wait(last, told=False)
        while self._sleep(None):
            pass
        with self._lock:
            failed, self._untold = list(self._untold.values()), {}
        if failed and failed[0].error is not None:
            raise failed[0].error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.flush()

    def _wait(self, added: Acknowledgement, *, told: bool = True) -> None:
        """Return when an append is decided, committing groups while nobody else does."""
        if self._process != os.getpid():
            return
        if told:
            with self._lock:
                added.awaited = True
                self._untold.pop(id(added), None)
        while not added.done:
            if not self._sleep(added):
                self._lead()

    def _sleep(self, added: Acknowledgement | None) -> bool:
        """Wait for the one that commits.

        Args:
            added: Until it is decided, or it is its turn to commit; None: until this group is committed.

        Returns:
            False where nobody commits: for an append the caller does now.
        """
        gate = _Gate()
        with self._lock:
            if added is not None and added.done:
                return True
            if not self._committing:
                self._committing = added is not None
                return False
            gate.acquire()
            self._waiting.append((added, gate))
        try:
            gate.acquire()
        except BaseException:
            with self._lock:
                self._waiting = [one for one in self._waiting if one[1] is not gate]
            # It may have been this one's turn.
            self._wake()
            raise
        return True

    def _wake(self) -> None:
        """Let those go on whose appends are decided, and where nobody commits one more, who does next."""
        with self._lock:
            ready = [one for one in self._waiting if one[0] is None or one[0].done]
            self._waiting = [one for one in self._waiting if one[0] is not None and not one[0].done]
            if self._waiting and not self._committing:
                ready.append(self._waiting.pop(0))
        for _, gate in ready:
            gate.release()

    def _lead(self) -> None:
        """Commit what was added until now, as the only one that does."""
        group: list[Acknowledgement] = []
        try:
            self._linger()
            with self._lock:
                group, self._pending, self._pending_rows = self._pending, [], 0
                self._last_group = len(group)
            self._commit(group)
        finally:
            with self._lock:
                # What an interrupt left undecided is tried again: the facts' keys make that harmless.
                self._pending[:0] = [one for one in group if not one.done]
                self._untold.update((id(one), one) for one in group if one.error is not None and not one.awaited)
                self._committing = False
            self._wake()

    def _linger(self) -> None:
        """Give those who came with the last group a moment to come again: a commit costs the same for all of them."""
        with self._lock:
            if len(self._pending) >= self._last_group:
                return
            self._wanted = self._last_group
        self._enough.acquire(timeout=_LINGER)
        with self._lock:
            self._wanted = 0
            # Nobody is to find it open the next time.
            self._enough.acquire(blocking=False)

    def _commit(self, group: Sequence[Acknowledgement]) -> None:
        """Check and record a group in one transaction, and decide every append of it."""
        kinds: dict[int, tuple[FactType, list[Acknowledgement]]] = {}
        for one in group:
            kinds.setdefault(id(one.fact_type), (one.fact_type, []))[1].append(one)
        try:
            batches, kept = [], []
            for fact_type, appends in kinds.values():
                table, taken = _checked(fact_type, appends, self._latest())
                if taken:
                    key = f"buffer {uuid4().hex}"
                    batches.append(Batch(fact_type, table, self.source, key, by=self.by))
                    kept.append(taken)
            for receipt, taken in zip(self._record(batches) if batches else [], kept, strict=True):
                for one in taken:
                    one.decide(receipt)
        except KpicoreError as error:
            for one in group:
                if not one.done:
                    one.decide(error)


def _checked(fact_type: FactType, appends: Sequence[Acknowledgement], latest: int) -> tuple[Any, list[Acknowledgement]]:
    """The rows of appends, and those that they are of; the others are refused, each for itself."""
    if all(isinstance(one.rows, list) and all(isinstance(row, Mapping) for row in one.rows) for one in appends):
        try:
            table, refused = check_rows(fact_type, [row for one in appends for row in one.rows], latest=latest)
        except InvalidInput:
            pass  # one of them has a column that there is not: found out below
        else:
            if not refused.total:
                return table, list(appends)
    tables, taken = [], []
    for one in appends:
        try:
            table, refused = check_rows(fact_type, one.rows, latest=latest)
        except InvalidInput as error:
            one.decide(error)
            continue
        if refused.total:
            one.decide(refuse(fact_type.name, refused))
        else:
            tables.append(table)
            taken.append(one)
    return (pa.concat_tables(tables) if tables else None), taken
