"""Team indicators, counted a second time by hand."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest

from kpicore.definitions.indicators import LEVELS
from kpicore_team import provide_definitions
from tests.oracles.agreement import Case, disagreements, indicators
from tests.oracles.answers import latest
from tests.oracles.books import Books
from tests.oracles.desk import DAY, Row, Tally, periods_of
from tests.oracles.house import House

INDICATORS = indicators(provide_definitions())

E12 = 10**12


def case_library_updates(books: Books, tally: Tally) -> None:
    for row in books.rows["case_published"]:
        for period in periods_of(row["occurred_at"]):
            if row["approved"] and not row["minor"]:
                tally.add(0, period, row)


def _shared(tally: Tally, rows: Iterable[Row], what: str, who: str) -> None:
    """Rows of one thing share it in equal parts of whole 10⁻¹²s; the last by name takes the rest."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row[what], row["source"]), []).append(row)
    for group in groups.values():
        *others, last = sorted(group, key=lambda row: row[who])
        part = E12 // len(group)
        for row, units in [*((row, part) for row in others), (last, E12 - part * len(others))]:
            for period in periods_of(row["occurred_at"]):
                tally.add(0, period, row, Fraction(units, E12))


def training_courses_developed(books: Books, tally: Tally) -> None:
    _shared(tally, books.rows["course_released"], "course_id", "author_id")


def knowledge_sharing_sessions(books: Books, tally: Tally) -> None:
    held = [row for row in books.rows["sharing_held"] if (row["attendees"] or 0) >= 2 and row["minutes"] >= 30]
    _shared(tally, held, "sharing_id", "team_id")


def _due(books: Books, row: Row) -> int:
    """When a course is due: leave by leave, as long as the next one begins before."""
    due, seen = row["due_at"], row["occurred_at"]
    own = [one for one in books.rows["leave_taken"] if one["employee_id"] == row["employee_id"]]
    for leave in sorted(own, key=lambda one: one["starts_at"]):
        start, end = max(leave["starts_at"], seen), leave["ends_at"] or leave["starts_at"] + 36500 * DAY
        if start < due and start < end:
            due, seen = due + end - start, end
    return due


def training_completion_rate(books: Books, tally: Tally, rollup: str = "pooled") -> None:
    single: dict[Any, dict[str, list[bool]]] = {}
    for row in books.rows["training_assigned"]:
        own, due = (row["employee_id"], row["course_id"]), _due(books, row)
        passed = [
            done["occurred_at"] <= due
            for done in books.rows["training_completed"]
            if (done["employee_id"], done["course_id"]) == own and done["passed"]
        ]
        for period in periods_of(due):
            if rollup == "pooled":
                tally.add(1, period, row, at=due)
                tally.add(0, period, row, any(passed), at=due)
            for key in tally.keys_of(period, row, due) if rollup == "persons" else ():
                single.setdefault(key, {}).setdefault(row["employee_id"], []).append(any(passed))
    for key, people in single.items():
        rates = [Fraction(sum(own), len(own)) for own in people.values()]
        tally.sums[key] = [round(sum(rates) / len(rates), 12), Fraction(1)]


def _adopted(books: Books, tally: Tally, kinds: Iterable[str]) -> None:
    submitted: dict[str, Row] = {row["proposal_id"]: row for row in books.rows["proposal_submitted"]}
    for row in books.rows["proposal_adopted"]:
        origin = submitted.get(row["proposal_id"], row)
        owner, kind = origin["owner_id"] or row["owner_id"], origin["kind"] or row["kind"]
        team = None if origin is row else origin["team_id"]
        team = team or books.desk.team(owner, origin["occurred_at"]) or row["team_id"]
        for period in periods_of(row["occurred_at"]):
            if kind in kinds:
                tally.note(0, period, {**row, "owner_id": owner, "team_id": team, "kind": kind}, row["proposal_id"])


def process_proposals_adopted(books: Books, tally: Tally) -> None:
    _adopted(books, tally, ["process"])


