"""Parameters that several marketing indicators share, so that they mean the same everywhere."""

from __future__ import annotations

from kpicore import choice, duration, names

#: Leads of one contact inside the span are one lead.
DEDUPE = {"dedupe": duration("90d", title={"en": "deduplication span", "zh-Hant": "去重期"})}

#: How a lead is shared out among its touches.
ATTRIBUTION = {
    "model": choice(
        "last",
        "first",
        "linear",
        "u",
        "decay",
        titles={
            "last": {"en": "last touch", "zh-Hant": "末次觸點"},
            "first": {"en": "first touch", "zh-Hant": "首次觸點"},
            "linear": {"en": "linear", "zh-Hant": "線性"},
            "u": {"en": "U-shaped (40/20/40)", "zh-Hant": "U 型(40/20/40)"},
            "decay": {"en": "time decay", "zh-Hant": "時間衰減"},
        },
        title={"en": "attribution model", "zh-Hant": "歸因模型"},
    ),
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
        title={"en": "cost that counts", "zh-Hant": "成本口徑"},
    ),
    "media": names("media", title={"en": "cost types that are media", "zh-Hant": "媒體類費用"}),
}
