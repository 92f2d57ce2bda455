"""Content indicators: output and its quality, what it reaches, and the leads that it brings."""

from __future__ import annotations

from kpicore import Indicator, Role, Star, Template, hookimpl
from kpicore_content import awards, growth, output, reach, roles, sourced, templates


@hookimpl
def provide_definitions() -> list[Indicator | Role | Template | Star]:
    """The indicators, from what content brings back to what is published."""
    return [
        sourced.official_account_lead_share,
        sourced.content_acquisition_cost,
        sourced.content_conversion_rate,
        reach.content_reach_rate,
        reach.social_engagement_rate,
        reach.content_save_share_rate,
        growth.high_read_articles,
        growth.xhs_note_impression_growth_rate,
        output.content_output,
        output.quality_content_output,
        output.quality_content_share,
        output.whitepapers_published,
        output.official_account_posts,
        *roles.ROLES,
        *templates.TEMPLATES,
        awards.star_of_the_month,
    ]
