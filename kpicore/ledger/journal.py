"""The entries of a ledger: proposals, disputes, overrides, calibrations, payouts, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from eventsourcing.persistence import IntegrityError

from kpicore.errors import Conflict
from kpicore.ledger.entries import ENTRY_TOPICS
from kpicore.ledger.events import Entry, entry_id, entry_record, moment
from kpicore.ledger.opened import Opened
from kpicore.ledger.records import EntryRecord, NewEntry, exact, named

_EVERYTHING = 2**62


class Journal(Opened):
    """What a ledger keeps of proposals, disputes, overrides, calibrations and payouts."""

    def enter(self, entries: Sequence[NewEntry]) -> list[EntryRecord]:
        """Record steps of entries, all of them or none.

        Raises:
            Conflict: Somebody else took a step of one of them meanwhile, or took its name.
            InvalidInput: A document cannot be kept as it is.
        """
        events = [self.entry_event(entry) for entry in entries]
        with self._database.recorder() as recorder:
            try:
                positions = recorder.insert_events([self._mapper.to_stored_event(event) for event in events]) or ()
            except IntegrityError as error:
                raise entry_conflict(entries) from error
            recorder.checkpoint()
        return [entry_record(position, event) for position, event in zip(positions, events, strict=True)]

    def end(self) -> int:
        """The last position, 0 in an empty ledger."""
        return self._catalog.end()

    def entry_event(self, entry: NewEntry) -> Entry:
        """The event of a step, to be stored with others."""
        document, digest = exact(entry.document, f"{entry.kind} {entry.name}")
        return Entry(
            originator_id=entry_id(entry.kind, named(entry.name, entry.kind)),
            originator_version=entry.version,
            timestamp=moment(self._clock()),
            kind=entry.kind,
            step=entry.step,
            name=entry.name,
            document=document,
            digest=digest,
            by=named(entry.by, "person"),
        )

    def entries(self, *kinds: str, up_to: int | None = None) -> tuple[EntryRecord, ...]:
        """All steps of all entries of these kinds (none named: of every kind), in order.

        Args:
            kinds: `proposal`, `dispute`, `override`, `calibration`, `payout`.
            up_to: Only those at or before this position.
        """
        topics = [topic for topic, (kind, _) in ENTRY_TOPICS.items() if not kinds or kind in kinds]
        with self._database.recorder() as recorder:
            found = recorder.select_notifications(None, _EVERYTHING, up_to, topics)
        return tuple(entry_record(event.id, self._mapper.to_domain_event(event)) for event in found)


def entry_conflict(entries: Sequence[NewEntry]) -> Conflict:
    """The error where a step is there already."""
    return Conflict(
        "somebody else took a step meanwhile",
        code="entry_conflict",
        where=", ".join(f"{entry.kind} {entry.name}" for entry in entries),
        hint="look at it again, and repeat the call if it still fits",
    )
