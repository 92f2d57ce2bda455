"""What history costs: `python -m tests.benchmarks.history rescore` and `… resolved`.

`rescore` seals 24 months of 1,000 people on 40 lines, then scores them all under other weights, and compares that with
measuring them. `resolved` reads 10 million facts with 1 % corrections, and the same rows from zstd Parquet.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import kpicore
from kpicore import Indicator, Kpi, count, hookimpl, total
from kpicore.evaluation.world import World
from kpicore.ledger.records import Batch
from kpicore.ledger.rows import check_rows
from tests.benchmarks import facts

LINES = 40
SERIES = "2024-01..2025-12"
#: Lines a fact type, and the field that is summed.
COUNTED = {
    "lead_created": None,
    "deal_won": "amount",
    "order_paid": "gross",
    "visit_started": None,
    "touch_recorded": None,
}


def indicators() -> list[Indicator]:
    """40 counts and totals over five fact types, each over other hours of the day."""
    found = []
    for number in range(LINES):
        source, amount = list(COUNTED.items())[number % len(COUNTED)]
        where = f"occurred_at % 86400000000 < {(number // len(COUNTED) + 1) * 3}*3600000000"
        found.append(
            Indicator(
                f"bench.line_{number}",
                title={"en": f"Line {number}", "zh-Hant": f"第 {number} 項"},
                measure=total(source, amount, where=where) if amount else count(source, where=where),
                roles=["sales"],
                perspective="performance",
                data_source="CRM",
            )
        )
    return found


def card(weights: list[str]) -> str:
    """A monthly card over all lines."""
    head = '[scorecard]\nid = "rep"\ntitle = {en = "Rep", zh-Hant = "代表"}\nrole = "sales"\nperiod = "month"\neffective = 2024-01-01\n'
    lines = [
        f'[[line]]\nindicator = "bench.line_{number}"\nweight = "{weight}"\ntarget = "10"\n'
        for number, weight in enumerate(weights)
    ]
    return head + "".join(lines)


def module() -> types.ModuleType:
    """The plugin `bench`."""
    made = types.ModuleType("bench")

    @hookimpl
    def provide_definitions() -> list[Any]:
        return indicators()

    made.provide_definitions = provide_definitions  # type: ignore[attr-defined]
    return made


def record(kpi: Kpi, name: str, table: pa.Table, key: str) -> None:
    """Record a table of facts."""
    fact_type = kpi.definitions.fact_types[name]
    checked, refused = check_rows(fact_type, table)
    assert not refused
    kpi.ledger.record([Batch(fact_type, checked, "bench", key)])


def timed(work: Callable[[], Any], times: int = 3) -> float:
    """Median of the seconds that a call takes."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def rescore(rows: int) -> Iterator[str]:
    """24 sealed months under other weights, from stored measurements alone."""
    with tempfile.TemporaryDirectory() as folder, kpicore.open(Path(folder) / "kpi.db", plugins=[module()]) as kpi:
        for name in COUNTED:
            record(kpi, name, facts.table(name, round(rows * facts.SHARES[name]), total=rows), name)
        record(kpi, "employee_assigned", facts.assignments(), "people")
        file = Path(folder) / "rep.toml"
        file.write_text(card(["2.5"] * LINES), "utf-8")
        kpi.apply(kpi.plan(file), by="hr", reason="bench")
        months = [period.id for period in kpi.world().calendar.series(SERIES)]
        start = time.perf_counter()
        evaluations = [kpi.evaluate("rep", month) for month in months]
        measuring = time.perf_counter() - start
        start = time.perf_counter()
        for evaluation in evaluations:
            kpi.seal(evaluation, by="hr")
        sealing = time.perf_counter() - start
        weights = {f"bench.line_{number}": "5" if number < LINES // 2 else "0" for number in range(LINES)}

        def no_facts(*_arguments: object) -> None:
            raise AssertionError("a fact was read")

        World.table = no_facts  # type: ignore[method-assign, assignment]
        spent = timed(lambda: kpi.rescore("rep", period=SERIES, weights=weights))
        differences = timed(lambda: kpi.rescore("rep", period=SERIES, weights=weights).differences)
        people = len(evaluations[0].scored.subjects)
        yield f"{len(months)} months × {people} people × {LINES} lines, {rows:,} facts"
        yield f"measure and score {measuring:.2f} s, seal {sealing:.2f} s"
        yield f"rescore {spent:.2f} s = {spent / measuring:.2f} × measuring, no fact read; with everyone's sums {differences:.2f} s"


def resolved(rows: int) -> Iterator[str]:
    """One fact type of so many rows with 1 % corrections, against the same rows in zstd Parquet."""
    with tempfile.TemporaryDirectory() as folder, kpicore.open(Path(folder) / "kpi.db") as kpi:
        name = "deal_won"
        record(kpi, name, facts.table(name, rows, total=rows), "first")
        record(kpi, name, facts.corrections(name, rows, total=rows), "corrections")
        cut, fact_type = kpi.ledger.cut(), kpi.definitions.fact_types[name]
        first = timed(lambda: kpi.ledger.resolved(fact_type, cut), 1)
        table = kpi.ledger.resolved(fact_type, cut)
        path = Path(folder) / "rows.parquet"
        pq.write_table(table, path, compression="zstd")
        size = table.num_rows
        del table
        own, parquet = [], []
        for _ in range(5):
            own.append(timed(lambda: kpi.ledger.resolved(fact_type, cut), 1))
            parquet.append(timed(lambda: pq.read_table(path), 1))
        ours, theirs = statistics.median(own), statistics.median(parquet)
        yield f"{size:,} facts of {rows:,} with 1 % corrections; the first read, which makes the key index: {first:.2f} s"
        yield f"resolved read {ours:.2f} s, zstd Parquet {theirs:.2f} s: {ours / theirs:.2f} ×"


if __name__ == "__main__":
    which, size = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for line in rescore(size or 1_000_000) if which == "rescore" else resolved(size or 10_000_000):
        print(line)  # noqa: T201 - this is a command
