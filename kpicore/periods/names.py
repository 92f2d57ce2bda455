"""Periods, and how they are written: `2026-Q1`, `FY2026-03`, `2026-01-15/2026-02-15`.

`FY2026` is the fiscal year that *starts* in 2026, `FY2026-03` its third month.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from attrs import frozen

from kpicore.errors import InvalidInput

PeriodKind = Literal["day", "week", "month", "quarter", "half", "year", "range"]

FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST_SERIES = 10_000
MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}

_FORMS = "a period is 2026-03-05, 2026-W10, 2026-03, 2026-Q1, 2026-H1, 2026, FY2026, FY2026-Q1, FY2026-03 or START/END"
_WRITTEN = re.compile(
    r"(?P<fiscal>FY)?(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|W(?P<week>\d{2})|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?",
    re.ASCII,
)


@frozen
class Period:
    """A stretch of local time, half-open.

    Args:
        id: As people write it: `2026-Q1`.
        kind: day, week, month, quarter, half, year or range.
        start, end: Local, naive.
    """

    id: str
    kind: PeriodKind
    start: datetime
    end: datetime

    @property
    def days(self) -> int:
        """How many whole local days it has."""
        return (self.end - self.start).days

    @property
    def months(self) -> int:
        """How many months it has: from that of its start to that of its end."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month


def parse_period(text: str, fiscal_year_start: int = 1) -> Period:
    """The period that `text` names.

    Args:
        text: See the forms in the module's error; `START/END` are ISO dates, END is not part of it.
        fiscal_year_start: First month of the fiscal year, 1 to 12.

    Raises:
        InvalidInput: If it names none.
    """
    if isinstance(text, str) and "/" in text:
        return _range(text)
    family, number = numbered(text)
    return named_period(family, number, fiscal_year_start)


def parse_series(text: str, fiscal_year_start: int = 1) -> tuple[Period, ...]:
    """The periods from A to B of `A..B`, or the one that `text` names.

    Raises:
        InvalidInput: If A and B are of different kinds, out of order, ranges, or too far apart.
    """
    if not isinstance(text, str) or ".." not in text:
        return (parse_period(text, fiscal_year_start),)
    first, _, last = text.partition("..")
    if "/" in text:
        raise _bad(text, "a series goes from one named period to another, not over ranges")
    (family, low), (other, high) = numbered(first), numbered(last)
    if family != other:
        raise _bad(text, "both ends of a series are of the same kind")
    if high < low:
        raise _bad(text, "a series goes forward in time")
    if high - low >= LONGEST_SERIES:
        raise _bad(text, f"a series has at most {LONGEST_SERIES} periods")
    return tuple(named_period(family, number, fiscal_year_start) for number in range(low, high + 1))


def numbered(text: str) -> tuple[str, int]:
    """The family of a named period (`month`, `FYquarter` …) and its number in the order of time."""
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if found is None or (found["fiscal"] and (found["week"] or found["day"])):
        raise _bad(text, "it has none of the known forms")
    year, fiscal = int(found["year"]), found["fiscal"] or ""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _bad(text, f"years run from {FIRST_YEAR} to {LAST_YEAR}")
    try:
        if found["day"]:
            return "day", date(year, int(found["month"]), int(found["day"])).toordinal()
        if found["week"]:
            return "week", (date.fromisocalendar(year, int(found["week"]), 1).toordinal() - 1) // 7
    except ValueError as error:
        raise _bad(text, str(error)) from None
    if found["month"] and not 1 <= int(found["month"]) <= 12:
        raise _bad(text, "months run from 01 to 12")
    for kind, months in MONTHS.items():
        if kind != "year" and found[kind]:
            return fiscal + kind, year * (12 // months) + int(found[kind]) - 1
    return fiscal + "year", year


def named_period(family: str, number: int, fiscal_year_start: int) -> Period:
    """The period of a family with this number, see `numbered`."""
    if family == "day":
        start = datetime.fromordinal(number)
        return Period(start.date().isoformat(), "day", start, start + timedelta(days=1))
    if family == "week":
        start = datetime.fromordinal(number * 7 + 1)
        iso = start.isocalendar()
        return Period(f"{iso.year}-W{iso.week:02}", "week", start, start + timedelta(days=7))
    fiscal = family.startswith("FY")
    kind: PeriodKind = family.removeprefix("FY")  # type: ignore[assignment]  # the families are built from the kinds
    months = MONTHS[kind]
    year, place = divmod(number, 12 // months)
    first = number * months + (fiscal_year_start - 1 if fiscal else 0)
    tail = {"month": f"-{place + 1:02}", "quarter": f"-Q{place + 1}", "half": f"-H{place + 1}", "year": ""}[kind]
    name = f"{'FY' if fiscal else ''}{year}{tail}"
    return Period(name, kind, _month_start(first), _month_start(first + months))


def _range(text: str) -> Period:
    try:
        start, end = (datetime.combine(_iso_day(part), datetime.min.time()) for part in text.split("/"))
    except ValueError:
        raise _bad(text, "a range is two ISO dates, 2026-01-15/2026-02-15") from None
    if end <= start:
        raise _bad(text, "a range ends after it starts")
    if not FIRST_YEAR <= start.year <= end.year <= LAST_YEAR:
        raise _bad(text, f"years run from {FIRST_YEAR} to {LAST_YEAR}")
    return Period(text, "range", start, end)


def _iso_day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def _month_start(months: int) -> datetime:
    return datetime(months // 12, months % 12 + 1, 1)


def _bad(text: str, why: str) -> InvalidInput:
    return InvalidInput(f"{text!r} is not a period: {why}", code="bad_period", hint=_FORMS)
