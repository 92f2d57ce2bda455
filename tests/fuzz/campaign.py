"""Many broken inputs: python -m tests.fuzz.campaign [CASES [TARGET…]].

Each target reads its cases in processes of their own, so that a crash is seen and named by its case. A case may take
5 seconds, and a process may grow by 512 MiB. Cases that fail are printed with the number that makes them again.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
import traceback

from tests.fuzz.mutations import mutated
from tests.fuzz.targets import TARGETS

#: What one case may take.
SECONDS, MEBIBYTES = 5.0, 512
#: Cases of one process.
SHARE = 1_000


def cases(name: str, first: int, last: int) -> list[str]:
    """Read the cases of one target from `first` up to `last` in this process; what went wrong, one text each."""
    target = TARGETS[name]()
    wrong: list[str] = []
    for case in [None, *range(first, last)]:
        # The whole inputs come first: what they take in memory is not a case's.
        inputs = target.seeds if case is None else [mutated(target.seeds, name, case, text=target.text)]
        if case == first:
            base = _memory()
        _say(f"{name} {case}")
        for data in inputs:
            # The processor's time: on a busy machine a case waits for others, too.
            began = time.process_time()
            try:
                taken = target.run(data)
                assert taken or case is not None, "a whole input was refused"
            except Exception:  # noqa: BLE001 - whatever it is, it is told
                wrong.append(f"{name} {case}: {traceback.format_exc(limit=-4)}")
            if (took := time.process_time() - began) > SECONDS:
                wrong.append(f"{name} {case}: {took:.1f} s")
    if (grown := _memory() - base) > MEBIBYTES:
        wrong.append(f"{name} {first} to {last}: {grown} MiB more")
    target.close()
    return wrong


def campaign(name: str, number: int) -> list[str]:
    """All cases of one target, in processes of `SHARE` cases."""
    wrong: list[str] = []
    began = time.monotonic()
    for first in range(0, number, SHARE):
        last = min(first + SHARE, number)
        command = [sys.executable, "-m", "tests.fuzz.campaign", "--share", name, str(first), str(last)]
        # A case that hangs is known by the last one that was told.
        command = ["timeout", str(SHARE * 5), *command] if shutil.which("timeout") else command
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            at = done.stderr.strip().splitlines()
            wrong.append(done.stdout or f"the process ended with {done.returncode} at {at[-1] if at else 'its start'}")
        sys.stdout.write(f"{name}: {last:,} cases, {len(wrong)} shares went wrong, {time.monotonic() - began:,.0f} s\n")
        sys.stdout.flush()
    return wrong


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _say(case: str) -> None:
    """The case that is read now: the last one is known when a process dies."""
    sys.stderr.write(f"{case}\n")
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """The command line."""
    if arguments[:1] == ["--share"]:
        wrong = cases(arguments[1], int(arguments[2]), int(arguments[3]))
    else:
        number = int(arguments[0]) if arguments else 50_000
        wrong = [one for name in arguments[1:] or TARGETS for one in campaign(name, number)]
    sys.stdout.write("\n".join([*wrong, ""]) if wrong else "nothing went wrong\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
