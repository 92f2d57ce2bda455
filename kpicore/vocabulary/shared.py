"""What indicators of several plugins share, so that it means the same everywhere: parameters, and the cost of acquisition."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore.definitions.algebra.builders import total
from kpicore.definitions.algebra.measures import Choice, Over, Window
from kpicore.definitions.parameters import Parameter, choice, duration, names
from kpicore.naming import both
from kpicore.vocabulary.attribution import ATTRIBUTION_MODEL

#: Leads of one contact inside the span are one lead.
DEDUPE: Mapping[str, Parameter] = {"dedupe": duration("90d", title=both("deduplication span", "去重期"))}

#: How a lead is shared out among its touches.
ATTRIBUTION: Mapping[str, Parameter] = {
    "model": ATTRIBUTION_MODEL,
    "attribution": duration("30d", title=both("attribution window", "歸因期")),
    "half_life": duration("7d", title=both("half-life of a touch", "觸點半衰期")),
    **DEDUPE,
}

#: Which cost counts: all that was booked, or the cost types that are media.
COST_SCOPE: Mapping[str, Parameter] = {
    "scope": choice(
        "fully_loaded",
        "media",
        titles={"fully_loaded": both("fully loaded", "全成本"), "media": both("media only", "僅媒體費")},
        title=both("cost that counts", "成本基準"),
    ),
    "media": names("media", title=both("cost types that are media", "媒體類費用")),
}
#: The cost of a period by `COST_SCOPE`.
COST = Choice(
    "scope",
    {
        "fully_loaded": total("spend_booked", "amount"),
        "media": total("spend_booked", "amount", where="cost_type in $media"),
    },
)

#: What winning customers costs: which cost, booked how long before, and what makes a customer.
ACQUISITION: Mapping[str, Parameter] = {
    **COST_SCOPE,
    "lag": duration("0d", title=both("spend lag", "費用時差")),
    "customers": choice(
        "orders",
        "deals",
        titles={"orders": both("first order", "首筆訂單"), "deals": both("first won deal", "首筆成交")},
        title=both("customers are made by", "客戶認定"),
    ),
}
#: The cost of winning the customers of a period by `ACQUISITION`; it was booked a while before, if a lag is declared.
ACQUISITION_COST = Over(COST, Window("start - $lag", "end - $lag"))
