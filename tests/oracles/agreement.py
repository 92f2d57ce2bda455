"""Measured cells against cells that were counted by hand: every one, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

from attrs import frozen

from kpicore.definitions.indicators import Indicator
from kpicore.evaluation.measuring.measure import Request, measure
from tests.oracles.books import Books
from tests.oracles.desk import PERIODS, ZONE, Desk, Tally
from tests.unit.evaluation.worlds import SmallWorld


@frozen
class Case:
    """One setting of an indicator, and how to count it.

    Args:
        indicator: Its name after the dot.
        count: Fills a tally from the books.
        params: Parameters that differ from the defaults.
        credit: Who is credited.
        by: Break-downs.
    """

    indicator: str
    count: Callable[..., None]
    params: Mapping[str, Any] = {}
    credit: str = "owner_id"
    by: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.indicator} {dict(self.params)} {self.credit} {self.by}"


def indicators(definitions: Iterable[object]) -> list[Indicator]:
    """The indicators among what a plugin provides."""
    return [found for found in definitions if isinstance(found, Indicator)]


def disagreements(desk: Desk, own: Iterable[Indicator], cases: Iterable[Case], level: str) -> list[str]:
    """What was measured otherwise than it was counted, as lines that a reader can follow."""
    known = {indicator.id.partition(".")[2]: indicator for indicator in own}
    world = SmallWorld(desk.rows, *known.values(), base="TWD", timezone=ZONE, order=desk.random)
    asked = [case for case in cases if level in known[case.indicator].levels]
    requests = [Request(known[case.indicator].id, case.params, case.credit, case.by) for case in asked]
    periods = [world.calendar.period(name) for name in PERIODS]
    found = []
    books = Books(desk)
    for case, measured in zip(asked, measure(world, requests, periods, level), strict=True):
        tally = Tally(desk, level, case.credit, case.by)
        case.count(books, tally, **case.params)
        rows = {(row["subject"], row["period"], *row["by"].values()): row for row in measured.to_document()["rows"]}
        found += [f"{case}: nothing at {key}" for key in tally.keys() - rows.keys()]
        for key, row in rows.items():
            wrong = _wrong(row, *tally.cell(key))
            if wrong:
                found.append(f"{case}: {key}: {wrong}, measured {row}")
    return found


def _wrong(row: Mapping[str, Any], above: Fraction, below: Fraction) -> str | None:
    if row["denominator"] is None and row["state"] == "ok":
        return None if Fraction(row["value"]) == above else f"counted {above}"
    if below <= 0:
        return None if row["state"] == "no_denominator" and row["value"] is None else "nothing to divide by"
    with localcontext(prec=60):
        value = (Decimal(above.numerator) * below.denominator / (above.denominator * below.numerator)).quantize(
            Decimal("0.000000000001"), ROUND_HALF_EVEN
        )
    right = row["state"] == "ok" and Decimal(row["value"]) == value
    right = right and Fraction(row["numerator"]) / Fraction(row["denominator"]) == above / below
    return None if right else f"counted {above} / {below} = {value}"
