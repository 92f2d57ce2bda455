"""Lifetime: what a customer brings, and how soon the cost of winning one comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import (
    COST,
    COST_SCOPE,
    PRIOR,
    Choice,
    Constant,
    Crossing,
    Example,
    Given,
    Indicator,
    Match,
    Over,
    Parameter,
    choice,
    count,
    distinct,
    duration,
    holds,
    smallest,
    total,
)
from kpicore_sales.growth import HORIZON, LTV_BASIS

#: Orders inside each customer's own horizon, placed at the first of them.
INSIDE = "order_at <= occurred_at + $horizon"
NEW = count("customer")

#: Margin of a paying customer in the period, by what is known of its cost.
MARGIN = total("net_order", "margin", where="costed and customer_id is not null")
BUYERS = distinct("net_order", "customer_id", where="costed and kept")
MONTHS = Constant("months")

ACTIVE = count("customer_state", at="start", where="state = 'active'")
LOST = count(
    "customer_state",
    at="start",
    where="state = 'active'",
    match=holds("customer_state", "customer_id", "period_end", where="state = 'dormant'"),
)
#: How many months a customer stays at the period's rate of loss: so many at most, and where nobody was lost.
LIFETIME = smallest(ACTIVE * MONTHS / LOST, Given("most"), skip=True)
SPENT = total("net_order", "net", where="kept and customer_id is not null")
SPENDERS = distinct("net_order", "customer_id", where="kept")

customer_ltv = Indicator(
    "sales.customer_ltv",
    title={"en": "Customer lifetime value", "zh-Hant": "單客LTV(生命週期價值)"},
    definition={
        "en": "Of the customers who first bought in the period: the margin of all they buy within the horizon from their own "
        "first order, per customer. Orders whose cost is not known add nothing. With basis revenue: their net "
        "revenue. It is observed: final when the last of them has had the horizon. Mode predicted: margin per paying "
        "customer and month of the period, times the months that a customer stays at the period's rate of loss, up to "
        "a limit, which also holds where nobody was lost.",
        "zh-Hant": "期內首購客戶自各自首單起於觀察期內所有訂單的毛利，除以客戶數。成本不明的訂單不計。基準為「營收」時計淨額。"
        "為實際觀察值；最後一位客戶走完觀察期後定案。模式「預測」：期內付費客戶人均月毛利，乘以按期內流失速度推算的留存月數；設有上限，無人流失時以上限計。",
    },
    perspective="performance",
    roles=["sales", "customer_success"],
    unit="money",
    better="higher",
    data_source={"en": "Order system with cost of goods", "zh-Hant": "訂單系統（含成本）"},
    params={
        "mode": choice(
            "observed",
            "predicted",
            titles={
                "observed": {"en": "observed", "zh-Hant": "實際觀察"},
                "predicted": {"en": "predicted", "zh-Hant": "預測"},
            },
            title={"en": "mode", "zh-Hant": "模式"},
        ),
        "horizon": HORIZON,
        "basis": LTV_BASIS,
        "dormant": duration("180d", title={"en": "lost after", "zh-Hant": "流失判定期"}),
        "most": Parameter("integer", "12", title={"en": "months at most", "zh-Hant": "月數上限"}),
    },
    measure=Choice(
        "mode",
        {
            "observed": Choice(
                "basis",
                {
                    "margin": total("customer_order", "margin", where=f"costed and {INSIDE}", matures="$horizon") / NEW,
                    "revenue": total("customer_order", "net", where=INSIDE, matures="$horizon") / NEW,
                },
            ),
            "predicted": Choice(
                "basis",
                {"margin": MARGIN / BUYERS / MONTHS * LIFETIME, "revenue": SPENT / SPENDERS / MONTHS * LIFETIME},
            ),
        },
    ),
    version="1.1",
    moves={
        "en": "Moved by repeat purchase, margin and retention; moves how much a customer may cost.",
        "zh-Hant": "受復購率、毛利與留存影響；影響可承受的獲客成本。",
    },
    examples=[
        Example(
            {
                "en": "two customers bring 90: later orders count for whom they belong to",
                "zh-Hant": "兩位客戶共 90；後續訂單計入原客戶",
            },
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "100", "cogs": "60"},
                    {"customer_id": "Ann", "gross": "50", "cogs": "20", "occurred_at": "2026-11-01T09:00:00Z"},
                    {"customer_id": "Bo", "gross": "40", "cogs": "20"},
                ]
            },
            "45",
        ),
        Example(
            {"en": "what comes after the horizon does not count", "zh-Hant": "觀察期之後的訂單不計"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "100", "cogs": "60", "occurred_at": "2026-03-01T09:00:00Z"},
                    {"customer_id": "Ann", "gross": "70", "cogs": "50", "occurred_at": "2026-03-31T09:00:00Z"},
                    {"customer_id": "Ann", "gross": "90", "cogs": "10", "occurred_at": "2026-03-31T09:00:01Z"},
                ]
            },
            "60",
            params={"horizon": "30d"},
        ),
        Example(
            {"en": "who first bought before is of another group", "zh-Hant": "期前首購者屬於另一組"},
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "100", "cogs": "60", "occurred_at": "2026-02-10T09:00:00Z"},
                    {"customer_id": "Ann", "gross": "100", "cogs": "60"},
                    {"customer_id": "Bo", "gross": "50", "cogs": "20"},
                ]
            },
            "30",
        ),
        Example(
            {"en": "revenue instead of margin", "zh-Hant": "按營收計"},
            {"order_paid": [{"customer_id": "Ann", "gross": "100"}, {"customer_id": "Bo", "gross": "60"}]},
            "80",
            params={"basis": "revenue"},
        ),
        Example(
            {"en": "too early: nobody has had the horizon", "zh-Hant": "尚早：無人走完觀察期"},
            {"order_paid": [{"customer_id": "Ann", "gross": "100", "cogs": "60"}]},
            state="immature",
            as_of="2026-12-31T00:00:00Z",
        ),
        Example(
            {
                "en": "predicted: 30 a month, and one of two customers is lost in a month",
                "zh-Hant": "預測：月均 30，一個月兩客流失一客",
            },
            {
                "order_paid": [
                    {"customer_id": "Ann", "gross": "70", "cogs": "40"},
                    {"customer_id": "Ann", "occurred_at": "2026-01-10T09:00:00Z", "gross": "500"},
                    {"customer_id": "Bo", "occurred_at": "2025-09-20T09:00:00Z", "gross": "500"},
                ]
            },
            "60",
            params={"mode": "predicted"},
        ),
        Example(
            {"en": "predicted: where nobody is lost, a year", "zh-Hant": "預測：無人流失則計一年"},
            {"order_paid": [{"customer_id": "Ann", "gross": "70", "cogs": "40"}]},
            "360",
            params={"mode": "predicted"},
        ),
        Example(
            {
                "en": "predicted revenue: 120 a month, nobody lost, twelve months",
                "zh-Hant": "預測營收：月 120，無人流失，以十二個月計",
            },
            {"order_paid": [{"customer_id": "Ann", "gross": "120"}]},
            "1440",
            params={"mode": "predicted", "basis": "revenue"},
        ),
        Example({"en": "nobody first bought", "zh-Hant": "沒有首購客戶"}, {}, state="no_denominator"),
    ],
)

#: What the customers of the period bring, order by order.
GAINED = total("customer_order", "margin", where="costed")
#: All that winning them cost: no answer where nobody was won.
PAID = COST / NEW * NEW

STATIC = (COST / NEW) / (MARGIN / BUYERS / MONTHS)
#: Net revenue retention: what the customers of the period before bring now, over what they brought then.
_STAYED = Match("net_order", "customer_id", "previous_start", "period_start", "[)", where="kept")
RETENTION = total("net_order", "net", where="kept and customer_id is not null", match=_STAYED) / Over(SPENT, PRIOR)

#: Ann is new, and Cy bought for 200 before.
CY: Mapping[str, Any] = {"customer_id": "Cy", "gross": "200", "cogs": "9"}
STAYED: list[Mapping[str, Any]] = [
    {"customer_id": "Ann", "gross": "200", "cogs": "100"},
    {"customer_id": "Cy", "gross": "100", "cogs": "50"},
]

cac_payback_months = Indicator(
    "sales.cac_payback_months",
    title={"en": "Months to pay back acquisition cost", "zh-Hant": "客戶獲取成本回收周期"},
    definition={
        "en": "The cost of a new customer over what a paying customer brings in margin a month: acquisition spend per new "
        "customer of the period, divided by margin per paying customer and month of the period. Margin, not revenue. "
        "Only whole months can be measured; where the margin is 0 or less, or nobody new came, there is no answer. "
        "Form static_nrr: the same over net revenue retention, which is what the customers of the period before bring now "
        "over what they brought then. "
        "Form cohort: the first month of age by which the margin of the customers won in the period has paid for all that "
        "winning them cost. Where it has not by the last month that is behind all of them, that month stands, flagged "
        "censored: it takes longer.",
        "zh-Hant": "單位新客獲取成本除以單客月均毛利：期內獲客費用除以新客戶數，再除以（期內付費客戶人均毛利除以月數）。以毛利計，不以營收計。"
        "僅適用於整月期間；毛利不大於 0 或沒有新客戶時不計算。「static_nrr」：再除以淨營收留存率，即上期客戶本期營收與其上期營收之比。「同期群」：期內新客累計毛利首次抵回獲客費用的月數；至全體皆已走完之月仍未回收者，以該月數計並標記 censored，實際更長。",
    },
    perspective="performance",
    roles=["marketing", "finance"],
    unit="months",
    better="lower",
    data_source={"en": "Spend ledger, order system with cost of goods", "zh-Hant": "費用帳、訂單系統（含成本）"},
    params={
        **COST_SCOPE,
        "form": choice(
            "static",
            "static_nrr",
            "cohort",
            titles={
                "static": {"en": "static", "zh-Hant": "靜態"},
                "static_nrr": {"en": "static, by net revenue retention", "zh-Hant": "靜態，經淨營收留存率（NRR）調整"},
                "cohort": {"en": "cohort", "zh-Hant": "同期群"},
            },
            title={"en": "form", "zh-Hant": "計算方式"},
        ),
        "month": duration("30d", title={"en": "length of a month", "zh-Hant": "每月長度"}),
        "most": Parameter("integer", "36", title={"en": "months at most", "zh-Hant": "月數上限"}),
    },
    levels=("company",),
    measure=Choice(
        "form",
        {
            "static": STATIC,
            "static_nrr": STATIC / RETENTION,
            "cohort": Crossing(GAINED, "order_at - occurred_at", PAID, "month", "most"),
        },
    ),
    version="1.2",
    moves={
        "en": "Moved by the cost of acquisition, by margin and by how often customers buy; moves how fast growth may be paid for.",
        "zh-Hant": "受獲客成本、毛利與購買頻率影響；影響擴張的資金節奏。",
    },
    examples=[
        Example(
            {
                "en": "300 a customer come back at 100 a month in three months",
                "zh-Hant": "獲客 300，月毛利 100，三個月回收",
            },
            {
                "spend_booked": [{"amount": "600", "cost_type": "media"}],
                "order_paid": [
                    {"customer_id": "Ann", "gross": "200", "cogs": "100"},
                    {"customer_id": "Bo", "gross": "200", "cogs": "100"},
                ],
            },
            "3",
        ),
        Example(
            {"en": "a quarter's margin is spread over its months", "zh-Hant": "季度毛利攤至各月"},
            {
                "spend_booked": [{"amount": "200", "cost_type": "content"}],
                "order_paid": [{"customer_id": "Ann", "gross": "400", "cogs": "100"}],
            },
            "2",
            period="2026-Q1",
        ),
        Example(
            {"en": "media alone", "zh-Hant": "僅計媒體費用"},
            {
                "spend_booked": [{"amount": "300", "cost_type": "media"}, {"amount": "500", "cost_type": "labour"}],
                "order_paid": [{"customer_id": "Ann", "gross": "200", "cogs": "100"}],
            },
            "3",
            params={"scope": "media"},
        ),
        Example(
            {
                "en": "by net revenue retention: customers bring half of what they brought, so 4 months are 8",
                "zh-Hant": "經 NRR 調整：老客戶營收剩半，四個月成八個月",
            },
            {
                "spend_booked": [{"amount": "300"}],
                "order_paid": [*STAYED, {**CY, "occurred_at": "2026-02-10T09:00:00Z"}],
            },
            "8",
            params={"form": "static_nrr"},
        ),
        Example(
            {
                "en": "by net revenue retention: nobody bought in the month before",
                "zh-Hant": "經 NRR 調整：上月無人購買",
            },
            {
                "spend_booked": [{"amount": "300"}],
                "order_paid": [*STAYED, {**CY, "occurred_at": "2026-01-10T09:00:00Z"}],
            },
            state="no_denominator",
            params={"form": "static_nrr"},
        ),
        Example(
            {"en": "sold at a loss it never comes back", "zh-Hant": "虧本銷售永不回收"},
            {
                "spend_booked": [{"amount": "300", "cost_type": "media"}],
                "order_paid": [{"customer_id": "Ann", "gross": "100", "cogs": "150"}],
            },
            state="no_denominator",
        ),
        Example(
            {
                "en": "cohort: 100 are paid back by an order in the third month",
                "zh-Hant": "同期群：100 於第三個月的訂單回收",
            },
            {
                "spend_booked": [{"amount": "100"}],
                "order_paid": [
                    {"customer_id": "Ann", "gross": "90", "cogs": "30", "occurred_at": "2026-03-05T09:00:00Z"},
                    {"customer_id": "Ann", "gross": "80", "cogs": "40", "occurred_at": "2026-05-10T09:00:00Z"},
                ],
            },
            "3",
            params={"form": "cohort"},
        ),
        Example(
            {"en": "cohort: not paid back in the two months that are known", "zh-Hant": "同期群：已知的兩個月內未回收"},
            {
                "spend_booked": [{"amount": "100"}],
                "order_paid": [
                    {"customer_id": "Ann", "gross": "90", "cogs": "30", "occurred_at": "2026-03-05T09:00:00Z"}
                ],
            },
            "2",
            state="provisional",
            params={"form": "cohort"},
            as_of="2026-06-10T00:00:00Z",
        ),
        Example(
            {"en": "nothing was spent and nobody came", "zh-Hant": "沒有費用也沒有新客戶"}, {}, state="no_denominator"
        ),
    ],
)
