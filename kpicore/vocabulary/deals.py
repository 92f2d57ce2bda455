"""Deals that were won or lost."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import (
    CAMPAIGN,
    CHANNEL,
    CURRENCY,
    CUSTOMER,
    DEAL,
    LEAD,
    PRODUCT,
    REGION,
    THINGS,
    instant,
    money,
    word,
)

_CREDITS = {"owner_id": "person", **THINGS}

DEAL_WON = FactType(
    "deal_won",
    both("won deals", "成交"),
    "deal_id",
    {
        "deal_id": DEAL,
        "lead_id": LEAD,
        "customer_id": CUSTOMER,
        "amount": money("amount", "金額", required=True),
        "currency": CURRENCY,
        "product_id": PRODUCT,
        "channel_id": CHANNEL,
        "campaign_id": CAMPAIGN,
        "region_id": REGION,
        "engaged_at": instant("start of the engagement", "開始跟進時刻"),
    },
    both("closer", "成交人"),
    _CREDITS,
)

DEAL_LOST = FactType(
    "deal_lost",
    both("lost deals", "丟單"),
    "deal_id",
    {
        "deal_id": DEAL,
        "lead_id": LEAD,
        "customer_id": CUSTOMER,
        "amount": money("amount", "金額"),
        "currency": CURRENCY,
        "product_id": PRODUCT,
        "channel_id": CHANNEL,
        "campaign_id": CAMPAIGN,
        "region_id": REGION,
        "engaged_at": instant("start of the engagement", "開始跟進時刻"),
        "reason": word("reason", "原因"),
    },
    both("who worked on it", "跟進人"),
    _CREDITS,
)

FACT_TYPES = (DEAL_WON, DEAL_LOST)
