"""Customers: their tiers, and which contacts and visitors they are."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import CUSTOMER, KIND, ident, instant, word

CUSTOMER_TIERED = FactType(
    "customer_tiered",
    both("customer tierings", "客戶分級"),
    ("customer_id", "effective_from"),
    {
        "customer_id": CUSTOMER,
        "effective_from": instant("effective from", "生效時刻"),
        "tier": word("tier", "等級"),
        "segment": word("segment", "客群"),
    },
    both("account owner", "客戶經理"),
)

IDENTITY_LINKED = FactType(
    "identity_linked",
    both("identity links", "身分關聯"),
    ("kind", "id"),
    {
        "kind": KIND,
        "id": ident("contact or visitor", "聯絡人或訪客"),
        "customer_id": CUSTOMER,
    },
    both("who linked them", "關聯人"),
)

FACT_TYPES = (CUSTOMER_TIERED, IDENTITY_LINKED)
