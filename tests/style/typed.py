"""Pages that are typed as they are written: files are made, commands run, and every line that is shown comes out."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kpicore.cli.run import run
from tests.style.repository import FENCE, ROOT

NAMED = re.compile(r"`([\w./-]+)`[:：]\s*$")
DIGEST = re.compile(r"\b[0-9a-f]{12,64}\b")


def type_page(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Write the files of a page and run its commands in an empty folder.

    Args:
        page: Its path from the root of the repository.
        folder: The working directory.
        capsys: Reads what is printed.

    Returns:
        The commands in order.
    """
    text = (ROOT / page).read_text("utf-8")
    typed: list[str] = []
    for block in FENCE.finditer(text):
        if named := NAMED.search(text[: block.start()]):
            file = folder / named[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block["body"], "utf-8")
        elif block["language"] == "console":
            for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                typed.append(command)
                comes_out(shown, printed(command, capsys))
    return typed


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints: kpicore in this process, pytest in one of its own, its time left out."""
    program, *arguments = shlex.split(command)
    if program == "pytest":
        options = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        done = subprocess.run(options, capture_output=True, text=True)
        return re.sub(r" in [\d.]+s\S*", "", done.stdout)
    assert program == "kpicore"
    run(arguments)
    out, err = capsys.readouterr()
    return out + err


def comes_out(shown: str, said: str) -> None:
    """Every line that a page shows is printed; `…` stands for some that are left out, digests are not compared."""
    lines = [DIGEST.sub("·", line.rstrip()) for line in said.splitlines()]
    wanted = [DIGEST.sub("·", line.rstrip()) for line in shown.splitlines() if line != "…"]
    assert [line for line in wanted if line not in lines] == [], said
