"""From one period to the next: what was measured comes first, then the rules; together they are the difference."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kpicore.errors import Refused
from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.causes import Comparison, compare
from tests.rulebook import CARD, Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD)
    # Q1: Ann 900 of 1000 and 2 of 3; Bob 800 and 1 of 1.
    office.won(("d1", "ann", 600), ("d2", "ann", 300), ("d3", "bob", 800))
    office.lost(("d4", "ann"))
    # Q2: Ann 1200 and 2 of 2; Cid 500 and 1 of 2.
    office.won(("d5", "ann", 700), ("d6", "ann", 500), ("d7", "cid", 500), day="2017-05-01")
    office.lost(("d8", "cid"), day="2017-05-01")
    yield office
    office.close()


def quarters(office: Office) -> tuple[Evaluation, Evaluation]:
    one, two = (evaluate(office.world, "sales_rep", quarter) for quarter in ("2017-Q1", "2017-Q2"))
    return one, two


def shares(comparison: Comparison, subject: str) -> list[tuple[str, str | None, Decimal]]:
    [found] = [one for one in comparison.subjects if one.subject == subject]
    assert sum((cause.points for cause in found.causes), Decimal(0)) == found.difference
    return [(cause.cause, cause.indicator, cause.points) for cause in found.causes]


def test_what_was_measured_moves_a_total_line_by_line(office: Office) -> None:
    found = compare(*quarters(office))
    # 0.9 → 1.2 of the target at 60 %; 2/3 → 1 of 0.5 at 40 %.
    assert shares(found, "ann") == [
        ("values", "sales.revenue_won", Decimal(18)),
        ("values", "sales.win_rate", Decimal("26.66666668")),
    ]
    [ann] = [one for one in found.subjects if one.subject == "ann"]
    assert ann.causes[1].evidence == (
        {
            "old": {
                "period": "2017-Q1",
                "numerator": "2",
                "denominator": "3",
                "value": "0.666666666667",
                "state": "ok",
            },
            "new": {"period": "2017-Q2", "numerator": "2", "denominator": "2", "value": "1", "state": "ok"},
        },
    )


def test_who_comes_and_who_goes_has_a_null_total_on_one_side(office: Office) -> None:
    found = {one.subject: one for one in compare(*quarters(office)).subjects}
    assert (found["bob"].from_total, found["bob"].to_total) == (Decimal(128), None)
    assert (found["cid"].from_total, found["cid"].to_total) == (None, Decimal(70))
    assert shares(compare(*quarters(office)), "bob")
    [piece] = found["cid"].causes[0].evidence
    assert piece["old"] == {"period": "2017-Q1", "numerator": None, "denominator": None, "value": None, "state": None}


def test_rules_that_change_in_between_have_their_own_share(office: Office) -> None:
    card = CARD.replace('"60"', '"50"').replace('"40"', '"50"').replace('"1000"', '"1500"')
    office.apply(card, effective="2017-04-01", by="boss", reason="win more")
    found = compare(*quarters(office))
    # values 18 + 26.66…; 120 × 60 + 200 × 40 → 120 × 50 + 200 × 50 in two steps; then 1200 of 1500: 120 → 80, at 50 %.
    assert [share for share in shares(found, "ann") if share[0] != "values"] == [
        ("weights", "sales.revenue_won", Decimal(-12)),
        ("weights", "sales.win_rate", Decimal(20)),
        ("targets", "sales.revenue_won", Decimal(-20)),
    ]
    [ann] = [one for one in found.subjects if one.subject == "ann"]
    piece = ann.causes[-1].evidence[0]
    assert (piece["by"], piece["reason"], piece["old"], piece["new"]) == (
        "boss",
        "win more",
        {"target": "1000"},
        {"target": "1500"},
    )


def test_another_definition_is_not_taken_for_another_value(office: Office) -> None:
    """The later period is measured as the earlier card measures, then as its own does."""
    office.apply(CARD.replace('cap = "1.5"', 'params = {basis = "booked"}\ncap = "1.5"'), effective="2017-04-01")
    found = shares(compare(*quarters(office)), "ann")
    assert [share for share in found if share[0] == "values"] == [
        ("values", "sales.revenue_won", Decimal(18)),
        ("values", "sales.win_rate", Decimal("26.66666668")),
    ]


def test_a_line_that_comes_and_one_that_goes(office: Office) -> None:
    swapped = CARD.replace('indicator = "sales.win_rate"', 'indicator = "sales.losses"').replace('"0.5"', '"1"')
    office.apply(swapped, effective="2017-04-01")
    found = compare(*quarters(office))
    names = {indicator for one in found.subjects for _, indicator, _ in shares(found, one.subject or "")}
    assert names == {"sales.revenue_won", "sales.win_rate", "sales.losses"}


def test_back_again_is_the_same_difference_with_another_sign(office: Office) -> None:
    one, two = quarters(office)
    there = {subject.subject: subject.difference for subject in compare(one, two).subjects}
    back = {subject.subject: subject.difference for subject in compare(two, one).subjects}
    assert {name: -points for name, points in back.items()} == there


def test_lengths_must_agree(office: Office) -> None:
    office.apply(CARD.replace('"quarter"', '"month"').replace("sales_rep", "monthly"))
    with pytest.raises(Refused, match="different lengths"):
        compare(evaluate(office.world, "monthly", "2017-02"), quarters(office)[1])


def test_what_only_a_gate_looks_at_is_told_for_both_periods(office: Office) -> None:
    office.apply(CARD + '[[gate]]\nindicator = "sales.losses"\nabove = "0"\ncap = "50"\n')
    [ann] = [one for one in compare(*quarters(office)).subjects if one.subject == "ann"]
    gate = {cause.indicator: cause for cause in ann.causes}["sales.losses"]
    # One loss caps the first quarter at 50; none closes the second.
    assert gate.cause == "values"
    assert [gate.evidence[0][side]["value"] for side in ("old", "new")] == ["1", "0"]
