"""Sales, by hand."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.statements.parts import (
    BOUGHT,
    FIRSTS,
    IDENTITY,
    LEAD_DEALS,
    LEADS,
    MONTHS,
    NET,
    STEPS,
    TIERS,
    days,
    inside,
    month,
    plain,
)

_LIFETIME = f"""{FIRSTS}, lifetime as (
    select f.owner_id, {month("f.occurred_at")},
        sum(case when o.occurred_at <= f.occurred_at + {days(365)} then coalesce(o.margin, 0) else 0 end) as margin,
        count(distinct f.customer_id) as customers
    from firsts f join net o on o.customer_id = f.customer_id and o.occurred_at >= f.occurred_at
    where {inside("f.occurred_at")} group by all
)"""
_REVENUE = f"{NET}, revenue as (select {month()}, sum(net) as net from net where {inside()} group by all)"
_NEW_SALES = f"""{FIRSTS}, sold as (
    select f.owner_id, {month("f.occurred_at")}, sum(o.net) as net
    from firsts f join net o on o.customer_id = f.customer_id and o.occurred_at >= f.occurred_at
    where date_trunc('month', make_timestamp(o.occurred_at)) = date_trunc('month', make_timestamp(f.occurred_at))
        and {inside("f.occurred_at")} group by all
)"""

STATEMENTS: Mapping[str, str] = {
    "sales.sales_revenue": f"with {NET} {plain('net', 'sum(net), null')}",
    "sales.sales_target_attainment": f"with {NET} {plain('net', 'sum(net), 50000')}",
    "sales.revenue_won": plain("deal_won", "sum(amount), null"),
    "sales.gross_margin_rate": f"with {NET} {plain('net', 'sum(margin), sum(net)', where='cogs is not null')}",
    "sales.win_rate": f"""select owner_id, {month()}, count(*) filter (where won), count(*)
        from (
            select owner_id, occurred_at, true as won from deal_won
            union all select owner_id, occurred_at, false from deal_lost
        ) where {inside()} group by all""",
    "sales.lead_to_deal_rate": f"""with {LEADS}, {LEAD_DEALS}
        select l.owner_id, {month("l.occurred_at")}, count(m.lead_id), count(*)
        from leads l left join (
            select distinct lead_id from lead_deals
            where occurred_at >= lead_at and occurred_at <= lead_at + {days(90)}
        ) m on m.lead_id = l.lead_id where {inside("l.occurred_at")} group by all""",
    "sales.hnw_lead_to_deal_rate": f"""with {LEADS}, {LEAD_DEALS}, {IDENTITY}, {TIERS}
        select l.owner_id, {month("l.occurred_at")}, count(m.lead_id), count(*)
        from leads l
        left join identities i on i.kind = 'contact' and i.id = l.contact_key
        left join tiers a on a.customer_id = i.customer_id and a.valid_from <= l.occurred_at
            and (a.valid_to is null or l.occurred_at < a.valid_to)
        left join tiers f on f.customer_id = i.customer_id and f.nth = 1
            and f.valid_from <= l.occurred_at + {days(7)}
        left join (
            select distinct lead_id from lead_deals
            where occurred_at >= lead_at and occurred_at <= lead_at + {days(90)}
        ) m on m.lead_id = l.lead_id
        where coalesce(l.tier, a.tier, f.tier) = 'hnw' and {inside("l.occurred_at")} group by all""",
    "sales.new_customers_developed": f"""with gone as (
            select o.order_id from order_paid o join (
                select order_id, amount, occurred_at from order_refunded
                union all select order_id, amount, occurred_at from order_cancelled
            ) r on r.order_id = o.order_id and r.occurred_at <= o.occurred_at + {days(30)}
            group by o.order_id, o.gross, o.discount, o.tax
            having sum(r.amount) >= o.gross - o.discount - o.tax
        ), firsts as (
            select * from order_paid o
            where customer_id is not null and not exists (from gone g where g.order_id = o.order_id)
                and gross - discount - tax > 0
            qualify row_number() over (partition by customer_id order by occurred_at, order_id) = 1
        ) {plain("firsts", "count(*), null")}""",
    "sales.new_paying_users": f"with {FIRSTS} {plain('firsts', 'count(*), null', 'null')}",
    "sales.average_customer_spend": f"""with {NET}
        {plain("net", "sum(net), count(distinct customer_id)", where="kept and customer_id is not null")}""",
    "sales.repeat_purchase_rate": f"""with {FIRSTS}, {BOUGHT}, {MONTHS}
        select f.owner_id, m.month, count(b.customer_id), count(*)
        from firsts f join months m on f.occurred_at < m.starts
        left join bought b on b.customer_id = f.customer_id and b.month = m.month group by all""",
    "sales.target_customer_sales_share": f"""with {NET}, {TIERS}
        select o.owner_id, {month("o.occurred_at")}, sum(o.net) filter (where t.segment = 'key'), sum(o.net)
        from net o left join tiers t on t.customer_id = o.customer_id and t.valid_from <= o.occurred_at
            and (t.valid_to is null or o.occurred_at < t.valid_to)
        where {inside("o.occurred_at")} group by all""",
    "sales.high_net_worth_customer_share": f"""with {STEPS}, {TIERS}, {MONTHS}
        select a.owner_id, m.month, count(*) filter (where t.tier = 'hnw'), count(*)
        from active a join months m on a.occurred_at < m.ends and m.ends <= a.until
        left join tiers t on t.customer_id = a.customer_id and t.valid_from < m.ends
            and (t.valid_to is null or m.ends <= t.valid_to)
        group by all""",
    "sales.customer_ltv": f"with {_LIFETIME} select owner_id, month, margin, customers from lifetime",
    "sales.cac_payback_months": f"""with {FIRSTS}, spent as (
            select {month()}, sum(amount)::decimal(20, 2) as amount from spend_booked where {inside()} group by all
        ), won as (
            select {month()}, count(*)::decimal(9, 0) as customers from firsts where {inside()} group by all
        ), earned as (
            select {month()}, sum(margin)::decimal(20, 2) as margin,
                (count(distinct customer_id) filter (where kept))::decimal(9, 0) as payers
            from net where cogs is not null and customer_id is not null and {inside()} group by all
        )
        select null, month, amount * payers, customers * margin from spent join won using (month) join earned using (month)""",
    "sales.new_customer_sales_growth_rate": f"""with {_NEW_SALES}
        select owner_id, month, sum(now) - sum(past), sum(past) from (
            select owner_id, month, net as now, 0 as past from sold
            union all select owner_id, month + interval 1 year, 0, net from sold
        ) where month < '2026-01-01' group by all""",
    "sales.revenue_growth_rate": f"""with {_REVENUE}
        select null, month, sum(now) - sum(past), sum(past) from (
            select month, net as now, 0 as past from revenue
            union all select month + interval 1 year, 0, net from revenue
        ) where month < '2026-01-01' group by all""",
    "sales.customer_ltv_growth_rate": f"""with {_LIFETIME}
        select n.owner_id, n.month,
            n.margin::decimal(18, 2) * p.customers::decimal(9, 0) - p.margin::decimal(18, 2) * n.customers::decimal(9, 0),
            p.margin::decimal(18, 2) * n.customers::decimal(9, 0)
        from lifetime n join lifetime p on p.owner_id is not distinct from n.owner_id and p.month = n.month - interval 1 year""",
    "sales.kpi_attainment": f"""select subject, {month("ends_at - 1")}, sum(total)::decimal(38, 0) * 0.0000000000001::decimal(13, 13),
            count(*)
        from sealed_line where line = 1 and level = 'person' and total is not null and {inside("ends_at - 1")} group by all""",
}
