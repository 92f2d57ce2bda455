"""The built-in vocabulary: fact types, shared relations and curves. Their names carry no plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpicore.definitions.book import Definition


def definitions() -> list[Definition]:
    """All built-in definitions: fact types by subject, then relations, then curves."""
    from kpicore.definitions.cards.curves import BUILT_IN_CURVES
    from kpicore.vocabulary import (
        attribution,
        campaign_relations,
        campaigns,
        compliance,
        content,
        content_relations,
        customer_relations,
        customers,
        deals,
        growth,
        growth_relations,
        lead_relations,
        leads,
        order_relations,
        orders,
        partner_relations,
        partners,
        people,
        score_relations,
        service,
        service_relations,
        shop_relations,
        spend,
        spend_relations,
        subscriptions,
        surveys,
        territory_relations,
        visits,
    )

    subjects = (
        *(leads, deals, orders, customers, subscriptions, partners, spend, content, visits, campaigns),
        *(service, compliance, growth, people),
    )
    relations = (
        *(lead_relations, order_relations, customer_relations, content_relations, attribution),
        *(spend_relations, partner_relations, campaign_relations, territory_relations),
        *(surveys, service_relations, growth_relations, shop_relations, score_relations),
    )
    return [
        *(fact_type for subject in subjects for fact_type in subject.FACT_TYPES),
        *(relation for subject in relations for relation in subject.RELATIONS),
        *BUILT_IN_CURVES,
    ]
