"""Acquisition: how many customers bought for the first time."""

from __future__ import annotations

from kpicore import Choice, Example, Indicator, choice, count, duration

new_customers_developed = Indicator(
    "sales.new_customers_developed",
    title={"en": "New customers developed", "zh-Hant": "新客戶開發量"},
    definition={
        "en": "Customers whose first order lies in the period. An order that is refunded in full within the reversal span "
        "never was one; later refunds take no customer away. With basis deals: customers whose first won deal lies in "
        "the period. Customers whom the customer master knows to be one are one.",
        "zh-Hant": "首筆訂單落在期內的客戶數。於沖銷期內全額退款的訂單視同未發生；逾期退款不減客戶數。基準為「成交單」時：首筆成交落在期內的客戶數。客戶主檔認定為同一者合併計算。",
    },
    perspective="performance",
    roles=["sales"],
    unit="count",
    better="higher",
    data_source={"en": "Order system (orders), CRM (deals)", "zh-Hant": "訂單系統（訂單）、CRM（成交單）"},
    params={
        "basis": choice(
            "orders",
            "deals",
            titles={
                "orders": {"en": "first order", "zh-Hant": "首筆訂單"},
                "deals": {"en": "first won deal", "zh-Hant": "首筆成交"},
            },
            title={"en": "basis", "zh-Hant": "基準"},
        ),
        "reversal": duration("30d", title={"en": "reversal span", "zh-Hant": "沖銷期"}),
    },
    measure=Choice("basis", {"orders": count("settled_customer", matures="$reversal"), "deals": count("won_customer")}),
    version="1.1",
    moves={
        "en": "Moved by leads and their conversion; moves revenue growth and later repeat purchase.",
        "zh-Hant": "受線索量與成單率影響；影響營收增長與日後復購。",
    },
    examples=[
        Example(
            {"en": "two first orders; a known customer is not new", "zh-Hant": "兩筆首單；老客戶不計"},
            {
                "order_paid": [
                    {"customer_id": "Ann"},
                    {"customer_id": "Ann"},
                    {"customer_id": "Bo"},
                    {"customer_id": "Cy", "occurred_at": "2026-02-10T09:00:00Z"},
                    {"customer_id": "Cy"},
                ]
            },
            "2",
        ),
        Example(
            {
                "en": "a full refund within 30 days takes the customer away, later it does not",
                "zh-Hant": "三十日內全額退款者不計，逾期照計",
            },
            {
                "order_paid": [
                    {"order_id": "O-1", "customer_id": "Ann", "gross": "90", "occurred_at": "2026-03-02T00:00:00Z"},
                    {"order_id": "O-2", "customer_id": "Bo", "gross": "90", "occurred_at": "2026-03-02T00:00:00Z"},
                ],
                "order_refunded": [
                    {"order_id": "O-1", "amount": "90", "occurred_at": "2026-04-01T00:00:00Z"},
                    {"order_id": "O-2", "amount": "90", "occurred_at": "2026-04-01T00:00:01Z"},
                ],
            },
            "1",
        ),
        Example(
            {"en": "it may still change while refunds can come", "zh-Hant": "沖銷期未過，仍可能變動"},
            {"order_paid": [{"customer_id": "Ann"}]},
            "1",
            state="provisional",
            as_of="2026-04-10T00:00:00Z",
        ),
        Example(
            {"en": "deals: the first won deal of each customer", "zh-Hant": "成交單基準：各客戶首筆成交"},
            {
                "deal_won": [
                    {"customer_id": "Ann", "occurred_at": "2026-01-10T09:00:00Z"},
                    {"customer_id": "Ann"},
                    {"customer_id": "Bo"},
                ]
            },
            "1",
            params={"basis": "deals"},
        ),
        Example(
            {
                "en": "two numbers of one customer are one customer, who is known",
                "zh-Hant": "同一客戶的兩個編號合併為一，且為老客戶",
            },
            {
                "identity_linked": [{"kind": "customer", "id": "A-2", "customer_id": "A-1"}],
                "order_paid": [
                    {"customer_id": "A-1", "occurred_at": "2026-01-10T09:00:00Z"},
                    {"customer_id": "A-2"},
                    {"customer_id": "B"},
                ],
            },
            "1",
        ),
        Example({"en": "nobody came", "zh-Hant": "沒有新客戶"}, {}, "0"),
    ],
)

new_paying_users = Indicator(
    "sales.new_paying_users",
    title={"en": "New paying users", "zh-Hant": "新增付費用戶數"},
    definition={
        "en": "Users whose first payment that was kept lies in the period. A trial counts when it is first paid for; a "
        "payment that is charged back or refunded in full, however late, never was one.",
        "zh-Hant": "首次有效付款落在期內的用戶數。試用於首次付款時計入；遭拒付或全額退款的付款，無論早晚，視同未發生。",
    },
    perspective="performance",
    roles=["company"],
    unit="count",
    better="higher",
    data_source={"en": "Order system", "zh-Hant": "訂單系統"},
    levels=("company",),
    measure=count("customer"),
    moves={
        "en": "Moved by reach, trials and their conversion; moves revenue growth.",
        "zh-Hant": "受觸達、試用與轉化影響；影響營收增長。",
    },
    examples=[
        Example(
            {"en": "two users pay for the first time", "zh-Hant": "兩位用戶首次付款"},
            {"order_paid": [{"customer_id": "Ann"}, {"customer_id": "Ann"}, {"customer_id": "Bo"}]},
            "2",
        ),
        Example(
            {"en": "a chargeback makes the next payment the first", "zh-Hant": "拒付後，以下一筆付款為首次"},
            {
                "order_paid": [
                    {"order_id": "O-1", "customer_id": "Ann", "gross": "9", "occurred_at": "2026-02-10T09:00:00Z"},
                    {"order_id": "O-2", "customer_id": "Ann", "gross": "9"},
                ],
                "order_cancelled": [{"order_id": "O-1", "amount": "9"}],
            },
            "1",
        ),
        Example(
            {"en": "who paid before is not new", "zh-Hant": "期前已付款者不計"},
            {"order_paid": [{"customer_id": "Ann", "occurred_at": "2026-02-10T09:00:00Z"}, {"customer_id": "Ann"}]},
            "0",
        ),
        Example({"en": "nobody paid", "zh-Hant": "沒有人付款"}, {}, "0"),
    ],
)
