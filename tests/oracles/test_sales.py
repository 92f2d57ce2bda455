"""Sales indicators, counted a second time by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kpicore.definitions.indicators import LEVELS
from kpicore_sales import provide_definitions
from tests.oracles.agreement import Case, disagreements, indicators
from tests.oracles.books import Books
from tests.oracles.desk import DAY, PERIODS, Row, Tally, local, periods_of
from tests.oracles.growing import (
    cac_payback_months,
    customer_ltv,
    customer_ltv_growth_rate,
    money,
    new_customer_sales_growth_rate,
    revenue_growth_rate,
)
from tests.oracles.house import House

INDICATORS = indicators(provide_definitions())

NEXT_END = {"2026-01": PERIODS["2026-02"][1], "2026-02": PERIODS["2026-03"][1], "2026-03": local(2026, 5)}


def counted(rows: Callable[[Books], Iterable[Row]], what: str | None = None) -> Callable[..., None]:
    """A plain count, or sum, of rows in their periods."""

    def count(books: Books, tally: Tally, **_: Any) -> None:
        for row in rows(books):
            for period in periods_of(row["occurred_at"]):
                tally.add(0, period, row, 1 if what is None else Fraction(row[what]))

    return count


def refunded_when_it_happens(books: Books, tally: Tally, **_: Any) -> None:
    for row in books.rows["order_paid"]:
        for period in periods_of(row["occurred_at"]):
            amounts = [books.base(row, Decimal(row[name])) for name in ("gross", "discount", "tax")]
            tally.add(0, period, row, amounts[0] - amounts[1] - amounts[2])
    for row in [*books.rows["order_refunded"], *books.rows["order_cancelled"]]:
        for period in periods_of(row["occurred_at"]):
            tally.add(0, period, {"owner_id": None, **row}, -Decimal(row["amount"]))


def sales_revenue(books: Books, tally: Tally, basis: str = "paid") -> None:
    rows, what = money(books, basis)
    counted(lambda _: rows, what)(books, tally)


def gross_margin_rate(books: Books, tally: Tally) -> None:
    for order in books.orders:
        for period in periods_of(order["occurred_at"]):
            tally.add(0, period, order, order["margin"])
            tally.add(1, period, order, order["net"])


def win_rate(books: Books, tally: Tally) -> None:
    for row, won in [*((r, 1) for r in books.rows["deal_won"]), *((r, 0) for r in books.rows["deal_lost"])]:
        for period in periods_of(row["occurred_at"]):
            tally.add(0, period, row, won)
            tally.add(1, period, row)


def _won(books: Books, lead: Row, days: int) -> bool:
    return any(
        books.roots.get(deal["lead_id"]) is lead and 0 <= deal["occurred_at"] - lead["occurred_at"] <= days * DAY
        for deal in books.rows["deal_won"]
    )


def lead_to_deal_rate(
    books: Books, tally: Tally, mode: str = "cohort", denominator: str = "all", horizon: str = "90d"
) -> None:
    for lead in books.leads:
        for period in periods_of(lead["occurred_at"]):
            if denominator == "all" or books.verdict(lead):
                tally.add(1, period, lead)
                if mode == "cohort":
                    tally.add(0, period, lead, _won(books, lead, int(horizon[:-1])))
    for deal in books.rows["deal_won"] if mode == "closed_in_period" else ():
        lead = books.roots.get(deal["lead_id"])
        for period in periods_of(deal["occurred_at"]) if lead else ():
            # A deal is credited to who closed it, broken down by where its lead came from.
            through = {name: lead[name] or deal.get(name) for name in ("channel_id", "campaign_id")}
            tally.note(0, period, {**deal, **through}, lead["lead_id"])


def _tierings(books: Books, customer: str | None) -> list[Row]:
    own = [row for row in books.rows["customer_tiered"] if row["customer_id"] == customer]
    return sorted(own, key=lambda row: (row["effective_from"], row["source"]))


def hnw_lead_to_deal_rate(books: Books, tally: Tally) -> None:
    for lead in books.leads:
        tierings = _tierings(books, books.customer_of(lead["contact_key"])) if lead["contact_key"] else []
        before = [row for row in tierings if row["effective_from"] <= lead["occurred_at"]]
        soon = [row for row in tierings[:1] if row["effective_from"] <= lead["occurred_at"] + 7 * DAY]
        found = lead["tier"] or (before[-1]["tier"] if before else None) or (soon[0]["tier"] if soon else None)
        for period in periods_of(lead["occurred_at"]):
            if found == "hnw":
                tally.add(1, period, lead)
                tally.add(0, period, lead, _won(books, lead, 90))


def new_customers_developed(books: Books, tally: Tally, basis: str = "orders", reversal: str = "30d") -> None:
    rows = sorted(books.rows["deal_won"], key=lambda row: (row["occurred_at"], row["deal_id"], row["source"]))
    if basis == "orders":
        span = int(reversal[:-1]) * DAY
        back = [*books.rows["order_refunded"], *books.rows["order_cancelled"]]
        rows = [
            order
            for order in books.orders
            if books.worth(order)
            > sum(
                Decimal(row["amount"])
                for row in back
                if row["order_id"] == order["order_id"] and row["occurred_at"] <= order["occurred_at"] + span
            )
        ]
    first: dict[str, Row] = {}
    for row in rows:
        if row["customer_id"] is not None:
            first.setdefault(str(books.master_of(row["customer_id"])), row)
    counted(lambda _: first.values())(books, tally)


def average_customer_spend(
    books: Books, tally: Tally, per: str = "customer", outliers: str = "kept", cap: str = "100000"
) -> None:
    for order in books.orders:
        for period in periods_of(order["occurred_at"]):
            if order["kept"] and (per == "order" or order["customer_id"] is not None):
                tally.add(0, period, order, min(order["net"], Decimal(cap)) if outliers == "capped" else order["net"])
                tally.note(1, period, order, order["customer_id"] if per == "customer" else order["order_id"])


def _bought(books: Books, customer: str, low: int, high: int) -> bool:
    return any(o["customer_id"] == customer and o["kept"] and low <= o["occurred_at"] < high for o in books.orders)


def _days(books: Books) -> list[Row]:
    """The first kept order of each customer on each local day."""
    found: dict[Any, Row] = {}
    for order in books.orders:
        if order["kept"] and order["customer_id"] is not None:
            day = (order["occurred_at"] + 8 * 3_600_000_000) // DAY
            found.setdefault((order["customer_id"], day), order)
    return list(found.values())


def repeat_purchase_rate(
    books: Books, tally: Tally, mode: str = "returning", base: str = "all", active: str = "730d", horizon: str = "90d"
) -> None:
    for period, (start, end) in PERIODS.items():
        if mode == "returning":
            for first in books.first_orders:
                customer = first["customer_id"]
                recent = base == "all" or _bought(books, customer, start - int(active[:-1]) * DAY, start)
                if first["occurred_at"] < start and recent:
                    tally.add(1, period, first, at=start - 1)
                    tally.add(0, period, first, _bought(books, customer, start, end), at=start - 1)
        elif mode == "cohort":
            for first in books.first_orders:
                if start <= first["occurred_at"] < end:
                    later = [d["occurred_at"] for d in _days(books) if d["customer_id"] == first["customer_id"]]
                    tally.add(1, period, first)
                    span = int(horizon[:-1]) * DAY
                    tally.add(0, period, first, any(0 < at - first["occurred_at"] <= span for at in later))
        else:
            days = _days(books)
            for day in days:
                own = [d["occurred_at"] for d in days if d["customer_id"] == day["customer_id"]]
                if start <= day["occurred_at"] < end:
                    tally.note(1, period, day, day["customer_id"])
                    low, high, least = (start, end, 2) if mode == "in_window" else (end, NEXT_END[period], 1)
                    if sum(low <= at < high for at in own) >= least:
                        tally.note(0, period, day, day["customer_id"])


def target_customer_sales_share(books: Books, tally: Tally) -> None:
    for order in books.orders:
        tierings = _tierings(books, order["customer_id"])
        before = [row for row in tierings if row["effective_from"] <= order["occurred_at"]]
        for period in periods_of(order["occurred_at"]):
            tally.add(1, period, order, order["net"])
            if order["customer_id"] is not None and before and before[-1]["segment"] == "key":
                tally.add(0, period, order, order["net"])


def high_net_worth_customer_share(
    books: Books, tally: Tally, scope: str = "active", dormant: str = "180d", tiers: tuple[str, ...] = ("hnw",)
) -> None:
    for period, (start, end) in PERIODS.items():

        def high(customer: str, end: int = end) -> bool:
            before = [row for row in _tierings(books, customer) if row["effective_from"] < end]
            return bool(before) and before[-1]["tier"] in tiers

        if scope == "new":
            for first in books.first_orders:
                if start <= first["occurred_at"] < end:
                    tally.add(1, period, first)
                    tally.add(0, period, first, high(first["customer_id"]))
            continue
        last = {o["customer_id"]: o for o in books.orders if o["kept"] and o["occurred_at"] < end}
        for customer, order in last.items():
            if customer is not None and end <= order["occurred_at"] + int(dormant[:-1]) * DAY:
                tally.add(1, period, order, at=end - 1)
                tally.add(0, period, order, high(customer), at=end - 1)


CASES = [
    Case("sales_revenue", sales_revenue),
    Case("sales_revenue", sales_revenue, by=("channel_id",)),
    Case("sales_revenue", sales_revenue, {"basis": "booked"}),
    Case("sales_revenue", sales_revenue, {"basis": "invoiced"}),
    Case("sales_revenue", refunded_when_it_happens, {"refunds": "refund_date"}),
    Case("average_customer_spend", average_customer_spend, {"outliers": "capped", "cap": "20000"}),
    Case("customer_ltv", customer_ltv, {"mode": "predicted", "basis": "revenue", "most": "3"}),
    Case("customer_ltv_growth_rate", customer_ltv_growth_rate, {"basis": "revenue"}),
    Case("cac_payback_months", cac_payback_months, {"form": "cohort"}),
    Case("cac_payback_months", cac_payback_months, {"form": "static_nrr"}),
    Case("cac_payback_months", cac_payback_months, {"form": "cohort", "month": "5d", "most": "9", "scope": "media"}),
    Case("revenue_growth_rate", revenue_growth_rate, {"basis": "invoiced"}),
    Case("revenue_growth_rate", revenue_growth_rate, {"units": "like_for_like", "comparable": "60d"}),
    Case("revenue_growth_rate", revenue_growth_rate, {"units": "like_for_like", "against": "period_before"}),
    Case("revenue_won", counted(lambda books: books.rows["deal_won"], "amount")),
    Case("gross_margin_rate", gross_margin_rate),
    Case("gross_margin_rate", gross_margin_rate, by=("channel_id", "campaign_id")),
    Case("win_rate", win_rate),
    Case("lead_to_deal_rate", lead_to_deal_rate),
    Case("lead_to_deal_rate", lead_to_deal_rate, {"horizon": "20d"}, by=("channel_id",)),
    Case("lead_to_deal_rate", lead_to_deal_rate, {"denominator": "valid"}),
    Case("lead_to_deal_rate", lead_to_deal_rate, {"mode": "closed_in_period"}, by=("campaign_id",)),
    Case("hnw_lead_to_deal_rate", hnw_lead_to_deal_rate),
    Case("hnw_lead_to_deal_rate", hnw_lead_to_deal_rate, by=("region_id",)),
    Case("new_customers_developed", new_customers_developed),
    Case("new_customers_developed", new_customers_developed, {"reversal": "7d"}, by=("channel_id",)),
    Case("new_customers_developed", new_customers_developed, {"basis": "deals"}),
    Case("new_paying_users", counted(lambda books: books.first_orders)),
    Case("average_customer_spend", average_customer_spend),
    Case("average_customer_spend", average_customer_spend, {"per": "order"}, by=("channel_id",)),
    Case("repeat_purchase_rate", repeat_purchase_rate),
    Case("repeat_purchase_rate", repeat_purchase_rate, {"base": "active", "active": "60d"}),
    Case("repeat_purchase_rate", repeat_purchase_rate, {"mode": "in_window"}, by=("channel_id",)),
    Case("repeat_purchase_rate", repeat_purchase_rate, {"mode": "next_window"}),
    Case("repeat_purchase_rate", repeat_purchase_rate, {"mode": "cohort", "horizon": "30d"}),
    Case("target_customer_sales_share", target_customer_sales_share),
    Case("target_customer_sales_share", target_customer_sales_share, by=("channel_id",)),
    Case("high_net_worth_customer_share", high_net_worth_customer_share),
    Case("high_net_worth_customer_share", high_net_worth_customer_share, {"dormant": "30d", "tiers": ("hnw", "mass")}),
    Case("high_net_worth_customer_share", high_net_worth_customer_share, {"scope": "new"}, by=("channel_id",)),
    Case("customer_ltv", customer_ltv),
    Case("customer_ltv", customer_ltv, {"horizon": "30d"}, by=("channel_id",)),
    Case("customer_ltv", customer_ltv, {"basis": "revenue"}),
    Case("customer_ltv", customer_ltv, {"mode": "predicted"}),
    Case("customer_ltv", customer_ltv, {"mode": "predicted", "dormant": "45d"}),
    Case("customer_ltv_growth_rate", customer_ltv_growth_rate),
    Case("customer_ltv_growth_rate", customer_ltv_growth_rate, {"against": "period_before", "horizon": "30d"}),
    Case("cac_payback_months", cac_payback_months),
    Case("cac_payback_months", cac_payback_months, {"scope": "media"}),
    Case("new_customer_sales_growth_rate", new_customer_sales_growth_rate),
    Case("new_customer_sales_growth_rate", new_customer_sales_growth_rate, {"against": "period_before"}),
    Case("revenue_growth_rate", revenue_growth_rate),
    Case("revenue_growth_rate", revenue_growth_rate, {"against": "period_before", "basis": "booked"}),
]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_measured_is_what_is_counted_by_hand(seed: int, level: str) -> None:
    assert disagreements(House(seed), INDICATORS, CASES, level) == []


def test_every_indicator_is_counted_by_hand() -> None:
    own = {"sales.sales_target_attainment", "sales.kpi_attainment"}
    assert {f"sales.{case.indicator}" for case in CASES} | own == {found.id for found in INDICATORS}
