"""`open`: settings from arguments, environment and file, and the ledger that they name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import ModuleType

from kpicore.kpi import Kpi
from kpicore.settings import resolve


def open(  # noqa: A001 - read as kpicore.open
    location: str | os.PathLike[str] | None = None,
    *,
    schema: str | None = None,
    plugins: Sequence[str | ModuleType] | None = None,
    threads: int | None = None,
    memory_limit: str | None = None,
    cache: bool | str | None = None,
    config: str | os.PathLike[str] | None = None,
) -> Kpi:
    """Open a ledger, or make it where there is none.

    Each setting comes from the argument, else from the environment (`KPICORE_LEDGER`, `KPICORE_THREADS` …), else from
    `kpicore.toml` in the ledger's folder. No computation reads any of them.

    Args:
        location: Path of a SQLite file, or a `postgresql://` address.
        schema: Schema of a PostgreSQL ledger.
        plugins: The plugins that may load: names of installed ones, and modules. None: all that are installed.
        threads: Threads of the engine, from 1; None: one a core. Results do not depend on it.
        memory_limit: Memory of the engine, such as `2GB`.
        cache: Whether tables are kept beside the ledger (`kpi.db.cache`) to be read faster; `"4GB"`: so much at most.
        config: A `kpicore.toml` in another place.

    Raises:
        InvalidInput: A setting is none.
        LedgerUnavailable: The ledger cannot be reached.
    """
    return Kpi(
        resolve(
            location,
            schema=schema,
            plugins=plugins,
            threads=threads,
            memory_limit=memory_limit,
            cache=cache,
            config=config,
        )
    )
