import gc
import weakref

import pytest

from kpicore.evaluation.prepared import prepared
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


def test_currencies_are_those_that_facts_name():
    world = SmallWorld({"deal_won": [{"currency": "USD"}, {"currency": None}, {"currency": "TWD"}]})
    assert prepared(world).currencies("deal_won") == {"USD", "TWD"}
