"""Leads without their duplicates, with their verdict, their tier, and the deals that came of them."""

from __future__ import annotations

from kpicore.definitions.parameters import choice, duration, names
from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.leads import LEAD_CREATED

_CREDITS = LEAD_CREATED.credits
DEDUPE = duration("90d", title=both("duplicates of a contact are merged within", "同一聯絡人重複線索的合併期"))
DECIDE = duration("7d", title=both("time to decide", "判定期限"))
CRITERIA = choice(
    "any",
    "pinned",
    titles={"any": both("any version", "任何版本"), "pinned": both("the versions named", "指定版本")},
    title=both("criteria that count", "計入的判定標準"),
)
VERSIONS = names("1", title=both("versions of the criteria", "判定標準版本"))
TIERING = duration("7d", title=both("time to tier", "分級期限"))

LEAD = Relation(
    "lead",
    both("leads without duplicates", "去重線索"),
    """
    select l.*
    from (
        select f.*,
            case
                when f.contact_key is not null and f.occurred_at - lag(f.occurred_at) over (
                    partition by f.contact_key order by f.occurred_at, f.lead_id, f.source
                ) < $dedupe then 0
                else 1
            end as fresh
        from lead_created f
    ) l
    where l.fresh = 1
    """,
    ("lead_id", "source"),
    params={"dedupe": DEDUPE},
    credits=_CREDITS,
    reads={"lead_created": ("$dedupe", "0d")},
    titles={"fresh": both("no lead of the contact shortly before", "同一聯絡人近期無線索")},
)

# A thread is a lead and the duplicates that follow it; a lead without contact is a thread of its own.
LEAD_THREAD = Relation(
    "lead_thread",
    both("leads with the first of their thread", "線索及其首條線索"),
    """
    select t.*,
        first_value(t.lead_id) over (
            partition by t.person, t.thread order by t.occurred_at, t.lead_id, t.source
        ) as root_lead_id,
        first_value(t.source) over (
            partition by t.person, t.thread order by t.occurred_at, t.lead_id, t.source
        ) as root_source
    from (
        select f.*,
            cast(sum(f.fresh) over (
                partition by f.person order by f.occurred_at, f.lead_id, f.source
                rows between unbounded preceding and current row
            ) as bigint) as thread
        from (
            select p.*,
                case
                    when p.occurred_at - lag(p.occurred_at) over (
                        partition by p.person order by p.occurred_at, p.lead_id, p.source
                    ) < $dedupe then 0
                    else 1
                end as fresh
            from (
                select l.*,
                    coalesce('contact ' || l.contact_key, 'lead ' || l.lead_id || ' of ' || l.source) as person
                from lead_created l
            ) p
        ) f
    ) t
    """,
    ("lead_id", "source"),
    params={"dedupe": DEDUPE},
    credits=_CREDITS,
)

LEAD_VERDICT = Relation(
    "lead_verdict",
    both("leads without duplicates with their verdict", "去重線索及其判定"),
    """
    select l.*,
        coalesce(v.valid, false) as valid,
        v.lead_id is not null as decided
    from lead l
    left join (
        select c.lead_id, c.source, q.valid,
            row_number() over (
                partition by c.lead_id, c.source
                order by q.occurred_at desc, q.qualification_id desc, q.source desc
            ) as nth
        from lead_qualified q
        join lead_created c on c.lead_id = q.lead_id
        where q.valid is not null and q.occurred_at <= c.occurred_at + $decide
            and ($criteria = 'any' or q.criteria_version in $criteria_versions)
    ) v on v.lead_id = l.lead_id and v.source = l.source and v.nth = 1
    """,
    ("lead_id", "source"),
    params={"dedupe": DEDUPE, "decide": DECIDE, "criteria": CRITERIA, "criteria_versions": VERSIONS},
    credits=_CREDITS,
    reads={"lead": ("0d", "0d"), "lead_created": ("0d", "0d"), "lead_qualified": ("all", "$decide")},
    titles={"decided": both("decided", "已判定")},
    version="1.2",
)

