"""The stored form of a fact batch. Ledgers are read for ever, so this form never changes; another one gets a new mark.

    8 bytes   mark: "KPIFACT" and the number of the form (1)
    4 bytes   length of the header, big-endian
    32 bytes  SHA-256 of the header
    header    canonical JSON (RFC 8785), UTF-8: the parts of `BatchHeader` without `position`
    body      Arrow IPC file, buffers compressed with zstd unless the rows are few; `size` bytes with the SHA-256
              `digest`, one record batch (none where there are no rows) of `rows` rows; a column is the type that
              `kpicore.ledger.schema` names

Nothing follows the body. Every bit is covered: by the mark, by the header's digest, or by the digest in the header.
The Arrow *file* format is used because a file that was cut anywhere does not open; a cut stream can look whole.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Collection

import attrs
import pyarrow as pa

from kpicore.canonical import canonical_json
from kpicore.errors import Refused
from kpicore.ledger.records import BatchHeader

MARK = b"KPIFACT\x01"
_FRONT = struct.Struct(">8sI32s")
#: Bytes that hold the front and nearly every header.
HEAD_SIZE = 4096
_FEW_ROWS = 4096
#: So few rows are stored as they are: their columns are no longer than what zstd needs to begin.
_PLAIN_ROWS = 32
_PARTS = {a.name: a for a in attrs.fields(BatchHeader) if a.name != "position"}
_INTEGERS = {"rows", "chunk", "chunks", "recorded_at", "size"}
_OPTIONAL = {"by", "correlation", "complete_until", "reason"}


def arrow_bytes(table: pa.Table) -> bytes:
    """A table as an Arrow IPC file, with zstd where there are enough rows for it to be worth its time."""
    sink = pa.BufferOutputStream()
    codec = pa.Codec("zstd", compression_level=1) if table.num_rows > _PLAIN_ROWS else None
    # Chunks are written beside each other: threads within one would only be in the way.
    options = pa.ipc.IpcWriteOptions(compression=codec, use_threads=False)
    with pa.ipc.new_file(sink, table.schema.remove_metadata(), options=options) as writer:
        writer.write_table(table.combine_chunks())
    return bytes(sink.getvalue())


def digest_of(body: bytes | memoryview) -> str:
    """SHA-256 of a body, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def pack(header: BatchHeader, body: bytes) -> bytes:
    """Header and body as they are stored."""
    head = canonical_json({name: getattr(header, name) for name in _PARTS})
    return _FRONT.pack(MARK, len(head), hashlib.sha256(head).digest()) + head + body


def header_end(front: bytes, where: str) -> int:
    """Where the header of a stored batch ends, from its first bytes.

    Raises:
        Refused: The bytes are not the front of a stored batch.
    """
    if len(front) < _FRONT.size or front[:7] != MARK[:7]:
        raise _damaged(where, "it is not a stored batch")
    if front[7] != MARK[7]:
        raise Refused(
            f"its form {front[7]} is not known here", code="newer_form", where=where, hint="install a later kpicore"
        )
    _, length, _ = _FRONT.unpack_from(front)
    return int(_FRONT.size + length)


def read_header(head: bytes, position: int) -> BatchHeader:
    """The header of a stored batch from its first bytes.

    Args:
        head: At least the front and the header.
        position: Its place in the ledger's order.

    Raises:
        Refused: Something in it is not as it was stored.
    """
    where = f"position {position}"
    end = header_end(head, where)
    text = bytes(head[_FRONT.size : end])
    if len(head) < end or hashlib.sha256(text).digest() != head[12 : _FRONT.size]:
        raise _damaged(where, "its header does not have its digest")
    parts = json.loads(text)
    if not isinstance(parts, dict) or parts.keys() != _PARTS.keys():
        raise _damaged(where, "its header has other parts")
    for name, value in parts.items():
        kind = int if name in _INTEGERS or name == "complete_until" else str
        if not (type(value) is kind or (value is None and name in _OPTIONAL)):
            raise _damaged(where, f"its {name} is {value!r}")
    return BatchHeader(position=position, **parts)


def unpack(state: bytes, position: int) -> tuple[BatchHeader, memoryview]:
    """Header and body of a stored batch.

    Raises:
        Refused: Something in it is not as it was stored: a part is missing, follows, or does not have its digest.
    """
    header = read_header(state, position)
    where = f"position {position}"
    body = memoryview(state)[header_end(state, where) :]
    if len(body) != header.size:
        raise _damaged(where, f"its body has {len(body)} bytes instead of {header.size}")
    if digest_of(body) != header.digest:
        raise _damaged(where, "its body does not have its digest")
    return header, body


def read_table(header: BatchHeader, body: memoryview, columns: Collection[str] | None = None) -> pa.Table:
    """The rows of a stored batch.

    Args:
        header: What `unpack` returned.
        body: The same.
        columns: Only those of these columns that are there; None for all.

    Raises:
        Refused: The body is not the Arrow file that the header says.
    """
    where = f"position {header.position}"
    try:
        # Threads cost more than they save on few rows.
        options = pa.ipc.IpcReadOptions(use_threads=header.rows > _FEW_ROWS)
        with pa.ipc.open_file(pa.py_buffer(body), options=options) as whole:
            names = whole.schema.names
            if columns is None or set(names) <= set(columns):
                table = whole.read_all()
            else:
                places = [place for place, name in enumerate(names) if name in columns]
                # Without any column a table has no rows; one column more says how many there are.
                options.included_fields = places or [0]
                with pa.ipc.open_file(pa.py_buffer(body), options=options) as part:
                    table = part.read_all()
    except (pa.ArrowException, OSError) as error:
        raise _damaged(where, f"its body cannot be read: {error}") from error
    if table.num_rows != header.rows:
        raise _damaged(where, f"it has {table.num_rows} rows instead of {header.rows}")
    return table


def _damaged(where: str, what: str) -> Refused:
    return Refused(
        f"the stored batch is damaged: {what}",
        code="ledger_damaged",
        where=where,
        hint="restore the ledger from a backup; nothing of this batch was used",
    )
