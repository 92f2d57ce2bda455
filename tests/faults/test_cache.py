"""What is kept beside a ledger to read faster: whatever happens to it, reading says what the ledger says.

A flipped or cut file, a process that dies while it writes one, a disk that takes no more: it is made again, or done without.
"""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kpicore.ledger import keyindex, tablecache
from kpicore.ledger.store import Ledger
from tests.faults.house import DAMAGES, KILLS, ROOT, STEPS
from tests.unit.ledger.samples import DEAL, Clock, deal, facts, retraction


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """Tables and indexes of any size are kept."""
    for module, name in ((keyindex, "SMALLEST"), (keyindex, "_WRITTEN_ROWS"), (tablecache, "MANY_BATCHES")):
        monkeypatch.setattr(module, name, 0)


@pytest.fixture
def path(tmp_path):
    with Ledger.open(tmp_path / "kpi.db", clock=Clock()) as ledger:
        ledger.record([facts(str(n), [deal(f"{n}.{row}", row) for row in range(900)]) for n in range(3)])
        ledger.record([facts("new", [deal(f"1.{row}", 7) for row in range(0, 900, 9)]), retraction("gone", ["2.1"])])
    return tmp_path / "kpi.db"


def read(path, **options):
    with Ledger.open(path, **options) as ledger:
        return ledger.resolved(DEAL, ledger.cut())


def kept(path):
    return sorted(file for file in Path(f"{path}.cache").rglob("*") if file.is_file() and file.suffix != ".lock")


def test_flipped_and_cut_files_are_noticed_and_made_again(path):
    expected, chance = read(path, cache=False), random.Random("cache")
    for number in range(DAMAGES):
        assert read(path).equals(expected)
        file = chance.choice(kept(path))
        content = bytearray(file.read_bytes())
        place = chance.randrange(len(content))
        with file.open("r+b") as damaged:
            if number % 3:
                damaged.seek(place)
                damaged.write(bytes([content[place] ^ 1 << chance.randrange(8)]))
            else:
                damaged.truncate(place)
        assert read(path).equals(expected), f"{file.name} at {place}"
    with Ledger.open(path) as ledger:
        assert ledger.verify().intact


def test_a_kill_while_tables_are_written_leaves_what_is_right_or_nothing(path):
    expected, chance = read(path, cache=False), random.Random("kills")
    for _ in range(max(3, KILLS // 20)):
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.cached", str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout.readline() == f"{expected.num_rows}\n"
        time.sleep(chance.uniform(0, 0.05))
        writer.kill()
        writer.communicate()
        assert read(path).equals(expected)
        with Ledger.open(path) as ledger:
            ledger.record([facts(f"more {chance.random()}", [deal("0.0", 1)])])
            expected = read(path, cache=False)
            assert ledger.resolved(DEAL, ledger.cut()).equals(expected)
    # What dead writers left is swept by the next one.
    assert len([file for file in kept(path) if file.parent.name == "tables"]) == 2


LIMITED = """
import resource, sys
from kpicore.ledger import keyindex
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import DEAL
keyindex.SMALLEST = 0
with Ledger.open(sys.argv[1]) as ledger:
    ledger.cut()
    for size in map(int, sys.argv[2:]):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        print(ledger.resolved(DEAL, ledger.cut()).num_rows, flush=True)
"""


def test_a_disk_that_takes_no_more_only_leaves_the_reading_as_slow_as_it_was(path):
    expected = read(path, cache=False)
    read(path)
    largest = max(file.stat().st_size for file in kept(path))
    for file in kept(path):
        file.unlink()
    sizes = [0, 1, *(largest * step // STEPS for step in range(1, STEPS + 1))]
    command = [sys.executable, "-c", LIMITED, str(path), *map(str, sizes)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == [str(expected.num_rows)] * len(sizes)
    assert [file for file in kept(path) if file.suffix == ".draft"] == []
    assert read(path).equals(expected)
