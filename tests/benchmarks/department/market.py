"""Leads, touches, deals, orders, customers, campaigns and what they cost, as they follow one another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from tests.benchmarks.department.draw import (
    DAY_US,
    END_US,
    HOUR_US,
    START_US,
    Draw,
    Ints,
    amounts,
    currency,
    ids,
    instants,
    named,
    nulled,
)

CHANNELS, CAMPAIGNS, REGIONS, STORES, LIVES, COMMUNITIES, UNITS, LINES = 24, 200, 300, 20, 500, 50, 2_000, 100
KINDS = ("click", "view", "direct", "reply")


class Market:
    """The market of an organisation with about `total` facts.

    Args:
        total: Facts of the organisation.
        contents: How many contents there are.
    """

    def __init__(self, total: int, contents: int) -> None:
        self.total, self.contents = total, contents
        self.contacts, self.customers = max(2, total // 16), max(2, total // 40)
        leads = Draw("leads", round(total * 0.09))
        self.lead_contact, self.lead_at = leads.upto(self.contacts), leads.times()
        deals = Draw("deals", round(total * 0.03))
        self.deal_lead = deals.rng.permutation(leads.size)[: deals.size]
        self.deal_at = deals.after(self.lead_at[self.deal_lead], 45)
        orders = Draw("orders", round(total * 0.10))
        self.order_deal = np.where(orders.chance(0.25), orders.upto(len(self.deal_lead)), -1)
        of_deal = self.customer_of(self.lead_contact[self.deal_lead[self.order_deal]])
        self.order_customer = np.where(self.order_deal >= 0, of_deal, orders.upto(self.customers))
        soon = orders.after(self.deal_at[self.order_deal], 10)
        self.order_at = np.where(self.order_deal >= 0, soon, orders.times())
        self.gross = orders.rng.integers(1_000, 500_000, orders.size)

    def customer_of(self, contacts: Ints) -> Ints:
        """Which customer a contact is."""
        return contacts * 7919 % self.customers

    def origin(self, draw: Draw, share: float) -> dict[str, pa.Array]:
        """What a touch, a lead or a cost came through."""
        return {
            "channel_id": draw.some(named("channel", draw.upto(CHANNELS), CHANNELS), 0.97),
            "campaign_id": draw.some(named("campaign", draw.upto(CAMPAIGNS), CAMPAIGNS), share),
            "content_id": draw.some(ids("N", draw.upto(self.contents)), share / 2),
            "live_id": draw.some(named("live", draw.upto(LIVES), LIVES), share / 6),
            "community_id": draw.some(named("community", draw.upto(COMMUNITIES), COMMUNITIES), share / 6),
            "ad_unit_id": draw.some(named("unit", draw.upto(UNITS), UNITS), share / 2),
        }

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Each fact type with its table."""
        for make in (self._leads, self._deals, self._orders, self._customers, self._spend, self._campaigns):
            yield from make()

    def _leads(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("lead_created", len(self.lead_at))
        yield (
            "lead_created",
            pa.table(
                {
                    "lead_id": ids("L", np.arange(draw.size)),
                    "contact_key": draw.some(ids("K", self.lead_contact), 0.99),
                    **self.origin(draw, 0.5),
                    "region_id": draw.some(named("region", draw.upto(REGIONS), REGIONS), 0.9),
                    "tier": draw.one_of(["hnw", "mass", "mass", "mass"], 0.4),
                    "occurred_at": instants(self.lead_at),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("lead_qualified", round(self.total * 0.07))
        lead = draw.upto(len(self.lead_at))
        yield (
            "lead_qualified",
            pa.table(
                {
                    "qualification_id": ids("Q", draw.keys()),
                    "lead_id": ids("L", lead),
                    "valid": draw.one_of([True, True, False], 0.95),
                    "occurred_at": instants(draw.after(self.lead_at[lead], 4)),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("touch_recorded", round(self.total * 0.14))
        lead = draw.upto(len(self.lead_at))
        before = self.lead_at[lead] - draw.rng.integers(0, 45 * DAY_US, draw.size)
        known = draw.chance(0.7)
        yield (
            "touch_recorded",
            pa.table(
                {
                    "touch_id": ids("T", draw.keys()),
                    "contact_key": ids("K", np.where(known, self.lead_contact[lead], draw.upto(self.contacts))),
                    **self.origin(draw, 0.6),
                    "kind": draw.one_of(KINDS),
                    "occurred_at": instants(np.where(known, before, draw.times())),
                    "owner_id": draw.person(),
                }
            ),
        )

    def _deals(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("deal_won", len(self.deal_lead))
        yield (
            "deal_won",
            pa.table(
                {
                    "deal_id": ids("D", np.arange(draw.size)),
                    "lead_id": draw.some(ids("L", self.deal_lead), 0.9),
                    "customer_id": ids("C", self.customer_of(self.lead_contact[self.deal_lead])),
                    "amount": draw.money(20_000),
                    "currency": currency(draw.size),
                    "channel_id": draw.some(named("channel", draw.upto(CHANNELS), CHANNELS), 0.5),
                    "campaign_id": draw.some(named("campaign", draw.upto(CAMPAIGNS), CAMPAIGNS), 0.3),
                    "occurred_at": instants(self.deal_at),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("deal_lost", round(self.total * 0.02))
        yield (
            "deal_lost",
            pa.table(
                {"deal_id": ids("F", draw.keys()), "occurred_at": instants(draw.times()), "owner_id": draw.person()}
            ),
        )

    def _orders(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("order_paid", len(self.order_at))
        yield (
            "order_paid",
            pa.table(
                {
                    "order_id": ids("O", np.arange(draw.size)),
                    "deal_id": nulled(ids("D", np.maximum(self.order_deal, 0)), self.order_deal < 0),
                    "customer_id": draw.some(ids("C", self.order_customer), 0.97),
                    "gross": amounts(self.gross),
                    "discount": amounts(self.gross // 20),
                    "tax": amounts(self.gross // 10),
                    "cogs": draw.some(amounts(self.gross * draw.rng.integers(30, 90, draw.size) // 100), 0.95),
                    "currency": currency(draw.size),
                    "channel_id": draw.some(named("channel", draw.upto(CHANNELS), CHANNELS), 0.97),
                    "store_id": named("store", draw.upto(STORES), STORES),
                    "campaign_id": draw.some(named("campaign", draw.upto(CAMPAIGNS), CAMPAIGNS), 0.3),
                    "region_id": draw.some(named("region", draw.upto(REGIONS), REGIONS), 0.8),
                    "occurred_at": instants(self.order_at),
                    "owner_id": draw.person(),
                }
            ),
        )
        for name, key, share in (("order_refunded", "refund_id", 0.006), ("order_cancelled", "order_id", 0.003)):
            draw = Draw(name, round(self.total * share))
            order = draw.rng.permutation(len(self.order_at))[: draw.size]
            net = self.gross[order] - self.gross[order] // 20 - self.gross[order] // 10
            whole = draw.chance(0.6)
            yield (
                name,
                pa.table(
                    {
                        **({"refund_id": ids("R", draw.keys())} if key == "refund_id" else {}),
                        "order_id": ids("O", order),
                        "amount": amounts(np.where(whole, net, net // 3)),
                        "cogs_reversed": amounts(np.where(whole, self.gross[order] // 3, 0)),
                        "currency": currency(draw.size),
                        "occurred_at": instants(draw.after(self.order_at[order], 12)),
                        "owner_id": draw.person(),
                    }
                ),
            )

    def _customers(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("customer_tiered", round(self.total * 0.012))
        moment = instants(draw.times())
        yield (
            "customer_tiered",
            pa.table(
                {
                    "customer_id": ids("C", draw.upto(self.customers)),
                    "effective_from": moment,
                    "tier": draw.one_of(["hnw", "mass", "mass"]),
                    "segment": draw.one_of(["key", "other", "other"], 0.9),
                    "occurred_at": moment,
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("identity_linked", round(self.total * 0.03))
        contact = draw.rng.permutation(self.contacts)[: draw.size // 2]
        visitor = draw.rng.permutation(self.visitors)[: draw.size - len(contact)]
        size = len(contact) + len(visitor)
        draw = Draw("identity_linked who", size)
        kinds = pa.array(["contact"] * len(contact) + ["visitor"] * len(visitor))
        customers = np.concatenate([self.customer_of(contact), visitor * 31 % self.customers])
        yield (
            "identity_linked",
            pa.table(
                {
                    "kind": kinds,
                    "id": pa.concat_arrays([ids("K", contact), ids("V", visitor)]),
                    "customer_id": ids("C", customers),
                    "occurred_at": instants(draw.times()),
                    "owner_id": draw.person(),
                }
            ),
        )

    @property
    def visitors(self) -> int:
        """How many visitors there are."""
        return max(2, self.total // 20)

    def _spend(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("spend_booked", round(self.total * 0.03))
        booked = draw.times()
        served = booked + draw.rng.integers(-20, 20, draw.size) * DAY_US // DAY_US * DAY_US
        spread = draw.chance(0.4)
        yield (
            "spend_booked",
            pa.table(
                {
                    "spend_id": ids("E", draw.keys()),
                    "amount": draw.money(50_000),
                    "currency": currency(draw.size),
                    "cost_type": draw.one_of(["media", "media", "content", "labour", "brand"], 0.98),
                    **self.origin(draw, 0.6),
                    "budget_line": draw.some(named("line", draw.upto(LINES), LINES), 0.95),
                    "service_from": nulled(instants(served), ~spread),
                    "service_to": nulled(instants(served + draw.rng.integers(5, 60, draw.size) * DAY_US), ~spread),
                    "occurred_at": instants(booked),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("budget_set", LINES * 8)
        line, quarter = np.arange(draw.size) // 8, np.arange(draw.size) % 8
        starts = START_US + quarter * 91 * DAY_US
        yield (
            "budget_set",
            pa.table(
                {
                    "budget_line": named("line", line, LINES),
                    "valid_from": instants(starts),
                    "valid_to": instants(starts + 91 * DAY_US),
                    "amount": amounts(draw.rng.integers(1, 100, draw.size) * self.total),
                    "currency": currency(draw.size),
                    "occurred_at": instants(starts),
                    "owner_id": draw.person(1),
                }
            ),
        )

    def _campaigns(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("campaign_joined", round(self.total * 0.015))
        yield (
            "campaign_joined",
            pa.table(
                {
                    "participation_id": ids("J", draw.keys()),
                    "campaign_id": named("campaign", draw.upto(CAMPAIGNS), CAMPAIGNS),
                    "contact_key": ids("K", draw.upto(self.contacts)),
                    "customer_id": draw.some(ids("C", draw.upto(self.customers)), 0.5),
                    "occurred_at": instants(draw.times()),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("community_joined", round(self.total * 0.01))
        joined = draw.times()
        yield (
            "community_joined",
            pa.table(
                {
                    "membership_id": ids("M", np.arange(draw.size)),
                    "community_id": named("community", draw.upto(COMMUNITIES), COMMUNITIES),
                    "contact_key": ids("K", draw.upto(self.contacts)),
                    "customer_id": draw.some(ids("C", draw.upto(self.customers)), 0.5),
                    "occurred_at": instants(joined),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("community_left", round(self.total * 0.002))
        member = draw.rng.permutation(len(joined))[: draw.size]
        yield (
            "community_left",
            pa.table(
                {
                    "membership_id": ids("M", member),
                    "occurred_at": instants(draw.after(joined[member], 90)),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("live_held", LIVES)
        held = draw.times()
        yield (
            "live_held",
            pa.table(
                {
                    "live_id": named("live", np.arange(LIVES), LIVES),
                    "ended_at": instants(np.minimum(held + 3 * HOUR_US, END_US - 1)),
                    "occurred_at": instants(held),
                    "owner_id": draw.person(1),
                }
            ),
        )
        draw = Draw("interaction_logged", round(self.total * 0.03))
        yield (
            "interaction_logged",
            pa.table(
                {
                    "interaction_id": ids("I", draw.keys()),
                    "contact_key": ids("K", draw.upto(self.contacts)),
                    "customer_id": draw.some(ids("C", draw.upto(self.customers)), 0.5),
                    "campaign_id": draw.some(named("campaign", draw.upto(CAMPAIGNS), CAMPAIGNS), 0.3),
                    "community_id": draw.some(named("community", draw.upto(COMMUNITIES), COMMUNITIES), 0.3),
                    "kind": draw.one_of(["consult", "sign_in", "review", "like", "like"]),
                    "occurred_at": instants(draw.times()),
                    "owner_id": draw.person(),
                }
            ),
        )
