"""Who a lead came through: shares of touches that add up to one for each lead, handed on to its orders and customers."""

from __future__ import annotations

from kpicore.definitions.parameters import choice, duration
from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.lead_relations import DEDUPE

#: How a lead is shared out among its touches; indicators that read credits offer the same choice.
ATTRIBUTION_MODEL = choice(
    "last",
    "first",
    "linear",
    "u",
    "decay",
    titles={
        "last": both("last touch", "末次觸點"),
        "first": both("first touch", "首次觸點"),
        "linear": both("linear", "線性"),
        "u": both("U-shaped (40/20/40)", "U 型（40/20/40）"),
        "decay": both("time decay", "時間衰減"),
    },
    title=both("attribution model", "歸因模型"),
)
ATTRIBUTION = duration("30d", title=both("touches count within", "觸點歸因期"))
HALF_LIFE = duration("7d", title=both("time after which a touch weighs half", "觸點權重半衰期"))
#: What every relation of credit is read with.
ATTRIBUTION_PARAMS = {"model": ATTRIBUTION_MODEL, "attribution": ATTRIBUTION, "half_life": HALF_LIFE, "dedupe": DEDUPE}

_CREDITS = {
    "owner_id": "person",
    "author_id": "person",
    "content_team_id": "team",
    "channel_id": "channel",
    "campaign_id": "campaign",
    "live_id": "live",
    "community_id": "community",
    "region_id": "region",
}
_TITLES = {
    "back": both("number of the touch, counted from the last", "觸點次序（由末次起算）"),
    "author_id": both("author of the content", "內容作者"),
    "content_team_id": both("team of the content", "內容團隊"),
    "content_type": both("type of the content", "內容類型"),
    "credit": both("credit", "歸因份額"),
}

# Halvings are counted whole and end at twenty, where a touch weighs a millionth.
_HALVED = " ".join(f"when {n} then {2 ** (20 - n)}" for n in range(20))
# Two fifths for the first and the last touch, one fifth for those between them, in whole numbers.
_U = "case when x.touches <= 2 then 1 when x.back = 1 or x.back = x.touches then 2 * (x.touches - 2) else 1 end"

# Where one touch has all, nothing is added up: an engine leaves out the sums.
_ONE_TOUCH = "$model = 'last' or $model = 'first'"

# Nineteen digits: with eighteen, an engine would multiply money by credit in 64 bits, which are too few.
LEAD_CREDIT = Relation(
    "lead_credit",
    both("lead credit", "線索歸因份額"),
    f"""
    select s.lead_id, s.source, s.back, s.occurred_at, s.owner_id, s.region_id, s.product_id, s.tier,
        s.touch_id, s.touched_at, s.channel_id, s.campaign_id, s.content_id, s.live_id, s.community_id, s.ad_unit_id,
        c.author_id, c.team_id as content_team_id, c.platform, c.type as content_type,
        cast(cast(case
            when {_ONE_TOUCH} then 1000000000000
            when s.back = 1 then 1000000000000 - (s.shared - s.share)
            else s.share
        end as decimal(13, 0)) * cast(0.000000000001 as decimal(12, 12)) as decimal(19, 12)) as credit
    from (
        select w.*, cast(sum(w.share) over (partition by w.lead_id, w.source) as bigint) as shared
        from (
            select v.*,
                1000000000000 * v.weight // cast(
                    sum(v.weight) over (partition by v.lead_id, v.source) as bigint
                ) as share
            from (
                select x.*,
                    cast(case
                        when $model = 'u' then {_U}
                        when $model = 'decay' then
                            case (x.occurred_at - x.touched_at) // greatest($half_life, 1) {_HALVED} else 1 end
                        else 1
                    end as bigint) as weight
                from (
                    select l.lead_id, l.source, l.occurred_at, l.owner_id, l.region_id, l.product_id, l.tier,
                        t.touch_id, coalesce(t.occurred_at, l.occurred_at) as touched_at,
                        case when t.source is null then l.channel_id else t.channel_id end as channel_id,
                        case when t.source is null then l.campaign_id else t.campaign_id end as campaign_id,
                        case when t.source is null then l.content_id else t.content_id end as content_id,
                        case when t.source is null then l.live_id else t.live_id end as live_id,
                        case when t.source is null then l.community_id else t.community_id end as community_id,
                        case when t.source is null then l.ad_unit_id else t.ad_unit_id end as ad_unit_id,
                        row_number() over (
                            partition by l.lead_id, l.source
                            order by t.occurred_at desc, t.touch_id desc, t.source desc
                        ) as back,
                        count(*) over (partition by l.lead_id, l.source) as touches
                    from lead l
                    left join touch_recorded t
                        on t.contact_key = l.contact_key
                        and t.kind is distinct from 'direct'
                        and t.occurred_at <= l.occurred_at
                        and t.occurred_at >= l.occurred_at - $attribution
                ) x
                where ($model <> 'last' or x.back = 1) and ($model <> 'first' or x.back = x.touches)
            ) v
        ) w
    ) s
    left join known_content c on c.content_id = s.content_id
    where {_ONE_TOUCH} or s.share > 0 or s.back = 1 and s.shared < 1000000000000
    """,
    ("lead_id", "source", "back"),
    params=ATTRIBUTION_PARAMS,
    credits=_CREDITS,
    reads={"lead": ("0d", "0d"), "touch_recorded": ("$attribution", "0d")},
    titles={**_TITLES, "touched_at": both("time of the touch", "觸點時刻")},
)

