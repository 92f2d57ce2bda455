"""The tour runs, shows the published figures, and every command that it names works when it is copied."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from kpicore.cli.run import run
from kpicore.demo import tour


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in ("LANG", "LC_ALL", "LC_MESSAGES", "KPICORE_LEDGER", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.argv", ["kpicore"])
    return tmp_path


def _commands(said: str, mark: str) -> list[list[str]]:
    return [shlex.split(line[len(mark) :])[1:] for line in said.splitlines() if line.startswith(f"{mark}kpicore ")]


def test_the_tour_shows_what_it_promises_and_leaves_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo"]) == 0
    said = capsys.readouterr().out
    for figure in ("1,134,672", "60.25 %", "✓ sales_rep.2017-Q1", "late facts · Revenue won", "94 / 159"):
        assert figure in said
    assert list(here.iterdir()) == []


def test_the_tour_speaks_both_languages(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "zh-Hant", "demo"]) == 0
    said = capsys.readouterr().out
    assert "成交金額" in said
    assert "銷售代表" in said
    assert "Revenue won" not in said


def test_the_tour_answers_programs_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--json", "--keep", "tour"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["measured"]["sales.revenue_won"]["2017"] == "10005534"
    assert document["measured"]["sales.win_rate"]["2017"] == "0.631500521532"
    assert [replay["identical"] for replay in document["replays"]] == [True] * 4
    assert Path(document["folder"], "kpi.db").is_file()
    assert run(["demo", "--keep", "tour", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "folder_in_use"


def test_what_to_try_next_works(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--keep", "tour"]) == 0
    commands = _commands(capsys.readouterr().out, "  ")
    assert len(commands) >= 6
    for command in commands:
        if "demo" not in command:
            assert run(command) == 0, command


def test_the_commands_of_every_step_work_in_the_folder_that_is_kept(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["demo"]) == 0
    commands = _commands(capsys.readouterr().out, "$ ")
    tour.unpack(here / "own")
    monkeypatch.chdir(here / "own")
    for command in commands:
        assert run(command) == 0, command
    assert {command[0] for command in commands} >= {
        "import",
        "apply",
        "measure",
        "evaluate",
        "seal",
        "replay",
        "explain",
    }
