"""Every indicator is what a statement that was written by hand says, cell by cell, over facts of every type."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.benchmarks.every_indicator import Whole, build, by_hand, differences, measured
from tests.benchmarks.statements import STATEMENTS

FACTS = 16_000
#: Orders through a community are rare among so few facts.
RARE = "ecommerce.private_community_conversion_rate"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    found = build(tmp_path_factory.mktemp("every"), FACTS)
    yield found
    found.kpi.close()


def test_there_is_a_statement_for_every_indicator(whole: Whole) -> None:
    assert set(STATEMENTS) == set(whole.kpi.catalog.definitions.indicators)


def test_statements_say_the_same(whole: Whole) -> None:
    world, names = whole.world(), list(STATEMENTS)
    ours, theirs = measured(world, names), by_hand(world, names)
    assert not [text for name in names for text in differences(ours[name], theirs[name])][:10]
    # What nothing counts in says nothing.
    assert not [name for name in names if not any(theirs[name].column(-2).to_pylist()) and name != RARE]
