"""Sales indicators over what is not a fact of sales: targets, sealed scores, rates of exchange."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kpicore.definitions.indicators import LEVELS
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.evaluation.sealing.table import example_lines
from kpicore_sales import provide_definitions
from tests.oracles.agreement import indicators
from tests.oracles.books import Books
from tests.oracles.desk import PEOPLE, PERIODS, ZONE, Row, Tally, local
from tests.oracles.house import House
from tests.oracles.test_sales import sales_revenue
from tests.unit.evaluation.worlds import SmallWorld

INDICATORS = indicators(provide_definitions())


def _world(house: House, **more: Any) -> SmallWorld:
    return SmallWorld(house.rows, *INDICATORS, base="TWD", timezone=ZONE, **more)


def _measured(world: SmallWorld, name: str, level: str, **params: Any) -> dict[Any, Row]:
    periods = [world.calendar.period(period) for period in PERIODS]
    [found] = measure(world, [Request(f"sales.{name}", params)], periods, level)
    return {(row["subject"], row["period"]): row for row in found.to_document()["rows"]}


@pytest.mark.parametrize("level", LEVELS)
def test_attainment_is_revenue_over_the_target_in_force(level: str) -> None:
    house = House(3)
    subjects = {"person": PEOPLE[:3], "team": ["north", "sales"], "company": [None]}[level]
    numbers = [Decimal("50000.5"), Decimal(0), Decimal(7)]
    targets = {
        ("sales.sales_revenue", level, who, period): numbers[(place + n) % 3]
        for place, who in enumerate(subjects)
        for n, period in enumerate(PERIODS)
    }
    tally = Tally(house, level, "owner_id")
    sales_revenue(Books(house), tally)
    rows = _measured(_world(house, targets=targets), "sales_target_attainment", level)
    assert tally.keys() <= rows.keys()
    for (who, period), row in rows.items():
        target = targets.get(("sales.sales_revenue", level, who, period))
        if target is None or target == 0:
            assert row["state"] == ("missing_data" if target is None else "no_denominator")
        else:
            assert Fraction(row["numerator"]) / Fraction(row["denominator"]) == tally.cell((who, period))[0] / Fraction(
                target
            )


@pytest.mark.parametrize("level", LEVELS)
def test_kpi_attainment_is_the_mean_of_sealed_totals(level: str) -> None:
    house = House(4)
    world = _world(house)
    lines = []
    for period in PERIODS:
        bounds = world.calendar.bounds(world.calendar.period(period))
        for card in ("one", "two"):
            common = {"evaluation": f"{card} {period}", "scorecard": card, "period": period}
            common |= {"starts_at": bounds.start_us, "ends_at": bounds.end_us, "level": "person"}
            for person in PEOPLE:
                total = house.random.choice([None, "112.5", "87.123456789"])
                lines += [{**common, "subject": person, "line": n, "total": total} for n in (1, 2)]
    world.sealed_lines = example_lines(lines, bounds)
    tally = Tally(house, level, "owner_id")
    for line in lines:
        if line["line"] == 1 and line["total"] is not None:
            row = {"owner_id": line["subject"], "occurred_at": line["ends_at"] - 1}
            tally.add(0, line["period"], row, Fraction(line["total"]) / 100)
            tally.add(1, line["period"], row)
    for key, row in _measured(world, "kpi_attainment", level).items():
        above, below = tally.cell(key)
        assert row["state"] == ("ok" if below else "no_denominator")
        if below:
            assert Fraction(row["numerator"]) == above
            assert Fraction(row["denominator"]) == below


def test_a_cost_without_a_rate_of_exchange_is_missing_and_not_left_out() -> None:
    order = {"gross": "100", "cogs": "60", "customer_id": "Ann", "occurred_at": local(2026, 1, 5)}
    rows = {"order_paid": [{**order, "order_id": "1"}, {**order, "order_id": "2", "currency": "USD"}]}
    world = SmallWorld(rows, *INDICATORS, base="TWD", timezone=ZONE)
    for name in ("gross_margin_rate", "customer_ltv"):
        found = _measured(world, name, "company")[None, "2026-01"]
        assert (found["state"], found["flags"]) == ("missing_data", ["null_amount"])
