"""What the commands about proposals and disputes share: who says so, why, and the steps that need nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.state import State, options

if TYPE_CHECKING:
    from kpicore.kpi import Kpi

BY = click.option("--by", required=True, metavar="WHO", help="Who says so.")
REASON = click.option("--reason", required=True, metavar="R", help="Why.")


def step_command(
    name: str, case: str, told: str, step: Callable[[Kpi], Callable[..., Any]], show: Callable[[State, Any], None]
) -> click.Command:
    """A command that takes one step of a case, with who and why.

    Args:
        name: Of the command.
        case: What its argument is: `DISPUTE`.
        told: Its help.
        step: The method that takes the step; it is called with the case's name, `by` and `reason`.
        show: Shows what it returns.
    """

    @click.command(name, help=told)
    @click.argument("name", metavar=case)
    @BY
    @REASON
    @options
    @click.pass_obj
    def command(state: State, name: str, by: str, reason: str) -> None:
        with state.open() as kpi:
            found = step(kpi)(name, by=by, reason=reason)
        show(state, found)

    return command
