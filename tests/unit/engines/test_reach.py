"""Which facts touch which windows, from what definitions say of the time that they read."""

import pytest

from kpicore import Relation, count, duration, within
from kpicore.definitions.algebra.builders import during, holds
from kpicore.definitions.algebra.measures import Match
from kpicore.engines.edges import Edge
from kpicore.engines.matches import met
from kpicore.engines.reach import Reach, reaches
from kpicore.engines.scans import Key
from tests.unit.evaluation.worlds import book, indicator

DAY = 86_400_000_000
START, LAST, END = Edge(0), Edge(1, -1), Edge(1)
FAR = Reach("deal_won")

NEAR = Relation(
    "test.near",
    "near",
    "select d.deal_id, d.source, d.occurred_at, d.owner_id from deal_won d join visit_started v on v.visitor_id = d.deal_id",
    ("deal_id", "source"),
    reads={"deal_won": ("2d", "1d"), "visit_started": ("0d", "$ahead")},
    params={"ahead": duration("3d")},
)
OVER = Relation(
    "test.over",
    "over",
    "select n.deal_id, n.source, n.occurred_at, n.owner_id from test.near n left join assignment a on a.employee_id = n.owner_id",
    ("deal_id", "source"),
    reads={"test.near": ("5d", "0d")},
)
OPEN = Relation(
    "test.open",
    "open",
    "select d.deal_id, d.source, d.owner_id, d.occurred_at as valid_from, cast(null as bigint) as valid_to from deal_won d",
    ("deal_id", "source"),
    spell=True,
    reads={"deal_won": ("0d", "0d")},
)
BOOK = book(NEAR, OVER, OPEN, indicator(count("test.over"), params={"h": duration("30d")}))


def reached(source, *matches, at="in", time="occurred_at", **params):
    values = {"h": 30 * DAY, **params}
    key = Key(
        source, (), at, time if at == "in" else "", "owner_id", (), tuple(met(one, BOOK, values) for one in matches)
    )
    return {(one.fact_type, one.column): (one.low, one.high) for one in reaches(BOOK, key)}


def test_a_counted_fact_touches_the_window_that_it_lies_in():
    assert reached("deal_won") == {("deal_won", "occurred_at"): (START, LAST)}
    assert reached("deal_won", time="engaged_at") == {("deal_won", "engaged_at"): (START, LAST)}


def test_what_is_met_later_touches_windows_before():
    found = reached("lead_created", within("deal_won", "lead_id", "$h"))
    assert found["deal_won", "occurred_at"] == (START, Edge(1, -1 + 30 * DAY))


@pytest.mark.parametrize(
    ("match", "edges"),
    [
        (during("deal_won", "lead_id"), (START, LAST)),
        (Match("deal_won", "lead_id", low="occurred_at - $h", high="occurred_at"), (Edge(0, -30 * DAY), LAST)),
        (
            Match("deal_won", "lead_id", low="occurred_at - $h", high="occurred_at", bounds="()"),
            (Edge(0, 1 - 30 * DAY), Edge(1, -2)),
        ),
        (Match("deal_won", "lead_id", high="occurred_at"), (None, LAST)),
        (Match("deal_won", "lead_id", low="period_start", high="next_end + $h"), (START, Edge(3, 30 * DAY))),
        (Match("deal_won", "lead_id"), (None, None)),
        (Match("deal_won", "lead_id", low="coalesce(occurred_at, 0)", high="period_end"), (None, END)),
    ],
)
def test_limits_of_matches_are_edges_of_windows(match, edges):
    assert reached("lead_created", match)["deal_won", "occurred_at"] == edges


def test_what_relations_read_reaches_as_far_as_they_say():
    found = reached("test.near")
    assert found["deal_won", "occurred_at"] == (Edge(0, -2 * DAY), Edge(1, -1 + DAY))
    assert found["visit_started", "occurred_at"] == (START, Edge(1, -1 + 3 * DAY))


def test_reaches_add_up_and_core_tables_reach_everywhere():
    found = reached("test.over")
    assert found["deal_won", "occurred_at"] == (Edge(0, -7 * DAY), Edge(1, -1 + DAY))
    assert found["employee_assigned", "occurred_at"] == (None, None)


def test_what_reads_all_on_one_side_is_bounded_on_the_other():
    low, high = reached("settled_order")["order_refunded", "occurred_at"]
    assert low == Edge(0, -366_000 * DAY)
    assert high == Edge(1, -1 + 7 * DAY)


def test_a_relation_that_does_not_say_reads_everything():
    assert reached("customer_order")["order_paid", "occurred_at"] == (None, None)


def test_rows_of_a_relation_that_are_placed_by_another_instant_may_come_from_anywhere():
    assert reached("test.near", time="elsewhere")["deal_won", "occurred_at"] == (None, None)


@pytest.mark.parametrize("at", ["start", "end", "during"])
def test_spells_go_on_into_later_windows(at):
    assert reached("test.open", at=at) == {("deal_won", "occurred_at"): (None, LAST)}


def test_a_spell_that_holds_began_before():
    match = holds("test.open", "deal_id", "occurred_at")
    assert reached("deal_lost", match)["deal_won", "occurred_at"] == (None, LAST)
    match = holds("test.open", "deal_id", "period_end")
    assert reached("deal_lost", match)["deal_won", "occurred_at"] == (None, END)
