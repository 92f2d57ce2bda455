"""A fact type and short ways to make batches of it, for the tests of the ledger."""

from kpicore.definitions.facts import FactType, Field
from kpicore.ledger.records import Batch
from kpicore.ledger.rows import check_keys, check_rows

DEAL = FactType(
    "deal_won",
    title="won deals",
    key="deal_id",
    fields={
        "deal_id": Field("id"),
        "amount": Field("money", required=True),
        "discount": Field("money", default="0"),
        "valid": Field("boolean"),
        "seats": Field("integer"),
        "probability": Field("decimal"),
        "exchange": Field("rate"),
        "closed_at": Field("instant"),
        "note": Field("text"),
    },
)

PLAN = FactType(
    "plan_set", title="plans", key=("team_id", "month"), fields={"team_id": Field("id"), "month": Field("id")}
)

DAY = "2026-03-05T00:00:00Z"
NOW = 1_800_000_000_000_000


class Clock:
    """A clock that goes one second on with every look, and can be set."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        self.now += 1_000_000
        return self.now


def deal(key, amount=1, **others):
    return {"deal_id": key, "occurred_at": DAY, "amount": amount, **others}


def table(rows, fact_type=DEAL):
    checked, refusals = check_rows(fact_type, rows)
    assert not refusals, refusals
    return checked


def facts(batch_key, rows, *, source="crm", fact_type=DEAL, **others):
    return Batch(fact_type, table(rows, fact_type), source, batch_key, **others)


def retraction(batch_key, keys, *, source="crm", fact_type=DEAL, **others):
    checked, refusals = check_keys(fact_type, keys)
    assert not refusals, refusals
    return Batch(fact_type, checked, source, batch_key, "retraction", **others)


def amounts(ledger, cut=None):
    """Source and key of every fact that counts, and its amount."""
    resolved = ledger.resolved(DEAL, cut or ledger.cut(), ["deal_id", "amount"])
    return {(row["source"], row["deal_id"]): int(row["amount"]) for row in resolved.to_pylist()}
