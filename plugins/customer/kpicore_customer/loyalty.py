"""Loyalty: which contracts are renewed, and which customers stay."""

from __future__ import annotations

from kpicore import Choice, Example, Indicator, Match, choice, count, distinct, duration, holds, rate, total

#: A renewal of the very term, however early, and no later than the grace allows.
RENEWED = Match("renewal", ("subscription_id", "due_at"), high="due_at + $grace")
DUE = count("subscription_due", time="due_at", matures="$grace")
DUE_VALUE = total("subscription_due", "value", time="due_at", matures="$grace")

MARCH, APRIL = "2026-03-20T00:00:00Z", "2026-04-05T00:00:00Z"

customer_renewal_rate = Indicator(
    "customer.customer_renewal_rate",
    title={"en": "Customer renewal rate", "zh-Hant": "客戶續約率"},
    definition={
        "en": "Of the contracts that fall due in the period, those that are renewed by the due date plus the grace. Early "
        "renewals count in the period of the due date; a renewal that is followed by a churn of the same term is none. "
        "With basis value: by the value that was due. Final when the grace of the last contract has passed.",
        "zh-Hant": "期內到期的合約中，於到期日加寬限期前續約者的比例。提前續約計入到期期間；續約後同期又流失者不算續約。"
        "基準為「金額」時按到期金額計。最後一份合約寬限期滿後定案。",
    },
    perspective="performance",
    roles=["customer_success", "sales"],
    unit="percent",
    better="higher",
    data_source={"en": "Contract system", "zh-Hant": "合約系統"},
    params={
        "basis": choice(
            "contracts",
            "value",
            titles={
                "contracts": {"en": "contracts", "zh-Hant": "合約數"},
                "value": {"en": "value due", "zh-Hant": "到期金額"},
            },
            title={"en": "basis", "zh-Hant": "基準"},
        ),
        "grace": duration("30d", title={"en": "grace", "zh-Hant": "寬限期"}),
    },
    measure=Choice("basis", {"contracts": rate(DUE, RENEWED), "value": rate(DUE_VALUE, RENEWED)}),
    moves={
        "en": "Moved by use, by service and by talking early; moves revenue of the year to come.",
        "zh-Hant": "受使用程度、服務與提前溝通影響；影響來年營收。",
    },
    examples=[
        Example(
            {
                "en": "one of two is renewed, after the due date but within the grace",
                "zh-Hant": "兩份續一份，於寬限期內",
            },
            {
                "subscription_due": [
                    {"subscription_id": "A", "due_at": MARCH},
                    {"subscription_id": "B", "due_at": MARCH},
                ],
                "subscription_renewed": [{"subscription_id": "A", "due_at": MARCH, "occurred_at": APRIL}],
            },
            "0.5",
        ),
        Example(
            {"en": "an early renewal counts when the contract is due", "zh-Hant": "提前續約計入到期期間"},
            {
                "subscription_due": [{"subscription_id": "A", "due_at": MARCH}],
                "subscription_renewed": [
                    {"subscription_id": "A", "due_at": MARCH, "occurred_at": "2025-12-01T00:00:00Z"}
                ],
            },
            "1",
        ),
        Example(
            {"en": "renewed and taken back is not renewed", "zh-Hant": "續約後又取消者不算"},
            {
                "subscription_due": [{"subscription_id": "A", "due_at": MARCH}],
                "subscription_renewed": [{"subscription_id": "A", "due_at": MARCH, "occurred_at": MARCH}],
                "subscription_churned": [{"subscription_id": "A", "due_at": MARCH, "occurred_at": APRIL}],
            },
            "0",
        ),
        Example(
            {"en": "a renewal after the grace comes too late", "zh-Hant": "寬限期後續約不計"},
            {
                "subscription_due": [{"subscription_id": "A", "due_at": MARCH}],
                "subscription_renewed": [
                    {"subscription_id": "A", "due_at": MARCH, "occurred_at": "2026-04-19T00:00:01Z"}
                ],
            },
            "0",
        ),
        Example(
            {"en": "by value: 900 of 1000", "zh-Hant": "按金額：1000 中續 900"},
            {
                "subscription_due": [
                    {"subscription_id": "A", "due_at": MARCH, "value": "900"},
                    {"subscription_id": "B", "due_at": MARCH, "value": "100"},
                ],
                "subscription_renewed": [{"subscription_id": "A", "due_at": MARCH, "value": "900"}],
            },
            "0.9",
            params={"basis": "value"},
        ),
        Example(
            {"en": "within the grace it may still change", "zh-Hant": "寬限期內仍可能變動"},
            {"subscription_due": [{"subscription_id": "A", "due_at": MARCH}]},
            "0",
            state="provisional",
            as_of="2026-04-10T00:00:00Z",
        ),
        Example({"en": "nothing fell due", "zh-Hant": "沒有到期合約"}, {}, state="no_denominator"),
    ],
)

