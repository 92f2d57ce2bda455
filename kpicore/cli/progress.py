"""Progress on stderr: a bar on a terminal, a plain line now and then elsewhere, nothing for what is quick."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import click

#: Called with a file's name, rows done, rows in all (None: not known yet), bytes done and bytes in all.
Show: TypeAlias = Callable[[str, int, int | None, int, int], None]

#: Seconds before anything is said, and between two lines where there is no terminal.
QUIET, PAUSE = 3.0, 10.0


@contextmanager
def progress(language: str = "en") -> Iterator[Show]:
    """A function to call while a file is read; what it says is in `language`."""
    rows_word = "列" if language == "zh-Hant" else "rows"
    if sys.stderr.isatty():
        with _bar(rows_word) as show:
            yield show
    else:
        yield _lines(rows_word)


def _lines(rows_word: str) -> Show:
    last = time.monotonic() + QUIET - PAUSE

    def show(file: str, rows: int, _all_rows: int | None, done: int, size: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PAUSE:
            last = now
            share = f" ({done * 100 // size} %)" if size else ""
            click.echo(f"{file}: {rows:,} {rows_word}{share}", err=True)

    return show


@contextmanager
def _bar(rows_word: str) -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} " + rows_word),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(file: str, rows: int, _all_rows: int | None, done: int, size: int) -> None:
            if file not in tasks:
                tasks[file] = bar.add_task(file, total=size, rows=0)
            bar.update(tasks[file], completed=done, total=size, rows=rows)

        yield show
