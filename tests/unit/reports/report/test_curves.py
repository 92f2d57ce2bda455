"""Curves with settings of their own are told in words, and so is what of them bound a line."""

from __future__ import annotations

from pathlib import Path

from kpicore.reports.report.report import report
from tests.rulebook import Office
from tests.unit.reports.pages import parsed, texts, untranslated

CARD = """
[scorecard]
id = "r"
title = "r"
role = "sales"
period = "quarter"
effective = 2017-01-01
[[line]]
indicator = "sales.revenue_won"
weight = "60"
target = "1000"
curve = "points_per_step"
points = "10"
per = "5"
max = "110"
[[line]]
indicator = "sales.win_rate"
weight = "40"
curve = "range"
lo0 = "0"
lo = "0.5"
hi = "0.8"
hi0 = "1"
floor = "0.25"
"""


def test_settings_and_limits_of_curves_are_said(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD)
    office.won(("1", "ann", 1400))
    whole = report(office.world, "r", "2017-Q1", subject="ann")
    office.close()
    data = {"ann", "hr", "start", "CRM", whole.id, "sales.revenue_won", "sales.win_rate", "sales_rep"}
    assert untranslated(whole.to_html("zh-Hant"), "zh-Hant", data) == []
    english, chinese = (" ".join(texts(parsed(whole.to_html(language)))) for language in ("en", "zh-Hant"))
    [first, second] = whole.document["subjects"][0]["lines"]
    assert (first["bound"], second["bound"]) == ("max", "floor")
    assert "most points 110" in english
    assert "floor 25.0\u00a0%" in english
    assert "最高分 110" in chinese
    assert "得分曲線：" in chinese
    assert "0.5" in english
