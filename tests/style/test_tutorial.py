"""The tutorial is typed into an empty folder as it is written, in both languages, and ends with its score."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kpicore.cli.run import run
from tests.style.repository import FENCE, ROOT, fences

PAGES = ["docs/tutorial/first-plugin.md", "docs/zh-Hant/tutorial/first-plugin.md"]
NAMED = re.compile(r"`([\w./-]+)`[:：]\s*$")
DIGEST = re.compile(r"\b[0-9a-f]{12,64}\b")


@pytest.mark.parametrize("page", PAGES)
def test_what_is_typed_comes_out(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for setting in ("KPICORE_LEDGER", "COLUMNS"):
        monkeypatch.delenv(setting, raising=False)
    text = (ROOT / page).read_text("utf-8")
    typed: list[str] = []
    for block in FENCE.finditer(text):
        if named := NAMED.search(text[: block.start()]):
            Path(named[1]).write_text(block["body"], "utf-8")
        elif block["language"] == "console":
            for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                typed.append(command)
                _comes_out(_printed(command, capsys), shown)
    [evaluation] = re.findall(r"rep\.\S+", next(command for command in typed if " explain " in command))
    Path("kpifile.py").unlink()
    assert run(["replay", evaluation, "--ledger", "kpi.db"]) == 0


def _printed(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    program, *arguments = shlex.split(command)
    if program == "pytest":
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments], capture_output=True, text=True
        )
        return re.sub(r" in [\d.]+s\S*", "", done.stdout)
    assert program == "kpicore"
    run(arguments)
    printed = capsys.readouterr()
    return printed.out + printed.err


def _comes_out(printed: str, shown: str) -> None:
    lines = [DIGEST.sub("·", line.rstrip()) for line in printed.splitlines()]
    wanted = [DIGEST.sub("·", line.rstrip()) for line in shown.splitlines() if line != "…"]
    assert [line for line in wanted if line not in lines] == [], printed


@pytest.mark.parametrize("page", PAGES)
def test_the_plugin_is_short_and_the_same_in_both_languages(page: str) -> None:
    first, *_ = fences((ROOT / page).read_text("utf-8"), "python")
    assert first.count("\n") <= 35
    assert first == fences((ROOT / PAGES[0]).read_text("utf-8"), "python")[0]


def test_a_variant_takes_ten_lines_of_one_file() -> None:
    [variant] = fences((ROOT / "docs/howto/vary-an-indicator.md").read_text("utf-8"), "python")
    assert len([line for line in variant.splitlines() if line]) <= 10
