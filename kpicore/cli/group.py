"""Groups whose commands are imported when they are called: `--help` reads a table of names instead."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Mapping
from typing import Any

import click

from kpicore.cli.help import SpokenContext
from kpicore.errors import KpicoreError
from kpicore.naming import did_you_mean

_EXTENDED = "kpicore.extended"


class LazyGroup(click.Group):
    """A group over a table: command → (`module:attribute`, one line of help).

    Args:
        lazy: The table, in the order in which help shows it.
        extend: Called once a run, before an unknown command is refused and before help: plugins add their commands.
    """

    context_class = SpokenContext

    def __init__(
        self,
        *args: Any,
        lazy: Mapping[str, tuple[str, str]],
        extend: Callable[[click.Group, click.Context], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy
        self._extend = extend

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The table's commands in its order, then what plugins added; help is shown whatever is wrong with them."""
        with contextlib.suppress(KpicoreError):
            self._extended(ctx)
        return [*self._lazy, *sorted(name for name in self.commands if name not in self._lazy)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name in self._lazy:
            module, _, attribute = self._lazy[cmd_name][0].partition(":")
            command = getattr(importlib.import_module(module), attribute)
            assert isinstance(command, click.Command)  # noqa: S101 - the table names commands
            command.context_class = SpokenContext
            return command
        if cmd_name not in self.commands:
            self._extended(ctx)
        return self.commands.get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with a suggestion for a command that is not there."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = did_you_mean(name, self.list_commands(ctx))
            ctx.fail(f"there is no command {name}" + (f"; {near}" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with one line each, without importing those of the table."""
        rows = []
        for name in self.list_commands(ctx):
            if name in self._lazy:
                rows.append((name, self._lazy[name][1]))
            elif not (command := self.commands[name]).hidden:
                rows.append((name, command.get_short_help_str(limit=80)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def _extended(self, ctx: click.Context) -> None:
        # Another run in this process may have other plugins: what the last one's added is taken away.
        if self._extend is not None and _EXTENDED not in ctx.meta:
            self.commands.clear()
            self._extend(self, ctx)
            ctx.meta[_EXTENDED] = True
