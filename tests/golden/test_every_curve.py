"""One evaluation with every curve, modifiers, a gate, a cap and a coefficient, every number worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kpicore.definitions.algebra.builders import count, total
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.curves import Curve
from kpicore.definitions.parameters import Parameter
from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.causes import compare
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import replay, seal
from tests.rulebook import BOOK, Office, indicator

WON, LOST = count("deal_won"), count("deal_lost")
#: A plugin's curve: a range with settings of its own.
BUDGET = Curve(
    "acme.budget_kept",
    {"en": "Budget kept", "zh-Hant": "預算遵循"},
    "range",
    {name: Parameter("decimal", default) for name, default in (("lo", "1"), ("hi", "2"), ("lo0", "0"), ("hi0", "6"))},
)
BUDGET_WIDER = evolve(BUDGET, params={**BUDGET.params, "lo0": Parameter("decimal", "-2")})
BOOK_WITH = BOOK.merged(
    Definitions.of(
        [
            BUDGET,
            indicator("sales.amount", total("deal_won", "amount"), unit="money"),
            indicator("sales.deals", WON),
            indicator("sales.lost_deals", LOST, better="lower"),
            indicator("sales.balance", WON - LOST, better="range"),
            indicator("sales.closed", WON + LOST),
            indicator("sales.lost_share", LOST / (WON + LOST), better="lower", unit="percent"),
        ]
    )
)

CARD = """\
[scorecard]
id = "sales_rep"
title = {en = "Sales representative", zh-Hant = "銷售代表"}
role = "sales"
period = "quarter"
effective = 2017-01-01
cap = "115"
[[line]]
indicator = "sales.amount"
weight = "30"
target = "1000"
cap = "1.5"
[[line]]
indicator = "sales.lost_deals"
weight = "10"
target = "2"
curve = "inverse_ratio"
cap = "1.2"
[[line]]
indicator = "sales.win_rate"
weight = "10"
target = "0.6"
curve = "linear"
zero = "0.2"
[[line]]
indicator = "sales.balance"
weight = "10"
curve = "acme.budget_kept"
[[line]]
indicator = "sales.deals"
weight = "15"
target = "4"
curve = "steps"
tiers = "marginal"
steps = [["0", "100"], ["1", "200"]]
[[line]]
indicator = "sales.closed"
weight = "15"
target = "4"
curve = "points_per_step"
points = "8"
per = "10"
[[line]]
indicator = "sales.lost_share"
weight = "10"
curve = "milestone"
late = [["0.25", "70"], ["0.5", "20"]]
[[modifier]]
indicator = "sales.deals"
above = "4"
factor = "1.1"
[[modifier]]
title = {en = "Hard region", zh-Hant = "艱困地區"}
subject = "ann"
factor = "1.02"
[[gate]]
indicator = "sales.losses"
above = "3"
cap = "50"
why = "four lost deals are too many"
[bands]
A = "110"
B = "90"
C = "0"
[coefficient]
kind = "linear"
steps = [["60", "0"], ["100", "1"], ["120", "1.5"]]
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, BOOK_WITH)
    office.won(*((f"a{n}", "ann", 250) for n in range(5)), *((f"b{n}", "bob", 100) for n in range(3)))
    office.lost(("l1", "ann"), *((f"m{n}", "bob") for n in range(4)))
    office.apply(CARD)
    yield office
    office.close()


def now(office: Office) -> Evaluation:
    return evaluate(office.world, "sales_rep", "2017-Q1")


def points(subject: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(line["points"], line["bound"]) for line in subject["lines"]]


