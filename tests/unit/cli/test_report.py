"""`report`: files for everyone and for each, of an id or of a card and a period."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call

CARD = """\
[scorecard]
id = "rep"
title = {en = "Representative", zh-Hant = "銷售代表"}
role = "sales"
period = "quarter"
effective = 2026-01-01
[[line]]
indicator = "sales.revenue_won"
weight = "100"
target = "1000"
"""
MAP = """\
[file]
timezone = "UTC"
[[fact]]
type = "deal_won"
key = "deal"
[fact.columns]
occurred_at = "day"
owner_id = "who"
customer_id = "customer"
amount = {column = "amount", type = "decimal"}
"""


@pytest.fixture
def ledger(kpicore: Call) -> Call:
    Path("deals.csv").write_text("deal,day,who,customer,amount\n1,2026-02-01,Ann,x,500\n2,2026-02-02,Bo,y,1200\n")
    Path("deals.toml").write_text(MAP)
    Path("rep.toml").write_text(CARD)
    for arguments in (
        ("import", "deals.csv", "--map", "deals.toml", "--ledger", "kpi.db"),
        ("apply", "rep.toml", "--by", "hr", "--reason", "start", "--ledger", "kpi.db"),
    ):
        found = kpicore(*arguments)
        assert found.code == 0, found.err
    return lambda *arguments: kpicore(*arguments, "--ledger", "kpi.db")


def test_a_card_and_a_period_give_a_page_for_everyone_and_for_each(ledger: Call) -> None:
    found = ledger("report", "rep", "--period", "2026-Q1", "--json").json
    name = found["evaluation"]
    assert found["files"] == [f"report/{name}.html", f"report/{name}.ann.html", f"report/{name}.bo.html"]
    assert (found["format"], found["language"]) == ("html", "en")
    assert {f"report/{path.name}" for path in Path("report").iterdir()} == set(found["files"])
    assert found["digest"] == ledger("evaluate", "rep", "--period", "2026-Q1", "--json").json["digest"]
    again = ledger("report", name, "--out", "again", "--json").json
    assert [Path(file).read_bytes() for file in again["files"]] == [Path(f).read_bytes() for f in found["files"]]


def test_one_person_and_one_file(ledger: Call) -> None:
    found = ledger("report", "rep", "--period", "2026-Q1", "--subject", "Bo", "--out", "bo.html", "--lang", "zh-Hant")
    assert found.out.strip() == "bo.html"
    page = Path("bo.html").read_text("utf-8")
    assert '<html lang="zh-Hant">' in page
    assert "Ann" not in page
    ledger("report", "rep", "--period", "2026-Q1", "--subject", "Bo", "--out", "one", "--format", "xlsx")
    assert [path.suffix for path in Path("one").iterdir()] == [".xlsx"]
    assert ledger("report", "rep", "--period", "2026-Q1", "--out", "all.xlsx").code == 0
    assert Path("all.xlsx").read_bytes()[:2] == b"PK"


def test_what_comes_is_said_in_the_language_of_the_call(ledger: Call) -> None:
    assert "and 2 more beside it" in ledger("report", "rep", "--period", "2026-Q1").out
    assert "另有 2 份" in ledger("report", "rep", "--period", "2026-Q1", "--lang", "zh-Hant").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["rep"], "period_missing"),
        (["nobody", "--period", "2026-Q1"], "unknown_scorecard"),
        (["rep", "--period", "2026-02"], "wrong_period"),
        (["rep", "--period", "2026-Q1", "--subject", "Cy"], "unknown_subject"),
        (["rep.2026-Q1.f1.r1", "--period", "2026-Q1"], "period_given"),
        (["rep.2026-Q1.f99.r1"], "no_position"),
        (["rep", "--period", "2026-Q1", "--out", "a.html", "--format", "xlsx"], "bad_ending"),
        (["rep", "--period", "2026-Q1", "--out", "a.PDF"], "bad_ending"),
        (["rep", "--period", "2026-Q1", "--out", "rep.toml"], "system"),
        (["rep", "--period", "2026-Q1", "--out", "no/where.html"], "system"),
    ],
)
def test_what_is_asked_wrongly_is_told_and_leaves_nothing(ledger: Call, arguments: list[str], code: str) -> None:
    before = sorted(Path().rglob("*"))
    found = ledger("report", *arguments, "--json")
    assert (found.code, found.json["error"]["code"]) == (2, code)
    assert found.json["error"]["hint"]
    assert [path for path in sorted(Path().rglob("*")) if ".db" not in path.name] == [
        path for path in before if ".db" not in path.name
    ]
