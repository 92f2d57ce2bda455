"""Which rows of a fact type may share an identity, so that only those are resolved when facts are read.

Most keys are there once. For each fact type the index keeps the hashes of all identities in sorted segments, and the
*suspects*: places and keys of all rows and tombstones whose hash is there more than once. Equal identities have equal
hashes, so every row that is superseded is a suspect, and resolving the suspects alone says the same as the plain rule
over all rows; a chance meeting of two hashes only makes two more suspects.

The index serves every cut: suspects after it are left out. It grows by what is new, and can be thrown away at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

from kpicore.definitions.facts import FactType
from kpicore.ledger.keyfiles import KeyFiles, Segments
from kpicore.ledger.keyhash import identity_hashes
from kpicore.ledger.records import BatchHeader
from kpicore.ledger.resolution import Stored, place_of
from kpicore.ledger.schema import key_schema

#: Below so many rows the plain rule is as quick.
SMALLEST = 50_000
#: The index is written when so many rows are new.
_WRITTEN_ROWS = 50_000

#: So many rows are hashed together: memory is needed for these, and for the hashes of all.
_TOGETHER = 1 << 20

#: Reads the key columns of batches.
ReadKeys = Callable[[Sequence[BatchHeader]], Iterable[Stored]]


@frozen
class _State:
    """The index of one fact type up to a batch.

    Args:
        batches: How many batches it covers.
        proof: Digest of what they are.
        segments: Loads the hashes, in segments of which each is more than twice as large as the next.
        suspects: `kpi_place` (ascending) and the key columns.
        unwritten: Rows that the files lack.
    """

    batches: int
    proof: str
    segments: Segments
    suspects: pa.Table
    unwritten: int = 0


class KeyIndex:
    """The indexes of a ledger's fact types.

    Args:
        folder: Where they are kept from one process to the next; None to keep them in memory alone.
    """

    def __init__(self, folder: Path | None) -> None:
        self._files = KeyFiles(folder)
        # States are replaced, never changed: threads may do the same work twice, but never half of it.
        self._states: dict[tuple[str, tuple[str, ...]], _State] = {}

    def suspects(self, fact_type: FactType, headers: Sequence[BatchHeader], read_keys: ReadKeys) -> pa.Table:
        """The rows and tombstones that may share an identity with another.

        Args:
            fact_type: Which facts.
            headers: All their batches and retractions that have rows, in order.
            read_keys: Reads the key columns of some of them.

        Returns:
            `kpi_place` (uint64, ascending) and the key columns.
        """
        name = (fact_type.name, fact_type.key)
        state = self._states.get(name) or self._loaded(fact_type, headers)
        if state.batches < len(headers):
            state = self._grown(state, fact_type, headers, read_keys)
        self._states[name] = state
        return state.suspects

    def _loaded(self, fact_type: FactType, headers: Sequence[BatchHeader]) -> _State:
        """The state that the files hold, if it is one of these batches; else that of none."""
        empty = _empty(fact_type)
        saved = self._files.read(fact_type.name, empty.suspects.schema)
        if saved is None or saved.proof != _proof(empty.proof, headers[: saved.batches]):
            return empty
        return _State(saved.batches, saved.proof, saved.segments, saved.suspects)

    def _grown(self, state: _State, fact_type: FactType, headers: Sequence[BatchHeader], read_keys: ReadKeys) -> _State:
        """The state with all batches that it lacks."""
        segments = state.segments()
        if segments is None:
            state, segments = _empty(fact_type), ()
        done, proof, unwritten, suspects = state.batches, state.proof, state.unwritten, state.suspects
        while done < len(headers):
            new = _some(headers[done:])
            fresh = list(read_keys(new))
            added = _segment(fresh, fact_type.key)
            shared = _shared(added[0], segments)
            found = np.concatenate([_places(segment, shared) for segment in (*segments, added)])
            missing = np.setdiff1d(found, suspects["kpi_place"].to_numpy()) if len(found) else found
            suspects = _with_keys(suspects, missing, fresh, headers[:done], read_keys)
            segments = _merged((*segments, added))
            done, proof, unwritten = done + len(new), _proof(proof, new), unwritten + added.shape[1]
        merged = segments
        if unwritten >= _WRITTEN_ROWS:
            # Mapped files are memory that the system can take back.
            mapped = self._files.write(fact_type.name, done, proof, segments, suspects)
            merged, unwritten = (segments, unwritten) if mapped is None else (mapped, 0)
        return _State(done, proof, lambda: merged, suspects, unwritten)


def _some(headers: Sequence[BatchHeader]) -> Sequence[BatchHeader]:
    """The first batches, so many as are hashed together."""
    rows = np.cumsum([header.rows for header in headers])
    return headers[: 1 + int(np.searchsorted(rows, _TOGETHER))]


def _empty(fact_type: FactType) -> _State:
    schema = pa.schema([("kpi_place", pa.uint64()), *key_schema(fact_type)])
    proof = hashlib.sha256("\0".join((fact_type.name, *fact_type.key)).encode()).hexdigest()
    return _State(0, proof, tuple, schema.empty_table())


def proof_of(fact_type: FactType, headers: Sequence[BatchHeader]) -> str:
    """Digest of a fact type's first batches: another ledger, or another past, has another one."""
    return _proof(_empty(fact_type).proof, headers)


