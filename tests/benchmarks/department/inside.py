"""What customers and colleagues say, contracts, partners, and compliance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from tests.benchmarks.department.draw import (
    DAY_US,
    HOUR_US,
    PEOPLE,
    START_US,
    Draw,
    currency,
    ids,
    instants,
    named,
    nulled,
    people,
)
from tests.benchmarks.department.market import REGIONS


class Inside:
    """The inside of an organisation with about `total` facts, `orders` of them orders of `customers`."""

    def __init__(self, total: int, orders: int, customers: int) -> None:
        self.total, self.orders, self.customers = total, orders, customers

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Each fact type with its table."""
        for make in (self._surveys, self._complaints, self._contracts, self._partners):
            yield from make()
        yield from self._compliance()

    def _surveys(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("survey_answered", round(self.total * 0.015))
        kind = draw.upto(4)
        low, high = np.where(kind == 0, 0, 1), np.array([10, 5, 5, 10])[kind]
        partner, colleague = named("partner", draw.upto(2_000), 2_000), people(draw.upto(PEOPLE))
        who = pa.array(np.where(kind == 2, 0, np.where(kind == 3, 1, 2)))
        respondents = pa.chunked_array([pa.concat_arrays([partner, colleague, ids("C", draw.upto(self.customers))])])
        place = np.asarray(who) * draw.size + np.arange(draw.size)
        yield (
            "survey_answered",
            pa.table(
                {
                    "answer_id": ids("A", draw.keys()),
                    "survey_id": pa.array(["nps", "csat", "partners", "colleagues"]).take(pa.array(kind)),
                    "wave": named("wave", draw.upto(24), 24),
                    "kind": pa.array(["nps", "csat", "partner", "cross_dept"]).take(pa.array(kind)),
                    "scale": nulled(draw.one_of(["overall", "request_response"]), kind != 3),
                    "respondent_id": respondents.take(pa.array(place)).combine_chunks(),
                    "subject_id": nulled(people(draw.upto(PEOPLE)), kind != 3),
                    "team_id": nulled(draw.team(0.5), kind != 3),
                    "score": pa.array(low + draw.upto(12) % (high - low + 1)),
                    "scale_min": pa.array(low),
                    "scale_max": pa.array(high),
                    "occurred_at": instants(draw.times()),
                    "owner_id": draw.person(),
                }
            ),
        )

    def _complaints(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("complaint_opened", round(self.total * 0.012))
        opened = draw.times()
        yield (
            "complaint_opened",
            pa.table(
                {
                    "complaint_id": ids("X", np.arange(draw.size)),
                    "order_id": draw.some(ids("O", draw.upto(self.orders)), 0.8),
                    "customer_id": ids("C", draw.upto(self.customers)),
                    "severity": pa.array(draw.rng.integers(1, 5, draw.size)),
                    "valid": draw.one_of([True, True, False], 0.6),
                    "occurred_at": instants(opened),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("complaint_responded", round(self.total * 0.015))
        which = draw.upto(len(opened))
        yield (
            "complaint_responded",
            pa.table(
                {
                    "response_id": ids("Y", draw.keys()),
                    "complaint_id": ids("X", which),
                    "responder_kind": draw.one_of(["human", "human", "bot"], 0.95),
                    "occurred_at": instants(draw.after(opened[which], 1)),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("complaint_closed", round(self.total * 0.008))
        which = draw.rng.permutation(len(opened))[: draw.size]
        yield (
            "complaint_closed",
            pa.table(
                {
                    "complaint_id": ids("X", which),
                    "valid": draw.one_of([True, True, False], 0.9),
                    "occurred_at": instants(draw.after(opened[which], 15)),
                    "owner_id": draw.person(),
                }
            ),
        )

    def _contracts(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("subscription_due", round(self.total * 0.01))
        due, value, keys = draw.times() // HOUR_US * HOUR_US, draw.money(10_000), np.arange(draw.size)

        def rows(name: str, share: float, early: int, late: int) -> pa.Table:
            other = Draw(name, round(self.total * share))
            which = other.rng.permutation(draw.size)[: other.size]
            times = due[which] + other.rng.integers(early * DAY_US, late * DAY_US, other.size)
            return pa.table(
                {
                    "subscription_id": ids("U", keys[which]),
                    "due_at": instants(due[which]),
                    "customer_id": ids("C", which % self.customers),
                    "value": value.take(pa.array(which)),
                    "currency": currency(other.size),
                    "occurred_at": instants(times),
                    "owner_id": other.person(),
                }
            )

        yield "subscription_due", rows("subscription_due", 0.01, -60, -30)
        yield "subscription_renewed", rows("subscription_renewed", 0.007, -30, 40)
        yield "subscription_churned", rows("subscription_churned", 0.002, -10, 60)

    def _partners(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("partner_signed", round(self.total * 0.001))
        signed, region, partner = draw.times(), draw.upto(REGIONS), draw.upto(2_000)
        yield (
            "partner_signed",
            pa.table(
                {
                    "signing_id": ids("G", draw.keys()),
                    "partner_id": named("partner", partner, 2_000),
                    "region_id": named("region", region, REGIONS),
                    "contract_value": draw.money(90_000),
                    "currency": currency(draw.size),
                    "renewal": draw.one_of([False, False, True], 0.9),
                    "hq_id": draw.some(named("hq", draw.upto(200), 200), 0.3),
                    "occurred_at": instants(signed),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("partner_terminated", round(self.total * 0.0003))
        which = draw.upto(len(signed))
        yield (
            "partner_terminated",
            pa.table(
                {
                    "termination_id": ids("H", draw.keys()),
                    "partner_id": named("partner", partner[which], 2_000),
                    "region_id": draw.some(named("region", region[which], REGIONS), 0.8),
                    "occurred_at": instants(draw.after(signed[which], 40)),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("region_listed", REGIONS * 3)
        listed = instants(START_US + np.arange(draw.size) // REGIONS * 240 * DAY_US)
        yield (
            "region_listed",
            pa.table(
                {
                    "region_id": named("region", np.arange(draw.size), REGIONS),
                    "effective_from": listed,
                    "region_level": draw.one_of(["county", "county", "city"]),
                    "addressable": draw.one_of([True, True, True, False]),
                    "occurred_at": listed,
                    "owner_id": draw.person(1),
                }
            ),
        )

    def _compliance(self) -> Iterator[tuple[str, pa.Table]]:
        for name, key, prefix in (("material_audited", "material_id", "MA"), ("privacy_checked", "check_id", "CH")):
            draw = Draw(name, round(self.total * 0.005))
            yield (
                name,
                pa.table(
                    {
                        key: ids(prefix, draw.keys()),
                        "team_id": draw.team(),
                        "passed": draw.one_of([True] * 9 + [False], 0.97),
                        **({"severity": draw.one_of([1, 2, 3], 0.5)} if key == "material_id" else {}),
                        "occurred_at": instants(draw.times()),
                        "owner_id": draw.person(),
                    }
                ),
            )
        draw = Draw("privacy_incident", max(10, round(self.total * 0.0001)))
        yield (
            "privacy_incident",
            pa.table(
                {
                    "incident_id": ids("IN", draw.keys()),
                    "team_id": draw.team(),
                    "severity": draw.one_of([1, 2, 3], 0.95),
                    "occurred_at": instants(draw.times()),
                    "owner_id": draw.person(),
                }
            ),
        )
