"""Causes of a difference: they add up, and name only what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.definitions.algebra.builders import count, rate, within
from kpicore.definitions.book import Definitions
from kpicore.definitions.parameters import duration
from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.causes import CAUSES, Comparison, compare
from kpicore.ledger.records import Batch
from kpicore.ledger.rows import check_keys
from tests.rulebook import BOOK, CARD, WIN_RATE, Office, indicator


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD)
    office.won(("d1", "ann", 600), ("d2", "ann", 300), ("d3", "bob", 800))
    office.lost(("d4", "ann"), ("d5", "cid"))
    yield office
    office.close()


def now(office: Office, card: str = "sales_rep") -> Evaluation:
    return evaluate(office.world, card, "2017-Q1")


def retract(office: Office, fact_type: str, *keys: str) -> None:
    definition = office.book.fact_types[fact_type]
    table, refused = check_keys(definition, list(keys))
    assert not refused
    office.ledger.record([Batch(definition, table, "crm", f"take {keys}", kind="retraction", reason="test deal")])


def shares(comparison: Comparison, subject: str) -> list[tuple[str, str | None, Decimal]]:
    [found] = [one for one in comparison.subjects if one.subject == subject]
    assert sum((cause.points for cause in found.causes), Decimal(0)) == found.difference
    return [(cause.cause, cause.indicator, cause.points) for cause in found.causes]


def evidence(comparison: Comparison, subject: str) -> list[tuple[Mapping[str, Any], ...]]:
    [found] = [one for one in comparison.subjects if one.subject == subject]
    return [cause.evidence for cause in found.causes]


def test_late_facts_corrections_and_retractions_are_told_apart(office: Office) -> None:
    before = now(office)
    office.won(("d6", "ann", 60), ("d7", "zoe", 9))  # late
    office.won(("d3", "bob", 400))  # corrected: 800 → 400
    retract(office, "deal_lost", "d5")  # Cid has no fact any more
    found = compare(before, now(office))
    # Ann: revenue 900 → 960 of 1000 at 60 %; rate 2/3 → 3/4 of 0.5 at 40 %.
    assert shares(found, "ann") == [
        ("late_facts", "sales.revenue_won", Decimal("3.6")),
        ("late_facts", "sales.win_rate", Decimal("6.66666668")),
    ]
    assert shares(found, "bob") == [("corrections", "sales.revenue_won", Decimal(-24))]
    assert shares(found, "cid") == []
    [corrected] = evidence(found, "bob")[0]
    assert (corrected["type"], corrected["key"], corrected["source"]) == ("deal_won", {"deal_id": "d3"}, "crm")
    assert corrected["before"]["position"] < corrected["position"]
    assert (corrected["before"]["added"], corrected["added"]) == ({"numerator": "800"}, {"numerator": "400"})
    # Zoe's late deal is no evidence for Ann.
    [late] = evidence(found, "ann")[0]
    assert (late["key"], late["added"]) == ({"deal_id": "d6"}, {"numerator": "60"})
    assert evidence(found, "ann")[1][0]["added"] == {"numerator": "1", "denominator": "1"}
    retract(office, "deal_won", "d1")
    taken = compare(now(office), before)
    # Backwards the retracted deal comes late and the late one is retracted.
    assert {cause for cause, _, _ in shares(taken, "ann")} == {"late_facts", "retractions"}
    assert all("retracted" not in piece for pieces in evidence(taken, "ann") for piece in pieces)


def test_evidence_of_a_retraction_says_what_took_the_fact_away(office: Office) -> None:
    before = now(office)
    retract(office, "deal_won", "d2")
    office.won(("d2", "ann", 300))
    retract(office, "deal_won", "d2", "d3")
    found = compare(before, now(office))
    pieces = {cause.cause: cause.evidence for one in found.subjects if one.subject == "ann" for cause in one.causes}
    assert set(pieces) == {"retractions"}
    [piece] = pieces["retractions"]
    last = office.ledger.headers()[-1]
    assert (piece["key"], last.kind) == ({"deal_id": "d2"}, "retraction")
    assert piece["retracted"] == {"position": last.position, "by": None, "reason": "test deal"}
    assert piece["position"] < last.position


def test_a_fact_that_came_and_went_has_not_moved(office: Office) -> None:
    before = now(office)
    office.won(("d7", "ann", 50))
    office.won(("d7", "ann", 70))
    retract(office, "deal_won", "d7")
    after = now(office)
    assert before.id != after.id
    assert all(not one.causes for one in compare(before, after).subjects)


def test_each_part_of_the_rules_is_a_cause_of_its_own(office: Office) -> None:
    before = now(office)
    office.apply(
        CARD.replace('weight = "60"', 'weight = "50"')
        .replace('weight = "40"', 'weight = "50"')
        .replace('target = "1000"', 'target = "1200"')
        .replace('target = "0.5"', 'target = "0.5"\ncap = "1.2"'),
        by="board",
        reason="profit first",
    )
    found = compare(before, now(office))
    assert shares(found, "ann") == [
        ("weights", "sales.revenue_won", Decimal(-9)),
        ("weights", "sales.win_rate", Decimal("13.33333333")),
        ("targets", "sales.revenue_won", Decimal("-7.5")),
        ("curve", "sales.win_rate", Decimal("-6.66666665")),
    ]
    [weights] = evidence(found, "ann")[0]
    assert (weights["by"], weights["reason"], weights["kind"]) == ("board", "profit first", "scorecard")
    assert (weights["old"], weights["new"]) == ({"weight": "60"}, {"weight": "50"})
    assert evidence(found, "ann")[2][0]["new"] == {"target": "1200"}


def test_lines_that_come_and_go_are_weights(office: Office) -> None:
    before = now(office)
    office.apply(CARD.replace("sales.win_rate", "sales.losses").replace('target = "0.5"', 'target = "2"'))
    found = compare(before, now(office))
    # Ann lost one of at most two: 2 − 1/2 = 1.5.
    assert shares(found, "ann") == [
        ("weights", "sales.win_rate", Decimal("-53.33333332")),
        ("weights", "sales.losses", Decimal(60)),
    ]


def test_another_definition_and_other_settings(office: Office) -> None:
    office.won(("edge", "bob", 100), day="2016-12-31")
    before = now(office)
    upgraded = attrs.evolve(WIN_RATE, measure=(count("deal_won") + 1) / (count("deal_won") + count("deal_lost") + 1))
    office.book = BOOK.merged(Definitions.of([upgraded]))
    office.apply(CARD, reason="a fairer rate")
    office.apply("[organisation]\ntimezone = 'America/New_York'\n", reason="moved")
    found = compare(before, now(office))
    assert shares(found, "ann") == [("definition", "sales.win_rate", Decimal("6.66666668"))]
    assert {rule["name"] for rule in evidence(found, "ann")[0]} == {"sales.win_rate"}
    # New York's March ends later, its January too: nothing of Bob's moves until the zone lies east.
    assert shares(found, "bob") == []
    middle = now(office)
    office.apply("[organisation]\ntimezone = 'Asia/Taipei'\n", reason="moved again")
    office.won(("east", "bob", 10), day="2016-12-31")
    office.record(
        "deal_won",
        [{"deal_id": "east", "occurred_at": "2016-12-31T20:00:00Z", "owner_id": "bob", "amount": "10"}],
    )
    found = compare(middle, now(office))
    assert shares(found, "bob") == [("organisation", "sales.revenue_won", Decimal("0.6"))]
    assert [rule["reason"] for rule in evidence(found, "bob")[0]] == ["moved again"]


def test_the_policy_of_empty_states(office: Office) -> None:
    office.record(
        "employee_assigned",
        [
            {
                "employee_id": "dan",
                "role": "sales",
                "effective_from": "2016-01-01T00:00:00Z",
                "occurred_at": "2016-01-01T00:00:00Z",
            }
        ],
    )
    office.apply(CARD + '[empty]\nno_denominator = "keep"\n')
    before = now(office)
    office.apply(CARD + '[empty]\nno_denominator = "target"\n')
    found = compare(before, now(office))
    assert shares(found, "dan") == [("empty_policy", None, Decimal(40))]
    assert evidence(found, "dan")[0][0]["new"] == {"no_denominator": "target"}


CONVERSION = indicator(
    "sales.conversion",
    rate(count("lead_created"), within("deal_won", "lead_id", "$horizon")),
    unit="percent",
    params={"horizon": duration("30d")},
)


def test_facts_that_are_only_looked_up_are_evidence_too(office: Office) -> None:
    office.book = BOOK.merged(Definitions.of([CONVERSION]))
    office.apply(CARD.replace("sales.win_rate", "sales.conversion"))
    leads = [
        {"lead_id": f"l{n}", "occurred_at": "2017-01-10T00:00:00Z", "owner_id": owner}
        for n, owner in enumerate(["ann", "ann", "bob"])
    ]
    office.record("lead_created", leads)
    before = now(office)
    office.record(
        "deal_won",
        [
            {
                "deal_id": "d8",
                "lead_id": "l0",
                "occurred_at": "2017-01-20T00:00:00Z",
                "owner_id": "eve",
                "amount": "0",
            }
        ],
    )
    found = compare(before, now(office))
    assert shares(found, "ann") == [("late_facts", "sales.conversion", Decimal(40))]
    assert [fact["key"] for fact in evidence(found, "ann")[0]] == [{"deal_id": "d8"}]


def test_facts_that_ripen_are_late_knowledge(office: Office) -> None:
    office.book = BOOK.merged(Definitions.of([CONVERSION]))
    office.apply(CARD.replace("sales.win_rate", "sales.conversion"))
    office.record("lead_created", [{"lead_id": "l1", "occurred_at": "2017-01-10T00:00:00Z", "owner_id": "ann"}])
    world = office.world
    early = office.ledger.at(world.cut.facts, world.cut.rules, world.calendar.instant("2017-01-12"))
    before, after = evaluate(world.derive(cut=early), "sales_rep", "2017-Q1"), now(office)
    states = [one.to_document()["subjects"][0]["lines"][1]["state"] for one in (before, after)]
    assert states == ["immature", "ok"]
    found = compare(before, after)
    assert shares(found, "ann") == [("late_facts", "sales.conversion", Decimal(-36))]
    [knowledge] = evidence(found, "ann")[0]
    assert (knowledge["kind"], knowledge["old"]) == ("as_of", "2017-01-12T00:00:00.000000Z")


def test_who_appears_has_a_null_total_before(office: Office) -> None:
    before = now(office)
    office.won(("d8", "eve", 100))
    [eve] = [one for one in compare(before, now(office)).subjects if one.subject == "eve"]
    assert (eve.from_total, eve.to_total, eve.difference) == (None, Decimal(86), Decimal(86))
    assert {cause.cause for cause in eve.causes} == {"late_facts"}


def test_one_subject_can_be_asked_for(office: Office) -> None:
    before = now(office)
    office.won(("d6", "ann", 60), ("d9", "bob", 60))
    document = compare(before, now(office), subject="bob").to_document()
    assert [one["subject"] for one in document["subjects"]] == ["bob"]
    assert set(document["subjects"][0]["causes"][0]) == {"cause", "indicator", "points", "evidence"}


WEIGHTS = st.integers(0, 100)
DEALS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["ann", "bob", "cid"]), st.integers(0, 3000)), max_size=4
)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("won"), DEALS),
            st.tuples(st.just("lost"), DEALS),
            st.tuples(st.just("gone"), st.sampled_from("abcdef")),
            st.tuples(st.just("card"), WEIGHTS),
        ),
        max_size=5,
    )
)
@settings(max_examples=15)
def test_causes_add_up_and_name_only_what_happened(
    tmp_path_factory: pytest.TempPathFactory, happened: list[tuple[str, Any]]
) -> None:
    office = Office(tmp_path_factory.mktemp("office"))
    try:
        office.apply(CARD)
        office.won(("a", "ann", 600), ("b", "bob", 300))
        office.lost(("c", "ann"))
        before = now(office)
        for what, how in happened:
            if what == "won" and how:
                office.won(*how)
            elif what == "lost" and how:
                office.lost(*((deal, owner) for deal, owner, _ in how))
            elif what == "gone":
                _take(office, how)
            elif what == "card":
                office.apply(CARD.replace('"60"', f'"{how}"').replace('"40"', f'"{100 - how}"'))
        found = compare(before, now(office))
        possible = {
            "won": {"late_facts", "corrections"},
            "lost": {"late_facts", "corrections"},
            "gone": {"retractions", "corrections"},
            "card": {"weights"},
        }
        allowed = set().union(*(possible[what] for what, _ in happened)) if happened else set()
        for one in found.subjects:
            assert sum((cause.points for cause in one.causes), Decimal(0)) == one.difference
            assert all(cause.points and cause.evidence for cause in one.causes)
            assert {cause.cause for cause in one.causes} <= allowed
            order = [CAUSES.index(cause.cause) for cause in one.causes]
            assert order == sorted(order)
    finally:
        office.close()


def _take(office: Office, deal: str) -> None:
    definition = office.book.fact_types["deal_won"]
    table, _ = check_keys(definition, [deal])
    office.ledger.record(
        [Batch(definition, table, "crm", f"take {office.ledger.cut().facts}", kind="retraction", reason="x")]
    )


def test_who_comes_onto_the_card_by_one_line_has_those_facts_as_evidence_on_all(office: Office) -> None:
    office.apply(CARD.replace("sales.revenue_won", "sales.losses"))
    before = now(office)
    office.won(("d9", "dan", 1))  # no loss: full points on a line that reads no won deal
    found = compare(before, now(office))
    assert [line for _, line, _ in shares(found, "dan")] == ["sales.losses", "sales.win_rate"]
    assert [[fact["key"] for fact in facts] for facts in evidence(found, "dan")] == [
        [{"deal_id": "d9"}],
        [{"deal_id": "d9"}],
    ]
