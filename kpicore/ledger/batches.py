"""Batches on their way into the ledger: checked, cut into chunks, compared with what is there under the same key."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

import pyarrow as pa

from kpicore.errors import Conflict, InvalidInput
from kpicore.ledger.envelope import arrow_bytes, digest_of
from kpicore.ledger.events import FactBatch, batch_id
from kpicore.ledger.records import Batch, BatchHeader, Receipt
from kpicore.ledger.resolution import Stored, conform
from kpicore.ledger.rows import late_rows, refuse
from kpicore.ledger.schema import arrow_schema, key_schema
from kpicore.ledger.threads import together

#: Most rows of one stored event.
CHUNK_ROWS = 65_536


def check_batch(batch: Batch) -> None:
    """See that a batch holds what `check_rows` or `check_keys` returns.

    Raises:
        InvalidInput: Its table has another schema, or a key is missing.
    """
    retraction = batch.kind == "retraction"
    expected = key_schema(batch.fact_type) if retraction else arrow_schema(batch.fact_type)
    where = f"{batch.source}/{batch.batch_key}"
    check = "check_keys" if retraction else "check_rows"
    if not isinstance(batch.table, pa.Table) or not batch.table.schema.equals(expected):
        raise InvalidInput(
            f"the table does not have the columns of {batch.fact_type.name}", where=where, hint=f"use {check} first"
        )
    if any(batch.table[name].null_count for name in batch.fact_type.key):
        raise InvalidInput(f"a key of {batch.fact_type.name} is missing", where=where, hint=f"use {check} first")


def check_plausible(batch: Batch, latest: int) -> None:
    """See that no fact occurred later than `latest` (microseconds).

    Raises:
        InvalidInput: One did; all such rows are listed.
    """
    if batch.kind == "facts":
        refusals = late_rows(batch.table, latest)
        if refusals:
            raise refuse(f"{batch.source}/{batch.batch_key}", refusals)


def stored_events(batch: Batch, recorded_at: int) -> list[FactBatch]:
    """A batch as the events that are stored: one, or several for more than `CHUNK_ROWS` rows."""
    originator = batch_id(batch.source, batch.batch_key)
    chunks = max(1, -(-batch.table.num_rows // CHUNK_ROWS))

    def stored(chunk: int) -> FactBatch:
        rows = batch.table.slice(chunk * CHUNK_ROWS, CHUNK_ROWS)
        body = arrow_bytes(rows)
        header = BatchHeader(
            source=batch.source,
            batch_key=batch.batch_key,
            fact_type=batch.fact_type.name,
            version=batch.fact_type.version,
            kind=batch.kind,
            rows=rows.num_rows,
            chunk=chunk + 1,
            chunks=chunks,
            recorded_at=recorded_at,
            by=batch.by,
            correlation=batch.correlation,
            complete_until=batch.complete_until,
            reason=batch.reason,
            salt=secrets.token_hex(16),
            size=len(body),
            digest=digest_of(body),
        )
        return FactBatch(originator, chunk + 1, header, body)

    return together(stored, range(chunks))


def receipt(headers: Sequence[BatchHeader], *, duplicate: bool) -> Receipt:
    """The receipt of a stored batch from the headers of all its chunks."""
    last = headers[-1]
    joined = hashlib.sha256(b"".join(bytes.fromhex(header.digest) for header in headers)).hexdigest()
    return Receipt(
        position=last.position,
        rows=sum(header.rows for header in headers),
        source=last.source,
        batch_key=last.batch_key,
        fact_type=last.fact_type,
        recorded_at=last.recorded_at,
        digest=last.digest if len(headers) == 1 else joined,
        duplicate=duplicate,
        chunks=len(headers),
    )


def check_same(batch: Batch, stored: Sequence[Stored]) -> None:
    """See that a batch says what is stored under its key. Who recorded it, and why, may differ.

    Raises:
        Conflict: It says something else; the error names what.
    """
    header, table = stored[0][0], pa.concat_tables([table for _, table in stored])
    # A later minor version of the type sends columns that were not there yet.
    later = [field for field in batch.table.schema if field.name not in table.column_names]
    fields = batch.fact_type.all_fields()
    schema = pa.schema([*table.schema, *later])
    _compare(batch, header, conform(table, schema, fields, batch.fact_type.name))


def check_same_call(first: Batch, second: Batch) -> None:
    """See that two batches of one call under one key say the same.

    Raises:
        Conflict: They do not.
    """
    _compare(second, first, first.table)


def _compare(batch: Batch, kept: Batch | BatchHeader, table: pa.Table) -> None:
    difference = _difference(batch, kept, table)
    if difference is not None:
        raise Conflict(
            f"this batch key is there with other content: {difference}",
            code="batch_conflict",
            where=f"{batch.source}/{batch.batch_key}",
            hint="record corrections under a batch key of their own",
        )


def _difference(batch: Batch, kept: Batch | BatchHeader, table: pa.Table) -> str | None:
    fact_type = kept.fact_type if isinstance(kept.fact_type, str) else kept.fact_type.name
    for what, sent, stored in (
        ("the fact type", batch.fact_type.name, fact_type),
        ("the kind", batch.kind, kept.kind),
        ("complete_until", batch.complete_until, kept.complete_until),
        ("the number of rows", batch.table.num_rows, table.num_rows),
    ):
        if sent != stored:
            return f"{what} is {sent} instead of {stored}"
    return _difference_of_rows(batch.table, table)


def _difference_of_rows(sent: pa.Table, kept: pa.Table) -> str | None:
    """Where two tables of equally many rows differ first; a column that only one has counts as null."""
    for name in dict.fromkeys([*sent.column_names, *kept.column_names]):
        if name not in sent.column_names or name not in kept.column_names:
            only = sent if name in sent.column_names else kept
            if only[name].null_count != len(only[name]):
                return f"the column {name} is in one of them only"
            continue
        ours, theirs = sent[name], kept[name]
        if ours.equals(theirs):
            continue
        if ours.type != theirs.type:
            return f"{name} is {ours.type} instead of {theirs.type}"
        pairs = zip(ours.to_pylist(), theirs.to_pylist(), strict=True)
        row, one, other = next((row, one, other) for row, (one, other) in enumerate(pairs) if one != other)
        return f"row {row}, {name} is {one} instead of {other}"
    return None
