"""Resolved tables that are kept beside a ledger, so that the next process maps them into memory instead of reading batches.

What is kept is what the plain reading says at one cut, and says so with a digest of all batches up to there. Later cuts
are made of it by what is new, earlier ones are read plainly. It can be thrown away at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pyarrow as pa

from kpicore.canonical import canonical_json
from kpicore.definitions.facts import FactType
from kpicore.ledger import keyindex
from kpicore.ledger.chunks import ROWS
from kpicore.ledger.keyindex import proof_of
from kpicore.ledger.records import BatchHeader
from kpicore.ledger.schema import PLACE_SCHEMA, arrow_schema
from kpicore.ledger.tablefiles import Kept, TableFiles

#: So many batches make a fact type worth keeping, however few rows they hold.
MANY_BATCHES = 256
#: A table is written again when a part of its rows or batches, one in so many, is new.
_PART = 8

#: Reads all rows of batches, resolved, in order.
ReadAll = Callable[[Sequence[BatchHeader]], Iterable[pa.RecordBatch]]
#: Makes the table of batches from the table of the first of them (so many).
Grow = Callable[[pa.Table, Sequence[BatchHeader], int], pa.Table]


class TableCache:
    """The kept tables of a ledger.

    Args:
        folder: Where they are; None for nowhere.
        limit: Most bytes that they take.
    """

    def __init__(self, folder: Path | None, limit: int) -> None:
        self._files = TableFiles(folder, limit) if folder is not None else None
        # Entries are replaced, never changed: threads may do the same work twice, but never half of it.
        self._kept: dict[str, Kept] = {}
        self._refused: dict[str, int] = {}

    def table(
        self, fact_type: FactType, known: Sequence[BatchHeader], count: int, read_all: ReadAll, grow: Grow
    ) -> pa.Table | None:
        """The resolved rows of the first batches of a fact type, all columns.

        Args:
            fact_type: Which facts.
            known: All their batches and retractions that have rows, in order.
            count: How many of them are up to the cut.
            read_all: Reads batches plainly.
            grow: Makes a later table of an earlier one.

        Returns:
            None where it must be read plainly: an earlier cut than is kept, or nothing can be kept.
        """
        if self._files is None:
            return None
        name, headers = _name(fact_type), known[:count]
        kept = self._known(name, fact_type, known)
        table = _of(kept, headers, grow)
        if (kept is not None and table is None) or (table is not None and not _old(kept, table, headers)):
            return table
        if self._refused.get(name, 0) * _PART > count * (_PART - 1):
            return table
        with self._files.writing(name) as possible:
            again = self._known(name, fact_type, known)
            if again is not None and again != kept:
                return _of(again, headers, grow)  # another process wrote it meanwhile
            rows = table.to_batches() if table is not None else read_all(headers)
            proof = proof_of(fact_type, headers)
            if not possible or not self._files.write(name, count, proof, _schema(fact_type), rows):
                self._refused[name] = count
                return table
            # What building took is the system's again, before others need it.
            pa.default_memory_pool().release_unused()
            kept = self._known(name, fact_type, known)
            return _of(kept, headers, grow) if kept is not None else table

    def _known(self, name: str, fact_type: FactType, known: Sequence[BatchHeader]) -> Kept | None:
        """What is kept of these batches; of more than these where others have just recorded some."""
        kept = self._kept.get(name)
        if self._files is not None and (kept is None or not kept.current):
            kept = self._files.read(name, _schema(fact_type))
            if kept is None or (
                kept.batches <= len(known) and kept.proof != proof_of(fact_type, known[: kept.batches])
            ):
                self._kept.pop(name, None)
                return None
            self._kept[name] = kept
        return kept


def _of(kept: Kept | None, headers: Sequence[BatchHeader], grow: Grow) -> pa.Table | None:
    """The table of some batches, made of what is kept; None where that is nothing, or of later batches."""
    if kept is None or kept.batches > len(headers):
        return None
    return kept.table if kept.batches == len(headers) else grow(kept.table, headers, kept.batches)


def _old(kept: Kept | None, table: pa.Table, headers: Sequence[BatchHeader]) -> bool:
    """Whether so much of a table is new that keeping it in the place of what is kept pays."""
    if kept is None:
        return True
    new = headers[kept.batches :]
    rows = sum(header.rows for header in new)
    if rows > max(keyindex.SMALLEST, kept.table.num_rows // _PART):
        return True
    # Every chunk that lost a row was copied into memory.
    lost = kept.table.num_rows + sum(header.rows for header in new if header.kind == "facts") - table.num_rows
    return lost > max(MANY_BATCHES, kept.table.num_rows // ROWS) or len(new) > max(MANY_BATCHES, kept.batches // _PART)


def _schema(fact_type: FactType) -> pa.Schema:
    return pa.schema([*arrow_schema(fact_type), *PLACE_SCHEMA])


def _name(fact_type: FactType) -> str:
    """One for each form that the rows of a fact type can have: minor versions add fields and defaults."""
    fields = fact_type.all_fields().items()
    form = [
        fact_type.key,
        [[name, field.kind, None if field.default is None else str(field.default)] for name, field in fields],
    ]
    return f"{fact_type.name}-{hashlib.sha256(canonical_json(form)).hexdigest()[:12]}"
