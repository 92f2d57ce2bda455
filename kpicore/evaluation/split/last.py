"""Last values: what the sealed evaluation of a card's previous period has on its lines, for empty states that take it.

It is the evaluation that counts in that period, among those that were sealed before the last fact or rule of the cut. A
line's last value is what it measured there, under the same request and the same meaning; where it was empty itself, was
measured otherwise, or was never sealed, there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.codec import from_document
from kpicore.evaluation.scoring.cells import Cells, Subjects, measured_again
from kpicore.evaluation.sealing.form import BASIS, sealed_cells
from kpicore.evaluation.split.lines import request_of

if TYPE_CHECKING:
    from kpicore.evaluation.world import World
    from kpicore.ledger.records import SealRecord

__all__ = ["last_seal", "last_values"]


def last_seal(world: World, card: Scorecard, period_id: str) -> SealRecord | None:
    """The seal that last values of a card come from; None where there is none, or no state takes them.

    Args:
        world: What was known.
        card: The scorecard.
        period_id: The period that is scored.
    """
    if "last" not in card.empty.values():
        return None
    before = world.calendar.previous(world.calendar.period(period_id)).id
    found = (
        seal
        for seal in world.counting_seals
        if (seal.document["scorecard"], seal.document["period"], seal.document["level"])
        == (card.id, before, card.level)
    )
    return next(found, None)


def last_values(world: World, card: Scorecard, subjects: Subjects, period_id: str) -> Mapping[str, Cells]:
    """Last values of a card's lines, by indicator; who has none has an absent cell.

    Args:
        world, card, period_id: As of `last_seal`.
        subjects: Who is scored.
    """
    seal = last_seal(world, card, period_id)
    if seal is None:
        return {}
    document = seal.document
    before: Scorecard = from_document(document[BASIS]["card"])
    asked = {line.indicator: request_of(line) for line in before.lines}
    meanings = document[BASIS]["definitions"]
    measured = dict(zip((line["indicator"] for line in document["lines"]), sealed_cells(document), strict=True))
    places = {name: n for n, name in enumerate(document["subjects"])}
    taken = [places.get(name, -1) for name in subjects]
    return {
        line.indicator: measured_again(measured[line.indicator]).picked(taken)
        for line in card.lines
        if asked.get(line.indicator) == request_of(line)
        and meanings[line.indicator]["meaning"] == world.definitions.meaning(line.indicator)
    }
