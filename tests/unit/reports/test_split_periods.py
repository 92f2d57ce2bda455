"""Split periods on a terminal and in a notebook: who had how many days, and how a total came from its parts."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console, RenderableType

from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.explain import explained
from kpicore.reports import evaluated
from kpicore.reports.built import built
from tests.rulebook import CARD, Office


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Ann is moved, Bob joins in the middle of the quarter, and then one line takes the place of another."""
    folder: Path = tmp_path_factory.mktemp("office")
    office = Office(folder)
    office.apply(CARD)
    other = CARD.replace("sales.win_rate", "sales.losses").replace('target = "0.5"', 'target = "2"')
    office.apply(other, effective="2017-03-02", reason="fewer losses")
    office.assign("ann", "2016-01-01")
    office.assign("ann", "2017-01-31", team="south")
    office.assign("bob", "2017-02-15")
    office.assign("cid", "2016-01-01", until="2017-03-02")
    office.won(("d1", "ann", 600), ("d2", "bob", 100), day="2017-02-20")
    yield evaluate(office.world, "sales_rep", "2017-Q1")
    office.close()


def _shown(what: RenderableType) -> str:
    console = Console(width=110, record=True, file=io.StringIO())
    console.print(what)
    return console.export_text()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "the period is split for bob, ann, cid: kpicore explain shows its parts"),
        ("zh-Hant", "bob、ann、cid 的期間有分段：kpicore explain 可看各段"),
    ],
)
def test_everyone_has_the_lines_that_were_on_their_card(evaluation: Evaluation, language: str, told: str) -> None:
    shown = _shown(evaluated.evaluation(evaluation.to_document(), {}, language))
    assert told in shown
    [bob, cid] = [next(line for line in shown.splitlines() if f" {name} " in line) for name in ("bob", "cid")]
    assert "45 / 90" in bob
    assert "60 / 90" in cid
    page = evaluation._repr_html_()
    assert all(f"<th>{name}</th>" in page for name in ("sales.revenue_won", "sales.win_rate", "sales.losses"))
    assert evaluation.to_arrow().num_rows == 8


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["on the card for 90 of 90 days", "2017-01-01 – 2017-01-30  30 days · team north", "fewer losses"]),
        ("zh-Hant", ["適用本卡 90 天，全期 90 天", "2017-01-31 – 2017-03-01  30 天 · 團隊 south"]),
    ],
)
def test_a_total_is_built_part_by_part(evaluation: Evaluation, language: str, told: list[str]) -> None:
    shown = _shown(built(explained(evaluation, "ann").to_document(), {}, language))
    assert all(text in shown for text in told)
