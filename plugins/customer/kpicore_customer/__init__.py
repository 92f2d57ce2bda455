"""Customer indicators: whether customers recommend, renew and stay, and how well they are looked after."""

from __future__ import annotations

from kpicore import Indicator, Role, Template, hookimpl
from kpicore_customer import care, loyalty, roles, surveys, templates


@hookimpl
def provide_definitions() -> list[Indicator | Role | Template]:
    """The indicators: what customers say, what they do, what is done for them."""
    return [
        surveys.customer_recommendation_rate,
        surveys.net_promoter_score,
        surveys.customer_favorable_rate,
        loyalty.customer_renewal_rate,
        loyalty.customer_retention_rate,
        care.customer_research_completion_rate,
        care.customer_success_cases,
        care.complaint_response_sla_rate,
        *roles.ROLES,
        *templates.TEMPLATES,
    ]
