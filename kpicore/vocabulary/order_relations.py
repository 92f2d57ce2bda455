"""Orders net of what was taken back, and the days on which customers bought."""

from __future__ import annotations

from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.orders import ORDER_PAID

_CREDITS = ORDER_PAID.credits

# Refunds are taken off in the order's currency and the rest is converted once, with the order's rate: so a fully
# refunded order leaves nothing, whatever the rates did since.
NET_ORDER = Relation(
    "net_order",
    both("net orders", "淨訂單"),
    """
    select o.*,
        coalesce(x.amount, 0) < o.gross_original - o.discount_original - o.tax_original as kept,
        o.cogs_original is not null as costed,
        to_base(
            o.gross_original - o.discount_original - o.tax_original - coalesce(x.amount, 0), o.rate
        ) as net,
        to_base(
            o.gross_original - o.discount_original - o.tax_original - coalesce(x.amount, 0)
            - (o.cogs_original - coalesce(x.cogs_reversed, 0)), o.rate
        ) as margin
    from order_paid o
    left join (
        select u.order_id, sum(u.amount) as amount, sum(u.cogs_reversed) as cogs_reversed
        from (
            select r.order_id, r.amount_original as amount, r.cogs_reversed_original as cogs_reversed
            from order_refunded r
            union all
            select c.order_id, c.amount_original, c.cogs_reversed_original
            from order_cancelled c
        ) u
        group by u.order_id
    ) x on x.order_id = o.order_id
    """,
    ("order_id", "source"),
    credits=_CREDITS,
    reads={"order_paid": ("0d", "0d")},
    titles={
        "net": both("net amount", "淨額"),
        "margin": both("margin", "毛利"),
        "kept": both("not fully taken back", "未全額退回"),
        "costed": both("cost known", "成本已知"),
    },
)

ORDER_DAY = Relation(
    "order_day",
    both("days on which a customer bought", "客戶購買日"),
    """
    select z.customer_id, z.day, z.occurred_at, z.owner_id, z.channel_id, z.store_id, z.region_id
    from (
        select o.customer_id, c.day, o.occurred_at, o.owner_id, o.channel_id, o.store_id, o.region_id,
            row_number() over (
                partition by o.customer_id, c.day order by o.occurred_at, o.order_id, o.source
            ) as nth
        from net_order o
        join calendar c on c.starts_at <= o.occurred_at and o.occurred_at < c.ends_at
        where o.kept and o.customer_id is not null
    ) z
    where z.nth = 1
    """,
    ("customer_id", "day"),
    credits={"owner_id": "person", "channel_id": "channel", "store_id": "store", "region_id": "region"},
    reads={"net_order": ("1d", "1d")},
    titles={"day": both("day", "日")},
)

ORDER_STEP = Relation(
    "order_step",
    both("orders with the customer's next order", "訂單及客戶的下一訂單"),
    """
    select o.order_id, o.source, o.customer_id, o.owner_id, o.occurred_at,
        lead(o.occurred_at) over (
            partition by o.customer_id order by o.occurred_at, o.order_id, o.source
        ) as next_at
    from net_order o
    where o.kept and o.customer_id is not null
    """,
    ("order_id", "source"),
    titles={"next_at": both("time of the next order", "下一訂單時刻")},
)

STORE_ORDER = Relation(
    "store_order",
    both("net orders with the opening of their store", "淨訂單及其店鋪開業"),
    """
    select o.*,
        min(o.occurred_at) over (partition by coalesce(o.store_id, 'order ' || o.order_id || ' of ' || o.source)) as opened_at
    from net_order o
    """,
    ("order_id", "source"),
    credits=_CREDITS,
    titles={"opened_at": both("the store's first order", "店鋪首筆訂單")},
)

RELATIONS = (NET_ORDER, ORDER_DAY, ORDER_STEP, STORE_ORDER)
