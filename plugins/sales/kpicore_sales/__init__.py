"""Sales indicators: how much was sold, what stayed of it, how often leads and customers said yes."""

from __future__ import annotations

from kpicore import Indicator, hookimpl
from kpicore_sales import conversion, customers, revenue


@hookimpl
def provide_definitions() -> list[Indicator]:
    """The indicators, in the order of a sale: money, conversion, customers."""
    return [
        revenue.sales_revenue,
        revenue.revenue_won,
        revenue.gross_margin_rate,
        conversion.win_rate,
        conversion.lead_to_deal_rate,
        customers.average_customer_spend,
        customers.repeat_purchase_rate,
    ]
