"""READMEs and how-tos tell what happens: their files are written, their commands run, and what they show comes out."""

from __future__ import annotations

import re
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
    "exports",
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


CHINESE = tuple(sorted(page.stem for page in (ROOT / "docs/zh-Hant/howto").glob("*.md")))
#: How-tos whose screens the READMEs show.
SHOWN = ("split-a-period", "shape-a-score", "pay-a-bonus", "approve-a-change")


@pytest.mark.parametrize(
    "page",
    [*(f"docs/howto/{page}.md" for page in PAGES), *(f"docs/zh-Hant/howto/{page}.md" for page in CHINESE)],
)
def test_what_a_how_to_shows_comes_out(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert type_page(page, folder, capsys)


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh-Hant.md", "zh-Hant")])
def test_what_a_readme_shows_comes_out(readme: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    session = fences((ROOT / readme).read_text("utf-8"), "console")[0]
    command, _, shown = session.partition("\n")
    assert command == "$ make demo"
    comes_out(shown, printed(f"kpicore demo --lang {language}", capsys))


@pytest.mark.parametrize(
    ("readme", "howto"), [("README.md", "docs/howto"), ("README.zh-Hant.md", "docs/zh-Hant/howto")]
)
def test_what_else_a_readme_shows_stands_in_a_how_to(readme: str, howto: str) -> None:
    sessions = fences((ROOT / readme).read_text("utf-8"), "console")[1:]
    for page, session in zip(SHOWN, sessions, strict=True):
        known = re.sub(r" --l(edger|ang) \S+", "", (ROOT / howto / f"{page}.md").read_text("utf-8")).splitlines()
        assert [line for line in session.splitlines() if line not in known] == []


def test_the_program_of_the_import_page_runs_twice() -> None:
    program = fences((ROOT / "docs/howto/import.md").read_text("utf-8"), "python")[0]
    for _ in range(2):
        exec(compile(program, "import.md", "exec"), {})
