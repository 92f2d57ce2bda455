"""Applied rules: what is recorded, and which version is in force when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore.errors import Conflict, InvalidInput, NotFound
from kpicore.governance.apply import apply
from kpicore.governance.plan import plan
from tests.rulebook import CARD, Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def test_applying_records_the_closure_and_the_card_last(office: Office) -> None:
    applied = office.apply(CARD)
    documents = applied.to_document()
    assert documents[-1]["kind"] == "scorecard"
    assert (documents[-1]["effective"], documents[-1]["by"], documents[-1]["reason"]) == ("2017-01-01", "hr", "start")
    assert {document["name"] for document in documents} >= {"sales.win_rate", "deal_lost", "ratio"}
    records = office.ledger.rules(office.ledger.cut())
    assert [record.position for record in records] == [document["position"] for document in documents]
    assert len({record.change for record in records}) == 1


def test_nothing_to_do_records_nothing(office: Office) -> None:
    office.apply(CARD)
    before = office.ledger.cut()
    assert len(office.apply(CARD)) == 0
    assert office.ledger.cut() == before


def test_only_what_differs_is_recorded_again(office: Office) -> None:
    office.apply(CARD)
    applied = office.apply(CARD.replace('"60"', '"70"').replace('"40"', '"30"'))
    assert [(rule["kind"], rule["status"]) for rule in applied.to_document()] == [("scorecard", "changed")]


def test_another_date_counts_in_the_place_of_the_files(office: Office) -> None:
    office.apply(CARD, effective="2017-04-01")
    world = office.world
    with pytest.raises(NotFound, match="from 2017-04-01 on"):
        world.scorecard("sales_rep", world.calendar.instant("2017-01-01"))
    assert world.scorecard("sales_rep", world.calendar.instant("2017-04-01")).card.effective == "2017-04-01"
    # On that date the same card is in force already.
    assert len(office.apply(CARD, effective="2017-10-01")) == 0


def test_who_why_and_when_are_needed(office: Office) -> None:
    for arguments in ({"by": " "}, {"reason": ""}, {"effective": "soon"}):
        with pytest.raises(InvalidInput):
            office.apply(CARD, **arguments)
    assert office.ledger.cut().rules == 0


def test_a_plan_that_others_overtook_is_refused(office: Office) -> None:
    path = office.folder / "mine.toml"
    path.write_text(CARD, "utf-8")
    mine = plan(office.world, path)
    office.apply(CARD.replace("sales_rep", "closer"))
    with pytest.raises(Conflict) as caught:
        apply(office.ledger, mine, "hr", "late")
    assert caught.value.code == "rules_moved"


def test_of_two_versions_of_one_date_the_later_recorded_counts(office: Office) -> None:
    office.apply(CARD)
    office.apply(CARD.replace('"60"', '"70"').replace('"40"', '"30"'))
    world = office.world
    found = world.scorecard("sales_rep", world.calendar.instant("2017-02-01"))
    assert found.card.lines[0].weight == 70
    first = office.ledger.rules(world.cut)[-2].position
    earlier = world.derive(cut=office.ledger.at(0, first, None))
    assert earlier.scorecard("sales_rep", world.calendar.instant("2017-02-01")).card.lines[0].weight == 60


def test_versions_in_force_in_a_period_begin_on_their_dates(office: Office) -> None:
    office.apply(CARD)
    changed = CARD.replace('"60"', '"70"').replace('"40"', '"30"')
    office.apply(changed.replace("2017-01-01", "2017-02-15"))
    calendar = office.world.calendar

    def versions(period: str) -> list[tuple[str, int]]:
        found = office.world.versions_in("sales_rep", calendar.bounds(calendar.period(period)))
        return [(one.card.effective, int(one.card.lines[0].weight)) for one in found]

    assert versions("2017-Q1") == [("2017-01-01", 60), ("2017-02-15", 70)]
    assert versions("2017-Q2") == [("2017-02-15", 70)]


def test_dates_are_local_to_the_organisation(office: Office) -> None:
    office.apply(CARD, "[organisation]\ntimezone = 'Asia/Taipei'\n")
    world = office.world
    midnight = world.calendar.instant("2017-01-01")
    assert midnight == 1483200000_000_000  # 2016-12-31 16:00 UTC
    assert world.scorecard("sales_rep", midnight).card.id == "sales_rep"
    with pytest.raises(NotFound, match="2017-01-01"):
        world.scorecard("sales_rep", midnight - 1)
    with pytest.raises(NotFound, match=r"did you mean sales_rep\?"):
        world.scorecard("sales_reps", midnight)


def test_what_was_applied_is_shown_shortly(office: Office) -> None:
    """In a notebook: which rules, and where; not their whole definitions."""
    shown = repr(office.apply(CARD))
    assert shown.startswith("Applied(<added ")
    assert "<added scorecard sales_rep at " in shown
    assert "\n" not in shown
    assert "measure" not in shown
