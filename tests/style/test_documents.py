"""The JSON documents of the reference have the members that the commands print."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kpicore.cli.run import run
from tests.style.repository import FENCE, ROOT

FILES = re.compile(r"`([\w./-]+)`:\s*$")
EVALUATION = "sales_rep.2026-Q1.f2.r13"
LATE = "deal,closed,stage,agent,account,value\nD-7,2026-03-30,Won,Ann,Acme,5000\n"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The facts and the scorecard of the how-to, sealed, and one deal that came late."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KPICORE_LEDGER", "kpi.db")
    text = (ROOT / "docs" / "howto" / "scorecard.md").read_text("utf-8")
    for block in FENCE.finditer(text):
        if named := FILES.search(text[: block.start()]):
            Path(named[1]).parent.mkdir(exist_ok=True)
            Path(named[1]).write_text(block["body"], "utf-8")
    Path("late.csv").write_text(LATE, "utf-8")
    for command in (
        ["import", "deals.csv", "--map", "deals.toml"],
        ["apply", "scorecards", "--by", "hr", "--reason", "first scorecard"],
        ["seal", EVALUATION, "--by", "hr"],
        ["import", "late.csv", "--map", "deals.toml"],
    ):
        assert run(command) == 0
    capsys.readouterr()


def _shape(value: Any) -> Any:
    """Names of members, and of the members of the first of a list; values are not compared."""
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items()}
    return [_shape(value[0])] if isinstance(value, list) and value else None


def _shown(section: str) -> Any:
    text = (ROOT / "docs" / "reference" / "json.md").read_text("utf-8")
    part = text.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return json.loads(next(block["body"] for block in FENCE.finditer(part) if block["language"] == "json"))


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("section", "command"),
    [
        ("measure", ["measure", "sales.win_rate", "--period", "2026-Q1", "--as-of", "2"]),
        ("evaluate", ["evaluate", "sales_rep", "--period", "2026-Q1", "--as-of", "13"]),
        ("seal", ["seal", EVALUATION, "--by", "hr"]),
        ("replay", ["replay", EVALUATION]),
        ("explain, with two evaluations", ["explain", EVALUATION, "sales_rep.2026-Q1.f15.r13"]),
        ("Errors", ["measure", "sales.win_rat", "--period", "2026-Q1"]),
    ],
)
def test_a_document_has_the_members_that_the_reference_shows(
    section: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run([*command, "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert _shape(printed) == _shape(_shown(section))


@pytest.mark.usefixtures("ledger")
def test_restate_is_an_evaluation_with_what_moved(capsys: pytest.CaptureFixture[str]) -> None:
    run(["restate", EVALUATION, "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert _shape(printed.pop("explain")) == _shape(_shown("explain, with two evaluations"))
    assert printed.pop("from") == EVALUATION
    assert _shape(printed) == _shape(_shown("evaluate"))


@pytest.mark.usefixtures("ledger")
def test_explain_is_an_evaluation_whose_lines_say_more(capsys: pytest.CaptureFixture[str]) -> None:
    run(["explain", EVALUATION, "--subject", "Ann", "--json"])
    printed = json.loads(capsys.readouterr().out)
    line = printed["subjects"][0]["lines"][0]
    assert line["facts"][0] == _shown("explain")
    page = (ROOT / "docs" / "reference" / "json.md").read_text("utf-8")
    more = set(line) - set(_shown("evaluate")["subjects"][0]["lines"][0])
    named = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", page, flags=re.MULTILINE)))
    assert more == set(named) - {"member"}


BONUS = """\
[award]
id = "sales_bonus"
kind = "bonus"
title = {en = "Sales bonus", zh-Hant = "銷售獎金"}
scorecards = ["sales_rep"]
period = "quarter"
effective = 2026-01-01
currency = "USD"
[[base]]
role = "sales"
amount = "3000"
[coefficient]
kind = "steps"
steps = [["0", "0"], ["90", "1"]]
"""


@pytest.mark.usefixtures("ledger")
def test_what_people_do_has_the_members_that_the_reference_shows(capsys: pytest.CaptureFixture[str]) -> None:
    def printed(*command: str) -> Any:
        assert run([*command, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    Path("bonus.toml").write_text(BONUS, "utf-8")
    why, person = ("--by", "hr", "--reason", "x"), ("--subject", "Ann")
    evidence = ("--evidence", "deal_won/D-9")
    printed("dispute", "open", EVALUATION, *person, "--line", "sales.revenue_won", *why, *evidence)
    assert _shape(printed("dispute", "answer", "D1", "--by", "hr", "--text", "x")) == _shape(_shown("dispute"))
    printed("adjust", "override", EVALUATION, *person, "--total", "124", *why)
    assert _shape(printed("adjust", "show", EVALUATION)) == _shape(_shown("adjust show"))
    printed("proposal", "open", "bonus.toml", *why)
    printed("proposal", "comment", "P1", "--by", "bob", "--text", "x")
    proposal, shown = printed("proposal", "approve", "P1", "--by", "bob"), _shown("proposal")
    assert set(proposal.pop("would")) == set(shown.pop("would"))
    assert _shape(proposal) == _shape(shown)
    printed("proposal", "apply", "P1", "--by", "hr")
    found = printed("award", "show", "sales_bonus", "--period", "2026-Q1", *person)
    assert _shape(found) == _shape(_shown("award"))
    paid = printed("award", "pay", "sales_bonus", "--period", "2026-Q1", "--by", "payroll")
    page = (ROOT / "docs" / "reference" / "json.md").read_text("utf-8").split("## award pay\n")[1].split("\n## ")[0]
    assert set(paid) - set(found) <= set(re.findall(r"`(\w+)`", page))
    assert set(printed("award", "replay", paid["payout"])) == {*_shown("replay"), "payout"} - {"evaluation"}
