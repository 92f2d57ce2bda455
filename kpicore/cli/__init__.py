"""The command line: one small module per group of commands, each loaded when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

#: The exit code of a process that Ctrl-C ended, as shells count it.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    try:
        from kpicore.cli.run import run

        code = run(arguments)
    except KeyboardInterrupt:
        # Modules are still being loaded, or the run was interrupted while it told of an interrupt.
        code = INTERRUPTED
    sys.exit(code)
