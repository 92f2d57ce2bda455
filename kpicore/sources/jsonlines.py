"""Files with a JSON object on each line: every value is text as it is written, parts of objects are columns of their own."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from kpicore.sources.blocks import Block, Found, Problem
from kpicore.sources.lines import LONGEST_LINE
from kpicore.sources.maps import FileOptions
from kpicore.sources.opened import InputFile

_BLOCK_ROWS = 16_384
_BLOCK_CHARACTERS = 8 << 20
_MOST_COLUMNS, _MOST_NESTED = 10_000, 32
_SURROGATE = re.compile("[\ud800-\udfff]")


class _List:
    """Stands where a list is: a fact has no field for it."""


class _NoRow(Exception):  # noqa: N818
    """A line that is no row; its text says why."""


class JsonLinesFile:
    """A file of JSON Lines; empty lines are no rows.

    Args:
        file: Opened.
        options: How it is read.

    Raises:
        InvalidInput: It has no object at all, is not of its encoding, or names more columns than can be.
    """

    rows_total: int | None
    ragged: Sequence[tuple[int, int]] = ()

    def __init__(self, file: InputFile, options: FileOptions) -> None:
        self.file, self.options = file, options
        self.nulls = frozenset(options.null)
        self._walk: Iterator[tuple[int, int, str]] | None = None
        names: dict[str, bool] = {}
        rows = 0
        for _, line, text in self._lines():
            rows += 1
            try:
                for name, value in _columns(text).items():
                    names[name] = names.get(name, False) or value is _List
            except _NoRow:
                continue
            if len(names) > _MOST_COLUMNS:
                raise file.bad(f"its objects name more than {_MOST_COLUMNS:,} columns", line=line)
        if not names:
            raise file.bad(
                "no line is a JSON object with a name in it",
                hint='write one object a line: {"id": "D-1", "at": "2026-03-05T10:00:00Z"}',
            )
        self.names: Sequence[str] = list(names)
        self.readable: Sequence[str] = [name for name, has_lists in names.items() if not has_lists]
        self.rows_total = rows

    def blocks(self, columns: Sequence[str]) -> Iterator[Block]:
        """See `Reader.blocks`."""
        wanted = [name for name in self.names if name in set(columns)]
        for name in wanted:
            if name not in self.readable:
                raise self.file.bad(
                    f"the column {name!r} holds lists", code="column_type", hint="write a list as rows of their own"
                )
        found = _Rows(wanted, self.nulls)
        characters = 0
        for row, _, text in self._lines():
            found.add(row, text)
            characters += len(text)
            if len(found.rows) >= _BLOCK_ROWS or characters >= _BLOCK_CHARACTERS:
                yield found.block(self.file.size * row // max(1, self.rows_total or 1))
                found, characters = _Rows(wanted, self.nulls), 0
        if found.rows:
            yield found.block(self.file.size)
        self.file.check_unchanged()

    def find(self, rows: Sequence[int], block: Block | None) -> list[Found]:
        """See `Reader.find`."""
        del block
        if self._walk is None:
            self._walk = self._lines()
        return [self._found(number) for number in rows]

    def _found(self, number: int) -> Found:
        for row, line, text in self._walk or ():
            if row == number:
                try:
                    values = _columns(text)
                except _NoRow:
                    values = {self.readable[0]: text[:LONGEST_LINE]} if self.readable else {}
                return Found(line, [_text(values.get(name)) or "" for name in self.readable])
        return Found(None, ())

    def close(self) -> None:
        """See `Reader.close`."""
        self._walk = None

    def _lines(self) -> Iterator[tuple[int, int, str]]:
        """Rows by number, line and text."""
        encoding = self.options.encoding or "utf-8-sig"
        row = 0
        with io.TextIOWrapper(self.file.again(), encoding=encoding, newline="\n") as handle:
            line = 0
            while True:
                try:
                    text = handle.readline(LONGEST_LINE)
                except UnicodeError as error:
                    named = self.options.encoding or "UTF-8"
                    raise self.file.bad(
                        f"the text is not {named}",
                        code="bad_encoding",
                        line=line + 1,
                        hint='say its encoding under [file], for example "utf-16" or "gb18030"',
                    ) from error
                if not text:
                    return
                line += 1
                if len(text) == LONGEST_LINE and not text.endswith("\n"):
                    raise self.file.bad(
                        f"the line is longer than {LONGEST_LINE >> 20} Mi characters", code="line_too_long", line=line
                    )
                if stripped := text.strip():
                    yield row, line, stripped.removeprefix("\ufeff")
                    row += 1


class _Rows:
    """Rows of one block, a column at a time."""

    def __init__(self, wanted: Sequence[str], nulls: frozenset[str]) -> None:
        self.columns: dict[str, list[str | None]] = {name: [] for name in wanted}
        self.nulls = nulls
        self.rows: list[int] = []
        self.problems: list[tuple[int, str | None, str | None, str]] = []

    def add(self, row: int, text: str) -> None:
        """Take one line."""
        offset = len(self.rows)
        self.rows.append(row)
        values: dict[str, Any] = {}
        try:
            values = _columns(text)
        except _NoRow as error:
            self.problems.append((offset, None, None, str(error)))
        for name, column in self.columns.items():
            value = _text(values.get(name))
            if value is not None and ("\0" in value or _SURROGATE.search(value)):
                shown = value.encode("utf-8", "replace").decode("utf-8")
                self.problems.append((offset, name, shown, "a zero character, or half a character"))
                value = None
            column.append(None if value in self.nulls else value)

    def block(self, bytes_done: int) -> Block:
        """All of them."""
        table = pa.table({name: pa.array(column, pa.string()) for name, column in self.columns.items()})
        problems = [
            Problem(np.array([offset], dtype=np.int64), name, pa.array([value], pa.string()), reason)
            for offset, name, value, reason in self.problems
        ]
        return Block(table, np.array(self.rows, dtype=np.int64), bytes_done, problems)


def _columns(text: str) -> dict[str, Any]:
    """Names and values of the object on a line; those of an object in it by their path, `customer.email`.

    Raises:
        _NoRow: It is no object, or names something twice.
    """
    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_once)
    except RecursionError:
        raise _NoRow("it is nested too deeply") from None
    except ValueError as error:
        raise _NoRow(f"it is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise _NoRow("it is not a JSON object")
    return _once(list(_flat("", found, 1)))


def _flat(path: str, found: Mapping[str, Any], depth: int) -> Iterator[tuple[str, Any]]:
    if depth > _MOST_NESTED:
        raise _NoRow("it is nested too deeply")
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(f"{path}{name}.", value, depth + 1)
        else:
            yield path + name, _List if isinstance(value, list) else value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _NoRow(f"it names {twice!r} twice")
    return found


def _no_number(written: str) -> str:
    raise _NoRow(f"{written} is not a number")


def _text(value: Any) -> str | None:
    if value is None or value is _List:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
