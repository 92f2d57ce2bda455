"""Who works where, which team is above which, and who looks after what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from tests.benchmarks.department.draw import (
    DAY_US,
    END_US,
    PEOPLE,
    START_US,
    TEAMS,
    Draw,
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


def assigned() -> Iterator[tuple[str, pa.Table]]:
    """Each fact type with its table."""
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
