"""Where the rows of a text file end, when lines below them (totals, "end of report") are passed over."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from kpicore.sources.opened import InputFile

#: Lines at the end are looked for in so many bytes.
_TAIL = 1 << 20


def rows_end(file: InputFile, footer: int, encoding: str | None) -> int:
    """Where the last `footer` lines of a file begin; empty lines are no lines.

    Args:
        file: Opened.
        footer: How many lines; with 0 the file's end comes back.
        encoding: As Python names it; None for UTF-8.

    Returns:
        An offset in bytes.

    Raises:
        InvalidInput: They are all of the file, or longer than what is looked at.
    """
    if footer == 0:
        return file.size
    kind = _unit(file, encoding or "utf-8")
    base = max(0, file.size - _TAIL) // kind.itemsize * kind.itemsize
    with file.again() as handle:
        handle.seek(base)
        tail = handle.read()
    codes = np.frombuffer(tail[: len(tail) // kind.itemsize * kind.itemsize], dtype=kind)
    ends = (codes == ord("\n")) | (codes == ord("\r"))
    at = len(codes)
    for _ in range(footer):
        at = _before(~ends[:at])
        at = _before(ends[:at])
        if at == 0:
            raise file.bad(
                f"it has not {footer} lines below its rows", hint="say less in footer under [file], or leave it out"
            )
    return int(base + at * kind.itemsize)


def _before(wanted: Any) -> int:
    """The place behind the last one that is wanted; 0 where none is."""
    found = np.flatnonzero(wanted)
    return int(found[-1]) + 1 if len(found) else 0


def _unit(file: InputFile, encoding: str) -> np.dtype[Any]:
    """The numbers that line ends are found among: bytes, or the wider units of UTF-16 and UTF-32."""
    name = encoding.replace("_", "-")
    if not name.startswith(("utf-16", "utf-32")):
        return np.dtype("u1")
    width = 2 if name.startswith("utf-16") else 4
    with file.again() as handle:
        start = handle.read(4)
    big = name.endswith("-be") or start.startswith((b"\xfe\xff", b"\0\0\xfe\xff"))
    return np.dtype(f"{'>' if big else '<'}u{width}")


class Until(io.RawIOBase):
    """A file up to an offset; closing it leaves the file open for whoever opened it, unless it is told otherwise.

    Args:
        handle: Open for reading.
        end: The offset.
        owns: Whether the file is closed with it.
    """

    def __init__(self, handle: io.BufferedReader, end: int, *, owns: bool = False) -> None:
        self._handle, self._end, self._owns = handle, end, owns

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read as much as the buffer takes and the offset leaves."""
        left = max(0, self._end - self._handle.tell())
        return self._handle.readinto(memoryview(buffer)[:left])

    def close(self) -> None:
        """Let go of the file."""
        if self._owns:
            self._handle.close()
        super().close()
