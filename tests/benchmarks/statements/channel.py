"""Channels and partners, by hand."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.statements.parts import (
    CREDIT,
    FIRSTS,
    LEAD_DEALS,
    LEADS,
    MONTHS,
    NET,
    ORDER_LEADS,
    SURVEY,
    days,
    inside,
    looked_after,
    month,
    plain,
)

_LISTED = """listed as (
    select *, lead(effective_from) over (partition by region_id order by effective_from) as until from region_listed
)"""
_CHANNEL = looked_after("channel", "r.channel_id", "r.occurred_at")

STATEMENTS: Mapping[str, str] = {
    "channel.county_dealer_signings": f"""with {_LISTED}, signed as (
            select s.*, l.region_level as listed_level from partner_signed s
            left join listed l on l.region_id = s.region_id and l.effective_from <= s.occurred_at
                and (l.until is null or s.occurred_at < l.until)
            where not coalesce(s.renewal, false) and not exists (
                from partner_terminated t where t.partner_id = s.partner_id and (t.region_id is null or t.region_id = s.region_id)
                and t.occurred_at between s.occurred_at and s.occurred_at + {days(30)}
            )
        ) {plain("signed", "count(distinct (coalesce(hq_id, partner_id), region_id)), null", where="listed_level = 'county'")}""",
    "channel.channel_coverage_rate": f"""with {_LISTED}, {MONTHS}, under_contract as (
            select s.region_id, s.occurred_at, min(t.occurred_at) as ended_at from partner_signed s
            left join partner_terminated t on t.partner_id = s.partner_id and (t.region_id is null or t.region_id = s.region_id)
                and t.occurred_at >= s.occurred_at
            group by s.signing_id, s.region_id, s.occurred_at
        ), covered as (
            select distinct c.region_id, m.month from under_contract c join months m
            on c.occurred_at < m.ends and (c.ended_at is null or m.ends <= c.ended_at)
        )
        select who.employee_id, m.month, count(c.region_id), count(*)
        from listed l join months m on l.effective_from < m.ends and (l.until is null or m.ends <= l.until)
        left join covered c on c.region_id = l.region_id and c.month = m.month
        {looked_after("region", "l.region_id", "m.ends - 1")} where l.addressable group by all""",
    "channel.channel_new_leads": f"""with {LEADS} select who.employee_id, {month("r.occurred_at")}, r.channel_id, count(*), null
        from leads r {_CHANNEL} where {inside("r.occurred_at")} group by all""",
    "channel.channel_cac": f"""with {FIRSTS}, {CREDIT}, {LEAD_DEALS}, {ORDER_LEADS}, both_sides as (
            select channel_id, occurred_at, amount, 0 as customers from spend_booked
            union all
            select case when c.lead_id is null then f.channel_id else c.channel_id end, f.occurred_at, 0, 1
            from firsts f left join order_leads l on l.order_id = f.order_id left join credit c on c.lead_id = l.lead_id
        )
        select who.employee_id, {month("r.occurred_at")}, r.channel_id, sum(r.amount), sum(r.customers)
        from both_sides r {_CHANNEL} where {inside("r.occurred_at")} group by all""",
    "channel.channel_order_share": f"""with {NET}, whole as (
            select {month()}, count(*) as orders from net where kept and {inside()} group by all
        ), parts as (
            select who.employee_id as owner_id, {month("r.occurred_at")}, r.channel_id, count(*) as orders
            from net r {_CHANNEL} where r.kept and {inside("r.occurred_at")} group by all
        )
        select owner_id, month, channel_id, p.orders, w.orders from parts p join whole w using (month)""",
    "channel.channel_partner_satisfaction": f"""with {SURVEY} {
        plain(
            "answers",
            "sum((score - scale_min) * 100000000000000 // (scale_max - scale_min))::decimal(25, 0) * 0.000000000001::decimal(12, 12), count(*)",
            where="kind = 'partner' and valid and scale_min < scale_max",
        )
    }""",
}
