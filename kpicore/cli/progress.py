"""Progress on stderr: a bar on a terminal, a plain line now and then elsewhere, nothing for what is quick."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

#: Seconds before anything is said, and between two lines where there is no terminal.
QUIET, PAUSE = 1.0, 10.0


@contextmanager
def progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """A function to call with what is read, how much is done, and how much there is (None: unknown)."""
    if sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _lines()


def _lines() -> Callable[[str, int, int | None], None]:
    last = time.monotonic() + QUIET - PAUSE

    def show(what: str, done: int, whole: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PAUSE:
            last = now
            click.echo(f"{what}: {done:,}" + (f" of {whole:,}" if whole else ""), err=True)

    return show


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int | None], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, whole: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=whole)
            bar.update(tasks[what], completed=done, total=whole)

        yield show
