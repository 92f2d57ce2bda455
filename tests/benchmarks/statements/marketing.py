"""Marketing, by hand."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.statements.parts import (
    CREDIT,
    FIRSTS,
    IDENTITY,
    LEAD_DEALS,
    LEADS,
    MONTHS,
    NET,
    ORDER_LEADS,
    VERDICTS,
    accrued,
    days,
    inside,
    looked_after,
    month,
    plain,
)

TERMS = """terms as (
    select *, coalesce(case when service_from < service_to then service_from end, occurred_at) as starts_at,
        coalesce(case when service_from < service_to then service_to end, occurred_at + 1) as ends_at
    from spend_booked
)"""
#: Spend of campaigns by whoever looks after them, with its part of each month.
_SPENT = f"""{MONTHS}, {TERMS}, spent as (
    select who.employee_id as owner_id, m.month, t.campaign_id,
        sum({accrued("t.amount", "t.starts_at", "t.ends_at", "m.starts", "m.ends")})::decimal(28, 0) * 0.0001 as amount
    from terms t join months m on t.starts_at < m.ends and m.starts < t.ends_at
    {looked_after("campaign", "t.campaign_id", "greatest(t.starts_at, m.starts)")}
    where t.campaign_id is not null group by all
)"""
_TRIED = "concluded_at is null or concluded_at - occurred_at >= 1209600000000 or budget >= 10000"

STATEMENTS: Mapping[str, str] = {
    "marketing.lead_volume": f"with {LEADS} {plain('leads', 'count(*), null')}",
    "marketing.customers_acquired": f"with {LEADS} {plain('leads', 'count(*), null')}",
    "marketing.qualified_lead_volume": f"with {VERDICTS} {plain('verdicts', 'count(*), null', where='valid')}",
    "marketing.lead_validity_rate": f"""with {VERDICTS}
        {plain("verdicts", "count(*) filter (where valid), count(valid)")}""",
    "marketing.content_sourced_leads": f"""with {CREDIT}
        {plain("credit", "count(*), null", "author_id", "content_id is not null")}""",
    "marketing.regional_new_leads": f"""with {LEADS}, assigned as (
            select *, lead(effective_from) over (partition by employee_id order by effective_from) as until
            from employee_assigned
        )
        select a.employee_id, {month("l.occurred_at")}, count(distinct l.lead_id), null
        from leads l join assigned a on a.territory = l.region_id and a.effective_from <= l.occurred_at
            and (a.until is null or l.occurred_at < a.until)
        where {inside("l.occurred_at")} group by all""",
    "marketing.campaign_total_spend": f"with {_SPENT} select owner_id, month, campaign_id, amount, null from spent",
    "marketing.campaign_acquisition_cost": f"""with {_SPENT}, {LEADS}, won as (
            select who.employee_id as owner_id, {month("l.occurred_at")}, l.campaign_id, count(*) as leads
            from leads l {looked_after("campaign", "l.campaign_id", "l.occurred_at")}
            where l.campaign_id is not null and {inside("l.occurred_at")} group by all
        )
        select owner_id, month, campaign_id, sum(amount), sum(leads) from (
            select owner_id, month, campaign_id, amount, 0 as leads from spent
            union all select owner_id, month, campaign_id, 0, leads from won
        ) group by all""",
    "marketing.campaign_roi": f"""with {_SPENT}, {NET}, {CREDIT}, {LEAD_DEALS}, {ORDER_LEADS}, earned as (
            select o.occurred_at, o.net,
                case when c.lead_id is null then o.campaign_id else c.campaign_id end as campaign_id
            from net o left join order_leads l on l.order_id = o.order_id left join credit c on c.lead_id = l.lead_id
        ), won as (
            select who.employee_id as owner_id, m.month, e.campaign_id, sum(e.net) as net
            from earned e join months m on e.occurred_at >= m.starts and e.occurred_at < m.ends + {days(30)}
            {looked_after("campaign", "e.campaign_id", "e.occurred_at")}
            where e.campaign_id is not null group by all
        )
        select owner_id, month, campaign_id, sum(net), sum(amount) from (
            select owner_id, month, campaign_id, 0 as net, amount from spent
            union all select owner_id, month, campaign_id, net, 0 from won
        ) group by all""",
    "marketing.campaign_conversion_cycle_days": f"""with {LEAD_DEALS}
        {
        plain(
            "lead_deals",
            "sum(occurred_at - lead_at), count(*)::hugeint * 86400000000",
            where="campaign_id is not null and occurred_at >= lead_at",
        )
    }""",
    "marketing.campaign_customer_retention_30d": f"""with {NET}, {IDENTITY}, people as (
            select j.*, coalesce('customer ' || j.customer_id, 'customer ' || i.customer_id, 'contact ' || j.contact_key) as person
            from campaign_joined j left join identities i on i.kind = 'contact' and i.id = j.contact_key
            qualify row_number() over (partition by j.campaign_id, person order by j.occurred_at, j.participation_id) = 1
        ), acts as (
            select 'customer ' || customer_id as person, campaign_id, occurred_at from net where kept and customer_id is not null
            union all
            select coalesce('customer ' || n.customer_id, 'customer ' || i.customer_id, 'contact ' || n.contact_key),
                n.campaign_id, n.occurred_at
            from interaction_logged n left join identities i on i.kind = 'contact' and i.id = n.contact_key
            where n.kind in ('consult', 'sign_in', 'review')
        ), stayed as (
            select distinct p.participation_id from people p join acts a on a.person = p.person
            and a.occurred_at > p.occurred_at and a.occurred_at <= p.occurred_at + {days(30)}
            and a.campaign_id is distinct from p.campaign_id
        )
        select who.employee_id, {month("p.occurred_at")}, count(s.participation_id), count(*)
        from people p left join stayed s using (participation_id)
        {looked_after("campaign", "p.campaign_id", "p.occurred_at")}
        where {inside("p.occurred_at")} group by all""",
    "marketing.live_stream_acquisition_cost": f"""with {IDENTITY}, gone as (
            select o.order_id from order_paid o join (
                select order_id, amount, occurred_at from order_refunded
                union all select order_id, amount, occurred_at from order_cancelled
            ) r on r.order_id = o.order_id and r.occurred_at <= o.occurred_at + {days(7)}
            group by o.order_id, o.gross, o.discount, o.tax having sum(r.amount) >= o.gross - o.discount - o.tax
        ), firsts as (
            select * from order_paid o where customer_id is not null and not exists (from gone g where g.order_id = o.order_id)
            qualify row_number() over (partition by customer_id order by occurred_at, order_id) = 1
        ), won as (
            select f.occurred_at, t.live_id from firsts f
            join identities i on i.kind = 'contact' and i.customer_id = f.customer_id
            join touch_recorded t on t.contact_key = i.id and t.live_id is not null and t.occurred_at <= f.occurred_at
            left join live_held h on h.live_id = t.live_id
            where f.occurred_at <= greatest(coalesce(h.ended_at, t.occurred_at), t.occurred_at) + {days(1)}
            qualify row_number() over (partition by f.customer_id order by t.occurred_at desc, t.touch_id desc) = 1
        ), both_sides as (
            select live_id, occurred_at, amount, 0 as customers from spend_booked where live_id is not null
            union all select live_id, occurred_at, 0, 1 from won
        )
        select who.employee_id, {month("b.occurred_at")}, sum(b.amount), sum(b.customers)
        from both_sides b {looked_after("live", "b.live_id", "b.occurred_at")}
        where {inside("b.occurred_at")} group by all""",
    "marketing.customer_acquisition_cost": f"""with {FIRSTS}
        select null, {month()}, sum(amount), sum(customers) from (
            select occurred_at, amount, 0 as customers from spend_booked
            union all select occurred_at, 0, 1 from firsts
        ) where {inside()} group by all""",
    "marketing.marketing_spend_variance_rate": f"""with {MONTHS}, {TERMS}, budgets as (
            select *, lead(valid_from) over (partition by budget_line order by valid_from) as replaced_at from budget_set
        ), both_sides as (
            select t.budget_line, greatest(t.starts_at, m.starts) as moment, m.month, 0 as budget,
                {accrued("t.amount", "t.starts_at", "t.ends_at", "m.starts", "m.ends")} as spent
            from terms t join months m on t.starts_at < m.ends and m.starts < t.ends_at
            union all
            select b.budget_line, greatest(b.valid_from, m.starts), m.month,
                {accrued("b.amount", "b.valid_from", "b.valid_to", "m.starts", "least(m.ends, b.valid_to, coalesce(b.replaced_at, b.valid_to))")}, 0
            from budgets b join months m on b.valid_from < m.ends and m.starts < least(b.valid_to, coalesce(b.replaced_at, b.valid_to))
        )
        select who.employee_id, b.month, sum(b.spent) - sum(b.budget), sum(b.budget)
        from both_sides b {looked_after("budget_line", "b.budget_line", "b.moment")} group by all""",
    "marketing.wasted_spend_share": f"""with {CREDIT}, {MONTHS}, led as (
            select distinct c.ad_unit_id, m.month from credit c
            join months m on c.occurred_at >= m.starts and c.occurred_at < m.ends + {days(14)} where c.ad_unit_id is not null
        ), spent as (
            select owner_id, ad_unit_id, {month()}, sum(amount) as amount from spend_booked
            where ad_unit_id is not null and cost_type is distinct from 'brand' and {inside()} group by all
        )
        select s.owner_id, s.month, sum(s.amount) filter (where l.month is null), sum(s.amount)
        from spent s left join led l on l.ad_unit_id = s.ad_unit_id and l.month = s.month group by all""",
    "marketing.new_channel_trials": f"""with tried as (
            select t.*, c.concluded_at from channel_trial_started t left join (
                select trial_id, min(occurred_at) as concluded_at from channel_trial_concluded group by trial_id
            ) c using (trial_id) where t.channel_id is not null
        ), used as (
            select channel_id, occurred_at from lead_created
            union all select channel_id, occurred_at from order_paid
            union all select channel_id, occurred_at from channel_trial_started
        )
        select t.owner_id, {month("t.occurred_at")}, count(distinct t.channel_id), null
        from tried t
        where ({_TRIED}) and {inside("t.occurred_at")} and not exists (
            from used u where u.channel_id = t.channel_id
            and u.occurred_at < t.occurred_at and u.occurred_at >= t.occurred_at - {days(365)}
        ) group by all""",
    "marketing.validated_new_channels": plain(
        "channel_trial_concluded", "count(distinct trial_id), null", where="result = 'validated'"
    ),
}
