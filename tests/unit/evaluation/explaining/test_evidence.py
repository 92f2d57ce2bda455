from decimal import Decimal

import pytest

from kpicore import Choice, choice, count, distinct, duration, growth, rate, smallest, total, within
from kpicore.definitions.algebra.measures import PRIOR
from kpicore.evaluation.explaining.evidence import contributions, contributions_by_subject
from kpicore.evaluation.measuring.measure import Request
from tests.unit.evaluation.worlds import SmallWorld, cells, indicator

ROWS = {
    "deal_won": [
        {
            "deal_id": "b",
            "owner_id": "ann",
            "amount": "10.5",
            "customer_id": "x",
            "lead_id": "L1",
            "kpi_position": 4,
            "kpi_row": 9,
        },
        {"deal_id": "a", "owner_id": "ann", "amount": "2", "customer_id": "x"},
        {"deal_id": "c", "owner_id": "bob", "amount": "1", "customer_id": "y"},
        {"deal_id": "d", "owner_id": None, "amount": "0.25", "customer_id": None},
        {"deal_id": "e", "owner_id": "ann", "amount": "100", "occurred_at": "2026-02-10"},
    ],
    "lead_created": [
        {"lead_id": "L1", "owner_id": "ann", "contact_key": "k"},
        {"lead_id": "L2", "owner_id": "ann", "contact_key": "m"},
    ],
    "order_paid": [
        {"order_id": "o", "gross": "9", "owner_id": "ann"},
        {"order_id": "p", "gross": "5", "owner_id": "ann"},
    ],
    "order_cancelled": [{"order_id": "o", "amount": "4", "owner_id": "ann"}],
    "employee_assigned": [{"employee_id": "ann", "role": "sales", "team_id": "n", "effective_from": "2026-01-01"}],
}


def counted(world, request, period, level, subject, *, limit=None):
    """Contributions, which are the same when everyone's are read at once."""
    found = contributions(world, request, period, level, subject, limit=limit)
    if limit is None:
        assert contributions_by_subject(world, request, period, level).get(subject, []) == found
    return found


def evidence(measure, subject="ann", level="person", limit=None):
    world = SmallWorld(ROWS, indicator(measure))
    period = world.calendar.period("2026-03")
    return counted(world, Request("test.it"), period, level, subject, limit=limit)


def brief(found):
    return [(fact.fact_type, *fact.key.values(), fact.added, fact.role) for fact in found]


def test_a_total_is_made_of_its_facts():
    found = evidence(total("deal_won", "amount"))
    assert brief(found) == [("deal_won", "a", "2", "numerator"), ("deal_won", "b", "10.5", "numerator")]
    assert found[1].to_document() == {
        "type": "deal_won",
        "key": {"deal_id": "b"},
        "source": "crm",
        "position": 4,
        "row": 9,
        "added": "10.5",
        "leaf": "total deal_won.amount",
        "role": "numerator",
    }


@pytest.mark.parametrize(
    ("subject", "level", "keys"),
    [
        (None, "person", "d"),
        (None, "company", "abcd"),
        ("n", "team", "ab"),
        (None, "team", "cd"),
        ("zoe", "person", ""),
    ],
)
def test_each_level_has_its_own_facts(subject, level, keys):
    assert [fact.key["deal_id"] for fact in evidence(count("deal_won"), subject, level)] == list(keys)


def test_both_sides_of_a_ratio_are_told_apart():
    it = indicator(rate(count("lead_created"), within("deal_won", "lead_id", "$h")), params={"h": duration("10d")})
    world = SmallWorld(ROWS, it)
    rows = counted(world, Request("test.it"), world.calendar.period("2026-03"), "person", "ann")
    assert [(fact.key["lead_id"], fact.role, fact.leaf) for fact in rows] == [
        ("L1", "numerator", "count lead_created with deal_won"),
        ("L1", "denominator", "count lead_created"),
        ("L2", "denominator", "count lead_created"),
    ]


def test_a_distinct_count_is_added_by_the_first_row_of_each():
    found = evidence(distinct("deal_won", "customer_id"), None, "company")
    assert [(fact.key["deal_id"], fact.added) for fact in found] == [("a", "1"), ("b", "0"), ("c", "1"), ("d", "0")]


def test_a_relation_leads_to_the_facts_that_it_is_made_of():
    found = evidence(total("net_order", "net"))
    assert brief(found) == [
        ("order_paid", "o", "5", "numerator"),
        ("order_cancelled", "o", None, "numerator"),
        ("order_paid", "p", "5", "numerator"),
    ]


def test_a_relation_that_leads_to_no_fact_is_evidence_itself():
    found = evidence(count("order_day"), "ann")
    assert found == []
    rows = {"order_paid": [{"gross": "9", "owner_id": "ann", "customer_id": "x"}]}
    world = SmallWorld(rows, indicator(count("order_day")))
    (fact,) = counted(world, Request("test.it"), world.calendar.period("2026-03"), "person", "ann")
    assert (fact.fact_type, fact.key["customer_id"], fact.position, fact.added) == ("order_day", "x", None, "1")


def test_windows_choices_and_several_parts_are_named():
    found = evidence(growth(total("deal_won", "amount"), PRIOR))
    assert [(fact.key["deal_id"], fact.leaf, fact.role) for fact in found] == [
        ("a", "total deal_won.amount", "numerator"),
        ("b", "total deal_won.amount", "numerator"),
        ("e", "total deal_won.amount, start - 1 period … start", "numerator"),
        ("e", "total deal_won.amount, start - 1 period … start", "denominator"),
    ]
    it = Choice("basis", {"all": smallest(count("deal_won"), count("lead_created", where="lead_id = 'L1'"))})
    world = SmallWorld(ROWS, indicator(it, params={"basis": choice("all")}))
    rows = counted(world, Request("test.it"), world.calendar.period("2026-03"), "person", "ann")
    assert [fact.leaf for fact in rows] == [
        "count deal_won",
        "count deal_won",
        "count lead_created where lead_id = 'L1'",
    ]


def test_a_limit_keeps_the_first_of_each_aggregate():
    found = evidence(count("deal_won") / count("lead_created"), None, "company", limit=1)
    assert brief(found) == [("deal_won", "a", "1", "numerator"), ("lead_created", "L1", "1", "denominator")]


@pytest.mark.parametrize(
    "measure",
    [total("deal_won", "amount"), count("deal_won"), distinct("deal_won", "customer_id"), total("net_order", "net")],
)
@pytest.mark.parametrize(("level", "subject"), [("person", "ann"), ("person", None), ("team", "n"), ("company", None)])
def test_what_the_facts_added_is_the_value(measure, level, subject):
    world = SmallWorld(ROWS, indicator(measure))
    rows = counted(world, Request("test.it"), world.calendar.period("2026-03"), level, subject)
    added = sum(Decimal(fact.added) for fact in rows if fact.added is not None)
    shown = {(key[0]): number for key, (number, _state) in cells(world, level=level).items()}
    assert Decimal(shown.get(subject, "0")) == added
