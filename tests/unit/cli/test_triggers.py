"""`triggers`: what stands by, what it saw, and the file of what it proposes."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import Call

CARD = """\
[scorecard]
id = "rep"
title = "Rep"
role = "sales"
period = "quarter"
effective = 2017-01-01
[[line]]
indicator = "sales.revenue_won"
weight = "60"
target = "1000"
[[line]]
indicator = "sales.win_rate"
weight = "40"
target = "0.5"
"""
CHANGE = """\
[change]
id = "to_quality"
scorecard = "rep"
why = "volume is there"
rest = "proportional"
[[line]]
indicator = "sales.win_rate"
weight = "70"
[trigger]
on = 2017-06-01
"""


def test_a_standing_change_is_proposed_planned_and_applied(kpicore: Call) -> None:
    Path("card.toml").write_text(CARD)
    Path("change.toml").write_text(CHANGE)
    by = ("--by", "ceo", "--reason", "r", "--ledger", "kpi.db")
    kpicore("init", "--ledger", "kpi.db")
    assert "no change stands by" in kpicore("triggers", "--ledger", "kpi.db").out
    assert kpicore("apply", "card.toml", *by).code == 0
    planned = kpicore("plan", "change.toml", "--ledger", "kpi.db").out
    assert "trigger on 2017-06-01" in planned
    assert kpicore("apply", "change.toml", *by).code == 0
    waiting = kpicore("triggers", "--ledger", "kpi.db", "--as-of", "2017-05-01T00:00:00Z", "--json").json
    assert [one["state"] for one in waiting["triggers"]] == ["waiting"]
    met = kpicore("triggers", "--ledger", "kpi.db", "--as-of", "2100-01-01T00:00:00Z", "--out", "proposed")
    assert "proposes a change from 2100-04-01: volume is there" in met.out
    shown = kpicore("plan", "proposed/to_quality.toml", "--ledger", "kpi.db").out
    assert "sales.revenue_won: weight 60 → 30" in shown
    assert kpicore("apply", "proposed/to_quality.toml", *by).code == 0
    assert "已套用" in kpicore("triggers", "--ledger", "kpi.db", "--lang", "zh-Hant").out
