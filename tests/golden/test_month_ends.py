"""The CRM's pipeline as it stood at five month ends: whole states that say the same as the facts of those days."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import kpicore
from kpicore import Kpi
from kpicore.demo import tour
from tests.golden.conftest import DATA

MONTH_ENDS = ("2017-03-31", "2017-05-31", "2017-08-31", "2017-10-31", "2017-12-31")
INDICATORS = ("sales.revenue_won", "sales.win_rate")
#: Closed as lost in December; the states before say that it had been won in October.
TURNED = 3

Row = dict[str, str]


def as_it_stood(pipeline: Iterable[Row], day: str) -> list[Row]:
    """What was engaged by the end of a day; stage, close date and value only of what was closed by then."""
    opened = {"deal_stage": "Engaging", "close_date": "", "close_value": ""}
    return [
        row if row["close_date"] and row["close_date"] <= day else {**row, **opened}
        for row in pipeline
        if row["engage_date"] and row["engage_date"] <= day
    ]


def with_turned(state: list[Row], turned: list[Row], day: str) -> list[Row]:
    """The same state, with the turned deals won in October as long as December has not come."""
    if not "2017-10-31" <= day < "2017-12-01":
        return state
    won = {row["opportunity_id"]: row for row in turned}
    changed = {"deal_stage": "Won", "close_date": "2017-10-20", "close_value": "1000"}
    return [{**row, **changed} if row["opportunity_id"] in won else row for row in state]


def write(path: Path, rows: list[Row], columns: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def turned(pipeline: list[Row]) -> list[Row]:
    late = [row for row in pipeline if row["deal_stage"] == "Lost" and row["close_date"] >= "2017-12-01"]
    return [row for row in late if row["engage_date"] <= "2017-10-01"][:TURNED]


@pytest.fixture(scope="module")
def ledgers(
    tmp_path_factory: pytest.TempPathFactory, pipeline: list[Row], turned: list[Row]
) -> Iterator[tuple[Kpi, list[int], Kpi, list[int]]]:
    """One ledger of five states, one where each day's news were recorded as facts; and where each month ends."""
    folder = tmp_path_factory.mktemp("month-ends")
    tour.unpack(folder)
    columns = list(pipeline[0])
    states = folder / "states.toml"
    states.write_text(
        (DATA / "maps/deals.toml").read_text("utf-8").replace("[fact.columns]", 'mode = "snapshot"\n[fact.columns]')
    )
    with kpicore.open(folder / "kpi.db") as snapshots, kpicore.open(folder / "facts.db") as facts:
        ends: tuple[list[int], list[int]] = ([], [])
        for kpi in (snapshots, facts):
            kpi.import_files(DATA / "sales_teams.csv", DATA / "maps/people.toml")
            kpi.apply(kpi.plan(folder / "scorecards"), by="hr", reason="growth first")
        before: dict[str, Row] = {}
        for day in MONTH_ENDS:
            state = with_turned(as_it_stood(pipeline, day), turned, day)
            snapshots.import_files(write(folder / f"{day}.csv", state, columns), states)
            now = {row["opportunity_id"]: row for row in state}
            news = [row for key, row in now.items() if before.get(key, {}).get("deal_stage") != row["deal_stage"]]
            gone = [
                key for key, row in now.items() if before.get(key, {}).get("deal_stage") == "Won" != row["deal_stage"]
            ]
            facts.import_files(write(folder / f"{day}-news.csv", news, columns), DATA / "maps/deals.toml")
            if gone:
                facts.retract("deal_won", gone, source="crm", batch_key=day, reason="it was lost after all")
            before = now
            for kpi, places in zip((snapshots, facts), ends, strict=True):
                places.append(kpi.ledger.cut().facts)
        yield snapshots, ends[0], facts, ends[1]


def rows(kpi: Kpi, indicator: str, level: str, end: int) -> list[object]:
    found = kpi.measure(indicator, "2017-01..2017-12", level=level, as_of=end).to_document()["rows"]  # type: ignore[arg-type]
    return list(found)


@pytest.mark.parametrize("place", range(len(MONTH_ENDS)), ids=MONTH_ENDS)
def test_states_measure_like_the_facts_of_the_day(ledgers: tuple[Kpi, list[int], Kpi, list[int]], place: int) -> None:
    snapshots, ends, facts, days = ledgers
    for indicator in INDICATORS:
        for level in ("person", "team", "company"):
            assert rows(snapshots, indicator, level, ends[place]) == rows(facts, indicator, level, days[place])
    for quarter in tour.QUARTERS:
        one, other = (
            kpi.evaluate(tour.CARD, quarter, as_of=end) for kpi, end in ((snapshots, ends[place]), (facts, days[place]))
        )
        assert one.digest == other.digest


def test_each_state_is_what_a_plain_count_says(
    ledgers: tuple[Kpi, list[int], Kpi, list[int]], pipeline: list[Row], turned: list[Row]
) -> None:
    snapshots, ends, *_ = ledgers
    for day, end in zip(MONTH_ENDS, ends, strict=True):
        state = with_turned(as_it_stood(pipeline, day), turned, day)
        won = sum(int(row["close_value"]) for row in state if row["deal_stage"] == "Won")
        [row] = snapshots.measure("sales.revenue_won", "2017", level="company", as_of=end).to_document()["rows"]
        assert int(row["value"]) == won
    assert won == 10_005_534


def test_a_deal_that_goes_from_won_to_lost_leaves_no_won_deal(
    ledgers: tuple[Kpi, list[int], Kpi, list[int]], turned: list[Row]
) -> None:
    snapshots, ends, *_ = ledgers
    keys = {row["opportunity_id"] for row in turned}
    assert len(keys) == TURNED
    october, december = (
        {name: keys & set(snapshots.facts(name, cut=end)["deal_id"].to_pylist()) for name in ("deal_won", "deal_lost")}
        for end in ends[-2:]
    )
    assert october == {"deal_won": keys, "deal_lost": set()}
    assert december == {"deal_won": set(), "deal_lost": keys}
