"""The command line: one small module per group of commands, each loaded when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    from kpicore.cli.run import run

    sys.exit(run(arguments))
