"""Scoring again and sealing, against measuring the same people, indicators and months."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.history.replay import recalled
from kpicore.evaluation.history.rescore import scored_under
from kpicore.evaluation.measuring.measure import measure
from tests.benchmarks.house import House, requests, retargeted, reweighted
from tests.benchmarks.indicators import PERIODS
from tests.benchmarks.measuring import measured
from tests.benchmarks.timing import Row, versus


def sealed_months(house: House) -> list[str]:
    """Seal every month; ids."""
    world = house.kpi.world()
    months = [period.id for period in world.calendar.series(PERIODS)]
    return [house.kpi.seal(house.kpi.evaluate("sales_rep", month), by="hr").id for month in months]


def sealing(house: House, runs: int) -> Row:
    """Evaluate a month and seal it, in a world that keeps no results."""
    world = house.fresh_world()
    months = [period.id for period in world.calendar.series(PERIODS)]
    ours, theirs = itertools.cycle(months), itertools.cycle(months)

    def work() -> None:
        house.kpi.seal(evaluate(world, "sales_rep", next(ours)), by="hr")

    def other() -> None:
        measure(world, requests(), world.calendar.series(next(theirs)))

    other()
    return versus(
        "evaluate a month, seal it", work, "measure that month", other, bound=1.3, runs=min(runs, len(months))
    )


def _again(evaluations: list[Evaluation], change: Callable[[Scorecard], Scorecard]) -> None:
    card = change(evaluations[0].card)
    for evaluation in evaluations:
        found = scored_under(evaluation, card, (card,))
        assert len(found.scored.totals.numbers) == len(evaluation.scored.subjects)


def rescoring(house: House, runs: int) -> list[Row]:
    """All months under other weights, targets and curves, from sealed measurements."""
    world = house.kpi.world()
    ids = sealed_months(house)
    evaluations = [recalled(world, one) for one in ids]
    fresh = house.fresh_world()
    measured(fresh)
    card = evaluations[0].card
    all_measured = "measure 12 × 24 months"

    def whole() -> None:
        for one in house.kpi.rescore(
            "sales_rep", period=PERIODS, weights={line.indicator: line.weight for line in reweighted(card).lines}
        ):
            assert one.evaluation.id

    def other() -> None:
        measured(fresh)

    return [
        versus("other weights", lambda: _again(evaluations, reweighted), all_measured, other, bound=0.01, runs=runs),
        versus("other targets", lambda: _again(evaluations, retargeted), all_measured, other, bound=0.2, runs=runs),
        versus("other weights, seals read, differences explained", whole, all_measured, other, runs=runs),
    ]
