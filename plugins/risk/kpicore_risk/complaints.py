"""Complaints: how often what was sold is complained about."""

from __future__ import annotations

from typing import Any

from kpicore import Choice, Example, Indicator, choice, count

ORDERS = count("order_paid")
#: Complaints count for whoever sold the order, so that both sides of the rate are the same people.
OPENED = count("complaint", where="valid", credit="seller_id")
OF_ORDERS = count("complaint", where="valid", time="order_at", credit="seller_id")
PER = {"100": 100, "10000": 10_000, "1000000": 1_000_000}


def rates(complaints: Any) -> Choice:
    """Complaints per so many orders."""
    return Choice("per", {name: complaints / ORDERS * orders for name, orders in PER.items()})


complaint_rate = Indicator(
    "risk.complaint_rate",
    title={"en": "Complaint rate", "zh-Hant": "客戶投訴率"},
    definition={
        "en": "Valid complaints opened in the period per 100 orders paid in it, credited to whoever sold the order. A complaint "
        "is valid until it is judged otherwise, and the last verdict counts; several about one order count each. "
        "Basis orders: complaints, whenever they come, about the orders paid in the period.",
        "zh-Hant": "期內受理的有效投訴數，按期內每百筆付款訂單計，歸屬於訂單銷售人。投訴在判定無效前視為有效，以最後判定為準；同一訂單多次投訴逐次計。"
        "基準為「訂單」時：計期內訂單所引起的投訴，不論何時受理。",
    },
    perspective="risk",
    indicator_type="guard",
    roles=["sales", "customer_success"],
    unit="per 100 orders",
    better="lower",
    data_source={"en": "Service desk, order system", "zh-Hant": "客服系統、訂單系統"},
    params={
        "basis": choice(
            "opened",
            "orders",
            titles={
                "opened": {"en": "complaints of the period", "zh-Hant": "期內投訴"},
                "orders": {"en": "orders of the period", "zh-Hant": "期內訂單"},
            },
            title={"en": "basis", "zh-Hant": "基準"},
        ),
        "per": choice(
            "100",
            "10000",
            "1000000",
            titles={
                "100": {"en": "100", "zh-Hant": "100"},
                "10000": {"en": "10,000", "zh-Hant": "10,000"},
                "1000000": {"en": "1,000,000", "zh-Hant": "1,000,000"},
            },
            title={"en": "per orders", "zh-Hant": "每多少訂單"},
        ),
    },
    measure=Choice("basis", {"opened": rates(OPENED), "orders": rates(OF_ORDERS)}),
    moves={
        "en": "Moved by promises that are kept and by delivery; moves the favourable rate and repeat purchase.",
        "zh-Hant": "受承諾兌現與交付影響；影響好評率與復購。",
    },
    examples=[
        Example(
            {"en": "one complaint about 50 orders is 2 per 100", "zh-Hant": "50 單 1 件投訴，每百單 2 件"},
            {"order_paid": 50, "complaint_opened": 1},
            "2",
        ),
        Example(
            {"en": "found invalid later, it counts no more", "zh-Hant": "事後判定無效者不計"},
            {
                "order_paid": 4,
                "complaint_opened": [{"complaint_id": "1", "valid": True}, {"complaint_id": "2"}],
                "complaint_closed": [{"complaint_id": "1", "valid": False, "occurred_at": "2026-05-02T09:00:00Z"}],
            },
            "25",
        ),
        Example(
            {"en": "two complaints about one order count twice", "zh-Hant": "同一訂單兩次投訴計兩件"},
            {"order_paid": [{"order_id": "O"}, {}], "complaint_opened": [{"order_id": "O"}, {"order_id": "O"}]},
            "100",
        ),
        Example(
            {"en": "orders: a later complaint goes back to its order", "zh-Hant": "訂單基準：日後投訴歸回原訂單"},
            {
                "order_paid": [{"order_id": "O"}, {}, {}, {}],
                "complaint_opened": [{"order_id": "O", "occurred_at": "2026-06-02T09:00:00Z"}, {"order_id": None}],
            },
            "25",
            params={"basis": "orders"},
        ),
        Example(
            {"en": "per ten thousand", "zh-Hant": "每萬單"},
            {"order_paid": 5, "complaint_opened": 1},
            "2000",
            params={"per": "10000"},
        ),
        Example(
            {"en": "per million", "zh-Hant": "每百萬單"},
            {"order_paid": 5, "complaint_opened": 1},
            "200000",
            params={"per": "1000000"},
        ),
        Example({"en": "nothing was sold", "zh-Hant": "沒有訂單"}, {}, state="no_denominator"),
    ],
)
