"""What formulas compare with is what generated facts hold."""

from __future__ import annotations

from decimal import Decimal

from kpicore import Indicator, Match, Relation, count, names
from kpicore.definitions.book import Definitions
from kpicore.definitions.facts import Field
from kpicore.testing.pools import PEOPLE, compared, identifiers, values
from kpicore.vocabulary import definitions as vocabulary

RELATION = Relation(
    "law.big",
    "big",
    "select d.deal_id, d.occurred_at from deal_won d where d.amount >= 250 and d.stage in ('a', 'b')",
    "deal_id",
)
INDICATOR = Indicator(
    "law.it",
    title="it",
    measure=count("lead_created", where="tier in $tiers", match=Match("lead_qualified", "lead_id", where="rating > 4")),
    perspective="operations",
    roles=["sales"],
    data_source="CRM",
    params={"tiers": names("hnw", "mass")},
)
BOOK = Definitions.of([*vocabulary(), RELATION, INDICATOR])


def test_constants_of_relations_matches_and_parameters_are_found() -> None:
    found = compared(BOOK, ["law.big", "law.it"])
    assert found == {"amount": (Decimal(250),), "stage": ("a", "b"), "tier": ("hnw", "mass"), "rating": (Decimal(4),)}


def test_integers_lie_around_what_they_are_compared_with() -> None:
    assert values("rating", Field("integer"), {"rating": (Decimal(4),)})[:3] == (4, 3, 5)


def test_texts_are_what_they_are_compared_with_and_another() -> None:
    assert values("tier", Field("text"), {"tier": ("hnw",)}) == ("hnw", "other")


def test_fields_that_are_called_alike_share_their_ids() -> None:
    assert identifiers("team_id") == identifiers("parent_team_id")
    assert identifiers("contact_key")[0] == "contact-1"
    assert identifiers("owner_id") == identifiers("manager_id") == PEOPLE
