"""Deals of leads that were lost, by a chance of their own, so that all else is drawn as it was."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

DAY = 86_400_000_000


def losses(leads: Sequence[Mapping[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    """A lost deal for some of the leads, now and then before the lead."""
    return [
        {
            "occurred_at": lead["occurred_at"] + chance.choice([-1, 0, 5, 30, 60]) * DAY,
            "source": "crm",
            "deal_id": f"lost {lead['lead_id']}",
            "lead_id": lead["lead_id"],
            "owner_id": lead["owner_id"],
        }
        for lead in chance.sample(leads, 40)
    ]
