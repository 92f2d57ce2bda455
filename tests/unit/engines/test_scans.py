"""Every fact type and relation of the vocabulary, counted at every level, by every credit, on generated rows."""

import random
from decimal import Decimal

import pytest

from kpicore import Indicator, count, duration
from kpicore.definitions.algebra.measures import Over, Window
from kpicore.definitions.facts import FactType
from kpicore.engines.resolve import resolve
from kpicore.engines.resolved import leaves
from kpicore.engines.scans import Setting, compile_scan, key_of
from kpicore.engines.windows import Span, framed
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.vocabulary import definitions
from tests.unit.evaluation.worlds import SmallWorld, book, indicator

SOURCES = {item.name: item for item in definitions() if hasattr(item, "credits")}
START, HOUR = 1_767_225_600_000_000, 3_600_000_000


def generated(fact_type, chance, rows=40):
    """Rows of a fact type: ids from small pools, so that facts meet; every nullable field is sometimes null."""

    def value(name, spec, number):
        if spec.kind in ("id", "text") and name in fact_type.key:
            return f"{name[:3]}{number if len(fact_type.key) == 1 else chance.randrange(8)}"
        if not spec.required and name not in fact_type.key and chance.random() < 0.2:
            return None
        return {
            "id": lambda: f"{name[:3]}{chance.randrange(8)}",
            "text": lambda: chance.choice(["a", "b", "contact", "home"]),
            "boolean": lambda: chance.random() < 0.6,
            "integer": lambda: chance.randrange(1, 10),
            "money": lambda: str(Decimal(chance.randrange(10**6)) / 10**4),
            "decimal": lambda: str(Decimal(chance.randrange(10**6)) / 10**6),
            "rate": lambda: "1.5",
            "instant": lambda: START + chance.randrange(90 * 24) * HOUR,
        }[spec.kind]()

    found = [{name: value(name, spec, n) for name, spec in fact_type.all_fields().items()} for n in range(rows)]
    return list({tuple(row[name] for name in fact_type.key): row for row in found}.values())


@pytest.fixture(scope="module")
def rows():
    chance = random.Random(1)
    facts = {name: generated(item, chance) for name, item in SOURCES.items() if isinstance(item, FactType)}
    facts["team_defined"] = [
        {"team_id": f"tea{n}", "parent_team_id": f"tea{n // 2}" if n > 1 else None, "effective_from": START + n}
        for n in range(8)
    ]
    return facts


def counting(name, item):
    spell = not isinstance(item, FactType) and item.spell
    return [
        indicator(
            count(name, at=at), name=f"all.{name.replace('.', '_')}_{at}", roles=["none"], credit=tuple(item.credits)
        )
        for at in (("start", "end", "during") if spell else ("in",))
    ]


INDICATORS = [one for name, item in SOURCES.items() for one in counting(name, item)]


def test_everything_can_be_counted_and_persons_and_nobody_make_the_company(rows):
    world = SmallWorld(rows, *INDICATORS)
    periods = world.calendar.series("2026-Q1")
    whole = {
        one.indicator: one.value[0]
        for one in measure(world, [Request(one.id) for one in INDICATORS], periods, "company")
    }
    assert sum(1 for value in whole.values() if value > 0) > len(whole) * 0.8
    for one in measure(world, [Request(one.id) for one in INDICATORS], periods, "person"):
        assert sum(one.value) == whole[one.indicator], one
    others = [Request(one.id, credit=credit) for one in INDICATORS for credit in one.credit[1:]]
    for level, asked in (("person", others[::2]), ("team", others[1::2])):
        for one in measure(world, asked, periods, level):
            assert sum(one.value) >= whole[one.indicator], one


def test_a_base_currency_changes_no_count(rows):
    sources = [one for one in INDICATORS if "amount" in columns_of(one.measure.source)]
    counts = []
    for base in (None, "a"):
        world = SmallWorld(rows, *INDICATORS, base=base)
        found = measure(world, [Request(one.id) for one in sources], world.calendar.series("2026-Q1"), "company")
        counts.append([one.value for one in found])
    assert counts[0] == counts[1]


def columns_of(name):
    return list(book(*INDICATORS).columns(name))


def test_everything_can_be_broken_down_by_each_of_its_columns(rows):
    world = SmallWorld(rows, *INDICATORS)
    periods = world.calendar.series("2026-Q1")
    first = {one.id: name for name, item in SOURCES.items() for one in counting(name, item)[:1]}
    requests = [Request(name, by=(column,)) for name, source in first.items() for column in columns_of(source)[::5]]
    wholes = {
        one.indicator: one.value[0] for one in measure(world, [Request(name) for name in first], periods, "company")
    }
    for one in measure(world, requests, periods, "company"):
        assert sum(one.value) == wholes[one.indicator], one


def statement(*measures, level="person", **options):
    made = [
        Indicator(
            f"test.i{n}",
            title="t",
            measure=m,
            perspective="performance",
            roles=["r"],
            data_source="x",
            params={"h": duration("1d")},
        )
        for n, m in enumerate(measures)
    ]
    own = book(*made)
    setting = Setting(own, level, options.get("base"), None)
    found = [leaf for one in made for leaf in leaves(resolve(own, one.id, {}, None, None, level).node)]
    keys = {key_of(leaf, setting) for leaf in found}
    span = Span(0, 10, -10, 20)
    return [
        compile_scan(key, [leaf for leaf in found if key_of(leaf, setting) == key], framed((span,)), setting)
        for key in keys
    ]


def test_aggregates_over_the_same_rows_share_a_statement():
    assert (
        len(
            statement(
                count("deal_won"),
                count("deal_won", where="amount > 1"),
                Over(count("deal_won"), Window("start", "end")),
            )
        )
        == 1
    )
    assert len(statement(count("deal_won"), count("deal_lost"))) == 2
    assert len(statement(count("deal_won"), count("deal_won", time="engaged_at"))) == 2


def test_a_statement_reads_only_what_it_needs():
    (scan,) = statement(count("deal_won"))
    assert scan.reads == {"deal_won"}
    assert '"amount"' not in scan.sql.split(") select ")[1]
    (team,) = statement(count("deal_won"), level="team")
    assert team.reads == {"deal_won", "assignment", "team_path"}
    (company,) = statement(count("deal_won"), level="company")
    assert (company.subjects, company.reads) == (False, {"deal_won"})


def test_hostile_names_stay_names():
    it = indicator(count("deal_won", where="owner_id <> 'x''; drop table y; --'"))
    world = SmallWorld({"deal_won": [{"owner_id": 'a"; drop table x; --'}]}, it)
    (found,) = measure(world, [Request("test.it")], world.calendar.series("2026-03"))
    assert found.subjects == ('a"; drop table x; --',)
