"""Segments: how much comes from target customers, and how many customers and leads are of high net worth."""

from __future__ import annotations

from kpicore import DEDUPE, Choice, Example, Indicator, choice, count, duration, holds, names, rate, total
from kpicore_sales.conversion import WON

TIERS = names("hnw", title={"en": "tiers of high net worth", "zh-Hant": "高淨值等級"})

target_customer_sales_share = Indicator(
    "sales.target_customer_sales_share",
    title={"en": "Target customers' share of sales", "zh-Hant": "目標客戶銷售額占比"},
    definition={
        "en": "The share of the period's sales revenue that comes from customers who were of a target segment when they "
        "ordered; what they are today does not matter. Customers without a segment stay in the whole.",
        "zh-Hant": "期內銷售額中，下單當時屬於目標客群的客戶所占的比例；客戶今日所屬客群不影響。未分群的客戶仍計入分母。",
    },
    perspective="performance",
    roles=["sales"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system, customer master", "zh-Hant": "訂單系統、客戶主檔"},
    params={"segments": names("key", title={"en": "target segments", "zh-Hant": "目標客群"})},
    measure=rate(
        total("net_order", "net"), holds("customer_tier", "customer_id", "occurred_at", where="segment in $segments")
    ),
    moves={
        "en": "Moved by whom the team calls on; moves margin and lifetime value.",
        "zh-Hant": "受團隊拜訪對象影響；影響毛利與終身價值。",
    },
    examples=[
        Example(
            {"en": "300 of 400 from target customers", "zh-Hant": "400 中 300 來自目標客戶"},
            {
                "customer_tiered": [
                    {"customer_id": "Ann", "segment": "key", "effective_from": "2026-01-01T00:00:00Z"},
                    {"customer_id": "Bo", "segment": "other", "effective_from": "2026-01-01T00:00:00Z"},
                ],
                "order_paid": [{"customer_id": "Ann", "gross": "300"}, {"customer_id": "Bo", "gross": "100"}],
            },
            "0.75",
        ),
        Example(
            {"en": "who became a target customer after the order was none", "zh-Hant": "下單後才成為目標客戶者不計"},
            {
                "customer_tiered": [{"customer_id": "Ann", "segment": "key", "effective_from": "2026-03-20T00:00:00Z"}],
                "order_paid": [
                    {"customer_id": "Ann", "gross": "100", "occurred_at": "2026-03-10T09:00:00Z"},
                    {"customer_id": "Ann", "gross": "100", "occurred_at": "2026-03-25T09:00:00Z"},
                ],
            },
            "0.5",
        ),
        Example(
            {"en": "customers without a segment stay in the whole", "zh-Hant": "未分群客戶仍在分母"},
            {
                "customer_tiered": [{"customer_id": "Ann", "segment": "key", "effective_from": "2026-01-01T00:00:00Z"}],
                "order_paid": [{"customer_id": "Ann", "gross": "100"}, {"customer_id": "Cy", "gross": "300"}],
            },
            "0.25",
        ),
        Example({"en": "nothing was sold", "zh-Hant": "沒有銷售"}, {}, state="no_denominator"),
    ],
)

HNW_LEADS = count("tiered_lead", where="first_tier in $tiers")

hnw_lead_to_deal_rate = Indicator(
    "sales.hnw_lead_to_deal_rate",
    title={"en": "High-net-worth lead-to-deal rate", "zh-Hant": "高淨值線索成單率"},
    definition={
        "en": "Lead-to-deal rate of the leads that were of high net worth when they were created: by the lead's own tier, else "
        "by the tier that its customer had then or first got within the time to tier. What a customer becomes later "
        "changes nothing.",
        "zh-Hant": "建立時即屬高淨值的線索之成單率：以線索自身等級為準，否則以其客戶當時的等級，或於分級期限內首次取得的等級為準。日後等級變動不追溯。",
    },
    perspective="performance",
    roles=["sales"],
    unit="percent",
    better="higher",
    data_source={"en": "CRM, customer master", "zh-Hant": "CRM、客戶主檔"},
    params={
        "horizon": duration("90d", title={"en": "horizon", "zh-Hant": "觀察期"}),
        **DEDUPE,
        "tiering": duration("7d", title={"en": "time to tier", "zh-Hant": "分級期限"}),
        "tiers": TIERS,
    },
    measure=rate(HNW_LEADS, WON),
    moves={
        "en": "Moved by who follows up and how soon; moves revenue and the share of valuable customers.",
        "zh-Hant": "受跟進人員與速度影響；影響銷售額與高淨值客戶占比。",
    },
    examples=[
        Example(
            {"en": "one of two is won; other leads do not count", "zh-Hant": "兩條成一；其他線索不計"},
            {
                "lead_created": [
                    {"lead_id": "L-1", "contact_key": "a", "tier": "hnw"},
                    {"lead_id": "L-2", "contact_key": "b", "tier": "hnw"},
                    {"lead_id": "L-3", "contact_key": "c", "tier": "mass"},
                ],
                "deal_won": [{"lead_id": "L-1"}, {"lead_id": "L-3"}],
            },
            "0.5",
        ),
        Example(
            {"en": "a customer tiered within seven days counts, later not", "zh-Hant": "七日內分級者計入，逾期不計"},
            {
                "lead_created": [
                    {"lead_id": "L-1", "contact_key": "a", "occurred_at": "2026-03-02T00:00:00Z"},
                    {"lead_id": "L-2", "contact_key": "b", "occurred_at": "2026-03-02T00:00:00Z"},
                ],
                "identity_linked": [
                    {"kind": "contact", "id": "a", "customer_id": "Ann"},
                    {"kind": "contact", "id": "b", "customer_id": "Bo"},
                ],
                "customer_tiered": [
                    {"customer_id": "Ann", "tier": "hnw", "effective_from": "2026-03-09T00:00:00Z"},
                    {"customer_id": "Bo", "tier": "hnw", "effective_from": "2026-03-10T00:00:00Z"},
                ],
                "deal_won": [{"lead_id": "L-1"}],
            },
            "1",
        ),
        Example(
            {"en": "a deal after the horizon comes too late", "zh-Hant": "觀察期後成交不計"},
            {
                "lead_created": [{"lead_id": "L-1", "tier": "hnw", "occurred_at": "2026-03-01T00:00:00Z"}],
                "deal_won": [{"lead_id": "L-1", "occurred_at": "2026-05-30T00:00:01Z"}],
            },
            "0",
        ),
        Example({"en": "no such lead came", "zh-Hant": "沒有高淨值線索"}, {}, state="no_denominator"),
    ],
)

ACTIVE = count("customer_state", at="end", where="state = 'active'")
HIGH = holds("customer_tier", "customer_id", "period_end", where="tier in $tiers")

high_net_worth_customer_share = Indicator(
    "sales.high_net_worth_customer_share",
    title={"en": "High-net-worth share of customers", "zh-Hant": "高淨值客戶占比"},
    definition={
        "en": "Of the customers who are active when the period closes, those whose tier is then of high net worth. Active is "
        "who bought no longer ago than the dormant span. Scope new: of the customers who first bought in the period.",
        "zh-Hant": "期末活躍客戶中，當時等級為高淨值者的比例。活躍指最近一次購買未逾沉睡判定期。範圍為「新客戶」時：期內首購客戶中的比例。",
    },
    perspective="performance",
    roles=["sales"],
    unit="percent",
    better="higher",
    data_source={"en": "Order system, customer master", "zh-Hant": "訂單系統、客戶主檔"},
    params={
        "scope": choice(
            "active",
            "new",
            titles={
                "active": {"en": "active customers", "zh-Hant": "活躍客戶"},
                "new": {"en": "new customers", "zh-Hant": "新客戶"},
            },
            title={"en": "customers that count", "zh-Hant": "計入的客戶"},
        ),
        "dormant": duration("180d", title={"en": "dormant after", "zh-Hant": "沉睡判定期"}),
        "tiers": TIERS,
    },
    measure=Choice("scope", {"active": rate(ACTIVE, HIGH), "new": rate(count("customer"), HIGH)}),
    moves={
        "en": "Moved by whom marketing attracts and whom service keeps; moves average spend and lifetime value.",
        "zh-Hant": "受獲客對象與留存影響；影響客單價與終身價值。",
    },
    examples=[
        Example(
            {"en": "one of two active customers", "zh-Hant": "兩位活躍客戶之一"},
            {
                "order_paid": [{"customer_id": "Ann"}, {"customer_id": "Bo", "occurred_at": "2026-01-10T09:00:00Z"}],
                "customer_tiered": [{"customer_id": "Ann", "tier": "hnw", "effective_from": "2026-03-30T00:00:00Z"}],
            },
            "0.5",
        ),
        Example(
            {"en": "the tier at the period's end counts, not a later one", "zh-Hant": "以期末等級為準，期後變動不計"},
            {
                "order_paid": [{"customer_id": "Ann"}],
                "customer_tiered": [{"customer_id": "Ann", "tier": "hnw", "effective_from": "2026-04-01T00:00:00Z"}],
            },
            "0",
        ),
        Example(
            {"en": "who has not bought for half a year is not active", "zh-Hant": "半年未購者不算活躍"},
            {
                "order_paid": [{"customer_id": "Ann"}, {"customer_id": "Bo", "occurred_at": "2025-09-01T09:00:00Z"}],
                "customer_tiered": [{"customer_id": "Ann", "tier": "hnw", "effective_from": "2026-01-01T00:00:00Z"}],
            },
            "1",
        ),
        Example(
            {"en": "new: known customers count nowhere", "zh-Hant": "新客戶範圍：老客戶不計"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2026-01-10T09:00:00Z"},
                    {"customer_id": "Ann"},
                    {"customer_id": "Bo"},
                    {"customer_id": "Cy"},
                ],
                "customer_tiered": [
                    {"customer_id": "Ann", "tier": "hnw", "effective_from": "2026-01-01T00:00:00Z"},
                    {"customer_id": "Bo", "tier": "hnw", "effective_from": "2026-01-01T00:00:00Z"},
                ],
            },
            "0.5",
            params={"scope": "new"},
        ),
        Example({"en": "no customer is active", "zh-Hant": "沒有活躍客戶"}, {}, state="no_denominator"),
    ],
)
