"""What people did about the scores of one subject: for reports, and for the person who is scored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kpicore.evaluation.world import World
from kpicore.governance.adjustments import Adjustments
from kpicore.governance.disputes import Disputes

__all__ = ["standing"]


def standing(world: World, subject: str | None, evaluation: str | None = None) -> dict[str, Any]:
    """Disputes, adjustments and payouts of a subject, and the scores beside the system's own.

    Args:
        world: Any world over the ledger.
        subject: Who; None for the company.
        evaluation: Only what concerns this sealed evaluation.

    Returns:
        `disputes`, `adjustments` (withdrawn ones too) as their documents; `scores`: of every
        sealed evaluation that counting adjustments concern, the system's total and the one beside it.
    """
    disputes = [
        one.to_document()
        for one in Disputes(lambda: world)
        if one.subject == subject and evaluation in (None, one.evaluation)
    ]
    desk = Adjustments(lambda: world)
    found = [one for one in desk.of(evaluation) if subject in one.subjects]
    evaluations = dict.fromkeys(one.evaluation for one in found if one.withdrawn is None)
    scores = [
        {"evaluation": name, **one.to_document()}
        for name in evaluations
        for one in desk.scores(name)
        if one.subject == subject
    ]
    return {
        "disputes": disputes,
        "adjustments": [one.to_document() for one in found],
        "scores": scores,
        "payouts": list(_payouts(world, subject, evaluation)),
    }


def _payouts(world: World, subject: str | None, evaluation: str | None) -> Iterator[dict[str, Any]]:
    """What was paid to the subject, payout by payout."""
    for entry in world.ledger.entries("payout"):
        seals = {seal["evaluation"] for seal in entry.document["seals"]}
        if evaluation is None or evaluation in seals:
            for one in entry.document["subjects"]:
                if one["subject"] == subject:
                    head = {name: entry.document[name] for name in ("award", "kind", "title", "period", "currency")}
                    yield {"payout": entry.name, **head, **one}