LEAD_DEAL = Relation(
    "lead_deal",
    both("won deals of leads", "線索成交"),
    """
    select z.deal_id, z.source, z.customer_id, z.occurred_at, z.owner_id, z.amount, z.product_id,
        r.lead_id, r.source as lead_source, r.occurred_at as lead_at, r.region_id,
        coalesce(r.channel_id, z.channel_id) as channel_id,
        coalesce(r.campaign_id, z.campaign_id) as campaign_id,
        r.content_id
    from (
        select d.deal_id, d.source, d.customer_id, d.occurred_at, d.owner_id, d.amount, d.product_id,
            d.channel_id, d.campaign_id, t.root_lead_id, t.root_source,
            row_number() over (
                partition by d.deal_id, d.source
                order by case when t.source = d.source then 0 else 1 end, t.lead_id, t.source
            ) as nth
        from deal_won d
        join lead_thread t on t.lead_id = d.lead_id
    ) z
    join lead_created r on r.lead_id = z.root_lead_id and r.source = z.root_source
    where z.nth = 1
    """,
    ("deal_id", "source"),
    params={"dedupe": DEDUPE},
    credits={"owner_id": "person", "channel_id": "channel", "campaign_id": "campaign", "region_id": "region"},
    reads={"deal_won": ("0d", "0d")},
    titles={"lead_at": both("the lead's time", "線索時刻"), "lead_source": both("the lead's source", "線索來源")},
)

# A lead is open from its creation to the deal that came of it, or to the last loss where none came; both instants are in
# it. Deals before the lead are errors in the data: a lead that has no other is left out.
OPEN_LEAD = Relation(
    "open_lead",
    both("open leads", "未結線索"),
    """
    select l.lead_id, l.source, l.owner_id, l.channel_id, l.campaign_id, l.region_id, l.content_id, l.tier,
        l.occurred_at as valid_from, coalesce(w.won_at, x.lost_at) + 1 as valid_to, w.won_at, x.lost_at
    from lead l
    left join (
        select d.lead_id, d.lead_source, min(case when d.occurred_at >= d.lead_at then d.occurred_at end) as won_at
        from lead_deal d
        group by d.lead_id, d.lead_source
    ) w on w.lead_id = l.lead_id and w.lead_source = l.source
    left join (
        select z.root_lead_id, z.root_source, max(z.occurred_at) as lost_at
        from (
            select d.deal_id, d.source, d.occurred_at, t.root_lead_id, t.root_source,
                row_number() over (
                    partition by d.deal_id, d.source
                    order by case when t.source = d.source then 0 else 1 end, t.lead_id, t.source
                ) as nth
            from deal_lost d
            join lead_thread t on t.lead_id = d.lead_id
        ) z
        where z.nth = 1
        group by z.root_lead_id, z.root_source
    ) x on x.root_lead_id = l.lead_id and x.root_source = l.source and x.lost_at >= l.occurred_at
    where w.lead_id is null or w.won_at is not null
    """,
    ("lead_id", "source"),
    spell=True,
    params={"dedupe": DEDUPE},
    credits=_CREDITS,
    titles={"won_at": both("time of the deal", "成交時刻"), "lost_at": both("time of the loss", "丟單時刻")},
)

TIERED_LEAD = Relation(
    "tiered_lead",
    both("leads without duplicates with their first tier", "去重線索及其初始等級"),
    """
    select z.*
    from (
        select l.*,
            coalesce(l.tier, a.tier, f.tier) as first_tier,
            row_number() over (
                partition by l.lead_id, l.source order by a.valid_from desc, a.source desc
            ) as nth
        from lead l
        left join customer_identity i on i.kind = 'contact' and i.id = l.contact_key
        left join customer_tier a
            on a.customer_id = i.customer_id
            and a.valid_from <= l.occurred_at
            and (a.valid_to is null or l.occurred_at < a.valid_to)
        left join customer_tier f
            on f.customer_id = i.customer_id and f.nth = 1 and f.valid_from <= l.occurred_at + $tiering
    ) z
    where z.nth = 1
    """,
    ("lead_id", "source"),
    params={"dedupe": DEDUPE, "tiering": TIERING},
    credits=_CREDITS,
    reads={"lead": ("0d", "0d")},
    titles={"first_tier": both("first tier", "初始等級")},
)

RELATIONS = (LEAD, LEAD_THREAD, LEAD_VERDICT, LEAD_DEAL, OPEN_LEAD, TIERED_LEAD)
