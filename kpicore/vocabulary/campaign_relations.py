"""Who takes part in campaigns and live streams, and what these people do afterwards."""

from __future__ import annotations

from kpicore.definitions.parameters import duration, names
from kpicore.definitions.relations import Relation
from kpicore.naming import both

AFTER = duration("24h", title=both("after the live stream, customers count for", "直播結束後計入期"))
REVERSAL = duration("7d", title=both("a full refund undoes an order within", "全額退款沖銷期"))
COUNTED_KINDS = names("consult", "sign_in", "review", title=both("interactions that count", "計入的互動"))

SETTLED_ORDER = Relation(
    "settled_order",
    both("orders that were not soon taken back in full", "未於沖銷期內全額退回的訂單"),
    """
    select o.order_id, o.source, o.customer_id, o.occurred_at, o.owner_id, o.channel_id, o.campaign_id, o.store_id,
        o.region_id, o.product_id
    from order_paid o
    left join (
        select u.order_id, u.order_source, sum(u.amount) as amount
        from (
            select p.order_id, p.source as order_source, r.amount_original as amount
            from order_paid p
            join order_refunded r on r.order_id = p.order_id and r.occurred_at <= p.occurred_at + $reversal
            union all
            select p.order_id, p.source, c.amount_original
            from order_paid p
            join order_cancelled c on c.order_id = p.order_id and c.occurred_at <= p.occurred_at + $reversal
        ) u
        group by u.order_id, u.order_source
    ) x on x.order_id = o.order_id and x.order_source = o.source
    where coalesce(x.amount, 0) < o.gross_original - o.discount_original - o.tax_original
    """,
    ("order_id", "source"),
    params={"reversal": REVERSAL},
    credits={
        "owner_id": "person",
        "channel_id": "channel",
        "campaign_id": "campaign",
        "store_id": "store",
        "region_id": "region",
    },
    reads={
        "order_paid": ("0d", "0d"),
        # What was taken back by mistake before it was paid is taken back.
        "order_refunded": ("all", "$reversal"),
        "order_cancelled": ("all", "$reversal"),
    },
    version="1.1",
)

LIVE_TOUCH = Relation(
    "live_touch",
    both("live-stream touches of customers", "客戶的直播觸點"),
    """
    select t.touch_id, t.source, t.occurred_at, t.owner_id, t.live_id, t.channel_id, t.campaign_id, i.customer_id,
        greatest(coalesce(h.ended_at, t.occurred_at), t.occurred_at) as ended_at
    from touch_recorded t
    join customer_identity i on i.kind = 'contact' and i.id = t.contact_key
    left join (
        select l.live_id, max(l.ended_at) as ended_at
        from live_held l
        group by l.live_id
    ) h on h.live_id = t.live_id
    where t.live_id is not null
    """,
    ("touch_id", "source"),
    credits={"owner_id": "person", "live_id": "live", "channel_id": "channel", "campaign_id": "campaign"},
    reads={"touch_recorded": ("0d", "0d")},
    titles={"ended_at": both("end of the live stream", "直播結束時刻")},
)

LIVE_CUSTOMER = Relation(
    "live_customer",
    both("new customers after a live stream", "直播帶來的新客戶"),
    """
    select z.customer_id, z.occurred_at, z.owner_id, z.order_id, z.order_source, z.live_id, z.channel_id, z.store_id
    from (
        select c.customer_id, c.occurred_at, c.owner_id, c.order_id, c.source as order_source, c.channel_id,
            c.store_id, t.live_id,
            row_number() over (
                partition by c.customer_id order by t.occurred_at desc, t.touch_id desc, t.source desc
            ) as nth
        from (
            select s.*,
                row_number() over (
                    partition by s.customer_id order by s.occurred_at, s.order_id, s.source
                ) as nth
            from settled_order s
            where s.customer_id is not null
        ) c
        join live_touch t
            on t.customer_id = c.customer_id
            and t.occurred_at <= c.occurred_at
            and c.occurred_at <= t.ended_at + $after
        where c.nth = 1
    ) z
    where z.nth = 1
    """,
    "customer_id",
    params={"after": AFTER, "reversal": REVERSAL},
    credits={"owner_id": "person", "live_id": "live", "channel_id": "channel", "store_id": "store"},
)

# People are customers where they are known as such, else the contacts that they gave.
CAMPAIGN_PARTICIPANT = Relation(
    "campaign_participant",
    both("campaign participants, each once a campaign", "活動參與者（每活動計一次）"),
    """
    select z.campaign_id, z.person, z.occurred_at, z.owner_id, z.kind
    from (
        select p.*, row_number() over (
            partition by p.campaign_id, p.person order by p.occurred_at, p.participation_id, p.source
        ) as nth
        from (
            select j.campaign_id, j.participation_id, j.source, j.occurred_at, j.owner_id, j.kind,
                coalesce(
                    'customer ' || j.customer_id, 'customer ' || i.customer_id, 'contact ' || j.contact_key,
                    'participation ' || j.participation_id || ' of ' || j.source
                ) as person
            from campaign_joined j
            left join customer_identity i on i.kind = 'contact' and i.id = j.contact_key
        ) p
    ) z
    where z.nth = 1 and z.campaign_id is not null
    """,
    ("campaign_id", "person"),
    credits={"owner_id": "person", "campaign_id": "campaign"},
    titles={"person": both("participant", "參與者")},
)

CUSTOMER_ACTIVITY = Relation(
    "customer_activity",
    both("orders and counted interactions", "訂單與計入的互動"),
    """
    select 'order ' || o.order_id as id, o.source, 'customer ' || o.customer_id as person, o.campaign_id,
        o.occurred_at, o.owner_id
    from net_order o
    where o.kept and o.customer_id is not null
    union all
    select 'interaction ' || n.interaction_id, n.source,
        coalesce('customer ' || n.customer_id, 'customer ' || i.customer_id, 'contact ' || n.contact_key),
        n.campaign_id, n.occurred_at, n.owner_id
    from interaction_logged n
    left join customer_identity i on i.kind = 'contact' and i.id = n.contact_key
    where n.kind in $interactions
    """,
    ("id", "source"),
    params={"interactions": COUNTED_KINDS},
    credits={"owner_id": "person", "campaign_id": "campaign"},
    reads={"net_order": ("0d", "0d"), "interaction_logged": ("0d", "0d")},
    titles={"id": both("order or interaction", "訂單或互動"), "person": both("who it was", "客戶或聯絡人")},
)

RELATIONS = (SETTLED_ORDER, LIVE_TOUCH, LIVE_CUSTOMER, CAMPAIGN_PARTICIPANT, CUSTOMER_ACTIVITY)
