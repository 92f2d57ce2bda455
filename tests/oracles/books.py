"""What leads, credit and orders mean, as loops over rows: nothing here is shared with relations or engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from tests.oracles.desk import DAY, HOUR, Desk, Row

ORIGIN = ("channel_id", "campaign_id", "content_id", "live_id", "ad_unit_id", "community_id")
UNIT = Decimal("0.000000000001")


class Books:
    """Facts of a desk, read once."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.rows = desk, desk.rows

    @cached_property
    def roots(self) -> dict[str, Row]:
        """Lead id → the first lead of its thread."""
        last: dict[str, Row] = {}
        current: dict[str, Row] = {}
        found = {}
        for lead in sorted(self.rows["lead_created"], key=lambda row: (row["occurred_at"], row["lead_id"])):
            contact = lead["contact_key"]
            new = contact is None or contact not in last
            if new or lead["occurred_at"] - last[contact]["occurred_at"] >= 90 * DAY:
                current[contact] = lead
            found[lead["lead_id"]] = lead if contact is None else current[contact]
            last[contact] = lead
        return found

    @property
    def leads(self) -> list[Row]:
        """Leads without duplicates."""
        return [lead for lead in self.rows["lead_created"] if self.roots[lead["lead_id"]] is lead]

    def verdict(self, lead: Row, within: int = 7, versions: Collection[str] | None = None) -> bool | None:
        """The latest decision in time; None where there is none."""
        own = [
            row
            for row in self.rows["lead_qualified"]
            if row["lead_id"] == lead["lead_id"] and (versions is None or row.get("criteria_version") in versions)
        ]
        until = lead["occurred_at"] + within * DAY
        decided = [row for row in own if row["valid"] is not None and row["occurred_at"] <= until]
        latest = max(decided, key=lambda row: (row["occurred_at"], row["qualification_id"]), default=None)
        return None if latest is None else latest["valid"]

    def credit(self, lead: Row, model: str) -> list[tuple[Row, Decimal]]:
        """Where a lead came through, with the share of each."""
        touches = [
            row
            for row in self.rows["touch_recorded"]
            if row["contact_key"] is not None
            and row["contact_key"] == lead["contact_key"]
            and row["kind"] != "direct"
            and 0 <= lead["occurred_at"] - row["occurred_at"] <= 30 * DAY
        ]
        touches.sort(key=lambda row: (row["occurred_at"], row["touch_id"], row["source"]))
        weights = _weights(model, [(lead["occurred_at"] - row["occurred_at"]) // (7 * DAY) for row in touches])
        if not touches:
            touches, weights = [lead], [1]
        shares = [UNIT * (10**12 * weight // sum(weights)) for weight in weights]
        shares[-1] = 1 - sum(shares[:-1])
        return [(self.through(touch, lead), share) for touch, share in zip(touches, shares, strict=True) if share]

    def through(self, touch: Row, lead: Row) -> Row:
        """A touch's origin beside the lead's owner and time, with the author of its content."""
        known = [row for row in self.rows["content_published"] if row["content_id"] == touch["content_id"]]
        first = min(known, key=lambda row: (row["occurred_at"], row["source"]), default=None)
        author = (first["author_id"] or first["owner_id"]) if first else None
        whose = {name: lead.get(name) for name in ("lead_id", "occurred_at", "owner_id", "region_id")}
        team = first["team_id"] if first else None
        return {**whose, **{name: touch.get(name) for name in ORIGIN}, "author_id": author, "content_team_id": team}

    @cached_property
    def orders(self) -> list[Row]:
        """Orders with what is left of them, in the order of time."""
        taken: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for row in [*self.rows["order_refunded"], *self.rows["order_cancelled"]]:
            taken[row["order_id"]][0] += Decimal(row["amount"])
            taken[row["order_id"]][1] += Decimal(row["cogs_reversed"])
        found = []
        for row in self.rows["order_paid"]:
            back, reversed_cost = taken[row["order_id"]]
            left = self.worth(row) - back
            margin = left - (Decimal(row["cogs"]) - reversed_cost)
            money = {"net": self.base(row, left), "margin": self.base(row, margin)}
            found.append({**row, "kept": left > 0, **money})
        return sorted(found, key=lambda row: (row["occurred_at"], row["order_id"]))

    @staticmethod
    def worth(order: Row) -> Decimal:
        """What an order was worth before anything was taken back."""
        return Decimal(order["gross"]) - Decimal(order["discount"]) - Decimal(order["tax"])

    def base(self, row: Row, amount: Decimal) -> Decimal:
        """An amount of a row in the base currency."""
        found = self.desk.base(amount, row["currency"], row["occurred_at"])
        return found.quantize(Decimal("0.0001"), ROUND_HALF_UP)

    def order_credit(self, order: Row, model: str) -> list[tuple[Row, Decimal]]:
        """Whom an order is owed to: the touches of its deal's lead, else its own channel and campaign."""
        deals = [row for row in self.rows["deal_won"] if row["deal_id"] == order["deal_id"]]
        if deals and deals[0]["lead_id"] in self.roots:
            shares = self.credit(self.roots[deals[0]["lead_id"]], model)
            own = {"owner_id": order["owner_id"], "occurred_at": order["occurred_at"]}
            return [({**through, **own}, share) for through, share in shares]
        return [(order, Decimal(1))]

    def deal_credit(self, deal: Row, model: str) -> list[tuple[Row, Decimal]]:
        """Whom a deal is owed to: the touches of its lead, else its own channel and campaign."""
        if deal["lead_id"] not in self.roots:
            return [(deal, Decimal(1))]
        own = {"owner_id": deal["owner_id"], "occurred_at": deal["occurred_at"]}
        shares = self.credit(self.roots[deal["lead_id"]], model)
        return [({**through, **own}, share) for through, share in shares]

    @cached_property
    def first_deals(self) -> list[Row]:
        """The first won deal of each customer."""
        found: dict[str, Row] = {}
        for deal in sorted(self.rows["deal_won"], key=lambda row: (row["occurred_at"], row["deal_id"])):
            if deal["customer_id"] is not None:
                found.setdefault(str(self.master_of(deal["customer_id"])), deal)
        return list(found.values())

    @cached_property
    def first_orders(self) -> list[Row]:
        """The first kept order of each customer."""
        found: dict[str, Row] = {}
        for order in self.orders:
            if order["kept"] and order["customer_id"] is not None:
                found.setdefault(order["customer_id"], order)
        return list(found.values())

    def customer_of(self, contact: str | None) -> str | None:
        """The customer whom a contact is known to be."""
        linked = [row for row in self.rows["identity_linked"] if row["kind"] == "contact"]
        return next((row["customer_id"] for row in linked if row["id"] == contact), None)

    def master_of(self, customer: str | None) -> str | None:
        """The customer whom the master names in the place of another."""
        linked = [row for row in self.rows["identity_linked"] if row["kind"] == "customer"]
        return next((row["customer_id"] for row in linked if row["id"] == customer), customer)

    @cached_property
    def live_customers(self) -> list[Row]:
        """First orders that were not taken back within a week, soon after a live stream."""
        first: dict[str, Row] = {}
        for order in self.orders:
            back = sum(
                Decimal(row["amount"])
                for row in [*self.rows["order_refunded"], *self.rows["order_cancelled"]]
                if row["order_id"] == order["order_id"] and row["occurred_at"] <= order["occurred_at"] + 7 * DAY
            )
            if order["customer_id"] is not None and back < self.worth(order):
                first.setdefault(order["customer_id"], order)
        found = []
        ends = {row["live_id"]: row["ended_at"] for row in self.rows["live_held"]}
        for customer, order in first.items():
            seen = [
                row
                for row in self.rows["touch_recorded"]
                if row["live_id"] is not None
                and self.customer_of(row["contact_key"]) == customer
                and row["occurred_at"] <= order["occurred_at"]
                and order["occurred_at"] <= max(ends[row["live_id"]], row["occurred_at"]) + 24 * HOUR
            ]
            if seen:
                last = max(seen, key=lambda row: (row["occurred_at"], row["touch_id"], row["source"]))
                found.append({**order, "live_id": last["live_id"]})
        return found


def _weights(model: str, halvings: list[int]) -> list[int]:
    """Weights of touches, from the first to the last."""
    n = len(halvings)
    if model == "last":
        return [0] * (n - 1) + [1]
    if model == "first":
        return [1] + [0] * (n - 1)
    if model == "decay":
        return [2 ** (20 - halving) for halving in halvings]
    if model == "u" and n > 2:
        return [2 * (n - 2), *[1] * (n - 2), 2 * (n - 2)]
    return [1] * n
