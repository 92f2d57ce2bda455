"""What several content indicators share, so that it means the same everywhere."""

from __future__ import annotations

from typing import Any

from kpicore import Parameter, choice, duration, names

#: Where numbers of contents come from, and for whom they count.
SNAPSHOTS: dict[str, Any] = {
    "data_source": {"en": "Content platforms, as snapshots", "zh-Hant": "內容平台資料快照"},
    "credit": ("author_id", "team_id"),
}

#: Contents that were taken back so soon are no output.
WITHDRAWAL = {"withdrawal": duration("24h", title={"en": "withdrawn within", "zh-Hant": "撤回不計期"})}

#: How long reviewers have, and how good is good: by the rating of a review, or by reads among earlier contents.
VERDICT = {
    **WITHDRAWAL,
    "rule": choice(
        "rating",
        "percentile",
        titles={
            "rating": {"en": "rating of a review", "zh-Hant": "評審評分"},
            "percentile": {"en": "reads among peers", "zh-Hant": "同儕閱讀百分位"},
        },
        title={"en": "rule of quality", "zh-Hant": "優質判定規則"},
    ),
    "verdict": duration("14d", title={"en": "time to judge", "zh-Hant": "評審期限"}),
    "reviews": choice(
        "any",
        "pinned",
        titles={
            "any": {"en": "any version", "zh-Hant": "任何版本"},
            "pinned": {"en": "the versions named", "zh-Hant": "指定版本"},
        },
        title={"en": "rules of review that count", "zh-Hant": "計入的評審規則"},
    ),
    "rules": names("1", title={"en": "versions of the rule", "zh-Hant": "規則版本"}),
    "rating": Parameter("integer", "4", title={"en": "least rating of 5", "zh-Hant": "最低評分（滿分 5）"}),
    "days": duration("30d", title={"en": "reads count within", "zh-Hant": "閱讀計入期"}),
    "percentile": Parameter("integer", "80", title={"en": "least percentile of reads", "zh-Hant": "閱讀量最低百分位"}),
    "peers": duration("90d", title={"en": "peers of the last", "zh-Hant": "同儕內容回溯期"}),
    "fewest": Parameter("integer", "5", title={"en": "fewest peers to compare", "zh-Hant": "最少同儕數"}),
}


def days(default: str) -> dict[str, Parameter]:
    """How long after publication numbers count."""
    return {"days": duration(default, title={"en": "numbers count within", "zh-Hant": "資料計入期"})}