def test_every_number_is_the_one_worked_out_by_hand(office: Office) -> None:
    ann, bob = now(office).to_document()["subjects"]
    assert points(ann) == [
        ("125", None),  # 1250 / 1000
        ("120", "cap"),  # 2 / 1 = 2, at most 1.2
        ("158.3333333", None),  # (5/6 − 0.2) / (0.6 − 0.2) = 19/12
        ("50", None),  # 5 − 1 = 4: from 100 at 2 to 0 at 6
        ("150", None),  # 5/4: 100 for the first 1, 200 × 0.25
        ("120", "max"),  # 6 of 4 is 50 % over: five steps, 100 + 40
        ("100", None),  # 1/6 is below 0.25
    ]
    # 37.5 + 12 + 15.83333333 + 5 + 22.5 + 18 + 10
    assert ann["sum"] == "120.83333333"
    # × 1.1 = 132.916666663, × 1.02 = 135.57499999626, and at most 115; 1 + 15 / 20 × 0.5.
    assert [entry["points"] for entry in ann["modifiers"]] == ["12.083333333", "2.658333333"]
    assert (ann["total"], ann["bound"], ann["band"], ann["coefficient"]) == ("115", "cap", "A", "1.375")
    assert points(bob) == [
        ("30", None),
        ("50", None),  # 2 / 4
        ("57.1428571", None),  # (3/7 − 0.2) / 0.4 = 4/7
        ("0", "floor"),  # 3 − 4 = −1 lies on the line from 0 at 0 to 100 at 1, at −100
        ("75", None),
        ("120", "max"),  # 7 of 4 is 75 % over: seven steps, 100 + 56
        ("20", None),  # 4/7 is at least 0.5
    ]
    # 9 + 5 + 5.71428571 + 0 + 11.25 + 18 + 2
    assert bob["sum"] == "50.96428571"
    gates = [(entry["value"], entry["applied"], entry["points"]) for entry in bob["gates"]]
    assert gates == [("4", True, "-0.96428571")]
    assert (bob["total"], bob["bound"], bob["band"], bob["coefficient"]) == ("50", "gate", "C", "0")


def test_it_replays_without_the_plugin_of_its_curve(office: Office) -> None:
    found = now(office)
    sealed = seal(office.world, found, "hr")
    assert found.digest == "b7ec881ff722f5f9c0047515c9c9263109bff99a22a79842c4639149a101a315"
    assert "acme.budget_kept" in office.world.adopted
    # The plugin is upgraded: what was adopted counts until somebody applies it again.
    office.book = BOOK_WITH.merged(Definitions.of([BUDGET_WIDER]))
    assert now(office).digest == found.digest
    office.book = BOOK
    assert replay(office.world, sealed.id).identical


def test_an_upgraded_curve_is_told_by_the_plan_and_explained(office: Office) -> None:
    before = now(office)
    office.book = BOOK_WITH.merged(Definitions.of([BUDGET_WIDER]))
    applied = office.apply(CARD, reason="a wider budget")
    assert [rule.record.name for rule in applied.rules] == ["acme.budget_kept"]
    comparison = compare(before, now(office))
    [bob] = [one for one in comparison.subjects if one.subject == "bob"]
    # −1 on the line from 0 at −2 to 100 at 1 is 33.333…, but four lost deals are at most 50 either way.
    assert bob.causes == ()
    [ann] = [one for one in comparison.subjects if one.subject == "ann"]
    assert ann.causes == ()
    sums = dict(zip(("ann", "bob"), now(office).outcome.sums.decimals(), strict=True))
    assert sums == {"ann": Decimal("120.83333333"), "bob": Decimal("54.29761904")}


def test_an_explanation_shows_curves_steps_and_coefficient(office: Office) -> None:
    ann = explain(office.world, now(office).id, subject="ann").to_document()["subjects"][0]
    marginal = ann["lines"][4]["curve"]
    assert (marginal["form"], marginal["params"]) == (
        "steps",
        {"steps": [["0", "100"], ["1", "200"]], "tiers": "marginal", "of": "ratio"},
    )
    assert [(step["step"], step["points"]) for step in ann["steps"]] == [
        ("sum", "120.83333333"),
        ("modifier", "12.083333333"),
        ("modifier", "2.658333333"),
        ("gate", "0"),
        ("cap", "-20.574999996"),
    ]
    assert ann["coefficient_steps"] == [["100", "1"], ["120", "1.5"]]


def test_a_changed_curve_is_a_cause_with_who_adopted_it(office: Office) -> None:
    office.apply(CARD.replace('above = "3"', 'above = "9"'))
    before = now(office)
    office.book = BOOK_WITH.merged(Definitions.of([BUDGET_WIDER]))
    office.apply(CARD.replace('above = "3"', 'above = "9"'), by="board", reason="a wider budget")
    [bob] = [one for one in compare(before, now(office)).subjects if one.subject == "bob"]
    [cause] = bob.causes
    assert (cause.cause, cause.indicator, cause.points) == ("curve", "sales.balance", Decimal("3.33333333"))
    assert [(piece["name"], piece["by"], piece["reason"]) for piece in cause.evidence] == [
        ("acme.budget_kept", "board", "a wider budget")
    ]
