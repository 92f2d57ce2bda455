"""Marketing indicators: leads and whose they are, campaigns, live streams, spend, new channels."""

from __future__ import annotations

from kpicore import Indicator, Innovation, Role, Template, hookimpl
from kpicore_marketing import awards, campaigns, cycle, leads, live, returns, roles, spend, templates, trials, whose


@hookimpl
def provide_definitions() -> list[Indicator | Role | Template | Innovation]:
    """The indicators, from leads to what they cost and what is learnt."""
    return [
        leads.lead_volume,
        leads.customers_acquired,
        leads.qualified_lead_volume,
        leads.lead_validity_rate,
        whose.content_sourced_leads,
        whose.regional_new_leads,
        campaigns.campaign_total_spend,
        campaigns.campaign_acquisition_cost,
        returns.campaign_roi,
        cycle.campaign_conversion_cycle_days,
        campaigns.campaign_customer_retention_30d,
        live.live_stream_acquisition_cost,
        spend.customer_acquisition_cost,
        spend.marketing_spend_variance_rate,
        spend.wasted_spend_share,
        trials.new_channel_trials,
        trials.validated_new_channels,
        *roles.ROLES,
        *templates.TEMPLATES,
        awards.channel_breakthrough,
    ]
