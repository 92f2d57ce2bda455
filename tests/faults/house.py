"""What the tests of faults share: writers in processes of their own, and what a ledger must hold after them."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from kpicore.ledger.store import Ledger

ROOT = Path(__file__).resolve().parents[2]

#: The campaign (`make faults`) does more of everything; the numbers are those of the suite where nothing is set.
KILLS = int(os.environ.get("KPICORE_FAULTS_KILLS", "20"))
DAMAGES = int(os.environ.get("KPICORE_FAULTS_DAMAGES", "40"))
BATCHES = int(os.environ.get("KPICORE_FAULTS_BATCHES", "16"))
STEPS = int(os.environ.get("KPICORE_FAULTS_STEPS", "6"))


class Writer:
    """A writer process that waits for `go`.

    Args:
        path: The ledger.
        source: Part of its batch keys.
        first, last: Its calls are numbers from `first` up to `last`.
        rows: Of a batch.
    """

    def __init__(self, path: Path, source: str, first: int, last: int, rows: int = 3, **options: object) -> None:
        arguments = [str(path), source, str(first), str(last), str(rows)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writer", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        #: Calls that returned, and how many of their batches were there before.
        self.acknowledged: dict[int, int] = {}
        assert self.process.stdout.readline() == "ready\n", self.process.stderr.read()
        # One reader of each pipe for the whole time: whoever reads a line and then asks for the rest in another way
        # loses what was in between.
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._complaints: list[str] = []
        self._readers = [
            threading.Thread(target=lambda: [self._lines.put(line) for line in self.process.stdout], daemon=True),
            threading.Thread(target=lambda: self._complaints.extend(self.process.stderr), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def go(self) -> None:
        """Let it begin."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def wait_for_one(self) -> None:
        """Wait until one more call has returned."""
        self._take([self._lines.get(timeout=120)])

    def kill(self) -> None:
        """kill −9, and what it had said before."""
        self.process.kill()
        self.end()

    def end(self, seconds: float = 120) -> str:
        """Wait for its end; what it complained about."""
        self.process.wait(timeout=seconds)
        for reader in self._readers:
            reader.join(timeout=seconds)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
        self._take(self._lines.get() for _ in range(self._lines.qsize()))
        return "".join(self._complaints)

    def _take(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.endswith("\n"):  # half a line was never said
                number, duplicates = line.split()
                self.acknowledged[int(number)] = int(duplicates)


def check_whole(path: Path, acknowledged: Iterable[tuple[str, int]]) -> set[tuple[str, str]]:
    """See that what was acknowledged is there, that no call is there by half, and that every byte is right.

    Args:
        path: The ledger.
        acknowledged: Source and number of the calls that returned.

    Returns:
        Source and batch key of everything that is there.
    """
    with Ledger.open(path) as ledger:
        headers = ledger.headers()
        found = [(header.source, header.batch_key) for header in headers]
        assert ledger.verify().findings == ()
    stored = set(found)
    assert len(stored) == len(found)
    lost = {(source, f"{number}.{part}") for source, number in acknowledged for part in "ab"} - stored
    assert lost == set()
    halves = {(source, key[:-1] + other) for source, key in stored for other in "ab"} - stored
    assert halves == set()
    return stored
