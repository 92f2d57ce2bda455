"""Opening the files that people name: only regular files, fingerprinted, and the same from first byte to last."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from attrs import frozen

from kpicore.errors import InvalidInput, NotFound

_CHUNK = 1 << 20


@frozen
class InputFile:
    """A regular file as it was when it was opened.

    Args:
        path: As it was given.
        handle: Open for reading, at the start.
        digest: SHA-256 of the content, in hexadecimal.
        size: Bytes.
        nul: Whether a zero byte is in it.
        state: What shows that it was changed meanwhile.
    """

    path: Path
    handle: BufferedReader
    digest: str
    size: int
    nul: bool
    state: tuple[int, ...]

    @property
    def name(self) -> str:
        """The file's name without its folder: what errors and people say."""
        return self.path.name

    def bad(
        self, message: str, *, code: str = "bad_file", line: int | None = None, hint: str | None = None
    ) -> InvalidInput:
        """An error that says which file and line."""
        return InvalidInput(message, code=code, where=self.name if line is None else f"{self.name}:{line}", hint=hint)

    def again(self) -> BufferedReader:
        """The same file opened once more, at the start, with a place of its own."""
        handle = _open(self.path)
        if _state(os.fstat(handle.fileno())) != self.state:
            handle.close()
            raise self._changed()
        return handle

    def check_unchanged(self) -> None:
        """Raise InvalidInput if someone wrote to the file since it was opened."""
        if _state(os.fstat(self.handle.fileno())) != self.state:
            raise self._changed()

    def _changed(self) -> InvalidInput:
        return self.bad("the file was changed while it was read", code="file_changed", hint="import it again")


@contextmanager
def opened(path: str | Path) -> Iterator[InputFile]:
    """Open a file for import and take its fingerprint.

    Raises:
        NotFound: There is no such file.
        InvalidInput: It is a folder, a link, a device or a pipe, it is empty, or it cannot be read.
    """
    path = Path(path)
    handle = _open(path)
    with handle:
        status = os.fstat(handle.fileno())
        if status.st_size == 0:
            raise InvalidInput(
                "the file is empty", code="empty_file", where=path.name, hint="look whether its export succeeded"
            )
        digest, nul = hashlib.sha256(), False
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            nul = nul or b"\0" in chunk
        handle.seek(0)
        file = InputFile(path, handle, digest.hexdigest(), status.st_size, nul, _state(status))
        file.check_unchanged()
        yield file


def _open(path: Path) -> BufferedReader:
    where = str(path)
    if "\0" in where:
        raise InvalidInput(
            "the file's name has a zero byte", code="bad_file", where=repr(where), hint="give it another name"
        )
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise InvalidInput(
                "the file is a symbolic link",
                code="not_a_file",
                where=where,
                hint=f"name the file itself: {path.resolve()}",
            )
        if not stat.S_ISREG(mode):
            raise InvalidInput(
                f"{_kind(mode)} is not a file to import", code="not_a_file", where=where, hint="name a file"
            )
        # What was looked at may have been swapped: neither follow a link nor wait for the other end of a pipe.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("there is no such file", code="no_such_file", where=where, hint="check the path") from error
    except OSError as error:
        raise InvalidInput(
            f"the file cannot be read: {error.strerror}",
            code="unreadable_file",
            where=where,
            hint="check who owns it and whether it may be read",
        ) from error
    handle = os.fdopen(descriptor, "rb")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        handle.close()
        raise InvalidInput("it is not a regular file", code="not_a_file", where=where, hint="name a file")
    return handle


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return next((name for test, name in kinds if test(mode)), "a device")


def _state(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
