"""A fault at every byte that a call writes: it dies or fails there, nothing is there by half, and work goes on.

`make faults` sweeps finer. Where strace is installed it is used, too: a signal or an error at each single write and sync
call of a call. There is nothing to see of these where it is not.
"""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.house import ROOT, STEPS, check_whole
from tests.faults.limits import BEFORE

#: A call writes about so many bytes into the log, and tidying up so many into the file; odd, to tear pages and headers.
WRITTEN, MOVED = 72_000, 150_000


def swept(mode, folder, reach):
    offsets = sorted({0, 1, 31, *(reach * step // STEPS + step for step in range(1, STEPS + 1))})
    command = [sys.executable, "-m", "tests.faults.limits", mode, str(folder), *map(str, offsets)]
    # A busy machine is slow and not wrong; what hangs still ends.
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600 + 10 * STEPS)
    assert done.returncode == 0, done.stderr
    cases = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(cases) == len(offsets)
    for case in cases:
        case["acknowledged"] = {said["acknowledged"] for said in case["said"] if "acknowledged" in said}
        case["path"] = Path(case["folder"]) / "kpi.db"
    return cases, done.stderr


def test_a_call_that_dies_at_any_byte_is_there_whole_or_not_at_all(tmp_path):
    cases, _ = swept("kill", tmp_path, WRITTEN)
    killed = [case for case in cases if case["status"] == -signal.SIGXFSZ]
    assert len(killed) >= len(cases) // 2
    for case in cases:
        assert case["status"] in (0, -signal.SIGXFSZ)
        stored = check_whole(case["path"], {("crm", number) for number in case["acknowledged"]})
        assert len(stored) in {2 * BEFORE, 2 * BEFORE + 2, 2 * BEFORE + 4}


def test_a_call_that_fails_at_any_byte_says_so_records_nothing_and_the_next_one_works(tmp_path):
    cases, complaint = swept("fail", tmp_path, WRITTEN)
    failed = 0
    for case in cases:
        assert case["status"] == 0, complaint
        assert {"closed": True} in case["said"]
        errors = [said for said in case["said"] if "error" in said]
        failed += len(errors)
        for error in errors:
            assert (error["error"], error["retryable"], error["found"]) == ("LedgerUnavailable", True, 2 * BEFORE)
        assert case["acknowledged"] == set(range(BEFORE + 2))
        assert len(check_whole(case["path"], {("crm", number) for number in range(BEFORE + 2)})) == 2 * BEFORE + 4
    assert failed >= len(cases) // 2


def test_dying_while_the_log_is_moved_into_the_file_loses_nothing(tmp_path):
    cases, complaint = swept("tidy", tmp_path, MOVED)
    assert any(case["status"] == -signal.SIGXFSZ for case in cases)
    for case in cases:
        assert case["status"] in (0, -signal.SIGXFSZ), complaint
        assert case["acknowledged"] == set(range(BEFORE))
        assert len(check_whole(case["path"], {("crm", number) for number in range(BEFORE)})) == 2 * BEFORE


if shutil.which("strace"):

    def traced(path, inject, last):
        """A writer in which one system call of one kind is disturbed."""
        calls = ["-e", "trace=pwrite64,fdatasync,fsync,ftruncate", "-e", f"inject={inject}"]
        command = ["strace", "-f", "-qq", "-o", str(path.with_suffix(".trace")), *calls]
        command += [sys.executable, "-m", "tests.faults.writer", str(path), "crm", "0", str(last)]
        done = subprocess.run(command, cwd=ROOT, input="\n", capture_output=True, text=True, timeout=120)
        numbers = {int(line.split()[0]) for line in done.stdout.splitlines() if line[:1].isdigit()}
        return done, numbers

    @pytest.mark.parametrize("call", ["pwrite64", "fdatasync", "fsync"])
    @pytest.mark.parametrize("step", range(max(1, STEPS // 4)))
    def test_a_kill_at_a_single_write_or_sync_call(tmp_path, call, step):
        path = tmp_path / "kpi.db"
        done, numbers = traced(path, f"{call}:signal=KILL:when={1 + 3 * step}", 4)
        if path.exists() and path.stat().st_size:
            check_whole(path, {("crm", number) for number in numbers})
        assert done.returncode in (0, -signal.SIGKILL, 128 + signal.SIGKILL)

    @pytest.mark.parametrize(("call", "error"), [("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync", "EIO")])
    @pytest.mark.parametrize("step", range(max(1, STEPS // 4)))
    def test_an_error_of_a_single_write_or_sync_call(tmp_path, call, error, step):
        path = tmp_path / "kpi.db"
        check_whole(path, set())
        done, numbers = traced(path, f"{call}:error={error}:when={2 + 3 * step}", 4)
        assert done.returncode in (0, 1)
        assert done.returncode == 0 or "LedgerUnavailable" in done.stderr, done.stderr
        check_whole(path, {("crm", number) for number in numbers})
        assert done.returncode == 1 or numbers == set(range(4))
