"""Measuring every indicator of the plugins, against one statement each that somebody would write by hand."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

import kpicore
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.definitions.indicators import Level
from kpicore.engines.core import schema
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.evaluation.measuring.measured import Measured
from kpicore.evaluation.measuring.prepared import prepared
from kpicore.evaluation.sealing.table import NAME as SEALED
from kpicore.evaluation.world import World
from kpicore.kpi import Kpi
from tests.benchmarks import department
from tests.benchmarks.facts import PEOPLE
from tests.benchmarks.house import record
from tests.benchmarks.statements import STATEMENTS
from tests.benchmarks.table import HEAD, line
from tests.benchmarks.timing import Row, seconds, versus

PERIODS = "2024-01..2025-12"
#: What everybody is asked to sell a month.
TARGET = Decimal(50_000)
#: When it is looked at: long after everything is final.
KNOWN = 1_893_456_000_000_000  # 2030-01-01T00:00Z


@frozen
class Whole:
    """A ledger with every fact type.

    Args:
        kpi: It, open with the installed plugins.
        total: About how many facts there are.
        sealed: What was scored before.
    """

    kpi: Kpi
    total: int
    sealed: pa.Table

    def world(self) -> World:
        """A world that shares nothing with any other, with a target for everybody."""
        ledger = self.kpi.ledger
        cut = ledger.cut()
        lines = [Line("sales.sales_revenue", Decimal(0), TARGET)]
        card = Scorecard("targets", "targets", "all", "month", "1970-01-01", lines)
        known = ledger.at(cut.facts, cut.rules, KNOWN)
        book = self.kpi.catalog.definitions
        return World(ledger, known, book, self.kpi.engine, (card,), tables={SEALED: self.sealed})


def build(folder: Path, total: int) -> Whole:
    """Record about `total` facts of every type."""
    kpi = kpicore.open(folder / "kpi.db")
    for name, table in department.tables(total):
        record(kpi.ledger, name, table, f"{name} 1")
    return Whole(kpi, total, sealed_lines(kpi.world()))


def sealed_lines(world: World) -> pa.Table:
    """Everybody's score of every month: three lines each."""
    rng = np.random.default_rng(78)
    bounds = [world.calendar.bounds(period) for period in world.calendar.series(PERIODS)]
    indicators = ("sales.lead_to_deal_rate", "sales.sales_revenue", "risk.compliance_rate")
    each, size = PEOPLE * len(indicators), PEOPLE * len(indicators) * len(bounds)
    place = np.arange(size)
    months, person, number = place // each, place % each // len(indicators), place % len(indicators)
    names = pa.array([bound.period_id for bound in bounds]).take(pa.array(months))
    starts, ends = (np.array([getattr(bound, end) for bound in bounds])[months] for end in ("start_us", "end_us"))
    columns: Mapping[str, Any] = {
        "evaluation": pa.compute.binary_join_element_wise("card", names, "."),
        "scorecard": pa.array(["card"] * size),
        "period": names,
        "starts_at": starts,
        "ends_at": ends,
        "level": pa.array(["person"] * size),
        "subject": pa.array([f"P-{n:04d}" for n in range(PEOPLE)]).take(pa.array(person)),
        "line": number + 1,
        "indicator": pa.array(indicators).take(pa.array(number)),
        "weight": np.full(size, 3333),
        "attainment": rng.integers(0, 150, size) * 10_000_000,
        "total": np.repeat(rng.integers(5_000, 12_000, size // len(indicators)), len(indicators)) * 1_000_000_000,
    }
    return pa.table(
        {name: pa.array(columns[name], spec.type) for name, spec in zip(columns, schema(SEALED), strict=True)}
    )


def level_of(book: Definitions, indicator: str) -> Level:
    """People, where it can be theirs; teams where it is credited to them; else the company."""
    found = book.indicators[indicator]
    if "person" not in found.levels:
        return "company"
    return "team" if found.credit[0] == "team_id" else "person"


def by_level(book: Definitions, names: Sequence[str]) -> Mapping[Level, list[str]]:
    """The indicators that are measured at each level."""
    found: dict[Level, list[str]] = {}
    for name in names:
        found.setdefault(level_of(book, name), []).append(name)
    return found


def measured(world: World, names: Sequence[str]) -> dict[str, Measured]:
    """Indicators in all months, together."""
    periods, found = world.calendar.series(PERIODS), {}
    for level, own in by_level(world.definitions, names).items():
        found.update(zip(own, measure(world, [Request(name) for name in own], periods, level), strict=True))
    return found


def by_hand(world: World, names: Sequence[str]) -> dict[str, pa.Table]:
    """Their statements, one after the other, over the tables that the world holds."""
    tables = {name: prepared(world).stored(name) for name in world.definitions.fact_types}
    with world.engine.session({**tables, SEALED: world.sealed_lines}) as session:
        return {name: session.query(STATEMENTS[name]) for name in names}


def differences(ours: Measured, theirs: pa.Table) -> Iterator[str]:
    """Cells of which the two say something else."""
    said = {}
    for subject, month, *by, above, below in zip(*(column.to_pylist() for column in theirs.columns), strict=True):
        said[subject, f"{month:%Y-%m}", *by] = (above, below)
    dims = list(zip(*ours.dims, strict=True)) if ours.dims else [()] * len(ours)
    numbers = zip(ours.numerators, ours.denominators, ours.value, strict=True)
    for subject, period, by, (above, below, value) in zip(ours.subjects, ours.periods, dims, numbers, strict=True):
        key = (subject, period, *by)
        if not _same(above, below, value, said.pop(key, None)):
            yield f"{ours.indicator} at {key}: measured {above} / {below} = {value}"
    for key, (above, below) in said.items():
        if above or below:
            yield f"{ours.indicator} at {key}: nothing measured, the statement says {above} / {below}"


def _same(above: Any, below: Any, value: Any, said: tuple[Any, Any] | None) -> bool:
    if said is None:
        return not value
    one, other = said
    if isinstance(one, float):
        return value is not None and abs(float(value) - one) < 1e-9
    with localcontext(prec=80):
        one, other = Decimal(one or 0), None if other is None else Decimal(other)
        if other is not None and other <= 0:
            return value is None
        if above is None:
            return value is not None and value == (one / (other or 1)).quantize(Decimal("1e-12"))
        return bool(above * (other or 1) == one * (1 if below is None else below))


def measuring(whole: Whole, runs: int) -> Row:
    """Measure everything, over tables that were read; every cell is what its statement says."""
    world, names = whole.world(), list(STATEMENTS)
    ours, theirs = measured(world, names), by_hand(world, names)
    for name in names:
        assert not (found := next(differences(ours[name], theirs[name]), None)), found
    return versus(
        f"measure {len(names)} × 24 months",
        lambda: measured(world, names),
        f"{len(names)} statements by hand",
        lambda: by_hand(world, names),
        bound=1.1,
        runs=runs,
    )


def apart(whole: Whole) -> Iterator[str]:
    """A line an indicator, measured by itself, the slowest against its statement last."""
    world = whole.world()
    measured(world, list(STATEMENTS))
    timed = []
    for name in STATEMENTS:
        ours, theirs = _best(world, name, measured), _best(world, name, by_hand)
        timed.append((ours - theirs, f"| `{name}` | {ours * 1000:,.0f} | {theirs * 1000:,.0f} | {ours / theirs:.2f} |"))
    yield from (text for _, text in sorted(timed))


def _best(world: World, name: str, work: Callable[[World, Sequence[str]], object]) -> float:
    return min(seconds(lambda: work(world, [name])) for _ in range(2))


def main() -> None:
    """`make bench-indicators`."""
    parser = argparse.ArgumentParser(description="Every indicator against its statement, in the same run.")
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--apart", action="store_true", help="each indicator by itself as well")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpicore-bench-") as folder:
        whole = build(Path(folder), chosen.facts)
        try:
            sys.stdout.write(f"{HEAD}\n{line(measuring(whole, chosen.runs))}\n")
            if chosen.apart:
                sys.stdout.write("\n| indicator | ms | by hand, ms | ratio |\n|---|--:|--:|--:|\n")
                sys.stdout.writelines(f"{text}\n" for text in apart(whole))
        finally:
            whole.kpi.close()


if __name__ == "__main__":
    main()
