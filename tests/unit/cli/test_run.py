"""Every call: help is quick, errors are for people or for programs, exit codes are the contract's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kpicore.cli.root import COMMANDS
from tests.unit.cli.conftest import Call

HEAVY = {"pyarrow", "duckdb", "sqlglot", "numpy", "eventsourcing", "rich", "cattrs", "pandas", "jinja2", "xlsxwriter"}
LATER = ("pilot", "export", "bundle", "erase")


def _process(*arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "kpicore.cli", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environ},
        timeout=60,
    )


@pytest.mark.parametrize("arguments", [["--help"], ["plugins", "list"], ["measure", "--help"]])
def test_what_is_asked_often_loads_nothing_heavy(arguments: list[str]) -> None:
    script = f"import sys; from kpicore.cli.run import run; run({arguments!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert HEAVY & set(done.stdout.splitlines()[-1].split()) == set()


def test_help_costs_little_more_than_its_libraries() -> None:
    """A ratio, because machines differ: help takes no longer than a few imports of click."""

    def best(*command: str) -> float:
        times = []
        for _ in range(3):
            began = os.times()
            subprocess.run([sys.executable, *command], capture_output=True, check=True, timeout=60)
            ended = os.times()
            # The processor's time: what else the machine does is not the command's.
            times.append(ended.children_user - began.children_user + ended.children_system - began.children_system)
        return min(times)

    assert best("-m", "kpicore.cli", "--help") < 6 * best("-c", "import click, pluggy, attrs")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_the_common_options(kpicore: Call, command: str) -> None:
    found = kpicore(command, "--help")
    assert found.code == 0
    assert all(option in found.out for option in ("--json", "--ledger", "--lang"))


def test_without_a_command_there_is_help(kpicore: Call) -> None:
    assert "Commands:" in kpicore().out
    assert kpicore("--version").out.startswith("kpicore ")


@pytest.mark.parametrize("command", [*LATER, "plugins new"])
def test_what_is_promised_and_not_there_is_refused_by_name(kpicore: Call, command: str) -> None:
    found = kpicore(*command.split(), "--json", "anything", "--some-option")
    assert found.code == 2
    assert found.json["error"]["code"] == "not_built"
    assert command in found.json["error"]["message"]


@pytest.mark.parametrize("before", [True, False])
def test_an_error_is_a_document_with_json_before_or_after_the_command(kpicore: Call, before: bool) -> None:
    options = ["--json", "--ledger", "nowhere.db"]
    call = ["evaluate", "sales_rep", "--period", "2017-Q1"]
    found = kpicore(*options, *call) if before else kpicore(*call, *options)
    assert found.code == 2
    assert set(found.json["error"]) == {"code", "message", "where", "hint"}
    assert found.json["error"]["code"] == "no_ledger"
    assert not (Path.cwd() / "nowhere.db").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mesure"], "did you mean measure?"),
        (["plugins", "lst"], "did you mean list?"),
        (["measure"], "Missing argument 'INDICATOR'"),
        (["measure", "x", "--period", "2017", "--level", "planet"], "'planet' is not one of"),
        (["measure", "x", "--period", "2017", "--param", "horizon"], "write --param horizon=30d"),
        (["evaluate", "x", "--perod", "2017"], "--period"),
        (["init"], "give --ledger PATH"),
        (["rescore", "x", "--ledger", "a.db"], "give --weights FILE or --scorecard FILE"),
    ],
)
def test_usage_errors_say_what_to_do(kpicore: Call, arguments: list[str], said: str) -> None:
    found = kpicore(*arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert "Traceback" not in found.err
    assert said in json.dumps(kpicore(*arguments, "--json").json["error"], ensure_ascii=False)


def test_the_ledger_comes_from_option_environment_and_file(kpicore: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("kpicore.toml").write_text('ledger = "file.db"\n')
    assert kpicore("init", "--json").json["ledger"] == "file.db"
    monkeypatch.setenv("KPICORE_LEDGER", "environment.db")
    assert kpicore("init", "--json").json["ledger"] == "environment.db"
    assert kpicore("init", "--json", "--ledger", "option.db").json["ledger"] == "option.db"


def test_tables_speak_the_terminals_language(kpicore: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kpicore("init", "--ledger", "a.db").out.startswith("ledger a.db")
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    assert kpicore("init", "--ledger", "a.db").out.startswith("帳本 a.db")
    assert kpicore("init", "--ledger", "a.db", "--lang", "en").out.startswith("ledger a.db")


def test_output_is_utf8_in_any_locale(tmp_path: Path) -> None:
    done = _process("--lang", "zh-Hant", "init", "--ledger", str(tmp_path / "a.db"), LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "帳本" in done.stdout.decode()


@pytest.mark.parametrize("output", [["--json"], []])
@pytest.mark.parametrize("command", [["plugins", "list"], ["plugins", "show"]])
def test_a_closed_pipe_is_no_error(command: list[str], output: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    call = [sys.executable, "-m", "kpicore.cli", *command, *output]
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(call, stdout=pipe, stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.stderr == b""
    assert done.returncode == 141


def test_a_fault_of_the_product_is_no_answer(kpicore: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code 1 means that the answer is no; a crash must not look like one."""

    def broken(*_arguments: object, **_options: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("kpicore.settings.resolve", broken)
    found = kpicore("init", "--json")
    assert found.code == 70
    assert found.json["error"]["code"] == "internal"


def test_an_interrupt_ends_quietly(kpicore: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kpicore.settings.resolve", interrupted)
    found = kpicore("init", "--ledger", "a.db")
    assert (found.code, found.out, found.err.strip()) == (130, "", "interrupted")
