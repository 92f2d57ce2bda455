"""Campaigns: what they cost, what a lead from them costs, and who stays."""

from __future__ import annotations

from kpicore import DEDUPE, Example, Indicator, Match, Ref, count, duration, names, rate, total

#: The part of each amount that the period covers of its dates of service.
ACCRUED = "accrued(amount, valid_from, valid_to, period_start, period_end)"

campaign_total_spend = Indicator(
    "marketing.campaign_total_spend",
    title={"en": "Campaign spend", "zh-Hant": "活動總投入"},
    definition={
        "en": "What was spent on campaigns, spread evenly over the dates of service: a period bears its part of them. Without "
        "dates of service it counts when it was booked. A base for other indicators, not scored by itself.",
        "zh-Hant": "活動費用按服務期平均攤銷，期間承擔其所涵蓋的部分；沒有服務期者於入帳時計入。為其他指標的基礎，本身不計分。",
    },
    perspective="operations",
    indicator_type="base",
    roles=["marketing"],
    unit="money",
    better="none",
    data_source={"en": "Finance system", "zh-Hant": "財務系統"},
    credit=("campaign_id", "owner_id", "channel_id"),
    by=("campaign_id",),
    measure=total("spend_term", ACCRUED, at="during", where="campaign_id is not null"),
    moves={
        "en": "Moved by plans and prices of media; moves the cost of a lead and the return. Late invoices restate it.",
        "zh-Hant": "受計畫與媒體價格影響；影響線索成本與投資回報。遲到發票會重述本數字。",
    },
    examples=[
        Example(
            {"en": "two bookings of a campaign; one without is left out", "zh-Hant": "兩筆活動費用；無活動者不計"},
            {
                "spend_booked": [
                    {"campaign_id": "spring", "amount": "300"},
                    {"campaign_id": "spring", "amount": "200"},
                    {"amount": "900"},
                ]
            },
            "500",
        ),
        Example(
            {"en": "31 of 61 days of service lie in March", "zh-Hant": "61 日服務期中 31 日在三月"},
            {
                "spend_booked": [
                    {
                        "campaign_id": "spring",
                        "amount": "610",
                        "service_from": "2026-03-01T00:00:00Z",
                        "service_to": "2026-05-01T00:00:00Z",
                    }
                ]
            },
            "310",
        ),
        Example(
            {"en": "an invoice of May for March belongs to March", "zh-Hant": "五月才到的三月發票計入三月"},
            {
                "spend_booked": [
                    {
                        "campaign_id": "spring",
                        "amount": "80",
                        "occurred_at": "2026-05-20T00:00:00Z",
                        "service_from": "2026-03-01T00:00:00Z",
                        "service_to": "2026-04-01T00:00:00Z",
                    }
                ]
            },
            "80",
        ),
        Example(
            {"en": "by campaign", "zh-Hant": "按活動"},
            {"spend_booked": [{"campaign_id": "spring", "amount": "300"}, {"campaign_id": "fair", "amount": "50"}]},
            "50",
            by={"campaign_id": "fair"},
        ),
        Example({"en": "nothing was spent", "zh-Hant": "沒有費用"}, {}, "0"),
    ],
)

COST = Ref("marketing.campaign_total_spend")

campaign_acquisition_cost = Indicator(
    "marketing.campaign_acquisition_cost",
    title={"en": "Campaign acquisition cost", "zh-Hant": "活動獲客成本"},
    definition={
        "en": "Campaign spend of the period per new lead of the campaign, doubles taken out. It is the cost of a lead, not of "
        "a customer. Spend without any lead has no cost of a lead and is flagged.",
        "zh-Hant": "期內活動總投入除以該活動去重後的新增線索量。此為線索成本，非客戶成本。有投入而無線索時不計算並標記。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing"],
    unit="money",
    better="lower",
    data_source={"en": "Finance system, CRM", "zh-Hant": "財務系統、CRM"},
    params=DEDUPE,
    credit=("campaign_id", "channel_id"),
    by=("campaign_id",),
    measure=COST / count("lead", where="campaign_id is not null"),
    moves={
        "en": "Moved by targeting, offers and prices of media; moves the cost of a customer. Bad leads make it look cheap.",
        "zh-Hant": "受投放精準度、誘因與媒體價格影響；影響獲客成本。劣質線索會使其看似低廉。",
    },
    examples=[
        Example(
            {"en": "500 for four leads", "zh-Hant": "500 得四條線索"},
            {
                "spend_booked": [{"campaign_id": "spring", "amount": "500"}],
                "lead_created": [{"campaign_id": "spring"} for _ in range(4)],
            },
            "125",
        ),
        Example(
            {
                "en": "a contact who comes twice is one lead; other leads are not the campaign's",
                "zh-Hant": "重複留資只算一條；其他線索不屬活動",
            },
            {
                "spend_booked": [{"campaign_id": "spring", "amount": "500"}],
                "lead_created": [
                    {"campaign_id": "spring", "contact_key": "ann", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"campaign_id": "spring", "contact_key": "ann", "occurred_at": "2026-03-05T09:00:00Z"},
                    {"campaign_id": None},
                ],
            },
            "500",
        ),
        Example(
            {"en": "of the fair alone", "zh-Hant": "僅計展會"},
            {
                "spend_booked": [
                    {"campaign_id": "spring", "amount": "500"},
                    {"campaign_id": "fair", "amount": "90"},
                ],
                "lead_created": [{"campaign_id": "fair"}, {"campaign_id": "fair"}],
            },
            "45",
            by={"campaign_id": "fair"},
        ),
        Example(
            {"en": "spend and no lead", "zh-Hant": "有投入而無線索"},
            {"spend_booked": [{"campaign_id": "spring", "amount": "500"}]},
            state="no_denominator",
        ),
        Example({"en": "neither spend nor leads", "zh-Hant": "無投入亦無線索"}, {}, state="no_denominator"),
    ],
)

