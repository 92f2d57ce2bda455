"""What customers and colleagues say, contracts, care, what teams learn, compliance, partners, and who works where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from tests.benchmarks.department.draw import (
    DAY_US,
    END_US,
    HOUR_US,
    PEOPLE,
    START_US,
    TEAMS,
    Draw,
    currency,
    ids,
    instants,
    named,
    nulled,
    people,
    teams,
)
from tests.benchmarks.department.market import CAMPAIGNS, CHANNELS, COMMUNITIES, LINES, LIVES, REGIONS, STORES

#: Things that somebody looks after, with how many there are.
THINGS: Mapping[str, int] = {
    "channel": CHANNELS,
    "campaign": CAMPAIGNS,
    "region": REGIONS,
    "store": STORES,
    "live": LIVES,
    "community": COMMUNITIES,
    "budget_line": LINES,
}


class Inside:
    """The inside of an organisation with about `total` facts, `orders` of them orders of `customers`."""

    def __init__(self, total: int, orders: int, customers: int) -> None:
        self.total, self.orders, self.customers = total, orders, customers

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Each fact type with its table."""
        for make in (self._surveys, self._complaints, self._contracts, self._partners, self._learning, self._ideas):
            yield from make()
        yield from self._compliance()
        yield from self._people()

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

    def _learning(self) -> Iterator[tuple[str, pa.Table]]:
        courses = max(2, round(self.total * 0.006) // PEOPLE * 2)
        draw = Draw("training_assigned", round(self.total * 0.006))
        pairs = draw.rng.permutation(PEOPLE * courses)[: draw.size]
        draw = Draw("training_assigned", len(pairs))
        due = draw.times()
        yield (
            "training_assigned",
            pa.table(
                {
                    "employee_id": people(pairs % PEOPLE),
                    "course_id": named("course", pairs // PEOPLE, courses),
                    "due_at": instants(due),
                    "occurred_at": instants(due - 30 * DAY_US),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("training_completed", round(self.total * 0.0055))
        which = draw.upto(len(pairs))
        times = due[which] + draw.rng.integers(-40 * DAY_US, 10 * DAY_US, draw.size)
        yield (
            "training_completed",
            pa.table(
                {
                    "completion_id": ids("B", draw.keys()),
                    "employee_id": people(pairs[which] % PEOPLE),
                    "course_id": named("course", pairs[which] // PEOPLE, courses),
                    "passed": draw.one_of([True, True, True, False], 0.95),
                    "occurred_at": instants(times),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("course_released", round(self.total * 0.0004))
        course, number = np.arange(draw.size) // 2, np.arange(draw.size) % 2
        at = draw.times()[course * 2 % draw.size]
        yield (
            "course_released",
            pa.table(
                {
                    "course_id": ids("Z", course),
                    "author_id": people((course * 7 + number) % PEOPLE),
                    "team_id": draw.team(),
                    "occurred_at": instants(at),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("sharing_held", round(self.total * 0.0006))
        sharing, number = np.arange(draw.size) // 3, np.arange(draw.size) % 3
        yield (
            "sharing_held",
            pa.table(
                {
                    "sharing_id": ids("SH", sharing),
                    "team_id": teams((sharing * 3 + number) % TEAMS),
                    "attendees": pa.array(draw.rng.integers(1, 30, draw.size)),
                    "minutes": pa.array(draw.rng.integers(10, 120, draw.size)),
                    "occurred_at": instants(draw.times()[sharing * 3 % draw.size]),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("case_published", round(self.total * 0.0006))
        yield (
            "case_published",
            pa.table(
                {
                    "case_id": ids("CA", np.arange(draw.size) // 2),
                    "version": pa.array(np.arange(draw.size) % 2 + 1),
                    "kind": draw.one_of(["customer_success", "customer_success", "internal"]),
                    "approved": draw.one_of([True, True, True, False], 0.9),
                    "minor": draw.one_of([False, True], 0.7),
                    "consent": draw.one_of([True, True, False], 0.9),
                    "customer_id": draw.some(ids("C", draw.upto(self.customers)), 0.9),
                    "team_id": draw.team(),
                    "occurred_at": instants(draw.times()),
                    "owner_id": draw.person(),
                }
            ),
        )

    def _ideas(self) -> Iterator[tuple[str, pa.Table]]:
        kinds = ("innovation", "process", "channel", "other")
        draw = Draw("proposal_submitted", round(self.total * 0.001))
        submitted = draw.times()
        for name, share in (("proposal_submitted", 1.0), ("proposal_adopted", 0.6)):
            draw = Draw(name, round(len(submitted) * share))
            which = draw.rng.permutation(len(submitted))[: draw.size]
            times = submitted[which] if share == 1 else draw.after(submitted[which], 30)
            yield (
                name,
                pa.table(
                    {
                        "proposal_id": ids("V", which),
                        "kind": draw.one_of(kinds, 0.95),
                        "team_id": draw.team(0.5),
                        "occurred_at": instants(times),
                        "owner_id": draw.person(),
                    }
                ),
            )
        draw = Draw("channel_trial_started", max(10, round(self.total * 0.0001)))
        began, channel = draw.times(), draw.upto(400)
        yield (
            "channel_trial_started",
            pa.table(
                {
                    "trial_id": ids("TR", np.arange(draw.size)),
                    "channel_id": named("trial", channel, 400),
                    "team_id": draw.team(),
                    "budget": draw.money(15_000),
                    "currency": currency(draw.size),
                    "occurred_at": instants(began),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("channel_trial_concluded", max(10, round(self.total * 0.00008)))
        which = draw.rng.permutation(len(began))[: draw.size]
        draw = Draw("channel_trial_concluded", len(which))
        yield (
            "channel_trial_concluded",
            pa.table(
                {
                    "trial_id": ids("TR", which),
                    "channel_id": named("trial", channel[which], 400),
                    "team_id": draw.team(),
                    "result": draw.one_of(["validated", "dropped"], 0.95),
                    "occurred_at": instants(draw.after(began[which], 20)),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("research_assigned", round(self.total * 0.002))
        due = draw.times()
        yield (
            "research_assigned",
            pa.table(
                {
                    "task_id": ids("RT", np.arange(draw.size)),
                    "due_at": instants(due),
                    "cancelled": draw.one_of([False, False, False, True], 0.9),
                    "occurred_at": instants(due - 20 * DAY_US),
                    "owner_id": draw.person(),
                }
            ),
        )
        draw = Draw("research_completed", round(self.total * 0.0015))
        which = draw.rng.permutation(len(due))[: draw.size]
        yield (
            "research_completed",
            pa.table(
                {
                    "task_id": ids("RT", which),
                    "occurred_at": instants(due[which] + draw.rng.integers(-20, 6, draw.size) * DAY_US),
                    "owner_id": draw.person(),
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

    def _people(self) -> Iterator[tuple[str, pa.Table]]:
        draw = Draw("employee_assigned", PEOPLE * 2)
        number, later = np.arange(draw.size) % PEOPLE, np.arange(draw.size) // PEOPLE
        starts = instants(START_US + later * 400 * DAY_US)
        yield (
            "employee_assigned",
            pa.table(
                {
                    "employee_id": people(number),
                    "effective_from": starts,
                    "role": draw.one_of(["sales", "marketing", "content", "customer_success", "regional_sales"]),
                    "team_id": teams((number + later * 3) % TEAMS),
                    "territory": draw.some(named("region", number, REGIONS), 0.3),
                    "occurred_at": starts,
                }
            ),
        )
        start = instants(np.full(TEAMS, START_US))
        yield (
            "team_defined",
            pa.table(
                {
                    "team_id": teams(np.arange(TEAMS)),
                    "effective_from": start,
                    "parent_team_id": nulled(teams(np.arange(TEAMS) // 8), np.arange(TEAMS) < 5),
                    "occurred_at": start,
                }
            ),
        )
        kinds = np.repeat(np.arange(len(THINGS)), list(THINGS.values()))
        things = [
            f"{'line' if kind == 'budget_line' else kind}-{n:03d}" for kind, most in THINGS.items() for n in range(most)
        ]
        draw = Draw("responsibility_assigned", len(things))
        start = instants(np.full(draw.size, START_US))
        yield (
            "responsibility_assigned",
            pa.table(
                {
                    "kind": pa.array(list(THINGS)).take(pa.array(kinds)),
                    "id": pa.array(things),
                    "valid_from": start,
                    "valid_to": nulled(instants(np.full(draw.size, END_US)), draw.chance(0.9)),
                    "employee_id": draw.person(0.95),
                    "occurred_at": start,
                }
            ),
        )
