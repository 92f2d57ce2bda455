"""Complaints with the verdict on them and with whoever sold the order; renewals that held."""

from __future__ import annotations

from kpicore.definitions.parameters import Parameter, duration
from kpicore.definitions.relations import Relation
from kpicore.naming import both

# A complaint counts as valid until it is judged otherwise; the last verdict counts.
COMPLAINT = Relation(
    "complaint",
    both("complaints with verdict and order", "投訴（含判定與訂單）"),
    """
    select c.complaint_id, c.source, c.occurred_at, c.owner_id, coalesce(o.owner_id, c.owner_id) as seller_id,
        c.order_id, o.occurred_at as order_at, c.customer_id, c.severity, c.kind,
        coalesce(c.product_id, o.product_id) as product_id,
        coalesce(c.channel_id, o.channel_id) as channel_id,
        coalesce(c.region_id, o.region_id) as region_id,
        o.store_id, coalesce(v.valid, c.valid, true) as valid
    from complaint_opened c
    left join (
        select p.order_id, p.owner_id, p.occurred_at, p.product_id, p.channel_id, p.region_id, p.store_id,
            row_number() over (partition by p.order_id order by p.occurred_at, p.source) as nth
        from order_paid p
    ) o on o.order_id = c.order_id and o.nth = 1
    left join (
        select d.complaint_id, d.valid,
            row_number() over (partition by d.complaint_id order by d.occurred_at desc, d.source desc) as nth
        from complaint_closed d
        where d.valid is not null
    ) v on v.complaint_id = c.complaint_id and v.nth = 1
    """,
    ("complaint_id", "source"),
    credits={"owner_id": "person", "seller_id": "person", "channel_id": "channel", "region_id": "region"},
    reads={"complaint_opened": ("0d", "0d")},
    titles={
        "seller_id": both("who sold the order", "訂單銷售人"),
        "order_at": both("the order's time", "下單時刻"),
        "valid": both("valid", "有效"),
    },
)

RENEWAL = Relation(
    "renewal",
    both("renewals that held", "有效續約"),
    """
    select r.subscription_id, r.due_at, r.source, r.occurred_at, r.owner_id, r.customer_id
    from subscription_renewed r
    left join (
        select c.subscription_id, c.due_at, max(c.occurred_at) as churned_at
        from subscription_churned c
        group by c.subscription_id, c.due_at
    ) x on x.subscription_id = r.subscription_id and x.due_at = r.due_at
    where x.churned_at is null or x.churned_at < r.occurred_at
    """,
    ("subscription_id", "due_at", "source"),
    reads={"subscription_renewed": ("0d", "0d")},
)

OPENS = duration("9h", title=both("opens, after midnight", "營業開始（自午夜起）"))
CLOSES = duration("18h", title=both("closes, after midnight", "營業結束（自午夜起）"))
WORKDAYS = Parameter("integer", "5", title=both("working days of a week, from Monday", "每週工作日數（週一起）"))
SLA = duration("24h", title=both("time allowed", "響應時限"))
_HOURS = {"opens": OPENS, "closes": CLOSES, "workdays": WORKDAYS}

# Day 0 is a Thursday.
BUSINESS_DAY = Relation(
    "business_day",
    both("business days", "營業日"),
    """
    select h.day, h.owner_id, h.opens_at as occurred_at, h.opens_at, h.length,
        cast(h.length * (row_number() over (order by h.day) - 1) as bigint) as before,
        lead(h.opens_at) over (order by h.day) as next_at
    from (
        select c.day, cast(null as varchar) as owner_id, c.starts_at + $opens as opens_at, $closes - $opens as length
        from calendar c
        left join (
            select k.day
            from calendar k
            join closure_declared x on x.starts_at <= k.starts_at and k.starts_at < x.ends_at
            group by k.day
        ) off on off.day = c.day
        where off.day is null and (c.day + 3) % 7 < $workdays
    ) h
    """,
    "day",
    params=_HOURS,
    titles={
        "day": both("day", "日"),
        "opens_at": both("opening", "開門時刻"),
        "length": both("business hours", "營業時數"),
        "before": both("business hours until then", "此前累計營業時數"),
        "next_at": both("next opening", "下次開門時刻"),
    },
)

COMPLAINT_DEADLINE = Relation(
    "complaint_deadline",
    both("complaints by the clock of business hours", "按營業時間計時的投訴"),
    """
    select c.complaint_id, c.source, c.occurred_at, c.owner_id, c.order_id, c.customer_id, c.severity, c.kind,
        c.product_id, c.channel_id, c.region_id, d.opens_at + (c.until - d.before) as due_at
    from (
        select o.*, coalesce(h.before + least(o.occurred_at - h.opens_at, h.length), 0) + $sla as until
        from complaint_opened o
        left join business_day h
            on h.opens_at <= o.occurred_at and (h.next_at is null or o.occurred_at < h.next_at)
    ) c
    left join business_day d on d.before < c.until and c.until <= d.before + d.length
    """,
    ("complaint_id", "source"),
    params={"sla": SLA, **_HOURS},
    credits={"owner_id": "person", "channel_id": "channel", "region_id": "region"},
    titles={"due_at": both("last instant in time", "時限屆滿時刻")},
)

RELATIONS = (COMPLAINT, RENEWAL, BUSINESS_DAY, COMPLAINT_DEADLINE)
