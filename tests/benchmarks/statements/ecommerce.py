"""E-commerce, by hand."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.statements.parts import (
    BOUGHT,
    CREDIT,
    IDENTITY,
    LEAD_DEALS,
    MONTHS,
    NET,
    ORDER_LEADS,
    STEPS,
    days,
    inside,
    looked_after,
    month,
)

STATEMENTS: Mapping[str, str] = {
    "ecommerce.store_uv_growth_rate": f"""with monthly as (
            select who.employee_id as owner_id, {month("v.occurred_at")}, count(distinct (v.store_id, v.visitor_id)) as visitors
            from visit_started v {looked_after("store", "v.store_id", "v.occurred_at")}
            where v.store_id is not null and v.visitor_id is not null and not coalesce(v.bot, false) group by all
        )
        select owner_id, month, sum(now) - sum(past), sum(past) from (
            select owner_id, month, visitors as now, 0 as past from monthly
            union all select owner_id, month + interval 1 month, 0, visitors from monthly
        ) where month < '2026-01-01' group by all""",
    "ecommerce.homepage_conversion_rate": f"""with {IDENTITY}, views as (
            select v.*, i.customer_id from page_viewed v
            left join identities i on i.kind = 'visitor' and i.id = v.visitor_id
            where v.page = 'home' and not coalesce(v.bot, false) and {inside("v.occurred_at")}
        ), ordered as (
            select distinct v.view_id from views v join order_paid o on o.customer_id = v.customer_id
            and o.occurred_at >= v.occurred_at and o.occurred_at <= v.occurred_at + {days(1)}
        )
        select who.employee_id, {month("v.occurred_at")}, count(distinct v.visitor_id) filter (where o.view_id is not null),
            count(distinct v.visitor_id)
        from views v left join ordered o on o.view_id = v.view_id
        {looked_after("store", "v.store_id", "v.occurred_at")} group by all""",
    "ecommerce.dormant_customer_wakeup_rate": f"""with {STEPS}, {BOUGHT}, {MONTHS}
        select s.owner_id, m.month, count(b.customer_id), count(*)
        from steps s join months m on s.occurred_at + {days(180)} < m.starts and (s.next_at is null or m.starts <= s.next_at)
        left join bought b on b.customer_id = s.customer_id and b.month = m.month group by all""",
    "ecommerce.private_community_conversion_rate": f"""with {NET}, {IDENTITY}, {CREDIT}, {LEAD_DEALS}, {ORDER_LEADS}, {MONTHS},
        members as (
            select j.owner_id, j.community_id, j.occurred_at, l.left_at,
                coalesce(j.customer_id, i.customer_id) as customer_id,
                coalesce('customer ' || j.customer_id, 'customer ' || i.customer_id, 'contact ' || j.contact_key) as person
            from community_joined j left join identities i on i.kind = 'contact' and i.id = j.contact_key
            left join (select membership_id, occurred_at as left_at from community_left) l
                on l.membership_id = j.membership_id and l.left_at >= j.occurred_at
        ), orders as (
            select o.order_id, o.customer_id, o.occurred_at, l.lead_id from net o left join order_leads l using (order_id)
            where o.kept and o.customer_id is not null
        ), bought as (
            select o.customer_id, o.occurred_at, c.community_id from orders o join credit c on c.lead_id = o.lead_id
            union all
            select customer_id, occurred_at, community_id from (
                select o.customer_id, o.occurred_at, t.community_id from orders o
                join identities i on i.kind = 'contact' and i.customer_id = o.customer_id
                join touch_recorded t on t.contact_key = i.id and t.kind is distinct from 'direct'
                    and t.occurred_at <= o.occurred_at and t.occurred_at >= o.occurred_at - {days(30)}
                where o.lead_id is null
                qualify row_number() over (partition by o.order_id order by t.occurred_at desc, t.touch_id desc) = 1
            )
        ), months_bought as (
            select distinct customer_id, community_id, {month()} from bought where community_id is not null
        )
        select m.owner_id, w.month, count(distinct m.person) filter (where b.customer_id is not null), count(distinct m.person)
        from members m join months w on m.occurred_at < w.ends and (m.left_at is null or w.starts < m.left_at)
        left join months_bought b on b.customer_id = m.customer_id and b.community_id = m.community_id and b.month = w.month
        group by all""",
}
