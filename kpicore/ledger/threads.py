"""Work on all cores: what pyarrow, hashlib and zstd do runs beside each other, because they let the interpreter go."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def together(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """`work` of each item, in the order of the items; several at a time.

    Threads live as long as the call, so nothing of them is left at a fork.

    Raises:
        Exception: What `work` raised for the first item that it failed for.
    """
    listed = list(items)
    threads = min(len(listed), cores())
    if threads < 2:
        return [work(item) for item in listed]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, listed))
