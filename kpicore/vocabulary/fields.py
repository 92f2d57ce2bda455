"""How the vocabulary writes its fields, and the fields that many fact types share."""

from __future__ import annotations

from typing import Any

from kpicore.definitions.facts import Field
from kpicore.naming import both


def ident(en: str, zh_hant: str, **options: Any) -> Field:
    """A field that names something: an order, a customer, a channel."""
    return Field("id", both(en, zh_hant), **options)


def word(en: str, zh_hant: str, **options: Any) -> Field:
    """A text field."""
    return Field("text", both(en, zh_hant), **options)


def flag(en: str, zh_hant: str, **options: Any) -> Field:
    """A true-or-false field; null means undecided or unknown."""
    return Field("boolean", both(en, zh_hant), **options)


def number(en: str, zh_hant: str, **options: Any) -> Field:
    """An integer field."""
    return Field("integer", both(en, zh_hant), **options)


def money(en: str, zh_hant: str, **options: Any) -> Field:
    """A money field, in the row's currency."""
    return Field("money", both(en, zh_hant), **options)


def instant(en: str, zh_hant: str, **options: Any) -> Field:
    """An instant field."""
    return Field("instant", both(en, zh_hant), **options)


CHANNEL = ident("channel", "渠道")
CAMPAIGN = ident("campaign", "活動")
CONTENT = ident("content", "內容")
LIVE = ident("live stream", "直播")
COMMUNITY = ident("community", "社群")
AD_UNIT = ident("ad unit", "廣告單元")
REGION = ident("region", "區域")
STORE = ident("store", "店鋪")
PRODUCT = ident("product", "產品")
CONTACT = ident("contact", "聯絡人")
CUSTOMER = ident("customer", "客戶")
LEAD = ident("lead", "線索")
DEAL = ident("deal", "商機")
ORDER = ident("order", "訂單")
EMPLOYEE = ident("employee", "員工")
TEAM = ident("team", "團隊")
PARTNER = ident("partner", "經銷商")
SUBSCRIPTION = ident("contract", "合約")
CURRENCY = word("currency", "幣別")
KIND = word("kind", "類別")

#: What a touch or lead came through; a lead keeps what is known of its origin.
ORIGIN = {
    "channel_id": CHANNEL,
    "campaign_id": CAMPAIGN,
    "content_id": CONTENT,
    "live_id": LIVE,
    "community_id": COMMUNITY,
    "ad_unit_id": AD_UNIT,
}
#: Things that someone is responsible for, so that a row that names one can be credited through it.
THINGS = {"channel_id": "channel", "campaign_id": "campaign", "region_id": "region"}
