"""What `kpicore doctor` looks at: the machine, the ledger, the plugins."""

from __future__ import annotations

import platform
import sqlite3
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kpicore.cli.checks import Check, check
from kpicore.cli.ledger_checks import file_checks, place_checks
from kpicore.cli.state import State
from kpicore.errors import KpicoreError

if TYPE_CHECKING:
    from kpicore.kpi import Kpi

_LIBRARIES = ("pyarrow", "duckdb", "sqlglot", "eventsourcing")
#: Older ones may damage the log when several connections write or checkpoint at the same moment.
_SAFE_SQLITE = (3, 51, 3)


def examine(state: State) -> list[Check]:
    """Everything that can be said without changing anything."""
    return [*_machine(), *_ledger(state), *_plugins(state)]


def _machine() -> list[Check]:
    checks = [check("python", "good", f"{platform.python_version()} on {platform.system()}")]
    for library in _LIBRARIES:
        try:
            checks.append(check(library, "good", version(library)))
        except PackageNotFoundError:
            checks.append(check(library, "bad", "not installed", f"pip install {library}"))
    checks.append(_sqlite())
    checks.append(_zones())
    encoding = sys.getfilesystemencoding()
    if encoding.lower() != "utf-8":
        checks.append(check("file names", "odd", encoding, "set PYTHONUTF8=1"))
    return checks


def _ledger(state: State) -> list[Check]:
    try:
        settings = state.settings()
        location = settings.location
    except KpicoreError as error:
        bad = error.code != "ledger_unnamed"
        return [check("ledger", "bad" if bad else "odd", error.message, error.hint)]
    checks = []
    if settings.config:
        checks.append(check("settings", "good", str(settings.config)))
    if "://" not in location:
        path = Path(location).absolute()
        checks.extend(place_checks(path))
        if any(one["status"] == "bad" for one in checks):
            return checks
        if not path.exists():
            return [*checks, check("ledger", "odd", f"{location} is not there", "kpicore init, or import, makes it")]
        checks.extend(file_checks(path))
        if any(one["what"] == "lock" and one["status"] != "good" for one in checks):
            return checks  # closing the ledger would wait for it
    from kpicore.ledger.files import FORM

    try:
        with state.open() as kpi:
            cut = kpi.ledger.cut()
            headers = sum(1 for _ in kpi.ledger.headers())
            waiting = [_periods(kpi, headers), *_waiting(kpi)]
    except KpicoreError as error:
        return [*checks, check("ledger", "bad", str(error), error.hint)]
    said = f"{location}: form {FORM}, {headers} batches, facts up to {cut.facts}, rules up to {cut.rules}"
    return [*checks, check("ledger", "good", said), *waiting]


def _periods(kpi: Kpi, batches: int) -> Check:
    """Where days begin: without an organisation in UTC, whatever zone the facts were imported in."""
    settings = kpi.world().organisation
    if batches and settings == type(settings)():
        said = "no organisation is applied: days begin in UTC, and money keeps its currency"
        return check(
            "periods", "odd", said, 'apply a file with [organisation], timezone = "Asia/Taipei" and base_currency'
        )
    return check("periods", "good", f"days begin in {settings.timezone}")


def _waiting(kpi: Kpi) -> list[Check]:
    """Proposals and disputes that wait for somebody."""
    proposals = sum(bool(one.possible) for one in kpi.proposals)
    disputes = sum(bool(one.possible) for one in kpi.disputes)
    found = []
    for what, number in (("proposals", proposals), ("disputes", disputes)):
        if number:
            found.append(check(what, "odd", f"{number} waiting", f"kpicore {what[:-1]} list shows them"))
    return found


def _sqlite() -> Check:
    said = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info >= _SAFE_SQLITE:
        return check("sqlite", "good", said)
    return check(
        "sqlite",
        "odd",
        f"{said} can damage a log that several connections write at once; kpicore's writers take turns through a lock",
        "let no other program write to the ledger; SQLite 3.51.3 and later are sound",
    )


def _zones() -> Check:
    from kpicore.evaluation.history.pinned import zone_version

    try:
        ZoneInfo("Asia/Taipei").utcoffset(None)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        return check("time zones", "bad", f"they cannot be read: {error}", "pip install tzdata")
    return check("time zones", "good", f"tzdata {zone_version()}")


def _plugins(state: State) -> list[Check]:
    try:
        plugins = state.host().plugins
    except KpicoreError as error:
        return [check("plugins", "bad", error.message, error.hint)]
    checks = []
    for plugin in plugins:
        if plugin.error:
            checks.append(check(plugin.describe(), "bad", str(plugin.error)))
        else:
            checks.append(check(plugin.describe(), "good", plugin.status))
        checks.extend(check(plugin.describe(), "odd", warning) for warning in plugin.warnings)
    return checks or [check("plugins", "odd", "none is installed", "pip install kpicore-sales, or write kpifile.py")]
