import duckdb

from kpicore import Relation, count, duration
from kpicore.engines.relations import Clauses, binding, own_params
from kpicore.vocabulary import definitions
from tests.unit.evaluation.worlds import book, indicator

LEAD = {item.name: item for item in definitions() if isinstance(item, Relation)}["lead"]
DAY = 86_400_000_000


def test_parameters_come_from_who_reads_the_relation_or_are_its_own():
    assert own_params(LEAD, {}) == {"dedupe": 90 * DAY}
    assert own_params(LEAD, {"dedupe": 5, "other": 1}) == {"dedupe": 5}
    assert binding(book(), "lead", {"dedupe": 5, "other": 1}) == (("dedupe", 5),)
    assert binding(book(), "deal_won", {"dedupe": 5}) == ()


def test_a_clause_stands_after_what_it_reads_and_only_once():
    clauses = Clauses(book(), None)
    first = clauses.source("tiered_lead", {})
    assert clauses.source("tiered_lead", {}) == first
    text = clauses.text()
    order = [text.index(f"{name} as (") for name in ('"fact$lead_created"', clauses.source("lead", {}), first)]
    assert order == sorted(order)
    assert all(text.count(f"{name} as (") == 1 for name in (clauses.source("lead", {}), first))
    assert clauses.reads == {"lead_created", "customer_tiered", "identity_linked"}


def test_another_parameter_is_another_clause():
    clauses = Clauses(book(), None)
    assert clauses.source("lead", {"dedupe": 1}) != clauses.source("lead", {"dedupe": 2})


def test_a_statement_without_sources_has_no_with():
    assert Clauses(book(), None).text() == ""


def test_a_clause_named_like_a_fact_type_hides_it_inside_only():
    hidden = Relation(
        "test.hidden",
        "hidden",
        "with deal_won as (select l.deal_id, l.source, l.occurred_at, l.owner_id from deal_lost l) select d.* from deal_won d",
        ("deal_id", "source"),
    )
    own = book(hidden, indicator(count("test.hidden"), params={"x": duration("1d")}))
    clauses = Clauses(own, None)
    clauses.source("test.hidden", {})
    assert clauses.reads == {"deal_lost"}


def test_every_relation_of_the_vocabulary_can_be_prepared():
    own = book()
    for name in own.relations:
        clauses = Clauses(own, "TWD")
        read = clauses.source(name, {})
        assert duckdb.extract_statements(f"{clauses.text()}select * from {read}")
