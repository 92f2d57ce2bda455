"""Writers side by side with the same keys, one killed while it holds the lock: every batch once.

`make faults` runs 8 writers with 250 batches each.
"""

import subprocess
import sys
import time

from kpicore.ledger.store import Ledger
from tests.faults.house import BATCHES, ROOT, Writer, check_whole

WRITERS = 8

#: Holds the lock in the midst of a call: what it wrote is not told to be done.
HOLDER = """
import sqlite3, sys, time
from pathlib import Path
from kpicore.ledger.locks import exclusive
path = Path(sys.argv[1])
with exclusive(path.with_name(path.name + ".lock"), 60):
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("BEGIN IMMEDIATE")
    for number in range(40):
        row = ("0" * 31 + "f", number, "kpicore.facts", b"half" * 20_000)
        connection.execute("INSERT INTO stored_events VALUES (NULL, ?, ?, ?, ?)", row)
    print("held", flush=True)
    time.sleep(600)
"""


def test_writers_with_shared_keys_record_each_batch_once_though_one_dies_with_the_lock(tmp_path):
    path = tmp_path / "kpi.db"
    Ledger.open(path).close()
    # Half of every writer's keys are those of its neighbour.
    writers = [Writer(path, "crm", n * BATCHES // 2, n * BATCHES // 2 + BATCHES, rows=1) for n in range(WRITERS)]
    for writer in writers:
        writer.go()
    writers[0].wait_for_one()
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    time.sleep(0.1)
    holder.kill()
    holder.communicate()
    complaints = [writer.end(600) for writer in writers]
    assert [writer.process.returncode for writer in writers] == [0] * WRITERS, complaints
    assert all(len(writer.acknowledged) == BATCHES for writer in writers)
    last = (WRITERS - 1) * BATCHES // 2 + BATCHES
    stored = check_whole(path, {("crm", number) for writer in writers for number in writer.acknowledged})
    assert stored == {("crm", f"{number}.{part}") for number in range(last) for part in "ab"}
    # What was recorded and what was there already add up: nobody was told a lie.
    new = sum(2 - duplicates for writer in writers for duplicates in writer.acknowledged.values())
    assert new == len(stored)
    with Ledger.open(path) as ledger:
        assert [header.position for header in ledger.headers()] == list(range(1, len(stored) + 1))
