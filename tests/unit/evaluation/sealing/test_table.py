"""Sealed scores can be measured, up to the cut; targets in force stand in measures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kpicore.definitions.algebra.builders import count, total
from kpicore.definitions.algebra.measures import Ref, Target
from kpicore.definitions.book import Definitions
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import replay, seal
from kpicore.evaluation.history.versions import counting
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.evaluation.sealing.table import sealed_lines
from tests.rulebook import BOOK, CARD, Office, indicator

ATTAINED = indicator(
    "sales.attained",
    total("sealed_score", "attainment", where="level = 'person'") / count("sealed_score", where="level = 'person'"),
    credit=("person_id", "team_id"),
)
ATTAINMENT = indicator("sales.attainment", Ref("sales.revenue_won") / Target("sales.revenue_won"))


@pytest.fixture
def office(tmp_path: Path):
    with_scores = Definitions.of([*(BOOK.get(name) for name in BOOK), ATTAINED, ATTAINMENT])
    found = Office(tmp_path, with_scores)
    found.apply(CARD)
    found.won(("1", "Ann", 1200), ("2", "Bo", 500))
    found.lost(("3", "Ann"), ("4", "Bo"), ("5", "Bo"))
    yield found
    found.close()


def measured(office: Office, name: str, period: str = "2017-Q1", level: str = "person"):
    world = office.world
    [found] = measure(world, [Request(name)], [world.calendar.period(period)], level, roster=False)
    return {row["subject"]: (row["value"], row["state"]) for row in found.to_document()["rows"]}


def sealed(office: Office, period: str = "2017-Q1"):
    world = office.world
    return seal(world, evaluate(world, "sales_rep", period), "hr")


def test_a_sealed_total_is_measured_once_something_was_recorded_after_it(office: Office) -> None:
    world = office.world
    totals = {one["subject"]: one["total"] for one in evaluate(world, "sales_rep", "2017-Q1").to_document()["subjects"]}
    sealed(office)
    assert measured(office, "sales.attained") == {}
    office.won(("9", "Cy", 1), day="2017-06-01")
    found = measured(office, "sales.attained")
    assert {who: Decimal(value) for who, (value, _) in found.items()} == {
        who: (Decimal(total) / 100).quantize(Decimal(10) ** -12) for who, total in totals.items()
    }


def test_a_score_belongs_to_the_day_on_which_its_period_closes(office: Office) -> None:
    sealed(office)
    office.won(("9", "Cy", 1), day="2017-06-01")
    assert set(measured(office, "sales.attained", "2017-03")) == {"Ann", "Bo"}
    assert measured(office, "sales.attained", "2017-04") == {}


def test_of_two_seals_of_a_period_the_last_one_counts(office: Office) -> None:
    sealed(office)
    office.won(("6", "Bo", 4000))
    sealed(office)
    office.won(("9", "Cy", 1), day="2017-06-01")
    totals = {row["subject"]: row["total"] for row in sealed_lines(counting(office.ledger.seals(), ())).to_pylist()}
    assert totals["Bo"] == 130 * 10**11
    assert measured(office, "sales.attained")["Bo"][0] == "1.3"


def test_a_later_seal_changes_no_evaluation_that_measured_seals(office: Office) -> None:
    card = CARD.replace('"sales_rep"', '"boss"').replace("sales.win_rate", "sales.attained")
    sealed(office)
    office.apply(card)
    world = office.world
    done = seal(world, evaluate(world, "boss", "2017-Q1"), "hr")
    office.won(("6", "Bo", 4000))
    sealed(office)
    office.won(("7", "Bo", 4000))
    assert replay(office.world, done.id).identical


def test_targets_in_force_stand_in_measures(office: Office) -> None:
    found = measured(office, "sales.attainment")
    assert found == {"Ann": ("1.2", "ok"), "Bo": ("0.5", "ok")}
    assert measured(office, "sales.attainment", level="team")[None][1] == "missing_data"
