"""How soon a lead of a campaign becomes a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore import DEDUPE, Choice, Example, Indicator, Survival, choice, count, quantile, total

if TYPE_CHECKING:
    from kpicore.definitions.algebra.measures import Measure

#: Deals that came of a campaign's lead. A deal before its lead is an error in the data, and counts nowhere.
SOURCED = "campaign_id is not null and occurred_at >= lead_at"
MICROSECONDS_A_DAY = "86400000000"

CYCLE = "occurred_at - lead_at"

#: Leads of campaigns that were open at any time of the period, watched from its start on, or from their creation, until
#: their deal, their loss, its end or the cut; in days begun, one at least.
_WATCHED = "least(coalesce(won_at, lost_at, period_end), period_end, $as_of) - valid_from"


def _waited(share: str | None) -> Survival:
    return Survival(
        count("open_lead", at="during", where="campaign_id is not null"),
        f"greatest(period_start - valid_from - 1, 0) // {MICROSECONDS_A_DAY}",
        f"greatest(({_WATCHED} + {MICROSECONDS_A_DAY} - 1) // {MICROSECONDS_A_DAY}, 1)",
        "won_at < period_end and won_at <= $as_of",
        share,
    )


def _estimated(of_deals: Measure, share: str | None) -> Choice:
    return Choice("estimate", {"deals": of_deals, "kaplan_meier": _waited(share)})


def _lead(name: str, hour: str) -> dict[str, str]:
    return {"lead_id": name, "campaign_id": "spring", "occurred_at": f"2026-{hour}:00:00Z"}


campaign_conversion_cycle_days = Indicator(
    "marketing.campaign_conversion_cycle_days",
    title={"en": "Campaign conversion cycle", "zh-Hant": "活動轉化周期"},
    definition={
        "en": "Mean days from the lead to the deal, over the deals won in the period that came of a campaign. Leads that are "
        "still open are not in it, so it is optimistic while many are. Deals dated before their lead are left out. The "
        "median, the days within which nine of ten deals came, and how many deals were timed are figures beside it. "
        "Estimate Kaplan–Meier counts the leads that are open in the period, too: each for as long as it was watched, in "
        "days begun, until its first deal, its loss or the period's end, and for its owner. Where too few of them came "
        "to a deal to say, the longest wait stands, flagged censored: it takes longer.",
        "zh-Hant": "期內成交且源自活動的單，自線索建立至成交的平均天數。尚未成交的線索不計，故未結線索多時偏樂觀。早於線索的成交視為資料錯誤，不計。另可讀中位數、九成成交所需天數與計時成交數。"
        "估計方式選「Kaplan–Meier」時，期內未結線索亦計入：各計其受觀察的期間（不足一日以一日計），至首筆成交、丟單或期末為止，歸線索負責人。成交者過少而無從推估時，以最長等待日數計並標記 censored，實際更長。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["marketing", "sales"],
    unit="days",
    better="lower",
    data_source="CRM",
    params={
        **DEDUPE,
        "figure": choice(
            "mean",
            "median",
            "p90",
            "deals",
            titles={
                "mean": {"en": "mean", "zh-Hant": "平均"},
                "median": {"en": "median", "zh-Hant": "中位數"},
                "p90": {"en": "nine of ten are faster", "zh-Hant": "第 90 百分位"},
                "deals": {"en": "deals that were timed", "zh-Hant": "計時成交數"},
            },
            title={"en": "figure", "zh-Hant": "數字"},
        ),
        "estimate": choice(
            "deals",
            "kaplan_meier",
            titles={
                "deals": {"en": "of deals alone", "zh-Hant": "僅計成交"},
                "kaplan_meier": {"en": "Kaplan–Meier", "zh-Hant": "Kaplan–Meier"},
            },
            title={"en": "estimate", "zh-Hant": "估計方式"},
        ),
    },
    credit=("owner_id", "campaign_id", "channel_id"),
    measure=Choice(
        "figure",
        {
            "mean": _estimated(
                total("lead_deal", CYCLE, where=SOURCED) / count("lead_deal", where=SOURCED) / MICROSECONDS_A_DAY, None
            ),
            "median": _estimated(quantile("lead_deal", CYCLE, "0.5", where=SOURCED) / MICROSECONDS_A_DAY, "0.5"),
            "p90": _estimated(quantile("lead_deal", CYCLE, "0.9", where=SOURCED) / MICROSECONDS_A_DAY, "0.9"),
            "deals": count("lead_deal", where=SOURCED),
        },
    ),
    version="1.2",
    moves={
        "en": "Moved by follow-up and the readiness of leads; moves cash and the return of the period.",
        "zh-Hant": "受跟進速度與線索成熟度影響；影響回款與當期回報。",
    },
    examples=[
        Example(
            {"en": "two days and five days: three and a half", "zh-Hant": "二日與五日：平均三日半"},
            {
                "lead_created": [
                    {"lead_id": "L-1", "campaign_id": "spring", "occurred_at": "2026-03-01T09:00:00Z"},
                    {"lead_id": "L-2", "campaign_id": "spring", "occurred_at": "2026-03-01T09:00:00Z"},
                ],
                "deal_won": [
                    {"lead_id": "L-1", "occurred_at": "2026-03-03T09:00:00Z"},
                    {"lead_id": "L-2", "occurred_at": "2026-03-06T09:00:00Z"},
                ],
            },
            "3.5",
        ),
        Example(
            {
                "en": "the deal of a double counts from the first lead; a lead without a campaign is left out",
                "zh-Hant": "重複線索的成交自首條起算；無活動的線索不計",
            },
            {
                "lead_created": [
                    {
                        "lead_id": "L-1",
                        "contact_key": "ann",
                        "campaign_id": "spring",
                        "occurred_at": "2026-02-20T09:00:00Z",
                    },
                    {"lead_id": "L-2", "contact_key": "ann", "occurred_at": "2026-03-01T09:00:00Z"},
                    {"lead_id": "L-3", "occurred_at": "2026-03-01T09:00:00Z"},
                ],
                "deal_won": [
                    {"lead_id": "L-2", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"lead_id": "L-3", "occurred_at": "2026-03-31T09:00:00Z"},
                ],
            },
            "10",
        ),
        Example(
            {
                "en": "a deal before its lead is an error and counts nowhere",
                "zh-Hant": "早於線索的成交為資料錯誤，不計",
            },
            {
                "lead_created": [
                    {"lead_id": "L-1", "campaign_id": "spring", "occurred_at": "2026-03-05T09:00:00Z"},
                    {"lead_id": "L-2", "campaign_id": "spring", "occurred_at": "2026-03-05T09:00:00Z"},
                ],
                "deal_won": [
                    {"lead_id": "L-1", "occurred_at": "2026-03-04T09:00:00Z"},
                    {"lead_id": "L-2", "occurred_at": "2026-03-06T09:00:00Z"},
                ],
            },
            "1",
        ),
        *(
            Example(
                {"en": f"{name} of 1, 2 and 9 days", "zh-Hant": f"1、2、9 日之{word}"},
                {
                    "lead_created": [
                        {"lead_id": f"L-{n}", "campaign_id": "spring", "occurred_at": "2026-03-01T09:00:00Z"}
                        for n in (1, 2, 3)
                    ],
                    "deal_won": [
                        {"lead_id": f"L-{n}", "occurred_at": f"2026-03-{day:02}T09:00:00Z"}
                        for n, day in ((1, 2), (2, 3), (3, 10))
                    ],
                },
                value,
                params={"figure": figure},
            )
            for figure, name, word, value in (
                ("median", "median", "中位數", "2"),
                ("p90", "nine of ten", "第 90 百分位", "9"),
                ("deals", "number", "筆數", "3"),
            )
        ),
        *(
            Example(
                {"en": f"Kaplan–Meier, {name}", "zh-Hant": f"Kaplan–Meier,{word}"},
                {
                    "lead_created": [_lead("L-1", "03-01T09"), _lead("L-2", "03-01T09")],
                    "deal_won": [{"lead_id": "L-2", "occurred_at": "2026-03-05T09:00:00Z"}],
                },
                value,
                params={"figure": figure, "estimate": "kaplan_meier"},
                as_of=as_of,
            )
            for figure, name, word, value, as_of in (
                (
                    "median",
                    "median: one of two leads came to a deal on day 4",
                    "中位數：兩條線索其一於第 4 日成交",
                    "4",
                    None,
                ),
                ("p90", "nine of ten: longer than the 31 days watched", "第 90 百分位：逾所觀察的 31 日", "31", None),
                ("mean", "mean: 4 and 31 days, as far as was watched", "平均：4 日與所觀察的 31 日", "17.5", None),
                ("mean", "mean of what is known by 10 March", "平均：截至三月十日所知", "6.5", "2026-03-10T09:00:00Z"),
            )
        ),
        *(
            Example(
                {"en": f"Kaplan–Meier, {name}", "zh-Hant": f"Kaplan–Meier,{word}"},
                {
                    "lead_created": [_lead("L-1", "02-20T00"), _lead("L-2", "03-10T00"), _lead("L-3", "03-10T00")],
                    "deal_won": [
                        {"lead_id": "L-1", "occurred_at": "2026-03-03T00:00:00Z"},
                        {"lead_id": "L-2", "occurred_at": "2026-03-12T00:00:00Z"},
                    ],
                    "deal_lost": [{"lead_id": "L-3", "occurred_at": "2026-03-13T00:00:00Z"}],
                },
                value,
                params={"figure": figure, "estimate": "kaplan_meier"},
            )
            for figure, name, word, value in (
                ("median", "a lead of February is watched from its 9th day on", "二月線索自第 9 日起觀察", "2"),
                ("mean", "a lost one until its loss: 2 days and 11", "丟單者觀察至丟單為止：2 日與 11 日", "6.5"),
            )
        ),
        Example(
            {"en": "Kaplan–Meier: nobody is waited for", "zh-Hant": "Kaplan–Meier：沒有線索"},
            {},
            state="no_denominator",
            params={"estimate": "kaplan_meier"},
        ),
        Example({"en": "no deals", "zh-Hant": "沒有成交"}, {}, state="no_denominator"),
    ],
)
