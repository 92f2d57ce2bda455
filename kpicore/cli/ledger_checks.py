"""What `kpicore doctor` sees of the place where a ledger lies: its disk, its files, its lock, its cache."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from kpicore.cli.checks import Check, check
from kpicore.errors import LedgerUnavailable
from kpicore.ledger.locks import exclusive

#: File systems that other machines share: SQLite's locks do not hold on them.
_SHARED = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs", "lustre", "davfs"}
_MEBIBYTE = 1 << 20
#: With less free space nothing of use can be recorded; with less than the second it is time to look.
_LEAST_FREE, _LITTLE_FREE = 16 * _MEBIBYTE, 512 * _MEBIBYTE
#: A log of this size was not moved into the file for long: a reader stands in its way.
_LONG_LOG = 256 * _MEBIBYTE


def place_checks(path: Path) -> list[Check]:
    """Whether a ledger can live at `path`, which need not be there yet."""
    folder = path.parent
    if not folder.is_dir():
        return [check("folder", "bad", f"there is no folder {folder}", "make it first")]
    kind = file_system(path)
    if kind in _SHARED:
        hint = "move the ledger to a local disk: locks do not hold on a share, and writers would destroy it"
        return [check("file system", "bad", f"{folder} is on a network share ({kind})", hint)]
    return [check("file system", "good", kind or "not told by this system"), _space(folder)]


def file_checks(path: Path) -> Iterator[Check]:
    """The files of a ledger that is there."""
    if not os.access(path, os.R_OK):
        yield check("permissions", "bad", f"{path} may not be read", "check who owns it")
    elif not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK | os.X_OK):
        yield check("permissions", "odd", f"{path} can be read and not written", "check who owns file and folder")
    else:
        yield check("permissions", "good", "file and folder can be read and written")
    yield _lock(path.with_name(path.name + ".lock"))
    log = path.with_name(path.name + "-wal")
    size = log.stat().st_size if log.is_file() else 0
    if size > _LONG_LOG:
        hint = "some program has read for long: close it, then the log moves into the file"
        yield check("log", "odd", f"{log.name} has {_sized(size)}", hint)
    yield _cache(path.with_name(path.name + ".cache"))


def file_system(path: Path) -> str | None:
    """The kind of file system that holds a path, where the system says so."""
    mounts = Path("/proc/mounts")
    if not mounts.is_file():
        return None
    found: tuple[int, str | None] = (0, None)
    whole = str(path.resolve())
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, written, kind, *_ = line.split(" ")
        point = written.encode("latin-1", "replace").decode("unicode_escape")  # a blank is written \040
        if (whole == point or whole.startswith(point.rstrip("/") + "/")) and len(point) >= found[0]:
            found = (len(point), kind)
    return found[1]


def _space(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    said = f"{_sized(free)} free"
    if free < _LEAST_FREE:
        return check("space", "bad", said, "free some space: nothing more can be recorded")
    if free < _LITTLE_FREE:
        return check("space", "odd", said, "free some space soon")
    return check("space", "good", said)


def _lock(lock: Path) -> Check:
    if not lock.exists():
        return check("lock", "good", "nobody has written yet")
    try:
        with exclusive(lock, 0.05):
            return check("lock", "good", "free")
    except LedgerUnavailable as error:
        if error.code == "ledger_busy":
            hint = "it is free as soon as that write is done, or its process has ended"
            return check("lock", "odd", "a process is writing now", hint)
        return check("lock", "odd", error.message, error.hint)


def _cache(folder: Path) -> Check:
    if not folder.exists():
        return check("cache", "good", "none yet; large ledgers get one")
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return check("cache", "odd", f"{folder} cannot be used", "delete it: it is made again")
    sizes = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    return check("cache", "good", f"{_sized(sum(sizes))} in {len(sizes)} files; may be deleted at any time")


def _sized(size: int) -> str:
    return f"{size / (1 << 30):,.1f} GiB" if size >= 1 << 30 else f"{size / _MEBIBYTE:,.1f} MiB"
