"""What teams learn, propose, try and find out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from tests.benchmarks.department.draw import DAY_US, PEOPLE, TEAMS, Draw, currency, ids, instants, named, people, teams


class Learning:
    """What an organisation with about `total` facts learns, with cases of `customers`."""

    def __init__(self, total: int, customers: int) -> None:
        self.total, self.customers = total, customers

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Each fact type with its table."""
        yield from self._learning()
        yield from self._ideas()

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
