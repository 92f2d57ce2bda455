"""Gates, modifiers and coefficients over a ledger: measured, sealed, replayed, rescored, explained."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.errors import NotFound
from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.causes import CAUSES, Comparison, compare
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import SealBlocked, recalled, replay, seal
from kpicore.evaluation.history.rescore import rescore, restate
from tests.rulebook import CARD, Office

GATE = '\n[[gate]]\nindicator = "sales.losses"\nabove = "1"\ntotal = "0"\nwhy = "nobody may lose twice"\n'
MODIFIER = '\n[[modifier]]\nindicator = "sales.win_rate"\nbelow = "0.5"\nfactor = "0.9"\n'
FIXED = '\n[[modifier]]\ntitle = "Hard region"\nsubject = "ann"\nfactor = "1.1"\n'
COEFFICIENT = '\n[coefficient]\nkind = "linear"\nsteps = [["60", "0"], ["100", "1"], ["120", "1.5"]]\n'
FULL = (
    CARD.replace("effective = 2017-01-01", 'effective = 2017-01-01\ncap = "120"')
    + MODIFIER
    + FIXED
    + GATE
    + COEFFICIENT
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.won(("d1", "ann", 600), ("d2", "ann", 300), ("d3", "bob", 800))
    office.lost(("d4", "ann"), ("d5", "cid"), ("d6", "bob"), ("d7", "bob"))
    yield office
    office.close()


def now(office: Office) -> Evaluation:
    return evaluate(office.world, "sales_rep", "2017-Q1")


def subjects(evaluation: Evaluation) -> dict[str, Any]:
    return {one["subject"]: one for one in evaluation.to_document()["subjects"]}


def shares(comparison: Comparison, subject: str) -> list[tuple[str, str | None, Decimal]]:
    [found] = [one for one in comparison.subjects if one.subject == subject]
    assert sum((cause.points for cause in found.causes), Decimal(0)) == found.difference
    return [(cause.cause, cause.indicator, cause.points) for cause in found.causes]


def test_a_gate_off_the_lines_is_measured_adopted_and_sealed(office: Office) -> None:
    office.apply(FULL)
    found = now(office)
    ann, bob = subjects(found)["ann"], subjects(found)["bob"]
    # Ann: 54 + 53.33333332 = 107.33333332, × 1.1 = 118.066666652; on the line from 100 to 120: 1 + 18.066666652 / 40.
    assert (ann["sum"], ann["total"], ann["band"], ann["coefficient"]) == (
        "107.33333332",
        "118.066666652",
        "A",
        "1.451666666",
    )
    # Bob: 48 + 26.66666668, × 0.9 for a rate below 0.5, and nothing for two losses.
    assert (bob["sum"], bob["total"], bob["bound"], bob["coefficient"]) == ("74.66666668", "0", "gate", "0")
    assert [(entry["indicator"], entry["value"], entry["points"]) for entry in bob["gates"]] == [
        ("sales.losses", "2", "-67.200000012")
    ]
    assert "sales.losses" in office.world.adopted
    sealed = seal(office.world, found, "hr")
    assert replay(office.world, sealed.id).identical
    assert recalled(office.world, sealed.id).to_document() == found.to_document()


def test_who_has_facts_of_a_gate_alone_is_not_scored(office: Office) -> None:
    card = CARD.replace("sales.win_rate", "sales.revenue_won").replace('"60"', '"100"')
    only = card[: card.rindex("[[line]]")] + card[card.index("[bands]") :]
    office.apply(only + GATE)
    assert list(subjects(now(office))) == ["ann", "bob"]


def test_steps_of_an_explanation_add_up_down_to_the_facts(office: Office) -> None:
    office.apply(FULL)
    document = explain(office.world, now(office).id).to_document()
    for one in document["subjects"]:
        assert sum((Decimal(step["points"]) for step in one["steps"]), Decimal(0)) == Decimal(one["total"])
    bob = next(one for one in document["subjects"] if one["subject"] == "bob")
    assert [step["step"] for step in bob["steps"]] == ["sum", "modifier", "gate", "cap"]
    gate = bob["steps"][2]
    assert (gate["why"], [fact["key"]["deal_id"] for fact in gate["facts"]]) == ("nobody may lose twice", ["d6", "d7"])
    assert bob["coefficient_steps"] == [["60", "0"]]


def test_facts_that_close_a_gate_are_facts_and_changed_gates_are_gates(office: Office) -> None:
    office.apply(CARD + GATE)
    before = now(office)
    office.lost(("d8", "ann"))
    found = compare(before, now(office))
    # Of the rate 2/3 → 2/4 first, then the second loss takes all that is left.
    assert shares(found, "ann") == [
        ("late_facts", "sales.win_rate", Decimal("-13.33333332")),
        ("late_facts", "sales.losses", Decimal(-94)),
    ]
    [ann] = [one for one in found.subjects if one.subject == "ann"]
    assert [fact["key"] for fact in ann.causes[1].evidence] == [{"deal_id": "d8"}]
    middle = now(office)
    office.apply(FULL.replace('above = "1"', 'above = "5"'), by="board", reason="once is enough")
    found = compare(middle, now(office))
    assert shares(found, "ann") == [("gate", "sales.losses", Decimal(94)), ("gate", None, Decimal("9.4"))]
    [ann] = [one for one in found.subjects if one.subject == "ann"]
    [rule] = ann.causes[0].evidence
    assert (rule["by"], rule["reason"]) == ("board", "once is enough")
    assert (rule["old"]["gates"], rule["new"]["gates"]) == (
        [{"above": "1", "total": "0"}],
        [{"above": "5", "total": "0"}],
    )
    assert ann.causes[1].evidence[0]["new"]["cap"] == "120"


def test_other_gates_are_rescored_from_what_is_sealed_where_it_serves(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.apply(FULL)
    sealed = seal(office.world, now(office), "hr")
    softer, other = (read_card(text) for text in (FULL.replace('total = "0"', 'cap = "60"'), FULL + GATE))
    assert isinstance(softer, Scorecard)
    assert isinstance(other, Scorecard)
    measured = rescore(office.world, sealed.id, scorecard=other)
    assert measured.evaluation.totals["bob"] == 0
    with monkeypatch.context() as patch:
        patch.setattr("kpicore.evaluation.history.rescore.evaluate", lambda *_: pytest.fail("it is measured again"))
        found = rescore(office.world, sealed.id, scorecard=softer)
    assert found.evaluation.totals["bob"] == 60
    assert shares(found.comparison, "bob") == [("gate", "sales.losses", Decimal(60))]
    without = rescore(office.world, sealed.id, scorecard=read_card(CARD))  # type: ignore[arg-type]
    assert shares(without.comparison, "ann") == [("gate", None, Decimal("-10.733333332"))]
    assert seal(office.world, found.evaluation, "hr").evaluation == found.id
    assert replay(office.world, found.id).identical


def test_restating_opens_a_gate_again(office: Office) -> None:
    office.apply(FULL)
    sealed = seal(office.world, now(office), "hr")
    office.won(("d6", "bob", 100))
    office.record(
        "deal_lost", [{"deal_id": "d6", "occurred_at": "2016-02-01T00:00:00Z", "owner_id": "bob"}]
    )  # the loss was of another year
    found = restate(office.world, sealed.id)
    assert {cause for cause, _, _ in shares(found.comparison, "bob")} == {"corrections"}
    assert found.evaluation.totals["bob"] == Decimal("107.33333332")


def test_a_gate_that_blocks_says_who_waits_for_what(office: Office) -> None:
    rate = '\n[[gate]]\nindicator = "sales.win_rate"\nbelow = "0.1"\ntotal = "0"\nempty = {no_denominator = "block"}\n'
    person = {"role": "sales", "effective_from": "2016-01-01T00:00:00Z", "occurred_at": "2016-01-01T00:00:00Z"}
    office.record("employee_assigned", [{"employee_id": "dan", **person}])
    office.apply(CARD + rate)
    found = now(office)
    assert found.totals == {"dan": None}
    with pytest.raises(SealBlocked) as caught:
        seal(office.world, found, "hr")
    assert caught.value.details["blocked"] == [["dan", "sales.win_rate", "no_denominator"]]


def test_an_unknown_indicator_or_level_of_a_gate_is_refused_with_its_place(office: Office) -> None:
    with pytest.raises(NotFound, match="no indicator") as caught:
        office.apply(CARD + GATE.replace("sales.losses", "sales.loses"))
    assert "[[gate]] 1 (sales.loses)" in str(caught.value.where)
    assert caught.value.hint == "did you mean sales.losses?"


DEALS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["ann", "bob", "cid"]), st.integers(0, 3000)), max_size=4
)
RULES = st.builds(
    lambda gates, cap: CARD.replace("effective = 2017-01-01", f"effective = 2017-01-01{cap}") + "".join(gates),
    st.permutations([GATE, MODIFIER, FIXED, COEFFICIENT, GATE.replace("total", "cap").replace('"0"', '"70"')]).flatmap(
        lambda found: st.integers(0, len(found)).map(lambda size: found[:size])
    ),
    st.sampled_from(["", '\ncap = "100"']),
)


@given(st.lists(st.tuples(st.sampled_from(["won", "lost"]), DEALS), max_size=4), RULES, RULES)
@settings(max_examples=10)
def test_causes_and_steps_add_up_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, happened: list[tuple[str, Any]], first: str, second: str
) -> None:
    office = Office(tmp_path_factory.mktemp("office"))
    try:
        office.apply(first)
        office.won(("a", "ann", 600), ("b", "bob", 300))
        office.lost(("c", "ann"))
        before = now(office)
        for what, deals in happened:
            if deals and what == "won":
                office.won(*deals)
            elif deals:
                office.lost(*((deal, owner) for deal, owner, _ in deals))
        office.apply(second)
        after = now(office)
        sealed = seal(office.world, after, "hr")
        assert replay(office.world, sealed.id).identical
        for one in compare(before, after).subjects:
            assert sum((cause.points for cause in one.causes), Decimal(0)) == one.difference
            assert all(cause.points and cause.evidence for cause in one.causes)
            order = [CAUSES.index(cause.cause) for cause in one.causes]
            assert order == sorted(order)
        for one in explain(office.world, sealed.id).to_document()["subjects"]:
            if one["total"] is not None:
                assert sum((Decimal(step["points"]) for step in one["steps"]), Decimal(0)) == Decimal(one["total"])
    finally:
        office.close()
