"""`proposal`, `dispute` and `adjust` as their users call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call

DEALS = """\
deal,closed,stage,agent,value
D-1,2026-01-10,won,Ann,1200
D-2,2026-02-10,lost,Ann,0
D-3,2026-02-11,won,Bob,3000
"""
MAP = "".join(
    f"""
[[fact]]
type  = "deal_{stage}"
where = "stage = '{stage}'"
key   = "deal"
[fact.columns]
occurred_at = "closed"
owner_id    = "agent"
amount      = {{column = "value", type = "decimal"}}
"""
    for stage in ("won", "lost")
)
CARD = """\
[scorecard]
id = "rep"
title = {en = "Rep", zh-Hant = "代表"}
role = "sales"
period = "quarter"
effective = 2026-01-01
[[line]]
indicator = "sales.revenue_won"
weight = "60"
target = "2000"
[[line]]
indicator = "sales.win_rate"
weight = "40"
target = "0.5"
"""
OTHER = CARD.replace('"60"', '"70"').replace('"40"', '"30"')
RULES = ("--by", "hr", "--reason", "start")


@pytest.fixture
def house(kpicore: Call) -> Call:
    Path("kpicore.toml").write_text('ledger = "kpi.db"\n')
    Path("deals.csv").write_text(DEALS)
    Path("deals.toml").write_text('[file]\ntimezone = "UTC"\n' + MAP)
    Path("card.toml").write_text(CARD, "utf-8")
    Path("two.toml").write_text('[organisation]\napprovals = ["weights", "overrides", "seals"]\n')
    assert kpicore("import", "deals.csv", "--map", "deals.toml").code == 0
    assert kpicore("apply", "card.toml", *RULES, "--comment", "all agreed").code == 0
    return kpicore


@pytest.fixture
def evaluation(house: Call) -> str:
    found = str(house("evaluate", "rep", "--period", "2026-Q1", "--json").json["evaluation"])
    assert house("seal", found, "--by", "hr").code == 0
    return found


def test_a_change_goes_through_review(house: Call) -> None:
    house("apply", "two.toml", *RULES)
    Path("card.toml").write_text(OTHER, "utf-8")
    refused = house("apply", "card.toml", *RULES, "--json")
    assert (refused.code, refused.json["error"]["code"]) == (2, "approval_needed")
    opened = house("proposal", "open", "card.toml", "--by", "ann", "--reason", "more revenue", "--json")
    assert (opened.code, opened.json["proposal"], opened.json["state"]) == (0, "P1", "opened")
    house("proposal", "comment", "P1", "--by", "bob", "--text", "is 70 fair?")
    shown = house("proposal", "show", "P1").out
    assert "P1 · open · by ann, “more revenue”" in shown
    assert "sales.revenue_won: weight 60 → 70" in shown
    assert "bob: is 70 fair?" in shown
    assert house("proposal", "approve", "P1", "--by", "ann", "--json").json["error"]["code"] == "own_proposal"
    assert "approved by bob" in house("proposal", "approve", "P1", "--by", "bob", "--text", "yes").out
    assert "more revenue" in house("proposal", "list", "--lang", "zh-Hant").out
    done = house("proposal", "apply", "P1", "--by", "ann", "--json").json
    assert (done["proposal"]["state"], [rule["name"] for rule in done["done"]]) == ("applied", ["rep"])
    assert house("proposal", "list", "--json").json == {"proposals": []}
    assert len(house("proposal", "list", "--all", "--json").json["proposals"]) == 1
    explained = house("explain", house("evaluate", "rep", "--period", "2026-Q1", "--json").json["evaluation"], "--json")
    comments = explained.json["rule"]["comments"]
    assert comments[0] == "P1 proposed by ann, approved by bob"
    assert comments[1].endswith(": is 70 fair?")
    assert house("verify").code == 0


def test_doctor_says_what_waits_for_somebody(house: Call, evaluation: str) -> None:
    Path("card.toml").write_text(OTHER, "utf-8")
    house("proposal", "open", "card.toml", "--by", "ann", "--reason", "more")
    house("dispute", "open", evaluation, "--subject", "Ann", "--by", "Ann", "--reason", "x")
    checks = {check["what"]: check for check in house("doctor", "--json").json["checks"]}
    assert [(checks[what]["status"], checks[what]["found"]) for what in ("proposals", "disputes")] == [
        ("odd", "1 waiting"),
        ("odd", "1 waiting"),
    ]
    house("proposal", "reject", "P1", "--by", "bob", "--reason", "no")
    assert "proposals" not in {check["what"] for check in house("doctor", "--json").json["checks"]}


def test_proposals_are_turned_down_and_taken_back(house: Call) -> None:
    Path("card.toml").write_text(OTHER, "utf-8")
    for _ in range(2):
        house("proposal", "open", "card.toml", "--by", "ann", "--reason", "more")
    assert "turned down" in house("proposal", "reject", "P1", "--by", "bob", "--reason", "no").out
    assert "withdrawn" in house("proposal", "withdraw", "P2", "--by", "ann", "--reason", "fine").out
    assert "no proposal waits" in house("proposal", "list").out
    found = house("proposal", "show", "P9", "--json")
    assert (found.code, found.json["error"]["code"]) == (2, "no_entry")


def test_sealing_goes_through_review(house: Call) -> None:
    assert house("adjust", "withdraw", "O9", *RULES, "--json").json["error"]["hint"] == "there is none yet"
    house("apply", "two.toml", *RULES)
    found = house("evaluate", "rep", "--period", "2026-Q1", "--json").json["evaluation"]
    assert house("seal", found, "--by", "hr", "--json").json["error"]["code"] == "approval_needed"
    unkept = house("seal", found, "--by", "hr", "--reason", "Q1 is over", "--json").json["error"]
    assert (unkept["where"], unkept["hint"]) == ("--reason", "add --propose, or leave it out")
    assert house("plan", "card.toml", "--period", "soon", "--json").json["error"]["code"] == "bad_period"
    assert house("seal", found, "--by", "hr", "--propose", "--reason", "Q1 is over").code == 0
    house("proposal", "approve", "P1", "--by", "bob")
    assert house("proposal", "apply", "P1", "--by", "hr", "--json").json["done"]["evaluation"] == found
    assert house("replay", found).code == 0


def test_a_score_is_contested_and_another_stands_beside_it(house: Call, evaluation: str) -> None:
    opened = house(
        "dispute", "open", evaluation, "--subject", "Ann", "--line", "sales.revenue_won", "--by", "Ann",
        "--reason", "D-9 is missing", "--evidence", "deal_won/D-9", "--evidence", "deal_won/D-1",
    )  # fmt: skip
    assert "deal_won/D-9 (not in the ledger)" in opened.out
    assert "deal_won/D-1 (position 1:0)" in opened.out
    house("dispute", "answer", "D1", "--by", "hr", "--text", "show us")
    assert "answered" in house("dispute", "list", "--subject", "Ann").out
    assert house("dispute", "list", "--subject", "Bob", "--json").json == {"disputes": []}
    assert house("dispute", "accept", "D1", "--by", "hr", "--reason", "right").code == 0
    made = house(
        "adjust", "override", evaluation, "--subject", "Ann", "--line", "sales.revenue_won", "--attainment", "0.9",
        "--by", "hr", "--reason", "D-9", "--dispute", "D1", "--approved-by", "ceo", "--json",
    )  # fmt: skip
    assert (made.code, made.json["adjustment"], made.json["system_total"]) == (0, "O1", "76")
    calibrated = house("adjust", "calibrate", evaluation, "--all", "--shift", "-2", "--by", "hr", "--reason", "market")
    assert calibrated.out.startswith("C1 Ann, Bob: − 2 · hr, market")
    scores = house("adjust", "show", evaluation, "--json").json["scores"]
    assert [(one["subject"], one["system_total"], one["total"]) for one in scores] == [
        ("Ann", "76", "92"),
        ("Bob", "170", "168"),
    ]
    explained = house("explain", evaluation, "--subject", "Ann", "--json").json
    assert [(one["system_total"], one["total"]) for one in explained["adjusted"]] == [("76", "92")]
    assert (explained["subjects"][0]["total"], explained["digest"]) == (
        "76",
        house("replay", evaluation, "--json").json["digest"],
    )
    for command in (
        ("evaluate", "rep", "--period", "2026-Q1"),
        ("explain", evaluation),
        ("adjust", "show", evaluation),
    ):
        shown = house(*command, "--lang", "zh-Hant").out
        assert "系統總分" in shown
        assert "調整後總分" in shown
    assert house("adjust", "withdraw", "C1", "--by", "hr", "--reason", "no").code == 0
    assert "withdrawn: hr, no" in house("adjust", "show").out
    assert house("adjust", "show", evaluation, "--subject", "Bob", "--json").json["scores"] == []
    assert house("verify", "--replay").code == 0


def test_overrides_go_through_review(house: Call, evaluation: str) -> None:
    house("apply", "two.toml", *RULES)
    command = ("adjust", "override", evaluation, "--subject", "Bob", "--total", "100", "--by", "hr", "--reason", "r")
    assert house(*command, "--json").json["error"]["code"] == "approval_needed"
    assert "override: evaluation" in house(*command, "--propose").out
    house("proposal", "approve", "P1", "--by", "ceo")
    assert house("proposal", "apply", "P1", "--by", "hr", "--json").json["done"]["approved_by"] == "ceo"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("adjust", "calibrate", "@", "--all", "--subject", "Ann", "--factor", "1", *RULES), "usage"),
        (("adjust", "override", "@", "--subject", "Ann", "--total", "lots", *RULES), "invalid_input"),
        (("adjust", "override", "@", "--subject", "Ane", "--total", "1", *RULES), "unknown_subject"),
        (("dispute", "show", "D7"), "no_entry"),
        (("dispute", "open", "@", "--subject", "Ane", *RULES), "unknown_subject"),
        (("proposal", "open", "card.toml", *RULES), "nothing_to_propose"),
    ],
)
def test_mistakes_are_told(house: Call, evaluation: str, arguments: tuple[str, ...], code: str) -> None:
    found = house(*(evaluation if part == "@" else part for part in arguments), "--json")
    assert (found.code, found.json["error"]["code"]) == (2, code)


def test_a_seal_in_the_place_of_another_says_what_was_decided_about_that_one(house: Call) -> None:
    first = house("evaluate", "rep", "--period", "2026-Q1", "--json").json["evaluation"]
    assert "replaces" not in house("seal", first, "--by", "hr", "--json").json
    house("dispute", "open", first, "--subject", "Ann", "--by", "Ann", "--reason", "a deal is missing")
    house("dispute", "open", first, "--subject", "Bob", "--by", "Bob", "--reason", "too low")
    house("dispute", "withdraw", "D2", "--by", "Bob", "--reason", "it is right")
    house("adjust", "override", first, "--subject", "Ann", "--total", "90", "--by", "boss", "--reason", "agreed")
    Path("more.csv").write_text(DEALS.splitlines()[0] + "\nD-4,2026-03-01,won,Ann,500\n")
    assert house("import", "more.csv", "--map", "deals.toml").code == 0
    second = house("evaluate", "rep", "--period", "2026-Q1", "--json").json["evaluation"]
    expected = {"evaluations": [first], "disputes": ["D1"], "adjustments": ["O1"], "payouts": []}
    assert house("seal", second, "--by", "hr", "--json").json["replaces"] == expected
    said = " ".join(house("seal", second, "--by", "hr").out.split())
    assert f"it takes the place of {first}: D1, O1 were about the older version and stay with it" in said
    chinese = "".join(house("seal", second, "--by", "hr", "--lang", "zh-Hant").out.split())
    assert "D1、O1是關於舊版本的決定，仍留在舊版本" in chinese
    assert "replaces" not in house("seal", first, "--by", "hr", "--json").json


def test_a_version_that_is_carried_forward_takes_nobodys_place(house: Call) -> None:
    Path("forwarding.toml").write_text('[organisation]\nrestatement = "forwarding"\n')
    assert house("apply", "forwarding.toml", *RULES).code == 0
    first = house("evaluate", "rep", "--period", "2026-Q1", "--json").json["evaluation"]
    house("seal", first, "--by", "hr")
    house("adjust", "override", first, "--subject", "Ann", "--total", "90", "--by", "boss", "--reason", "agreed")
    Path("more.csv").write_text(DEALS.splitlines()[0] + "\nD-4,2026-03-01,won,Ann,500\n")
    house("import", "more.csv", "--map", "deals.toml")
    second = house("evaluate", "rep", "--period", "2026-Q1", "--json").json["evaluation"]
    assert "replaces" not in house("seal", second, "--by", "hr", "--json").json


def test_a_calibration_of_many_is_told_by_their_number(house: Call) -> None:
    rows = [DEALS.splitlines()[0], *(f"M-{n},2026-02-01,won,P{n},500" for n in range(8))]
    Path("many.csv").write_text("\n".join(rows) + "\n")
    house("import", "many.csv", "--map", "deals.toml")
    evaluation = house("evaluate", "rep", "--period", "2026-Q1", "--json").json["evaluation"]
    house("seal", evaluation, "--by", "hr")
    calibrate = ("adjust", "calibrate", evaluation, "--factor", "1.1", "--by", "boss", "--reason", "market")
    assert "C1 10 subjects: × 1.1" in house(*calibrate, "--all").out
    assert "C2 Ann, Bob: × 1.1" in house(*calibrate, "--subject", "Ann", "--subject", "Bob").out
    assert len(house("adjust", "show", evaluation, "--json").json["adjustments"][0]["subjects"]) == 10
    assert "C1 10 位：" in house("adjust", "show", evaluation, "--lang", "zh-Hant").out
