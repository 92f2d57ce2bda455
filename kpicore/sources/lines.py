"""Finding rows of a text file again: the line on which an editor shows them, and their cells."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TextIO

from attrs import frozen

#: Longest row that is looked at, in characters; what parsers take is shorter.
LONGEST_LINE = 8 << 20


class LineTooLong(Exception):  # noqa: N818
    """A line goes beyond `LONGEST_LINE`; `line` says which."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@frozen
class TextRow:
    """A row as it stands in the file.

    Args:
        line: Where it begins, from 1.
        text: Without its line end.
        closed: Whether its last quote is closed.
    """

    line: int
    text: str
    closed: bool = True


def _lines(handle: TextIO) -> Iterator[str]:
    number = 0
    while line := handle.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise LineTooLong(number)
        yield line


def text_rows(handle: TextIO, delimiter: str, above: int = 0) -> Generator[TextRow, None, None]:
    """All rows that are not empty lines, the header among them.

    Args:
        handle: Opened with universal newlines, at the start.
        delimiter: Between cells.
        above: So many lines at the start are passed over, whatever stands in them.

    Raises:
        LineTooLong: At a line, or a quoted cell over lines, beyond `LONGEST_LINE` characters.
    """
    start, length, inside = 0, 0, False
    parts: list[str] = []
    for number, line in enumerate(_lines(handle), 1):
        if number <= above:
            continue
        if not parts:
            start, length = number, 0
            if line == "\n":
                continue
        parts.append(line)
        length += len(line)
        if length > LONGEST_LINE:
            raise LineTooLong(start)
        if '"' in line:
            inside = _ends_inside(line, delimiter, inside)
        if not inside:
            yield TextRow(start, "".join(parts).removesuffix("\n"))
            parts.clear()
    if parts:
        yield TextRow(start, "".join(parts), closed=False)


def cells(text: str, delimiter: str) -> list[str]:
    """The cells of one row: a quote counts only where a cell begins, a doubled one stands for itself."""
    found: list[str] = []
    at = 0
    while True:
        cell = ""
        if text.startswith('"', at):
            close = _closing(text, at + 1)
            cell = text[at + 1 : close].replace('""', '"')
            at = close + 1
        until = text.find(delimiter, at)
        if until < 0:
            return [*found, cell + text[at:]]
        found.append(cell + text[at:until])
        at = until + 1


def _ends_inside(line: str, delimiter: str, inside: bool) -> bool:
    """Whether the line ends within a quoted cell, if it begins inside one or at the beginning of a cell."""
    at = 0
    while True:
        if not inside and line.startswith('"', at):
            inside = True
            at += 1
        if inside:
            at = _closing(line, at) + 1
            if at > len(line):
                return True
            inside = False
        at = line.find(delimiter, at) + 1
        if not at:
            return False


def _closing(text: str, at: int) -> int:
    """Where the quote closes that is open at `at`; the text's length if it does not."""
    while (close := text.find('"', at)) >= 0:
        if not text.startswith('"', close + 1):
            return close
        at = close + 2
    return len(text)
