"""A total with another attainment is the total that the card gives where the facts say so: whatever follows the sum."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.scoring.again import quantised, total_with
from tests.rulebook import Office

LINES = """\
[scorecard]
id = "sales_rep"
title = "x"
role = "sales"
period = "quarter"
effective = 2017-01-01
{head}
[[line]]
indicator = "sales.revenue_won"
weight = "50.5"
target = "700"
[[line]]
indicator = "sales.win_rate"
weight = "29.5"
target = "0.3"
[[line]]
indicator = "sales.losses"
weight = "20"
target = "3"
"""
MODIFIER = '[[modifier]]\nfactor = "1.037"\ntitle = "market"\n[[modifier]]\nfactor = "0.95"\nindicator = "sales.losses"\nabove = "1"\n'
GATE = '[[gate]]\nindicator = "sales.losses"\nabove = "{}"\n{} = "{}"\n'
CARDS = {
    "plain": LINES.format(head=""),
    "modifiers": LINES.format(head="") + MODIFIER,
    "a gate that caps": LINES.format(head="") + GATE.format(1, "cap", "80"),
    "a gate that sets": LINES.format(head="") + GATE.format(1, "total", "12.5"),
    "an open gate": LINES.format(head="") + GATE.format(9, "total", "0"),
    "the card's cap": LINES.format(head='cap = "101"'),
    "all of it": LINES.format(head='cap = "130"') + MODIFIER + GATE.format(1, "cap", "125"),
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def scored(office: Office, revenue: str) -> Evaluation:
    office.won(("d1", "ann", revenue), ("d2", "ann", 0))
    office.lost(("l1", "ann"), ("l2", "ann"))
    return evaluate(office.world, "sales_rep", "2017-Q1")


def ann(evaluation: Evaluation) -> dict[str, Any]:
    [subject] = evaluation.to_document()["subjects"]
    return dict(subject)


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_what_is_set_is_as_if_it_was_measured(office: Office, card: str) -> None:
    office.apply(card)
    before = scored(office, "123.45")
    subject = ann(before)
    assert total_with(before.card, subject, {}) == Decimal(subject["total"])
    for revenue in ("0", "123.45", "350", "2000", "699.9999"):
        after = ann(scored(office, revenue))
        reached = Decimal(after["lines"][0]["attainment"])
        assert total_with(before.card, subject, {"sales.revenue_won": reached}) == Decimal(after["total"]), revenue


@pytest.mark.parametrize("policy", ["redistribute", "keep"])
def test_an_empty_line_that_is_set_takes_its_weight_back(office: Office, policy: str) -> None:
    office.apply(LINES.format(head="") + f'[empty]\nno_denominator = "{policy}"\n')
    office.record(
        "deal_won", [{"deal_id": "x", "occurred_at": "2017-02-01T00:00:00Z", "owner_id": "ann", "amount": "500"}]
    )
    office.record("employee_assigned", [
        {"employee_id": name, "occurred_at": "2017-01-01T00:00:00Z", "effective_from": "2017-01-01T00:00:00Z", "role": "sales"}
        for name in ("ann", "bob")
    ])  # fmt: skip
    evaluation = evaluate(office.world, "sales_rep", "2017-Q1")
    bob = next(one for one in evaluation.to_document()["subjects"] if one["subject"] == "bob")
    # Nothing won (0 × 50.5) and nothing lost (2 × 20): 40, of 70.5 where the weight of the rate is redistributed.
    expected = {"redistribute": Decimal("56.737588652"), "keep": Decimal(40)}[policy]
    assert Decimal(bob["total"]) == total_with(evaluation.card, bob, {}) == expected
    assert total_with(evaluation.card, bob, {"sales.win_rate": Decimal("1.2")}) == 40 + Decimal("29.5") * Decimal("1.2")


def test_rounding_is_half_even() -> None:
    assert [quantised(Fraction(n, 20), 1) for n in (1, 3, -1, 5)] == [
        Decimal(text) for text in ("0.0", "0.2", "0.0", "0.2")
    ]