ORDER_LEAD = Relation(
    "order_lead",
    both("orders with the lead of their deal", "訂單及其成交線索"),
    """
    select z.order_id, z.source, z.occurred_at, z.owner_id, z.deal_id, z.lead_id, z.lead_source
    from (
        select o.order_id, o.source, o.occurred_at, o.owner_id, o.deal_id, d.lead_id, d.lead_source,
            row_number() over (
                partition by o.order_id, o.source
                order by case when d.source = o.source then 0 else 1 end, d.source
            ) as nth
        from order_paid o
        join lead_deal d on d.deal_id = o.deal_id
    ) z
    where z.nth = 1
    """,
    ("order_id", "source"),
    params={"dedupe": DEDUPE},
    reads={"order_paid": ("0d", "0d")},
    titles={"lead_source": both("the lead's source", "線索來源")},
)

ORDER_CREDIT = Relation(
    "order_credit",
    both("order credit", "訂單歸因份額"),
    """
    select o.order_id, o.source, coalesce(k.back, 1) as back, o.customer_id, o.deal_id, k.lead_id, o.occurred_at,
        o.owner_id, o.store_id, o.product_id, o.kept, o.costed, o.net, o.margin,
        case when k.lead_id is null then o.region_id else k.region_id end as region_id,
        case when k.lead_id is null then o.channel_id else k.channel_id end as channel_id,
        case when k.lead_id is null then o.campaign_id else k.campaign_id end as campaign_id,
        k.content_id, k.live_id, k.community_id, k.ad_unit_id, k.author_id, k.content_team_id, k.platform,
        k.content_type, coalesce(k.credit, cast(1 as decimal(19, 12))) as credit
    from net_order o
    left join order_lead l on l.order_id = o.order_id and l.source = o.source
    left join lead_credit k on k.lead_id = l.lead_id and k.source = l.lead_source
    """,
    ("order_id", "source", "back"),
    params=ATTRIBUTION_PARAMS,
    credits={**_CREDITS, "store_id": "store"},
    reads={"net_order": ("0d", "0d")},
    titles=_TITLES,
)

CUSTOMER_CREDIT = Relation(
    "customer_credit",
    both("credit for new customers", "新客戶歸因份額"),
    """
    select o.customer_id, o.back, o.occurred_at, o.order_id, o.source, o.deal_id, o.lead_id, o.owner_id,
        o.store_id, o.product_id, o.region_id, o.channel_id, o.campaign_id, o.content_id, o.live_id, o.community_id,
        o.ad_unit_id, o.author_id, o.content_team_id, o.platform, o.content_type, o.credit
    from order_credit o
    join customer c on c.customer_id = o.customer_id and c.order_id = o.order_id and c.source = o.source
    """,
    ("customer_id", "back"),
    params=ATTRIBUTION_PARAMS,
    credits={**_CREDITS, "store_id": "store"},
    titles=_TITLES,
)

DEAL_CREDIT = Relation(
    "deal_credit",
    both("deal credit", "成交歸因份額"),
    """
    select d.deal_id, d.source, coalesce(k.back, 1) as back, d.customer_id, k.lead_id, d.occurred_at, d.owner_id,
        d.product_id, d.amount, d.currency,
        case when k.lead_id is null then d.region_id else k.region_id end as region_id,
        case when k.lead_id is null then d.channel_id else k.channel_id end as channel_id,
        case when k.lead_id is null then d.campaign_id else k.campaign_id end as campaign_id,
        k.content_id, k.live_id, k.community_id, k.ad_unit_id, k.author_id, k.content_team_id, k.platform,
        k.content_type, coalesce(k.credit, cast(1 as decimal(19, 12))) as credit
    from deal_won d
    left join lead_deal l on l.deal_id = d.deal_id and l.source = d.source
    left join lead_credit k on k.lead_id = l.lead_id and k.source = l.lead_source
    """,
    ("deal_id", "source", "back"),
    params=ATTRIBUTION_PARAMS,
    credits=_CREDITS,
    reads={"deal_won": ("0d", "0d")},
    titles=_TITLES,
)

WON_CUSTOMER_CREDIT = Relation(
    "won_customer_credit",
    both("credit for customers by their first won deal", "按首筆成交計的客戶歸因份額"),
    """
    select c.customer_id, d.back, d.occurred_at, d.deal_id, d.source, d.lead_id, d.owner_id, d.product_id, d.region_id,
        d.channel_id, d.campaign_id, d.content_id, d.live_id, d.community_id, d.ad_unit_id, d.author_id,
        d.content_team_id, d.platform, d.content_type, d.credit
    from deal_credit d
    join won_customer c on c.deal_id = d.deal_id and c.source = d.source
    """,
    ("customer_id", "back"),
    params=ATTRIBUTION_PARAMS,
    credits=_CREDITS,
    titles=_TITLES,
)

RELATIONS = (LEAD_CREDIT, ORDER_LEAD, ORDER_CREDIT, CUSTOMER_CREDIT, DEAL_CREDIT, WON_CUSTOMER_CREDIT)
