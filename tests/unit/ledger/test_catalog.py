"""Cuts: positions, instants, and what was known then."""

from datetime import UTC, datetime, timedelta

import pytest

from kpicore.errors import InvalidInput, NotFound
from kpicore.ledger.records import Cut, RuleChange
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import NOW, Clock, deal, facts

SECOND = 1_000_000


@pytest.fixture
def ledger():
    """Facts at 1 and 3, a rule at 2, a seal at 4; each a second later than the one before."""
    with Ledger.open(":memory:", clock=Clock()) as opened:
        opened.record([facts("1", [deal("a")])])
        opened.adopt([RuleChange("indicator", "x", {"a": 1})], "anna", "first")
        opened.record([facts("2", [deal("b")])])
        opened.seal("card.2026", {"total": "1"}, "anna")
        yield opened


def test_now_is_the_last_batch_and_the_last_rule_and_sealing_moves_neither(ledger):
    assert ledger.cut() == Cut(facts=3, rules=2, as_of=NOW + 3 * SECOND)


def test_nothing_is_known_in_an_empty_ledger():
    with Ledger.open(":memory:") as empty:
        assert empty.cut() == Cut(facts=0, rules=0, as_of=None)
        assert empty.cut(0) == Cut(facts=0, rules=0, as_of=None)


@pytest.mark.parametrize(
    ("position", "cut"),
    [
        (0, Cut(0, 0, None)),
        (1, Cut(1, 0, NOW + SECOND)),
        (2, Cut(1, 2, NOW + SECOND)),
        ("3", Cut(3, 2, NOW + 3 * SECOND)),
        (4, Cut(3, 2, NOW + 3 * SECOND)),
    ],
)
def test_a_position_is_a_cut(ledger, position, cut):
    assert ledger.cut(position) == cut


def test_a_time_is_the_last_position_recorded_by_then(ledger):
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=NOW + 2 * SECOND)
    assert ledger.cut(moment) == Cut(1, 2, NOW + 2 * SECOND)
    assert ledger.cut(moment.isoformat()) == Cut(1, 2, NOW + 2 * SECOND)
    assert ledger.cut(moment - timedelta(microseconds=1)) == Cut(1, 0, NOW + 2 * SECOND - 1)
    assert ledger.cut("1999-12-31T23:00-05") == Cut(0, 0, 946_699_200_000_000)


@pytest.mark.parametrize("position", [5, -1, "99", 20260305])
def test_positions_that_are_not_there_are_not_found(ledger, position):
    with pytest.raises(NotFound, match="no position"):
        ledger.cut(position)


@pytest.mark.parametrize("odd", [True, 1.5, "tuesday", "2026-03-05", "2026-03-05T00:00", datetime(2026, 3, 5), "²"])
def test_what_is_neither_a_position_nor_an_instant_is_refused(ledger, odd):
    with pytest.raises(InvalidInput) as error:
        ledger.cut(odd)
    assert error.value.where == "as of"


def test_two_positions_are_the_cut_that_an_evaluation_keeps(ledger):
    assert ledger.at(3, 2) == ledger.cut()
    assert ledger.at(2, 0) == Cut(1, 0, NOW + SECOND)
    assert ledger.at(4, 4, 17) == Cut(3, 2, 17)
    with pytest.raises(NotFound):
        ledger.at(5, 2)
    with pytest.raises(InvalidInput):
        ledger.at(1, "2")


def test_a_clock_that_goes_back_changes_no_order():
    clock = Clock()
    with Ledger.open(":memory:", clock=clock) as ledger:
        ledger.record([facts("1", [deal("a")])])
        clock.now = NOW - 100 * SECOND
        ledger.record([facts("2", [deal("a", 2)])])
        assert ledger.cut() == Cut(2, 0, NOW + SECOND)
        assert ledger.cut(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=NOW)).facts == 2


def test_what_others_record_is_seen_at_the_next_look(tmp_path):
    with Ledger.open(tmp_path / "kpi.db") as one, Ledger.open(tmp_path / "kpi.db") as other:
        assert one.cut().facts == 0
        other.record([facts("1", [deal("a")])])
        other.adopt([RuleChange("indicator", "x", {})], "anna", "first")
        assert (one.cut().facts, one.cut().rules) == (1, 2)
        assert [rule.name for rule in one.rules(one.cut())] == ["x"]
