"""Parameters that several content indicators share, so that they mean the same everywhere."""

from __future__ import annotations

from kpicore import Parameter, choice, duration

#: How a lead is shared out among its touches.
ATTRIBUTION = {
    "model": choice("last", "first", "linear", "u", "decay", title={"en": "attribution model", "zh-Hant": "歸因模型"}),
    "attribution": duration("30d", title={"en": "attribution window", "zh-Hant": "歸因期"}),
    "half_life": duration("7d", title={"en": "half-life of a touch", "zh-Hant": "觸點半衰期"}),
    "dedupe": duration("90d", title={"en": "deduplication span", "zh-Hant": "去重期"}),
}

#: Contents that were taken back so soon are no output.
WITHDRAWAL = {"withdrawal": duration("24h", title={"en": "withdrawn within", "zh-Hant": "撤回不計期"})}

#: How long reviewers have, and how good is good.
VERDICT = {
    **WITHDRAWAL,
    "verdict": duration("14d", title={"en": "time to judge", "zh-Hant": "評審期限"}),
    "rating": Parameter("integer", "4", title={"en": "least rating of 5", "zh-Hant": "最低評分(滿分 5)"}),
}


def days(default: str) -> dict[str, Parameter]:
    """How long after publication numbers count."""
    return {"days": duration(default, title={"en": "numbers count within", "zh-Hant": "數據計入期"})}
