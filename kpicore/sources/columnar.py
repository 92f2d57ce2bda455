"""Parquet and Arrow files: typed columns, read in blocks, and never larger than what their bytes can honestly hold."""

from __future__ import annotations

import mmap
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from io import BufferedReader
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from kpicore.sources.blocks import Block, Found, plain
from kpicore.sources.messages import Malformed, batch_sizes, is_file
from kpicore.sources.opened import InputFile

_BLOCK_ROWS = 65_536
#: Most bytes that a batch, or a row group's columns, may take when they are expanded.
LARGEST_BATCH = 1 << 30
#: Most bytes that the texts of one block may take when they are written out.
LARGEST_BLOCK = 256 << 20
#: So many times its size a file may grow when it is read; small files are let be.
LARGEST_RATIO, LET_BE = 1_000, 64 << 20
#: Rows without any bytes behind them are a trap, not data.
_ROWS_PER_BYTE = 1_000

_TYPES = (
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_date,
    pa.types.is_timestamp,
    pa.types.is_null,
)


def _leaves(path: tuple[str, ...], kind: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The columns that a column consists of: itself, or the parts of a structure."""
    if not pa.types.is_struct(kind):
        yield path, kind
        return
    for part in kind:
        yield from _leaves((*path, part.name), part.type)


def _said(kind: Any) -> str:
    """A type in words; those of a broken file may not be text."""
    try:
        return str(kind)
    except UnicodeDecodeError:
        return "a kind that cannot be read"


def _has_zone(kind: Any) -> bool:
    """Whether the zone of a timestamp, if it has one, is text."""
    try:
        return kind.tz is None or bool(kind.tz)
    except UnicodeDecodeError:
        return False


def _plain_type(kind: Any) -> Any:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _readable(kind: Any) -> bool:
    return any(test(_plain_type(kind)) for test in _TYPES)


def _narrowed(column: Any) -> Any:
    """Decimals of up to 76 digits as those of 38, which SQL knows, where they fit."""
    try:
        return pc.cast(column, pa.decimal128(38, column.type.scale))
    except (pa.ArrowInvalid, ValueError):
        return column


class _Typed(ABC):
    """What Parquet and Arrow files have in common."""

    def __init__(self, file: InputFile, schema: pa.Schema, names: Sequence[str], nulls: Sequence[str]) -> None:
        self.file, self.nulls = file, nulls
        self.ragged: Sequence[tuple[int, int]] = ()
        for name in names:
            if names.count(name) > 1:
                raise file.bad(f"two columns are named {name!r}", code="duplicate_column", hint="rename one of them")
        #: Where each column is found: parts of structures go by the path to them, `customer.email`.
        self._columns = {
            ".".join(path): (path, kind) for name in names for path, kind in _leaves((name,), schema.field(name).type)
        }
        # A column of its own goes before a part of that name.
        self._columns.update(
            {name: ((name,), kind) for name in names if not pa.types.is_struct(kind := schema.field(name).type)}
        )
        self.names: Sequence[str] = list(self._columns)
        self.readable: Sequence[str] = [name for name, (_, kind) in self._columns.items() if _readable(kind)]

    def find(self, rows: Sequence[int], block: Block | None) -> list[Found]:
        """See `Reader.find`: rows of these files have no lines."""
        if block is None:
            return [Found(None, ()) for _ in rows]
        places = np.searchsorted(block.rows, np.asarray(rows, dtype=np.int64)).tolist()
        cells = ([plain(column[place]) for column in block.table.columns] for place in places)
        return [Found(None, ["" if value is None else str(value) for value in row]) for row in cells]

    def close(self) -> None:
        """See `Reader.close`."""
        self.ragged = ()

    def blocks(self, columns: Sequence[str]) -> Iterator[Block]:
        """See `Reader.blocks`."""
        wanted = [name for name in self.names if name in set(columns)]
        for name in wanted:
            self._check_type(name)
        row = 0
        for table, bytes_done in self._tables(wanted):
            for start in range(0, table.num_rows, _BLOCK_ROWS):
                block = self._plain(table.slice(start, _BLOCK_ROWS), wanted)
                rows = np.arange(row, row + block.num_rows, dtype=np.int64)
                row += block.num_rows
                yield Block(block, rows, bytes_done)
        self.file.check_unchanged()

    @abstractmethod
    def _tables(self, columns: list[str]) -> Iterator[tuple[pa.Table, int]]:
        """Tables that hold these columns, as they are stored, and how many bytes of the file are done."""

    def _check_type(self, name: str) -> None:
        _, kind = self._columns[name]
        plain = _plain_type(kind)
        if not any(test(plain) for test in _TYPES):
            raise self.file.bad(
                f"the column {name!r} is of type {_said(kind)}",
                code="column_type",
                hint="only texts, numbers, dates and times; write a list as rows of their own",
            )
        if pa.types.is_timestamp(plain) and not _has_zone(plain):
            raise self.file.bad(
                f"the time zone of the column {name!r} is no text",
                code="column_type",
                hint="write the file again; a zone is a name like Asia/Taipei or an offset like +08:00",
            )
        # A file may say so of a type that Arrow itself would not make.
        if pa.types.is_decimal(plain) and not 0 <= plain.scale <= plain.precision:
            raise self.file.bad(
                f"the column {name!r} is of type {kind}: it has more places than digits, or fewer than none",
                code="column_type",
                hint="write decimals with a scale between 0 and their precision",
            )

    def _plain(self, table: pa.Table, names: Sequence[str]) -> pa.Table:
        """Texts written out and declared nulls made null, once it is sure that they fit."""
        columns = []
        for name in names:
            (top, *parts), _ = self._columns[name]
            column = table[top].combine_chunks()
            if parts:
                column = pc.struct_field(column, parts)
            if pa.types.is_dictionary(column.type):
                if self._written_out(column) > LARGEST_BLOCK:
                    raise self._bomb(f"the texts of {name!r} repeat to more than {LARGEST_BLOCK >> 20} MiB a block")
                column = column.dictionary_decode()
            if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
                column = pc.cast(column, pa.string())
            if pa.types.is_decimal256(column.type):
                column = _narrowed(column)
            if self.nulls and pa.types.is_string(column.type):
                known = pc.is_in(column, value_set=pa.array(self.nulls, pa.string()))
                column = pc.if_else(known, pa.scalar(None, pa.string()), column)
            columns.append(column)
        return pa.table(columns, names=list(names))

    def _written_out(self, column: Any) -> int:
        values = column.dictionary
        if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
            return 0
        return pc.sum(pc.take(pc.binary_length(values), column.indices)).as_py() or 0

    def _bound(self, expanded: int, rows: int, largest: int) -> None:
        if largest > LARGEST_BATCH:
            raise self._bomb(f"a batch of it takes {largest >> 20:,} MiB, more than {LARGEST_BATCH >> 20:,}")
        if expanded > max(LET_BE, LARGEST_RATIO * self.file.size) or rows > _ROWS_PER_BYTE * self.file.size:
            raise self._bomb(f"it would grow to {LARGEST_RATIO:,} times its size or more")

    def _bomb(self, message: str) -> Exception:
        return self.file.bad(
            f"the file is refused before it is expanded: {message}",
            code="too_large",
            hint="write it in smaller batches",
        )

    def _broken(self, kind: str, error: Exception) -> Exception:
        reason = str(error).partition("\n")[0]
        return self.file.bad(f"this is not a readable {kind} file: {reason}", code=f"bad_{kind.lower()}")


class ParquetFile(_Typed):
    """A Parquet file.

    Args:
        file: Opened.
        nulls: Texts that stand for null.

    Raises:
        InvalidInput: It cannot be read, or would grow beyond all measure.
    """

    def __init__(self, file: InputFile, nulls: Sequence[str]) -> None:
        try:
            self._metadata = parquet.read_metadata(file.handle)
            schema = self._metadata.schema.to_arrow_schema()
            names = list(schema.names)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._unreadable(file, error) from error
        super().__init__(file, schema, names, nulls)
        self.rows_total: int | None = self._metadata.num_rows
        groups = [self._metadata.row_group(number) for number in range(self._metadata.num_row_groups)]
        sizes = [group.total_byte_size for group in groups]
        self._bound(sum(sizes), self._metadata.num_rows, max(sizes, default=0))

    @staticmethod
    def _unreadable(file: InputFile, error: Exception) -> Exception:
        return file.bad(f"this is not a readable Parquet file: {str(error).splitlines()[0]}", code="bad_parquet")

    def _tables(self, columns: list[str]) -> Iterator[tuple[pa.Table, int]]:
        # Sizes in the metadata count repeated texts once: as dictionaries they stay as small as they are stored.
        texts = [name for name in columns if pa.types.is_string(self._columns[name][1])]
        done = 0
        try:
            with (
                self.file.again() as handle,
                parquet.ParquetFile(handle, read_dictionary=texts, page_checksum_verification=True) as reader,
            ):
                for batch in reader.iter_batches(batch_size=_BLOCK_ROWS, columns=columns, use_threads=True):
                    table = pa.Table.from_batches([batch])
                    table.validate(full=True)
                    done += table.num_rows
                    yield table, self.file.size * done // max(1, self._metadata.num_rows)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._unreadable(self.file, error) from error


class ArrowFile(_Typed):
    """An Arrow IPC file or stream.

    Args:
        file: Opened.
        nulls: Texts that stand for null.

    Raises:
        InvalidInput: It cannot be read, is cut off, or would grow beyond all measure.
    """

    def __init__(self, file: InputFile, nulls: Sequence[str]) -> None:
        # Errors hold on to parts of the map: it is closed when the last of them goes.
        data = memoryview(mmap.mmap(file.handle.fileno(), 0, access=mmap.ACCESS_READ))
        try:
            self._random = is_file(data)
            sizes = list(batch_sizes(data))
        except Malformed as error:
            raise file.bad(f"this is not a readable Arrow file: {error}", code="bad_arrow") from error
        try:
            with file.again() as handle, self._open(handle) as reader:
                schema, names = reader.schema, list(reader.schema.names)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise file.bad(f"this is not a readable Arrow file: {error}", code="bad_arrow") from error
        super().__init__(file, schema, names, nulls)
        self.rows_total: int | None = sum(size.rows for size in sizes)
        self._bound(
            sum(size.expanded for size in sizes), self.rows_total, max((size.expanded for size in sizes), default=0)
        )

    def _open(self, handle: BufferedReader) -> Any:
        return pa.ipc.open_file(handle) if self._random else pa.ipc.open_stream(handle)

    def _tables(self, columns: list[str]) -> Iterator[tuple[pa.Table, int]]:
        tops = list(dict.fromkeys(self._columns[name][0][0] for name in columns))
        try:
            with self.file.again() as handle, self._open(handle) as reader:
                batches = map(reader.get_batch, range(reader.num_record_batches)) if self._random else iter(reader)
                done = 0
                for batch in batches:
                    # Dictionaries are checked with the columns that use them.
                    table = pa.Table.from_batches([batch]).select(tops)
                    table.validate(full=True)
                    done += table.num_rows
                    yield table, self.file.size * done // max(1, self.rows_total or 1)
        except (pa.ArrowException, OSError, ValueError, IndexError) as error:
            raise self._broken("Arrow", error) from error
