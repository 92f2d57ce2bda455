"""Surveys: whether customers recommend, and whether they are pleased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kpicore import Choice, Example, Indicator, Parameter, choice, count, part
from kpicore.definitions.algebra.measures import Aggregate

#: Recommendation is asked from 0 to 10; answers on other scales are stretched to it only where that is declared.
SCALES = choice(
    "standard",
    "rescaled",
    titles={
        "standard": {"en": "0 to 10 only", "zh-Hant": "僅 0 至 10 分"},
        "rescaled": {"en": "any, by its top two of eleven", "zh-Hant": "任何量表，按前十一分之二"},
    },
    title={"en": "scales", "zh-Hant": "量表"},
)
#: On a scale of n scores the top 2n/11 recommend, and the bottom 7n/11 do not: 9 and 10, and 0 to 6, of eleven.
_STANDARD, _PLACE = "scale_min = 0 and scale_max = 10", "(score - scale_min + 1) * 11"
_SIZE = "(scale_max - scale_min + 1)"


def _asked(where: str = "") -> dict[str, Aggregate]:
    asked = "kind = 'nps' and valid" + (f" and {where}" if where else "")
    return {
        "standard": count("survey_response", where=f"{asked} and {_STANDARD}"),
        "rescaled": count("survey_response", where=asked),
    }


RECOMMENDED = Choice("scales", _asked())
PROMOTERS = Choice("scales", _asked(f"{_PLACE} > 9 * {_SIZE}"))
DETRACTORS = Choice("scales", _asked(f"{_PLACE} <= 7 * {_SIZE}"))
PLEASED = count("survey_response", where="kind = 'csat' and valid and scale_min = 1 and scale_max = 5")

#: Below so many answers a result is flagged.
FEW = {"least_sample": Parameter("integer", "30", title={"en": "fewest answers", "zh-Hant": "最少回答數"})}

_COMMON: dict[str, Any] = {
    "perspective": "performance",
    "roles": ["sales", "customer_success"],
    "better": "higher",
    "data_source": {"en": "Customer survey", "zh-Hant": "客戶問卷"},
    "credit": ("owner_id", "team_id"),
    "least_sample": "$least_sample",
}


def answers(kind: str, scores: Iterable[int], **common: Any) -> list[Mapping[str, Any]]:
    """Answers of different customers to one survey."""
    low, high = (0, 10) if kind == "nps" else (1, 5)
    return [
        {"kind": kind, "respondent_id": f"customer-{n}", "score": score, "scale_min": low, "scale_max": high, **common}
        for n, score in enumerate(scores)
    ]


#: The same customer twice in one wave: 3 first, 9 later.
CHANGED_MIND: list[Mapping[str, Any]] = [
    {**answers("nps", [3])[0], "survey_id": "S", "wave": "1", "occurred_at": "2026-03-02T09:00:00Z"},
    {**answers("nps", [9])[0], "survey_id": "S", "wave": "1", "occurred_at": "2026-03-09T09:00:00Z"},
]

customer_recommendation_rate = Indicator(
    "customer.customer_recommendation_rate",
    title={"en": "Customer recommendation rate", "zh-Hant": "客戶推薦率"},
    definition={
        "en": "Of the answers to “would you recommend us”, from 0 to 10, those of 9 and 10. Of several answers of one customer "
        "in a wave the latest counts. Answers off their scale count nowhere, nor do answers on other scales, unless it is "
        "declared that the top two of eleven scores of any scale recommend.",
        "zh-Hant": "「是否願意推薦」（0 至 10 分）的有效回答中，9 至 10 分者的比例。同一客戶同一批次多次作答以最後一次為準；超出量表的回答不計，其他量表亦不計，除非聲明任何量表之前十一分之二視為推薦。",
    },
    unit="percent",
    params={"scales": SCALES, **FEW},
    measure=PROMOTERS / RECOMMENDED,
    version="1.2",
    moves={
        "en": "Moved by service, delivery and kept promises; moves referrals, which are the cheapest leads.",
        "zh-Hant": "受服務、交付與承諾兌現影響；影響轉介紹，即成本最低的線索。",
    },
    examples=[
        Example(
            {"en": "two of four give 9 or 10", "zh-Hant": "四人中兩人給 9 至 10 分"},
            {"survey_answered": answers("nps", [10, 9, 8, 2])},
            "0.5",
        ),
        Example(
            {"en": "who changes their mind counts with the last answer", "zh-Hant": "改答者以最後一次為準"},
            {"survey_answered": CHANGED_MIND},
            "1",
        ),
        Example(
            {"en": "answers on another scale count nowhere", "zh-Hant": "其他量表的回答不計"},
            {"survey_answered": [*answers("nps", [10, 5]), *answers("nps", [5], respondent_id="x", scale_max=5)]},
            "0.5",
        ),
        Example(
            {
                "en": "rescaled: 5 of 1 to 5 recommends, 4 does not",
                "zh-Hant": "換算：1 至 5 分中 5 分視為推薦，4 分不算",
            },
            {"survey_answered": [{**one, "scale_min": 1, "scale_max": 5} for one in answers("nps", [5, 4])]},
            "0.5",
            params={"scales": "rescaled"},
        ),
        Example({"en": "nobody was asked", "zh-Hant": "沒有人作答"}, {}, state="no_denominator"),
    ],
    **_COMMON,
)

net_promoter_score = Indicator(
    "customer.net_promoter_score",
    title={"en": "Net promoter score", "zh-Hant": "NPS淨推薦值"},
    definition={
        "en": "The share of promoters (9 and 10) less that of detractors (0 to 6), in points from −100 to 100. As it may be 0 "
        "or less, scorecards measure it with the linear curve.",
        "zh-Hant": "推薦者（9 至 10 分）占比減貶損者（0 至 6 分）占比，以 −100 至 100 點表示。因可能不大於 0，計分卡應採線性曲線。",
    },
    unit="points",
    params={"scales": SCALES, **FEW},
    measure=(PROMOTERS - DETRACTORS) / RECOMMENDED * 100,
    version="1.2",
    moves={
        "en": "Moved by what delights and by what annoys; moves renewal and referrals.",
        "zh-Hant": "受驚喜與不滿兩方面影響；影響續約與轉介紹。",
    },
    examples=[
        Example(
            {"en": "half promote, a quarter detract", "zh-Hant": "半數推薦，四分之一貶損"},
            {"survey_answered": answers("nps", [10, 9, 8, 2])},
            "25",
        ),
        Example(
            {"en": "7 and 8 are neither", "zh-Hant": "7 至 8 分兩邊不計"},
            {"survey_answered": answers("nps", [7, 8])},
            "0",
        ),
        Example({"en": "all detract", "zh-Hant": "全為貶損者"}, {"survey_answered": answers("nps", [0, 6])}, "-100"),
        Example(
            {
                "en": "rescaled: of 1 to 5, 5 recommends and 1 to 3 do not",
                "zh-Hant": "換算：1 至 5 分中 5 分推薦，1 至 3 分不推薦",
            },
            {"survey_answered": [{**one, "scale_min": 1, "scale_max": 5} for one in answers("nps", [5, 5, 4, 3])]},
            "25",
            params={"scales": "rescaled"},
        ),
        Example({"en": "nobody was asked", "zh-Hant": "沒有人作答"}, {}, state="no_denominator"),
    ],
    **_COMMON,
)

customer_favorable_rate = Indicator(
    "customer.customer_favorable_rate",
    title={"en": "Customer favourable rate", "zh-Hant": "客戶好評率"},
    definition={
        "en": "Of the valid answers to “how pleased are you”, from 1 to 5, those of 4 and 5. It takes the place of the "
        "recommendation rate where customers are asked after each contact.",
        "zh-Hant": "滿意度問卷（1 至 5 分）有效回答中，得分 4 分以上者的比例。於每次接觸後調查時，用以取代客戶推薦率。",
    },
    unit="percent",
    replaces="customer.customer_recommendation_rate",
    params=FEW,
    measure=part(PLEASED, "score >= 4"),
    version="1.1",
    moves={
        "en": "Moved by response time and by solving it at once; moves repeat purchase.",
        "zh-Hant": "受響應時效與一次解決率影響；影響復購。",
    },
    examples=[
        Example(
            {"en": "three of four give 4 or 5", "zh-Hant": "四人中三人給 4 至 5 分"},
            {"survey_answered": answers("csat", [5, 4, 4, 3])},
            "0.75",
        ),
        Example(
            {"en": "a score off its scale is no answer", "zh-Hant": "超出量表的得分不算有效"},
            {"survey_answered": answers("csat", [5, 6, 2])},
            "0.5",
        ),
        Example(
            {"en": "answers about recommendation count elsewhere", "zh-Hant": "推薦題不計入"},
            {"survey_answered": [*answers("csat", [1]), *answers("nps", [10])]},
            "0",
        ),
        Example({"en": "nobody was asked", "zh-Hant": "沒有人作答"}, {}, state="no_denominator"),
    ],
    **_COMMON,
)
