"""What is published, and how much of it is good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import Choice, Example, Indicator, Parameter, choice, count, names
from kpicore_content.parameters import VERDICT, WITHDRAWAL

CREDIT = ("author_id", "team_id", "owner_id")
SYSTEM = {"en": "Content calendar or CMS", "zh-Hant": "內容排程或內容管理系統"}
REVIEWS = {"en": "CMS and reviews of contents", "zh-Hant": "內容管理系統與內容評審"}


def _content(number: int, **more: Any) -> dict[str, Any]:
    """A content of Ann's, published on 10 March."""
    return {"content_id": f"C-{number}", "author_id": "Ann", "occurred_at": "2026-03-10T09:00:00Z", **more}


def _review(number: int, rating: int | None, on_brand: bool | None = True, **more: Any) -> dict[str, Any]:
    """What Bo says of a content on 12 March."""
    said = {"content_id": f"C-{number}", "on_brand": on_brand, "rating": rating, "reviewer_id": "Bo"}
    return {**said, "occurred_at": "2026-03-12T09:00:00Z", **more}


#: Six white papers, one a day, all on brand; they were read 10, 40, 30, 20, 50 and 15 times.
READ_AND_REVIEWED: Mapping[str, Any] = {
    "content_published": [
        _content(n, type="whitepaper", platform="site", occurred_at=f"2026-03-0{n}T09:00:00Z") for n in range(1, 7)
    ],
    "content_reviewed": [_review(n, None) for n in range(1, 7)],
    "content_measured": [
        {"content_id": f"C-{n}", "reads": reads, "occurred_at": "2026-03-20T09:00:00Z"}
        for n, reads in enumerate((10, 40, 30, 20, 50, 15), 1)
    ],
}

BY_TWO_RULES: Mapping[str, Any] = {
    "content_published": [_content(1, type="whitepaper"), _content(2, type="whitepaper")],
    "content_reviewed": [_review(n, 5, rule_version=str(n)) for n in (1, 2)],
}

PINNED = Example(
    {"en": "pinned: a review by another rule decides nothing", "zh-Hant": "指定版本：依其他規則的評審不計"},
    BY_TWO_RULES,
    "1",
    params={"reviews": "pinned", "rules": ["2"]},
)

