"""Tutorials are typed into an empty folder as they are written, in both languages, and end with their scores."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kpicore
from kpicore.cli.run import run
from tests.style.repository import ROOT, fences
from tests.style.typed import type_page

PAGES = ["docs/tutorial/first-plugin.md", "docs/zh-Hant/tutorial/first-plugin.md"]
YEAR = ["docs/tutorial/a-team-through-a-year.md", "docs/zh-Hant/tutorial/a-team-through-a-year.md"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for setting in ("KPICORE_LEDGER", "COLUMNS"):
        monkeypatch.delenv(setting, raising=False)
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
def test_what_is_typed_comes_out(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = type_page(page, folder, capsys)
    [evaluation] = re.findall(r"rep\.\S+", next(command for command in typed if " explain " in command))
    (folder / "kpifile.py").unlink()
    assert run(["replay", evaluation, "--ledger", "kpi.db"]) == 0


@pytest.mark.parametrize("page", YEAR)
def test_a_team_s_year_comes_out_as_it_was_worked_out_by_hand(
    page: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    type_page(page, folder, capsys)
    with kpicore.open(folder / "kpi.db") as kpi:
        totals = {
            (subject["subject"], period): subject["total"]
            for card, period in [
                *(("sales", f"2026-Q{quarter}") for quarter in (1, 2, 3)),
                *(("accounts", f"2026-Q{quarter}") for quarter in (2, 3)),
            ]
            for subject in kpi.evaluate(card, period).to_document()["subjects"]
        }
    assert totals == {
        # 48 + 36 + 20 + 10, and with the newcomer's weights 14 + 13.125 + 22.5 + 8.75.
        ("mei", "2026-Q1"): "114",
        ("lin", "2026-Q1"): "58.375",
        # 60 + 45 + 20 + 10, two of them at their cap; 82.189 that the gate limits.
        ("mei", "2026-Q2"): "135",
        ("lin", "2026-Q2"): "60",
        # 43.75 + 36 + 20 + 22.5; (43.75 + 7.5) of 50 points.
        ("mei", "2026-Q3"): "122.25",
        ("lin", "2026-Q3"): "102.5",
        # 72 + 25 + 15; 62.5 + 30 + 6.25 + 7.5.
        ("kai", "2026-Q2"): "112",
        ("kai", "2026-Q3"): "106.25",
    }


@pytest.mark.parametrize("page", PAGES)
def test_the_plugin_is_short_and_the_same_in_both_languages(page: str) -> None:
    first, *_ = fences((ROOT / page).read_text("utf-8"), "python")
    assert first.count("\n") <= 35
    assert first == fences((ROOT / PAGES[0]).read_text("utf-8"), "python")[0]


def test_a_variant_takes_ten_lines_of_one_file() -> None:
    [variant] = fences((ROOT / "docs/howto/vary-an-indicator.md").read_text("utf-8"), "python")
    assert len([line for line in variant.splitlines() if line]) <= 10
