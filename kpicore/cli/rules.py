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


@click.command("triggers")
@click.option("--as-of", metavar="POS|TIME", help="As known at a position of the ledger or at a time.")
@click.option(
    "--out", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Write what is proposed as files."
)
@options
@click.pass_obj
def triggers(state: State, as_of: str | None, out: Path | None) -> None:
    """Show which standing changes are proposed now, and what their triggers saw. Nothing is applied.

    With --out each proposal is a file there, to plan and apply.
    """
    from kpicore.reports import rules
    from kpicore.reports.report.files import write_whole

    with state.open() as kpi:
        found = kpi.triggers(as_of=as_of)
    documents = [one.to_document() for one in found]
    for one, document in zip(found, documents, strict=True):
        document["file"] = None
        if out is not None and one.proposal is not None:
            out.mkdir(parents=True, exist_ok=True)
            file = out / f"{one.standing.id}.toml"
            write_whole(file, one.proposal.encode())
            document["file"] = str(file)
    state.show({"triggers": documents}, lambda language: rules.triggers(documents, language))
