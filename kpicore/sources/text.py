"""Text files: comma-separated, tab-separated and the like, in any declared encoding."""

from __future__ import annotations

import codecs
import io
from array import array
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve
from pyarrow import csv

from kpicore.errors import InvalidInput, RefusedRow
from kpicore.sources.blocks import Block, Found, Problem, Rows
from kpicore.sources.footers import Until, rows_end
from kpicore.sources.lines import LineTooLong, TextRow, cells, text_rows
from kpicore.sources.maps import FileOptions
from kpicore.sources.opened import InputFile
from kpicore.sources.refused_files import REFUSED_COLUMNS

#: Read at a time, and the most that a row may take.
_BLOCK_BYTES = 4 << 20
_MOST_COLUMNS = 10_000
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class TextFile:
    """A text file with a header line; every cell is text, and those among the declared nulls are null.

    Args:
        file: Opened.
        options: How it is read.

    Raises:
        InvalidInput: The header cannot be read, is empty, or names a column twice.
    """

    rows_total: int | None = None

    def __init__(self, file: InputFile, options: FileOptions) -> None:
        self.file = file
        self.delimiter = options.delimiter_of(file.path)
        self.options, self.end = options, file.size
        self.ragged: list[tuple[int, int]] = []
        self._ragged_places = array("q")
        self._walk: _Walk | None = None
        if options.encoding is None:
            self._refuse_other_encodings()
            if not _is_utf8(file.handle):
                raise self._bad_encoding()
        if self._is_of_refused_rows():
            # It says itself what its columns are, and has neither a preamble nor a footer.
            self.options = evolve(options, header=1, footer=0, columns=None)
        self._above = max(0, self.options.header - 1)
        self.end = rows_end(file, self.options.footer, options.encoding)
        self.names: Sequence[str] = self._header()
        self.readable: Sequence[str] = self.names

    def blocks(self, columns: Sequence[str]) -> Iterator[Block]:
        """See `Reader.blocks`."""
        # The last column tells whether the file ends within a quote.
        wanted = list(self.names) if self.file.nul else [n for n in self.names if n in {*columns, self.names[-1]}]
        row = 0
        last: pa.RecordBatch | None = None
        for batch in self._batches(wanted):
            if batch.num_rows == 0:
                continue
            rows = self._numbers(row, batch.num_rows)
            row += batch.num_rows
            last = batch
            # Blocks are read ahead of what is asked for, so the place is known only roughly.
            yield Block(pa.Table.from_batches([batch]), rows, self.file.handle.tell(), self._odd(batch))
        self._refuse_open_end(last)

    def find(self, rows: Sequence[int], block: Block | None) -> list[Found]:
        """See `Reader.find`."""
        del block
        if self._walk is None:
            self._walk = _Walk(self._text(), self.delimiter, self._above, header=self.options.header > 0)
        found = map(self._walk.row, rows)
        return [Found(row.line, cells(row.text, self.delimiter)) for row in found]

    def close(self) -> None:
        """See `Reader.close`."""
        if self._walk is not None:
            self._walk.close()
            self._walk = None

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(
            io.BufferedReader(Until(self.file.again(), self.end, owns=True)),
            encoding=self.options.encoding or "utf-8-sig",
            errors="replace",
            newline=None,
        )

    def _is_of_refused_rows(self) -> bool:
        with self._text() as handle:
            first = handle.readline(_BLOCK_BYTES).removeprefix("\ufeff").rstrip("\n")
        return tuple(cells(first, self.delimiter)[: len(REFUSED_COLUMNS)]) == REFUSED_COLUMNS

    def _header(self) -> list[str]:
        named = self.options.columns
        if self.options.header == 0:
            return list(named or ())
        row = self._header_row()
        names = cells(row.text.removeprefix("\ufeff"), self.delimiter)
        if named is None:
            return self._told_apart(names, row.line)
        if len(named) != len(names):
            raise self.file.bad(
                f"the map names {len(named)} columns, and the header {len(names)}",
                line=row.line,
                hint="name all of them, in the file's order, in columns under [file]",
            )
        return list(named)

    def _header_row(self) -> TextRow:
        try:
            with self._text() as handle:
                row = next(text_rows(handle, self.delimiter, self._above), None)
        except LineTooLong as error:
            raise self._too_long(error.line) from error
        if row is None:
            where = f" from line {self._above + 1} on" if self._above else ""
            raise self.file.bad(f"the file has only empty lines{where}", code="empty_file")
        if not row.closed:
            raise self.file.bad("a quote in the header is never closed", code="unclosed_quote", line=row.line)
        if row.text.count(self.delimiter) >= _MOST_COLUMNS:
            raise self.file.bad(f"the header names more than {_MOST_COLUMNS:,} columns", line=row.line)
        return row

    def _told_apart(self, names: list[str], line: int) -> list[str]:
        """The names, with places for those that are empty: nobody can ask for these by name."""
        seen: set[str] = set()
        for name in filter(None, names):
            if name in seen:
                raise self.file.bad(
                    f"two columns are named {name!r}",
                    code="duplicate_column",
                    line=line,
                    hint='rename one of them, or name all of them in the map: columns = ["…", "…"] under [file]',
                )
            seen.add(name)
        return [name or f"column {place}" for place, name in enumerate(names, 1)]

    def _refuse_other_encodings(self) -> None:
        start = self.file.handle.read(4)
        self.file.handle.seek(0)
        for bom, name in _BOMS:
            if start.startswith(bom):
                raise self.file.bad(
                    f"the file begins like {name.upper()}",
                    code="bad_encoding",
                    hint=f'add encoding = "{name}" under [file]',
                )

    def _batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        self.file.handle.seek(0)
        self.ragged.clear()
        del self._ragged_places[:]
        try:
            reader = csv.open_csv(
                Until(self.file.handle, self.end),
                read_options=csv.ReadOptions(
                    skip_rows=self._above,
                    # The parser numbers ragged rows only when it works alone.
                    use_threads=False,
                    block_size=_BLOCK_BYTES,
                    encoding=self.options.encoding or "utf8",
                    column_names=list(self.names),
                ),
                parse_options=csv.ParseOptions(
                    delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=self._invalid
                ),
                convert_options=csv.ConvertOptions(
                    include_columns=list(columns),
                    column_types=dict.fromkeys(columns, pa.string()),
                    null_values=list(self.options.null),
                    strings_can_be_null=True,
                ),
            )
            header = self.options.header > 0
            for batch in reader:
                yield batch.slice(1) if header and batch.num_rows else batch
                header = header and not batch.num_rows
        except UnicodeDecodeError as error:
            raise self._bad_encoding() from error
        except pa.ArrowInvalid as error:
            raise self._diagnosed(str(error)) from error

    def _invalid(self, row: Any) -> str:
        place = row.number - self.options.header - 1
        self._ragged_places.append(place)
        self.ragged.append((place, row.actual_columns))
        return "skip"

    def _numbers(self, first: int, count: int) -> Rows:
        """Places of the rows first … first + count − 1 of those that are not ragged, among all rows."""
        places = np.arange(first, first + count, dtype=np.int64)
        if self.ragged:
            # The k-th ragged row (at place p) pushes every good row from number p − k on by one.
            ragged = np.array(self._ragged_places, dtype=np.int64)
            places += np.searchsorted(ragged - np.arange(len(ragged)), places, side="right")
        return places

    def _refuse_open_end(self, last: pa.RecordBatch | None) -> None:
        """The parser takes an open quote at the end as closed; then the last cell holds a line end or the line a quote."""
        start = max(0, self.end - 2 * _BLOCK_BYTES)
        self.file.handle.seek(start)
        tail = self.file.handle.read(self.end - start)
        cell = last.column(last.num_columns - 1)[-1].as_py() if last is not None else None
        over_lines = cell is not None and ("\n" in cell or "\r" in cell)
        if over_lines or self.ragged or b'"' in tail.rstrip(b"\r\n\0").rpartition(b"\n")[2]:
            error = self._unreadable_row(unclosed_only=True)
            if error is not None:
                raise error

    def _unreadable_row(self, *, unclosed_only: bool = False) -> InvalidInput | None:
        """The error of the first row that is never closed or is too long for a block."""
        with self._text() as handle:
            try:
                first = -1 if self.options.header else 0
                for number, row in enumerate(text_rows(handle, self.delimiter, self._above), first):
                    if not row.closed:
                        return self._refused(
                            number, row.line, row.text[:80], "the quote is never closed", "unclosed_quote"
                        )
                    if (
                        not unclosed_only
                        and len(row.text) >= _BLOCK_BYTES // 4
                        and len(row.text.encode()) >= _BLOCK_BYTES
                    ):
                        return self._too_long(row.line)
            except LineTooLong as error:
                return self._too_long(error.line)
        return None

    def _refused(self, row: int, line: int, value: str | None, reason: str, code: str) -> InvalidInput:
        refused = RefusedRow(row, None, value, reason, line=line, file=self.file.name)
        return InvalidInput(
            reason, code=code, where=f"{self.file.name}:{line}", rows=[refused], hint="mend the file at that line"
        )

    def _too_long(self, line: int) -> InvalidInput:
        reason = f"the line or the quoted text that begins here is longer than {_BLOCK_BYTES >> 20} MiB"
        return self._refused(max(line - 2, 0), line, None, reason, "line_too_long")

    def _diagnosed(self, message: str) -> InvalidInput:
        if "UTF8" in message:
            return self._bad_encoding()
        found = self._unreadable_row()
        return found or self.file.bad(f"the file is not readable as text in columns: {message}")

    def _bad_encoding(self) -> InvalidInput:
        declared = self.options.encoding
        line = None
        if declared is None:
            self.file.handle.seek(0)
            # An undecodable byte is found line by line; the lines are bounded, so that memory is.
            line = _undecodable_line(self.file.handle)
            message, hint = (
                "the text is not UTF-8",
                'add encoding under [file], for example "gb18030", "big5" or "cp1252"',
            )
        else:
            message, hint = f"the text is not {declared}", "correct encoding under [file]"
        return self.file.bad(message, code="bad_encoding", line=line, hint=hint)

    def _odd(self, batch: pa.RecordBatch) -> Sequence[Problem]:
        """Cells with zero characters; in UTF-16 zero bytes are in every line, so only the cells tell."""
        if not self.file.nul:
            return ()
        found = []
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            offsets = np.flatnonzero(np.asarray(pc.fill_null(pc.match_substring(column, "\0"), False)))
            if len(offsets):
                found.append(Problem(offsets, name, column.take(pa.array(offsets)), "a zero character"))
        return found


