"""READMEs and how-tos tell what happens: their files are written, their commands run, and what they show comes out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kpicore.cli.run import run
from tests.style.repository import FENCE, ROOT, fences

NAMED = re.compile(r"`([\w./-]+)`:\s*$")
DIGEST = re.compile(r"\b[0-9a-f]{12,64}\b")


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
    "scorecard",
    "replay",
    "verify",
    "audit",
    "change-weights",
    "replace-an-indicator",
    "vary-an-indicator",
    "approve-a-change",
    "contest-a-score",
    "report",
    "pay-a-bonus",
)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_how_to_shows_comes_out(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "howto" / f"{page}.md").read_text("utf-8")
    for block in FENCE.finditer(text):
        named = NAMED.search(text[: block.start()])
        if named:
            file = folder / named[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block["body"], "utf-8")
        elif block["language"] == "console":
            for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                program, *arguments = shlex.split(command)
                assert program == "kpicore"
                _comes_out(shown, arguments, capsys)


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh-Hant.md", "zh-Hant")])
def test_what_a_readme_shows_comes_out(readme: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    [session] = fences((ROOT / readme).read_text("utf-8"), "console")
    command, _, shown = session.partition("\n")
    assert command == "$ make demo"
    _comes_out(shown, ["demo", "--lang", language], capsys)


def _comes_out(shown: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Every line that a page shows is printed; `…` stands for some that are left out, digests are not compared."""
    run(arguments)
    out, err = capsys.readouterr()
    printed = [DIGEST.sub("·", line.rstrip()) for line in (out + err).splitlines()]
    wanted = [DIGEST.sub("·", line.rstrip()) for line in shown.splitlines()]
    assert [line for line in wanted if line not in [*printed, "…"]] == [], out + err


def test_the_program_of_the_import_page_runs_twice() -> None:
    program = fences((ROOT / "docs/howto/import.md").read_text("utf-8"), "python")[0]
    for _ in range(2):
        exec(compile(program, "import.md", "exec"), {})