def innovation_proposals_adopted(
    books: Books, tally: Tally, kinds: Iterable[str] = ("innovation", "process", "channel")
) -> None:
    _adopted(books, tally, kinds)


def innovation_proposals_submitted(books: Books, tally: Tally, figure: str = "count") -> None:
    adopted = {row["proposal_id"] for row in books.rows["proposal_adopted"]}
    for row in books.rows["proposal_submitted"]:
        for period in periods_of(row["occurred_at"]):
            if row["kind"] == "innovation":
                if figure == "adopted_share":
                    tally.note(1, period, row, row["proposal_id"])
                if figure == "count" or row["proposal_id"] in adopted:
                    tally.note(0, period, row, row["proposal_id"])


def cross_department_satisfaction(books: Books, tally: Tally, scale: str = "all", trim: str = "0") -> None:
    groups: dict[Any, list[tuple[Any, Row]]] = {}
    for row in latest(books, "cross_dept"):
        rater = books.desk.team(row["respondent_id"], row["occurred_at"])
        outside = None not in (rater, row["team_id"]) and rater != row["team_id"]
        steps = row["scale_max"] - row["scale_min"]
        points = Fraction((row["score"] - row["scale_min"]) * 100 * E12 // steps, E12)
        if outside:
            about = tuple(row[name] for name in ("team_id", "survey_id", "wave", "scale"))
            groups.setdefault(about, []).append(((points, row["answer_id"], row["source"]), row))
    for group in groups.values():
        group.sort(key=lambda one: one[0])
        cut = int(trim) * len(group) // 100
        for (points, *_), row in group[cut : len(group) - cut]:
            for period in periods_of(row["occurred_at"]):
                if scale == "all" or row["scale"] == scale:
                    tally.add(1, period, row)
                    tally.add(0, period, row, points)


CASES = [
    Case("case_library_updates", case_library_updates),
    Case("case_library_updates", case_library_updates, {}, "team_id", ("kind",)),
    Case("training_courses_developed", training_courses_developed, {}, "author_id"),
    Case("training_courses_developed", training_courses_developed, {}, "team_id", ("course_id",)),
    Case("training_courses_developed", training_courses_developed),
    Case("knowledge_sharing_sessions", knowledge_sharing_sessions, {}, "team_id"),
    Case("knowledge_sharing_sessions", knowledge_sharing_sessions),
    Case("training_completion_rate", training_completion_rate, {}, "employee_id"),
    Case("training_completion_rate", training_completion_rate, by=("course_id",)),
    Case("training_completion_rate", training_completion_rate, {"rollup": "persons"}, "employee_id"),
    Case("training_completion_rate", training_completion_rate, {"rollup": "persons"}, by=("course_id",)),
    Case("innovation_proposals_submitted", innovation_proposals_submitted, {"figure": "adopted_share"}),
    Case("cross_department_satisfaction", cross_department_satisfaction, {"trim": "20"}, "team_id"),
    Case("process_proposals_adopted", process_proposals_adopted, {}, "team_id"),
    Case("process_proposals_adopted", process_proposals_adopted),
    Case("innovation_proposals_adopted", innovation_proposals_adopted, {}, "team_id", ("kind",)),
    Case("innovation_proposals_adopted", innovation_proposals_adopted, {"kinds": ("channel",)}),
    Case("innovation_proposals_submitted", innovation_proposals_submitted),
    Case("innovation_proposals_submitted", innovation_proposals_submitted, {}, "team_id"),
    Case("cross_department_satisfaction", cross_department_satisfaction, {}, "team_id"),
    Case("cross_department_satisfaction", cross_department_satisfaction, {"scale": "request_response"}, "subject_id"),
]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_measured_is_what_is_counted_by_hand(seed: int, level: str) -> None:
    assert disagreements(House(seed), INDICATORS, CASES, level) == []


def test_every_indicator_is_counted_by_hand() -> None:
    assert {f"team.{case.indicator}" for case in CASES} == {found.id for found in INDICATORS}
