"""Facts as they were known at a cut, and what moved between two cuts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import evolve, frozen

from kpicore.definitions.facts import FactType
from kpicore.errors import Refused
from kpicore.ledger import chunks, keyindex, resolution, tablecache
from kpicore.ledger.envelope import read_table
from kpicore.ledger.events import FactBatch
from kpicore.ledger.opened import Opened
from kpicore.ledger.records import BatchHeader, Cut
from kpicore.ledger.schema import PLACE_SCHEMA, arrow_schema
from kpicore.ledger.threads import together

#: Batches are read in groups of about so many stored bytes.
_GROUP_BYTES = 8 * 1024 * 1024
_GROUP_EVENTS = 500
#: Batches of more rows are worth a thread.
_LARGE = 8_192


@frozen
class Changes:
    """Which facts of a type moved from one cut to another.

    Args:
        removed: Rows that counted at the old cut and do not at the new one.
        added: Rows that count at the new cut and did not at the old one.

    Both are tables with the columns of `resolved`, by (position, row).
    """

    removed: pa.Table
    added: pa.Table


class Reads(Opened):
    """What a ledger says of the facts that it holds."""

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
        own = arrow_schema(fact_type).names
        asked = own if columns is None else dict.fromkeys(columns)
        names = [name for name in asked if name not in PLACE_SCHEMA.names]
        known = [header for header in self.headers(fact_type=fact_type.name) if header.rows]
        headers = [header for header in known if header.position <= cut.facts]
        few = sum(header.rows for header in headers) < keyindex.SMALLEST
        if headers and (not few or len(headers) > tablecache.MANY_BATCHES) and set(names) <= set(own):
            table = self._tables.table(
                fact_type,
                known,
                len(headers),
                lambda some: self._resolved(fact_type, known, some),
                lambda table, some, done: self._grown(fact_type, known, table, some[done - 1].position, cut.facts),
            )
            if table is not None:
                return table if columns is None else table.select([*names, *PLACE_SCHEMA.names])
        sent = [header for header in headers if header.kind == "facts"]
        if few:
            stored = list(self._read(headers, [*names, *fact_type.key]))
            counts = resolution.newest(stored, fact_type.key)
            stored = [one for one in stored if one[0].kind == "facts"]
        else:
            stored = list(self._read(sent, names))
            gone = resolution.superseded(self._suspects(fact_type, known), headers, fact_type.key)
            counts = np.ones(sum(header.rows for header in sent), dtype=np.bool_)
            counts[resolution.rows_at(gone, sent)] = False
        schema = resolution.read_schema(fact_type, names, stored)
        table = resolution.joined(stored, schema, fact_type)
        return table if counts.all() else table.filter(pa.array(counts))

    def _resolved(
        self, fact_type: FactType, known: Sequence[BatchHeader], headers: Sequence[BatchHeader]
    ) -> Iterator[pa.RecordBatch]:
        """What counts of some batches, all columns, by and by."""
        gone = resolution.superseded(self._suspects(fact_type, known), headers, fact_type.key)
        schema = arrow_schema(fact_type)
        sent = [header for header in headers if header.kind == "facts"]
        waiting: list[resolution.Stored] = []
        count = 0
        for header, table in self._read(sent, schema.names):
            waiting.append((header, table))
            count += header.rows
            if header.position == sent[-1].position or count >= chunks.ROWS:
                rows = resolution.joined(waiting, schema, fact_type)
                yield from chunks.parted(rows, gone)[0].combine_chunks().to_batches(chunks.ROWS)
                waiting, count = [], 0

    def changes(self, fact_type: FactType, old: Cut, new: Cut, *, before: pa.Table | None = None) -> Changes:
        """Which facts of a type moved from one cut to another.

        What counted at the old cut, without the removed rows and with the added ones, is what counts at the new one. A
        correction removes a row and adds another; what was recorded and superseded between the cuts has not moved.

        Args:
            fact_type: Which facts, and their columns.
            old, new: The cuts, in either order.
            before: What `resolved` returns at the old cut, all columns, where that is at hand: removed rows are taken
                from there instead of being read again.

        Raises:
            Refused: A stored batch is damaged.
        """
        if old.facts > new.facts:
            turned = self.changes(fact_type, new, old)
            return Changes(removed=turned.added, added=turned.removed)
        known = [header for header in self.headers(fact_type=fact_type.name) if header.rows]
        return self._changes(fact_type, known, old.facts, new.facts, before)

    def _changes(
        self, fact_type: FactType, known: Sequence[BatchHeader], old: int, new: int, before: pa.Table | None
    ) -> Changes:
        """`changes` between two positions, of all batches of the fact type that have rows."""
        names = arrow_schema(fact_type).names
        headers = [header for header in known if header.position <= new]
        come = [header for header in headers if header.position > old]
        if not come:
            nothing = resolution.joined([], arrow_schema(fact_type), fact_type)
            return Changes(removed=nothing, added=nothing)
        suspects = resolution.related(self._suspects(fact_type, known), old, fact_type.key)
        gone = resolution.superseded(suspects, headers, fact_type.key)
        gone_before = resolution.superseded(suspects, headers[: len(headers) - len(come)], fact_type.key)
        removed = np.setdiff1d(gone, gone_before, assume_unique=True)
        removed = removed[resolution.positions_of(removed) <= old]
        added, _ = chunks.parted(self._joined(fact_type, come, names), gone)
        if before is None:
            positions = set(resolution.positions_of(removed).tolist())
            before = self._joined(fact_type, [header for header in headers if header.position in positions], names)
        return Changes(removed=chunks.parted(before, removed)[1], added=added)

    def grown(self, fact_type: FactType, table: pa.Table, old: Cut, new: Cut, moved: Changes | None = None) -> pa.Table:
        """What `resolved` returns at a later cut, made of what it returned before: chunks that nothing touched are shared.

        Args:
            fact_type: Which facts.
            table: What `resolved` returned at the old cut, all columns.
            old, new: The cuts; the new one is not before the old one.
            moved: What `changes` returned for them, where that is at hand.

        Raises:
            Refused: A stored batch is damaged.
        """
        return _with(table, moved if moved is not None else self.changes(fact_type, old, new, before=table))

    def _grown(
        self, fact_type: FactType, known: Sequence[BatchHeader], table: pa.Table, old: int, new: int
    ) -> pa.Table:
        """`grown` between two positions."""
        return _with(table, self._changes(fact_type, known, old, new, table))

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

    def retractions(self, fact_type: FactType, old: Cut, new: Cut) -> list[tuple[BatchHeader, pa.Table]]:
        """The retractions of a fact type after one cut and up to another, in order: who, when and why, and the keys."""
        headers = [
            header
            for header in self.headers(new, fact_type.name)
            if header.kind == "retraction" and header.position > old.facts and header.rows
        ]
        return list(self._read(headers, fact_type.key))

    def _suspects(self, fact_type: FactType, known: Sequence[BatchHeader]) -> pa.Table:
        """The rows that may share an identity, of all batches of a fact type that have rows."""
        return self._keys.suspects(fact_type, known, lambda some: self._read(some, fact_type.key))

    def _joined(self, fact_type: FactType, headers: Sequence[BatchHeader], names: Sequence[str]) -> pa.Table:
        """All rows of the batches of facts among some, with the named columns and their places."""
        stored = list(self._read([header for header in headers if header.kind == "facts"], names))
        return resolution.joined(stored, resolution.read_schema(fact_type, names, stored), fact_type)

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
            events = [event for _, event in found]
            # Large batches are digested and decompressed beside each other; small ones are sooner done than handed over.
            several = together if group[0].rows > _LARGE else map
            yield from several(lambda event: self._decoded(event, columns), events)

    def _decoded(self, event: Any, columns: Sequence[str] | None = None) -> resolution.Stored:
        batch = self._mapper.to_domain_event(event)
        if not isinstance(batch, FactBatch):
            raise Refused(
                "this is not a fact batch",
                code="ledger_damaged",
                where=f"position {event.id}",
                hint="kpicore verify says what is; restore the ledger from a backup",
            )
        header = evolve(batch.header, position=event.id)
        return header, read_table(header, memoryview(batch.body), columns)


def _with(table: pa.Table, moved: Changes) -> pa.Table:
    """A resolved table after what moved."""
    kept, _ = chunks.parted(table, chunks.places_of(moved.removed))
    return chunks.appended(kept, moved.added)


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