content_output = Indicator(
    "content.content_output",
    title={"en": "Content output", "zh-Hant": "內容產出量"},
    definition={
        "en": "Contents of one's own that were published in the period. Reposts do not count, nor what was withdrawn within 24 "
        "hours. It counts pieces, not how good they are: quality content output says that.",
        "zh-Hant": "期內發布的自產內容數。轉載不計，24 小時內撤回者不計。只計篇數不問好壞，優劣請看優質內容產出量。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["content"],
    better="higher",
    data_source=SYSTEM,
    params=WITHDRAWAL,
    credit=CREDIT,
    measure=count("content_output", matures="$withdrawal"),
    moves={
        "en": "Moved by hands and hours; moves reach only where quality keeps up. Easy to raise by writing short.",
        "zh-Hant": "受人力與工時影響；品質跟上才帶動觸達。寫得短就能灌量。",
    },
    examples=[
        Example(
            {"en": "three pieces were published", "zh-Hant": "發布三篇"},
            {"content_published": [_content(1), _content(2), _content(3)]},
            "3",
        ),
        Example(
            {
                "en": "a repost, and a piece that was withdrawn after a day, are no output; later it stays one",
                "zh-Hant": "轉載與一日內撤回者不計；之後才撤回者仍計",
            },
            {
                "content_published": [_content(1), _content(2, repost=True), _content(3), _content(4)],
                "content_withdrawn": [
                    {"content_id": "C-3", "occurred_at": "2026-03-11T09:00:00Z"},
                    {"content_id": "C-4", "occurred_at": "2026-03-11T09:00:01Z"},
                ],
            },
            "2",
        ),
        Example(
            {"en": "within a day of the month's end it is provisional", "zh-Hant": "月結一日內為暫定"},
            {"content_published": [_content(1)]},
            "1",
            state="provisional",
            as_of="2026-04-01T12:00:00Z",
        ),
        Example({"en": "nothing was published", "zh-Hant": "沒有發布"}, {}, "0"),
    ],
)

#: Where verdicts are found, and when they are final, for each rule of quality.
JUDGED = {"rating": ("content_verdict", "$verdict"), "percentile": ("content_merit", "$days")}
CONTENTS = {rule: count(source, matures=final) for rule, (source, final) in JUDGED.items()}
QUALITY = {rule: count(source, where="quality", matures=final) for rule, (source, final) in JUDGED.items()}
DECIDED = {rule: count(source, where="decided", matures=final) for rule, (source, final) in JUDGED.items()}

quality_content_output = Indicator(
    "content.quality_content_output",
    title={"en": "Quality content output", "zh-Hant": "優質內容產出量"},
    definition={
        "en": "Contents of the period's output that someone else than the author judged to be on brand and rated 4 of 5 or "
        "better. The latest review until 14 days after publication decides; until then it is provisional. By the other "
        "rule, what is on brand is good where it is read at least as much, in 30 days, as 80 of 100 contents of its "
        "platform in the 90 days up to it; fewer than five of them tell nothing.",
        "zh-Hant": "期內產出中經作者以外人員評定符合品牌調性且評分達 4 分（滿分 5）以上的篇數。以發布後 14 日內的最後一次評審為準，期滿前為暫定。"
        "另一規則：符合調性，且 30 日閱讀量不低於同平台近 90 日內容的 80%；同儕不足五篇則不評。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["content"],
    better="higher",
    data_source=REVIEWS,
    params=VERDICT,
    credit=CREDIT,
    measure=Choice("rule", QUALITY),
    version="1.1",
    moves={
        "en": "Moved by briefs, editing and knowledge of readers; moves engagement and the leads that content brings.",
        "zh-Hant": "受選題、編輯與讀者理解影響；帶動互動與內容線索。",
    },
    replaces="content.content_output",
    examples=[
        Example(
            {"en": "rated 5 and 4: two; rated 3: none", "zh-Hant": "5 分與 4 分計兩篇，3 分不計"},
            {
                "content_published": [_content(1), _content(2), _content(3)],
                "content_reviewed": [_review(1, 5), _review(2, 4), _review(3, 3)],
            },
            "2",
        ),
        Example(
            {
                "en": "off brand, praised by its author, or reviewed too late: not of quality",
                "zh-Hant": "不符調性、作者自評、逾期評審皆不算優質",
            },
            {
                "content_published": [_content(1), _content(2), _content(3)],
                "content_reviewed": [
                    _review(1, 5, on_brand=False),
                    _review(2, 5, reviewer_id="Ann"),
                    _review(3, 5, occurred_at="2026-03-24T09:00:01Z"),
                ],
            },
            "0",
        ),
        Example(
            {"en": "the latest review in time decides", "zh-Hant": "以期限內最後一次評審為準"},
            {
                "content_published": [_content(1), _content(2)],
                "content_reviewed": [
                    _review(1, 5),
                    _review(1, 3, occurred_at="2026-03-24T09:00:00Z"),
                    _review(2, 3),
                    _review(2, 4, occurred_at="2026-03-15T09:00:00Z"),
                ],
            },
            "1",
        ),
        Example(
            {
                "en": "by percentile: the fifth is read most; the sixth is not; the first four have too few peers",
                "zh-Hant": "百分位規則：第五篇閱讀最多，計；第六篇不計；前四篇同儕太少，不評",
            },
            READ_AND_REVIEWED,
            "1",
            params={"rule": "percentile"},
        ),
        Example(
            {"en": "while reviews may still come it is provisional", "zh-Hant": "評審期未滿前為暫定"},
            {"content_published": [_content(1)], "content_reviewed": [_review(1, 5)]},
            "1",
            state="provisional",
            as_of="2026-04-05T00:00:00Z",
        ),
        PINNED,
        Example({"en": "nothing was published", "zh-Hant": "沒有發布"}, {}, "0"),
    ],
)

quality_content_share = Indicator(
    "content.quality_content_share",
    title={"en": "Quality content share", "zh-Hant": "優質內容占比"},
    definition={
        "en": "Quality contents as a share of the period's output that was judged in time. What nobody judged counts on "
        "neither side; how much was judged is shown as the figure coverage.",
        "zh-Hant": "優質內容占期內於期限內完成評審之產出的比例。未評審者兩邊都不計，評審覆蓋率另以基準 coverage 呈現。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["content"],
    unit="percent",
    better="higher",
    data_source=REVIEWS,
    params={
        **VERDICT,
        "figure": choice(
            "quality",
            "coverage",
            titles={
                "quality": {"en": "share of quality", "zh-Hant": "優質占比"},
                "coverage": {"en": "share that was judged", "zh-Hant": "已評審占比"},
            },
            title={"en": "figure", "zh-Hant": "基準"},
        ),
    },
    credit=CREDIT,
    measure=Choice(
        "figure",
        {
            "quality": Choice("rule", {rule: QUALITY[rule] / DECIDED[rule] for rule in JUDGED}),
            "coverage": Choice("rule", {rule: DECIDED[rule] / CONTENTS[rule] for rule in JUDGED}),
        },
    ),
    version="1.1",
    moves={
        "en": "Moved by briefs and editing; publishing less but better raises it, so read it beside quality content output.",
        "zh-Hant": "受選題與編輯影響；少而精會拉高比例，應與優質內容產出量並看。",
    },
    examples=[
        Example(
            {"en": "three of four that were judged are of quality", "zh-Hant": "評審四篇，優質三篇"},
            {
                "content_published": [_content(n) for n in range(1, 5)],
                "content_reviewed": [_review(1, 5), _review(2, 4), _review(3, 4), _review(4, 2)],
            },
            "0.75",
        ),
        Example(
            {
                "en": "what nobody judged is left out; a review that leaves the rating open decides nothing",
                "zh-Hant": "未評審者不計；未給分的評審不成立",
            },
            {
                "content_published": [_content(n) for n in range(1, 5)],
                "content_reviewed": [_review(1, 5), _review(2, 1), _review(3, None)],
            },
            "0.5",
        ),
        Example(
            {"en": "coverage: two of four were judged", "zh-Hant": "覆蓋率：四篇評審兩篇"},
            {
                "content_published": [_content(n) for n in range(1, 5)],
                "content_reviewed": [_review(1, 5), _review(2, 1)],
            },
            "0.5",
            params={"figure": "coverage"},
        ),
        Example(
            {"en": "by percentile, one of the two that have peers", "zh-Hant": "百分位規則：可比的兩篇之一"},
            READ_AND_REVIEWED,
            "0.5",
            params={"rule": "percentile"},
        ),
        Example(
            {"en": "published, but nothing was judged", "zh-Hant": "有發布而無評審"},
            {"content_published": [_content(1)]},
            state="no_denominator",
        ),
        Example(
            {"en": "pinned: only reviews by the rule named", "zh-Hant": "指定版本：只計該規則的評審"},
            BY_TWO_RULES,
            "1",
            params={"reviews": "pinned", "rules": ["2"]},
        ),
        Example({"en": "nothing was published", "zh-Hant": "沒有發布"}, {}, state="no_denominator"),
    ],
)

whitepapers_published = Indicator(
    "content.whitepapers_published",
    title={"en": "Quality white papers published", "zh-Hant": "優質行業白皮書產出量"},
    definition={
        "en": "White papers of the period's output that were judged to be of quality, as in quality content output. A new "
        "edition counts where at least half of it changed.",
        "zh-Hant": "期內產出的白皮書中評為優質的篇數，評定方式同優質內容產出量。新版須改動一半以上才計。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["content"],
    better="higher",
    data_source=REVIEWS,
    params={
        **VERDICT,
        "types": names("whitepaper", title={"en": "types of content", "zh-Hant": "內容類型"}),
        "changed": Parameter(
            "decimal", "0.5", title={"en": "least change of an edition", "zh-Hant": "新版最低改動比例"}
        ),
    },
    credit=CREDIT,
    measure=Choice(
        "rule",
        {
            rule: count(
                source,
                where="quality and type in $types and (edition_of is null or changed >= $changed)",
                matures=final,
            )
            for rule, (source, final) in JUDGED.items()
        },
    ),
    version="1.1",
    moves={
        "en": "Moved by research and experts' time; moves leads of high value for months.",
        "zh-Hant": "受研究投入與專家時間影響；數月內持續帶來高價值線索。",
    },
    examples=[
        Example(
            {"en": "two good white papers; an article is none", "zh-Hant": "兩份優質白皮書；文章不計"},
            {
                "content_published": [
                    _content(1, type="whitepaper"),
                    _content(2, type="whitepaper"),
                    _content(3, type="article"),
                    _content(4, type="whitepaper"),
                ],
                "content_reviewed": [_review(1, 5), _review(2, 4), _review(3, 5), _review(4, 3)],
            },
            "2",
            period="2026",
        ),
        Example(
            {
                "en": "an edition counts from half changed on; one of unknown change does not",
                "zh-Hant": "新版改動過半才計；改動不明者不計",
            },
            {
                "content_published": [
                    _content(1, type="whitepaper", edition_of="C-0", changed="0.5"),
                    _content(2, type="whitepaper", edition_of="C-0", changed="0.49"),
                    _content(3, type="whitepaper", edition_of="C-0"),
                ],
                "content_reviewed": [_review(1, 5), _review(2, 5), _review(3, 5)],
            },
            "1",
            period="2026",
        ),
        Example(
            {"en": "by percentile, of white papers", "zh-Hant": "百分位規則，僅計白皮書"},
            READ_AND_REVIEWED,
            "1",
            params={"rule": "percentile"},
        ),
        PINNED,
        Example({"en": "none was published", "zh-Hant": "沒有發布"}, {}, "0", period="2026"),
    ],
)

OFFICIAL: Mapping[str, Any] = {"platform": "wechat_oa", "occurred_at": "2026-03-10T09:00:00Z"}

official_account_posts = Indicator(
    "content.official_account_posts",
    title={"en": "Official-account posts a week", "zh-Hant": "每週公眾號發文數"},
    definition={
        "en": "Posts published on the official account in the week. It is the example of what not to score: a duty, not a "
        "result. Anyone can post three times a week to no effect; score the share of leads that articles bring.",
        "zh-Hant": "當週公眾號發文數。這是不應計分的反例：它是職責而非結果，每週發三篇也可能毫無成效；應改用公眾號文章帶來的線索量占比。",
    },
    perspective="operations",
    indicator_type="activity",
    roles=["content"],
    unit="posts a week",
    better="higher",
    data_source=SYSTEM,
    params={"platforms": names("wechat_oa", title={"en": "platforms", "zh-Hant": "平台"})},
    credit=CREDIT,
    measure=count("known_content", where="platform in $platforms"),
    moves={
        "en": "Moved by diligence alone; moves nothing by itself. See official-account lead share.",
        "zh-Hant": "只受勤勉影響，本身不帶動任何結果。請看公眾號文章帶來的線索量占比。",
    },
    examples=[
        Example(
            {"en": "three posts in the week; one elsewhere", "zh-Hant": "當週三篇；他平台一篇不計"},
            {"content_published": [OFFICIAL, OFFICIAL, OFFICIAL, {**OFFICIAL, "platform": "xiaohongshu"}]},
            "3",
            period="2026-W11",
        ),
        Example(
            {"en": "reposts are posts, too: that is its weakness", "zh-Hant": "轉載也算發文：這正是它的弱點"},
            {"content_published": [{**OFFICIAL, "repost": True}]},
            "1",
            period="2026-W11",
        ),
        Example({"en": "nothing was posted", "zh-Hant": "沒有發文"}, {}, "0", period="2026-W11"),
    ],
)
