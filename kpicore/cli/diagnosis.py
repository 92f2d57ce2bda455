"""What `kpicore doctor` looks at: the machine, the ledger, the plugins."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, TypedDict

from kpicore.cli.state import State
from kpicore.errors import KpicoreError

#: File systems that other machines share: SQLite's locks do not hold on them.
_SHARED = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs"}
_LIBRARIES = ("pyarrow", "duckdb", "sqlglot", "eventsourcing")
#: Older ones may lose a write when several processes write and checkpoint at once; writes are serialised there.
_SAFE_SQLITE = (3, 51, 3)


class Check(TypedDict):
    """One thing that was looked at."""

    what: str
    status: Literal["good", "odd", "bad"]
    found: str
    hint: str | None


def _check(what: str, status: Literal["good", "odd", "bad"], found: str, hint: str | None = None) -> Check:
    return {"what": what, "status": status, "found": found, "hint": hint}


def examine(state: State) -> list[Check]:
    """Everything that can be said without changing anything."""
    return [*_machine(), *_ledger(state), *_plugins(state)]


def _machine() -> list[Check]:
    checks = [_check("python", "good", f"{platform.python_version()} on {platform.system()}")]
    for library in _LIBRARIES:
        try:
            checks.append(_check(library, "good", version(library)))
        except PackageNotFoundError:
            checks.append(_check(library, "bad", "not installed", f"pip install {library}"))
    old = sqlite3.sqlite_version_info < _SAFE_SQLITE
    checks.append(
        _check(
            "sqlite",
            "good",
            sqlite3.sqlite_version + (" (writers take turns through a lock file)" if old else ""),
        )
    )
    encoding = sys.getfilesystemencoding()
    if encoding.lower() != "utf-8":
        checks.append(_check("file names", "odd", encoding, "set PYTHONUTF8=1"))
    return checks


def _ledger(state: State) -> list[Check]:
    try:
        settings = state.settings()
        location = settings.location
    except KpicoreError as error:
        bad = error.code != "ledger_unnamed"
        return [_check("ledger", "bad" if bad else "odd", error.message, error.hint)]
    checks = []
    if settings.config:
        checks.append(_check("settings", "good", str(settings.config)))
    if "://" not in location:
        path = Path(location)
        if not path.exists():
            return [*checks, _check("ledger", "odd", f"{location} is not there", "kpicore init, or import, makes it")]
        kind = _file_system(path)
        if kind in _SHARED:
            hint = "move the ledger to a local disk, or use PostgreSQL"
            return [*checks, _check("ledger", "bad", f"{location} is on a network share ({kind})", hint)]
        if not os.access(path, os.W_OK) or not os.access(path.absolute().parent, os.W_OK):
            checks.append(_check("ledger", "odd", f"{location} cannot be written", "check who owns file and folder"))
    try:
        with state.open() as kpi:
            cut = kpi.ledger.cut()
            headers = sum(1 for _ in kpi.ledger.headers())
    except KpicoreError as error:
        return [*checks, _check("ledger", "bad", str(error), error.hint)]
    said = f"{location}: {headers} batches, facts up to {cut.facts}, rules up to {cut.rules}"
    return [*checks, _check("ledger", "good", said)]


def _file_system(path: Path) -> str | None:
    """The kind of file system that holds a path, where the system says so."""
    mounts = Path("/proc/mounts")
    if not mounts.is_file():
        return None
    found: tuple[int, str | None] = (0, None)
    whole = str(path.resolve())
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        if (whole == point or whole.startswith(point.rstrip("/") + "/")) and len(point) >= found[0]:
            found = (len(point), kind)
    return found[1]


def _plugins(state: State) -> list[Check]:
    try:
        plugins = state.host().plugins
    except KpicoreError as error:
        return [_check("plugins", "bad", error.message, error.hint)]
    checks = []
    for plugin in plugins:
        if plugin.error:
            checks.append(_check(plugin.describe(), "bad", str(plugin.error)))
        else:
            checks.append(_check(plugin.describe(), "good", plugin.status))
        checks.extend(_check(plugin.describe(), "odd", warning) for warning in plugin.warnings)
    return checks or [_check("plugins", "odd", "none is installed", "pip install kpicore-sales, or write kpifile.py")]
