from decimal import Decimal
from typing import Any

from tests.unit.vocabulary.tables import run


def order(
    order_id: str, day: str = "2026-01-01", customer: str | None = "c", gross: Any = 100, **more: Any
) -> dict[str, Any]:
    return {"order_id": order_id, "occurred_at": day, "customer_id": customer, "gross": gross, **more}


def test_refunds_and_cancellations_are_taken_off_their_order() -> None:
    facts = {
        "order_paid": [order("1", discount=10, tax=5, cogs=40), order("2", cogs=30), order("3")],
        "order_refunded": [
            {"refund_id": "a", "order_id": "1", "occurred_at": "2026-02-01", "amount": 20, "cogs_reversed": 8},
            {"refund_id": "b", "order_id": "1", "occurred_at": "2026-03-01", "amount": 5},
            {"refund_id": "c", "order_id": None, "occurred_at": "2026-03-01", "amount": 7},
        ],
        "order_cancelled": [{"order_id": "2", "occurred_at": "2026-02-01", "amount": 100, "cogs_reversed": 30}],
    }
    assert run("net_order", facts, "order_id, net, margin, kept, costed") == [
        ("1", Decimal(60), Decimal(28), True, True),
        ("2", Decimal(0), Decimal(0), False, True),
        ("3", Decimal(100), None, True, False),
    ]


def test_what_is_left_is_converted_once_with_the_order_s_rate() -> None:
    facts = {
        "order_paid": [order("1", gross="33.33", rate="31.12345678")],
        "order_refunded": [
            {"refund_id": "a", "order_id": "1", "occurred_at": "2026-02-01", "amount": "33.33", "rate": "30"}
        ],
    }
    assert run("net_order", facts, "net, kept") == [(Decimal(0), False)]
    del facts["order_refunded"]
    assert run("net_order", facts, "net, kept") == [(Decimal("1037.3448"), True)]


def test_orders_of_one_day_are_one_purchase() -> None:
    orders = [
        order("1", "2026-01-01T08:00", owner_id="a"),
        order("2", "2026-01-01T23:59", owner_id="b"),
        order("3", "2026-01-02T00:00"),
        order("4", "2026-01-02", None),
    ]
    facts = {
        "order_paid": orders,
        "order_cancelled": [{"order_id": "3", "occurred_at": "2026-02-01", "amount": 100}],
    }
    assert run("order_day", facts, "customer_id, owner_id") == [("c", "a")]
    assert len(run("order_day", {"order_paid": orders}, "customer_id, day")) == 2


def test_a_step_leads_to_the_customer_s_next_order() -> None:
    found = run("order_step", {"order_paid": [order("2", "2026-01-05"), order("1")]}, "order_id, next_at - occurred_at")
    assert found == [("1", 4 * 86_400_000_000), ("2", None)]
