"""Content: published, measured, reviewed, withdrawn."""

from __future__ import annotations

from kpicore.definitions.facts import FactType, Field
from kpicore.naming import both
from kpicore.vocabulary.fields import CAMPAIGN, CONTENT, TEAM, flag, ident, number, word

_AUTHOR = both("author", "作者")

CONTENT_PUBLISHED = FactType(
    "content_published",
    both("published contents", "發布內容"),
    "content_id",
    {
        "content_id": CONTENT,
        "author_id": ident("author", "作者"),
        "team_id": TEAM,
        "type": word("type", "類型"),
        "platform": word("platform", "平台"),
        "campaign_id": CAMPAIGN,
        "repost": flag("repost", "轉載"),
        "planned_audience": number("planned audience", "目標受眾數"),
        "edition_of": ident("content that it is a new edition of", "所修訂的原內容"),
        "changed": Field("decimal", both("share that the new edition changed", "新版改動比例")),
    },
    _AUTHOR,
    {"owner_id": "person", "author_id": "person", "team_id": "team", "campaign_id": "campaign"},
)

CONTENT_MEASURED = FactType(
    "content_measured",
    both("content snapshots", "內容快照"),
    ("content_id", "snapshot"),
    {
        "content_id": CONTENT,
        "snapshot": word("name of the snapshot, such as its day", "快照名稱（如日期）"),
        "impressions": number("impressions", "曝光量"),
        "reach": number("reach", "觸達人數"),
        "reads": number("reads", "閱讀量"),
        "clicks": number("clicks", "點擊"),
        "likes": number("likes", "按讚"),
        "comments": number("comments", "留言"),
        "saves": number("saves", "收藏"),
        "shares": number("shares", "轉發"),
        "followers": number("followers", "粉絲數"),
    },
    _AUTHOR,
)

CONTENT_WITHDRAWN = FactType(
    "content_withdrawn",
    both("withdrawn contents", "撤回內容"),
    "content_id",
    {"content_id": CONTENT, "reason": word("reason", "原因")},
    _AUTHOR,
)

CONTENT_REVIEWED = FactType(
    "content_reviewed",
    both("content reviews", "內容評審"),
    "review_id",
    {
        "review_id": ident("review", "評審"),
        "content_id": CONTENT,
        "on_brand": flag("on brand", "符合品牌調性"),
        "rating": number("rating", "評分"),
        "reviewer_id": ident("reviewer", "評審人"),
        "rule_version": word("version of the rule", "規則版本"),
    },
    both("reviewer", "評審人"),
)

FACT_TYPES = (CONTENT_PUBLISHED, CONTENT_MEASURED, CONTENT_WITHDRAWN, CONTENT_REVIEWED)
