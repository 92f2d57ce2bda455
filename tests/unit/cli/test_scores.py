"""`measure` to `explain` as programs see them: the documents of the contract, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Call

CARD = """
[scorecard]
id = "rep"
title = {en = "Rep", zh-Hant = "代表"}
role = "sales"
period = "month"
effective = 2026-01-01
[[line]]
indicator = "sales.revenue_won"
weight = "60"
target = "100"
cap = "1.5"
why = "growth"
[[line]]
indicator = "sales.win_rate"
weight = "40"
target = "0.5"
[bands]
A = "100"
B = "0"
"""
MAP = """
[file]
timezone = "UTC"
source = "crm"
[[fact]]
type = "deal_won"
where = "stage = 'Won'"
key = "id"
[fact.columns]
occurred_at = "closed"
owner_id = "agent"
amount = "value"
[[fact]]
type = "deal_lost"
where = "stage = 'Lost'"
key = "id"
[fact.columns]
occurred_at = "closed"
owner_id = "agent"
"""
ROWS = """id,stage,closed,agent,value
D-1,Won,2026-03-05,ann,100
D-2,Won,2026-03-06,bo,50
D-3,Lost,2026-03-07,bo,
D-4,Won,2026-02-07,ann,10
"""
LATE = "id,stage,closed,agent,value\nD-5,Won,2026-03-30,bo,30\n"


@pytest.fixture
def ledger(kpicore: Call) -> Call:
    """Deals and a scorecard in `kpi.db`, and the files that later changes need."""
    for name, content in (("card.toml", CARD), ("crm.toml", MAP), ("deals.csv", ROWS), ("late.csv", LATE)):
        Path(name).write_text(content)
    Path("kpicore.toml").write_text('ledger = "kpi.db"\nthreads = 1\n')
    Path("weights.toml").write_text('[weights]\n"sales.revenue_won" = "50"\n"sales.win_rate" = "50"\n')
    assert kpicore("import", "deals.csv", "--map", "crm.toml").code == 0
    assert kpicore("apply", "card.toml", "--by", "hr", "--reason", "first").code == 0
    return kpicore


def evaluated(kpicore: Call) -> dict[str, Any]:
    """The document of March."""
    document: dict[str, Any] = kpicore("evaluate", "rep", "--period", "2026-03", "--json").json
    return document


def totals(document: dict[str, Any]) -> dict[str, str]:
    """Total by subject."""
    return {subject["subject"]: subject["total"] for subject in document["subjects"]}


def test_measure_prints_numerators_denominators_and_states(ledger: Call) -> None:
    document = ledger("measure", "sales.win_rate", "--period", "2026-02..2026-03", "--json").json
    assert set(document) >= {"indicator", "definition", "period", "level", "by", "facts_cut", "rows"}
    assert (document["indicator"], document["level"], document["by"]) == ("sales.win_rate", "person", [])
    bo = next(row for row in document["rows"] if (row["subject"], row["period"]) == ("bo", "2026-03"))
    assert set(bo) == {"subject", "period", "by", "numerator", "denominator", "value", "state", "flags"}
    assert (bo["numerator"], bo["denominator"], bo["value"], bo["state"]) == ("1", "2", "0.5", "ok")


def test_measure_takes_level_break_down_and_a_past_position(ledger: Call) -> None:
    call = ("measure", "sales.revenue_won", "--period", "2026-03", "--level", "company", "--json")
    before = ledger(*call).json
    assert ledger("import", "late.csv", "--map", "crm.toml").code == 0
    assert [row["value"] for row in ledger(*call).json["rows"]] == ["180"]
    assert ledger(*call, "--as-of", str(before["facts_cut"])).json["rows"] == before["rows"]
    owners = ledger(*call, "--by", "owner_id").json["rows"]
    assert {row["by"]["owner_id"]: row["value"] for row in owners} == {"ann": "100", "bo": "80"}


def test_tables_name_states_and_draw_trends(ledger: Call) -> None:
    table = ledger("measure", "sales.win_rate", "--period", "2026-02..2026-03").out
    assert "Win rate · 2026-02..2026-03" in table
    assert "50.00 %" in table
    assert "█" in table
    chinese = ledger("measure", "sales.win_rate", "--period", "2026-01", "--level", "company", "--lang", "zh-Hant").out
    assert "無分母" in chinese


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["measure", "sales.win_rat", "--period", "2026-03"], "did you mean sales.win_rate?"),
        (["measure", "sale.win_rate", "--period", "2026-03"], "no plugin sale is installed"),
        (["measure", "sales.win_rate", "--period", "2026-13"], "is not a period"),
        (["measure", "sales.win_rate", "--period", "2026-03", "--by", "produkt_id"], "did you mean product_id?"),
        (["measure", "sales.win_rate", "--period", "2026-03", "--param", "horizn=3d"], "horizn"),
        (["measure", "sales.win_rate", "--period", "2026-03", "--as-of", "999"], "999"),
        (["measure", "sales.win_rate", "--period", "2026-03", "--as-of", "yesterday"], "yesterday"),
        (["evaluate", "reb", "--period", "2026-03"], "did you mean rep?"),
        (["evaluate", "rep", "--period", "2026-Q1"], "evaluate a month"),
        (["evaluate", "rep", "--period", "2025-03"], "in force from 2026-01-01 on"),
        (["seal", "rep", "--by", "hr"], "is not the id of an evaluation"),
        (["replay", "rep.2026-03.f1.r99"], "99"),
        (["explain", "rep.2026-03.f999.r9"], "999"),
    ],
)
def test_a_wrong_call_is_told_what_is_there(ledger: Call, arguments: list[str], said: str) -> None:
    found = ledger(*arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert ledger(*arguments, "--json").json["error"]["message"]


def test_evaluate_prints_the_contracts_document(ledger: Call) -> None:
    document = evaluated(ledger)
    parts = "evaluation scorecard period level facts_cut rules_cut as_of digest subjects"
    assert list(document) == parts.split()
    assert totals(document) == {"ann": "140", "bo": "70"}
    ann, bo = document["subjects"]
    assert list(ann) == [*("subject", "total", "band", "coefficient", "gates", "modifiers", "sum", "bound", "lines")]
    assert (ann["band"], bo["band"]) == ("A", "B")
    line = bo["lines"][0]
    names = "indicator weight target numerator denominator value state flags attainment points bound"
    assert list(line) == names.split()
    assert (line["value"], line["target"], line["attainment"], line["points"]) == ("50", "100", "0.5", "50")
    assert "ann" in ledger("evaluate", "rep", "--period", "2026-03").out


def test_a_seal_stays_and_replays_whatever_comes(ledger: Call) -> None:
    document = evaluated(ledger)
    sealed = ledger("seal", document["evaluation"], "--by", "hr", "--json").json
    assert list(sealed) == ["evaluation", "digest", "position", "by"]
    assert sealed["digest"] == document["digest"]
    assert ledger("seal", document["evaluation"], "--by", "hr", "--json").json == sealed

    Path("other.toml").write_text(CARD.replace('"60"', '"20"').replace('"40"', '"80"'))
    ledger("apply", "other.toml", "--by", "hr", "--reason", "other", "--effective", "2026-01-01")
    ledger("import", "late.csv", "--map", "crm.toml")
    ledger("retract", "deal_won", "D-1", "--source", "crm", "--reason", "a test")
    replayed = ledger("replay", document["evaluation"], "--json")
    assert replayed.code == 0
    assert replayed.json == {
        "evaluation": document["evaluation"],
        "identical": True,
        "digest": document["digest"],
        "replayed_digest": document["digest"],
        "differences": [],
    }
    assert "✓" in ledger("replay", document["evaluation"]).out
    assert totals(evaluated(ledger)) != totals(document)


def test_restate_shows_later_facts_and_what_they_did(ledger: Call) -> None:
    origin = evaluated(ledger)["evaluation"]
    ledger("seal", origin, "--by", "hr")
    ledger("import", "late.csv", "--map", "crm.toml")
    document = ledger("restate", origin, "--json").json
    assert document["from"] == origin
    assert totals(document) == {"ann": "140", "bo": "101.33333332"}
    bo = next(subject for subject in document["explain"]["subjects"] if subject["subject"] == "bo")
    assert {cause["cause"] for cause in bo["causes"]} == {"late_facts"}
    assert sum(float(cause["points"]) for cause in bo["causes"]) == pytest.approx(float(bo["difference"]))
    shown = ledger("restate", origin).out
    assert "late facts · Revenue won" in shown
    assert "D-5" in shown


def test_rescore_is_hypothetical_and_can_be_sealed(ledger: Call) -> None:
    origin = evaluated(ledger)["evaluation"]
    ledger("seal", origin, "--by", "hr")
    document = ledger("rescore", origin, "--weights", "weights.toml", "--json").json
    assert totals(document) == {"ann": "150", "bo": "75"}
    assert document["evaluation"] != origin
    assert ledger("replay", document["evaluation"], "--json").json["identical"]
    assert ledger("seal", document["evaluation"], "--by", "hr").code == 0
    assert ledger("rescore", origin, "--scorecard", "weights.toml").code == 2
    Path("weights.toml").write_text('[weights]\n"sales.revenue_won" = "50"\n')
    partial = ledger("rescore", origin, "--weights", "weights.toml")
    assert partial.code == 2
    assert "no weight for sales.win_rate" in partial.err
    Path("weights.toml").write_text('[weights]\n"sales.revenue_won" = "50"\nrest = "proportional"\n')
    assert ledger("rescore", origin, "--weights", "weights.toml", "--json").json["evaluation"] == document["evaluation"]


def test_explain_leads_down_to_facts_and_decisions(ledger: Call) -> None:
    origin = evaluated(ledger)["evaluation"]
    document = ledger("explain", origin, "--subject", "bo", "--json").json
    text = json.dumps(document)
    assert all(key in text for key in ("D-2", "D-3", "first"))
    assert "D-1" not in text
    shown = ledger("explain", origin, "--subject", "bo").out
    assert "D-2" in shown
    assert "first" in shown
    assert ledger("explain", origin, "--subject", "nobody").code == 2


def test_explain_of_two_adds_up(ledger: Call) -> None:
    origin = evaluated(ledger)["evaluation"]
    ledger("import", "late.csv", "--map", "crm.toml")
    other = evaluated(ledger)["evaluation"]
    document = ledger("explain", origin, other, "--json").json
    assert (document["from"], document["to"]) == (origin, other)
    assert "late facts" in ledger("explain", origin, other).out


def test_a_policy_that_blocks_sealing_is_the_answer_no(ledger: Call) -> None:
    card = CARD.replace('"rep"', '"strict"').replace("sales.revenue_won", "sales.lead_to_deal_rate")
    Path("strict.toml").write_text(card + '[empty]\nno_denominator = "block"\n')
    assert ledger("apply", "strict.toml", "--by", "hr", "--reason", "strict").code == 0
    document = ledger("evaluate", "strict", "--period", "2026-03", "--json").json
    assert {subject["lines"][0]["state"] for subject in document["subjects"]} == {"no_denominator"}
    found = ledger("seal", document["evaluation"], "--by", "hr", "--json")
    assert (found.code, found.json["error"]["code"]) == (1, "sealing_blocked")
