"""Earlier periods: as they were known when the evaluation was made, back to where the card begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.history.replay import recalled, seal
from kpicore.evaluation.history.rescore import rescore
from kpicore.evaluation.history.trend import earlier
from tests.rulebook import CARD, Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD.replace("2017-01-01", "2016-01-01"))
    for quarter, day in enumerate(("2016-08-01", "2016-11-01", "2017-02-01", "2017-05-01"), 1):
        office.won((f"d{quarter}", "ann", 100 * quarter), day=day)
    yield office
    office.close()


def now(office: Office, quarter: str = "2017-Q2") -> Evaluation:
    return evaluate(office.world, "sales_rep", quarter)


def test_it_goes_back_to_the_first_period_with_a_total(office: Office) -> None:
    found = earlier(now(office), 8)
    assert [one.bounds.period_id for one in found] == ["2016-Q3", "2016-Q4", "2017-Q1"]
    assert [one.id for one in found] == [now(office, one.bounds.period_id).id for one in found]
    assert [one.bounds.period_id for one in earlier(now(office), 2)] == ["2016-Q4", "2017-Q1"]


def test_it_stops_where_the_card_begins(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD)
    office.won(("d0", "ann", 5), day="2016-11-01")
    assert earlier(now(office, "2017-Q1"), 8) == ()
    assert len(earlier(now(office), 8)) <= 1
    office.close()


def test_a_period_that_was_sealed_before_shows_its_seal(office: Office) -> None:
    sealed = seal(office.world, now(office, "2017-Q1"), "hr")
    office.won(("late", "ann", 50_000), day="2017-02-02")
    [*_, before] = earlier(now(office), 8)
    assert (before.id, before.sealed) == (sealed.id, True)


def test_a_later_seal_leaves_the_past_of_an_evaluation_as_it_was(office: Office) -> None:
    old = now(office).id
    [*_, before] = earlier(recalled(office.world, old), 8)
    office.won(("late", "ann", 50_000), day="2017-02-02")
    seal(office.world, now(office, "2017-Q1"), "hr")
    [*_, after] = earlier(recalled(office.world, old), 8)
    assert (after.id, after.digest) == (before.id, before.digest)


def test_under_hypothetical_rules_the_past_is_hypothetical_too(office: Office) -> None:
    seal(office.world, now(office, "2017-Q1"), "hr")
    card = evolve(now(office).card, cap=None, bands={"X": 0})
    other = rescore(office.world, now(office).id, scorecard=card)
    [*_, before] = earlier(other.evaluation, 8)
    assert (before.card.bands, before.sealed) == ({"X": 0}, False)
