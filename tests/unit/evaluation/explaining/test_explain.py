"""How a score is built, down to the facts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpicore.definitions.cards.weights import Weights
from kpicore.errors import NotFound
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import seal
from kpicore.evaluation.history.rescore import rescore
from tests.rulebook import CARD, Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD.replace('"60"', '"70"').replace('"40"', '"30"'), by="board", reason="growth")
    office.apply(CARD, by="hr", reason="balance")
    office.won(("d1", "ann", 900), ("d2", "ann", 900), ("d3", "bob", 800))
    office.lost(("d4", "ann"), ("d5", "cid"))
    yield office
    office.close()


def built(office: Office, subject: str | None = None) -> dict[str, Any]:
    document = explain(office.world, evaluate(office.world, "sales_rep", "2017-Q1").id, subject=subject).to_document()
    assert document == json.loads(json.dumps(document))
    return document


def test_the_build_up_of_a_score_goes_down_to_the_facts(office: Office) -> None:
    document = built(office, "ann")
    assert document["rule"]["reason"] == "balance"
    [ann] = document["subjects"]
    revenue, rate = ann["lines"]
    assert (revenue["attainment_before"], revenue["attainment"], revenue["bound"]) == ("1.8", "1.5", "cap")
    assert (revenue["curve"]["name"], revenue["curve"]["cap"]) == ("ratio", "1.5")
    assert [(rule["weight"], rule["by"], rule["reason"]) for rule in revenue["weight_rules"]] == [
        ("70", "board", "growth"),
        ("60", "hr", "balance"),
    ]
    assert [rule["target"] for rule in revenue["target_rules"]] == ["1000"]
    assert revenue["why"] == "growth"
    facts = revenue["facts"]
    assert [(fact["type"], fact["key"], fact["added"]) for fact in facts] == [
        ("deal_won", {"deal_id": "d1"}, "900"),
        ("deal_won", {"deal_id": "d2"}, "900"),
    ]
    assert all(isinstance(fact["position"], int) and isinstance(fact["row"], int) for fact in facts)
    assert {fact["role"] for fact in rate["facts"]} == {"numerator", "denominator"}
    assert sum(Decimal(line["contribution"]) for line in ann["lines"]) == Decimal(ann["total"])


def test_counted_facts_sum_to_the_numerators(office: Office) -> None:
    for subject in built(office)["subjects"]:
        revenue = subject["lines"][0]
        assert sum(Decimal(fact["added"]) for fact in revenue["facts"]) == Decimal(revenue["numerator"])


def test_weights_that_moved_are_shown(office: Office) -> None:
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
    [dan] = built(office)["subjects"]
    assert dan["redistributed"] == "40"
    assert (dan["lines"][0]["effective_weight"], dan["lines"][0]["contribution"]) == ("100", "0")
    assert (dan["lines"][1]["empty_policy"], dan["lines"][1]["contribution"]) == ("redistribute", None)


def test_sealed_and_hypothetical_evaluations_are_explained_too(office: Office) -> None:
    found = evaluate(office.world, "sales_rep", "2017-Q1")
    before = explain(office.world, found.id).to_document()
    seal(office.world, found, "hr")
    office.won(("d1", "ann", 1), ("d9", "ann", 5))
    assert explain(office.world, found.id).to_document() == before
    weights = Weights({"sales.revenue_won": 50, "sales.win_rate": 50})
    revised = rescore(office.world, found.id, weights=weights)
    document = explain(office.world, revised.id, subject="bob").to_document()
    assert document["subjects"][0]["lines"][0]["weight_rules"][0]["hypothetical"] == revised.evaluation.parts.draft


def test_two_evaluations_are_explained_by_causes(office: Office) -> None:
    first = evaluate(office.world, "sales_rep", "2017-Q1").id
    office.won(("d6", "bob", 100))
    second = evaluate(office.world, "sales_rep", "2017-Q1").id
    document = explain(office.world, first, second, subject="bob").to_document()
    assert (document["from"], document["to"]) == (first, second)
    assert [subject["subject"] for subject in document["subjects"]] == ["bob"]
    assert document["subjects"][0]["difference"] == "6"


def test_nobody_of_that_name(office: Office) -> None:
    with pytest.raises(NotFound, match=r"did you mean ann\?"):
        built(office, "anne")
