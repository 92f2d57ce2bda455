"""Measuring, against SQL written by hand over the same tables."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

from kpicore.evaluation.measuring.measure import measure
from kpicore.evaluation.measuring.measured import Measured
from kpicore.evaluation.measuring.prepared import prepared
from kpicore.evaluation.world import World
from tests.benchmarks import facts
from tests.benchmarks.house import House, build, record, requests
from tests.benchmarks.indicators import CASES, END_US, PERIODS
from tests.benchmarks.timing import Row, versus

#: New facts that arrive after everything was measured.
NEW = 1_000


def measured(world: World) -> list[Measured]:
    """All indicators for everyone in all months."""
    return measure(world, requests(), world.calendar.series(PERIODS))


def by_hand(house: House, world: World) -> list[pa.Table]:
    """The twelve statements, one after the other, over the tables that the world holds."""
    tables = {name: prepared(world).stored(name) for name in house.tables}
    with house.kpi.engine.session(tables) as session:
        return [session.query(case.sql) for case in CASES]


def check_same(ours: list[Measured], theirs: list[pa.Table]) -> None:
    """Both say the same: sums of all numerators and denominators."""
    for one, table in zip(ours, theirs, strict=True):
        for column, place in ((one.numerator, 2), (one.denominator, 3)):
            found = sum((Decimal(value) for value in table.column(place).to_pylist() if value is not None), Decimal(0))
            said = sum(column.decimals(np.zeros(len(column), np.bool_)), Decimal(0))
            assert (place == 3 and one.no_denominator.all()) or said == found, one.indicator


def measuring(house: House, runs: int, *, name: str = "measure 12 × 24 months", bound: float | None = 1.1) -> Row:
    """Measure everything, over tables that were read."""
    world = house.fresh_world()
    check_same(measured(world), by_hand(house, world))
    return versus(
        name, lambda: measured(world), "12 statements by hand", lambda: by_hand(house, world), bound=bound, runs=runs
    )


def small(folder: Path, runs: int) -> Row:
    """The same on 1,000 facts of a house of ten."""
    house = build(folder, 1_000, people=10)
    try:
        return measuring(house, runs, name="measure 12 × 24 months of 1,000 facts", bound=2)
    finally:
        house.kpi.close()


def growing(house: House, runs: int) -> Row:
    """Measure again after 1,000 facts of the last month, of all types, were recorded."""
    number = itertools.count(1)
    measured(house.kpi.world())

    def work() -> None:
        _record_more(house, next(number))
        measured(house.kpi.world())

    def other() -> None:
        measured(house.fresh_world())

    found = versus(f"record {NEW:,} new facts, measure", work, "read and measure all", other, bound=0.15, runs=runs)
    for one, again in zip(measured(house.kpi.world()), measured(house.fresh_world()), strict=True):
        assert one.to_document() == again.to_document()
    return found


def _record_more(house: House, number: int) -> None:
    for name, share in facts.SHARES.items():
        rows = round(NEW * share)
        first = house.total * 2 + number * NEW
        table = facts.table(name, rows, total=house.total, seed=number, keys=np.arange(first, first + rows))
        month = END_US - 31 * facts.DAY_US
        instants = pa.array(np.linspace(month, END_US - 1, rows).astype(np.int64)).cast(pa.timestamp("us", "UTC"))
        place = table.schema.get_field_index("occurred_at")
        record(house.kpi.ledger, name, table.set_column(place, "occurred_at", instants), f"{name} more {number}")
