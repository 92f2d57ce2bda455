"""The how-tos tell what happens: their files are written, their commands are run, and what they show comes out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kpicore.cli.run import run
from tests.style.repository import FENCE, ROOT, fences

NAMED = re.compile(r"`([\w./-]+)`:\s*$")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("KPICORE_LEDGER", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path


@pytest.mark.parametrize("page", ["docs/howto/import.md"])
def test_what_the_page_shows_comes_out(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / page).read_text("utf-8")
    for block in FENCE.finditer(text):
        named = NAMED.search(text[: block.start()])
        if named:
            file = folder / named[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block["body"], "utf-8")
        elif block["language"] == "console":
            for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                _run(part, capsys)


def _run(shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Run one command; every line that the page shows of it is printed, `…` stands for some that are left out."""
    command, _, lines = shown.partition("\n")
    program, *arguments = shlex.split(command)
    assert program == "kpicore"
    run(arguments)
    out, err = capsys.readouterr()
    printed = [line.rstrip() for line in (out + err).splitlines()]
    missing = [line for line in lines.splitlines() if line.rstrip() not in printed and line.strip() != "…"]
    assert missing == [], f"{command} prints\n{out}{err}"


def test_the_program_of_the_import_page_runs_twice(folder: Path) -> None:
    program = fences((ROOT / "docs/howto/import.md").read_text("utf-8"), "python")[0]
    for _ in range(2):
        exec(compile(program, "import.md", "exec"), {})
