"""E-commerce indicators: store visitors, homepage conversion, sleeping customers, private communities."""

from __future__ import annotations

from kpicore import Indicator, hookimpl
from kpicore_ecommerce import customers, shop


@hookimpl
def provide_definitions() -> list[Indicator]:
    """The indicators, from traffic over conversion to customers who come back."""
    return [
        shop.store_uv_growth_rate,
        shop.homepage_conversion_rate,
        customers.dormant_customer_wakeup_rate,
        customers.private_community_conversion_rate,
    ]
