"""Channel indicators: dealers and regions, leads, cost and orders by channel, the partners' own view."""

from __future__ import annotations

from kpicore import Indicator, Role, Template, hookimpl
from kpicore_channel import channels, partners, roles, templates


@hookimpl
def provide_definitions() -> list[Indicator | Role | Template]:
    """The indicators, from signing a partner to what comes through channels."""
    return [
        partners.county_dealer_signings,
        partners.channel_coverage_rate,
        channels.channel_new_leads,
        channels.channel_cac,
        channels.channel_order_share,
        partners.channel_partner_satisfaction,
        *roles.ROLES,
        *templates.TEMPLATES,
    ]
