"""How large an Arrow file becomes when it is read, from its metadata alone.

Arrow's messages say in a flatbuffer where each buffer of a batch lies, and a compressed buffer begins with its size
uncompressed (Arrow columnar format, "Serialization and Interprocess Communication"). The library expands first and
asks later, so what a few kilobytes claim to hold is added up here before it is let near them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from attrs import frozen

_MAGIC = b"ARROW1"
_CONTINUATION = 0xFFFFFFFF
_RECORD_BATCH, _DICTIONARY_BATCH = 3, 2


class Malformed(Exception):  # noqa: N818
    """The bytes are not Arrow messages."""


@frozen
class BatchSize:
    """What one batch claims.

    Args:
        rows: How many rows.
        stored: Bytes of its body in the file.
        expanded: Bytes of its buffers when they are uncompressed.
    """

    rows: int
    stored: int
    expanded: int


def batch_sizes(data: memoryview) -> Iterator[BatchSize]:
    """The sizes of all record and dictionary batches.

    Args:
        data: The whole content of an IPC file or stream, mapped rather than read.

    Raises:
        Malformed: The messages lead outside the file, or are none.
    """
    try:
        if bytes(data[:6]) == _MAGIC:
            yield from _of_file(data)
        else:
            yield from _of_stream(data)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise Malformed("its messages cannot be followed") from error


def is_file(data: memoryview) -> bool:
    """Whether it is the random-access file format; else it can only be a stream."""
    return bytes(data[:6]) == _MAGIC


def _of_file(data: memoryview) -> Iterator[BatchSize]:
    if bytes(data[-6:]) != _MAGIC:
        raise Malformed("it is cut off: the end of an Arrow file is missing")
    length = struct.unpack_from("<i", data, len(data) - 10)[0]
    start = len(data) - 10 - length
    if length <= 0 or start < 8:
        raise Malformed("its footer is not where it should be")
    footer = _Table.root(data[start : len(data) - 10])
    for field in (2, 3):
        for block in footer.structs(field, 24):
            offset, metadata, body = struct.unpack_from("<qi4xq", block)
            if offset < 0 or metadata < 0 or body < 0 or offset + metadata + body > start:
                raise Malformed("a batch lies outside the file")
            yield _size(data[offset + 8 : offset + metadata], data[offset + metadata : offset + metadata + body])


def _of_stream(data: memoryview) -> Iterator[BatchSize]:
    at = 0
    while at + 8 <= len(data):
        mark, length = struct.unpack_from("<Ii", data, at)
        if mark != _CONTINUATION:
            raise Malformed("it does not begin like an Arrow file or stream")
        if length == 0:
            return
        metadata = data[at + 8 : at + 8 + length]
        if length < 0 or len(metadata) < length:
            raise Malformed("a message is cut off")
        message = _Table.root(metadata)
        size = message.integer(3, "<q")
        at += 8 + length
        if size < 0 or at + size > len(data):
            raise Malformed("a batch is cut off")
        if message.integer(1, "<B") in (_RECORD_BATCH, _DICTIONARY_BATCH):
            yield _size(metadata, data[at : at + size])
        at += size
    raise Malformed("it is cut off: the end of the stream is missing")


def _size(metadata: memoryview, body: memoryview) -> BatchSize:
    message = _Table.root(metadata)
    batch = message.table(2)
    if message.integer(1, "<B") == _DICTIONARY_BATCH:
        batch = batch.table(1)
    compressed = batch.has(3)
    expanded = 0
    for buffer in batch.structs(2, 16):
        offset, length = struct.unpack_from("<qq", buffer)
        if offset < 0 or length < 0 or offset + length > len(body):
            raise Malformed("a buffer lies outside its batch")
        size = struct.unpack_from("<q", body, offset)[0] if compressed and length >= 8 else -1
        if size < -1:
            raise Malformed("a buffer has a negative size")
        expanded += length if size == -1 else size
    return BatchSize(batch.integer(0, "<q"), len(body), expanded)


class _Table:
    """A flatbuffer table: as much of one as messages need."""

    def __init__(self, data: memoryview, at: int) -> None:
        self._data, self._at = data, at
        self._fields = at - int(struct.unpack_from("<i", data, at)[0])
        if self._fields < 0 or at < 0:
            raise Malformed("its metadata point outside themselves")
        self._size = int(struct.unpack_from("<H", data, self._fields)[0])

    @classmethod
    def root(cls, data: memoryview) -> _Table:
        return cls(data, struct.unpack_from("<I", data, 0)[0])

    def _place(self, field: int) -> int:
        slot = 4 + 2 * field
        if slot + 2 > self._size:
            return 0
        offset = int(struct.unpack_from("<H", self._data, self._fields + slot)[0])
        return self._at + offset if offset else 0

    def has(self, field: int) -> bool:
        return self._place(field) != 0

    def integer(self, field: int, form: str) -> int:
        place = self._place(field)
        return int(struct.unpack_from(form, self._data, place)[0]) if place else 0

    def _target(self, field: int) -> int:
        place = self._place(field)
        if not place:
            raise Malformed("its metadata lack a part")
        return place + int(struct.unpack_from("<I", self._data, place)[0])

    def table(self, field: int) -> _Table:
        return _Table(self._data, self._target(field))

    def structs(self, field: int, size: int) -> Iterator[memoryview]:
        if not self.has(field):
            return
        start = self._target(field)
        count = struct.unpack_from("<I", self._data, start)[0]
        if start + 4 + count * size > len(self._data):
            raise Malformed("a list is longer than its metadata")
        for number in range(count):
            place = start + 4 + number * size
            yield self._data[place : place + size]
