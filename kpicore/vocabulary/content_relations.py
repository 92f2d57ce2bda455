"""Contents as published, what they reached and how they were judged, who read them and what they cost."""

from __future__ import annotations

from kpicore.definitions.parameters import Parameter, choice, duration, names
from kpicore.definitions.relations import Relation
from kpicore.naming import both

DAYS = duration("30d", title=both("snapshots count within", "資料計入期"))
WITHDRAWAL = duration("24h", title=both("withdrawn contents do not count within", "撤回不計期"))
VERDICT = duration("14d", title=both("time to judge", "評審期限"))
REVIEWS = choice(
    "any",
    "pinned",
    titles={"any": both("any version", "任何版本"), "pinned": both("the versions named", "指定版本")},
    title=both("rules of review that count", "計入的評審規則"),
)
RULES = names("1", title=both("versions of the rule", "規則版本"))
RATING = Parameter("integer", "4", title=both("least rating of quality", "優質最低評分"))
PERCENTILE = Parameter("integer", "80", title=both("read as much as so many of 100 peers", "閱讀量百分位門檻"))
PEERS = duration("90d", title=both("peers were published up to so long before", "同儕內容回溯期"))
FEWEST = Parameter("integer", "5", title=both("fewest peers, with itself, to compare", "最少同儕數（含本篇）"))
PRODUCTION = names(
    "content", "production", title=both("cost types that are production of content", "視為內容製作的費用類型")
)
AMORTISE = duration("0d", title=both("spread the cost of lasting content over", "長效內容攤銷期"))
LASTING = names("whitepaper", "guide", title=both("types of content that last", "長效內容類型"))

_CREDITS = {"author_id": "person", "team_id": "team", "owner_id": "person", "campaign_id": "campaign"}
_OF_CONTENT = {"author_id": "person", "content_team_id": "team"}
_TITLES = {
    "author_id": both("author of the content", "內容作者"),
    "content_team_id": both("team of the content", "內容團隊"),
    "content_type": both("type of the content", "內容類型"),
}

KNOWN_CONTENT = Relation(
    "known_content",
    both("contents as first published", "內容（首次發布）"),
    """
    select z.content_id, z.source, z.occurred_at, z.owner_id, coalesce(z.author_id, z.owner_id) as author_id,
        z.team_id, z.platform, z.type, z.campaign_id, z.repost, z.planned_audience, z.edition_of, z.changed
    from (
        select p.*, row_number() over (partition by p.content_id order by p.occurred_at, p.source) as nth
        from content_published p
    ) z
    where z.nth = 1
    """,
    "content_id",
    credits=_CREDITS,
)

CONTENT_OUTPUT = Relation(
    "content_output",
    both("contents of one's own that stayed published", "自產且未即撤回的內容"),
    """
    select p.*
    from known_content p
    left join (
        select k.content_id
        from known_content k
        join content_withdrawn w
            on w.content_id = k.content_id
            and w.occurred_at >= k.occurred_at
            and w.occurred_at <= k.occurred_at + $withdrawal
        group by k.content_id
    ) x on x.content_id = p.content_id
    where x.content_id is null and not coalesce(p.repost, false)
    """,
    "content_id",
    params={"withdrawal": WITHDRAWAL},
    credits=_CREDITS,
)

# A review without a word on either half decides where the other half does: off brand is off brand, however it is rated.
CONTENT_VERDICT = Relation(
    "content_verdict",
    both("contents with their verdict", "內容及其評審"),
    """
    select p.*, v.content_id is not null as decided, coalesce(v.quality, false) as quality
    from content_output p
    left join (
        select k.content_id, (r.on_brand and r.rating >= $rating) as quality,
            row_number() over (
                partition by k.content_id order by r.occurred_at desc, r.review_id desc, r.source desc
            ) as nth
        from content_reviewed r
        join known_content k on k.content_id = r.content_id
        where (r.on_brand and r.rating >= $rating) is not null
            and r.occurred_at <= k.occurred_at + $verdict
            and coalesce(r.reviewer_id, r.owner_id) is not null
            and ($reviews = 'any' or r.rule_version in $rules)
            and coalesce(r.reviewer_id, r.owner_id) is distinct from k.author_id
    ) v on v.content_id = p.content_id and v.nth = 1
    """,
    "content_id",
    params={"withdrawal": WITHDRAWAL, "verdict": VERDICT, "rating": RATING, "reviews": REVIEWS, "rules": RULES},
    credits=_CREDITS,
    titles={"decided": both("judged", "已評審"), "quality": both("of quality", "優質")},
    version="1.1",
)

_COUNTED = ("impressions", "reads", "clicks", "likes", "comments", "saves", "shares")


def _gain(column: str) -> str:
    """What a counter grew by since the snapshot before that told it; a purge by the platform takes nothing away."""
    order = "partition by m.content_id order by m.occurred_at, m.snapshot, m.source"
    before = f"coalesce(lag(m.{column} ignore nulls) over ({order}), 0)"
    return f"case when m.{column} is not null then greatest(m.{column} - {before}, 0) end as {column}"


