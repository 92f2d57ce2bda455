"""What people decided about older versions of a period when a new one counts in their place."""

from __future__ import annotations

from typing import Any

from kpicore.evaluation.history.adjusted import adjustments
from kpicore.evaluation.history.versions import versions
from kpicore.evaluation.world import World
from kpicore.governance.disputes import Disputes

__all__ = ["replaced"]

#: Disputes that came to nothing say nothing about a new version either.
_SETTLED = ("rejected", "withdrawn")


def replaced(world: World, evaluation: str) -> dict[str, Any] | None:
    """The decisions that stand about the versions whose place a sealed evaluation takes.

    Args:
        world: Any world over the ledger that knows the seal.
        evaluation: Id of the sealed evaluation.

    Returns:
        `evaluations`, the ids of the older versions of its period, and the names of `disputes` (open or accepted),
        `adjustments` (not withdrawn) and `payouts` that are about them. None where it does not count in its period, or
        where there is no such decision.
    """
    seal = world.ledger.sealed(evaluation)
    found = versions(world.ledger.seals(), world.rules, str(seal.document["scorecard"]))
    period = next(one for one in found.periods if one.period == seal.document["period"])
    older = [one.evaluation for one in period.versions if one.position < seal.position]
    if period.counts != evaluation or not older:
        return None
    disputes = [one for one in Disputes(lambda: world) if one.evaluation in older and one.state not in _SETTLED]
    adjusted = adjustments(world.ledger.entries("override", "calibration"))
    payouts = [
        entry.name
        for entry in world.ledger.entries("payout")
        if any(paid["evaluation"] in older for paid in entry.document["seals"])
    ]
    decided = {
        "disputes": [one.name for one in disputes],
        "adjustments": [one.name for one in adjusted if one.evaluation in older and one.withdrawn is None],
        "payouts": payouts,
    }
    return {"evaluations": older, **decided} if any(decided.values()) else None
