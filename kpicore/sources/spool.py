"""Mapped rows on their way to one transaction: in memory while they are few, else in a temporary file."""

from __future__ import annotations

import tempfile
from types import TracebackType
from typing import IO, Self

import pyarrow as pa

#: Bytes that are kept in memory.
IN_MEMORY = 64 << 20


class Spool:
    """Collects tables of one schema; a context manager.

    Args:
        schema: Of all its tables.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = schema
        self.rows = 0
        self._tables: list[pa.Table] = []
        self._bytes = 0
        self._file: IO[bytes] | None = None
        self._writer: pa.RecordBatchFileWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tables.clear()
        if self._writer is not None:
            self._writer.close()
        if self._file is not None:
            self._file.close()

    def append(self, table: pa.Table) -> None:
        """Add rows at the end."""
        if not table.num_rows:
            return
        self.rows += table.num_rows
        self._bytes += table.nbytes
        self._tables.append(table)
        if self._bytes > IN_MEMORY:
            self._write()

    def table(self) -> pa.Table:
        """All rows in order; of a large spool they stay in the file until they are touched."""
        if self._file is None:
            return pa.concat_tables([self.schema.empty_table(), *self._tables])
        self._write()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._file.flush()
        return pa.ipc.open_file(pa.memory_map(self._file.name)).read_all()

    def _write(self) -> None:
        if self._file is None:
            self._file = tempfile.NamedTemporaryFile(prefix="kpicore-", suffix=".arrow")  # noqa: SIM115
            self._writer = pa.ipc.new_file(self._file, self.schema)
        if self._writer is not None:
            for table in self._tables:
                self._writer.write_table(table)
        self._tables.clear()
        self._bytes = 0
