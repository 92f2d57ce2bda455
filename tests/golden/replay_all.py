"""Replay every sealed evaluation of a ledger with whatever engine is installed: `python -m tests.golden.replay_all kpi.db`.

Leaves with 4 where a digit differs. `make replay-other` calls it with another version of DuckDB.
"""

from __future__ import annotations

import sys

import duckdb

import kpicore


def main(path: str) -> int:
    """Replay and say how it went."""
    with kpicore.open(path) as kpi:
        replays = [kpi.replay(seal.evaluation) for seal in kpi.ledger.seals()]
        made = {seal.document["basis"]["made_with"]["engine"]["version"] for seal in kpi.ledger.seals()}
    differing = [found.evaluation for found in replays if not found.identical]
    said = (
        f"{len(replays)} evaluations sealed with DuckDB {', '.join(sorted(made))}, replayed with {duckdb.__version__}: "
    )
    print(said + (f"{', '.join(differing)} differ" if differing else "identical"))  # noqa: T201 - this is a command
    return 4 if differing or not replays else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
