"""What commands print: JSON for programs, plain lines and tables for people."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from kpicore.canonical import decimal_text

if TYPE_CHECKING:
    from rich.console import Console

#: Width where the output is no terminal.
PLAIN_WIDTH = 110


def json_text(document: Any) -> str:
    """A document as JSON: keys as the document orders them, decimals as strings."""
    return json.dumps(document, ensure_ascii=False, indent=2, default=_value, allow_nan=False)


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_json(document: Any) -> None:
    """Print a document on stdout."""
    click.echo(json_text(document))


def console() -> Console:
    """Where tables go: stdout, as wide as the terminal, never cut to 80 columns in a pipe."""
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            """The pipe's end is told by the exit code of `run`, not by one of rich's."""
            raise BrokenPipeError

    width = int(os.environ.get("COLUMNS") or 0) or None
    if width is None:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PLAIN_WIDTH
    return Screen(file=sys.stdout, width=width, highlight=False, soft_wrap=False)
