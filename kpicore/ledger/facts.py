"""Facts in a ledger: recorded in batches, read as they were known at a cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import evolve
from eventsourcing.persistence import IntegrityError

from kpicore.definitions.facts import FactType
from kpicore.errors import LedgerUnavailable, NotFound, Refused
from kpicore.ledger import batches as batching
from kpicore.ledger import keyindex, resolution
from kpicore.ledger.buffer import Buffer
from kpicore.ledger.envelope import read_table
from kpicore.ledger.events import (
    FactBatch,
    batch_id,
)
from kpicore.ledger.opened import Opened
from kpicore.ledger.records import (
    Batch,
    BatchHeader,
    Cut,
    Receipt,
)
from kpicore.ledger.schema import PLACE_SCHEMA, arrow_schema

#: A fact may have occurred this much after the clock's now: clocks differ, and so do zones.
TOLERANCE_US = 24 * 60 * 60 * 1_000_000
#: Batches are read in groups of about so many stored bytes.
_GROUP_BYTES = 32 * 1024 * 1024
_GROUP_EVENTS = 500


class Facts(Opened):
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

    def headers(self, cut: Cut | None = None, fact_type: str | None = None) -> list[BatchHeader]:
        """What is known of the batches without their rows, in order.

        Args:
            cut: Only batches up to it; None for all.
            fact_type: Only of this name.
        """
        _, headers, _ = self._catalog.read()
        return [
            header
            for header in headers
            if (cut is None or header.position <= cut.facts) and fact_type in (None, header.fact_type)
        ]

    def complete_until(self, cut: Cut) -> dict[tuple[str, str], int]:
        """Up to which instant (microseconds) each (source, fact type) says that it has sent everything."""
        found: dict[tuple[str, str], int] = {}
        for header in self.headers(cut):
            if header.complete_until is not None:
                key = (header.source, header.fact_type)
                found[key] = max(found.get(key, header.complete_until), header.complete_until)
        return found

    def cut(self, as_of: int | datetime | str | None = None) -> Cut:
        """What is known now, at a position, or at an instant.

        Args:
            as_of: A position; a datetime or ISO text with a zone, which stands for the last position recorded by
                then; None for all.

        Raises:
            NotFound: The ledger does not reach that position.
            InvalidInput: It is neither a position nor an instant with a zone.
        """
        return self._catalog.cut(as_of)

    def at(self, facts: int, rules: int, as_of: int | None = None) -> Cut:
        """The cut of two positions, as an evaluation keeps them.

        Args:
            facts: A position; what counts is the last fact batch up to it.
            rules: A position; what counts is the last rule change up to it.
            as_of: The instant of knowing in microseconds, where a caller gave one.

        Raises:
            NotFound: The ledger does not reach one of the positions.
        """
        return self._catalog.at(facts, rules, as_of)

    def resolved(self, fact_type: FactType, cut: Cut, columns: Sequence[str] | None = None) -> pa.Table:
        """The facts of a type at a cut, corrections and retractions resolved, by (position, row).

        Args:
            fact_type: Which facts, and their columns.
            cut: What is known.
            columns: Only these; None for all of the fact type. Others that are stored may be asked for by name.

        Returns:
            The columns, then `source`, `kpi_position` and `kpi_row` (place in the stored event, from 0). What an
            earlier minor version lacks is null, or the field's default.

        Raises:
            InvalidInput: A column is neither declared nor stored.
            Refused: A stored batch is damaged.
        """
        asked = arrow_schema(fact_type).names if columns is None else dict.fromkeys(columns)
        names = [name for name in asked if name not in PLACE_SCHEMA.names]
        known = [header for header in self.headers(fact_type=fact_type.name) if header.rows]
        headers = [header for header in known if header.position <= cut.facts]
        sent = [header for header in headers if header.kind == "facts"]
        if sum(header.rows for header in headers) < keyindex.SMALLEST:
            stored = list(self._read(headers, [*names, *fact_type.key]))
            counts = resolution.newest(stored, fact_type.key)
            stored = [one for one in stored if one[0].kind == "facts"]
        else:
            stored = list(self._read(sent, names))
            suspects = self._keys.suspects(fact_type, known, lambda some: self._read(some, fact_type.key))
            gone = resolution.superseded(suspects, headers, fact_type.key)
            counts = np.ones(sum(header.rows for header in sent), dtype=np.bool_)
            counts[resolution.rows_at(gone, sent)] = False
        schema = resolution.read_schema(fact_type, names, stored)
        table = resolution.joined(stored, schema, fact_type)
        return table if counts.all() else table.filter(pa.array(counts))

    def history(self, fact_type: FactType, cut: Cut) -> pa.Table:
        """Every stored row and tombstone of a fact type up to a cut, by (position, row).

        Returns:
            The columns of `resolved`, then `kpi_kind`: `facts` or `retraction` (which has the key alone).
        """
        schema = arrow_schema(fact_type)
        stored = [one for one in self._read(self.headers(cut, fact_type.name), schema.names) if one[0].rows]
        table = resolution.joined(stored, schema, fact_type)
        kinds = pa.array([header.kind for header, _ in stored], pa.string())
        batch = resolution.batch_of_rows([header for header, _ in stored])
        return table.append_column("kpi_kind", kinds.take(pa.array(batch)))

    def _read(self, headers: Sequence[BatchHeader], columns: Sequence[str]) -> Iterator[resolution.Stored]:
        """The stored batches with these headers, in order."""
        for group in _groups(headers):
            with self._database.recorder() as recorder:
                found = recorder.states([header.position for header in group])
            if len(found) != len(group):
                missing = {header.position for header in group} - {position for position, _ in found}
                raise Refused(
                    "a stored batch is gone",
                    code="ledger_damaged",
                    where=f"position {min(missing)}",
                    hint="restore the ledger from a backup",
                )
            for _, event in found:
                yield self._decoded(event, columns)

    def _decoded(self, event: Any, columns: Sequence[str] | None = None) -> resolution.Stored:
        batch = self._mapper.to_domain_event(event)
        if not isinstance(batch, FactBatch):
            raise Refused("this is not a fact batch", code="ledger_damaged", where=f"position {event.id}")
        header = evolve(batch.header, position=event.id)
        return header, read_table(header, memoryview(batch.body), columns)


def _groups(headers: Sequence[BatchHeader]) -> Iterator[list[BatchHeader]]:
    """Headers in order, so many together as are read at once."""
    group: list[BatchHeader] = []
    size = 0
    for header in headers:
        if group and (size + header.size > _GROUP_BYTES or len(group) >= _GROUP_EVENTS):
            yield group
            group, size = [], 0
        group.append(header)
        size += header.size
    if group:
        yield group


def _unnamed(name: str) -> FactType:
    raise NotFound(f"this buffer knows no fact types by name: {name}", where=name, hint="give the fact type itself")