class _Walk:
    """Goes through a file's rows once, as far as someone asks."""

    def __init__(self, handle: io.TextIOWrapper, delimiter: str, above: int, *, header: bool) -> None:
        self._handle = handle
        self._rows = text_rows(handle, delimiter, above)
        # The header stands before the first row.
        self._at, self._row = (-1, next(self._rows)) if header else (0, next(self._rows))

    def row(self, number: int) -> TextRow:
        """The row of that number, from 0; numbers never go back."""
        while self._at < number:
            self._at, self._row = self._at + 1, next(self._rows)
        return self._row

    def close(self) -> None:
        self._rows.close()
        self._handle.close()


def _is_utf8(handle: io.BufferedReader) -> bool:
    """Whether all of a file is UTF-8: the parser looks at the cells that are asked for only."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    handle.seek(0)
    try:
        while chunk := handle.read(1 << 20):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        handle.seek(0)
    return True


def _undecodable_line(handle: io.BufferedReader) -> int | None:
    number, rest = 1, b""
    while chunk := handle.read(1 << 20):
        text = rest + chunk
        try:
            text.decode("utf-8")
            rest = b""
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data" or error.start < len(text) - 3:
                head = text[: error.start]
                return number + head.count(b"\n") + head.replace(b"\r\n", b"").count(b"\r")
            rest = text[error.start :]
            text = text[: error.start]
        number += text.count(b"\n") + text.replace(b"\r\n", b"").count(b"\r")
    return number if rest else None
