"""Rescoring a series: every period that counts, and who gains and who loses over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kpicore.definitions.cards.weights import Weights
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import seal
from kpicore.evaluation.history.rescore import restate
from kpicore.evaluation.history.series import rescore_series
from tests.rulebook import CARD, Office

OTHER = Weights({"sales.revenue_won": Decimal(20), "sales.win_rate": Decimal(80)})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD)
    for quarter, day in enumerate(("2017-02-01", "2017-05-01")):
        office.won((f"a{quarter}", "ann", 900), (f"b{quarter}", "bob", 100), day=day)
        office.lost((f"c{quarter}", "ann"), day=day)
    yield office
    office.close()


def test_winners_and_losers_over_sealed_and_unsealed_periods(office: Office) -> None:
    first = seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr").id
    found = rescore_series(office.world, "sales_rep", "2017-Q1..2017-Q2", OTHER)
    assert [one.origin for one in found] == [first, evaluate(office.world, "sales_rep", "2017-Q2").id]
    # Ann: 60 × 0.9 + 40 × 1 = 94 becomes 98; Bob: 60 × 0.1 + 40 × 2 = 86 becomes 162, in both quarters.
    assert found.differences == {"bob": Decimal(152), "ann": Decimal(8)}
    document = found.to_document()
    assert list(document) == ["scorecard", "series", "periods", "subjects"]
    assert document["subjects"][0] == {"subject": "bob", "difference": "152", "differences": ["76", "76"]}
    assert [period["period"] for period in document["periods"]] == ["2017-Q1", "2017-Q2"]


def test_the_version_that_counts_is_rescored(office: Office) -> None:
    first = seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr").id
    office.won(("late", "ann", 100), day="2017-02-01")
    second = seal(office.world, restate(office.world, first).evaluation, "hr").id
    [one] = rescore_series(office.world, "sales_rep", "2017-Q1", OTHER)
    assert one.origin == second
