"""Customer indicators, counted a second time by hand."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pytest

from kpicore.definitions.indicators import LEVELS
from kpicore_customer import provide_definitions
from tests.oracles.agreement import Case, disagreements, indicators
from tests.oracles.answers import latest
from tests.oracles.books import Books
from tests.oracles.desk import DAY, HOUR, PERIODS, Row, Tally, periods_of
from tests.oracles.house import House

INDICATORS = indicators(provide_definitions())


def _asked(books: Books, kind: str, scale: tuple[int, int] | None) -> list[Row]:
    return [row for row in latest(books, kind) if scale is None or (row["scale_min"], row["scale_max"]) == scale]


def _opinion(row: Row) -> int:
    """1 for the top two of eleven scores, −1 for the bottom seven, on a scale of any length."""
    size = row["scale_max"] - row["scale_min"] + 1
    share = Fraction(row["score"] - row["scale_min"] + 1, size)
    return 1 if share > Fraction(9, 11) else -1 if share <= Fraction(7, 11) else 0


def customer_recommendation_rate(books: Books, tally: Tally, scales: str = "standard") -> None:
    for row in _asked(books, "nps", (0, 10) if scales == "standard" else None):
        for period in periods_of(row["occurred_at"]):
            tally.add(1, period, row)
            tally.add(0, period, row, _opinion(row) > 0)


def net_promoter_score(books: Books, tally: Tally, scales: str = "standard") -> None:
    for row in _asked(books, "nps", (0, 10) if scales == "standard" else None):
        for period in periods_of(row["occurred_at"]):
            tally.add(1, period, row)
            tally.add(0, period, row, 100 * _opinion(row))


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


def _terms(books: Books) -> list[tuple[Row, int, int | None]]:
    """Contracts with the instants between which they are in force."""
    found = []
    for due in books.rows["subscription_due"]:

        def of_term(name: str, due: Row = due) -> list[int]:
            own = (due["subscription_id"], due["due_at"])
            return [r["occurred_at"] for r in books.rows[name] if (r["subscription_id"], r["due_at"]) == own]

        own = [row for row in books.rows["subscription_due"] if row["source"] == due["source"]]
        dues = sorted(row["due_at"] for row in own if row["subscription_id"] == due["subscription_id"])
        place, churned = dues.index(due["due_at"]), max(of_term("subscription_churned"), default=None)
        start = dues[place - 1] if place else min(due["occurred_at"], due["due_at"])
        renewed = any(churned is None or at > churned for at in of_term("subscription_renewed"))
        ends = [] if renewed and place == len(dues) - 1 else [due["due_at"]]
        found.append((due, start, min([*ends, *([] if churned is None else [churned])], default=None)))
    return found


def customer_retention_rate(books: Books, tally: Tally, dormant: str = "180d", activity: str = "orders") -> None:
    if activity == "contracts":
        for period, bounds in PERIODS.items():
            open_, close = (
                [row for row, start, end in _terms(books) if start < at and (end is None or at <= end)] for at in bounds
            )
            still = {row["customer_id"] for row in close}
            for row in open_:
                if row["customer_id"] is not None:
                    tally.note(1, period, row, row["customer_id"], at=bounds[0] - 1)
                    if row["customer_id"] in still:
                        tally.note(0, period, row, row["customer_id"], at=bounds[0] - 1)
        return
    span = int(dormant[:-1]) * DAY

    def active(before: int) -> dict[str, Row]:
        last = {o["customer_id"]: o for o in books.orders if o["kept"] and o["occurred_at"] < before}
        return {who: o for who, o in last.items() if who is not None and before <= o["occurred_at"] + span}

    for period, (start, end) in PERIODS.items():
        still = active(end)
        for customer, order in active(start).items():
            tally.add(1, period, order, at=start - 1)
            tally.add(0, period, order, customer in still, at=start - 1)


def customer_research_completion_rate(
    books: Books,
    tally: Tally,
    late: str = "nothing",
    late_span: str = "7d",
    late_table: Iterable[tuple[str, str]] = (("0", "0.5"),),
) -> None:
    done = {row["task_id"]: row["occurred_at"] for row in books.rows["research_completed"]}
    for task in books.rows["research_assigned"]:
        for period in periods_of(task["due_at"]):
            if not task["cancelled"]:
                delay = done[task["task_id"]] - task["due_at"] if task["task_id"] in done else None
                worth = Fraction(delay is not None and delay <= 0)
                if late == "partial" and delay is not None and 0 < delay <= int(late_span[:-1]) * DAY:
                    [*_, worth] = [Fraction(share) for days, share in late_table if int(days) * DAY <= delay]
                tally.add(1, period, task, at=task["due_at"])
                tally.add(0, period, task, worth, at=task["due_at"])


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


def _business(books: Books, start: int, end: int) -> int:
    """Business hours between two instants in µs: Monday to Friday, nine to six in Taipei, without closures."""
    worked, zone = 0, 8 * HOUR
    for day in range((start + zone) // DAY, (end + zone) // DAY + 1):
        midnight = day * DAY - zone
        closed = any(row["starts_at"] <= midnight < row["ends_at"] for row in books.rows["closure_declared"])
        if (day + 3) % 7 < 5 and not closed:
            worked += max(0, min(end, midnight + 18 * HOUR) - max(start, midnight + 9 * HOUR))
    return worked


def complaint_response_sla_rate(
    books: Books,
    tally: Tally,
    sla: str = "24h",
    responders: tuple[str, ...] = ("human",),
    clock: str = "calendar",
) -> None:
    for complaint in books.rows["complaint_opened"]:
        answers = [
            row["occurred_at"] - complaint["occurred_at"]
            if clock == "calendar" or row["occurred_at"] < complaint["occurred_at"]
            # Time is up at the instant at which the clock has run so long, also where it rests from then on.
            else _business(books, complaint["occurred_at"], row["occurred_at"] - 1) + 1
            for row in books.rows["complaint_responded"]
            if row["complaint_id"] == complaint["complaint_id"] and row["responder_kind"] in responders
        ]
        for period in periods_of(complaint["occurred_at"]):
            tally.add(1, period, complaint)
            tally.add(0, period, complaint, any(0 <= wait <= int(sla[:-1]) * HOUR for wait in answers))


TABLE = {"late": "partial", "late_span": "5d", "late_table": (("0", "0.9"), ("1", "0.75"), ("3", "0.125"))}
CASES = [
    Case("customer_recommendation_rate", customer_recommendation_rate),
    Case("customer_recommendation_rate", customer_recommendation_rate, {}, "team_id", ("wave",)),
    Case("net_promoter_score", net_promoter_score),
    Case("net_promoter_score", net_promoter_score, by=("survey_id", "wave")),
    Case("customer_recommendation_rate", customer_recommendation_rate, {"scales": "rescaled"}),
    Case("net_promoter_score", net_promoter_score, {"scales": "rescaled"}),
    Case("customer_retention_rate", customer_retention_rate, {"activity": "contracts"}),
    Case("customer_research_completion_rate", customer_research_completion_rate, {"late": "partial"}),
    Case("customer_research_completion_rate", customer_research_completion_rate, TABLE),
    Case("complaint_response_sla_rate", complaint_response_sla_rate, {"clock": "business", "sla": "9h"}),
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
    assert disagreements(House(seed), INDICATORS, CASES, level) == []


def test_every_indicator_is_counted_by_hand() -> None:
    assert {f"customer.{case.indicator}" for case in CASES} == {found.id for found in INDICATORS}
