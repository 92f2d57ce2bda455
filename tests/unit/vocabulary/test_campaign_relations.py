"""Customers of live streams, participants of campaigns, and what they do afterwards."""

from typing import Any

from tests.unit.vocabulary.tables import run


def order(number: str, customer: str, time: str, **more: Any) -> dict[str, Any]:
    return {"order_id": number, "customer_id": customer, "gross": 100, "occurred_at": time, **more}


def refund(number: str, time: str, amount: int = 100) -> dict[str, Any]:
    return {"refund_id": f"{number} {time}", "order_id": number, "amount": amount, "occurred_at": time}


def test_an_order_is_undone_by_a_full_refund_within_the_span_only() -> None:
    facts = {
        "order_paid": [order(str(n), "Ann", "2026-03-01") for n in range(1, 6)],
        "order_refunded": [
            refund("1", "2026-03-08"),
            refund("2", "2026-03-08T00:00:01"),
            refund("3", "2026-03-02", 60),
            refund("4", "2026-03-02", 60),
            refund("4", "2026-03-03", 40),
        ],
        "order_cancelled": [{"order_id": "5", "amount": 100, "occurred_at": "2026-03-01"}],
    }
    assert run("settled_order", facts, "order_id") == [("2",), ("3",)]


LINKS = [
    {"kind": "contact", "id": contact, "customer_id": contact.upper(), "occurred_at": "2026-01-01"}
    for contact in "abcd"
]


def watched(number: int, contact: str, time: str, live: str = "live") -> dict[str, Any]:
    return {"touch_id": str(number), "contact_key": contact, "live_id": live, "occurred_at": time}


def test_first_orders_count_from_the_touch_until_a_day_after_the_stream() -> None:
    facts = {
        "identity_linked": LINKS,
        "live_held": [{"live_id": "live", "occurred_at": "2026-03-01T20:00:00", "ended_at": "2026-03-01T22:00:00"}],
        "touch_recorded": [
            *(watched(n, contact, "2026-03-01T20:30:00") for n, contact in enumerate("abcd")),
            watched(9, "a", "2026-03-01T20:30:00", "of unknown end"),
        ],
        "order_paid": [
            order("1", "A", "2026-03-02T22:00:00"),
            order("2", "B", "2026-03-02T22:00:01"),
            order("3", "C", "2026-03-01T20:00:00"),
            order("4", "C", "2026-03-01T21:00:00"),
        ],
    }
    assert run("live_customer", facts, "customer_id, live_id") == [("A", "live")]
    assert run("live_customer", facts, "customer_id, live_id", after="25h") == [("A", "live"), ("B", "live")]


def test_a_participant_counts_once_a_campaign_as_customer_if_known() -> None:
    def joined(number: int, **who: str) -> dict[str, Any]:
        return {"participation_id": str(number), "campaign_id": "c", "occurred_at": f"2026-03-0{number}", **who}

    facts = {
        "identity_linked": LINKS,
        "campaign_joined": [
            joined(1, contact_key="a"),
            joined(2, customer_id="A"),
            joined(3, contact_key="stranger"),
            joined(4),
        ],
    }
    found = run("campaign_participant", facts, "person")
    assert found == [("contact stranger",), ("customer A",), ("participation 4 of s",)]


def test_activity_is_orders_that_were_kept_and_interactions_of_the_counted_kinds() -> None:
    facts = {
        "identity_linked": LINKS,
        "order_paid": [order("1", "A", "2026-03-01"), order("2", "B", "2026-03-01")],
        "order_refunded": [refund("2", "2026-05-01")],
        "interaction_logged": [
            {"interaction_id": "1", "contact_key": "c", "kind": "consult", "occurred_at": "2026-03-01"},
            {"interaction_id": "2", "contact_key": "x", "kind": "review", "occurred_at": "2026-03-01"},
            {"interaction_id": "3", "customer_id": "D", "kind": "like", "occurred_at": "2026-03-01"},
        ],
    }
    assert run("customer_activity", facts, "person") == [("contact x",), ("customer A",), ("customer C",)]
