"""How much memory measuring takes, in a process of its own: `python -m tests.benchmarks.memory LEDGER LIMIT`.

The process opens a ledger that nothing of was read before, makes its key index and its kept tables, and measures everything.
Two peaks are told: all memory that the process had in its hands at a time, mapped files included, as the system counts it
(VmHWM); and what of that belongs to no file (RssAnon, looked at every 5 ms), which the system cannot take back when
others need it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from attrs import frozen

from kpicore.kpi import Kpi
from tests.benchmarks import indicators
from tests.benchmarks.measuring import measured
from tests.benchmarks.timing import peak_memory

ROOT = Path(__file__).parents[2]


@frozen(kw_only=True)
class Memory:
    """What one process took, in MiB.

    Args:
        what: What was done.
        limit: Of the engine.
        peak: All of it, with mapped files.
        anonymous: Without files.
        bound: What the peak may be; None where nothing is said.
    """

    what: str
    limit: str
    peak: int
    anonymous: int
    bound: int | None

    @property
    def line(self) -> str:
        """A row in Markdown."""
        wanted = "" if self.bound is None else f"≤ {self.bound:,}"
        return f"| {self.what} | {self.limit} | {self.peak:,} | {self.anonymous:,} | {wanted} |"


HEAD = """\
| what, in a process of its own | engine's limit | peak, MiB | without mapped files, MiB | wanted |
|---|--:|--:|--:|--:|"""


#: The engine's; what is more goes to temporary files.
LIMIT = "400MB"
#: What the peak may be, in MiB, by the number of facts.
BOUNDS = {10_000_000: 1_000, 30_000_000: 2_000}


def measuring(ledger: Path, facts: int) -> list[Memory]:
    """Measure everything twice: once with nothing kept beside the ledger, then with what the first process kept."""
    shutil.rmtree(ledger.with_name(ledger.name + ".cache"), ignore_errors=True)
    found = []
    for what in ("read and keep all, measure", "measure from kept tables"):
        command = [sys.executable, "-m", "tests.benchmarks.memory", str(ledger), LIMIT]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        found.append(Memory(what=what, limit=LIMIT, bound=BOUNDS.get(facts), **json.loads(done.stdout)))
    return found


def _anonymous() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) // 1024


def main(ledger: str, limit: str) -> None:
    """Measure, and print both peaks as JSON."""
    import kpicore

    most, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.005):
            most[0] = max(most[0], _anonymous())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        kpi: Kpi = kpicore.open(ledger, plugins=[indicators], memory_limit=limit)
        with kpi:
            measured(kpi.world())
    finally:
        ended.set()
        watcher.join()
    sys.stdout.write(json.dumps({"peak": peak_memory(), "anonymous": most[0]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
