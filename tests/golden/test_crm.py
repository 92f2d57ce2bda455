"""Published and independently counted figures of the CRM data come out of import, measure and evaluate."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest

from kpicore import Kpi
from kpicore.demo.tour import QUARTERS
from tests.golden.conftest import rows_of

YEAR = f"{QUARTERS[0]}..{QUARTERS[-1]}"
Pipeline = list[dict[str, str]]
Teams = dict[str, tuple[str, str]]


def _quarter(day: str) -> str:
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def _won(pipeline: Pipeline, group: dict[str, tuple[str, ...]]) -> dict[tuple[str, str], int]:
    """Won value by group and quarter; an agent may be in several groups."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for row in pipeline:
        if row["deal_stage"] == "Won":
            for name in group[row["sales_agent"]]:
                sums[name, _quarter(row["close_date"])] += int(row["close_value"])
    return dict(sums)


def test_won_value_of_the_company_is_the_published_one(crm: Kpi) -> None:
    quarters = rows_of(crm.measure("sales.revenue_won", YEAR, level="company").to_document())
    assert quarters[None, "2017-Q1"]["numerator"] == "1134672"
    assert quarters[None, "2017-Q2"]["numerator"] == "3086111"
    whole = rows_of(crm.measure("sales.revenue_won", "2017", level="company").to_document())
    assert whole[None, "2017"]["value"] == "10005534"


def test_the_win_rate_of_closed_deals_is_the_published_one(crm: Kpi) -> None:
    row = rows_of(crm.measure("sales.win_rate", "2017", level="company").to_document())[None, "2017"]
    assert (row["numerator"], row["denominator"]) == ("4238", "6711")
    assert row["value"] == "0.631500521532"
    assert row["state"] == "ok"


def test_won_value_of_every_agent_equals_a_plain_count(crm: Kpi, pipeline: Pipeline) -> None:
    expected = _won(pipeline, {row["sales_agent"]: (row["sales_agent"],) for row in pipeline})
    found = rows_of(crm.measure("sales.revenue_won", YEAR).to_document())
    assert {key: int(row["value"]) for key, row in found.items() if row["value"] != "0"} == expected
    assert len(expected) > 80


def test_won_value_of_every_manager_and_region_equals_a_plain_count(crm: Kpi, pipeline: Pipeline, teams: Teams) -> None:
    expected = _won(pipeline, dict(teams))
    found = rows_of(crm.measure("sales.revenue_won", YEAR, level="team").to_document())
    assert {key: int(row["value"]) for key, row in found.items() if row["value"] != "0"} == expected
    assert len(expected) == (6 + 3) * 4


def test_won_value_by_product_equals_a_plain_count(crm: Kpi, pipeline: Pipeline) -> None:
    expected: dict[str, int] = defaultdict(int)
    for row in pipeline:
        if row["deal_stage"] == "Won":
            expected[row["product"].replace("GTXPro", "GTX Pro")] += int(row["close_value"])
    found = crm.measure("sales.revenue_won", "2017", level="company", by=["product_id"]).to_document()
    assert {row["by"]["product_id"]: int(row["value"]) for row in found["rows"]} == expected


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_score_equals_one_that_fractions_give(crm: Kpi, pipeline: Pipeline, teams: Teams, quarter: str) -> None:
    """60 × revenue ÷ 50,000 (at most 2) + 40 × win rate ÷ 0.6 (at most 1.5); without closed deals revenue alone."""
    closed = [row for row in pipeline if row["close_date"] and _quarter(row["close_date"]) == quarter]
    document = crm.evaluate("sales_rep", quarter).to_document()
    assert [subject["subject"] for subject in document["subjects"]] == sorted(teams)
    for subject in document["subjects"]:
        own = [row for row in closed if row["sales_agent"] == subject["subject"]]
        won = [row for row in own if row["deal_stage"] == "Won"]
        revenue = _nine(min(Fraction(sum(int(row["close_value"]) for row in won), 50_000), Fraction(2)))
        if own:
            rate = _nine(min(Fraction(len(won), len(own)) / Fraction(6, 10), Fraction(3, 2)))
            expected = revenue * 60 + rate * 40
        else:
            expected = revenue * 100
        assert Decimal(subject["total"]) == expected, subject["subject"]


def _nine(value: Fraction) -> Decimal:
    """Nine places, half-even, from exact fractions."""
    return Decimal(round(value * 10**9)).scaleb(-9)
