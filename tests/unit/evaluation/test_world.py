"""Worlds: which definitions, settings, tables and targets count at a cut."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from kpicore.definitions.algebra.builders import count
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Organisation
from kpicore.errors import NotFound
from kpicore.evaluation.world import World
from tests.rulebook import BOOK, CARD, WIN_RATE, Office

OTHER_RATE = attrs.evolve(WIN_RATE, measure=count("deal_won") / count("deal_lost"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def rate(world: World) -> object:
    return world.definitions.indicators["sales.win_rate"]


def test_installed_definitions_serve_until_others_are_adopted(office: Office) -> None:
    office.book = BOOK.merged(Definitions.of([OTHER_RATE]))
    assert rate(office.world) == OTHER_RATE
    office.book = BOOK
    office.apply(CARD)
    office.book = BOOK.merged(Definitions.of([OTHER_RATE]))
    world = office.world
    assert rate(world) == WIN_RATE
    assert "sales.losses" in world.definitions
    # Before the adoption, and with nothing installed.
    assert rate(world.derive(cut=office.ledger.at(0, 0, None))) == OTHER_RATE
    bare = world.derive(installed=Definitions.of(()))
    assert "sales.losses" not in bare.definitions
    assert rate(bare) == WIN_RATE
    assert rate(world.derive(overrides=(OTHER_RATE,))) == OTHER_RATE


def test_settings_are_those_recorded_last(office: Office) -> None:
    assert office.world.organisation == Organisation()
    office.apply("[organisation]\ntimezone = 'Asia/Taipei'\nfiscal_year_start = 4\n")
    world = office.world
    assert world.organisation == Organisation("Asia/Taipei", 4)
    assert world.calendar.period("FY2026-Q1").start.month == 4
    assert world.derive(overrides=(Organisation("Asia/Tokyo"),)).calendar.timezone == "Asia/Tokyo"


def test_tables_are_read_once_and_follow_the_cut(office: Office) -> None:
    office.won(("d1", "ann", 1))
    before = office.world
    office.won(("d1", "ann", 2), ("d2", "ann", 3))
    world = office.world
    assert world.table("deal_won") is world.table("deal_won")
    assert world.derive(overrides=(OTHER_RATE,)).table("deal_won") is world.table("deal_won")
    assert before.table("deal_won").column("amount").to_pylist() == [Decimal(1)]
    assert world.derive(cut=before.cut).table("deal_won").num_rows == 1
    given = world.table("deal_won").slice(0, 1)
    assert world.derive(tables={"deal_won": given}).table("deal_won") is given


def test_tables_without_new_facts_stay_read_at_another_cut(office: Office) -> None:
    office.won(("d1", "ann", 1))
    office.lost(("d2", "ann"))
    world = office.world
    won, lost = world.table("deal_won"), world.table("deal_lost")
    office.won(("d1", "ann", 3), ("d3", "bob", 2))
    later = world.derive(cut=office.ledger.cut())
    assert later.table("deal_lost") is lost
    assert later.table("deal_won").equals(office.world.table("deal_won"))
    back = later.derive(cut=world.cut)
    assert back.table("deal_lost") is lost
    assert back.table("deal_won").equals(won)


def test_a_world_says_what_moved_since_an_earlier_cut_and_its_tables_grow_by_that(office: Office) -> None:
    office.won(("d1", "ann", 1), ("d2", "ann", 2))
    world = office.world
    world.table("deal_won")
    office.won(("d1", "ann", 3))
    between = world.derive(cut=office.ledger.cut())
    office.won(("d3", "bob", 4))
    later = between.derive(cut=office.ledger.cut())
    assert later.touched(world.cut) == {"deal_won"}
    moved = later.changes("deal_won", world.cut)
    assert moved.removed.column("amount").to_pylist() == [Decimal(1)]
    assert moved.added.column("amount").to_pylist() == [Decimal(3), Decimal(4)]
    assert later.table("deal_won").equals(office.world.table("deal_won"))
    assert later.table("deal_won").column("deal_id").to_pylist() == ["d2", "d1", "d3"]


def test_targets_in_force_are_looked_up_by_indicator_level_subject_and_period(office: Office) -> None:
    own = '[[target]]\nindicator = "sales.win_rate"\nsubject = "ann"\nvalue = "0.7"\n'
    office.apply(CARD + own)
    office.apply(CARD.replace('"0.5"', '"0.6"'), effective="2017-04-01")
    targets = office.world.targets
    assert targets.get(("sales.win_rate", "person", "ann", "2017-Q1")) == Decimal("0.7")
    assert targets.get(("sales.win_rate", "person", "bob", "2017-Q1")) == Decimal("0.5")
    assert targets.get(("sales.win_rate", "person", "ann", "2017-05")) == Decimal("0.6")
    for missing in (
        ("sales.win_rate", "team", "ann", "2017-Q1"),
        ("sales.win_rate", "person", "ann", "2016-Q4"),
        ("sales.losses", "person", "ann", "2017-Q1"),
    ):
        assert targets.get(missing) is None  # type: ignore[arg-type]


def test_an_unknown_scorecard_says_what_there_is(office: Office) -> None:
    with pytest.raises(NotFound, match="none was applied yet"):
        office.world.scorecard("sales_rep", 0)
    office.apply(CARD)
    with pytest.raises(NotFound, match="there are: sales_rep"):
        office.world.scorecard("zebra", 0)
