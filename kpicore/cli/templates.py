"""`kpicore new-scorecard`: a scorecard to begin with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from kpicore.cli.state import State, options
from kpicore.definitions.plans.templates import STAGES
from kpicore.errors import Conflict, InvalidInput


def _day(text: str | None) -> str:
    """The date that was given, or the first day of this quarter."""
    if text is None:
        today = datetime.now(UTC).date()
        return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1).isoformat()
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        raise InvalidInput(
            f"{text!r} is not a date", code="bad_date", where="effective", hint="write it like 2026-01-01"
        ) from None


@click.command("new-scorecard")
@click.argument("role")
@click.option("--stage", required=True, metavar="S", help=f"The business stage: {', '.join(STAGES)}.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write it there instead of showing it.")
@click.option("--id", "card_id", metavar="ID", help="Its id. Default: the role and the stage.")
@click.option("--effective", metavar="DATE", help="From when it counts. Default: the first day of this quarter.")
@options
@click.pass_obj
def new_scorecard(
    state: State, role: str, stage: str, out: Path | None, card_id: str | None, effective: str | None
) -> None:
    """Write a scorecard for ROLE at a business stage, from a template. Indicators and weights are suggestions."""
    from rich.console import Console

    from kpicore.governance.templates import new_scorecard as made
    from kpicore.hooks.catalog import Catalog
    from kpicore.reports import rules
    from kpicore.reports.report.files import write_whole

    if out is not None and out.exists():
        raise Conflict("this file is there already", code="file_exists", where=str(out), hint="choose another name")
    found = made(Catalog(state.host()), role, stage, _day(effective), card_id=card_id, language=state.language)
    document = found.to_document()
    if out is not None:
        write_whole(out, found.text.encode())
        document["file"] = str(out)
    if out is None and not state.json:
        # The file itself, for a redirection; what is to be done with it goes beside it.
        click.echo(found.text, nl=False)
        Console(stderr=True).print(rules.new_scorecard(document, state.language))
    else:
        state.show(document, lambda language: rules.new_scorecard(document, language))
