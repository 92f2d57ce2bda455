"""Campaigns, communities and live streams, and who took part."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import CAMPAIGN, COMMUNITY, CONTACT, CUSTOMER, KIND, LIVE, ident, instant

_CAMPAIGN = {"owner_id": "person", "campaign_id": "campaign"}
_COMMUNITY = {"owner_id": "person", "community_id": "community"}
_MEMBERSHIP = ident("membership, the same on joining and on leaving", "成員資格（入群與退群相同）")

CAMPAIGN_SCHEDULED = FactType(
    "campaign_scheduled",
    both("campaigns", "活動排程"),
    "campaign_id",
    {
        "campaign_id": CAMPAIGN,
        "kind": KIND,
        "starts_at": instant("start", "開始時刻"),
        "ends_at": instant("end", "結束時刻"),
    },
    both("campaign owner", "活動負責人"),
    _CAMPAIGN,
)

CAMPAIGN_JOINED = FactType(
    "campaign_joined",
    both("campaign participants", "活動參與者"),
    "participation_id",
    {
        "participation_id": ident("participation", "參與"),
        "campaign_id": CAMPAIGN,
        "contact_key": CONTACT,
        "customer_id": CUSTOMER,
        "kind": KIND,
    },
    both("campaign owner", "活動負責人"),
    _CAMPAIGN,
)

COMMUNITY_JOINED = FactType(
    "community_joined",
    both("community joiners", "入群成員"),
    "membership_id",
    {
        "membership_id": _MEMBERSHIP,
        "community_id": COMMUNITY,
        "contact_key": CONTACT,
        "customer_id": CUSTOMER,
        "kind": KIND,
    },
    both("community manager", "社群經理"),
    _COMMUNITY,
)

COMMUNITY_LEFT = FactType(
    "community_left",
    both("community leavers", "退群成員"),
    "membership_id",
    {
        "membership_id": _MEMBERSHIP,
        "community_id": COMMUNITY,
        "contact_key": CONTACT,
        "customer_id": CUSTOMER,
        "kind": KIND,
    },
    both("community manager", "社群經理"),
    _COMMUNITY,
)

LIVE_HELD = FactType(
    "live_held",
    both("live streams", "直播"),
    "live_id",
    {"live_id": LIVE, "campaign_id": CAMPAIGN, "kind": KIND, "ended_at": instant("end", "結束時刻")},
    both("host", "主播"),
    {**_CAMPAIGN, "live_id": "live"},
)

INTERACTION_LOGGED = FactType(
    "interaction_logged",
    both("interactions", "互動"),
    "interaction_id",
    {
        "interaction_id": ident("interaction", "互動"),
        "contact_key": CONTACT,
        "customer_id": CUSTOMER,
        "campaign_id": CAMPAIGN,
        "community_id": COMMUNITY,
        "live_id": LIVE,
        "kind": KIND,
    },
    both("who interacted with the customer", "互動人員"),
    _CAMPAIGN,
)

FACT_TYPES = (
    CAMPAIGN_SCHEDULED,
    CAMPAIGN_JOINED,
    COMMUNITY_JOINED,
    COMMUNITY_LEFT,
    LIVE_HELD,
    INTERACTION_LOGGED,
)
