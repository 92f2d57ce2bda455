"""The last position that was recorded, kept in the lock file, so that an end that is gone is missed.

SQLite takes what is whole of a damaged write-ahead log and silently leaves the rest: then the file ends earlier than it did,
and says nothing of it. The mark is written after each commit and not synced: it may lag after a crash of the system,
and is never ahead.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from kpicore.errors import LedgerUnavailable
from kpicore.ledger.files import TIMEOUT
from kpicore.ledger.locks import exclusive

_SIZE = 64


def note(descriptor: int, position: int) -> None:
    """Note a position in the lock file that the caller holds, where it is beyond the one that is noted."""
    try:
        if position > _read(descriptor):
            os.pwrite(descriptor, _line(position), 0)
    except OSError:
        pass  # what was recorded is recorded; only a lost end would be missed later


def noted(lock_path: Path) -> int:
    """The last position that was noted; 0 where there is none, or it cannot be read."""
    if not lock_path.is_file():
        return 0
    try:
        with exclusive(lock_path, TIMEOUT) as descriptor:
            return _read(descriptor)
    except (LedgerUnavailable, OSError):
        return 0


def _line(position: int) -> bytes:
    text = f"last position {position:020d}"
    return f"{text} {hashlib.sha256(text.encode()).hexdigest()[:16]}\n".encode()


def _read(descriptor: int) -> int:
    line = os.pread(descriptor, _SIZE, 0)
    digits = line[14:34]
    return int(digits) if digits.isdigit() and line == _line(int(digits)) else 0
