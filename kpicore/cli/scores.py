"""`kpicore measure`, `evaluate` and `seal`: from facts to scores, and scores for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.state import State, options
from kpicore.definitions.indicators import LEVELS, Level
from kpicore.errors import InvalidInput

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kpicore.kpi import Kpi


def _params(_ctx: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str | list[str]]:
    """`--param horizon=30d --param types=ads,fairs`: a comma makes a list where the parameter is one."""
    found: dict[str, str | list[str]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise InvalidInput(f"{text!r} is not a parameter", code="bad_parameter", hint="write --param horizon=30d")
        found[name.strip()] = value
    return found


@click.command("measure")
@click.argument("indicator")
@click.option("--period", required=True, metavar="P[..Q]", help="2017-Q1, or a series 2017-01..2017-12.")
@click.option("--level", type=click.Choice(LEVELS), default="person", show_default=True, help="Who is measured.")
@click.option("--by", multiple=True, metavar="FIELD", help="Break down by a field; may be repeated.")
@click.option("--param", multiple=True, metavar="NAME=VALUE", callback=_params, help="A parameter of the indicator.")
@click.option("--credit", metavar="COLUMN", help="Who is credited, where the indicator leaves a choice.")
@click.option("--as-of", metavar="POS|TIME", help="As known at a position of the ledger or at a time.")
@options
@click.pass_obj
def measure(
    state: State,
    indicator: str,
    period: str,
    level: Level,
    by: tuple[str, ...],
    param: dict[str, str],
    credit: str | None,
    as_of: str | None,
) -> None:
    """Measure INDICATOR: numerator, denominator and value for every subject and period."""
    with state.open() as kpi:
        measured = kpi.measure(
            indicator, period, level=level, by=list(by) or None, params=param, credit=credit, as_of=as_of
        )
        definition = kpi.definitions.indicators[indicator]
        from kpicore.reports import tables

        state.show(
            measured.to_document(), lambda language: tables.measured(measured.to_document(), definition, language)
        )


def beside(kpi: Kpi, document: dict[str, Any]) -> dict[str, Any]:
    """The document of an evaluation, with the scores that people set beside those of the system, where there are any."""
    if kpi.ledger.find_seal(document["evaluation"]) is None:
        return document
    named = {subject["subject"] for subject in document["subjects"]}
    found = kpi.adjustments.scores(document["evaluation"])
    scores = [one.to_document() for one in found if one.subject in named]
    return {**document, "adjusted": scores} if scores else document


@click.command("evaluate")
@click.argument("card")
@click.option("--period", required=True, metavar="P", help="A period of the scorecard's length, such as 2017-Q1.")
@click.option("--as-of", metavar="POS|TIME", help="As known at a position of the ledger or at a time.")
@options
@click.pass_obj
def evaluate(state: State, card: str, period: str, as_of: str | None) -> None:
    """Score everyone on the scorecard CARD. The id that is shown is what seal, replay and explain take."""
    with state.open() as kpi:
        evaluation = kpi.evaluate(card, period, as_of=as_of)
        document, title = beside(kpi, evaluation.to_document()), evaluation.card.title
        indicators = kpi.definitions.indicators
        from kpicore.reports import evaluated
        from kpicore.reports.proceedings import with_adjusted

        def shown(language: str) -> RenderableType:
            return with_adjusted(
                evaluated.evaluation(document, indicators, language, card_title=title), document, language
            )

        state.show(document, shown)


@click.command("seal")
@click.argument("evaluation")
@click.option("--by", required=True, metavar="WHO", help="Who seals it.")
@click.option("--propose", is_flag=True, help="Propose it: somebody else approves it before it is sealed.")
@click.option("--reason", metavar="R", help="Why it is proposed.")
@options
@click.pass_obj
def seal(state: State, evaluation: str, by: str, propose: bool, reason: str | None) -> None:
    """Record EVALUATION for good. What it stands on is kept with it; later facts and rules do not move it."""
    from kpicore.cli.proposals import check_reason, shown

    check_reason(reason, propose=propose)
    with state.open() as kpi:
        if propose:
            shown(state, kpi.propose(evaluation, by=by, reason=reason or ""))
            return
        document = kpi.seal(evaluation, by=by).to_document()
        from kpicore.governance.replaced import replaced
        from kpicore.reports import tables

        about_older = replaced(kpi.world(), document["evaluation"])
        if about_older is not None:
            document["replaces"] = about_older

        state.show(document, lambda language: tables.sealed(document, language))
