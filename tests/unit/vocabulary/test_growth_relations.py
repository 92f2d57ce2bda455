"""Shares of courses and sessions, success cases, and the team of a proposal."""

from decimal import Decimal
from typing import Any

from tests.unit.vocabulary.tables import run

THIRD, REST = Decimal("0.333333333333"), Decimal("0.333333333334")


def test_co_authors_share_a_course_and_the_shares_make_one() -> None:
    courses = [
        {"course_id": course, "author_id": author, "occurred_at": "2026-03-05"}
        for course, authors in (("A", "abc"), ("B", "a"))
        for author in authors
    ]
    found = run("course_credit", {"course_released": courses}, "course_id, author_id, credit")
    assert found == [("A", "a", THIRD), ("A", "b", THIRD), ("A", "c", REST), ("B", "a", Decimal(1))]


def test_a_session_needs_two_people_and_half_an_hour() -> None:
    sizes = [("A", "t", 2, 30), ("A", "u", 5, 30), ("B", "t", 1, 60), ("C", "t", 9, 29), ("D", "t", None, 60)]
    sessions = [
        {"sharing_id": s, "team_id": t, "attendees": n, "minutes": m, "occurred_at": "2026-03-05"}
        for s, t, n, m in sizes
    ]
    half = Decimal("0.5")
    found = run("sharing_credit", {"sharing_held": sessions}, "sharing_id, team_id, credit")
    assert found == [("A", "t", half), ("A", "u", half)]


def case(number: str, time: str, customer: str | None = "Ann", version: int = 1, **more: Any) -> dict[str, Any]:
    whole = {"kind": "customer_success", "approved": True, "consent": True, "customer_id": customer}
    return {"case_id": number, "version": version, "occurred_at": time, **whole, **more}


def test_a_customer_has_one_success_case_in_twelve_months() -> None:
    cases = [
        case("1", "2025-01-01"),
        case("1", "2026-01-01", version=2),
        case("2", "2025-12-31"),
        case("3", "2026-12-31"),
        case("4", "2026-01-01", None),
        case("5", "2026-01-02", None),
        case("6", "2026-01-02", "Bo", consent=None),
        case("7", "2026-01-02", "Bo", approved=False),
        case("8", "2026-01-02", "Bo", kind="internal"),
    ]
    assert run("success_case", {"case_published": cases}, "case_id") == [("1",), ("3",), ("4",), ("5",)]
    assert len(run("success_case", {"case_published": cases}, "case_id", spacing="30d")) == 5


def test_a_proposal_is_what_was_submitted() -> None:
    facts = {
        "proposal_submitted": [
            {"proposal_id": "1", "kind": "process", "team_id": "t", "owner_id": "a", "occurred_at": "2026-01-05"},
        ],
        "proposal_adopted": [
            {"proposal_id": "1", "kind": "channel", "team_id": "u", "owner_id": "b", "occurred_at": "2026-03-05"},
            {"proposal_id": "2", "kind": "channel", "team_id": "u", "owner_id": "b", "occurred_at": "2026-03-05"},
        ],
    }
    found = run("adopted_proposal", facts, "proposal_id, kind, team_id, owner_id")
    assert found == [("1", "process", "t", "a"), ("2", "channel", "u", "b")]
