"""What every command shares: `--json`, `--ledger` and `--lang`, the open ledger, and how a result is shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click
from attrs import define

from kpicore.naming import LANGUAGES

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kpicore.hooks.host import PluginHost
    from kpicore.kpi import Kpi
    from kpicore.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


@define
class State:
    """The options of one call that hold for every command."""

    json: bool = False
    ledger: str | None = None
    lang: str | None = None

    @property
    def language(self) -> str:
        """The language of tables: `--lang`, else what the terminal's locale says."""
        return self.lang or _spoken(os.environ)

    def settings(self) -> Settings:
        """Which ledger, and how: option, then environment, then kpicore.toml."""
        from kpicore.settings import resolve

        return resolve(self.ledger)

    def host(self) -> PluginHost:
        """The plugins; a ledger need not be there."""
        from kpicore.kpi import plugin_host

        return plugin_host(self.settings())

    def open(self, *, create: bool = False) -> Kpi:
        """The ledger; only `init`, `import` and `apply` make one."""
        from kpicore.kpi import Kpi

        return Kpi(self.settings(), create=create)

    def show(self, document: Mapping[str, Any], render: Callable[[str], RenderableType]) -> None:
        """Print the document with `--json`, else what `render` makes of it in the language of the call."""
        if self.json:
            from kpicore.cli.output import print_json

            print_json(document)
        else:
            from kpicore.cli.output import console

            console().print(render(self.language))


def _spoken(environ: Mapping[str, str]) -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "zh-Hant" if environ[name].lower().startswith("zh") else "en"
    return "en"


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
        state = ctx.ensure_object(State)
        if value:
            setattr(state, name, value)

    return keep


def options(command: Command) -> Command:
    """Give a command `--json`, `--ledger` and `--lang`; all three also work before its name."""
    for option in (
        click.option(
            "--lang",
            type=click.Choice(LANGUAGES),
            expose_value=False,
            is_eager=True,
            callback=_keep("lang"),
            help="Language of tables; default: the terminal's.",
        ),
        click.option(
            "--ledger",
            metavar="PATH|URL",
            expose_value=False,
            is_eager=True,
            callback=_keep("ledger"),
            help="The ledger; default: KPICORE_LEDGER, then kpicore.toml.",
        ),
        click.option(
            "--json",
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_keep("json"),
            help="Print one JSON document on stdout.",
        ),
    ):
        command = option(command)
    return command
