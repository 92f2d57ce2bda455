"""The command line as its users call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kpicore.cli.run import run

LOCALE = ("LANG", "LC_ALL", "LC_MESSAGES", "KPICORE_LEDGER", "KPICORE_PLUGINS", "KPICORE_STRICT", "COLUMNS")


class Called:
    """What one call printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        """The document on stdout."""
        return json.loads(self.out)


Call = Callable[..., Called]


@pytest.fixture
def kpicore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """`kpicore("measure", …)` in an empty folder with an English terminal."""
    monkeypatch.chdir(tmp_path)
    for name in LOCALE:
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str | Path) -> Called:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Called(code, said.out, said.err)

    return call
