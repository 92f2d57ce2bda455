"""What was made of facts at one cut serves at the next one, and never says anything else than making it anew."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kpicore.evaluation import fact_tables as module
from kpicore.evaluation.fact_tables import FactTables
from kpicore.evaluation.measuring import prepared as stock
from kpicore.evaluation.measuring.prepared import prepared
from kpicore.evaluation.measuring.subjects import roster
from tests.rulebook import Office

MARCH = ("2017-03-01", "2017-03-31")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    found = Office(tmp_path)
    yield found
    found.close()


def amounts(table):
    return table.column("amount").to_pylist()


def total(office: Office, tables: FactTables, *, grow=None, made=None):
    def make(table):
        if made is not None:
            made.append(tables.cut)
        return sum(amounts(table), Decimal(0))

    return tables.derived("total", office.world.definitions.fact_types["deal_won"], make, grow)


def test_what_was_made_serves_later_cuts_at_which_its_facts_are_the_same(office: Office) -> None:
    office.won(("d1", "ann", 1))
    tables, made = FactTables(office.ledger, office.ledger.cut()), []
    assert [total(office, tables, made=made), total(office, tables, made=made)] == [1, 1]
    office.lost(("x", "ann"))
    later = tables.at(office.ledger.cut())
    assert total(office, later, made=made) == 1
    assert total(office, later.at(tables.cut), made=made) == 1
    assert made == [tables.cut]


def test_what_was_made_grows_by_what_moved_or_is_made_anew(office: Office) -> None:
    office.won(("d1", "ann", 1), ("d2", "ann", 2))
    tables, seen = FactTables(office.ledger, office.ledger.cut()), []

    def grown(found, moved):
        seen.append((amounts(moved.removed), amounts(moved.added)))
        return found + sum(amounts(moved.added)) - sum(amounts(moved.removed))

    assert total(office, tables) == 3
    office.won(("d1", "ann", 5), ("d3", "ann", 7))
    later = tables.at(office.ledger.cut())
    assert total(office, later, grow=grown) == 14
    assert seen == [([1], [5, 7])]
    office.won(("d4", "ann", 9))
    latest, made = later.at(office.ledger.cut()), []
    assert total(office, latest, grow=lambda *_: None, made=made) == 23
    assert made == [latest.cut]


def test_at_an_earlier_cut_it_is_made_anew(office: Office) -> None:
    office.won(("d1", "ann", 1))
    tables = FactTables(office.ledger, office.ledger.cut())
    office.won(("d2", "ann", 2))
    later = FactTables(office.ledger, office.ledger.cut())
    assert total(office, later) == 3
    assert total(office, later.at(tables.cut), grow=lambda *_: 99) == 1


def test_what_is_large_and_not_asked_for_is_let_go(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.won(("d1", "ann", 1), ("d2", "ann", 2))
    monkeypatch.setattr(module, "ROWS_KEPT", 4)
    tables, made = FactTables(office.ledger, office.ledger.cut()), []
    won = office.world.definitions.fact_types["deal_won"]
    for key in ("a", "b", "a", "c", "a", "b"):
        tables.derived(key, won, lambda table, key=key: (made.append(key), table)[1])
    assert made == ["a", "b", "c", "b"]


def test_picked_facts_grow_and_are_those_of_a_world_that_begins_here(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "FEW", 1)
    office.won(("d0", "ann", 4), day="2016-01-01")
    office.won(("d1", "ann", 1), ("d2", "bob", 2), day="2017-03-05")
    office.won(("d9", "ann", 8), day="2018-12-01")
    world = office.world
    low, high = (world.calendar.instant(day) for day in MARCH)

    def picked(at):
        found = prepared(at).near("deal_won", {"amount", "owner_id"}, "occurred_at", low, high)
        return found.sort_by("amount").to_pydict()

    assert picked(world)["amount"] == [1, 2]
    for row, day, expected in (
        (("d3", "ann", 3), "2017-03-07", [1, 2, 3]),
        (("d4", "ann", 6), "2018-01-07", [1, 2, 3]),
        (("d1", "ann", 5), "2017-03-08", [2, 3, 5]),
        (("d2", "bob", 2), "2018-03-08", [3, 5]),
    ):
        office.won(row, day=day)
        world = world.derive(cut=office.ledger.cut())
        assert picked(world)["amount"] == expected
        assert picked(world) == picked(office.world)


def test_assignments_are_spelt_out_once_for_every_cut_at_which_they_are_the_same(office: Office) -> None:
    office.assign("ann", "2016-01-01")
    world = office.world
    bounds = world.calendar.bounds(world.calendar.period("2017-03"))
    assert roster(world, None, bounds, "person") == ("ann",)
    office.won(("d1", "ann", 1))
    later = world.derive(cut=office.ledger.cut())
    assert roster(later, None, bounds, "person") == ("ann",)
    assert prepared(later).core("assignment") is prepared(world).core("assignment")
