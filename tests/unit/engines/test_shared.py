"""Relations that several statements read: held once, with no more columns than matter, and the results are the same."""

import random

import pyarrow as pa
import pytest
import sqlglot

from kpicore import Relation, count, total
from kpicore.definitions.facts import FactType
from kpicore.engines.duckdb import DuckDBEngine
from kpicore.engines.resolve import resolve
from kpicore.engines.resolved import leaves
from kpicore.engines.scans import Setting, compile_scan, key_of
from kpicore.engines.shared import shared
from kpicore.engines.windows import Span, framed
from kpicore.errors import KpicoreError
from kpicore.evaluation.measuring import prepared as module
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.evaluation.measuring.prepared import prepared
from tests.unit.engines.test_scans import INDICATORS, SOURCES, generated
from tests.unit.evaluation.worlds import SmallWorld, book, indicator

FRAME = framed((Span(0, 10, -10, 20),))


def relation(name, sql):
    return Relation(f"test.{name}", name, sql, ("deal_id", "source"))


FIRST = relation(
    "first",
    "select d.*, row_number() over (partition by d.customer_id order by d.occurred_at, d.deal_id, d.source) as nth"
    " from deal_won d",
)
PLAIN = relation("plain", "select d.* from deal_won d where d.amount > 1")
PASSED = relation("passed", "select f.*, f.nth + 1 as following from test.first f where f.region_id = 'north'")
BOTH = relation("both", "select f.* from test.first f union all select g.* from test.first g")
NAMED = relation(
    "named", "select f.deal_id, f.source, f.occurred_at, f.engaged_at, f.owner_id, f.nth from test.first f"
)


def scans(*measures):
    """The statements that some measures need."""
    made = [indicator(one, name=f"test.i{n}") for n, one in enumerate(measures)]
    own = book(FIRST, PLAIN, PASSED, BOTH, NAMED, *made)
    setting = Setting(own, "company", None, None)
    found = [leaf for one in made for leaf in leaves(resolve(own, one.id, {}, None, None, "company").node)]
    keys = dict.fromkeys(key_of(leaf, setting) for leaf in found)
    return [compile_scan(key, [leaf for leaf in found if key_of(leaf, setting) == key], FRAME, setting) for key in keys]


def common(*measures, worth=lambda _: True):
    """What they have in common."""
    return shared(scans(*measures), worth)


def held(*measures, worth=lambda _: True):
    """The relations that are held meanwhile, with their columns."""
    tables = common(*measures, worth=worth).tables
    return {
        name.split("$")[1].removeprefix("test."): set(sqlglot.parse_one(sql, dialect="duckdb").named_selects)
        for name, sql in tables.items()
    }


def twice(source, **options):
    """Two measures that need a statement each."""
    return count(source, **options), count(source, time="engaged_at", **options)


def test_what_is_computed_once_or_only_picks_rows_is_not_held():
    assert held(count("test.first"), count("deal_won")) == {}
    assert held(count("test.passed")) == {}
    assert held(*twice("test.plain")) == {}
    assert held(*twice("test.first"), worth=lambda _: False) == {}


def test_facts_behind_a_relation_decide_whether_it_is_worth_it():
    asked = []
    held(*twice("test.passed"), worth=lambda clauses: asked.append(set(clauses)) or True)
    assert asked == [{"fact$deal_won"}]


def test_columns_are_those_that_statements_read():
    assert held(count("test.first"), total("test.first", "amount", time="engaged_at")) == {
        "first": {"occurred_at", "engaged_at", "amount"}
    }


def test_columns_that_another_relation_names_or_hands_on_are_there():
    assert held(*twice("test.passed", where="amount > 1")) == {
        "first": {"occurred_at", "engaged_at", "amount", "nth", "region_id"}
    }
    assert held(*twice("test.named")) == {
        "first": {"deal_id", "source", "occurred_at", "engaged_at", "owner_id", "nth"}
    }


def test_a_relation_that_sets_rows_side_by_side_has_all_columns():
    own = book(FIRST, PLAIN, PASSED, BOTH, NAMED)
    assert held(*twice("test.both")) == {"first": set(own.columns("test.first"))}


def test_a_table_is_let_go_after_the_last_statement_that_needs_it():
    found = common(*twice("test.first"), count("deal_won"), *twice("test.passed"), count("deal_lost"))
    assert list(found.last.values()) == [4]
    assert [bool(found.of(scan)) for scan in scans(*twice("test.first"), count("deal_won"))] == [True, True, False]


@pytest.fixture
def shares_all(monkeypatch):
    monkeypatch.setattr(module, "MANY", 0)


@pytest.mark.usefixtures("shares_all")
def test_every_relation_gives_the_same_whether_it_is_held_or_not():
    chance = random.Random(7)
    rows = {name: generated(item, chance) for name, item in SOURCES.items() if isinstance(item, FactType)}
    world = SmallWorld({**rows, "team_defined": []}, *INDICATORS)
    asked = [one for one in INDICATORS if isinstance(SOURCES[one.measure.source], Relation) and one.measure.at != "end"]
    requests, periods = [Request(one.id) for one in asked], world.calendar.series("2026-01..2026-03")
    together, apart = (measure(world, requests, periods, share=share) for share in (True, False))
    assert [one.to_document() for one in together] == [one.to_document() for one in apart]


@pytest.mark.usefixtures("shares_all")
def test_nothing_is_held_after_a_call():
    made = [indicator(one, name=f"test.i{n}") for n, one in enumerate(twice("test.first"))]
    world = SmallWorld({"deal_won": [{"owner_id": "ann"}]}, FIRST, *made, engine=DuckDBEngine(threads=1))
    for _ in range(3):
        assert measure(world, [Request(one.id) for one in made], world.calendar.series("2026-03"))[0].value == [1]
    with prepared(world).session({}) as session:
        assert not session.query("select table_name from duckdb_tables()").num_rows
    world.engine.close()


def test_a_table_is_held_under_its_name_until_it_is_released():
    with DuckDBEngine(threads=1).session({"a": pa.table({"x": [1, 2]})}) as session:
        session.hold('t"x', "select x + 1 as y from a")
        assert session.query('select sum(y) as s from "t""x"').column("s").to_pylist() == [5]
        session.release('t"x')
        with pytest.raises(KpicoreError) as error:
            session.hold("u", "select y from t")
        assert error.value.code == "engine_failed"