campaign_customer_retention_30d = Indicator(
    "marketing.campaign_customer_retention_30d",
    title={"en": "Campaign customer retention", "zh-Hant": "活動客戶留存率"},
    definition={
        "en": "Of those who joined a campaign in the period, the ones who order again or interact in a way that counts "
        "after joining and within 30 days. What belongs to the campaign itself, such as its own order, does not count. "
        "Who joins a campaign twice is one participant.",
        "zh-Hant": "期內參與活動者中，參與後 30 日內再次下單或有計入之互動者的比例。屬於該活動本身者（如活動訂單）不計。"
        "同一人多次參與同一活動算一位。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "ecommerce"],
    unit="percent",
    better="higher",
    data_source={"en": "Campaign tool, order system, CRM", "zh-Hant": "活動工具、訂單系統、CRM"},
    params={
        "tail": duration("30d", title={"en": "retention span", "zh-Hant": "留存觀察期"}),
        "interactions": names(
            "consult", "sign_in", "review", title={"en": "interactions that count", "zh-Hant": "計入的互動"}
        ),
    },
    credit=("campaign_id", "owner_id"),
    measure=rate(
        count("campaign_participant"),
        Match(
            "customer_activity",
            "person",
            "occurred_at",
            "occurred_at + $tail",
            "(]",
            where="campaign_id is distinct from row.campaign_id",
        ),
    ),
    moves={
        "en": "Moved by who is invited and by follow-up; moves repeat purchase. Counting likes as interaction inflates it.",
        "zh-Hant": "受邀約對象與後續經營影響；影響復購。將按讚計為互動會虛增。",
    },
    examples=[
        Example(
            {"en": "one of two orders again", "zh-Hant": "兩位參與者一位再購"},
            {
                "campaign_joined": [
                    {"campaign_id": "spring", "customer_id": "Ann", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"campaign_id": "spring", "customer_id": "Bo", "occurred_at": "2026-03-02T09:00:00Z"},
                ],
                "order_paid": [{"customer_id": "Ann", "occurred_at": "2026-04-01T09:00:00Z"}],
            },
            "0.5",
        ),
        Example(
            {
                "en": "the campaign's own order, one at the instant of joining and one after 30 days do not count",
                "zh-Hant": "活動訂單、參與當刻的訂單與 30 日後的訂單不計",
            },
            {
                "campaign_joined": [
                    {"campaign_id": "spring", "customer_id": "Ann", "occurred_at": "2026-03-02T09:00:00Z"}
                ],
                "order_paid": [
                    {"customer_id": "Ann", "campaign_id": "spring", "occurred_at": "2026-03-03T09:00:00Z"},
                    {"customer_id": "Ann", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"customer_id": "Ann", "occurred_at": "2026-04-01T09:00:01Z"},
                ],
            },
            "0",
        ),
        Example(
            {
                "en": "a contact who is known as a customer, and interactions of the counted kinds",
                "zh-Hant": "已識別為客戶的聯絡人，以及計入類別的互動",
            },
            {
                "identity_linked": [{"kind": "contact", "id": "ann", "customer_id": "Ann"}],
                "campaign_joined": [
                    {"campaign_id": "spring", "contact_key": "ann", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"campaign_id": "spring", "customer_id": "Ann", "occurred_at": "2026-03-03T09:00:00Z"},
                    {"campaign_id": "spring", "customer_id": "Bo", "occurred_at": "2026-03-02T09:00:00Z"},
                ],
                "interaction_logged": [
                    {"customer_id": "Ann", "kind": "consult", "occurred_at": "2026-03-10T09:00:00Z"},
                    {"customer_id": "Bo", "kind": "like", "occurred_at": "2026-03-10T09:00:00Z"},
                ],
            },
            "0.5",
        ),
        Example(
            {"en": "ten days after the month it is provisional", "zh-Hant": "月結後十日仍為暫定"},
            {"campaign_joined": [{"campaign_id": "spring", "customer_id": "Ann"}]},
            "0",
            state="provisional",
            as_of="2026-04-10T00:00:00Z",
        ),
        Example({"en": "nobody took part", "zh-Hant": "無人參與"}, {}, state="no_denominator"),
    ],
)
