"""Partners: signed, spread over the regions, and content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore import (
    Choice,
    Example,
    Indicator,
    Parameter,
    choice,
    count,
    distinct,
    duration,
    holds,
    names,
    rate,
    total,
    within,
)

if TYPE_CHECKING:
    from kpicore.definitions.algebra.measures import Arithmetic

COUNTY = "region_level in $region_levels"
#: An order whose channel is the partner shows that the partner sells.
SOLD = within("net_order", "channel_id", "$activation", where="kept")

county_dealer_signings = Indicator(
    "channel.county_dealer_signings",
    title={"en": "County dealer signings", "zh-Hant": "縣域市場經銷商簽約量"},
    definition={
        "en": "Partners signed in the period in regions of county level. Renewals do not count, nor do signings that are "
        "terminated within 30 days; partners of one headquarters count once a county. Provisional until the 30 days "
        "have passed. Partners activated: only those through whose channel an order came within 90 days.",
        "zh-Hant": "期內在縣級區域新簽的經銷商數。續約不計，30 日內解約者沖銷；同一總部在同一縣只計一次。30 日未滿前為暫定。基準「已啟用」時：只計 90 日內其渠道有訂單者。",
    },
    perspective="performance",
    indicator_type="outcome",
    roles=["regional_sales", "channel"],
    better="higher",
    data_source={"en": "Partner contracts", "zh-Hant": "經銷合約"},
    params={
        "cooling": duration("30d", title={"en": "termination undoes a signing within", "zh-Hant": "解約沖銷期"}),
        "partners": choice(
            "signed",
            "activated",
            titles={
                "signed": {"en": "signed", "zh-Hant": "已簽約"},
                "activated": {"en": "with a first order", "zh-Hant": "已有首單"},
            },
            title={"en": "partners that count", "zh-Hant": "計入的經銷商"},
        ),
        "activation": duration("90d", title={"en": "a first order comes within", "zh-Hant": "首單期限"}),
        "region_levels": names("county", title={"en": "region levels that count", "zh-Hant": "計入的區域層級"}),
    },
    credit=("owner_id", "region_id"),
    measure=Choice(
        "partners",
        {
            "signed": distinct("signing", "chain_id, region_id", where=COUNTY, matures="$cooling"),
            "activated": distinct("signing", "chain_id, region_id", where=COUNTY, match=SOLD, matures="$cooling"),
        },
    ),
    moves={
        "en": "Moved by visits, terms and references; moves coverage and local orders. Signings that never order are no use.",
        "zh-Hant": "受拜訪、條件與口碑影響；影響覆蓋率與在地訂單。簽而不動的經銷商沒有意義。",
    },
    examples=[
        Example(
            {"en": "two in counties, one in a city", "zh-Hant": "縣級兩家、市級一家"},
            {
                "partner_signed": [
                    {"partner_id": "A", "region_id": "r1", "region_level": "county"},
                    {"partner_id": "B", "region_id": "r2", "region_level": "county"},
                    {"partner_id": "C", "region_id": "r3", "region_level": "city"},
                ]
            },
            "2",
        ),
        Example(
            {
                "en": "a renewal is no signing, and one undone on day 30 neither",
                "zh-Hant": "續約不計，第 30 日解約者亦不計",
            },
            {
                "partner_signed": [
                    {
                        "partner_id": who,
                        "region_id": "r1",
                        "region_level": "county",
                        "renewal": who == "A",
                        "occurred_at": "2026-03-02T09:00:00Z",
                    }
                    for who in ("A", "B", "C")
                ],
                "partner_terminated": [
                    {"partner_id": "B", "region_id": "r1", "occurred_at": "2026-04-01T09:00:00Z"},
                    {"partner_id": "C", "region_id": "r1", "occurred_at": "2026-04-01T09:00:01Z"},
                ],
            },
            "1",
        ),
        Example(
            {"en": "branches of one headquarters count once a county", "zh-Hant": "同一總部在同一縣只計一次"},
            {
                "partner_signed": [
                    {"partner_id": who, "hq_id": "HQ", "region_id": region, "region_level": "county"}
                    for who, region in (("A", "r1"), ("B", "r1"), ("C", "r2"))
                ]
            },
            "2",
        ),
        Example(
            {
                "en": "the list of regions says the level where the contract does not",
                "zh-Hant": "合約未載層級時以區域名單為準",
            },
            {
                "region_listed": [
                    {"region_id": "r1", "region_level": "county", "effective_from": "2026-01-01T00:00:00Z"}
                ],
                "partner_signed": [{"partner_id": "A", "region_id": "r1"}],
            },
            "1",
        ),
        Example(
            {
                "en": "activated: one of two sold something within 90 days",
                "zh-Hant": "已啟用：兩家之一於 90 日內有訂單",
            },
            {
                "partner_signed": [
                    {"partner_id": who, "region_id": "r1", "region_level": "county"} for who in ("A", "B")
                ],
                "order_paid": [
                    {"channel_id": "A", "occurred_at": "2026-06-14T12:00:00Z"},
                    {"channel_id": "B", "occurred_at": "2026-06-14T12:00:01Z"},
                ],
            },
            "1",
            params={"partners": "activated"},
        ),
        Example(
            {"en": "three weeks after the month it is provisional", "zh-Hant": "月結後三週仍為暫定"},
            {"partner_signed": [{"partner_id": "A", "region_id": "r1", "region_level": "county"}]},
            "1",
            state="provisional",
            as_of="2026-04-21T00:00:00Z",
        ),
        Example({"en": "nobody signed", "zh-Hant": "沒有簽約"}, {}, "0"),
    ],
)

LISTED = {"effective_from": "2026-01-01T00:00:00Z", "addressable": True}

channel_coverage_rate = Indicator(
    "channel.channel_coverage_rate",
    title={"en": "Channel coverage rate", "zh-Hant": "渠道覆蓋率"},
    definition={
        "en": "Of the regions that are listed as addressable at the end of the period, those with at least one partner under "
        "contract then. A rise is said in percentage points or relative: the two are different targets.",
        "zh-Hant": "期末列為可開拓的區域中，當時至少有一家在約經銷商者的比例。「提升」須註明是百分點或相對幅度。",
    },
    perspective="performance",
    indicator_type="outcome",
    roles=["regional_sales", "channel"],
    unit="percent",
    better="higher",
    data_source={"en": "List of regions, partner contracts", "zh-Hant": "區域名單、經銷合約"},
    credit=("region_id", "owner_id"),
    measure=rate(count("region", at="end", where="addressable"), holds("partner_term", "region_id", "period_end")),
    moves={
        "en": "Moved by signings and terminations; moves orders of the region. Listing fewer regions raises it for nothing.",
        "zh-Hant": "受簽約與解約影響；影響區域訂單。縮小名單會虛增此率。",
    },
    examples=[
        Example(
            {
                "en": "one of two regions has a partner; two partners are no more than one",
                "zh-Hant": "兩區之一有經銷商；兩家與一家相同",
            },
            {
                "region_listed": [{"region_id": "r1", **LISTED}, {"region_id": "r2", **LISTED}],
                "partner_signed": [
                    {"partner_id": who, "region_id": "r1", "occurred_at": "2025-06-01T09:00:00Z"} for who in ("A", "B")
                ],
            },
            "0.5",
        ),
        Example(
            {
                "en": "the last day decides: terminated on it is not covered, signed on it is",
                "zh-Hant": "以期末為準：當日解約不算，當日簽約算",
            },
            {
                "region_listed": [{"region_id": "r1", **LISTED}, {"region_id": "r2", **LISTED}],
                "partner_signed": [
                    {"partner_id": "A", "region_id": "r1", "occurred_at": "2025-06-01T09:00:00Z"},
                    {"partner_id": "B", "region_id": "r2", "occurred_at": "2026-03-31T09:00:00Z"},
                ],
                "partner_terminated": [{"partner_id": "A", "region_id": "r1", "occurred_at": "2026-03-31T09:00:00Z"}],
            },
            "0.5",
        ),
        Example(
            {"en": "a region that left the list is in neither", "zh-Hant": "移出名單的區域兩邊都不計"},
            {
                "region_listed": [
                    {"region_id": "r1", **LISTED},
                    {"region_id": "r2", **LISTED},
                    {"region_id": "r2", "effective_from": "2026-03-15T00:00:00Z", "addressable": False},
                ],
                "partner_signed": [
                    {"partner_id": "A", "region_id": region, "occurred_at": "2025-06-01T09:00:00Z"}
                    for region in ("r1", "r2")
                ],
            },
            "1",
        ),
        Example({"en": "no region is listed", "zh-Hant": "沒有區域名單"}, {}, state="no_denominator"),
    ],
)

POINTS = "cast(points as decimal(19, 12))"


def _weighed(by: str) -> Arithmetic:
    """How content partners are, each by so much money."""
    where = f"points is not null and {by} is not null"
    return total("partner_answer", f"{by} * {POINTS}", where=where) / total("partner_answer", by, where=where)


#: How content partners are, each the same, or by what they sell or have signed.
SATISFACTION = {
    "equal": total("partner_answer", "points", where="points is not null")
    / count("partner_answer", where="points is not null"),
    "revenue": _weighed("revenue"),
    "contract_value": _weighed("contract_value"),
}
RESPONSE_RATE = distinct("partner_answer", "respondent_id") / distinct("partner_term", "partner_id", at="during")


def _answer(partner: str, score: int, best: int = 5, wave: str = "2026-Q1") -> dict[str, object]:
    return {
        "survey_id": "S",
        "wave": wave,
        "kind": "partner",
        "respondent_id": partner,
        "score": score,
        "scale_min": 1,
        "scale_max": best,
    }


channel_partner_satisfaction = Indicator(
    "channel.channel_partner_satisfaction",
    title={"en": "Partner satisfaction", "zh-Hant": "渠道合作滿意度"},
    definition={
        "en": "Mean of the partners' answers in the period, each brought to a scale of 100; the latest answer of a partner in "
        "a survey wave counts. Partners weigh the same, or by the revenue of the orders whose channel they were in the year "
        "before their answer, or by the value of their latest contract. Figure response "
        "rate: partners who answered, of those under contract in the period.",
        "zh-Hant": "期內經銷商回答換算為百分制後的平均；同一經銷商在同一調查批次以最後一次為準。各家權重相同，或按其作答前一年經其渠道的營收加權，或按最近合約金額加權。"
        "數字選「回覆率」時：已回答者占期內在約經銷商的比例。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["channel"],
    unit="points",
    better="higher",
    data_source={"en": "Partner survey", "zh-Hant": "經銷商問卷"},
    params={
        "figure": choice(
            "satisfaction",
            "response_rate",
            titles={
                "satisfaction": {"en": "satisfaction", "zh-Hant": "滿意度"},
                "response_rate": {"en": "response rate", "zh-Hant": "回覆率"},
            },
            title={"en": "figure", "zh-Hant": "數字"},
        ),
        "weight": choice(
            "equal",
            "revenue",
            "contract_value",
            titles={
                "equal": {"en": "equal", "zh-Hant": "同等"},
                "revenue": {"en": "revenue through the partner", "zh-Hant": "經銷營收"},
                "contract_value": {"en": "value of the contract", "zh-Hant": "合約金額"},
            },
            title={"en": "weight of a partner", "zh-Hant": "經銷商權重"},
        ),
        "traded": duration("365d", title={"en": "revenue of the last", "zh-Hant": "營收回溯期"}),
        "least_sample": Parameter("integer", "5", title={"en": "fewest answers", "zh-Hant": "最少回答數"}),
    },
    version="1.1",
    least_sample="$least_sample",
    measure=Choice("figure", {"satisfaction": Choice("weight", SATISFACTION), "response_rate": RESPONSE_RATE * 100}),
    moves={
        "en": "Moved by terms, delivery and attention; moves renewals of partners. Asking only friends flatters it.",
        "zh-Hant": "受條件、交付與關注度影響；影響續約。只問交好的經銷商會虛增。",
    },
    examples=[
        Example(
            {"en": "5 of 5 and 3 of 5: 100 and 50", "zh-Hant": "滿分與中間分：100 與 50"},
            {"survey_answered": [_answer("A", 5), _answer("B", 3)]},
            "75",
        ),
        Example(
            {
                "en": "the latest answer of a wave counts; other scales are brought to 100",
                "zh-Hant": "同批次以最後一次為準；不同量表換算為百分制",
            },
            {
                "survey_answered": [
                    {**_answer("A", 1), "occurred_at": "2026-03-02T09:00:00Z"},
                    {**_answer("A", 5), "occurred_at": "2026-03-03T09:00:00Z"},
                    _answer("B", 4, 7),
                ]
            },
            "75",
        ),
        Example(
            {
                "en": "by contract value: three quarters of 100, one of 50",
                "zh-Hant": "按合約金額：四分之三為 100，四分之一為 50",
            },
            {
                "partner_signed": [
                    {"partner_id": who, "contract_value": value, "occurred_at": "2025-06-01T09:00:00Z"}
                    for who, value in (("A", "100"), ("A", "300"), ("B", "100"))
                ],
                "survey_answered": [_answer("A", 5), _answer("B", 3), _answer("C", 1)],
            },
            "87.5",
            params={"weight": "contract_value"},
        ),
        Example(
            {
                "en": "by revenue: 300 sold in the last year by one who gives 100, 100 by one who gives 50",
                "zh-Hant": "按營收：一家近一年售 300 給 100 分，一家售 100 給 50 分",
            },
            {
                "order_paid": [
                    {"channel_id": "A", "gross": "300", "occurred_at": "2025-06-01T09:00:00Z"},
                    {"channel_id": "B", "gross": "100", "occurred_at": "2026-03-15T12:00:00Z"},
                    {"channel_id": "B", "gross": "900", "occurred_at": "2025-03-15T11:59:59Z"},
                    {"channel_id": "B", "gross": "500", "occurred_at": "2026-03-15T12:00:01Z"},
                ],
                "survey_answered": [
                    {**_answer(who, score), "occurred_at": "2026-03-15T12:00:00Z"}
                    for who, score in (("A", 5), ("B", 3), ("C", 1))
                ],
            },
            "87.5",
            params={"weight": "revenue"},
        ),
        Example(
            {"en": "one of four partners answered", "zh-Hant": "四家之一回答"},
            {
                "partner_signed": [
                    {"partner_id": who, "occurred_at": "2025-06-01T09:00:00Z"} for who in ("A", "B", "C", "D")
                ],
                "survey_answered": [_answer("A", 5)],
            },
            "25",
            params={"figure": "response_rate"},
        ),
        Example({"en": "nobody answered", "zh-Hant": "無人回答"}, {}, state="no_denominator"),
    ],
)
