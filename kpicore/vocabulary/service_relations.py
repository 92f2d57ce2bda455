"""Complaints with the verdict on them and with whoever sold the order; renewals that held."""

from __future__ import annotations

from kpicore.definitions.relations import Relation
from kpicore.vocabulary.fields import both

# A complaint counts as valid until it is judged otherwise; the last verdict counts.
COMPLAINT = Relation(
    "complaint",
    both("complaints with verdict and order", "投訴(含判定與訂單)"),
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

RELATIONS = (COMPLAINT, RENEWAL)
