from typing import Any

from tests.unit.vocabulary.tables import at, run

DAY = 86_400_000_000


def order(order_id: str, day: str, customer: str | None = "c", **more: Any) -> dict[str, Any]:
    return {"order_id": order_id, "occurred_at": day, "customer_id": customer, "gross": 100, **more}


def test_a_customer_begins_with_the_first_order_that_was_kept() -> None:
    facts = {
        "order_paid": [
            order("1", "2026-01-01"),
            order("2", "2026-02-01", owner_id="a"),
            order("3", "2026-03-01"),
            order("4", "2026-01-01", None),
            order("5", "2026-01-05", "d"),
        ],
        "order_refunded": [{"refund_id": "r", "order_id": "1", "occurred_at": "2026-06-01", "amount": 100}],
    }
    assert run("customer", facts, "customer_id, order_id, valid_from, valid_to, owner_id") == [
        ("c", "2", at("2026-02-01"), None, "a"),
        ("d", "5", at("2026-01-05"), None, None),
    ]


def test_orders_are_placed_at_the_customer_s_first() -> None:
    facts = {"order_paid": [order("1", "2026-01-01", owner_id="a"), order("2", "2026-02-01", owner_id="b")]}
    found = run("customer_order", facts, "order_id, occurred_at, order_at, owner_id")
    assert found == [
        ("1", at("2026-01-01"), at("2026-01-01"), "a"),
        ("2", at("2026-01-01"), at("2026-02-01"), "a"),
    ]


def test_a_customer_is_active_until_dormant_and_dormant_until_the_next_order() -> None:
    facts = {"order_paid": [order("1", "2026-01-01"), order("2", "2026-01-21"), order("3", "2026-03-01")]}
    found = run(
        "customer_state",
        facts,
        "(valid_from - 1767225600000000) // 86400000000, (valid_to - 1767225600000000) // 86400000000, state",
        dormant="30d",
    )
    assert sorted(found) == [
        (0, 20, "active"),
        (20, 50, "active"),
        (50, 59, "dormant"),
        (59, 89, "active"),
        (89, None, "dormant"),
    ]


def test_orders_of_one_instant_leave_one_state() -> None:
    facts = {"order_paid": [order("1", "2026-01-01"), order("2", "2026-01-01")]}
    assert run("customer_state", facts, "state") == [("active",), ("dormant",)]


def test_a_tier_holds_until_the_next() -> None:
    def tiering(day: str, tier: str, **more: Any) -> dict[str, Any]:
        return {"customer_id": "c", "effective_from": day, "occurred_at": day, "tier": tier, **more}

    facts = {"customer_tiered": [tiering("2026-02-01", "hnw"), tiering("2026-01-01", "mass")]}
    assert run("customer_tier", facts, "nth, tier, valid_to") == [
        (1, "mass", at("2026-02-01")),
        (2, "hnw", None),
    ]


def test_the_last_link_says_which_customer_a_contact_is() -> None:
    def link(customer: str | None, day: str, source: str = "s") -> dict[str, Any]:
        return {"kind": "contact", "id": "x", "customer_id": customer, "occurred_at": day, "source": source}

    facts = {"identity_linked": [link("a", "2026-01-01"), link("b", "2026-02-01", "t"), link(None, "2026-03-01", "u")]}
    assert run("customer_identity", facts, "id, customer_id") == [("x", "b")]
