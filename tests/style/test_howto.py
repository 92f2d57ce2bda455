"""READMEs and how-tos tell what happens: their files are written, their commands run, and what they show comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.style.repository import ROOT, fences
from tests.style.typed import comes_out, printed, type_page


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("KPICORE_LEDGER", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path


PAGES = (
    "import",
    "public-data",
    "scorecard",
    "shape-a-score",
    "replay",
    "verify",
    "audit",
    "change-weights",
    "change-strategy",
    "goals",
    "replace-an-indicator",
    "vary-an-indicator",
    "approve-a-change",
    "contest-a-score",
    "report",
    "pay-a-bonus",
    "split-a-period",
)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_how_to_shows_comes_out(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert type_page(f"docs/howto/{page}.md", folder, capsys)


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh-Hant.md", "zh-Hant")])
def test_what_a_readme_shows_comes_out(readme: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    [session] = fences((ROOT / readme).read_text("utf-8"), "console")
    command, _, shown = session.partition("\n")
    assert command == "$ make demo"
    comes_out(shown, printed(f"kpicore demo --lang {language}", capsys))


def test_the_program_of_the_import_page_runs_twice() -> None:
    program = fences((ROOT / "docs/howto/import.md").read_text("utf-8"), "python")[0]
    for _ in range(2):
        exec(compile(program, "import.md", "exec"), {})
