"""What contents reached, and what readers did with them. Platforms tell running totals: what counts is their growth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpicore import Choice, Example, Indicator, choice, total
from kpicore_content.parameters import SNAPSHOTS, days

if TYPE_CHECKING:
    from kpicore.definitions.algebra.measures import Arithmetic

_COMMON: dict[str, Any] = {
    "perspective": "operations",
    "indicator_type": "process",
    "unit": "percent",
    "better": "higher",
    **SNAPSHOTS,
}


def _stat(above: str, below: str, where: str) -> Arithmetic:
    """A pooled rate over contents that were published in the period, with the numbers of their first days."""
    top = total("content_stat", above, where=where, matures="$days")
    return top / total("content_stat", below, where=where, matures="$days")


def _post(number: int, **more: Any) -> dict[str, Any]:
    """A content of 10 March."""
    return {"content_id": f"C-{number}", "occurred_at": "2026-03-10T09:00:00Z", **more}


def _snapshot(number: int, day: str, **numbers: Any) -> dict[str, Any]:
    return {"content_id": f"C-{number}", "snapshot": day, "occurred_at": f"{day}T09:00:00Z", **numbers}


REACHED = "reach is not null and {} is not null"

content_reach_rate = Indicator(
    "content.content_reach_rate",
    title={"en": "Content reach rate", "zh-Hant": "內容傳播觸達率"},
    definition={
        "en": "People whom a content reached within 7 days of publication over those whom it was meant for: the followers at "
        "publication, or the planned audience. Contents are pooled; one person reached by two of them counts in both, "
        "as nobody can tell. Contents whose reach or audience is not known count on neither side. Sharing can take it "
        "above 100 %.",
        "zh-Hant": "發布後 7 日內觸達人數除以目標受眾：發布時粉絲數或計畫受眾數。各篇加總計算，同一人被兩篇觸達時兩篇都計，因無從辨識。"
        "觸達或受眾不明者兩邊都不計。轉發可使其超過 100%。",
    },
    roles=["marketing", "content"],
    params={
        **days("7d"),
        "audience": choice(
            "followers",
            "planned",
            titles={
                "followers": {"en": "followers at publication", "zh-Hant": "發布時粉絲"},
                "planned": {"en": "planned audience", "zh-Hant": "計畫受眾"},
            },
            title={"en": "intended audience", "zh-Hant": "目標受眾"},
        ),
    },
    measure=Choice(
        "audience",
        {
            "followers": _stat("reach", "followers", REACHED.format("followers")),
            "planned": _stat("reach", "planned_audience", REACHED.format("planned_audience")),
        },
    ),
    moves={
        "en": "Moved by titles, timing and what readers pass on; moves visits and content-sourced leads.",
        "zh-Hant": "受標題、時段與讀者轉發影響；帶動訪問與內容線索。",
    },
    examples=[
        Example(
            {"en": "600 of 2,000 followers", "zh-Hant": "2,000 粉絲觸達 600"},
            {
                "content_published": [_post(1)],
                "content_measured": [
                    _snapshot(1, "2026-03-10", reach=100, followers=2000),
                    _snapshot(1, "2026-03-17", reach=600, followers=2100),
                    _snapshot(1, "2026-03-18", reach=900, followers=2200),
                ],
            },
            "0.3",
        ),
        Example(
            {
                "en": "two contents are pooled, not averaged; one that was never measured is left out",
                "zh-Hant": "兩篇合併計算而非平均；未測量者不計",
            },
            {
                "content_published": [_post(1), _post(2), _post(3)],
                "content_measured": [
                    _snapshot(1, "2026-03-12", reach=900, followers=1000),
                    _snapshot(2, "2026-03-12", reach=100, followers=3000),
                ],
            },
            "0.25",
        ),
        Example(
            {"en": "of a planned audience, and beyond it", "zh-Hant": "按計畫受眾，且可超過"},
            {
                "content_published": [_post(1, planned_audience=500)],
                "content_measured": [_snapshot(1, "2026-03-12", reach=600)],
            },
            "1.2",
            params={"audience": "planned"},
        ),
        Example(
            {"en": "within 7 days of the month's end it is provisional", "zh-Hant": "月結 7 日內為暫定"},
            {
                "content_published": [_post(1)],
                "content_measured": [_snapshot(1, "2026-03-12", reach=10, followers=100)],
            },
            "0.1",
            state="provisional",
            as_of="2026-04-02T00:00:00Z",
        ),
        Example({"en": "nothing was published", "zh-Hant": "沒有發布"}, {}, state="no_denominator"),
    ],
    **_COMMON,
)

ENGAGED = "coalesce(likes, 0) + coalesce(comments, 0) + coalesce(saves, 0) + coalesce(shares, 0)"

social_engagement_rate = Indicator(
    "content.social_engagement_rate",
    title={"en": "Social engagement rate", "zh-Hant": "社交媒體互動率"},
    definition={
        "en": "Likes, comments, saves and shares over impressions, within 30 days of publication, pooled over the contents of "
        "the period. Snapshots are running totals, so their growth counts; when a platform purges numbers, nothing is "
        "taken back. Reach or followers may take the place of impressions. Contents without that number are left out.",
        "zh-Hant": "發布後 30 日內按讚、留言、收藏、轉發合計除以曝光量，期內內容合併計算。快照為累計值，故取其增量；平台清洗資料時不倒扣。"
        "分母可改用觸達人數或粉絲數。缺該數者不計。",
    },
    roles=["marketing", "content"],
    params={
        **days("30d"),
        "denominator": choice(
            "impressions",
            "reach",
            "followers",
            titles={
                "impressions": {"en": "impressions", "zh-Hant": "曝光量"},
                "reach": {"en": "reach", "zh-Hant": "觸達人數"},
                "followers": {"en": "followers", "zh-Hant": "粉絲數"},
            },
            title={"en": "denominator", "zh-Hant": "分母"},
        ),
    },
    measure=Choice(
        "denominator",
        {name: _stat(ENGAGED, name, f"{name} is not null") for name in ("impressions", "reach", "followers")},
    ),
    moves={
        "en": "Moved by topics, pictures and answers to comments; moves reach, as platforms show what is liked.",
        "zh-Hant": "受選題、圖像與回覆留言影響；平台推送受歡迎的內容，故帶動觸達。",
    },
    examples=[
        Example(
            {"en": "45 of 1,000 impressions", "zh-Hant": "曝光 1,000 次互動 45"},
            {
                "content_published": [_post(1)],
                "content_measured": [
                    _snapshot(1, "2026-03-12", impressions=600, likes=20, comments=2, saves=1, shares=2),
                    _snapshot(1, "2026-03-20", impressions=1000, likes=30, comments=5, saves=5, shares=5),
                    _snapshot(1, "2026-04-20", impressions=9000, likes=90, comments=9, saves=9, shares=9),
                ],
            },
            "0.045",
        ),
        Example(
            {
                "en": "a purge takes nothing back: 30, then 20, then 26 likes are 36",
                "zh-Hant": "清洗不倒扣：按讚 30、20、26，計 36",
            },
            {
                "content_published": [_post(1)],
                "content_measured": [
                    _snapshot(1, "2026-03-12", impressions=600, likes=30),
                    _snapshot(1, "2026-03-16", impressions=900, likes=20),
                    _snapshot(1, "2026-03-20", impressions=1000, likes=26),
                ],
            },
            "0.036",
        ),
        Example(
            {"en": "two contents are pooled, not averaged", "zh-Hant": "兩篇合併計算而非平均"},
            {
                "content_published": [_post(1), _post(2)],
                "content_measured": [
                    _snapshot(1, "2026-03-12", impressions=100, likes=50),
                    _snapshot(2, "2026-03-12", impressions=900),
                ],
            },
            "0.05",
        ),
        Example(
            {"en": "of those reached", "zh-Hant": "按觸達人數"},
            {
                "content_published": [_post(1)],
                "content_measured": [_snapshot(1, "2026-03-12", impressions=900, reach=500, likes=50)],
            },
            "0.1",
            params={"denominator": "reach"},
        ),
        Example(
            {"en": "of the followers at publication", "zh-Hant": "按發布時粉絲數"},
            {
                "content_published": [_post(1)],
                "content_measured": [
                    _snapshot(1, "2026-03-10", followers=400, likes=10),
                    _snapshot(1, "2026-03-12", followers=800, likes=20),
                ],
            },
            "0.05",
            params={"denominator": "followers"},
        ),
        Example({"en": "nothing was published", "zh-Hant": "沒有發布"}, {}, state="no_denominator"),
    ],
    **_COMMON,
)

KEPT = {
    "both": "coalesce(saves, 0) + coalesce(shares, 0)",
    "saves": "coalesce(saves, 0)",
    "shares": "coalesce(shares, 0)",
}
READERS = {"reads": "reads", "reads_or_impressions": "coalesce(reads, impressions)"}

content_save_share_rate = Indicator(
    "content.content_save_share_rate",
    title={"en": "Content save and share rate", "zh-Hant": "內容收藏/轉發率"},
    definition={
        "en": "Saves and shares over reads within 30 days of publication, pooled over the contents of the period; or one of the "
        "two alone. Contents whose reads are not told are left out, unless impressions are declared to stand in for "
        "them.",
        "zh-Hant": "發布後 30 日內收藏與轉發合計除以閱讀量，期內內容合併計算；亦可單看其一。未提供閱讀量者不計，除非聲明以曝光量代替。",
    },
    roles=["content"],
    params={
        **days("30d"),
        "action": choice(
            "both",
            "saves",
            "shares",
            titles={
                "both": {"en": "saves and shares", "zh-Hant": "收藏與轉發"},
                "saves": {"en": "saves", "zh-Hant": "收藏"},
                "shares": {"en": "shares", "zh-Hant": "轉發"},
            },
            title={"en": "action", "zh-Hant": "行為"},
        ),
        "readers": choice(
            "reads",
            "reads_or_impressions",
            titles={
                "reads": {"en": "reads", "zh-Hant": "閱讀量"},
                "reads_or_impressions": {"en": "reads, else impressions", "zh-Hant": "閱讀量，缺則以曝光量"},
            },
            title={"en": "denominator", "zh-Hant": "分母"},
        ),
    },
    measure=Choice(
        "action",
        {
            action: Choice(
                "readers", {name: _stat(done, read, f"{read} is not null") for name, read in READERS.items()}
            )
            for action, done in KEPT.items()
        },
    ),
    moves={
        "en": "Moved by how useful a piece is; moves reach for free, and leads weeks later.",
        "zh-Hant": "受內容實用性影響；免費帶動觸達，並在數週後帶來線索。",
    },
    examples=[
        Example(
            {"en": "30 saves and 20 shares of 1,000 reads", "zh-Hant": "閱讀 1,000，收藏 30、轉發 20"},
            {
                "content_published": [_post(1)],
                "content_measured": [_snapshot(1, "2026-03-12", reads=1000, saves=30, shares=20)],
            },
            "0.05",
        ),
        *(
            Example(
                {"en": f"{action} alone", "zh-Hant": f"僅計{word}"},
                {
                    "content_published": [_post(1)],
                    "content_measured": [_snapshot(1, "2026-03-12", reads=1000, saves=30, shares=20)],
                },
                value,
                params={"action": action},
            )
            for action, word, value in (("saves", "收藏", "0.03"), ("shares", "轉發", "0.02"))
        ),
        Example(
            {
                "en": "without reads a content is left out, on both sides",
                "zh-Hant": "沒有閱讀量的內容兩邊都不計",
            },
            {
                "content_published": [_post(1), _post(2)],
                "content_measured": [
                    _snapshot(1, "2026-03-12", reads=1000, saves=30),
                    _snapshot(2, "2026-03-12", impressions=1000, saves=90),
                ],
            },
            "0.03",
        ),
        Example(
            {"en": "unless impressions stand in for reads", "zh-Hant": "聲明以曝光代替閱讀時則計"},
            {
                "content_published": [_post(1), _post(2)],
                "content_measured": [
                    _snapshot(1, "2026-03-12", reads=1000, saves=30),
                    _snapshot(2, "2026-03-12", impressions=1000, saves=90),
                ],
            },
            "0.06",
            params={"readers": "reads_or_impressions"},
        ),
        Example({"en": "nothing was published", "zh-Hant": "沒有發布"}, {}, state="no_denominator"),
    ],
    **_COMMON,
)
