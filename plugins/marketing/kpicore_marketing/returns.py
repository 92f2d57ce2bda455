"""What comes back for what campaigns cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import ATTRIBUTION, Choice, Example, Indicator, Over, Ref, Window, choice, duration, total

COST = Ref("marketing.campaign_total_spend")
#: What came back in the period and the tail after it, as far as it is credited to campaigns.
TAIL = Window("start", "end + $tail")
REVENUE = Over(total("order_credit", "net * credit", where="campaign_id is not null"), TAIL)
MARGIN = Over(total("order_credit", "margin * credit", where="campaign_id is not null"), TAIL)

#: Ann met the campaign, searched eight days later, and bought for 800, of which 200 went back.
INHERITED: Mapping[str, Any] = {
    "spend_booked": [{"campaign_id": "spring", "amount": "100"}],
    "lead_created": [{"lead_id": "L-1", "contact_key": "ann", "occurred_at": "2026-03-12T09:00:00Z"}],
    "touch_recorded": [
        {"contact_key": "ann", "campaign_id": "spring", "occurred_at": "2026-03-03T09:00:00Z"},
        {"contact_key": "ann", "channel_id": "search", "occurred_at": "2026-03-11T09:00:00Z"},
    ],
    "deal_won": [{"deal_id": "D-1", "lead_id": "L-1"}],
    "order_paid": [{"order_id": "O-1", "deal_id": "D-1", "gross": "800", "campaign_id": "other"}],
    "order_refunded": [{"order_id": "O-1", "amount": "200"}],
}

campaign_roi = Indicator(
    "marketing.campaign_roi",
    title={"en": "Campaign return on investment", "zh-Hant": "活動ROI"},
    definition={
        "en": "Net revenue of the orders of the period and the tail after it that is credited to campaigns, over the "
        "campaign spend of the period. Orders have the credit of their lead, or their own campaign. Net return: "
        "revenue, or margin, less cost, over cost. The bases are different figures and are never mixed in a series.",
        "zh-Hant": "期內及其後觀察期內歸屬於活動的訂單淨額，除以期內活動總投入。訂單沿用其線索的歸因，無線索則歸訂單本身的活動。"
        "淨回報基準：（收入或毛利 − 成本）÷ 成本。不同基準不可混用於同一序列。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing"],
    unit="ratio",
    better="higher",
    data_source={"en": "Finance system, order system, CRM", "zh-Hant": "財務系統、訂單系統、CRM"},
    params={
        **ATTRIBUTION,
        "basis": choice(
            "revenue_ratio",
            "net_roi",
            "margin_roi",
            titles={
                "revenue_ratio": {"en": "revenue over cost", "zh-Hant": "營收投入比"},
                "net_roi": {"en": "net return on cost", "zh-Hant": "淨回報率"},
                "margin_roi": {"en": "margin return on cost", "zh-Hant": "毛利回報率"},
            },
            title={"en": "basis", "zh-Hant": "基準"},
        ),
        "tail": duration("30d", title={"en": "tail", "zh-Hant": "後續觀察期"}),
    },
    credit=("campaign_id", "channel_id"),
    by=("campaign_id",),
    measure=Choice(
        "basis",
        {
            "revenue_ratio": REVENUE / COST,
            "net_roi": (REVENUE - COST) / COST,
            "margin_roi": (MARGIN - COST) / COST,
        },
    ),
    moves={
        "en": "Moved by the quality of leads, conversion and spend; moves what is spent next. A long tail flatters old campaigns.",
        "zh-Hant": "受線索品質、轉化與投入影響；影響後續預算。觀察期過長會美化舊活動。",
    },
    examples=[
        Example(
            {"en": "900 came back for 300", "zh-Hant": "投入 300 得 900"},
            {
                "spend_booked": [{"campaign_id": "spring", "amount": "300"}],
                "order_paid": [{"campaign_id": "spring", "gross": "900"}, {"gross": "5000"}],
            },
            "3",
        ),
        Example(
            {"en": "net return on the same", "zh-Hant": "同例的淨回報"},
            {
                "spend_booked": [{"campaign_id": "spring", "amount": "300"}],
                "order_paid": [{"campaign_id": "spring", "gross": "900"}],
            },
            "2",
            params={"basis": "net_roi"},
        ),
        Example(
            {"en": "on margin, below cost it is negative", "zh-Hant": "以毛利計，低於成本為負"},
            {
                "spend_booked": [{"campaign_id": "spring", "amount": "300"}],
                "order_paid": [{"campaign_id": "spring", "gross": "900", "cogs": "750"}],
            },
            "-0.5",
            params={"basis": "margin_roi"},
        ),
        *(
            Example(
                {
                    "en": f"an order belongs to the campaigns of its lead, less refunds; model {model}: {share} of it",
                    "zh-Hant": f"訂單扣除退款後歸其線索的活動；模型 {model}：{share}",
                },
                INHERITED,
                roi,
                params={"model": model},
            )
            for model, share, roi in (
                ("last", "0", "0"),
                ("first", "1", "6"),
                ("linear", "1/2", "3"),
                ("u", "1/2", "3"),
                ("decay", "1/3", "1.999999999998"),
            )
        ),
        Example(
            {"en": "an order of the tail counts, one after it does not", "zh-Hant": "觀察期內的訂單計入，其後不計"},
            {
                "spend_booked": [{"campaign_id": "spring", "amount": "100"}],
                "order_paid": [
                    {"campaign_id": "spring", "gross": "150", "occurred_at": "2026-04-30T23:59:59Z"},
                    {"campaign_id": "spring", "gross": "900", "occurred_at": "2026-05-01T00:00:00Z"},
                ],
            },
            "1.5",
        ),
        Example(
            {"en": "until the tail has passed it is provisional", "zh-Hant": "觀察期未滿前為暫定"},
            {
                "spend_booked": [{"campaign_id": "spring", "amount": "100"}],
                "order_paid": [{"campaign_id": "spring", "gross": "150"}],
            },
            "1.5",
            state="provisional",
            as_of="2026-04-15T00:00:00Z",
        ),
        Example(
            {"en": "without spend there is no return", "zh-Hant": "沒有投入則不計算"},
            {"order_paid": [{"campaign_id": "spring", "gross": "900"}]},
            state="no_denominator",
        ),
        Example({"en": "neither", "zh-Hant": "皆無"}, {}, state="no_denominator"),
    ],
)
