"""Rescore a series of periods: who gains and who loses over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from attrs import frozen

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.cards.weights import Weights
from kpicore.evaluation.documents import number
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import recalled
from kpicore.evaluation.history.rescore import Revised, rescored
from kpicore.evaluation.history.versions import counting
from kpicore.evaluation.world import World

__all__ = ["RevisedSeries", "rescore_series"]

_NOTHING = Decimal(0)


@frozen
class RevisedSeries:
    """A scorecard's periods under other rules.

    Args:
        scorecard: Id of the card that was in force.
        series: The periods, as they were asked for.
        revised: Each period's evaluation under the other rules, with what its difference is made of.
    """

    scorecard: str
    series: str
    revised: tuple[Revised, ...]

    def __iter__(self) -> Iterator[Revised]:
        return iter(self.revised)

    def __len__(self) -> int:
        return len(self.revised)

    @property
    def differences(self) -> dict[str | None, Decimal]:
        """What everyone gains or loses over all periods: who gains most comes first."""
        sums: dict[str | None, Decimal] = {}
        for one in self.revised:
            for subject, points in one.differences.items():
                sums[subject] = sums.get(subject, _NOTHING) + points
        return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0] or "")))

    def to_document(self) -> dict[str, Any]:
        """Every period with both ids, and what everyone gains or loses in each and over all of them."""
        periods = [one.differences for one in self.revised]
        return {
            "scorecard": self.scorecard,
            "series": self.series,
            "periods": [
                {
                    "period": one.evaluation.bounds.period_id,
                    "evaluation": one.id,
                    "from": one.origin,
                }
                for one in self.revised
            ],
            "subjects": [
                {
                    "subject": subject,
                    "difference": number(points),
                    "differences": [number(found.get(subject)) for found in periods],
                }
                for subject, points in self.differences.items()
            ],
        }


def rescore_series(
    world: World,
    card_id: str,
    series: str,
    weights: Weights | None = None,
    scorecard: Scorecard | None = None,
) -> RevisedSeries:
    """Rescore every period of a series: of a sealed one the version that counts, of others what is known now.

    Args:
        world: As of `rescore`.
        card_id: The scorecard.
        series: Periods of its length, `2017-Q1..2017-Q4`.
        weights, scorecard: As of `rescore`.

    Raises:
        NotFound, InvalidInput, InvalidDefinition, Refused: As `rescore` and `evaluate`.
    """
    sealed = {
        str(seal.document["period"]): seal
        for seal in counting(world.ledger.seals(), world.rules)
        if seal.document["scorecard"] == card_id
    }
    revised = []
    for period in world.calendar.series(series):
        seal = sealed.get(period.id)
        old = evaluate(world, card_id, period.id) if seal is None else recalled(world, seal.evaluation, seal)
        revised.append(rescored(world, old, weights, scorecard))
    return RevisedSeries(card_id, series, tuple(revised))
