"""Relations say rightly how far they read, also of what is dated before the thing that it is about."""

from __future__ import annotations

from kpicore.testing.lookback import misread
from tests.unit.evaluation.worlds import SmallWorld

FACTS = {
    "order_paid": [{"order_id": "O", "gross": "60", "occurred_at": "2026-03-11"}],
    "order_cancelled": [{"order_id": "O", "amount": "60", "occurred_at": "2025-12-31"}],
    "lead_created": [{"lead_id": "L", "occurred_at": "2026-03-05"}],
    "lead_qualified": [{"qualification_id": "Q", "lead_id": "L", "valid": True, "occurred_at": "2026-02-25"}],
}


def test_what_is_dated_too_early_is_read() -> None:
    world = SmallWorld(FACTS)
    relations = {name: world.definitions.relations[name] for name in ("settled_order", "lead_verdict")}
    assert list(misread(world, relations)) == []
