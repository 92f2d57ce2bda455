"""Sales indicators: how much was sold, what stayed of it, who bought, and how often leads and customers said yes."""

from __future__ import annotations

from kpicore import Indicator, Role, Template, hookimpl
from kpicore_sales import (
    acquisition,
    conversion,
    customers,
    growth,
    lifetime,
    product_templates,
    revenue,
    roles,
    segments,
    targets,
    templates,
)


@hookimpl
def provide_definitions() -> list[Indicator | Role | Template]:
    """The indicators, in the order of a sale: money, conversion, customers, growth."""
    return [
        revenue.sales_revenue,
        targets.sales_target_attainment,
        revenue.revenue_won,
        revenue.gross_margin_rate,
        conversion.win_rate,
        conversion.lead_to_deal_rate,
        segments.hnw_lead_to_deal_rate,
        acquisition.new_customers_developed,
        acquisition.new_paying_users,
        customers.average_customer_spend,
        customers.repeat_purchase_rate,
        segments.target_customer_sales_share,
        segments.high_net_worth_customer_share,
        lifetime.customer_ltv,
        lifetime.cac_payback_months,
        growth.new_customer_sales_growth_rate,
        growth.revenue_growth_rate,
        growth.customer_ltv_growth_rate,
        targets.kpi_attainment,
        *roles.ROLES,
        *templates.TEMPLATES,
        *product_templates.TEMPLATES,
    ]
