"""Shops: who comes, and who buys after seeing the homepage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import (
    PRIOR,
    YEAR_BEFORE,
    Choice,
    Example,
    Indicator,
    choice,
    distinct,
    duration,
    growth,
    names,
    rate,
    within,
)

#: A visitor counts once for each shop that was visited; what is known to be a bot does not.
VISITORS = distinct("visit_started", "store_id, visitor_id", where="not coalesce(bot, false)")


def _visits(day: str, *who: str, **more: Any) -> list[Mapping[str, Any]]:
    return [{"store_id": "main", "visitor_id": one, "occurred_at": f"{day}T09:00:00Z", **more} for one in who]


store_uv_growth_rate = Indicator(
    "ecommerce.store_uv_growth_rate",
    title={"en": "Store visitor growth", "zh-Hant": "店鋪UV增長率"},
    definition={
        "en": "Growth of unique visitors against the period before, or a year before, which is fairer around sales seasons. A "
        "visitor counts once for each store in the whole period, not once a day; bots and visits to no known store do "
        "not count. Where there were no visitors before there is no rate.",
        "zh-Hant": "獨立訪客數較上期的增長率；促銷季宜與去年同期相比。訪客在整個期間內每店只計一次，並非每日相加；機器流量與店鋪不明的訪問不計。基期無訪客時不計算。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["ecommerce"],
    unit="percent",
    better="higher",
    data_source={"en": "Shop platform or web analytics", "zh-Hant": "店鋪後台或網站分析"},
    params={
        "against": choice(
            "period_before",
            "year_before",
            titles={
                "period_before": {"en": "the period before", "zh-Hant": "上期"},
                "year_before": {"en": "the year before", "zh-Hant": "去年同期"},
            },
            title={"en": "against", "zh-Hant": "比較基準"},
        )
    },
    credit=("store_id", "owner_id", "channel_id"),
    measure=Choice("against", {"period_before": growth(VISITORS, PRIOR), "year_before": growth(VISITORS, YEAR_BEFORE)}),
    moves={
        "en": "Moved by search, advertisements and content; moves orders only as far as the homepage converts.",
        "zh-Hant": "受搜尋、投放與內容影響；首頁轉化跟上才帶動訂單。",
    },
    examples=[
        Example(
            {"en": "from two visitors to three", "zh-Hant": "訪客由二增至三"},
            {"visit_started": [*_visits("2026-02-10", "v1", "v2"), *_visits("2026-03-10", "v1", "v3", "v4")]},
            "0.5",
        ),
        Example(
            {
                "en": "who comes on two days is one visitor; of two stores, one of each; bots are none",
                "zh-Hant": "兩日來訪只計一位；兩店各計一位；機器流量不計",
            },
            {
                "visit_started": [
                    *_visits("2026-02-10", "v1"),
                    *_visits("2026-03-10", "v1"),
                    *_visits("2026-03-11", "v1"),
                    *_visits("2026-03-12", "v1", store_id="outlet"),
                    *_visits("2026-03-12", "v2", "v3", bot=True),
                    *_visits("2026-03-12", "v4", store_id=None),
                ]
            },
            "1",
        ),
        Example(
            {"en": "of one store", "zh-Hant": "單店"},
            {
                "visit_started": [
                    *_visits("2026-02-10", "v1", "v2"),
                    *_visits("2026-03-10", "v1"),
                    *_visits("2026-03-10", "v5", "v6", store_id="outlet"),
                ]
            },
            "-0.5",
            by={"store_id": "main"},
        ),
        Example(
            {"en": "against the same month of the year before", "zh-Hant": "較去年同月"},
            {"visit_started": [*_visits("2025-03-10", "v1", "v2"), *_visits("2026-03-10", "v1", "v3", "v4", "v5")]},
            "1",
            params={"against": "year_before"},
        ),
        Example(
            {"en": "a store that opened this month has no rate", "zh-Hant": "本月新開的店沒有增長率"},
            {"visit_started": _visits("2026-03-10", "v1", "v2")},
            state="no_denominator",
        ),
        Example({"en": "no visits", "zh-Hant": "沒有訪問"}, {}, state="no_denominator"),
    ],
)

#: A refund later does not undo that the page did its work.
ORDERED = within("order_paid", "customer_id", "$after")

BO = {"kind": "visitor", "id": "v1", "customer_id": "Bo"}


def _views(*who: str, **more: Any) -> list[Mapping[str, Any]]:
    seen = {"page": "home", "occurred_at": "2026-03-10T09:00:00Z", **more}
    return [{"visitor_id": one, "session_id": f"{one} first", **seen} for one in who]


homepage_conversion_rate = Indicator(
    "ecommerce.homepage_conversion_rate",
    title={"en": "Homepage conversion rate", "zh-Hant": "首頁轉化率"},
    definition={
        "en": "Visitors who saw the homepage in the period and paid an order within 24 hours of it, over all who saw it. A "
        "visitor is known as a customer by logging in or ordering. Sessions may be counted in place of visitors. "
        "Refunds do not undo a conversion; bots do not count.",
        "zh-Hant": "期內瀏覽首頁後 24 小時內付款的訪客，占全部瀏覽首頁訪客的比例。訪客經登入或下單識別為客戶。亦可按工作階段計。退款不撤銷轉化；機器流量不計。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["ecommerce"],
    unit="percent",
    better="higher",
    data_source={"en": "Web analytics, order system", "zh-Hant": "網站分析、訂單系統"},
    params={
        "unit": choice(
            "visitor",
            "session",
            titles={
                "visitor": {"en": "visitors", "zh-Hant": "訪客"},
                "session": {"en": "sessions", "zh-Hant": "工作階段"},
            },
            title={"en": "what is counted", "zh-Hant": "計數單位"},
        ),
        "after": duration("24h", title={"en": "paid within", "zh-Hant": "付款期限"}),
        "homepages": names("home", title={"en": "pages that are a homepage", "zh-Hant": "視為首頁的頁面"}),
    },
    credit=("store_id", "owner_id", "channel_id"),
    measure=Choice(
        "unit", {unit: rate(distinct("home_view", f"{unit}_id"), ORDERED) for unit in ("visitor", "session")}
    ),
    moves={
        "en": "Moved by what the page shows first, speed and offers; moves orders from the visitors that there are.",
        "zh-Hant": "受首屏內容、載入速度與優惠影響；以現有流量帶動訂單。",
    },
    examples=[
        Example(
            {"en": "one of four visitors pays the same day", "zh-Hant": "四位訪客一位當日付款"},
            {
                "identity_linked": [BO],
                "page_viewed": [*_views("v1", "v2", "v3", "v4"), *_views("v5", page="cart"), *_views("v6", bot=True)],
                "order_paid": [{"customer_id": "Bo", "occurred_at": "2026-03-10T20:00:00Z"}],
            },
            "0.25",
        ),
        Example(
            {
                "en": "24 hours later still counts; a second later, or before the view, does not",
                "zh-Hant": "滿 24 小時仍計；逾一秒或早於瀏覽不計",
            },
            {
                "identity_linked": [
                    BO,
                    {"kind": "visitor", "id": "v2", "customer_id": "Cy"},
                    {"kind": "visitor", "id": "v3", "customer_id": "Di"},
                ],
                "page_viewed": _views("v1", "v2", "v3"),
                "order_paid": [
                    {"customer_id": "Bo", "occurred_at": "2026-03-11T09:00:00Z"},
                    {"customer_id": "Cy", "occurred_at": "2026-03-11T09:00:01Z"},
                    {"customer_id": "Di", "occurred_at": "2026-03-10T08:59:59Z"},
                ],
            },
            "0.333333333333",
        ),
        Example(
            {"en": "a refund does not undo it", "zh-Hant": "退款不撤銷轉化"},
            {
                "identity_linked": [BO],
                "page_viewed": _views("v1"),
                "order_paid": [
                    {"order_id": "O-1", "customer_id": "Bo", "gross": "80", "occurred_at": "2026-03-10T10:00:00Z"}
                ],
                "order_refunded": [{"order_id": "O-1", "amount": "80", "occurred_at": "2026-03-12T10:00:00Z"}],
            },
            "1",
        ),
        Example(
            {
                "en": "by session: one of the visitor's two sessions led to an order",
                "zh-Hant": "按工作階段：兩次來訪一次成交",
            },
            {
                "identity_linked": [BO],
                "page_viewed": [
                    *_views("v1"),
                    *_views("v1", session_id="second", occurred_at="2026-03-20T09:00:00Z"),
                ],
                "order_paid": [{"customer_id": "Bo", "occurred_at": "2026-03-20T09:30:00Z"}],
            },
            "0.5",
            params={"unit": "session"},
        ),
        Example(
            {"en": "in the first hours of the next month it is provisional", "zh-Hant": "次月首日內為暫定"},
            {"page_viewed": _views("v1")},
            "0",
            state="provisional",
            as_of="2026-04-01T12:00:00Z",
        ),
        Example({"en": "nobody saw the homepage", "zh-Hant": "無人瀏覽首頁"}, {}, state="no_denominator"),
    ],
)
