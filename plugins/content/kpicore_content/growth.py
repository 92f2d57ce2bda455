"""Contents that travelled far, and notes that are seen more every month."""

from __future__ import annotations

from typing import Any

from kpicore import (
    MONTH_BEFORE,
    Choice,
    Constant,
    Example,
    Indicator,
    Monthly,
    Over,
    Parameter,
    Root,
    Window,
    choice,
    count,
    growth,
    names,
    total,
)
from kpicore_content.parameters import SNAPSHOTS, days


def _read(number: int, day: str, reads: int) -> dict[str, Any]:
    """What a platform said of a content's reads."""
    return {"content_id": f"A-{number}", "snapshot": day, "occurred_at": f"{day}T09:00:00Z", "reads": reads}


def _article(number: int, **more: Any) -> dict[str, Any]:
    said = {"content_id": f"A-{number}", "type": "industry_analysis", "occurred_at": "2026-03-10T09:00:00Z"}
    return {**said, **more}


high_read_articles = Indicator(
    "content.high_read_articles",
    title={"en": "Industry analyses with 100,000 reads", "zh-Hant": "10萬+閱讀行業分析篇數"},
    definition={
        "en": "Industry analyses published in the period that were read 100,000 times or more within 30 days. They count for "
        "the period of publication, whenever the mark was passed. Reposts do not count.",
        "zh-Hant": "期內發布、30 日內閱讀達 10 萬以上的行業分析篇數。計入發布當期，不論何時達標。轉載不計。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["content"],
    better="higher",
    **SNAPSHOTS,
    params={
        **days("30d"),
        "types": names("industry_analysis", title={"en": "types of content", "zh-Hant": "內容類型"}),
        "least": Parameter("integer", "100000", title={"en": "least reads", "zh-Hant": "最低閱讀量"}),
    },
    measure=count(
        "content_stat", where="type in $types and reads >= $least and not coalesce(repost, false)", matures="$days"
    ),
    moves={
        "en": "Moved by topics of the day and by being shared; moves the brand's reach and followers.",
        "zh-Hant": "受時事選題與轉發影響；帶動品牌聲量與粉絲數。",
    },
    examples=[
        Example(
            {"en": "100,000 reads count, 99,999 do not", "zh-Hant": "滿 10 萬即計，99,999 不計"},
            {
                "content_published": [_article(1), _article(2)],
                "content_measured": [_read(1, "2026-03-30", 100_000), _read(2, "2026-03-30", 99_999)],
            },
            "1",
        ),
        Example(
            {
                "en": "passed in April it counts for March; passed after 30 days it does not",
                "zh-Hant": "四月達標仍計入三月；逾 30 日達標不計",
            },
            {
                "content_published": [_article(1), _article(2)],
                "content_measured": [
                    _read(1, "2026-03-30", 60_000),
                    _read(1, "2026-04-09", 120_000),
                    _read(2, "2026-04-09", 99_000),
                    _read(2, "2026-04-10", 120_000),
                ],
            },
            "1",
        ),
        Example(
            {"en": "other types and reposts do not count", "zh-Hant": "其他類型與轉載不計"},
            {
                "content_published": [_article(1, type="news"), _article(2, repost=True)],
                "content_measured": [_read(1, "2026-03-30", 200_000), _read(2, "2026-03-30", 200_000)],
            },
            "0",
        ),
        Example(
            {"en": "within 30 days of the month's end it is provisional", "zh-Hant": "月結 30 日內為暫定"},
            {"content_published": [_article(1)], "content_measured": [_read(1, "2026-03-30", 100_000)]},
            "1",
            state="provisional",
            as_of="2026-04-10T00:00:00Z",
        ),
        Example({"en": "nothing was published", "zh-Hant": "沒有發布"}, {}, "0"),
    ],
)

IMPRESSIONS = total("content_gain", "impressions", where="platform in $platforms and impressions is not null")
BEFORE, LAST = Window("start - 1 month", "start"), Window("end - 1 month", "end")


def _note(day: str, impressions: int, number: int = 1) -> dict[str, Any]:
    said = {"content_id": f"N-{number}", "snapshot": day, "occurred_at": f"{day}T09:00:00Z"}
    return {**said, "impressions": impressions}


def _published(number: int = 1) -> dict[str, Any]:
    return {"content_id": f"N-{number}", "platform": "xiaohongshu", "occurred_at": "2025-11-20T09:00:00Z"}


xhs_note_impression_growth_rate = Indicator(
    "content.xhs_note_impression_growth_rate",
    title={"en": "Monthly growth of note impressions", "zh-Hant": "小紅書筆記曝光量月均增長率"},
    definition={
        "en": "Mean monthly growth of the impressions of notes: the n-th root of the last month's impressions over those of "
        "the month before the period, less one, where the period has n months. Impressions are the growth of "
        "snapshots. A variant is the arithmetic mean of the growth from month to month; both are empty where a month to "
        "grow from has no impressions.",
        "zh-Hant": "筆記曝光量的月均增長率：期末月曝光除以期前月曝光，開 n 次方減一，n 為期間月數。曝光取快照增量。另有期內各月環比增長率之算術平均的基準。基期無曝光時均不計算。",
    },
    perspective="operations",
    indicator_type="process",
    roles=["content", "marketing"],
    unit="percent",
    better="higher",
    **SNAPSHOTS,
    params={
        "mean": choice(
            "geometric",
            "arithmetic",
            titles={
                "geometric": {"en": "geometric", "zh-Hant": "幾何平均"},
                "arithmetic": {"en": "arithmetic", "zh-Hant": "算術平均"},
            },
            title={"en": "mean", "zh-Hant": "平均方式"},
        ),
        "platforms": names("xiaohongshu", title={"en": "platforms", "zh-Hant": "平台"}),
    },
    measure=Choice(
        "mean",
        {
            "geometric": Root(Over(IMPRESSIONS, LAST) / Over(IMPRESSIONS, BEFORE), Constant("months")) - 1,
            "arithmetic": Monthly(growth(IMPRESSIONS, MONTH_BEFORE)),
        },
    ),
    version="1.2",
    moves={
        "en": "Moved by notes that are saved and shared, and by posting steadily; moves the brand's reach.",
        "zh-Hant": "受筆記收藏轉發與穩定發布影響；帶動品牌曝光。取代「提升品牌影響力」這類空泛目標。",
    },
    examples=[
        Example(
            {
                "en": "1,000 in December, 8,000 in March: it doubled each month",
                "zh-Hant": "十二月 1,000、三月 8,000：月增一倍",
            },
            {
                "content_published": [_published()],
                "content_measured": [_note("2025-12-31", 1000), _note("2026-02-28", 7000), _note("2026-03-31", 15_000)],
            },
            "1",
            period="2026-Q1",
        ),
        Example(
            {"en": "of a single month: growth over the month before", "zh-Hant": "單月：即環比增長"},
            {
                "content_published": [_published(), {**_published(2), "platform": "wechat_oa"}],
                "content_measured": [
                    _note("2026-02-27", 1000),
                    _note("2026-03-30", 2300),
                    _note("2026-03-30", 99_000, 2),
                ],
            },
            "0.3",
        ),
        Example(
            {
                "en": "arithmetic: 100 %, 0 % and 50 % are 50 %",
                "zh-Hant": "算術平均：100%、0%、50%，平均 50%",
            },
            {
                "content_published": [_published()],
                "content_measured": [
                    _note("2025-12-30", 100),
                    _note("2026-01-30", 300),
                    _note("2026-02-27", 500),
                    _note("2026-03-30", 800),
                ],
            },
            "0.5",
            params={"mean": "arithmetic"},
            period="2026-Q1",
        ),
        Example(
            {"en": "arithmetic of a year: doubled every month", "zh-Hant": "全年算術平均：每月倍增"},
            {
                "content_published": [_published()],
                "content_measured": [
                    _note(f"{2025 + month // 12}-{month % 12 + 1:02}-20", 100 * (2 ** (place + 1) - 1))
                    for place, month in enumerate(range(11, 24))
                ],
            },
            "1",
            params={"mean": "arithmetic"},
            period="2026",
        ),
        Example(
            {
                "en": "arithmetic: a month without impressions has nothing to grow from",
                "zh-Hant": "算術平均：某月無曝光則次月無基期",
            },
            {
                "content_published": [_published()],
                "content_measured": [_note("2025-12-30", 100), _note("2026-02-27", 500), _note("2026-03-30", 800)],
            },
            state="no_denominator",
            params={"mean": "arithmetic"},
            period="2026-Q1",
        ),
        Example(
            {"en": "a week has no months", "zh-Hant": "一週沒有月數"},
            {"content_published": [_published()], "content_measured": [_note("2026-03-11", 100)]},
            state="no_denominator",
            params={"mean": "arithmetic"},
            period="2026-W11",
        ),
        Example(
            {"en": "nothing to grow from", "zh-Hant": "基期沒有曝光"},
            {"content_published": [_published()], "content_measured": [_note("2026-03-30", 800)]},
            state="no_denominator",
            period="2026-Q1",
        ),
        Example({"en": "no notes", "zh-Hant": "沒有筆記"}, {}, state="no_denominator", period="2026-Q1"),
    ],
)
