"""The periods before an evaluation's own, as they were known when it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore.errors import KpicoreError
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import recalled
from kpicore.evaluation.history.versions import counting

if TYPE_CHECKING:
    from kpicore.evaluation.evaluate import Evaluation

#: The card was not in force yet, or went by another length: there is nothing before to put beside it.
_BEGINS = ("not_in_force_yet", "wrong_period", "mid_period_change")


def earlier(evaluation: Evaluation, most: int) -> tuple[Evaluation, ...]:
    """Evaluations of the same card in the periods before, the oldest first.

    Of a period that was sealed it is the seal that counted when the evaluation was made; other periods are evaluated as
    the evaluation knows them, its hypothetical rules included. So the same evaluation always has the same past.
    It goes back to where the card begins, and not past the first period in which anybody had a total.

    Args:
        evaluation: The evaluation.
        most: So many periods at most.
    """
    world = evaluation.world
    last = max(world.cut.facts, world.cut.rules)
    seals = () if world.overrides else (seal for seal in world.ledger.seals() if seal.position <= last)
    sealed = {
        str(seal.document["period"]): seal
        for seal in counting(seals, world.rules)
        if seal.document["scorecard"] == evaluation.card.id
    }
    free = world.derive(pinned=())
    calendar = free.calendar
    period = calendar.period(evaluation.bounds.period_id)
    found: list[Evaluation] = []
    for _ in range(most):
        period = calendar.previous(period)
        seal = sealed.get(period.id)
        try:
            one = (
                evaluate(free, evaluation.card.id, period.id)
                if seal is None
                else recalled(world, seal.evaluation, seal)
            )
        except KpicoreError as error:
            if error.code not in _BEGINS:
                raise
            break
        if one.card.level != evaluation.card.level:
            break
        found.insert(0, one)
    while found and not any(total is not None for total in found[0].outcome.totals):
        del found[0]
    return tuple(found)
