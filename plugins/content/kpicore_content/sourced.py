"""What content brings: leads, what they cost, and how many readers become one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import ATTRIBUTION, Choice, Example, Indicator, Whole, choice, count, distinct, duration, names, total

CREDIT = ("author_id", "content_team_id")
#: Break-downs that say what brought a lead: all leads stand against each of them.
WHAT = ("content_id", "platform", "content_type", "author_id", "content_team_id", "channel_id", "campaign_id")
CREDITED = total("lead_credit", "credit", where="content_id is not null")

POST, NOTE = (
    {"content_id": "post", "platform": "wechat_oa", "occurred_at": "2026-03-01T09:00:00Z"},
    {"content_id": "note", "platform": "xiaohongshu", "occurred_at": "2026-03-01T09:00:00Z"},
)


def _touch(contact: str, day: str, content: str | None = None, **more: Any) -> dict[str, Any]:
    return {"contact_key": contact, "content_id": content, "occurred_at": f"{day}T09:00:00Z", **more}


#: Ann read a post, then a note, then saw an advertisement; then she left her number.
JOURNEY: Mapping[str, Any] = {
    "content_published": [POST, NOTE],
    "lead_created": [{"contact_key": "ann", "occurred_at": "2026-03-16T09:00:00Z"}],
    "touch_recorded": [
        _touch("ann", "2026-03-08", "post"),
        _touch("ann", "2026-03-10", "note"),
        _touch("ann", "2026-03-15", channel_id="ads"),
    ],
}

official_account_lead_share = Indicator(
    "content.official_account_lead_share",
    title={"en": "Lead share of official-account articles", "zh-Hant": "公眾號文章帶來的線索量占比"},
    definition={
        "en": "Credit for leads that belongs to touches of official-account articles, as a share of all leads of the period, "
        "doubles taken out. Leads without touches stay in the denominator, and it is the same for everyone: shares of "
        "authors add up.",
        "zh-Hant": "歸屬於公眾號文章觸點的線索份額，占期內全部去重線索的比例。無觸點的線索仍計入分母；各作者分母相同，占比可相加。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["content"],
    unit="percent",
    better="higher",
    data_source={"en": "CRM, tracking of touches, CMS", "zh-Hant": "CRM、觸點追蹤、內容管理系統"},
    params={**ATTRIBUTION, "platforms": names("wechat_oa", title={"en": "platforms", "zh-Hant": "平台"})},
    credit=CREDIT,
    measure=total("lead_credit", "credit", where="platform in $platforms") / Whole(count("lead"), ("subject", *WHAT)),
    moves={
        "en": "Moved by what articles offer and ask for; lowers the cost of a lead. It says what counting posts does not.",
        "zh-Hant": "受文章內容與行動呼籲影響；可降低線索成本。取代「每週發 3 篇公眾號」。",
    },
    replaces="content.official_account_posts",
    examples=[
        Example(
            {"en": "one of four leads came from an article", "zh-Hant": "四條線索一條來自文章"},
            {
                "content_published": [POST, NOTE],
                "lead_created": [{"contact_key": who} for who in ("ann", "bo", "cy", "di")],
                "touch_recorded": [_touch("ann", "2026-03-10", "post"), _touch("bo", "2026-03-10", "note")],
            },
            "0.25",
        ),
        *(
            Example({"en": f"model {model}: {en}", "zh-Hant": f"{word}:{zh}"}, JOURNEY, value, params={"model": model})
            for model, word, en, zh, value in (
                ("first", "首次", "the post came first and has it all", "文章最先，獨得", "1"),
                ("linear", "線性", "one of three touches", "三觸點之一", "0.333333333333"),
                ("u", "U 型", "40 % for the first", "首個觸點得 40%", "0.4"),
                ("decay", "時間衰減", "8, 6 and 1 days before: 1 to 2 to 2", "前 8、6、1 日：一比二比二", "0.2"),
            )
        ),
        Example({"en": "last touch: the advertisement has it all", "zh-Hant": "末次觸點：廣告獨得"}, JOURNEY, "0"),
        Example(
            {"en": "a contact who comes twice is one lead", "zh-Hant": "重複留資只算一條線索"},
            {
                "content_published": [POST],
                "lead_created": [
                    {"contact_key": "ann", "occurred_at": "2026-03-12T09:00:00Z"},
                    {"contact_key": "ann", "occurred_at": "2026-03-14T09:00:00Z"},
                    {"contact_key": "bo"},
                ],
                "touch_recorded": [_touch("ann", "2026-03-10", "post")],
            },
            "0.5",
        ),
        Example({"en": "no leads", "zh-Hant": "沒有線索"}, {}, state="no_denominator"),
    ],
)

#: What is spread over time counts for the part that the period covers.
COST = total("content_spend", "accrued(amount, valid_from, valid_to, period_start, period_end)", at="during")

content_acquisition_cost = Indicator(
    "content.content_acquisition_cost",
    title={"en": "Content acquisition cost", "zh-Hant": "內容獲客成本"},
    definition={
        "en": "Spend booked on contents in the period, and on their production, per lead credited to content; or per new "
        "customer. The cost of contents that last, such as white papers, can be spread over time. Spend without any "
        "lead is flagged.",
        "zh-Hant": "期內入帳的內容費用與製作費用，除以歸屬內容的線索量（或新客戶數）。白皮書等長效內容的費用可聲明攤銷。有費用而無線索時標記。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "content"],
    unit="money",
    better="lower",
    data_source={"en": "Finance system, CRM, tracking of touches", "zh-Hant": "財務系統、CRM、觸點追蹤"},
    params={
        **ATTRIBUTION,
        "acquired": choice(
            "lead",
            "customer",
            titles={
                "lead": {"en": "leads", "zh-Hant": "線索"},
                "customer": {"en": "new customers", "zh-Hant": "新客戶"},
            },
            title={"en": "what is acquired", "zh-Hant": "獲客單位"},
        ),
        "production": names("content", "production", title={"en": "costs of production", "zh-Hant": "製作費用類型"}),
        "amortise": duration("0d", title={"en": "spread lasting content over", "zh-Hant": "長效內容攤銷期"}),
        "lasting": names("whitepaper", "guide", title={"en": "contents that last", "zh-Hant": "長效內容類型"}),
    },
    credit=CREDIT,
    measure=Choice(
        "acquired",
        {
            "lead": COST / CREDITED,
            "customer": COST / total("customer_credit", "credit", where="content_id is not null"),
        },
    ),
    moves={
        "en": "Moved by content conversion and by what lasts: better titles raise the one, guides the other.",
        "zh-Hant": "受內容轉化率與內容壽命影響：更好的標題提升轉化，指南類內容更長效。",
    },
    examples=[
        Example(
            {"en": "500 for two leads", "zh-Hant": "500 得兩條線索"},
            {
                "content_published": [POST],
                "spend_booked": [
                    {"content_id": "post", "amount": "400"},
                    {"cost_type": "production", "amount": "100"},
                    {"cost_type": "media", "amount": "900"},
                ],
                "lead_created": [{"contact_key": "ann"}, {"contact_key": "bo"}, {"contact_key": "cy"}],
                "touch_recorded": [_touch("ann", "2026-03-10", "post"), _touch("bo", "2026-03-10", "post")],
            },
            "250",
        ),
        *(
            Example(
                {
                    "en": f"model {model}: of one lead content has {share}",
                    "zh-Hant": f"{word}：內容占一條線索的 {share}",
                },
                {**JOURNEY, "spend_booked": [{"content_id": "post", "amount": "60"}]},
                value,
                params={"model": model},
            )
            for model, word, share, value in (
                ("first", "首次", "1", "60"),
                ("linear", "線性", "2/3", "90.00000000009"),
                ("u", "U 型", "0.6", "100"),
                ("decay", "時間衰減", "0.6", "100"),
            )
        ),
        Example(
            {"en": "a third of a guide's cost, spread over 93 days", "zh-Hant": "指南費用攤 93 日，三月承擔三分之一"},
            {
                "content_published": [{**POST, "type": "guide"}],
                "spend_booked": [{"content_id": "post", "amount": "930", "occurred_at": "2026-03-01T00:00:00Z"}],
                "lead_created": [{"contact_key": "ann"}],
                "touch_recorded": [_touch("ann", "2026-03-10", "post")],
            },
            "310",
            params={"amortise": "93d"},
        ),
        Example(
            {"en": "per customer: orders inherit the credit of their lead", "zh-Hant": "按客戶：訂單承襲線索歸屬"},
            {
                "content_published": [POST],
                "spend_booked": [{"content_id": "post", "amount": "500"}],
                "lead_created": [
                    {"lead_id": "L-1", "contact_key": "ann", "occurred_at": "2026-03-12T09:00:00Z"},
                    {"lead_id": "L-2", "contact_key": "bo", "occurred_at": "2026-03-12T09:00:00Z"},
                ],
                "touch_recorded": [_touch("ann", "2026-03-10", "post"), _touch("bo", "2026-03-10", "post")],
                "deal_won": [{"deal_id": "D-1", "lead_id": "L-1"}],
                "order_paid": [{"customer_id": "Ann", "deal_id": "D-1"}, {"customer_id": "Cy"}],
            },
            "500",
            params={"acquired": "customer"},
        ),
        Example(
            {"en": "spend and no lead", "zh-Hant": "有費用而無線索"},
            {"spend_booked": [{"content_id": "post", "amount": "500"}]},
            state="no_denominator",
        ),
        Example({"en": "neither", "zh-Hant": "皆無"}, {}, state="no_denominator"),
    ],
)

VISITORS = distinct("content_view", "visitor_id")

content_conversion_rate = Indicator(
    "content.content_conversion_rate",
    title={"en": "Content conversion rate", "zh-Hant": "內容引流轉化率"},
    definition={
        "en": "Leads credited to content over the visitors of content pages, each visitor once in the period and without "
        "bots; or orders in place of leads. Credit follows the attribution model. A lead counts in the period in "
        "which it was created, even where the visit lies before.",
        "zh-Hant": "歸屬內容的線索（或訂單）份額除以內容頁訪客數；訪客期內只計一次，排除機器流量。份額依歸因模型。線索計入其建立當期，即使訪問在前一期。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["content", "marketing"],
    unit="percent",
    better="higher",
    data_source={"en": "Web analytics, CRM, tracking of touches", "zh-Hant": "網站分析、CRM、觸點追蹤"},
    params={
        **ATTRIBUTION,
        "outcome": choice(
            "lead",
            "order",
            titles={"lead": {"en": "leads", "zh-Hant": "線索"}, "order": {"en": "orders", "zh-Hant": "訂單"}},
            title={"en": "what visitors become", "zh-Hant": "轉化目標"},
        ),
    },
    credit=CREDIT,
    measure=Choice(
        "outcome",
        {
            "lead": CREDITED / VISITORS,
            "order": total("order_credit", "credit", where="content_id is not null and kept") / VISITORS,
        },
    ),
    moves={
        "en": "Moved by titles that promise what the page holds, and by what it asks for; lowers content acquisition cost.",
        "zh-Hant": "受標題與內容相符程度、行動呼籲影響；可降低內容獲客成本。",
    },
    examples=[
        Example(
            {
                "en": "one lead of five visitors; who comes twice is one visitor",
                "zh-Hant": "五位訪客一條線索；重訪只計一位",
            },
            {
                "content_published": [POST],
                "page_viewed": [
                    *({"visitor_id": who, "content_id": "post"} for who in ("v1", "v2", "v3", "v4", "v5", "v5")),
                    {"visitor_id": "v6", "content_id": "post", "bot": True},
                    {"visitor_id": "v7", "page": "home"},
                ],
                "lead_created": [{"contact_key": "ann"}, {"contact_key": "bo"}],
                "touch_recorded": [_touch("ann", "2026-03-10", "post")],
            },
            "0.2",
        ),
        *(
            Example(
                {"en": f"model {model}: content's part of the lead", "zh-Hant": f"{word}：內容所占線索份額"},
                {**JOURNEY, "page_viewed": [{"visitor_id": who, "content_id": "post"} for who in ("v1", "v2")]},
                value,
                params={"model": model},
            )
            for model, word, value in (
                ("first", "首次", "0.5"),
                ("linear", "線性", "0.333333333333"),
                ("u", "U 型", "0.3"),
                ("decay", "時間衰減", "0.3"),
            )
        ),
        Example(
            {"en": "orders: a fully refunded one does not count", "zh-Hant": "訂單基準：全額退款者不計"},
            {
                "content_published": [POST],
                "page_viewed": [{"visitor_id": who, "content_id": "post"} for who in ("v1", "v2")],
                "lead_created": [
                    {"lead_id": "L-1", "contact_key": "ann", "occurred_at": "2026-03-12T09:00:00Z"},
                    {"lead_id": "L-2", "contact_key": "bo", "occurred_at": "2026-03-12T09:00:00Z"},
                ],
                "touch_recorded": [_touch("ann", "2026-03-10", "post"), _touch("bo", "2026-03-10", "post")],
                "deal_won": [{"deal_id": "D-1", "lead_id": "L-1"}, {"deal_id": "D-2", "lead_id": "L-2"}],
                "order_paid": [
                    {"order_id": "O-1", "deal_id": "D-1", "gross": "80"},
                    {"order_id": "O-2", "deal_id": "D-2", "gross": "80"},
                ],
                "order_refunded": [{"order_id": "O-2", "amount": "80"}],
            },
            "0.5",
            params={"outcome": "order"},
        ),
        Example(
            {"en": "a week, as dashboards show it", "zh-Hant": "按週看板"},
            {
                "content_published": [POST],
                "page_viewed": [{"visitor_id": who, "content_id": "post"} for who in ("v1", "v2", "v3", "v4")],
                "lead_created": [{"contact_key": "ann"}],
                "touch_recorded": [_touch("ann", "2026-03-10", "post")],
            },
            "0.25",
            period="2026-W11",
        ),
        Example({"en": "no visitors", "zh-Hant": "沒有訪客"}, {}, state="no_denominator"),
    ],
)
