"""Customers: how much one of them brings, and how many come back."""

from __future__ import annotations

from kpicore import Choice, Example, Indicator, Match, Parameter, choice, count, distinct, duration, during, rate, total

#: What an order adds: all of it, or up to a cap that is declared beforehand.
ADDED = {"kept": "net", "capped": "least(net, $cap)"}


def _spent(where: str) -> Choice:
    return Choice("outliers", {name: total("net_order", of, where=where) for name, of in ADDED.items()})


average_customer_spend = Indicator(
    "sales.average_customer_spend",
    title={"en": "Average customer spend", "zh-Hant": "客單價"},
    definition={
        "en": "Sales revenue of the period per customer who paid in it; orders that were refunded in full and orders without "
        "a customer are left out. Per order: revenue per paid order that was kept (筆單價). Orders may count up to a cap, if "
        "that is declared, so that one of them does not move the mean.",
        "zh-Hant": "期內銷售額除以期內付款客戶數；全額退款的訂單與沒有客戶的訂單不計。按訂單：銷售額除以有效訂單數（筆單價）。經聲明，單筆訂單可按上限封頂，以免一筆左右平均。",
    },
    perspective="performance",
    roles=["sales", "ecommerce"],
    unit="money",
    better="higher",
    data_source={"en": "Order system", "zh-Hant": "訂單系統"},
    params={
        "per": choice(
            "customer",
            "order",
            titles={"customer": {"en": "customer", "zh-Hant": "客戶"}, "order": {"en": "order", "zh-Hant": "訂單"}},
            title={"en": "per", "zh-Hant": "按"},
        ),
        "outliers": choice(
            "kept",
            "capped",
            titles={"kept": {"en": "kept", "zh-Hant": "保留"}, "capped": {"en": "capped", "zh-Hant": "封頂"}},
            title={"en": "outliers", "zh-Hant": "離群值"},
        ),
        "cap": Parameter("decimal", "100000", title={"en": "most that an order adds", "zh-Hant": "單筆上限"}),
    },
    version="1.1",
    measure=Choice(
        "per",
        {
            "customer": _spent("kept and customer_id is not null") / distinct("net_order", "customer_id", where="kept"),
            "order": _spent("kept") / count("net_order", where="kept"),
        },
    ),
    moves={
        "en": "Moved by price, bundles and the mix of customers; moves sales revenue.",
        "zh-Hant": "受定價、搭售與客戶結構影響；影響銷售額。",
    },
    examples=[
        Example(
            {"en": "300 from two customers", "zh-Hant": "兩位客戶共 300"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "100"},
                    {"customer_id": "Ann", "gross": "50"},
                    {"customer_id": "Bo", "gross": "150"},
                ]
            },
            "150",
        ),
        Example(
            {"en": "who was refunded in full is not a paying customer", "zh-Hant": "全額退款者不算付款客戶"},
            {
                "order_paid": [
                    {"order_id": "O-1", "customer_id": "Ann", "gross": "100"},
                    {"order_id": "O-2", "customer_id": "Bo", "gross": "80"},
                ],
                "order_refunded": [{"order_id": "O-2", "amount": "80"}],
            },
            "100",
        ),
        Example(
            {"en": "per order: 300 from three orders", "zh-Hant": "按訂單：三單共 300"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "100"},
                    {"customer_id": "Ann", "gross": "50"},
                    {"gross": "150"},
                ]
            },
            "100",
            params={"per": "order"},
        ),
        Example(
            {"en": "capped at 100: the order of 900 adds 100", "zh-Hant": "封頂 100:900 的訂單計 100"},
            {"order_paid": [{"customer_id": "Ann", "gross": "60"}, {"customer_id": "Bo", "gross": "900"}]},
            "80",
            params={"outliers": "capped", "cap": "100"},
        ),
        Example({"en": "nobody bought", "zh-Hant": "沒有人購買"}, {}, state="no_denominator"),
    ],
)

#: Customers whose first kept order lies before the period; with base active, who bought not too long before it.
KNOWN = count("customer", at="start")
RECENT = Match("net_order", "customer_id", "period_start - $active", "period_start", "[)", where="kept")
RECENTLY_KNOWN = count("customer", at="start", match=RECENT)
BOUGHT = during("net_order", "customer_id", where="kept")
#: Customers who bought in the period; the orders of one customer on one day are one purchase.
BUYERS = distinct("order_day", "customer_id")
AGAIN = during("order_day", "customer_id", least="2")
NEXT_WINDOW = Match("order_day", "customer_id", "period_end", "next_end", "[)")
LATER = Match("order_day", "customer_id", "occurred_at", "occurred_at + $horizon", "(]")

