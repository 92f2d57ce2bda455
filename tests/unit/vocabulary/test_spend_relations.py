"""Spend over its dates of service, and budgets in force."""

from tests.unit.vocabulary.tables import at, run

DAY = 86_400_000_000


def test_spend_runs_over_its_service_and_counts_at_once_without_one() -> None:
    booked = "2026-03-10"
    facts = {
        "spend_booked": [
            {"spend_id": "1", "amount": 9, "service_from": "2026-01-01", "service_to": "2026-02-01"},
            {"spend_id": "2", "amount": 9, "service_from": "2026-01-01"},
            {"spend_id": "3", "amount": 9, "service_from": "2026-01-01", "service_to": "2026-01-01"},
            {"spend_id": "4", "amount": 9},
        ]
    }
    rows = [{**row, "occurred_at": booked} for row in facts["spend_booked"]]
    instant = (at(booked), at(booked) + 1)
    assert run("spend_term", {"spend_booked": rows}, "spend_id, valid_from, valid_to") == [
        ("1", at("2026-01-01"), at("2026-02-01")),
        ("2", *instant),
        ("3", *instant),
        ("4", *instant),
    ]


def test_a_later_budget_of_a_line_takes_over_from_its_start() -> None:
    def budget(line: str, start: str, end: str | None, amount: int) -> dict[str, object]:
        return {
            "budget_line": line,
            "valid_from": start,
            "valid_to": end,
            "amount": amount,
            "occurred_at": "2025-12-01",
        }

    facts = {
        "budget_set": [
            budget("ads", "2026-01-01", "2026-04-01", 900),
            budget("ads", "2026-03-01", "2026-04-01", 500),
            budget("fair", "2026-05-01", None, 70),
        ]
    }
    assert run("budget", facts, "budget_line, amount, valid_from, valid_to, term_end") == [
        ("ads", 500, at("2026-03-01"), at("2026-04-01"), at("2026-04-01")),
        ("ads", 900, at("2026-01-01"), at("2026-03-01"), at("2026-04-01")),
        ("fair", 70, at("2026-05-01"), at("2026-05-01") + 1, at("2026-05-01") + 1),
    ]
