"""Homepages, communities and their members, and the orders that are owed to them."""

from typing import Any

from tests.unit.vocabulary.tables import at, run

NOON = "2026-03-10T12:00:00"
LINKS = [
    {"kind": "contact", "id": "ann", "customer_id": "Ann", "occurred_at": "2026-01-01"},
    {"kind": "visitor", "id": "v1", "customer_id": "Bo", "occurred_at": "2026-01-01"},
]


def touch(number: int, time: str, community: str | None, **more: Any) -> dict[str, Any]:
    said = {"touch_id": str(number), "contact_key": "ann", "community_id": community, "kind": "view"}
    return {**said, "occurred_at": time, **more}


def test_homepage_views_know_the_customer_and_leave_bots_out() -> None:
    def view(number: int, **more: Any) -> dict[str, Any]:
        return {"view_id": str(number), "occurred_at": NOON, "visitor_id": "v1", "page": "home", **more}

    facts = {
        "identity_linked": LINKS,
        "page_viewed": [view(1), view(2, visitor_id="v2"), view(3, page="cart"), view(4, bot=True), view(5, page=None)],
    }
    assert run("home_view", facts, "view_id, customer_id") == [("1", "Bo"), ("2", None)]
    assert run("home_view", facts, "view_id", homepages=("cart",)) == [("3",)]


def test_members_are_customers_where_they_are_known_and_leave_once() -> None:
    def joined(number: int, **who: Any) -> dict[str, Any]:
        return {"membership_id": str(number), "community_id": "c", "occurred_at": NOON, **who}

    facts = {
        "identity_linked": LINKS,
        "community_joined": [
            joined(1, contact_key="ann"),
            joined(2, customer_id="Cy"),
            joined(3, contact_key="di"),
            joined(4),
        ],
        "community_left": [
            {"membership_id": "1", "occurred_at": "2026-03-12"},
            {"membership_id": "1", "occurred_at": "2026-03-11"},
            {"membership_id": "1", "occurred_at": "2026-03-09"},
        ],
    }
    assert run("membership", facts, "membership_id, person, customer_id, valid_to") == [
        ("1", "customer Ann", "Ann", at("2026-03-11")),
        ("2", "customer Cy", "Cy", None),
        ("3", "contact di", None, None),
        ("4", "membership 4 of s", None, None),
    ]


def test_interactions_and_touches_know_the_customer() -> None:
    def done(number: int, kind: str, **who: Any) -> dict[str, Any]:
        return {"interaction_id": str(number), "kind": kind, "occurred_at": NOON, "community_id": "c", **who}

    facts = {
        "identity_linked": LINKS,
        "interaction_logged": [
            done(1, "consult", contact_key="ann"),
            done(2, "like", customer_id="Cy"),
            done(3, "review", contact_key="di", community_id=None),
        ],
        "touch_recorded": [touch(1, NOON, None), touch(2, NOON, None, contact_key="di")],
    }
    assert run("customer_interaction", facts, "interaction_id, customer_id") == [("1", "Ann"), ("3", None)]
    assert run("community_activity", facts, "person") == [("customer Ann",), ("customer Cy",)]
    assert run("customer_touch", facts, "touch_id, customer_id") == [("1", "Ann")]


def test_orders_inherit_from_their_lead_else_from_the_customers_touches() -> None:
    facts = {
        "identity_linked": LINKS,
        "lead_created": [
            {"lead_id": "L", "contact_key": "lead", "community_id": "of lead", "occurred_at": "2026-03-01"}
        ],
        "deal_won": [{"deal_id": "D", "lead_id": "L", "customer_id": "Ann", "amount": 1, "occurred_at": NOON}],
        "touch_recorded": [
            touch(1, "2026-02-07", "too early"),
            touch(2, "2026-03-02", "first"),
            touch(3, "2026-03-03", "last"),
            touch(4, "2026-03-04", "direct", kind="direct"),
        ],
        "order_paid": [
            {"order_id": "1", "deal_id": "D", "customer_id": "Ann", "gross": 9, "occurred_at": NOON},
            {"order_id": "2", "customer_id": "Ann", "gross": 9, "occurred_at": NOON},
            {"order_id": "3", "customer_id": "Bo", "gross": 9, "occurred_at": NOON},
            {"order_id": "4", "customer_id": "Ann", "gross": 9, "occurred_at": NOON},
        ],
        "order_cancelled": [{"order_id": "4", "amount": 9, "occurred_at": NOON}],
    }

    def found(model: str) -> list[tuple[Any, ...]]:
        return run("community_order", facts, "order_id, community_id", model=model)

    assert found("last") == [("1", "of lead"), ("2", "last")]
    assert found("first") == [("1", "of lead"), ("2", "first")]
    assert found("linear") == [("1", "of lead"), ("2", "first"), ("2", "last")]
