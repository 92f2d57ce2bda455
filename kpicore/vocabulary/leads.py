"""Leads, what was decided about them, and the touches that led to them."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import CONTACT, KIND, LEAD, ORIGIN, PRODUCT, REGION, THINGS, flag, ident, word

LEAD_CREATED = FactType(
    "lead_created",
    both("leads", "線索"),
    "lead_id",
    {
        "lead_id": LEAD,
        "contact_key": CONTACT,
        **ORIGIN,
        "region_id": REGION,
        "product_id": PRODUCT,
        "tier": word("tier at creation", "建立時等級"),
    },
    both("sales owner", "銷售負責人"),
    {"owner_id": "person", **THINGS},
)

LEAD_QUALIFIED = FactType(
    "lead_qualified",
    both("lead qualifications", "線索判定"),
    "qualification_id",
    {
        "qualification_id": ident("qualification", "判定"),
        "lead_id": LEAD,
        "stage": word("stage", "階段"),
        "valid": flag("valid", "有效"),
        "reason": word("reason", "原因"),
        "criteria_version": word("version of the criteria", "判定標準版本"),
    },
    both("who decided", "判定人"),
)

TOUCH_RECORDED = FactType(
    "touch_recorded",
    both("touches", "觸點"),
    "touch_id",
    {"touch_id": ident("touch", "觸點"), "contact_key": CONTACT, **ORIGIN, "kind": KIND},
    both("who made the touch", "觸達人"),
    {"owner_id": "person", "channel_id": "channel", "campaign_id": "campaign"},
)

FACT_TYPES = (LEAD_CREATED, LEAD_QUALIFIED, TOUCH_RECORDED)
