"""Recording and reading, against zstd Parquet, and single facts, against rows of SQLite and events of a library."""

from __future__ import annotations

import itertools
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from kpicore.ledger.keyindex import SMALLEST
from kpicore.ledger.records import Batch
from kpicore.ledger.store import Ledger
from tests.benchmarks.house import FACT_TYPES, House, checked, record
from tests.benchmarks.timing import Row, versus

#: Facts that are written one by one.
SINGLE = 2_000
WRITERS = 16


def write_parquet(folder: Path, tables: dict[str, pa.Table]) -> list[Path]:
    """One zstd file a fact type, on disk when the call returns."""
    paths = []
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        with path.open("wb") as file:
            pq.write_table(table, file, compression="zstd", row_group_size=65_536)
            file.flush()
            os.fsync(file.fileno())
        paths.append(path)
    return paths


def _record_all(path: Path, tables: dict[str, pa.Table]) -> None:
    with Ledger.open(path) as ledger:
        for name, table in tables.items():
            record(ledger, name, table, f"{name} 1")


def recording(house: House, folder: Path, runs: int) -> Row:
    """Record all facts: checked, hashed, in batches of 65,536."""
    number = itertools.count()
    rows = {name: checked(name, table) for name, table in house.tables.items()}

    def work() -> None:
        path = folder / f"recorded {next(number)}.db"
        _record_all(path, rows)
        path.unlink()

    return versus(
        "record", work, "zstd Parquet with fsync", lambda: write_parquet(folder, rows), bound=1 / 1.2, runs=runs
    )


def reading(house: House, folder: Path, runs: int) -> Row:
    """Read all facts with 1 % corrections and 0.1 % retractions resolved, from the batches; the reference reads what is left."""
    with Ledger.open(house.kpi.ledger.path, cache=False) as ledger:
        cut = ledger.cut()

        def work() -> list[pa.Table]:
            return [ledger.resolved(FACT_TYPES[name], cut) for name in house.tables]

        paths = write_parquet(folder, dict(zip(house.tables, work(), strict=True)))

        def other() -> list[pa.Table]:
            return [pq.read_table(path) for path in paths]

        return versus("read, resolved", work, "read zstd Parquet", other, bound=1.5, runs=runs)


def kept(house: House, folder: Path, runs: int) -> Row:
    """The same from what is kept beside the ledger, when a process first asks for it; the reference maps such files."""
    path, cut = house.kpi.ledger.path, house.kpi.ledger.cut()
    names = [name for name, table in house.tables.items() if table.num_rows >= SMALLEST]
    files = []
    for name in names:
        files.append(folder / f"{name}.arrow")
        table = house.kpi.ledger.resolved(FACT_TYPES[name], cut)
        with pa.ipc.new_file(str(files[-1]), table.schema) as writer:
            writer.write_table(table)
    fresh: list[Ledger] = []

    def prepare() -> None:
        fresh.append(Ledger.open(path))
        fresh[-1].cut()

    def work() -> list[pa.Table]:
        return [fresh[-1].resolved(FACT_TYPES[name], cut) for name in names]

    def other() -> list[pa.Table]:
        return [pa.ipc.open_file(pa.memory_map(str(file))).read_all() for file in files]

    try:
        return versus(
            "tables kept beside the ledger", work, "map Arrow files", other, bound=1.5, runs=runs, before=prepare
        )
    finally:
        for ledger in fresh:
            ledger.close()


def small_appends(house: House, folder: Path, runs: int, batches: int = 5_000, rows: int = 20) -> Row:
    """Facts that came in many small batches, from what is kept; the reference is the same rows as zstd Parquet."""
    table = checked("visit_started", house.tables["visit_started"].slice(0, batches * rows))
    path = folder / "small.db"
    with Ledger.open(path) as ledger:
        for first in range(0, table.num_rows, 500 * rows):
            ledger.record(
                [
                    Batch(FACT_TYPES["visit_started"], table.slice(place, rows), "crm", f"small {place}")
                    for place in range(first, min(first + 500 * rows, table.num_rows), rows)
                ]
            )
        cut = ledger.cut()
        ledger.resolved(FACT_TYPES["visit_started"], cut)
        [parquet] = write_parquet(folder, {"visit_started": table})
        return versus(
            f"read facts in batches of {rows}",
            lambda: ledger.resolved(FACT_TYPES["visit_started"], cut),
            "read zstd Parquet",
            lambda: pq.read_table(parquet),
            bound=1,
            runs=runs,
        )


class _Fact(Aggregate):
    """A fact as an aggregate with one event."""

    @event("Recorded")
    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row

    @staticmethod
    def create_id(row: dict[str, Any]) -> UUID:
        """Nothing is shared."""
        del row
        return uuid4()


def event_a_fact(house: House, folder: Path, runs: int) -> Row:
    """The same facts as events of their own, saved 500 at a time."""
    table = house.tables["lead_created"].slice(0, SINGLE)
    rows = [
        {name: str(value) if name == "occurred_at" else value for name, value in row.items()}
        for row in table.to_pylist()
    ]
    number = itertools.count()

    def work() -> None:
        _record_all(folder / f"leads {next(number)}.db", {"lead_created": house.tables["lead_created"]})

    def other() -> None:
        path = folder / f"events {next(number)}.db"
        application: Application[UUID] = Application(
            env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
        )
        for place in range(0, len(rows), 500):
            application.save(*[_Fact(row) for row in rows[place : place + 500]])
        application.close()

    scale = house.tables["lead_created"].num_rows / len(rows)
    return versus("record leads", work, "an event a fact (eventsourcing)", other, bound=1, runs=runs, scale=scale)


def sqlite_inserts(path: Path, rows: list[dict[str, Any]]) -> None:
    """A transaction a row, on disk before the next one begins."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    names = list(rows[0])
    connection.execute(f"create table leads ({', '.join(names)}, primary key (lead_id))")
    statement = f"insert into leads values ({', '.join('?' * len(names))})"
    for row in rows:
        connection.execute(statement, [str(value) for value in row.values()])
    connection.close()


def write_singly(path: Path, rows: list[dict[str, Any]]) -> None:
    """A fact a call from 16 writers, each acknowledged before its writer goes on."""
    with Ledger.open(path) as ledger, ledger.buffer("crm") as buffer:

        def write(part: list[dict[str, Any]]) -> None:
            for row in part:
                buffer.add(FACT_TYPES["lead_created"], [row]).wait()

        writers = [threading.Thread(target=write, args=(rows[place::WRITERS],)) for place in range(WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()


def single_facts(house: House, folder: Path, runs: int, size: int = SINGLE) -> Row:
    """Facts one by one from 16 writers, each acknowledged before its writer goes on."""
    rows = house.tables["lead_created"].slice(0, size).to_pylist()
    number = itertools.count()

    def work() -> None:
        write_singly(folder / f"single {next(number)}.db", rows)

    def other() -> None:
        sqlite_inserts(folder / f"rows {next(number)}.db", rows)

    name = f"single facts, acknowledged, {WRITERS} writers"
    return versus(name, work, "a raw SQLite insert with fsync a fact", other, bound=1 / 3, runs=runs)
