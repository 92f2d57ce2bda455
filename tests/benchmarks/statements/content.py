"""Content, by hand."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.statements.parts import CREDIT, JUDGED, OUTPUT, inside, month, plain, snapshots

_EDITIONS = "good and type = 'whitepaper' and (edition_of is null or changed >= 0.5)"
_ENGAGED = "coalesce(likes, 0) + coalesce(comments, 0) + coalesce(saves, 0) + coalesce(shares, 0)"


def _pooled(above: str, below: str, within: int) -> str:
    both = f"sum({above}) filter (where {below} is not null), sum({below})"
    known = f"({above}) is not null and {below} is not null"
    return f"with {snapshots(within)} {plain('stats', both, 'author_id', known)}"


STATEMENTS: Mapping[str, str] = {
    "content.official_account_lead_share": f"""with {CREDIT}, whole as (
            select {month()}, count(*) as leads from leads where {inside()} group by all
        )
        select c.author_id, w.month, count(*), any_value(w.leads)
        from credit c join whole w on w.month = date_trunc('month', make_timestamp(c.occurred_at))
        where c.platform = 'wechat_oa' and {inside("c.occurred_at")} group by all""",
    "content.content_acquisition_cost": f"""with {CREDIT}
        select author_id, {month()}, sum(amount), sum(leads) from (
            select coalesce(p.author_id, p.owner_id, s.owner_id) as author_id, s.occurred_at, s.amount, 0 as leads
            from spend_booked s left join content_published p on p.content_id = s.content_id
            where s.content_id is not null or s.cost_type in ('content', 'production')
            union all select author_id, occurred_at, 0, 1 from credit where content_id is not null
        ) where {inside()} group by all""",
    "content.content_conversion_rate": f"""with {CREDIT}, both_sides as (
            select author_id, occurred_at, true as lead, null as visitor_id from credit where content_id is not null
            union all
            select coalesce(p.author_id, p.owner_id), v.occurred_at, false, v.visitor_id
            from page_viewed v left join content_published p on p.content_id = v.content_id
            where v.content_id is not null and not coalesce(v.bot, false)
        ) {plain("both_sides", "count(*) filter (where lead), count(distinct visitor_id)", "author_id")}""",
    "content.content_reach_rate": _pooled("reach", "followers", 7),
    "content.social_engagement_rate": _pooled(_ENGAGED, "impressions", 30),
    "content.content_save_share_rate": _pooled("coalesce(saves, 0) + coalesce(shares, 0)", "reads", 30),
    "content.high_read_articles": f"""with {snapshots(30)} {
        plain(
            "stats",
            "count(*), null",
            "author_id",
            "type = 'industry_analysis' and reads >= 100000 and not coalesce(repost, false)",
        )
    }""",
    "content.xhs_note_impression_growth_rate": f"""with seen as (
            select content_id, owner_id, occurred_at, impressions
                - coalesce(lag(impressions ignore nulls) over (partition by content_id order by occurred_at, snapshot), 0) as gain
            from content_measured
        ), monthly as (
            select coalesce(p.author_id, p.owner_id, s.owner_id) as author_id, {month("s.occurred_at")},
                sum(greatest(s.gain, 0)) as gain
            from seen s join content_published p on p.content_id = s.content_id
            where p.platform = 'xiaohongshu' and s.gain is not null group by all
        )
        select author_id, month, sum(now) - sum(past), sum(past) from (
            select author_id, month, gain as now, 0 as past from monthly
            union all select author_id, month + interval 1 month, 0, gain from monthly
        ) where month >= '2024-01-01' and month < '2026-01-01' group by all""",
    "content.content_output": f"with {OUTPUT} {plain('output', 'count(*), null', 'author_id')}",
    "content.quality_content_output": f"with {JUDGED} {plain('judged', 'count(*), null', 'author_id', 'good')}",
    "content.quality_content_share": f"""with {JUDGED}
        {plain("judged", "count(*) filter (where good), count(good)", "author_id", "good is not null")}""",
    "content.whitepapers_published": f"with {JUDGED} {plain('judged', 'count(*), null', 'author_id', _EDITIONS)}",
    "content.official_account_posts": plain(
        "content_published", "count(*), null", "coalesce(author_id, owner_id)", "platform = 'wechat_oa'"
    ),
}