def _proof(before: str, headers: Sequence[BatchHeader]) -> str:
    """Digest of the batches that an index covers: another ledger, or another past, has another one."""
    digest = before
    for header in headers:
        line = f"{digest} {header.position} {header.kind} {header.rows} {header.salt} {header.digest}"
        digest = hashlib.sha256(line.encode()).hexdigest()
    return digest


def _segment(stored: Sequence[Stored], key: Sequence[str]) -> Any:
    """Hashes and places of all rows, sorted by hash."""
    hashes = [identity_hashes(header.source, [table[name] for name in key]) for header, table in stored]
    places = [place_of(header.position, np.arange(header.rows)) for header, _ in stored]
    return _sorted(np.stack([np.concatenate(hashes), np.concatenate(places)]))


def _sorted(segment: Any) -> Any:
    return np.take(segment, np.argsort(segment[0], kind="stable"), axis=1)


def _shared(hashes: Any, segments: Sequence[Any]) -> Any:
    """Which of some sorted hashes are there more than once, among themselves or in the segments."""
    found = [hashes[1:][hashes[1:] == hashes[:-1]]]
    for segment in segments:
        at = np.minimum(np.searchsorted(segment[0], hashes), segment.shape[1] - 1)
        found.append(hashes[segment[0][at] == hashes])
    return np.unique(np.concatenate(found))


def _merged(segments: Sequence[Any]) -> tuple[Any, ...]:
    """The segments, so merged that each is more than twice as large as the next: there are few of them."""
    found = [segment for segment in segments if segment.shape[1]]
    while len(found) > 1 and found[-2].shape[1] <= 2 * found[-1].shape[1]:
        found[-2:] = [_sorted(np.concatenate(found[-2:], axis=1))]
    return tuple(found)


def _places(segment: Any, shared: Any) -> Any:
    """Places of all rows in a segment whose hash is one of `shared`."""
    begin = np.searchsorted(segment[0], shared, side="left")
    count = np.searchsorted(segment[0], shared, side="right") - begin
    skipped = np.repeat(begin - (np.cumsum(count) - count), count)
    return segment[1][skipped + np.arange(count.sum())]


def _with_keys(
    suspects: pa.Table, places: Any, fresh: Sequence[Stored], earlier: Sequence[BatchHeader], read_keys: ReadKeys
) -> pa.Table:
    """The suspects and those at `places` (ascending), whose keys are looked up."""
    if not len(places):
        return suspects
    needed = set((places >> np.uint64(16)).tolist())
    old = read_keys([header for header in earlier if header.position in needed])
    tables = [suspects]
    for header, table in (*old, *fresh):
        if header.position in needed:
            begin, end = np.searchsorted(places, place_of(header.position, 0) + np.array([0, 2**16], np.uint64))
            rows = pa.array(places[begin:end] & np.uint64(0xFFFF))
            keys = table.select(suspects.column_names[1:]).take(rows)
            tables.append(keys.add_column(0, "kpi_place", pa.array(places[begin:end])))
    return pa.concat_tables(tables).sort_by("kpi_place").combine_chunks()
