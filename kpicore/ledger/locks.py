"""One writer at a time on a ledger's file, over threads and processes.

SQLite before 3.51.3 can corrupt a write-ahead log that several connections write or checkpoint at the same moment, so
every write and checkpoint holds the lock file beside the database. A lock of a process that dies is free at once.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpicore.errors import LedgerUnavailable

_SHORTEST_WAIT = 0.0005
_LONGEST_WAIT = 0.02
#: POSIX locks belong to a process and fall when it closes any descriptor of the file: within a process one thread at
#: a time opens it. After a fork the child has its own.
_in_process: dict[tuple[int, Path], threading.Lock] = {}
_registry = threading.Lock()


def _renew() -> None:
    global _registry  # noqa: PLW0603 - another thread of the parent may have held it at the fork
    _registry = threading.Lock()


os.register_at_fork(after_in_child=_renew)


@contextmanager
def exclusive(path: Path, timeout: float) -> Iterator[int]:
    """Hold the lock file at `path`; its descriptor, which must not be closed.

    Args:
        path: The lock file; made when it is not there.
        timeout: Seconds to wait for other threads and processes.

    Raises:
        LedgerUnavailable: It is held by others all that time, or cannot be made.
    """
    deadline = time.monotonic() + timeout
    with _registry:
        mutex = _in_process.setdefault((os.getpid(), path), threading.Lock())
    if not mutex.acquire(timeout=timeout):
        raise _busy(path, timeout)
    try:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise LedgerUnavailable(
                f"the ledger cannot be written: {error.strerror}",
                where=str(path),
                hint="check the folder's permissions",
            ) from error
        try:
            _wait(descriptor, path, deadline, timeout)
            yield descriptor
        finally:
            os.close(descriptor)
    finally:
        mutex.release()


def _wait(descriptor: int, path: Path, deadline: float, timeout: float) -> None:
    pause = _SHORTEST_WAIT
    while True:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise LedgerUnavailable(
                    f"the ledger cannot be locked: {error.strerror}",
                    where=str(path),
                    hint="keep ledgers on a local disk",
                ) from error
        if time.monotonic() > deadline:
            raise _busy(path, timeout)
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_WAIT)


def _busy(path: Path, timeout: float) -> LedgerUnavailable:
    return LedgerUnavailable(
        f"others have been writing for {timeout:g} seconds",
        code="ledger_busy",
        where=str(path),
        hint="try again",
    )
