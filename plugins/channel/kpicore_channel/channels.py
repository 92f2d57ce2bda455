"""Channels: what each brings, what it costs, and its share of all orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import (
    ACQUISITION,
    ACQUISITION_COST,
    ATTRIBUTION,
    DEDUPE,
    Choice,
    Example,
    Indicator,
    Whole,
    choice,
    count,
    total,
)

channel_new_leads = Indicator(
    "channel.channel_new_leads",
    title={"en": "New leads by channel", "zh-Hant": "渠道新增線索量"},
    definition={
        "en": "Leads created in the period by the channel that they came through, doubles taken out. Each lead has one channel, "
        "so the channels add up to all leads; leads of an unknown channel are a row of their own.",
        "zh-Hant": "期內去重後的新線索，按來源渠道分列。每條線索只屬一個渠道，故各渠道合計即總數；渠道不明者自成一列。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "channel"],
    better="higher",
    data_source="CRM",
    params=DEDUPE,
    credit=("channel_id", "owner_id"),
    by=("channel_id",),
    measure=count("lead"),
    moves={
        "en": "Moved by spend and offers of the channel; moves its customers. A sharp drop is often a broken form or tag.",
        "zh-Hant": "受渠道投入與誘因影響；影響該渠道客戶數。驟降常是表單或追蹤碼故障。",
    },
    examples=[
        Example(
            {"en": "two of three leads came through the fair", "zh-Hant": "三條線索兩條來自展會"},
            {"lead_created": [{"channel_id": "fair"}, {"channel_id": "fair"}, {"channel_id": "search"}]},
            "2",
            by={"channel_id": "fair"},
        ),
        Example(
            {
                "en": "who comes back through another channel belongs to the first",
                "zh-Hant": "經其他渠道再次留資者仍屬首次渠道",
            },
            {
                "lead_created": [
                    {"contact_key": "ann", "channel_id": "fair", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"contact_key": "ann", "channel_id": "search", "occurred_at": "2026-03-09T09:00:00Z"},
                ]
            },
            "1",
            by={"channel_id": "fair"},
        ),
        Example(
            {"en": "a lead of an unknown channel is shown as such", "zh-Hant": "渠道不明的線索單獨列示"},
            {"lead_created": [{"channel_id": "fair"}, {"channel_id": None}]},
            "1",
            by={"channel_id": None},
        ),
        Example({"en": "no leads are 0", "zh-Hant": "沒有線索，為 0"}, {}, "0"),
    ],
)

FAIR, SEARCH = {"channel_id": "fair", "amount": "600"}, {"channel_id": "search", "amount": "100"}
#: Ann met the fair, then searched eight days later, and became a customer.
ANN: Mapping[str, Any] = {
    "spend_booked": [FAIR, SEARCH],
    "lead_created": [{"lead_id": "L-1", "contact_key": "ann", "occurred_at": "2026-03-12T09:00:00Z"}],
    "touch_recorded": [
        {"contact_key": "ann", "channel_id": "fair", "occurred_at": "2026-03-03T09:00:00Z"},
        {"contact_key": "ann", "channel_id": "search", "occurred_at": "2026-03-11T09:00:00Z"},
    ],
    "deal_won": [{"deal_id": "D-1", "lead_id": "L-1"}],
    "order_paid": [{"deal_id": "D-1", "customer_id": "Ann", "channel_id": "shop"}],
}

channel_cac = Indicator(
    "channel.channel_cac",
    title={"en": "Channel customer acquisition cost", "zh-Hant": "渠道獲客成本"},
    definition={
        "en": "Spend booked on the channel in the period per new customer credited to it. A customer whose first kept order "
        "came of a lead has the credit of that lead's touches; others belong to the channel of the order. Fully "
        "loaded counts every cost, scope media only the cost types that are media; with a lag, the spend is that of a "
        "period so much earlier. Where sales end with deals, customers may be made by their first won deal. Spend "
        "without any customer is flagged.",
        "zh-Hant": "期內該渠道入帳費用除以歸屬於該渠道的新客戶數。首筆有效訂單源自線索者按線索觸點歸因，否則歸訂單渠道。"
        "全成本基準計所有費用，媒體基準只計媒體類費用；設有時差時取較早期間的費用。亦可以首筆成交認定客戶。有費用而無客戶時標記。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "channel"],
    unit="money",
    better="lower",
    data_source={"en": "Finance system, order system, CRM", "zh-Hant": "財務系統、訂單系統、CRM"},
    params={**ATTRIBUTION, **ACQUISITION},
    credit=("channel_id",),
    by=("channel_id",),
    measure=ACQUISITION_COST
    / Choice(
        "customers",
        {"orders": total("customer_credit", "credit"), "deals": total("won_customer_credit", "credit")},
    ),
    moves={
        "en": "Moved by the price of media and by conversion; moves where the next budget goes. The model moves it, too.",
        "zh-Hant": "受媒體價格與轉化影響；影響下期預算分配。歸因模型本身也會改變結果。",
    },
    examples=[
        Example(
            {"en": "600 for two customers of the fair", "zh-Hant": "展會 600 得兩位客戶"},
            {
                "spend_booked": [FAIR, SEARCH],
                "order_paid": [
                    {"customer_id": "Ann", "channel_id": "fair"},
                    {"customer_id": "Bo", "channel_id": "fair"},
                    {"customer_id": "Cy", "channel_id": "search"},
                ],
            },
            "300",
            by={"channel_id": "fair"},
        ),
        *(
            Example(
                {
                    "en": f"model {model}: {share} of Ann belongs to the fair, whatever the channel of her order",
                    "zh-Hant": f"模型 {model}：展會得 Ann 的 {share}，與訂單渠道無關",
                },
                ANN,
                cost,
                by={"channel_id": "fair"},
                params={"model": model},
                state="ok" if cost else "no_denominator",
            )
            for model, share, cost in (
                ("last", "0", None),
                ("first", "1", "600"),
                ("linear", "1/2", "1200"),
                ("u", "1/2", "1200"),
                ("decay", "1/3", "1800.0000000018"),
            )
        ),
        Example(
            {"en": "media alone", "zh-Hant": "僅計媒體"},
            {
                "spend_booked": [{**FAIR, "cost_type": "labour"}, {**FAIR, "cost_type": "media"}],
                "order_paid": [{"customer_id": "Ann", "channel_id": "fair"}],
            },
            "600",
            by={"channel_id": "fair"},
            params={"scope": "media"},
        ),
        Example(
            {"en": "customers by their first won deal", "zh-Hant": "以首筆成交認定客戶"},
            {**ANN, "order_paid": 0, "deal_won": [{"deal_id": "D-1", "lead_id": "L-1", "customer_id": "Ann"}]},
            "100",
            by={"channel_id": "search"},
            params={"customers": "deals"},
        ),
        Example({"en": "over all channels it is spend per customer", "zh-Hant": "不分渠道即每客戶費用"}, ANN, "700"),
        Example(
            {"en": "spend and no customer", "zh-Hant": "有費用而無客戶"},
            {"spend_booked": [FAIR]},
            state="no_denominator",
            by={"channel_id": "fair"},
        ),
        Example({"en": "neither", "zh-Hant": "皆無"}, {}, state="no_denominator"),
    ],
)

ORDERS = count("net_order", where="kept")
REVENUE = total("net_order", "net", where="kept")
#: All orders: of every channel, and of everyone.
ALL = ("channel_id", "subject")

channel_order_share = Indicator(
    "channel.channel_order_share",
    title={"en": "Channel share of orders", "zh-Hant": "渠道訂單占比"},
    definition={
        "en": "Orders of the period that came through the channel, of all orders. Orders that were cancelled or refunded in full "
        "are left out; an unknown channel is a row of its own. Basis revenue: net revenue instead of orders.",
        "zh-Hant": "期內經該渠道的訂單數占全部訂單的比例。取消或全額退款的訂單不計；渠道不明者自成一列。基準「銷售額」以淨額計。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["channel"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system", "zh-Hant": "訂單系統"},
    params={
        "basis": choice(
            "count",
            "revenue",
            titles={
                "count": {"en": "orders", "zh-Hant": "訂單數"},
                "revenue": {"en": "net revenue", "zh-Hant": "淨額"},
            },
            title={"en": "basis", "zh-Hant": "基準"},
        )
    },
    credit=("channel_id",),
    by=("channel_id",),
    measure=Choice("basis", {"count": ORDERS / Whole(ORDERS, ALL), "revenue": REVENUE / Whole(REVENUE, ALL)}),
    moves={
        "en": "Moved by coverage and incentives of the channel, and by what all others do; moves dependence on one channel.",
        "zh-Hant": "受渠道覆蓋與激勵影響，也受其他渠道消長影響；影響對單一渠道的依賴。",
    },
    examples=[
        Example(
            {"en": "three of four orders", "zh-Hant": "四單中三單"},
            {
                "order_paid": [
                    {"channel_id": "shop"},
                    {"channel_id": "shop"},
                    {"channel_id": "shop"},
                    {"channel_id": "web"},
                ]
            },
            "0.75",
            by={"channel_id": "shop"},
        ),
        Example(
            {"en": "a cancelled order is left out on both sides", "zh-Hant": "取消的訂單兩邊都不計"},
            {
                "order_paid": [
                    {"order_id": "O-1", "channel_id": "shop", "gross": "50"},
                    {"order_id": "O-2", "channel_id": "shop", "gross": "50"},
                    {"order_id": "O-3", "channel_id": "web", "gross": "50"},
                ],
                "order_cancelled": [{"order_id": "O-2", "amount": "50"}],
            },
            "0.5",
            by={"channel_id": "shop"},
        ),
        Example(
            {"en": "orders of an unknown channel stay in the whole", "zh-Hant": "渠道不明的訂單仍在分母"},
            {"order_paid": [{"channel_id": "shop"}, {"channel_id": None}]},
            "0.5",
            by={"channel_id": None},
        ),
        Example(
            {"en": "by revenue: 90 of 120", "zh-Hant": "按銷售額：120 中 90"},
            {"order_paid": [{"channel_id": "shop", "gross": "90"}, {"channel_id": "web", "gross": "30"}]},
            "0.75",
            by={"channel_id": "shop"},
            params={"basis": "revenue"},
        ),
        Example({"en": "no orders", "zh-Hant": "沒有訂單"}, {}, state="no_denominator"),
    ],
)
