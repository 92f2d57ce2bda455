"""Who came to a shop's homepage, who is a member of a community, and what customers were told and did."""

from __future__ import annotations

from kpicore.definitions.parameters import names
from kpicore.definitions.relations import Relation
from kpicore.naming import both
from kpicore.vocabulary.attribution import ATTRIBUTION_PARAMS
from kpicore.vocabulary.campaign_relations import COUNTED_KINDS

HOMEPAGES = names("home", title=both("pages that are a homepage", "視為首頁的頁面"))

_PERSON = {"person": both("who it was", "客戶或聯絡人")}
_COMMUNITY = {"owner_id": "person", "community_id": "community"}

HOME_VIEW = Relation(
    "home_view",
    both("homepage views", "首頁瀏覽"),
    """
    select v.view_id, v.source, v.occurred_at, v.owner_id, v.visitor_id, v.session_id, v.store_id, v.channel_id,
        i.customer_id
    from page_viewed v
    left join customer_identity i on i.kind = 'visitor' and i.id = v.visitor_id
    where v.page in $homepages and not coalesce(v.bot, false)
    """,
    ("view_id", "source"),
    params={"homepages": HOMEPAGES},
    credits={"owner_id": "person", "store_id": "store", "channel_id": "channel"},
    reads={"page_viewed": ("0d", "0d")},
)

CUSTOMER_TOUCH = Relation(
    "customer_touch",
    both("touches of known customers", "客戶觸點"),
    """
    select t.touch_id, t.source, t.occurred_at, t.owner_id, t.channel_id, t.campaign_id, t.community_id, t.kind,
        i.customer_id
    from touch_recorded t
    join customer_identity i on i.kind = 'contact' and i.id = t.contact_key
    """,
    ("touch_id", "source"),
    credits={**_COMMUNITY, "channel_id": "channel", "campaign_id": "campaign"},
    reads={"touch_recorded": ("0d", "0d")},
)

CUSTOMER_INTERACTION = Relation(
    "customer_interaction",
    both("counted interactions of known customers", "客戶的計入互動"),
    """
    select n.interaction_id, n.source, n.occurred_at, n.owner_id, n.campaign_id, n.community_id, n.kind,
        coalesce(n.customer_id, i.customer_id) as customer_id
    from interaction_logged n
    left join customer_identity i on i.kind = 'contact' and i.id = n.contact_key
    where n.kind in $interactions
    """,
    ("interaction_id", "source"),
    params={"interactions": COUNTED_KINDS},
    credits={**_COMMUNITY, "campaign_id": "campaign"},
    reads={"interaction_logged": ("0d", "0d")},
)

# People are customers where they are known as such, else the contacts that they gave.
MEMBERSHIP = Relation(
    "membership",
    both("community memberships", "社群成員資格"),
    """
    select j.membership_id, j.source, j.community_id, j.owner_id, coalesce(j.customer_id, i.customer_id) as customer_id,
        coalesce(
            'customer ' || j.customer_id, 'customer ' || i.customer_id, 'contact ' || j.contact_key,
            'membership ' || j.membership_id || ' of ' || j.source
        ) as person,
        j.occurred_at as valid_from, x.left_at as valid_to
    from community_joined j
    left join customer_identity i on i.kind = 'contact' and i.id = j.contact_key
    left join (
        select k.membership_id, k.source, min(l.occurred_at) as left_at
        from community_joined k
        join community_left l on l.membership_id = k.membership_id and l.occurred_at >= k.occurred_at
        group by k.membership_id, k.source
    ) x on x.membership_id = j.membership_id and x.source = j.source
    """,
    ("membership_id", "source"),
    spell=True,
    credits=_COMMUNITY,
    titles=_PERSON,
)

COMMUNITY_ACTIVITY = Relation(
    "community_activity",
    both("interactions in communities", "社群內互動"),
    """
    select n.interaction_id, n.source, n.occurred_at, n.owner_id, n.community_id, n.kind,
        coalesce('customer ' || n.customer_id, 'customer ' || i.customer_id, 'contact ' || n.contact_key) as person
    from interaction_logged n
    left join customer_identity i on i.kind = 'contact' and i.id = n.contact_key
    where n.community_id is not null
    """,
    ("interaction_id", "source"),
    credits=_COMMUNITY,
    reads={"interaction_logged": ("0d", "0d")},
    titles=_PERSON,
)

# An order inherits the credit of its lead. Shops often know no leads: there the customer's own touches decide.
COMMUNITY_ORDER = Relation(
    "community_order",
    both("orders credited to communities", "歸屬社群的訂單"),
    """
    select o.order_id, o.source, o.back, o.customer_id, o.community_id, o.occurred_at, o.owner_id
    from order_credit o
    where o.kept and o.lead_id is not null and o.community_id is not null
    union all
    select z.order_id, z.source, z.back, z.customer_id, z.community_id, z.occurred_at, z.owner_id
    from (
        select o.order_id, o.source, o.customer_id, o.occurred_at, o.owner_id, t.community_id,
            row_number() over (
                partition by o.order_id, o.source
                order by t.occurred_at desc, t.touch_id desc, t.source desc, o.back
            ) as back,
            count(*) over (partition by o.order_id, o.source) as touches
        from order_credit o
        join customer_touch t
            on t.customer_id = o.customer_id
            and t.kind is distinct from 'direct'
            and t.occurred_at <= o.occurred_at
            and t.occurred_at >= o.occurred_at - $attribution
        where o.kept and o.lead_id is null
    ) z
    where z.community_id is not null
        and (z.back = 1 or $model <> 'last')
        and (z.back = z.touches or $model <> 'first')
    """,
    ("order_id", "source", "back"),
    params=ATTRIBUTION_PARAMS,
    credits=_COMMUNITY,
    titles={"back": both("number of the touch, counted from the last", "觸點次序（由末次起算）")},
)

RELATIONS = (
    HOME_VIEW,
    CUSTOMER_TOUCH,
    CUSTOMER_INTERACTION,
    MEMBERSHIP,
    COMMUNITY_ACTIVITY,
    COMMUNITY_ORDER,
)
