"""E-commerce indicators: store visitors, homepage conversion, sleeping customers, private communities."""

from __future__ import annotations

from kpicore import Indicator, Role, Template, hookimpl
from kpicore_ecommerce import customers, roles, shop, templates


@hookimpl
def provide_definitions() -> list[Indicator | Role | Template]:
    """The indicators, from traffic over conversion to customers who come back."""
    return [
        shop.store_uv_growth_rate,
        shop.homepage_conversion_rate,
        customers.dormant_customer_wakeup_rate,
        customers.private_community_conversion_rate,
        *roles.ROLES,
        *templates.TEMPLATES,
    ]
