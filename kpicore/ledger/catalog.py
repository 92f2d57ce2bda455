"""What is in the ledger besides rows: batch headers and rule changes, read once and then only what is new.

Stored events never change, so what was read up to a position stays right.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Sequence
from typing import Any

from attrs import evolve

from kpicore.errors import InvalidInput, NotFound
from kpicore.ledger.database import Database
from kpicore.ledger.envelope import read_header
from kpicore.ledger.events import FACT_TOPICS, RULE_TOPICS, LedgerMapper, rule_record
from kpicore.ledger.instants import instant_us
from kpicore.ledger.records import BatchHeader, Cut, RuleRecord

_EVERYTHING = 2**62

#: Last position, headers of all fact batches, all rule changes.
Known = tuple[int, tuple[BatchHeader, ...], tuple[RuleRecord, ...]]

_catalogs: weakref.WeakSet[Catalog] = weakref.WeakSet()


def _renew_locks() -> None:
    for catalog in list(_catalogs):
        catalog.renew_lock()


os.register_at_fork(after_in_child=_renew_locks)


class Catalog:
    """Headers and rules of a ledger, up to its end at the last call of `read`.

    Args:
        database: The ledger's file.
        mapper: Turns stored events into events.
    """

    def __init__(self, database: Database, mapper: LedgerMapper) -> None:
        self._database = database
        self._mapper = mapper
        self._lock = threading.Lock()
        # One assignment replaces all three: a process that is forked meanwhile has the old or the new.
        self._known: Known = (0, (), ())
        _catalogs.add(self)

    def read(self) -> Known:
        """The ledger's last position, the headers of all fact batches and all rule changes, in order."""
        with self._lock, self._database.recorder() as recorder:
            end, headers, rules = self._known
            last = recorder.max_notification_id() or 0
            if last > end:
                heads = recorder.heads(end, last, FACT_TOPICS[0])
                changes = recorder.select_notifications(end + 1, _EVERYTHING, last, RULE_TOPICS)
                headers += tuple(read_header(head, position) for position, head in heads)
                rules += tuple(rule_record(change.id, self._mapper.to_domain_event(change)) for change in changes)
                self._known = (last, headers, rules)
            return self._known

    def end(self) -> int:
        """The ledger's last position, 0 before the first event."""
        return self.read()[0]

    def renew_lock(self) -> None:
        """In a forked child: another thread of the parent may have held the lock."""
        self._lock = threading.Lock()

    def cut(self, as_of: Any) -> Cut:
        """The cut at a position, at an instant, or at the ledger's end.

        Raises:
            NotFound: The ledger does not reach that position.
            InvalidInput: It is neither a position nor an instant with a zone.
        """
        end, headers, rules = self.read()
        if isinstance(as_of, str) and as_of.strip().isascii() and as_of.strip().isdigit():
            as_of = int(as_of)
        if as_of is None:
            return _cut(headers, rules, end, end)
        if isinstance(as_of, bool):
            raise InvalidInput(
                f"{as_of} is neither a position nor an instant",
                where="as of",
                hint="give a position, or a time like 2026-04-01T00:00:00+08:00",
            )
        if isinstance(as_of, int):
            _check_position(as_of, end)
            return _cut(headers, rules, as_of, as_of)
        instant = instant_us(as_of, "as of")
        known: Sequence[BatchHeader | RuleRecord] = [*headers, *rules]
        position = max((entry.position for entry in known if entry.recorded_at <= instant), default=0)
        return evolve(_cut(headers, rules, position, position), as_of=instant)

    def at(self, facts: int, rules: int, as_of: int | None) -> Cut:
        """The cut of two positions and, where it was given, the instant of knowing."""
        end, headers, changes = self.read()
        _check_position(facts, end)
        _check_position(rules, end)
        cut = _cut(headers, changes, facts, rules)
        return cut if as_of is None else evolve(cut, as_of=as_of)


def _check_position(position: Any, end: int) -> None:
    if isinstance(position, bool) or not isinstance(position, int):
        raise InvalidInput(f"{position!r} is not a position", where="as of", hint="a position is a whole number from 0")
    if not 0 <= position <= end:
        raise NotFound(
            f"there is no position {position}", code="no_position", where="as of", hint=f"the ledger ends at {end}"
        )


def _cut(headers: Sequence[BatchHeader], rules: Sequence[RuleRecord], facts_end: int, rules_end: int) -> Cut:
    known = [header for header in headers if header.position <= facts_end]
    return Cut(
        facts=known[-1].position if known else 0,
        rules=max((rule.position for rule in rules if rule.position <= rules_end), default=0),
        as_of=max((header.recorded_at for header in known), default=None),
    )
