"""Versions: originals are kept, and a recorded policy says which seal of a period counts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kpicore.errors import InvalidDefinition, NotFound
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import replay, seal
from kpicore.evaluation.history.rescore import restate
from kpicore.evaluation.history.versions import Versions, counting, of_period, versions
from tests.rulebook import CARD, Office

FORWARDING = "[organisation]\nrestatement = 'forwarding'\n"
CORRECTIVE = "[organisation]\nrestatement = 'corrective'\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD)
    office.won(("d1", "ann", 600), ("d2", "bob", 900))
    yield office
    office.close()


def sealed(office: Office, period: str = "2017-Q1") -> str:
    return seal(office.world, evaluate(office.world, "sales_rep", period), "hr").id


def restated(office: Office, evaluation: str) -> str:
    return seal(office.world, restate(office.world, evaluation).evaluation, "hr").id


def found(office: Office) -> Versions:
    return versions(office.ledger.seals(), office.world.rules, "sales_rep")


def test_a_corrective_version_counts_and_the_original_is_kept(office: Office) -> None:
    first = sealed(office)
    office.won(("d1", "ann", 700))
    second = restated(office, first)
    [period] = found(office).periods
    assert [(one.evaluation, one.policy, one.counts) for one in period.versions] == [
        (first, None, False),
        (second, "corrective", True),
    ]
    assert (period.counts, found(office).carried) == (second, ())
    assert replay(office.world, first).identical
    assert replay(office.world, second).identical


def test_a_forwarding_version_leaves_its_period_and_moves_the_difference_on(office: Office) -> None:
    office.apply(FORWARDING, reason="closed periods stay closed")
    first = sealed(office)
    office.won(("d1", "ann", 700))
    second = restated(office, first)
    [period] = found(office).periods
    assert period.counts == first
    [carried] = found(office).carried
    assert (carried.subject, carried.points, carried.to_period) == ("ann", Decimal(6), None)  # 60 × 0.1
    assert (carried.origin, carried.target, carried.from_period) == (first, second, "2017-Q1")
    office.won(("d3", "ann", 10), day="2017-05-01")
    sealed(office, "2017-Q2")
    assert [one.to_period for one in found(office).carried] == ["2017-Q2"]
    # Later seals of that period do not take it elsewhere.
    office.won(("d4", "ann", 10), day="2017-08-01")
    sealed(office, "2017-Q3")
    assert [one.to_period for one in found(office).carried] == ["2017-Q2"]
    assert {one.from_period for one in of_period(found(office), ["2017-Q2"]).carried} == {"2017-Q1"}
    assert of_period(found(office), ["2017-Q3"]).carried == ()


def test_the_policy_of_a_version_is_the_one_in_force_when_it_was_sealed(office: Office) -> None:
    first = sealed(office)
    office.won(("d1", "ann", 700))
    second = restated(office, first)
    office.apply(FORWARDING, reason="from now on")
    office.won(("d1", "ann", 800))
    third = restated(office, second)
    [period] = found(office).periods
    assert [one.policy for one in period.versions] == [None, "corrective", "forwarding"]
    assert period.counts == second
    assert [(one.origin, one.target) for one in found(office).carried] == [(second, third)]
    office.apply(CORRECTIVE, reason="after all")
    office.won(("d1", "ann", 900))
    fourth = restated(office, third)
    # A corrective version settles its period: nothing is carried any more.
    assert (found(office).periods[0].counts, found(office).carried) == (fourth, ())


def test_what_counts_is_what_measures_over_seals_read(office: Office) -> None:
    first = sealed(office)
    office.won(("d1", "ann", 700))
    second = restated(office, first)
    seals, rules = office.ledger.seals(), office.world.rules
    assert [one.evaluation for one in counting(seals, rules)] == [second]
    office.apply(FORWARDING)
    office.won(("d1", "ann", 800))
    restated(office, second)
    assert [one.evaluation for one in counting(office.ledger.seals(), office.world.rules)] == [second]


def test_what_was_never_sealed_and_what_is_no_policy_is_refused(office: Office) -> None:
    with pytest.raises(NotFound, match="no evaluation of sales_rep was sealed"):
        found(office)
    with pytest.raises(InvalidDefinition, match="'forward' is not a policy"):
        office.apply("[organisation]\nrestatement = 'forward'\n")
