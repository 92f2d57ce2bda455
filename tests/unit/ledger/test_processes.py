"""Processes, threads, forks and kills on one ledger."""

import multiprocessing
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kpicore.errors import LedgerUnavailable
from kpicore.ledger.locks import exclusive
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import Clock, amounts, deal, facts

ROOT = Path(__file__).resolve().parents[3]


def writer(path, *arguments):
    """A writer process that waits for a line before it begins."""
    command = [sys.executable, "-m", "tests.unit.ledger.writer", str(path), *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def go(process):
    process.stdin.write("\n")
    process.stdin.flush()


def test_processes_that_record_the_same_and_other_batches_at_once_record_each_once(tmp_path):
    path = tmp_path / "kpi.db"
    processes = [writer(path, 0, 30), writer(path, 0, 30), writer(path, 20, 50)]
    for process in processes:
        go(process)
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    with Ledger.open(path) as ledger:
        headers = ledger.headers()
        assert sorted(header.batch_key for header in headers) == sorted(
            f"{n}.{part}" for n in range(50) for part in "ab"
        )
        assert [header.position for header in headers] == list(range(1, 101))
        # Both batches of a call are recorded together.
        keys = [header.batch_key for header in headers]
        assert all(keys[keys.index(f"{n}.a") + 1] == f"{n}.b" for n in range(50))
    lines = [tuple(map(int, line.split())) for output in outputs for line in output.splitlines()]
    assert sum(2 - duplicates for _, duplicates in lines) == 100


def test_what_was_acknowledged_survives_a_kill_and_no_half_call_is_there(tmp_path):
    path = tmp_path / "kpi.db"
    acknowledged = set()
    for turn in range(6):
        process = writer(path, turn * 1000, turn * 1000 + 1000)
        go(process)
        deadline = time.monotonic() + 0.02 + 0.017 * turn
        while time.monotonic() < deadline or not acknowledged:
            acknowledged.add(int(process.stdout.readline().split()[0]))
        process.kill()
        rest, _ = process.communicate(timeout=60)
        acknowledged.update(int(line.split()[0]) for line in rest.splitlines() if line.endswith(" 0"))
    with Ledger.open(path) as ledger:
        stored = {header.batch_key for header in ledger.headers()}
        assert {f"{number}.{part}" for number in acknowledged for part in "ab"} <= stored
        assert {key[:-1] + "b" for key in stored} == {key[:-1] + "b" for key in stored if key.endswith("a")}
        assert {key for key in stored if key.endswith("b")} == {key[:-1] + "b" for key in stored if key.endswith("a")}
        assert len(amounts(ledger)) == len(stored)


def test_threads_share_a_ledger():
    with Ledger.open(":memory:", clock=Clock()) as ledger:

        def record_and_read(number):
            [receipt] = ledger.record([facts(str(number % 40), [deal(str(number % 40), number % 40)])])
            cut = ledger.cut()
            found = amounts(ledger, cut)
            assert len(found) <= cut.facts
            assert found["crm", str(number % 40)] == number % 40
            return receipt.duplicate

        with ThreadPoolExecutor(8) as pool:
            duplicates = list(pool.map(record_and_read, range(80)))
        assert sum(duplicates) == 40
        assert len(amounts(ledger)) == 40


def _in_child(ledger, keys, answer):
    try:
        ledger.record([facts(key, [deal(key, 1)]) for key in keys])
        answer.put(len(amounts(ledger)))
    finally:
        ledger.close()


def test_a_forked_process_opens_the_ledger_anew():
    context = multiprocessing.get_context("fork")
    with Ledger.open(":memory:") as ledger:
        ledger.record([facts("0", [deal("0")])])
        reading = threading.Event()
        done = threading.Event()

        def read():
            while not done.is_set():
                amounts(ledger)
                reading.set()

        thread = threading.Thread(target=read)
        thread.start()
        reading.wait(10)
        answer = context.Queue()
        children = [context.Process(target=_in_child, args=(ledger, ["a", str(n)], answer)) for n in (1, 2, 3)]
        for child in children:
            child.start()
        ledger.record([facts("parent", [deal("parent")])])
        for child in children:
            child.join(60)
        done.set()
        thread.join()
        assert [child.exitcode for child in children] == [0, 0, 0]
        assert min(answer.get(timeout=5) for _ in children) >= 3
        assert set(amounts(ledger)) == {("crm", key) for key in ("0", "a", "1", "2", "3", "parent")}
        assert ledger.path.exists()


def test_a_plain_fork_that_ends_normally_leaves_the_parents_ledger_whole(tmp_path):
    program = f"""
import os, sys
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import amounts, deal, facts
ledger = Ledger.open({str(tmp_path / "kpi.db")!r})
ledger.record([facts("1", [deal("a")])])
child = os.fork()
if child == 0:
    ledger.record([facts("2", [deal("b")])])
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
ledger.record([facts("3", [deal("c")])])
assert len(amounts(ledger)) == 3
ledger.close()
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        assert [header.batch_key for header in ledger.headers()] == ["1", "2", "3"]


def test_a_held_lock_is_waited_for_and_then_named(tmp_path):
    path = tmp_path / "kpi.db.lock"
    program = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.lockf(f, fcntl.LOCK_EX); print('held'); sys.stdin.readline()"
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", program, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    with pytest.raises(LedgerUnavailable) as error, exclusive(path, 0.05):
        pass
    assert (error.value.code, error.value.retryable) == ("ledger_busy", True)
    threading.Timer(0.1, process.communicate).start()
    with exclusive(path, 10), pytest.raises(LedgerUnavailable, match="others"), exclusive(path, 0.01):
        pass
    process.wait(10)
    with exclusive(path, 0.01):
        assert path.exists()
