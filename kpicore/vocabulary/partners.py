"""Partners, and the regions where they work."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import CURRENCY, PARTNER, REGION, flag, ident, instant, money, word

_CREDITS = {"owner_id": "person", "region_id": "region"}
_LEVEL = word("region level", "區域層級")

PARTNER_SIGNED = FactType(
    "partner_signed",
    both("partner signings", "經銷商簽約"),
    "signing_id",
    {
        "signing_id": ident("signing", "簽約"),
        "partner_id": PARTNER,
        "region_id": REGION,
        "region_level": _LEVEL,
        "contract_value": money("contract value", "合約金額"),
        "currency": CURRENCY,
        "renewal": flag("renewal", "續約"),
        "hq_id": ident("headquarters", "總部"),
    },
    both("developer", "開發人"),
    _CREDITS,
)

PARTNER_TERMINATED = FactType(
    "partner_terminated",
    both("partner terminations", "經銷商解約"),
    "termination_id",
    {
        "termination_id": ident("termination", "解約"),
        "partner_id": PARTNER,
        "region_id": REGION,
        "reason": word("reason", "原因"),
    },
    both("developer", "開發人"),
    _CREDITS,
)

REGION_LISTED = FactType(
    "region_listed",
    both("listed regions", "區域名單"),
    ("region_id", "effective_from"),
    {
        "region_id": REGION,
        "effective_from": instant("effective from", "生效時刻"),
        "region_level": _LEVEL,
        "addressable": flag("addressable", "可開拓"),
    },
    both("who looks after the region", "區域負責人"),
    _CREDITS,
)

FACT_TYPES = (PARTNER_SIGNED, PARTNER_TERMINATED, REGION_LISTED)
