"""Timing: something and its reference in turns, so that both meet the same noise; medians; peak memory."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from attrs import frozen


@frozen
class Row:
    """A row of the table.

    Args:
        name: What was done.
        reference: What it is compared with.
        seconds, reference_seconds: Medians.
        ratio: Median of the ratios of runs that followed one another.
        best: The least of these ratios.
        bound: The ratio that must not be passed; None where none is set.
        peak: Most memory of the process while it ran, in MiB; None where the system does not tell.
    """

    name: str
    reference: str
    seconds: float
    reference_seconds: float
    ratio: float
    best: float
    bound: float | None
    peak: int | None


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def versus(
    name: str,
    work: Callable[[], object],
    reference: str,
    other: Callable[[], object],
    *,
    bound: float | None = None,
    runs: int = 3,
    scale: float = 1.0,
    before: Callable[[], object] | None = None,
) -> Row:
    """Time `work` and `other` in turns.

    Args:
        before: What precedes `work` each time and is not timed.
        scale: How many times as much `other` would have to do to have done the same; 0.5 for half as much.
    """
    ours, theirs, peak = [], [], None
    for _ in range(runs):
        if before is not None:
            before()
        watched = reset_peak()
        ours.append(seconds(work))
        if watched:
            peak = max(peak or 0, peak_memory())
        theirs.append(seconds(other) * scale)
    ratios = [one / two for one, two in zip(ours, theirs, strict=True)]
    medians = statistics.median(ours), statistics.median(theirs)
    return Row(name, reference, *medians, statistics.median(ratios), min(ratios), bound, peak)


def reset_peak() -> bool:
    """Begin to watch the peak of memory anew; whether the system can do that."""
    try:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    except OSError:
        return False
    return True


def peak_memory() -> int:
    """The peak of the process's memory in MiB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024