ACTIVE = count("customer_state", at="start", where="state = 'active'")
UNDER_CONTRACT = distinct("contract_term", "customer_id", at="start")
STILL_UNDER_CONTRACT = holds("contract_term", "customer_id", "period_end")
STILL_ACTIVE = holds("customer_state", "customer_id", "period_end", where="state = 'active'")

customer_retention_rate = Indicator(
    "customer.customer_retention_rate",
    title={"en": "Customer retention rate", "zh-Hant": "客戶留存率"},
    definition={
        "en": "Of the customers who are active when the period opens, those who are active when it closes. Active is who bought "
        "no longer ago than the dormant span, or who is under contract; customers won during the period are in neither. A target such as “22 % "
        "better” must say whether it means points or relative growth.",
        "zh-Hant": "期初活躍客戶中，期末仍活躍者的比例。活躍指最近一次購買未逾沉睡判定期，或合約有效；期內新客戶兩邊皆不計。「提升 22 %」須言明為百分點或相對增長。",
    },
    perspective="performance",
    roles=["customer_success"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system", "zh-Hant": "訂單系統"},
    params={
        "activity": choice(
            "orders",
            "contracts",
            titles={"orders": {"en": "orders", "zh-Hant": "訂單"}, "contracts": {"en": "contracts", "zh-Hant": "合約"}},
            title={"en": "active by", "zh-Hant": "活躍判定"},
        ),
        "dormant": duration("180d", title={"en": "dormant after", "zh-Hant": "沉睡判定期"}),
    },
    measure=Choice(
        "activity",
        {"orders": rate(ACTIVE, STILL_ACTIVE), "contracts": rate(UNDER_CONTRACT, STILL_UNDER_CONTRACT)},
    ),
    version="1.1",
    moves={
        "en": "Moved by service, membership and reminders; moves repeat purchase and lifetime value.",
        "zh-Hant": "受服務、會員與觸達影響；影響復購與終身價值。",
    },
    examples=[
        Example(
            {"en": "one of two active customers stays active", "zh-Hant": "兩位活躍客戶留存一位"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2025-09-10T09:00:00Z"},
                    {"customer_id": "Ann"},
                    {"customer_id": "Bo", "occurred_at": "2025-09-20T09:00:00Z"},
                ]
            },
            "0.5",
        ),
        Example(
            {"en": "customers won during the period are in neither", "zh-Hant": "期內新客戶不計"},
            {"order_paid": [{"customer_id": "Ann", "occurred_at": "2026-01-10T09:00:00Z"}, {"customer_id": "Bo"}]},
            "1",
        ),
        Example(
            {"en": "who was dormant before is not lost again", "zh-Hant": "期初已沉睡者不再計入"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2026-01-10T09:00:00Z"},
                    {"customer_id": "Bo", "occurred_at": "2025-03-10T09:00:00Z"},
                ]
            },
            "1",
        ),
        Example(
            {
                "en": "contracts: one of three runs on, one was not renewed, one churned",
                "zh-Hant": "合約：三位中一位續存，一位未續約，一位流失",
            },
            {
                "subscription_due": [
                    {"subscription_id": who, "customer_id": who, "due_at": due, "occurred_at": "2025-09-01T00:00:00Z"}
                    for who, due in (("A", MARCH), ("B", MARCH), ("C", "2026-09-01T00:00:00Z"))
                ],
                "subscription_renewed": [{"subscription_id": "A", "due_at": MARCH, "occurred_at": MARCH}],
                "subscription_churned": [
                    {"subscription_id": "C", "due_at": "2026-09-01T00:00:00Z", "occurred_at": "2026-03-25T00:00:00Z"}
                ],
            },
            "0.333333333333",
            params={"activity": "contracts"},
        ),
        Example({"en": "nobody was active", "zh-Hant": "期初沒有活躍客戶"}, {}, state="no_denominator"),
    ],
)
