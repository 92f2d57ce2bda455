"""`kpicore replay`, `restate`, `rescore` and `explain`: evaluations again, otherwise, and in their parts."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore.cli.state import State, options
from kpicore.errors import InvalidInput


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


@click.command("restate")
@click.argument("evaluation")
@options
@click.pass_obj
def restate(state: State, evaluation: str) -> None:
    """Evaluate again under the same rules with the facts known now. EVALUATION stays as it is."""
    from kpicore.reports import explained

    with state.open() as kpi:
        document = kpi.restate(evaluation).to_document()
        indicators = kpi.definitions.indicators
    state.show(document, lambda language: explained.revised(document, indicators, language))


@click.command("rescore")
@click.argument("evaluation", metavar="EVALUATION|CARD")
@click.option("--period", metavar="P[..Q]", help="Every period of a series: then a scorecard is named.")
@click.option("--weights", metavar="FILE", type=click.Path(path_type=Path), help="Other weights: [weights] in TOML.")
@click.option("--scorecard", metavar="FILE", type=click.Path(path_type=Path), help="A whole other scorecard.")
@options
@click.pass_obj
def rescore(state: State, evaluation: str, period: str | None, weights: Path | None, scorecard: Path | None) -> None:
    """Score EVALUATION under other rules. Hypothetical: it counts for nothing until it is sealed.

    With --period it is a scorecard whose periods are scored, and what everyone gains or loses over all of them.
    """
    from kpicore.definitions.cards.card_files import load_scorecard, load_weights
    from kpicore.reports import explained

    if (weights is None) == (scorecard is None):
        raise InvalidInput("other rules are needed", code="usage", hint="give --weights FILE or --scorecard FILE")
    card = None if scorecard is None else load_scorecard(scorecard)
    with state.open() as kpi:
        other = None if weights is None else load_weights(weights)
        document = kpi.rescore(evaluation, period=period, weights=other, scorecard=card).to_document()
        indicators = kpi.definitions.indicators
    if period is not None:
        state.show(document, lambda language: explained.series(document, language))
    else:
        state.show(document, lambda language: explained.revised(document, indicators, language))


@click.command("versions")
@click.argument("card")
@click.option("--period", metavar="P[..Q]", help="Only this period or series.")
@options
@click.pass_obj
def versions(state: State, card: str, period: str | None) -> None:
    """Show what was sealed of the scorecard CARD: every version, which one counts, and what was carried on."""
    from kpicore.reports import explained

    with state.open() as kpi:
        document = kpi.versions(card, period=period).to_document()
    state.show(document, lambda language: explained.versions(document, language))


@click.command("explain")
@click.argument("evaluation")
@click.argument("other", required=False, metavar="[EVALUATION2]")
@click.option("--subject", metavar="S", help="Only this subject.")
@options
@click.pass_obj
def explain(state: State, evaluation: str, other: str | None, subject: str | None) -> None:
    """Show how EVALUATION is built, down to the facts; with a second one, what the difference is made of."""
    from kpicore.cli.scores import beside
    from kpicore.reports import explained
    from kpicore.reports.built import built
    from kpicore.reports.proceedings import with_adjusted

    with state.open() as kpi:
        indicators = kpi.definitions.indicators
        if other is None:
            document = beside(kpi, kpi.explain(evaluation, subject=subject).to_document())
            state.show(
                document,
                lambda language: with_adjusted(built(document, indicators, language), document, language),
            )
        else:
            document = kpi.explain(evaluation, other, subject=subject).to_document()
            state.show(document, lambda language: explained.difference(document, indicators, language))
