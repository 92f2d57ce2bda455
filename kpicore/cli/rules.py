"""`kpicore plan` and `apply`: what would change, and the change on record."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore.cli.state import State, options

_PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))


@click.command("plan")
@_PATHS
@click.option("--period", metavar="P", help="Show who would move in this period. Default: the last sealed one.")
@options
@click.pass_obj
def plan(state: State, paths: tuple[Path, ...], period: str | None) -> None:
    """Show what applying the rule files at PATH (files or folders) would change, and who would move.

    Nothing is recorded.
    """
    from kpicore.reports import rules

    with state.open() as kpi:
        document = kpi.plan(*paths, period=period).to_document()
    state.show(document, lambda language: rules.plan(document, language))


@click.command("apply")
@_PATHS
@click.option("--by", required=True, metavar="WHO", help="Who decides it.")
@click.option("--reason", required=True, metavar="R", help="Why.")
@click.option("--effective", metavar="DATE", help="From when it counts, instead of the files' own dates; may be past.")
@click.option("--comment", multiple=True, metavar="TEXT", help="What else was said; kept with it, may be repeated.")
@options
@click.pass_obj
def apply(
    state: State, paths: tuple[Path, ...], by: str, reason: str, effective: str | None, comment: tuple[str, ...]
) -> None:
    """Record the rule files at PATH, with every definition that they use."""
    from kpicore.reports import rules

    with state.open() as kpi:
        change = kpi.plan(*paths)
        applied = kpi.apply(change, by=by, reason=reason, effective=effective, comments=comment)
    document = {"applied": applied.to_document()}
    state.show(document, lambda language: rules.applied(change.summary(), document, language))
