"""What an analyst would compute with pandas from the same file: the same to the last digit where it can be."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pandas as pd
import pytest

from kpicore import Kpi
from kpicore.demo.tour import QUARTERS
from tests.golden.conftest import DATA
from tests.style.repository import ROOT, fences

NINE = Decimal("1e-9")


@pytest.fixture(scope="module")
def deals() -> pd.DataFrame:
    found = pd.read_csv(DATA / "sales_pipeline.csv", parse_dates=["close_date"])
    found["quarter"] = found.close_date.dt.to_period("Q").astype(str).str.replace("Q", "-Q")
    return found[found.deal_stage.isin(["Won", "Lost"])]


def grouped(deals: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Revenue, won and closed deals of everyone who closed one."""
    closed = deals[deals.quarter == quarter]
    won = closed[closed.deal_stage == "Won"]
    return pd.DataFrame(
        {
            "revenue": won.groupby("sales_agent").close_value.sum(),
            "won": won.groupby("sales_agent").size(),
            "closed": closed.groupby("sales_agent").size(),
        }
    ).astype(int)


def scored(crm: Kpi, quarter: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of both lines by subject."""
    rows = crm.evaluate("sales_rep", quarter).to_pandas().set_index(["subject", "indicator"])
    return tuple(rows.xs(f"sales.{name}", level="indicator") for name in ("revenue_won", "win_rate"))  # type: ignore[return-value]


@pytest.mark.parametrize("quarter", QUARTERS)
def test_sums_and_counts_are_the_same_integers(crm: Kpi, deals: pd.DataFrame, quarter: str) -> None:
    own, (revenue, rate) = grouped(deals, quarter), scored(crm, quarter)
    there = own.index
    assert (revenue.loc[there].value == own.revenue).all()
    assert (rate.loc[there].numerator == own.won).all()
    assert (rate.loc[there].denominator == own.closed).all()


@pytest.mark.parametrize("quarter", QUARTERS)
def test_totals_in_decimals_are_the_same_to_the_last_digit(crm: Kpi, deals: pd.DataFrame, quarter: str) -> None:
    own, (revenue, _) = grouped(deals, quarter), scored(crm, quarter)
    exact = own.map(Decimal)
    first = (exact.revenue / Decimal(50_000)).map(lambda value: min(value.quantize(NINE, ROUND_HALF_EVEN), Decimal(2)))
    second = (exact.won / (exact.closed * Decimal("0.6"))).map(
        lambda value: min(value.quantize(NINE, ROUND_HALF_EVEN), Decimal("1.5"))
    )
    assert (revenue.loc[own.index].total == first * 60 + second * 40).all()


@pytest.mark.parametrize("quarter", QUARTERS)
def test_totals_in_floats_are_the_same_as_far_as_floats_reach(crm: Kpi, deals: pd.DataFrame, quarter: str) -> None:
    own, (revenue, _) = grouped(deals, quarter), scored(crm, quarter)
    total = (own.revenue / 50_000).clip(0, 2) * 60 + (own.won / own.closed / 0.6).clip(0, 1.5) * 40
    gap = (revenue.loc[own.index].total.astype(float) - total).abs()
    # Half a unit of the ninth place of both attainments, times their weights, and what a float cannot hold.
    assert 0 < gap.max() <= (60 + 40) * 0.5e-9 + 1e-12


@pytest.mark.parametrize("quarter", QUARTERS)
def test_who_closed_nothing_is_in_no_group_and_has_a_state(crm: Kpi, deals: pd.DataFrame, quarter: str) -> None:
    own, (_, rate) = grouped(deals, quarter), scored(crm, quarter)
    absent = rate.index.difference(own.index)
    assert len(absent) == 5
    assert set(rate.loc[absent].state) == {"no_denominator"}
    assert rate.loc[absent].value.isna().all()


def test_a_mean_of_rates_is_not_the_rate_of_all(crm: Kpi, deals: pd.DataFrame) -> None:
    own = grouped(deals, "2017-Q4")
    [company] = crm.measure("sales.win_rate", "2017-Q4", level="company").to_document()["rows"]
    assert (int(company["numerator"]), int(company["denominator"])) == (own.won.sum(), own.closed.sum())
    assert round(float(company["value"]), 4) == 0.6025
    assert round((own.won / own.closed).mean(), 4) == 0.6038


def test_the_program_of_the_page_runs(crm_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tour").symlink_to(crm_folder)
    monkeypatch.chdir(tmp_path)
    [program] = fences((ROOT / "docs" / "howto" / "check-with-pandas.md").read_text("utf-8"), "python")
    exec(compile(program, "check-with-pandas.md", "exec"), {})
