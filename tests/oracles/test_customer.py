"""Customer indicators, counted a second time by hand."""

from __future__ import annotations

import pytest

from kpicore.definitions.indicators import LEVELS
from kpicore_customer import provide_definitions
from tests.oracles.agreement import Case, disagreements
from tests.oracles.answers import latest
from tests.oracles.books import Books
from tests.oracles.desk import DAY, HOUR, PERIODS, Row, Tally, periods_of
from tests.oracles.house import House


def _asked(books: Books, kind: str, scale: tuple[int, int]) -> list[Row]:
    return [row for row in latest(books, kind) if (row["scale_min"], row["scale_max"]) == scale]


def customer_recommendation_rate(books: Books, tally: Tally) -> None:
    for row in _asked(books, "nps", (0, 10)):
        for period in periods_of(row["occurred_at"]):
            tally.add(1, period, row)
            tally.add(0, period, row, row["score"] >= 9)


def net_promoter_score(books: Books, tally: Tally) -> None:
    for row in _asked(books, "nps", (0, 10)):
        for period in periods_of(row["occurred_at"]):
            tally.add(1, period, row)
            tally.add(0, period, row, 100 if row["score"] >= 9 else -100 if row["score"] <= 6 else 0)


def customer_favorable_rate(books: Books, tally: Tally) -> None:
    for row in _asked(books, "csat", (1, 5)):
        for period in periods_of(row["occurred_at"]):
            tally.add(1, period, row)
            tally.add(0, period, row, row["score"] >= 4)


def customer_renewal_rate(books: Books, tally: Tally, basis: str = "contracts", grace: str = "30d") -> None:
    for due in books.rows["subscription_due"]:

        def of_term(name: str, due: Row = due) -> list[int]:
            own = (due["subscription_id"], due["due_at"])
            return [r["occurred_at"] for r in books.rows[name] if (r["subscription_id"], r["due_at"]) == own]

        churned = max(of_term("subscription_churned"), default=-1)
        held = [at for at in of_term("subscription_renewed") if at > churned]
        renewed = any(at <= due["due_at"] + int(grace[:-1]) * DAY for at in held)
        worth = books.desk.base(due["value"], due["currency"], due["occurred_at"]) if basis == "value" else 1
        for period in periods_of(due["due_at"]):
            tally.add(1, period, due, worth, at=due["due_at"])
            tally.add(0, period, due, worth if renewed else 0, at=due["due_at"])


def customer_retention_rate(books: Books, tally: Tally, dormant: str = "180d") -> None:
    span = int(dormant[:-1]) * DAY

    def active(before: int) -> dict[str, Row]:
        last = {o["customer_id"]: o for o in books.orders if o["kept"] and o["occurred_at"] < before}
        return {who: o for who, o in last.items() if who is not None and before <= o["occurred_at"] + span}

    for period, (start, end) in PERIODS.items():
        still = active(end)
        for customer, order in active(start).items():
            tally.add(1, period, order, at=start - 1)
            tally.add(0, period, order, customer in still, at=start - 1)


def customer_research_completion_rate(books: Books, tally: Tally) -> None:
    done = {row["task_id"]: row["occurred_at"] for row in books.rows["research_completed"]}
    for task in books.rows["research_assigned"]:
        for period in periods_of(task["due_at"]):
            if not task["cancelled"]:
                in_time = task["task_id"] in done and done[task["task_id"]] <= task["due_at"]
                tally.add(1, period, task, at=task["due_at"])
                tally.add(0, period, task, in_time, at=task["due_at"])


def customer_success_cases(books: Books, tally: Tally, spacing: str = "365d") -> None:
    approved = [
        row
        for row in books.rows["case_published"]
        if row["approved"] and row["consent"] and row["kind"] == "customer_success"
    ]
    first: dict[tuple[str, str], Row] = {}
    for row in sorted(approved, key=lambda row: (row["occurred_at"], row["version"])):
        first.setdefault((row["case_id"], row["source"]), row)
    last: dict[str, int] = {}
    for row in sorted(first.values(), key=lambda row: (row["occurred_at"], row["case_id"], row["source"])):
        customer, at = row["customer_id"], row["occurred_at"]
        fresh = customer is None or customer not in last or at - last[customer] >= int(spacing[:-1]) * DAY
        last[customer] = at
        for period in periods_of(at):
            if fresh:
                tally.add(0, period, row)


def complaint_response_sla_rate(
    books: Books, tally: Tally, sla: str = "24h", responders: tuple[str, ...] = ("human",)
) -> None:
    for complaint in books.rows["complaint_opened"]:
        answers = [
            row["occurred_at"] - complaint["occurred_at"]
            for row in books.rows["complaint_responded"]
            if row["complaint_id"] == complaint["complaint_id"] and row["responder_kind"] in responders
        ]
        for period in periods_of(complaint["occurred_at"]):
            tally.add(1, period, complaint)
            tally.add(0, period, complaint, any(0 <= wait <= int(sla[:-1]) * HOUR for wait in answers))


CASES = [
    Case("customer_recommendation_rate", customer_recommendation_rate),
    Case("customer_recommendation_rate", customer_recommendation_rate, {}, "team_id", ("wave",)),
    Case("net_promoter_score", net_promoter_score),
    Case("net_promoter_score", net_promoter_score, by=("survey_id", "wave")),
    Case("customer_favorable_rate", customer_favorable_rate),
    Case("customer_favorable_rate", customer_favorable_rate, {}, "team_id"),
    Case("customer_renewal_rate", customer_renewal_rate),
    Case("customer_renewal_rate", customer_renewal_rate, {"grace": "1d"}, by=("subscription_id",)),
    Case("customer_renewal_rate", customer_renewal_rate, {"basis": "value"}),
    Case("customer_retention_rate", customer_retention_rate),
    Case("customer_retention_rate", customer_retention_rate, {"dormant": "30d"}),
    Case("customer_research_completion_rate", customer_research_completion_rate),
    Case("customer_success_cases", customer_success_cases),
    Case("customer_success_cases", customer_success_cases, {"spacing": "30d"}, "team_id", ("customer_id",)),
    Case("complaint_response_sla_rate", complaint_response_sla_rate),
    Case("complaint_response_sla_rate", complaint_response_sla_rate, {"sla": "5h"}, by=("channel_id",)),
    Case("complaint_response_sla_rate", complaint_response_sla_rate, {"responders": ("human", "bot")}),
]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_measured_is_what_is_counted_by_hand(seed: int, level: str) -> None:
    assert disagreements(House(seed), provide_definitions(), CASES, level) == []


def test_every_indicator_is_counted_by_hand() -> None:
    assert {f"customer.{case.indicator}" for case in CASES} == {found.id for found in provide_definitions()}
