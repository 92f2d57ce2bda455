"""Calls that fail or die at one exact byte of a file: limits.py MODE FOLDER OFFSET…, one case for each offset.

The system lets a process write a file up to a size (`RLIMIT_FSIZE`). The write that goes beyond it is cut there and
fails, or, where the signal is not ignored, kills the process: a fault at any write call, on every system and without
rights. A kill between a write and its sync leaves the same files as one after the write.

Modes: `kill` dies and `fail` fails while a call is recorded, at so many bytes beyond the log's size; `tidy` dies while
the log is moved into the file. Each case is a process of its own; its outcome is printed as one line of JSON.
"""

import json
import os
import resource
import signal
import sys
from functools import partial
from pathlib import Path

from kpicore.errors import KpicoreError
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import deal, facts

#: Calls before the limit is set.
BEFORE = 3


def record(ledger, number):
    ledger.record([facts(f"{number}.{part}", [deal(f"{number}.{row}", row) for row in range(3)]) for part in "ab"])


def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def tell(pipe, **said):
    os.write(pipe, json.dumps(said).encode() + b"\n")


def case(mode, folder, offset, say):
    path = folder / "kpi.db"
    with Ledger.open(path) as ledger:
        for number in range(BEFORE):
            record(ledger, number)
            say(acknowledged=number)
        if mode != "fail":
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        measured = path if mode == "tidy" else path.with_name("kpi.db-wal")
        limit(measured.stat().st_size + offset)
        if mode != "tidy":
            try:
                record(ledger, BEFORE)
                say(acknowledged=BEFORE)
            except KpicoreError as error:
                say(error=type(error).__name__, code=error.code, retryable=error.retryable, found=len(ledger.headers()))
            limit(resource.RLIM_INFINITY)
            record(ledger, BEFORE + 1)
            say(acknowledged=BEFORE + 1)
            record(ledger, BEFORE)
            say(acknowledged=BEFORE)
    say(closed=True)


def main(mode, folder, *offsets):
    for offset in map(int, offsets):
        place = Path(folder) / f"{mode}-{offset}"
        place.mkdir()
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            case(mode, place, offset, partial(tell, write))
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as lines:
            said = [json.loads(line) for line in lines]
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(json.dumps({"folder": str(place), "offset": offset, "status": status, "said": said}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
