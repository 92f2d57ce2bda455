"""`FILE.refused.csv`: the refused rows as they stood, with reasons in front, to be mended and imported with the same map."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from kpicore.errors import InvalidInput, RefusedRow
from kpicore.sources.blocks import Reader
from kpicore.sources.maps import FileOptions

#: The columns before the file's own.
REFUSED_COLUMNS = ("refused_line", "refused_column", "refused_value", "refused_reason")


class RefusedFile:
    """Writes refused rows beside the input, and puts the file in its place when all are there; a context manager.

    Args:
        beside: The input.
        reader: Of the input.
        options: How the input is read: a text file's refused rows are written in the same way.
    """

    def __init__(self, beside: Path, reader: Reader, options: FileOptions) -> None:
        self.path = beside.with_name(beside.name + ".refused.csv")
        self._names = reader.readable
        text = options.format_of(beside) == "csv"
        self._delimiter = options.delimiter_of(beside) if text else ","
        self._encoding = (options.encoding if text else None) or "utf-8"
        self._handle: IO[str] | None = None
        self._temporary: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            self._handle.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def write(self, refused: Sequence[RefusedRow], cells: Sequence[str]) -> None:
        """Write one row with all that is wrong with it."""
        line = refused[0].line
        self._writer().writerow(
            [
                "" if line is None else str(line),
                "; ".join(row.column or "" for row in refused),
                "; ".join(row.value or "" for row in refused),
                "; ".join(row.reason for row in refused),
                *cells,
            ]
        )

    def finish(self) -> Path | None:
        """Put the file in its place; its path, None when there was nothing to write."""
        if self._handle is None or self._temporary is None:
            return None
        self._handle.close()
        # Whatever stands there, a link among it, is replaced rather than followed.
        self._temporary.replace(self.path)
        self._temporary = None
        return self.path

    def _writer(self) -> Any:
        first = self._handle is None
        if self._handle is None:
            self._handle = self._opened()
        writer = csv.writer(self._handle, delimiter=self._delimiter)
        if first:
            writer.writerow([*REFUSED_COLUMNS, *self._names])
        return writer

    def _opened(self) -> IO[str]:
        try:
            descriptor, name = tempfile.mkstemp(prefix=".kpicore-", suffix=".csv", dir=self.path.parent)
        except OSError as error:
            raise InvalidInput(
                f"the refused rows cannot be written: {error.strerror}",
                code="unwritable_folder",
                where=str(self.path),
                hint="make the folder writable, or import without --keep-good",
            ) from error
        self._temporary = Path(name)
        return os.fdopen(descriptor, "w", encoding=self._encoding, errors="replace", newline="")
