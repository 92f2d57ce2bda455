"""What was compiled is made once by key, and not for ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore.evaluation import compiled as module
from kpicore.evaluation.compiled import Compiled
from tests.rulebook import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    found = Office(tmp_path)
    yield found
    found.close()


def test_what_was_not_asked_for_longest_is_made_again(monkeypatch):
    monkeypatch.setattr(module, "KEPT", 2)
    found, made = Compiled(), []
    for key in ("a", "b", "a", "c", "a", "b"):
        assert found.get(key, lambda key=key: (made.append(key), key)[1]) == key
    assert made == ["a", "b", "c", "b"]


def test_worlds_of_the_same_definitions_and_settings_share_it(office: Office) -> None:
    world = office.world
    office.won(("d1", "ann", 1))
    assert world.derive(cut=office.ledger.cut()).compiled is world.compiled
    assert world.derive(pinned=world.calendar.offsets() or ((None, 0),)).compiled is not world.compiled
    indicator = next(iter(office.book.indicators.values()))
    assert world.derive(overrides=[indicator]).compiled is not world.compiled
