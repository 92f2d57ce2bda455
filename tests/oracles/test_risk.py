"""Risk indicators, counted a second time by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from kpicore.definitions.indicators import LEVELS
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.evaluation.sealing.table import example_lines
from kpicore_risk import provide_definitions
from kpicore_risk.pilot import FIGURES, OUTCOME, PROCESS
from tests.oracles.agreement import Case, disagreements, indicators
from tests.oracles.books import Books
from tests.oracles.desk import PERIODS, ZONE, Row, Tally, periods_of
from tests.oracles.house import House
from tests.oracles.ranks import by_hand, ends_by_hand
from tests.unit.evaluation.worlds import SmallWorld

INDICATORS = indicators(provide_definitions())

#: A number of which no denominator is shown: its value is told, rounded as it is measured.
PLACES = 12


def _checks(books: Books, tally: Tally, name: str) -> None:
    for row in books.rows[name]:
        for period in periods_of(row["occurred_at"]):
            if row["passed"] is not None:
                tally.add(1, period, row)
                tally.add(0, period, row, row["passed"])


def material_compliance_rate(books: Books, tally: Tally, figure: str = "compliance") -> None:
    if figure == "compliance":
        _checks(books, tally, "material_audited")
        return
    audited = {row["content_id"] for row in books.rows["material_audited"] if row["passed"] is not None}
    first: dict[str, Row] = {}
    for row in sorted(books.rows["content_published"], key=lambda row: (row["occurred_at"], row["source"])):
        first.setdefault(row["content_id"], row)
    for row in first.values():
        for period in periods_of(row["occurred_at"]):
            tally.add(1, period, row)
            tally.add(0, period, row, row["content_id"] in audited)


def critical_violations(books: Books, tally: Tally, severity: str = "1") -> None:
    for row in books.rows["material_audited"]:
        for period in periods_of(row["occurred_at"]):
            if row["passed"] is False and row["severity"] is not None and row["severity"] <= int(severity):
                tally.add(0, period, row)


def _incidents(books: Books, tally: Tally, severity: int) -> None:
    for row in books.rows["privacy_incident"]:
        for period in periods_of(row["occurred_at"]):
            if row["severity"] is not None and row["severity"] <= severity:
                tally.add(0, period, row)


def privacy_incidents(books: Books, tally: Tally, severity: str = "1") -> None:
    _incidents(books, tally, int(severity))


def _like(tally: Tally) -> Tally:
    return Tally(tally.desk, tally.level, tally.credit, tally.by)


def _privacy(books: Books, tally: Tally) -> dict[Any, Fraction | None]:
    """The rate of every cell; None where nothing was checked."""
    checks, worst = _like(tally), _like(tally)
    _checks(books, checks, "privacy_checked")
    _incidents(books, worst, 1)
    found: dict[Any, Fraction | None] = {}
    for key in checks.keys() | worst.keys():
        above, below = checks.cell(key)
        found[key] = None if not below else Fraction(0) if worst.cell(key)[0] else above / below
    return found


def _set(tally: Tally, rates: dict[Any, Fraction | None]) -> None:
    for key, rate in rates.items():
        tally.sums[key] = [Fraction(0), Fraction(0)] if rate is None else [round(rate, PLACES), Fraction(1)]


def data_privacy_compliance_rate(books: Books, tally: Tally) -> None:
    _set(tally, _privacy(books, tally))


def compliance_rate(books: Books, tally: Tally, rollup: str = "min", material_weight: str = "0.5") -> None:
    if rollup == "pooled":
        _checks(books, tally, "material_audited")
        _checks(books, tally, "privacy_checked")
        return
    materials, privacy = _like(tally), _privacy(books, tally)
    _checks(books, materials, "material_audited")
    found: dict[Any, Fraction | None] = {}
    for key in materials.keys() | privacy.keys():
        above, below = materials.cell(key)
        both = [above / below if below else None, privacy.get(key)]
        found[key] = min((rate for rate in both if rate is not None), default=None)
        if rollup == "weighted":
            weight, (one, other) = Fraction(material_weight), both
            found[key] = None if one is None or other is None else weight * one + (1 - weight) * other
    _set(tally, found)


def complaint_rate(books: Books, tally: Tally, basis: str = "opened", per: str = "100") -> None:
    orders: dict[str, Row] = {}
    for row in sorted(books.rows["order_paid"], key=lambda row: (row["occurred_at"], row["source"])):
        orders.setdefault(row["order_id"], row)
        for period in periods_of(row["occurred_at"]):
            tally.add(1, period, row)
    for complaint in books.rows["complaint_opened"]:
        closed = [
            row
            for row in books.rows["complaint_closed"]
            if row["complaint_id"] == complaint["complaint_id"] and row["valid"] is not None
        ]
        last = max(closed, key=lambda row: (row["occurred_at"], row["source"]), default=None)
        verdict = complaint["valid"] if last is None else last["valid"]
        order = orders.get(complaint["order_id"], {})
        at = complaint["occurred_at"] if basis == "opened" else order.get("occurred_at")
        row = {
            **complaint,
            "owner_id": order.get("owner_id") or complaint["owner_id"],
            "channel_id": complaint["channel_id"] or order.get("channel_id"),
        }
        for period in periods_of(at) if at is not None else ():
            if verdict is not False:
                tally.add(0, period, row, int(per), at=at)


CASES = [
    Case("material_compliance_rate", material_compliance_rate),
    Case("material_compliance_rate", material_compliance_rate, {}, "team_id"),
    Case("data_privacy_compliance_rate", data_privacy_compliance_rate),
    Case("data_privacy_compliance_rate", data_privacy_compliance_rate, {}, "team_id"),
    Case("compliance_rate", compliance_rate),
    Case("compliance_rate", compliance_rate, {}, "team_id"),
    Case("compliance_rate", compliance_rate, {"rollup": "pooled"}),
    Case("compliance_rate", compliance_rate, {"rollup": "weighted", "material_weight": "0.3"}),
    Case("material_compliance_rate", material_compliance_rate, {"figure": "coverage"}),
    Case("critical_violations", critical_violations),
    Case("critical_violations", critical_violations, {"severity": "2"}, "team_id"),
    Case("privacy_incidents", privacy_incidents),
    Case("privacy_incidents", privacy_incidents, {"severity": "2"}, "team_id", ("severity",)),
    Case("complaint_rate", complaint_rate),
    Case("complaint_rate", complaint_rate, {"per": "10000"}, by=("channel_id",)),
    Case("complaint_rate", complaint_rate, {"basis": "orders"}),
    Case("complaint_rate", complaint_rate, {"basis": "orders", "per": "1000000"}, by=("channel_id",)),
]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_measured_is_what_is_counted_by_hand(seed: int, level: str) -> None:
    assert disagreements(House(seed), INDICATORS, CASES, level) == []


@pytest.mark.parametrize("lag", [0, 1])
@pytest.mark.parametrize("level", ["person", "team"])
def test_correlation_is_that_of_mean_ranks(level: str, lag: int) -> None:
    house = House(5)
    world = SmallWorld({}, *INDICATORS, timezone=ZONE)
    scores: dict[tuple[str, str, int], int] = {}
    lines = []
    for number, period in enumerate(PERIODS):
        bounds = world.calendar.bounds(world.calendar.period(period))
        for who, name in product([f"p{n}" for n in range(15)], (PROCESS, OUTCOME)):
            score = house.random.choice([None, 50, 80, 100, 120, house.random.randrange(200)])
            span = {"starts_at": bounds.start_us, "ends_at": bounds.end_us, "period": period}
            attained = None if score is None else str(score)
            lines.append({**span, "subject": who, "level": level, "indicator": name, "attainment": attained})
            if score is not None:
                scores[who, name, number] = score
    world.sealed_lines = example_lines(lines, bounds)
    common = {"lag": str(lag), "scored": level, "confidence": "0.9"}
    asked = [Request("risk.indicator_outcome_correlation", {**common, "figure": figure}) for figure in FIGURES]
    periods = [world.calendar.period(name) for name in (*PERIODS, "2026-Q1")]
    figures = [found.to_document()["rows"] for found in measure(world, asked, periods, "company")]
    for row, low, high, many, months in zip(*figures, ([0], [1], [2], [0, 1, 2]), strict=True):
        pairs = [
            (score, scores[who, OUTCOME, number + lag])
            for (who, name, number), score in scores.items()
            if name == PROCESS and number in months and (who, OUTCOME, number + lag) in scores
        ]
        rho = by_hand(pairs) if len(pairs) >= 8 else None
        assert (None if row["value"] is None else Decimal(row["value"])) == rho
        assert {one["state"] for one in (row, low, high)} == {"no_denominator" if rho is None else "ok"}
        assert many["value"] == str(len(pairs))
        if rho is not None:
            ends = tuple(Decimal(one["value"]).quantize(Decimal(10) ** -9) for one in (low, high))
            assert ends == ends_by_hand(rho, len(pairs), "0.9")


def test_every_indicator_is_counted_by_hand() -> None:
    own = {"risk.indicator_outcome_correlation"}
    assert {f"risk.{case.indicator}" for case in CASES} | own == {found.id for found in INDICATORS}
