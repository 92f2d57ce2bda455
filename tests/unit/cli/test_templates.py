"""`new-scorecard`: the file on stdout, or where it is asked for; never over one that is there."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.unit.cli.conftest import Call


def test_the_file_alone_is_on_stdout(kpicore: Call) -> None:
    found = kpicore("new-scorecard", "sales", "--stage", "new_market", "--effective", "2026-07-01")
    assert found.code == 0
    lines = tomllib.loads(found.out)["line"]
    assert [(line["indicator"], line["weight"]) for line in lines] == [
        ("sales.new_customers_developed", "40"),
        ("marketing.campaign_roi", "30"),
        ("team.training_completion_rate", "20"),
        ("risk.compliance_rate", "10"),
    ]
    assert "sales.new_customers_developed: target (count, higher is better)" in found.err


def test_a_filled_in_file_is_planned(kpicore: Call) -> None:
    assert kpicore("new-scorecard", "content", "--stage", "growth", "--out", "c.toml", "--lang", "zh-Hant").code == 0
    again = kpicore("new-scorecard", "content", "--stage", "growth", "--out", "c.toml")
    assert (again.code, "there already" in again.err) == (2, True)
    kpicore("init", "--ledger", "kpi.db")
    assert "has no target" in kpicore("plan", "c.toml", "--ledger", "kpi.db").err
    text = Path("c.toml").read_text("utf-8").replace('# target = ""', 'target = "2"')
    Path("c.toml").write_text(text, "utf-8")
    document = kpicore("plan", "c.toml", "--ledger", "kpi.db", "--json").json
    assert document["warnings"] == []
    assert document["documents"][0]["name"] == "content_growth"


def test_what_cannot_be_made_is_refused(kpicore: Call) -> None:
    assert "did you mean sales?" in kpicore("new-scorecard", "salse", "--stage", "growth").err
    assert kpicore("new-scorecard", "sales", "--stage", "growth", "--effective", "soon").code == 2
    assert kpicore("new-scorecard", "sales", "--stage", "growth", "--out", "no/where.toml").code == 2
    document = kpicore("new-scorecard", "sales", "--stage", "growth", "--json").json
    assert document["fill"][0] == {
        "indicator": "sales.sales_revenue",
        "what": "target",
        "unit": "money",
        "better": "higher",
    }
