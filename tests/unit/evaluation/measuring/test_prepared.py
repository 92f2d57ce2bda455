import gc
import weakref

import pyarrow as pa
import pytest

from kpicore.errors import KpicoreError
from kpicore.evaluation.measuring import prepared as module
from kpicore.evaluation.measuring.prepared import prepared
from tests.unit.evaluation.worlds import SmallWorld

STAFF = [{"employee_id": "ann", "team_id": "n", "effective_from": "2026-01-01"}]


def test_tables_are_made_once_a_world():
    world = SmallWorld({"employee_assigned": STAFF})
    stock = prepared(world)
    assert prepared(world) is stock
    assert stock.core("assignment") is stock.core("assignment")
    assert stock.stored("deal_won") is stock.stored("deal_won")
    assert prepared(SmallWorld({})) is not stock


def test_the_tables_go_when_their_world_does():
    world = SmallWorld({})
    stock = prepared(world)
    gone = weakref.ref(world)
    del world
    gc.collect()
    assert gone() is None
    with pytest.raises(ReferenceError):
        _ = stock.world


def test_the_calendar_reaches_over_all_facts_that_are_read_and_all_periods():
    world = SmallWorld({"deal_won": [{"occurred_at": "2019-05-05"}, {"occurred_at": "2031-05-05"}]})
    periods = world.calendar.series("2026-03")
    tables = prepared(world).tables({"deal_won", "calendar"}, periods)
    days = tables["calendar"]
    assert days.column("starts_at")[0].as_py() == world.calendar.instant("2019-05-05")
    assert days.column("ends_at")[-1].as_py() == world.calendar.instant("2031-05-06")
    later = prepared(world).tables({"calendar"}, world.calendar.series("2040"))["calendar"]
    assert later.column("ends_at")[-1].as_py() >= world.calendar.instant("2042-01-01")


def test_sessions_are_kept_and_taken_by_one_at_a_time():
    world = SmallWorld({})
    stock = prepared(world)
    with stock.session({"a": pa.table({"x": [1]})}) as one, stock.session({"a": pa.table({"x": [2]})}) as two:
        assert one is not two
        assert one.query("select x from a").column("x").to_pylist() == [1]
        assert two.query("select x from a").column("x").to_pylist() == [2]
    with stock.session({"a": pa.table({"x": [3]})}) as again:
        assert again in (one, two)
        assert again.query("select x from a").column("x").to_pylist() == [3]


def test_a_session_in_which_something_failed_is_not_taken_again():
    world = SmallWorld({})
    stock = prepared(world)
    with pytest.raises(KpicoreError), stock.session({}) as broken:
        broken.query("select nothing from nowhere")
    with stock.session({}) as other:
        assert other is not broken


def test_few_facts_of_many_are_picked(monkeypatch):
    monkeypatch.setattr(module, "FEW", 1)
    days = [{"occurred_at": f"2026-03-{day:02}"} for day in range(1, 31)]
    world = SmallWorld({"deal_won": days})
    stock, edge = prepared(world), world.calendar.instant("2026-03-05")
    found = stock.near("deal_won", {"occurred_at", "owner_id"}, "occurred_at", None, edge)
    assert (found.num_rows, found.column_names) == (5, ["occurred_at", "owner_id"])
    assert stock.near("deal_won", {"occurred_at"}, "occurred_at", edge, None) is None
    assert stock.near("deal_won", {"occurred_at"}, "occurred_at", None, None) is None
    assert stock.near("deal_lost", {"occurred_at"}, "occurred_at", None, edge) is None
