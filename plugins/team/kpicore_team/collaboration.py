"""Collaboration: what other teams say about working with this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import Choice, Example, Indicator, Parameter, choice, count, total

#: Of the raters of a team in a wave, so many of a hundred are left out at either end.
_KEPT = "place > $trim * raters // 100 and place <= raters - $trim * raters // 100"
_REQUESTS = f"{_KEPT} and scale = 'request_response'"


def score(where: str) -> Any:
    """The mean score out of 100 of the answers that meet a condition."""
    return total("peer_answer", "points", where=where) / count("peer_answer", where=where)


#: Two teams, and who is in them.
PEOPLE: list[Mapping[str, Any]] = [
    {"employee_id": who, "team_id": team, "effective_from": "2026-01-01T00:00:00Z"}
    for who, team in (("Ann", "sales"), ("Bo", "sales"), ("Cy", "marketing"), ("Di", "finance"))
]


def answer(rater: str, given: int, **more: Any) -> dict[str, Any]:
    """An answer about the team marketing, from 1 to 5."""
    common = {"kind": "cross_dept", "team_id": "marketing", "scale_min": 1, "scale_max": 5, "survey_id": "S"}
    return {"respondent_id": rater, "score": given, **common, **more}


cross_department_satisfaction = Indicator(
    "team.cross_department_satisfaction",
    title={"en": "Cross-department satisfaction", "zh-Hant": "跨部門協作滿意度"},
    definition={
        "en": "The mean score of a team in the answers of other teams, each brought to 0–100 by its own scale. Answers from "
        "inside the team, and of raters whose team is not known, do not count; of several answers of one rater in a "
        "wave the latest does. Lowest and highest raters may be trimmed, if that is declared. Scale request_response: how requests are answered (需求響應評分).",
        "zh-Hant": "其他團隊對本團隊評分的平均，各答按其量表換算為 0 至 100。本團隊成員與團隊不明者的回答不計；同一人同一批次以最後一次為準；"
        "經聲明可去除最低與最高的評分人。分量表「request_response」為需求響應評分。",
    },
    perspective="capability",
    indicator_type="growth",
    roles=["all"],
    unit="points",
    better="higher",
    data_source={"en": "Internal survey", "zh-Hant": "內部問卷"},
    params={
        "scale": choice(
            "all",
            "request_response",
            titles={
                "all": {"en": "all scales", "zh-Hant": "全部量表"},
                "request_response": {"en": "request response", "zh-Hant": "需求響應"},
            },
            title={"en": "sub-scale", "zh-Hant": "分量表"},
        ),
        "trim": Parameter(
            "integer",
            "0",
            title={"en": "percent of raters trimmed at either end", "zh-Hant": "兩端各去除的評分人百分比"},
        ),
        "least_sample": Parameter("integer", "5", title={"en": "fewest answers", "zh-Hant": "最少回答數"}),
    },
    version="1.2",
    credit=("team_id", "subject_id"),
    least_sample="$least_sample",
    measure=Choice("scale", {"all": score(_KEPT), "request_response": score(_REQUESTS)}),
    moves={
        "en": "Moved by answering soon and by keeping dates; moves lead times of everything that needs two teams.",
        "zh-Hant": "受響應速度與守時影響；影響跨團隊工作的交期。",
    },
    examples=[
        Example(
            {"en": "4 and 5 of 5 are 75 and 100 of 100", "zh-Hant": "五分制 4 與 5 分換算為 75 與 100"},
            {"employee_assigned": PEOPLE, "survey_answered": [answer("Ann", 4), answer("Bo", 5)]},
            "87.5",
        ),
        Example(
            {
                "en": "the team's own answers, and those of unknown people, do not count",
                "zh-Hant": "本團隊與團隊不明者的回答不計",
            },
            {
                "employee_assigned": PEOPLE,
                "survey_answered": [answer("Ann", 3), answer("Cy", 5), answer("a stranger", 5)],
            },
            "50",
        ),
        Example(
            {"en": "scales of different length are brought together", "zh-Hant": "不同量表換算後合併"},
            {
                "employee_assigned": PEOPLE,
                "survey_answered": [answer("Ann", 5), answer("Di", 3, scale_min=0, scale_max=10)],
            },
            "65",
        ),
        Example(
            {
                "en": "trimmed: the lowest and the highest of three raters are left out",
                "zh-Hant": "去極端值：三人中最低與最高不計",
            },
            {
                "employee_assigned": PEOPLE,
                "survey_answered": [answer("Ann", 1), answer("Bo", 3), answer("Di", 5)],
            },
            "50",
            params={"trim": "34"},
        ),
        Example(
            {"en": "only how requests are answered", "zh-Hant": "只計需求響應"},
            {
                "employee_assigned": PEOPLE,
                "survey_answered": [answer("Ann", 5), answer("Ann", 2, scale="request_response")],
            },
            "25",
            params={"scale": "request_response"},
        ),
        Example({"en": "nobody was asked", "zh-Hant": "沒有人作答"}, {}, state="no_denominator"),
    ],
)
