"""`kpicore replay` and `explain`: evaluations again, and in their parts."""

from __future__ import annotations

import click

from kpicore.cli.state import State, options
from kpicore.errors import Refused


@click.command("replay")
@click.argument("evaluation")
@options
@click.pass_obj
def replay(state: State, evaluation: str) -> None:
    """Compute EVALUATION again from the ledger alone and compare. Leaves with 4 if a digit differs."""
    from kpicore.reports import tables

    with state.open() as kpi:
        document = kpi.replay(evaluation).to_document()
    state.show(document, lambda language: tables.replayed(document, language))
    if not document["identical"]:
        raise click.exceptions.Exit(4)


@click.command("explain")
@click.argument("evaluation")
@click.argument("other", required=False, metavar="[EVALUATION2]")
@click.option("--subject", metavar="S", help="Only this subject.")
@options
@click.pass_obj
def explain(state: State, evaluation: str, other: str | None, subject: str | None) -> None:
    """Show how EVALUATION is built: each line, target and weight, down to the facts that were counted."""
    from kpicore.reports import explained

    if other is not None:
        raise Refused(
            "the difference of two evaluations is not built yet",
            code="not_built",
            where="kpicore explain",
            hint="explain each of them, or compare what evaluate prints with --json",
        )
    with state.open() as kpi:
        document = kpi.explain(evaluation, subject=subject).to_document()
        indicators = kpi.definitions.indicators
    state.show(document, lambda language: explained.built(document, indicators, language))
