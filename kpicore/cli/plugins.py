"""`kpicore plugins`: which are there, what they define, and whether they hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.group import LazyGroup
from kpicore.cli.state import State, options

if TYPE_CHECKING:
    from kpicore.hooks.plugins import PluginInfo

_HERE = "kpicore.cli.plugins:"
_COMMANDS = {
    "list": (_HERE + "list_", "The plugins that were found, and what is wrong with them."),
    "show": (_HERE + "show", "Everything that is defined, or one indicator, or one plugin."),
    "check": (_HERE + "check", "Check plugins and run the examples of their indicators."),
    "new": ("kpicore.cli.later:plugins_new", "Not available yet."),
}


@click.group("plugins", cls=LazyGroup, lazy=_COMMANDS)
@options
def plugins() -> None:
    """List, show and check plugins."""


@click.command("list")
@options
@click.pass_obj
def list_(state: State) -> None:
    """The plugins that were found: loaded, broken or blocked."""
    found = state.host().plugins
    if state.json:
        from kpicore.cli.output import print_json

        print_json({"plugins": [plugin.to_dict() for plugin in found]})
        return
    for line in _lines(found, state.language):
        click.echo(line)


def _lines(found: tuple[PluginInfo, ...], language: str) -> list[str]:
    """One line a plugin, in columns, without the weight of a table library."""
    from kpicore.reports.translations.translated import told
    from kpicore.reports.words import pick, width, word

    if not found:
        return [pick(language, "no plugin is installed", "沒有安裝外掛")]
    rows: list[tuple[str, ...]] = [
        (p.name, word(p.status, language), p.version or "", p.distribution or p.file or "", str(len(p.definitions)))
        for p in found
    ]
    rows.insert(0, tuple(word(name, language) for name in ("name", "status", "version", "distribution", "defines")))
    widths = [max(width(row[column]) for row in rows) for column in range(5)]
    lines = [
        "  ".join(cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=True)) for row in rows
    ]
    lines = [line.rstrip() for line in lines]
    for plugin in found:
        if plugin.error:
            lines.append(
                pick(language, f"{plugin.name} is broken: {plugin.error}", f"{plugin.name} 損壞：{plugin.error}")
            )
        lines.extend(f"{plugin.name}: {told(warning, language)}" for warning in plugin.warnings)
    return lines


@click.command("show")
@click.argument("name", required=False)
@options
@click.pass_obj
def show(state: State, name: str | None) -> None:
    """Everything that is defined; with NAME one plugin (sales) or one definition (sales.win_rate)."""
    from kpicore.hooks.catalog import Catalog
    from kpicore.hooks.show import show as document_of
    from kpicore.reports import catalog as report

    catalog = Catalog(state.host())
    if name is None or name in {plugin.name for plugin in catalog.plugins}:
        document = document_of(catalog, name)
        state.show(document, lambda language: report.overview(document, language))
        return
    if name not in catalog.names():
        raise catalog.missing(name, "plugin or definition")
    provider = catalog.provider(name)
    document = _only(document_of(catalog, provider.name if provider else None), name)
    state.show(document, lambda language: report.definition(document, language))


def _only(document: dict[str, Any], name: str) -> dict[str, Any]:
    kinds = ("fact_types", "relations", "indicators", "curves", "roles", "templates", "awards")
    return {kind: [part for part in document[kind] if name in (part.get("id"), part.get("name"))] for kind in kinds}


@click.command("check")
@click.argument("target", required=False, metavar="[NAME|PATH]")
@options
@click.pass_obj
def check(state: State, target: str | None) -> None:
    """Check plugins: names, hooks, definitions, and that their examples come out. Leaves with 1 if not.

    PATH is a plugin that is not installed yet: a Python file, or a folder with a pyproject.toml.
    """
    from kpicore.reports import catalog as report
    from kpicore.testing.report import check_plugins

    settings = state.settings()
    found = check_plugins(target, allow=settings.allow, block=settings.block, local=settings.folder)
    document = found.to_dict()
    state.show(document, lambda language: report.checked(document, language))
    if not document["passed"]:
        raise click.exceptions.Exit(1)