CONTENT_GAIN = Relation(
    "content_gain",
    both("gains between content snapshots", "內容快照增量"),
    f"""
    select m.content_id, m.snapshot, m.source, m.occurred_at, p.occurred_at as published_at,
        coalesce(p.author_id, m.owner_id) as author_id, p.team_id, p.platform, p.type, m.reach, m.followers,
        {", ".join(map(_gain, _COUNTED))}
    from content_measured m
    left join known_content p on p.content_id = m.content_id
    """,
    ("content_id", "snapshot", "source"),
    credits={"author_id": "person", "team_id": "team"},
    titles={"published_at": both("time of publication", "發布時刻")},
)

CONTENT_STAT = Relation(
    "content_stat",
    both("contents with what they reached", "內容及其傳播成效"),
    f"""
    select p.*, g.reach, g.followers, {", ".join(f"g.{column}" for column in _COUNTED)}
    from known_content p
    left join (
        select y.content_id, max(y.reach) as reach, max(y.audience) as followers,
            {", ".join(f"cast(sum(y.{column}) as bigint) as {column}" for column in _COUNTED)}
        from (
            select x.*,
                first_value(x.followers ignore nulls) over (
                    partition by x.content_id order by x.occurred_at, x.snapshot, x.source
                    rows between unbounded preceding and unbounded following
                ) as audience
            from content_gain x
            where x.occurred_at >= x.published_at and x.occurred_at <= x.published_at + $days
        ) y
        group by y.content_id
    ) g on g.content_id = p.content_id
    """,
    "content_id",
    params={"days": DAYS},
    credits=_CREDITS,
    titles={"followers": both("followers at publication", "發布時粉絲數")},
)

# Peers are earlier contents of the same platform, and the content itself: what is published later changes no verdict.
CONTENT_MERIT = Relation(
    "content_merit",
    both("contents with their verdict by percentile of reads", "內容及其閱讀百分位評定"),
    """
    select p.*, v.on_brand is not null and k.content_id is not null as decided,
        coalesce(v.on_brand and k.above * 100 >= $percentile * k.peers, false) as quality
    from content_output p
    left join (
        select k.content_id, r.on_brand,
            row_number() over (
                partition by k.content_id order by r.occurred_at desc, r.review_id desc, r.source desc
            ) as nth
        from content_reviewed r
        join known_content k on k.content_id = r.content_id
        where r.on_brand is not null
            and r.occurred_at <= k.occurred_at + $days
            and coalesce(r.reviewer_id, r.owner_id) is not null
            and ($reviews = 'any' or r.rule_version in $rules)
            and coalesce(r.reviewer_id, r.owner_id) is distinct from k.author_id
    ) v on v.content_id = p.content_id and v.nth = 1
    left join (
        select a.content_id, cast(count(*) as bigint) as peers,
            cast(sum(case when b.reads <= a.reads then 1 else 0 end) as bigint) as above
        from content_stat a
        join content_stat b
            on b.platform is not distinct from a.platform
            and b.occurred_at <= a.occurred_at
            and b.occurred_at >= a.occurred_at - $peers
        where a.reads is not null and b.reads is not null
        group by a.content_id
        having count(*) >= $fewest
    ) k on k.content_id = p.content_id
    """,
    "content_id",
    params={
        "withdrawal": WITHDRAWAL,
        "days": DAYS,
        "percentile": PERCENTILE,
        "peers": PEERS,
        "fewest": FEWEST,
        "reviews": REVIEWS,
        "rules": RULES,
    },
    credits=_CREDITS,
    titles={"decided": both("judged", "已評審"), "quality": both("of quality", "優質")},
    version="1.1",
)

CONTENT_VIEW = Relation(
    "content_view",
    both("views of contents", "內容頁瀏覽"),
    """
    select v.view_id, v.source, v.occurred_at, v.visitor_id, v.session_id, v.channel_id, v.content_id,
        p.author_id, p.team_id as content_team_id, p.platform, p.type as content_type
    from page_viewed v
    left join known_content p on p.content_id = v.content_id
    where v.content_id is not null and not coalesce(v.bot, false)
    """,
    ("view_id", "source"),
    credits={**_OF_CONTENT, "channel_id": "channel"},
    reads={"page_viewed": ("0d", "0d")},
    titles=_TITLES,
)

# A spell of one microsecond is an instant: what is not spread counts when it was booked.
CONTENT_SPEND = Relation(
    "content_spend",
    both("spend on contents", "內容費用"),
    """
    select s.spend_id, s.source, s.owner_id, s.amount, s.currency, s.cost_type, s.channel_id, s.content_id,
        coalesce(p.author_id, s.owner_id) as author_id, p.team_id as content_team_id, p.platform,
        p.type as content_type, s.occurred_at as valid_from,
        s.occurred_at + case when p.type in $lasting then greatest($amortise, 1) else 1 end as valid_to
    from spend_booked s
    left join known_content p on p.content_id = s.content_id
    where s.content_id is not null or s.cost_type in $production
    """,
    ("spend_id", "source"),
    spell=True,
    params={"production": PRODUCTION, "amortise": AMORTISE, "lasting": LASTING},
    credits={**_OF_CONTENT, "owner_id": "person", "channel_id": "channel"},
    titles=_TITLES,
)

RELATIONS = (
    KNOWN_CONTENT,
    CONTENT_OUTPUT,
    CONTENT_VERDICT,
    CONTENT_GAIN,
    CONTENT_STAT,
    CONTENT_MERIT,
    CONTENT_VIEW,
    CONTENT_SPEND,
)
