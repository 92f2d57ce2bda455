"""Facts on their way into a ledger: recorded in batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import evolve
from eventsourcing.persistence import IntegrityError

from kpicore.definitions.facts import FactType
from kpicore.errors import LedgerUnavailable, NotFound
from kpicore.ledger import batches as batching
from kpicore.ledger.buffer import Buffer
from kpicore.ledger.events import FactBatch, batch_id
from kpicore.ledger.reads import Reads
from kpicore.ledger.records import Batch, BatchHeader, Receipt

#: A fact may have occurred this much after the clock's now: clocks differ, and so do zones.
TOLERANCE_US = 24 * 60 * 60 * 1_000_000


class Facts(Reads):
    """The fact batches of a ledger."""

    def latest_plausible(self) -> int:
        """The latest `occurred_at` that is taken now: the clock's time and a day, in microseconds."""
        return self._clock() + TOLERANCE_US

    def record(self, batches: Sequence[Batch]) -> list[Receipt]:
        """Record batches, all of them or none.

        A batch that is there already with the same content is left alone and its receipt says `duplicate`, so that a
        call whose answer was lost can be repeated.

        Args:
            batches: With tables as `check_rows` and `check_keys` return them.

        Returns:
            A receipt for each batch, in order.

        Raises:
            Conflict: A batch key is there with other content.
            InvalidInput: A table is not of its fact type, or a fact lies more than a day in the future.
            LedgerUnavailable: Nothing was recorded; the call may be repeated.
        """
        for batch in batches:
            batching.check_batch(batch)
        recorded_at = self._clock()
        receipts: dict[int, Receipt] = {}
        events: dict[int, list[FactBatch]] = {}
        for _ in range(len(batches) + 1):
            first: dict[tuple[str, str], Batch] = {}
            for place, batch in enumerate(batches):
                earlier = first.setdefault((batch.source, batch.batch_key), batch)
                if earlier is not batch:
                    batching.check_same_call(earlier, batch)
                elif place not in receipts:
                    known = self._known(batch)
                    if known is not None:
                        receipts[place] = known
                        events.pop(place, None)
                    elif place not in events:
                        batching.check_plausible(batch, recorded_at + TOLERANCE_US)
                        events[place] = batching.stored_events(batch, recorded_at)
            try:
                receipts.update(self._insert(events))
            except IntegrityError:
                # Another process recorded one of these batches in between: the next look finds it.
                continue
            return self._in_order(batches, receipts)
        raise LedgerUnavailable(
            "a batch is neither there nor can be recorded",
            code="ledger_damaged",
            where=str(self._database.path),
            hint="restore the ledger from a backup",
        )

    def buffer(self, source: str, *, by: str | None = None, find: Callable[[str], FactType] | None = None) -> Buffer:
        """For small appends of one source: they are committed together, and each is acknowledged when it is on disk.

        Args:
            source: The system that the facts come from: part of every fact's identity.
            by: Who records them.
            find: The fact type of a name; None: appends bring the fact type itself.
        """
        return Buffer(self.record, self.latest_plausible, find or _unnamed, source, by)

    def _known(self, batch: Batch) -> Receipt | None:
        """The receipt of a batch that is stored already."""
        with self._database.recorder() as recorder:
            found = recorder.of_originator(batch_id(batch.source, batch.batch_key).hex)
        if not found:
            return None
        stored = [self._decoded(event) for _, event in found]
        batching.check_same(batch, stored)
        return batching.receipt([header for header, _ in stored], duplicate=True)

    def _insert(self, events: Mapping[int, Sequence[FactBatch]]) -> dict[int, Receipt]:
        """Store the events in one transaction; receipts by place."""
        listed = [(place, event) for place, group in events.items() for event in group]
        if not listed:
            return {}
        with self._database.recorder() as recorder:
            positions = recorder.insert_events([self._mapper.to_stored_event(event) for _, event in listed]) or ()
        headers: dict[int, list[BatchHeader]] = {}
        for (place, event), position in zip(listed, positions, strict=True):
            headers.setdefault(place, []).append(evolve(event.header, position=position))
        return {place: batching.receipt(found, duplicate=False) for place, found in headers.items()}

    @staticmethod
    def _in_order(batches: Sequence[Batch], receipts: Mapping[int, Receipt]) -> list[Receipt]:
        """A receipt for each batch; one that was twice in the call was a duplicate the second time."""
        by_key = {(receipt.source, receipt.batch_key): receipt for receipt in receipts.values()}
        return [
            receipts.get(place) or evolve(by_key[batch.source, batch.batch_key], duplicate=True)
            for place, batch in enumerate(batches)
        ]


def _unnamed(name: str) -> FactType:
    raise NotFound(f"this buffer knows no fact types by name: {name}", where=name, hint="give the fact type itself")
