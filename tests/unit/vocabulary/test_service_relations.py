"""Verdicts on complaints, who sold the order, and renewals that held."""

from typing import Any

from tests.unit.vocabulary.tables import run


def complaint(number: str, **more: Any) -> dict[str, Any]:
    return {"complaint_id": number, "occurred_at": "2026-03-05", "owner_id": "handler", **more}


def verdict(number: str, valid: bool | None, time: str, source: str = "s") -> dict[str, Any]:
    return {"complaint_id": number, "valid": valid, "occurred_at": time, "source": source}


def test_a_complaint_is_valid_until_judged_otherwise_and_the_last_verdict_counts() -> None:
    facts = {
        "complaint_opened": [
            complaint(n, valid=v) for n, v in zip("12345", (None, False, True, True, True), strict=True)
        ],
        "complaint_closed": [
            verdict("3", False, "2026-03-06"),
            verdict("4", False, "2026-03-06"),
            verdict("4", True, "2026-03-07", "appeals"),
            verdict("5", None, "2026-03-06"),
        ],
    }
    found = run("complaint", facts, "complaint_id, valid")
    assert found == [("1", True), ("2", False), ("3", False), ("4", True), ("5", True)]


def test_a_complaint_goes_to_who_sold_the_order_and_once_only() -> None:
    order = {"order_id": "O", "gross": 1, "customer_id": "Ann", "owner_id": "seller", "channel_id": "web"}
    facts = {
        "complaint_opened": [complaint("1", order_id="O"), complaint("2"), complaint("3", order_id="unknown")],
        "order_paid": [
            {**order, "occurred_at": "2026-02-01"},
            {**order, "occurred_at": "2026-02-02", "source": "other", "owner_id": "another"},
        ],
    }
    found = run("complaint", facts, "complaint_id, seller_id, channel_id")
    assert found == [("1", "seller", "web"), ("2", "handler", None), ("3", "handler", None)]


def test_a_renewal_is_undone_by_a_later_churn_of_the_same_term_only() -> None:
    def term(contract: str, time: str, due: str = "2026-03-31") -> dict[str, Any]:
        return {"subscription_id": contract, "due_at": due, "occurred_at": time, "value": 1}

    facts = {
        "subscription_renewed": [term(c, "2026-04-02") for c in "ABC"],
        "subscription_churned": [
            term("A", "2026-04-05"),
            term("B", "2026-04-01"),
            term("C", "2027-04-05", due="2027-03-31"),
        ],
    }
    assert run("renewal", facts, "subscription_id") == [("B",), ("C",)]