repeat_purchase_rate = Indicator(
    "sales.repeat_purchase_rate",
    title={"en": "Repeat purchase rate", "zh-Hant": "客戶復購率"},
    definition={
        "en": "Returning: of the customers who first bought before the period, those who buy in it. In window: of those who "
        "buy in the period, those who buy on two days or more. Next window: those who buy again in the period after. "
        "Cohort: of those who first buy in the period, those who buy again within the horizon. Orders of one customer "
        "on one day are one purchase; orders refunded in full do not count.",
        "zh-Hant": "老客復購：期前已首購的客戶中，期內再購者的比例。期內復購：期內購買客戶中，購買兩日以上者。"
        "次期回購：期內購買客戶中，於下一期再購者。首購群組：期內首購客戶中，於觀察期內再購者。"
        "同一客戶同日訂單算一次購買；全額退款的訂單不計。",
    },
    perspective="performance",
    roles=["sales", "ecommerce"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system", "zh-Hant": "訂單系統"},
    params={
        "mode": choice(
            "returning",
            "in_window",
            "next_window",
            "cohort",
            titles={
                "returning": {"en": "returning customers", "zh-Hant": "老客戶回購"},
                "in_window": {"en": "twice in the period", "zh-Hant": "期內再購"},
                "next_window": {"en": "again in the next period", "zh-Hant": "下期回購"},
                "cohort": {"en": "cohort", "zh-Hant": "同期群"},
            },
            title={"en": "mode", "zh-Hant": "模式"},
        ),
        "base": choice(
            "all",
            "active",
            titles={
                "all": {"en": "all", "zh-Hant": "全部"},
                "active": {"en": "who bought lately", "zh-Hant": "近期曾購買"},
            },
            title={"en": "known customers that count", "zh-Hant": "計入的老客戶"},
        ),
        "active": duration("730d", title={"en": "active span", "zh-Hant": "活躍期"}),
        "horizon": duration("90d", title={"en": "horizon", "zh-Hant": "觀察期"}),
    },
    measure=Choice(
        "mode",
        {
            "returning": Choice("base", {"all": rate(KNOWN, BOUGHT), "active": rate(RECENTLY_KNOWN, BOUGHT)}),
            "in_window": rate(BUYERS, AGAIN),
            "next_window": rate(BUYERS, NEXT_WINDOW),
            "cohort": rate(count("customer"), LATER),
        },
    ),
    moves={
        "en": "Moved by service, membership and reminders; moves lifetime value and lowers the cost of a sale.",
        "zh-Hant": "受服務、會員與觸達影響；提升客戶終身價值並降低銷售成本。",
    },
    examples=[
        Example(
            {
                "en": "one of two known customers returns; a new one is in neither",
                "zh-Hant": "兩位老客戶一位再購；新客戶不計",
            },
            {
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2026-01-10T09:00:00Z"},
                    {"customer_id": "Bo", "occurred_at": "2026-02-10T09:00:00Z"},
                    {"customer_id": "Ann"},
                    {"customer_id": "Cy"},
                ]
            },
            "0.5",
        ),
        Example(
            {"en": "a return that was refunded in full is none", "zh-Hant": "全額退款的再購不計"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2026-01-10T09:00:00Z"},
                    {"order_id": "O-2", "customer_id": "Ann", "gross": "100"},
                ],
                "order_refunded": [{"order_id": "O-2", "amount": "100"}],
            },
            "0",
        ),
        Example(
            {
                "en": "active base: who has not bought for two years is not known any more",
                "zh-Hant": "活躍基準：兩年未購者不再計入",
            },
            {
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2023-01-10T09:00:00Z"},
                    {"customer_id": "Bo", "occurred_at": "2026-01-10T09:00:00Z"},
                    {"customer_id": "Bo"},
                ]
            },
            "1",
            params={"base": "active"},
        ),
        Example(
            {"en": "in window: two orders on one day are one purchase", "zh-Hant": "期內復購：同日兩單算一次購買"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2026-03-03T09:00:00Z"},
                    {"customer_id": "Ann", "occurred_at": "2026-03-03T18:00:00Z"},
                    {"customer_id": "Bo", "occurred_at": "2026-03-03T09:00:00Z"},
                    {"customer_id": "Bo", "occurred_at": "2026-03-04T09:00:00Z"},
                ]
            },
            "0.5",
            params={"mode": "in_window"},
        ),
        Example(
            {"en": "next window: one of two buys again in April", "zh-Hant": "次期回購：兩位之一於四月再購"},
            {
                "order_paid": [
                    {"customer_id": "Ann"},
                    {"customer_id": "Bo"},
                    {"customer_id": "Ann", "occurred_at": "2026-04-20T09:00:00Z"},
                    {"customer_id": "Bo", "occurred_at": "2026-05-20T09:00:00Z"},
                ]
            },
            "0.5",
            params={"mode": "next_window"},
        ),
        Example(
            {
                "en": "cohort: the horizon runs from each customer's first order",
                "zh-Hant": "首購群組：觀察期自各客戶首單起算",
            },
            {
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2026-03-03T09:00:00Z"},
                    {"customer_id": "Ann", "occurred_at": "2026-04-02T09:00:00Z"},
                    {"customer_id": "Bo", "occurred_at": "2026-03-03T09:00:00Z"},
                    {"customer_id": "Bo", "occurred_at": "2026-04-03T09:00:00Z"},
                ]
            },
            "0.5",
            params={"mode": "cohort", "horizon": "30d"},
        ),
        Example({"en": "nobody bought before", "zh-Hant": "期前沒有客戶"}, {}, state="no_denominator"),
    ],
)
