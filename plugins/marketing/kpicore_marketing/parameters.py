"""Parameters that several marketing indicators share, so that they mean the same everywhere."""

from __future__ import annotations

from kpicore import ATTRIBUTION_MODEL, choice, duration, names

#: Leads of one contact inside the span are one lead.
DEDUPE = {"dedupe": duration("90d", title={"en": "deduplication span", "zh-Hant": "去重期"})}

#: How a lead is shared out among its touches.
ATTRIBUTION = {
    "model": ATTRIBUTION_MODEL,
    "attribution": duration("30d", title={"en": "attribution window", "zh-Hant": "歸因期"}),
    "half_life": duration("7d", title={"en": "half-life of a touch", "zh-Hant": "觸點半衰期"}),
    **DEDUPE,
}

#: Which cost counts: all that was booked, or the cost types that are media.
SCOPE = {
    "scope": choice(
        "fully_loaded",
        "media",
        titles={
            "fully_loaded": {"en": "fully loaded", "zh-Hant": "全成本"},
            "media": {"en": "media only", "zh-Hant": "僅媒體費"},
        },
        title={"en": "cost that counts", "zh-Hant": "成本基準"},
    ),
    "media": names("media", title={"en": "cost types that are media", "zh-Hant": "媒體類費用"}),
}
