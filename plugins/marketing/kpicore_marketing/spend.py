"""Spend: what a customer costs, whether budgets hold, and what was spent for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import (
    ACQUISITION,
    ACQUISITION_COST,
    ATTRIBUTION,
    Choice,
    Example,
    Indicator,
    Match,
    Parameter,
    choice,
    count,
    duration,
    names,
    total,
)
from kpicore_marketing.campaigns import ACCRUED

customer_acquisition_cost = Indicator(
    "marketing.customer_acquisition_cost",
    title={"en": "Customer acquisition cost", "zh-Hant": "獲客成本"},
    definition={
        "en": "Spend booked in the period per customer whose first kept order is in it, over all channels. Fully loaded counts "
        "every cost (media, labour, production, tools), scope media only the cost types that are media. With a lag, "
        "the spend is that of a period so much earlier. Where sales end with deals, customers may be those whose first "
        "won deal is in the period. Spend without any new customer is flagged.",
        "zh-Hant": "期內入帳費用除以首筆有效訂單在期內的客戶數，不分渠道。全成本基準計所有費用（媒體、人力、製作、工具），"
        "媒體基準只計媒體類費用。設有時差時取較早期間的費用。以成交認定時，客戶為首筆成交在期內者。有費用而無新客戶時標記。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "finance"],
    unit="money",
    better="lower",
    data_source={"en": "Finance system, order system", "zh-Hant": "財務系統、訂單系統"},
    params=ACQUISITION,
    levels=["company"],
    measure=ACQUISITION_COST / Choice("customers", {"orders": count("customer"), "deals": count("won_customer")}),
    moves={
        "en": "Moved by the cost of a lead and by conversion; moves the payback of customers. Cutting brand spend flatters it.",
        "zh-Hant": "受線索成本與轉化影響；影響客戶成本回收。削減品牌費用會使其好看一時。",
    },
    examples=[
        Example(
            {"en": "600 for three new customers", "zh-Hant": "600 得三位新客戶"},
            {
                "spend_booked": [{"amount": "400"}, {"amount": "200"}],
                "order_paid": [{"customer_id": who} for who in ("Ann", "Bo", "Cy")],
            },
            "200",
        ),
        Example(
            {"en": "who bought before, or was refunded in full, is not new", "zh-Hant": "老客戶與全額退款者不算新客戶"},
            {
                "spend_booked": [{"amount": "600"}],
                "order_paid": [
                    {"customer_id": "Ann", "occurred_at": "2026-02-02T09:00:00Z"},
                    {"customer_id": "Ann"},
                    {"order_id": "O-3", "customer_id": "Bo", "gross": "70"},
                    {"customer_id": "Cy"},
                ],
                "order_refunded": [{"order_id": "O-3", "amount": "70"}],
            },
            "600",
        ),
        Example(
            {"en": "media alone", "zh-Hant": "僅計媒體"},
            {
                "spend_booked": [
                    {"amount": "400", "cost_type": "media"},
                    {"amount": "200", "cost_type": "labour"},
                    {"amount": "100"},
                ],
                "order_paid": [{"customer_id": "Ann"}, {"customer_id": "Bo"}],
            },
            "200",
            params={"scope": "media"},
        ),
        Example(
            {
                "en": "with a lag of 31 days March is paid by 29 January to 28 February",
                "zh-Hant": "時差 31 日：三月客戶由一月底至二月底費用取得",
            },
            {
                "spend_booked": [
                    {"amount": "500", "occurred_at": "2026-02-10T09:00:00Z"},
                    {"amount": "900", "occurred_at": "2026-03-10T09:00:00Z"},
                ],
                "order_paid": [{"customer_id": "Ann"}],
            },
            "500",
            params={"lag": "31d"},
        ),
        Example(
            {"en": "customers by their first won deal", "zh-Hant": "以首筆成交認定客戶"},
            {
                "spend_booked": [{"amount": "600"}],
                "deal_won": [
                    {"customer_id": "Ann", "occurred_at": "2026-02-02T09:00:00Z"},
                    {"customer_id": "Ann"},
                    {"customer_id": "Bo"},
                    {"customer_id": "Cy"},
                ],
            },
            "300",
            params={"customers": "deals"},
        ),
        Example(
            {"en": "spend and no new customer", "zh-Hant": "有費用而無新客戶"},
            {"spend_booked": [{"amount": "600"}]},
            state="no_denominator",
        ),
        Example({"en": "neither", "zh-Hant": "皆無"}, {}, state="no_denominator"),
    ],
)

ACTUAL = total("spend_term", ACCRUED, at="during")
BUDGET = total(
    "budget", "accrued(amount, valid_from, term_end, period_start, least(period_end, valid_to))", at="during"
)

marketing_spend_variance_rate = Indicator(
    "marketing.marketing_spend_variance_rate",
    title={"en": "Marketing spend variance", "zh-Hant": "營銷費用偏差率"},
    definition={
        "en": "Spend less budget, over budget, both spread over their dates. Above 0 is overspent. A later budget of a line "
        "takes the place of the one before from its start on. Without a budget there is no variance; spend is flagged.",
        "zh-Hant": "（實際費用 − 預算）÷ 預算，兩者皆按期間攤銷。正值為超支。同一科目較晚的預算自其起始日取代前者。沒有預算時不計算，有費用則標記。",
    },
    perspective="risk",
    indicator_type="guard",
    roles=["marketing", "finance"],
    unit="percent",
    better="range",
    data_source={"en": "Finance system", "zh-Hant": "財務系統"},
    credit=("budget_line", "owner_id"),
    measure=(ACTUAL - BUDGET) / BUDGET,
    moves={
        "en": "Moved by planning and by prices; near 0 is the aim. Both over- and underspending miss it.",
        "zh-Hant": "受規劃與價格影響；以接近 0 為目標。超支與未用完都算偏差。",
    },
    examples=[
        Example(
            {"en": "1,050 of 1,000: 5 % over", "zh-Hant": "預算 1,000 用 1,050：超支 5%"},
            {
                "spend_booked": [{"amount": "1050", "budget_line": "ads"}],
                "budget_set": [
                    {
                        "budget_line": "ads",
                        "amount": "1000",
                        "valid_from": "2026-03-01T00:00:00Z",
                        "valid_to": "2026-04-01T00:00:00Z",
                    }
                ],
            },
            "0.05",
        ),
        Example(
            {"en": "a month of a quarter bears its days of both", "zh-Hant": "季中一月按日承擔費用與預算"},
            {
                "spend_booked": [
                    {
                        "amount": "450",
                        "service_from": "2026-01-01T00:00:00Z",
                        "service_to": "2026-04-01T00:00:00Z",
                    }
                ],
                "budget_set": [
                    {
                        "budget_line": "ads",
                        "amount": "900",
                        "valid_from": "2026-01-01T00:00:00Z",
                        "valid_to": "2026-04-01T00:00:00Z",
                    }
                ],
            },
            "-0.5",
        ),
        Example(
            {"en": "a budget that was raised in March counts from then on", "zh-Hant": "三月調高的預算自當日起計"},
            {
                "spend_booked": [{"amount": "620"}],
                "budget_set": [
                    {
                        "budget_line": "ads",
                        "amount": "900",
                        "valid_from": "2026-01-01T00:00:00Z",
                        "valid_to": "2026-04-01T00:00:00Z",
                    },
                    {
                        "budget_line": "ads",
                        "amount": "310",
                        "valid_from": "2026-03-01T00:00:00Z",
                        "valid_to": "2026-04-01T00:00:00Z",
                    },
                ],
            },
            "1",
        ),
        Example(
            {"en": "spend without a budget", "zh-Hant": "有費用而無預算"},
            {"spend_booked": [{"amount": "50"}]},
            state="no_denominator",
        ),
        Example({"en": "neither", "zh-Hant": "皆無"}, {}, state="no_denominator"),
    ],
)

#: Brand spend is not bought for leads, and counts on neither side.
JUDGED = "(cost_type is null or cost_type not in $exempt)"


UNITS = {"ad_unit": "ad_unit_id", "campaign": "campaign_id", "content": "content_id"}
SPENT = {
    grain: total("spend_booked", "amount", where=f"{unit} is not null and {JUDGED}") for grain, unit in UNITS.items()
}
#: Spend of units that are worth judging and brought no lead until the lag after the period.
WASTED = {
    grain: total(
        "spend_booked",
        "amount",
        where=f"{unit} is not null and {JUDGED}",
        match=(
            Match(
                "spend_booked", unit, "period_start", "period_end", "[)", where=JUDGED, of="amount", least="$minimum"
            ),
            Match("lead_credit", unit, "period_start", "period_end + $lag", "[)", absent=True),
        ),
    )
    for grain, unit in UNITS.items()
}

SEARCH = {"ad_unit_id": "search", "amount": "100"}
VIDEO = {"ad_unit_id": "video", "amount": "300"}
#: Ann saw the video, then searched; her lead came a fortnight later.
PATH: Mapping[str, Any] = {
    "spend_booked": [SEARCH, VIDEO],
    "lead_created": [{"contact_key": "ann", "occurred_at": "2026-03-20T09:00:00Z"}],
    "touch_recorded": [
        {"contact_key": "ann", "ad_unit_id": "video", "occurred_at": "2026-03-05T09:00:00Z"},
        {"contact_key": "ann", "ad_unit_id": "search", "occurred_at": "2026-03-06T09:00:00Z"},
    ],
}

wasted_spend_share = Indicator(
    "marketing.wasted_spend_share",
    title={"en": "Wasted spend share", "zh-Hant": "無效投入占比"},
    definition={
        "en": "Of the period's spend on ad units, the part of units that no lead of the period, or of the lag after it, is "
        "credited to. The grain may be the campaign or the content instead. Units below the minimum spend are not "
        "judged wasted; exempt cost types, such as brand, count on neither side.",
        "zh-Hant": "期內廣告單元費用中，期內及其後觀察期內未獲任何線索歸因的單元所占比例。粒度可改為活動或內容。"
        "低於最低投入的單元不判為無效；豁免的費用類型（如品牌）兩邊都不計。",
    },
    perspective="risk",
    indicator_type="guard",
    roles=["marketing"],
    unit="percent",
    better="lower",
    data_source={"en": "Advertising accounts, CRM", "zh-Hant": "廣告帳戶、CRM"},
    params={
        **ATTRIBUTION,
        "grain": choice(
            "ad_unit",
            "campaign",
            "content",
            titles={
                "ad_unit": {"en": "ad unit", "zh-Hant": "廣告單元"},
                "campaign": {"en": "campaign", "zh-Hant": "活動"},
                "content": {"en": "content", "zh-Hant": "內容"},
            },
            title={"en": "grain", "zh-Hant": "粒度"},
        ),
        "lag": duration("14d", title={"en": "lag of leads", "zh-Hant": "線索時差"}),
        "minimum": Parameter("decimal", "0", title={"en": "minimum spend to judge", "zh-Hant": "最低判定投入"}),
        "exempt": names("brand", title={"en": "exempt cost types", "zh-Hant": "豁免的費用類型"}),
    },
    credit=("owner_id", "channel_id", "campaign_id"),
    measure=Choice("grain", {grain: WASTED[grain] / SPENT[grain] for grain in UNITS}),
    moves={
        "en": "Moved by pruning keywords and creatives; lowers the cost of a lead. A short lag calls slow channels waste.",
        "zh-Hant": "受關鍵字與素材汰換影響；可降低線索成本。觀察期過短會誤判慢熱渠道。",
    },
    examples=[
        Example(
            {"en": "the video's 300 of 400 brought no lead", "zh-Hant": "400 中影片的 300 未帶來線索"}, PATH, "0.75"
        ),
        *(
            Example(
                {
                    "en": f"model {model}: who has no share of the lead is wasted",
                    "zh-Hant": f"模型 {model}：沒有份額者即為無效",
                },
                PATH,
                wasted,
                params={"model": model},
            )
            for model, wasted in (("first", "0.25"), ("linear", "0"), ("u", "0"), ("decay", "0"))
        ),
        Example(
            {"en": "a lead on the last day of the lag saves its unit", "zh-Hant": "觀察期最後一日的線索使其單元有效"},
            {
                "spend_booked": [SEARCH, VIDEO],
                "lead_created": [
                    {"ad_unit_id": "search", "occurred_at": "2026-04-15T00:00:00Z"},
                    {"ad_unit_id": "video", "occurred_at": "2026-04-14T23:59:59Z"},
                ],
            },
            "0.25",
        ),
        Example(
            {"en": "too little was spent on search to judge it", "zh-Hant": "搜尋投入過少，不判定"},
            {"spend_booked": [SEARCH, VIDEO]},
            "0.75",
            params={"minimum": "200"},
        ),
        Example(
            {"en": "brand spend is exempt", "zh-Hant": "品牌費用豁免"},
            {"spend_booked": [SEARCH, {**VIDEO, "cost_type": "brand"}]},
            "1",
        ),
        *(
            Example(
                {"en": f"by {grain}: half brought nothing", "zh-Hant": f"按{word}：一半無效"},
                {
                    "spend_booked": [{f"{grain}_id": "one"}, {f"{grain}_id": "two"}],
                    "lead_created": [{f"{grain}_id": "one"}],
                },
                "0.5",
                params={"grain": grain},
            )
            for grain, word in (("campaign", "活動"), ("content", "內容"))
        ),
        Example(
            {"en": "until the lag has passed it is provisional", "zh-Hant": "觀察期未滿前為暫定"},
            {"spend_booked": [SEARCH]},
            "1",
            state="provisional",
            as_of="2026-04-10T00:00:00Z",
        ),
        Example({"en": "nothing was spent on ads", "zh-Hant": "沒有廣告費用"}, {}, state="no_denominator"),
    ],
)
