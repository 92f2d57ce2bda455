"""Customers from their first order on, their tiers, and when they were active."""

from __future__ import annotations

from kpicore.definitions.parameters import duration
from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.deals import DEAL_WON
from kpicore.vocabulary.orders import ORDER_PAID

_CREDITS = ORDER_PAID.credits
DORMANT = duration("180d", title=both("dormant after", "沉睡判定期"))

CUSTOMER = Relation(
    "customer",
    both("customers", "客戶"),
    """
    select f.customer_id, f.occurred_at, f.occurred_at as valid_from, cast(null as bigint) as valid_to,
        f.order_id, f.source, f.deal_id, f.owner_id, f.channel_id, f.campaign_id, f.store_id, f.region_id,
        f.product_id
    from (
        select o.*,
            row_number() over (
                partition by o.customer_id order by o.occurred_at, o.order_id, o.source
            ) as nth
        from net_order o
        where o.kept and o.customer_id is not null
    ) f
    where f.nth = 1
    """,
    "customer_id",
    spell=True,
    credits=_CREDITS,
)

REVERSED = duration("30d", title=both("a full refund undoes an order within", "全額退款沖銷期"))

# Customers who turn out to be one are the one that the customer master names, as it is known at the cut.
_MERGED = "left join customer_identity m on m.kind = 'customer' and m.id = {}.customer_id"

SETTLED_CUSTOMER = Relation(
    "settled_customer",
    both("customers by their first order that was not soon taken back", "按首筆未沖銷訂單計的客戶"),
    f"""
    select f.master_id as customer_id, f.occurred_at, f.order_id, f.source, f.owner_id, f.channel_id, f.campaign_id,
        f.store_id, f.region_id, f.product_id
    from (
        select o.*, coalesce(m.customer_id, o.customer_id) as master_id,
            row_number() over (
                partition by coalesce(m.customer_id, o.customer_id) order by o.occurred_at, o.order_id, o.source
            ) as nth
        from settled_order o
        {_MERGED.format("o")}
        where o.customer_id is not null
    ) f
    where f.nth = 1
    """,
    "customer_id",
    params={"reversal": REVERSED},
    credits=_CREDITS,
    version="1.1",
)

WON_CUSTOMER = Relation(
    "won_customer",
    both("customers by their first won deal", "按首筆成交計的客戶"),
    f"""
    select f.master_id as customer_id, f.occurred_at, f.deal_id, f.source, f.owner_id, f.channel_id, f.campaign_id,
        f.region_id, f.product_id
    from (
        select d.*, coalesce(m.customer_id, d.customer_id) as master_id,
            row_number() over (
                partition by coalesce(m.customer_id, d.customer_id) order by d.occurred_at, d.deal_id, d.source
            ) as nth
        from deal_won d
        {_MERGED.format("d")}
        where d.customer_id is not null
    ) f
    where f.nth = 1
    """,
    "customer_id",
    credits=DEAL_WON.credits,
    version="1.1",
)

CUSTOMER_ORDER = Relation(
    "customer_order",
    both("orders, placed at their customer's first order", "按客戶首筆訂單歸期的訂單"),
    """
    select o.order_id, o.source, o.customer_id, o.net, o.margin, o.costed, o.kept, o.occurred_at as order_at,
        c.occurred_at, c.owner_id, c.channel_id, c.campaign_id, c.store_id, c.region_id, c.product_id
    from net_order o
    join customer c on c.customer_id = o.customer_id and o.occurred_at >= c.occurred_at
    """,
    ("order_id", "source"),
    credits=_CREDITS,
    titles={
        "occurred_at": both("time of the first order", "首筆訂單時刻"),
        "order_at": both("the order's time", "下單時刻"),
    },
)

CUSTOMER_STATE = Relation(
    "customer_state",
    both("times in which customers were active or dormant", "客戶活躍與沉睡區間"),
    """
    select s.customer_id, s.owner_id, 'active' as state, s.occurred_at as valid_from,
        least(coalesce(s.next_at, s.occurred_at + $dormant), s.occurred_at + $dormant) as valid_to
    from order_step s
    where s.next_at is null or s.next_at > s.occurred_at
    union all
    select s.customer_id, s.owner_id, 'dormant', s.occurred_at + $dormant, s.next_at
    from order_step s
    where s.next_at is null or s.next_at > s.occurred_at + $dormant
    """,
    ("customer_id", "valid_from"),
    spell=True,
    params={"dormant": DORMANT},
    titles={"state": both("state", "狀態")},
)

CUSTOMER_TIER = Relation(
    "customer_tier",
    both("customer tiers", "客戶等級"),
    """
    select t.customer_id, t.source, t.owner_id, t.tier, t.segment, t.effective_from as valid_from,
        lead(t.effective_from) over (
            partition by t.customer_id order by t.effective_from, t.source
        ) as valid_to,
        row_number() over (partition by t.customer_id order by t.effective_from, t.source) as nth
    from customer_tiered t
    """,
    ("customer_id", "valid_from", "source"),
    spell=True,
    titles={"nth": both("number of the tiering", "分級次序")},
)

CUSTOMER_IDENTITY = Relation(
    "customer_identity",
    both("contacts and visitors that are known customers", "已識別為客戶的聯絡人與訪客"),
    """
    select z.kind, z.id, z.customer_id, z.owner_id, z.occurred_at
    from (
        select i.kind, i.id, i.customer_id, i.owner_id, i.occurred_at,
            row_number() over (partition by i.kind, i.id order by i.occurred_at desc, i.source desc) as nth
        from identity_linked i
        where i.customer_id is not null
    ) z
    where z.nth = 1
    """,
    ("kind", "id"),
)

# A term runs from the one before until it is due, and on where it was renewed and the next one is not known yet.
CONTRACT_TERM = Relation(
    "contract_term",
    both("contracts in force", "有效合約"),
    """
    select z.subscription_id, z.due_at, z.source, z.customer_id, z.owner_id, z.valid_from,
        case when z.churned_at is null then z.runs_to else least(coalesce(z.runs_to, z.churned_at), z.churned_at) end
            as valid_to
    from (
        select d.subscription_id, d.due_at, d.source, d.customer_id, d.owner_id,
            coalesce(
                lag(d.due_at) over (partition by d.subscription_id, d.source order by d.due_at),
                least(d.occurred_at, d.due_at)
            ) as valid_from,
            case
                when r.renewed_at is not null and lead(d.due_at) over (
                    partition by d.subscription_id, d.source order by d.due_at
                ) is null then null
                else d.due_at
            end as runs_to,
            c.churned_at
        from subscription_due d
        left join (
            select n.subscription_id, n.due_at, max(n.occurred_at) as renewed_at from renewal n
            group by n.subscription_id, n.due_at
        ) r on r.subscription_id = d.subscription_id and r.due_at = d.due_at
        left join (
            select x.subscription_id, x.due_at, max(x.occurred_at) as churned_at from subscription_churned x
            group by x.subscription_id, x.due_at
        ) c on c.subscription_id = d.subscription_id and c.due_at = d.due_at
        where d.due_at is not null
    ) z
    """,
    ("subscription_id", "due_at", "source"),
    spell=True,
)

RELATIONS = (
    CUSTOMER,
    SETTLED_CUSTOMER,
    WON_CUSTOMER,
    CUSTOMER_ORDER,
    CUSTOMER_STATE,
    CUSTOMER_TIER,
    CUSTOMER_IDENTITY,
    CONTRACT_TERM,
)
