"""Periods, the organisation's calendar, and instants: where local dates become integers.

A period is half-open and lives on the local clock; its bounds as instants are microseconds since 1970 in UTC. `FY2026`
is the fiscal year that *starts* in 2026, `FY2026-03` its third month.
"""

from __future__ import annotations

import calendar as _months
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from attrs import evolve, frozen

from kpicore.errors import InvalidInput
from kpicore.naming import did_you_mean

PeriodKind = Literal["day", "week", "month", "quarter", "half", "year", "range"]
Unit = Literal["day", "week", "month", "quarter", "half", "year"]

#: Stands for "for ever" wherever instants are compared; the largest that fits an exact JSON number with room to spare.
END_OF_TIME_US = 9_000_000_000_000_000

FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST_SERIES = 10_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60}
_FORMS = "a period is 2026-03-05, 2026-W10, 2026-03, 2026-Q1, 2026-H1, 2026, FY2026, FY2026-Q1, FY2026-03 or START/END"
_WRITTEN = re.compile(
    r"(?P<fiscal>FY)?(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|W(?P<week>\d{2})|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?",
    re.ASCII,
)
_DURATION = re.compile(r"(\d{1,6})([dhm])", re.ASCII)
_EDGE = re.compile(r"(start|end)(?: ([+-]) (?:(\d{1,4}) (day|week|month|quarter|half|year|period)|\$(\w+)))?", re.ASCII)


class Edges(Protocol):
    """Two edges of a window, as text; a measure's `Window` is one."""

    @property
    def start(self) -> str: ...
    @property
    def end(self) -> str: ...


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


@frozen
class Bounds:
    """A period as instants, in microseconds UTC, with the start of the one before and the end of the one after."""

    period_id: str
    kind: PeriodKind
    start_us: int
    end_us: int
    previous_start_us: int
    next_end_us: int


def duration_text(micros: int) -> str:
    """Microseconds as a duration is written: in days where they are whole days, else in minutes."""
    day, minute = 86_400_000_000, 60_000_000
    return f"{micros // day}d" if micros % day == 0 else f"{micros // minute}m"


def duration_us(text: str) -> int:
    """Microseconds of a duration: `30d`, `24h`, `90m`.

    Raises:
        InvalidInput: If it is not one.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise InvalidInput(
            f"{text!r} is not a duration", code="bad_duration", hint="write days, hours or minutes: 30d, 24h, 90m"
        )
    return int(found[1]) * _SECONDS[found[2]] * 1_000_000


def parse_period(text: str, fiscal_year_start: int = 1) -> Period:
    """The period that `text` names.

    Args:
        text: See the forms in the module's error; `START/END` are ISO dates, END is not part of it.
        fiscal_year_start: First month of the fiscal year, 1 to 12.

    Raises:
        InvalidInput: If it names none.
    """
    if "/" in text:
        return _range(text)
    family, number = _numbered(text)
    return _period(family, number, fiscal_year_start)


def parse_series(text: str, fiscal_year_start: int = 1) -> tuple[Period, ...]:
    """The periods from A to B of `A..B`, or the one that `text` names.

    Raises:
        InvalidInput: If A and B are of different kinds, out of order, ranges, or too far apart.
    """
    if ".." not in text:
        return (parse_period(text, fiscal_year_start),)
    first, _, last = text.partition("..")
    if "/" in text:
        raise _bad(text, "a series goes from one named period to another, not over ranges")
    (family, low), (other, high) = _numbered(first), _numbered(last)
    if family != other:
        raise _bad(text, "both ends of a series are of the same kind")
    if high < low:
        raise _bad(text, "a series goes forward in time")
    if high - low >= LONGEST_SERIES:
        raise _bad(text, f"a series has at most {LONGEST_SERIES} periods")
    return tuple(_period(family, number, fiscal_year_start) for number in range(low, high + 1))


@frozen
class Calendar:
    """The organisation's clock: its time zone and the first month of its fiscal year.

    Raises:
        InvalidInput: If the zone is unknown or the month is not 1 to 12.
    """

    timezone: str = "UTC"
    fiscal_year_start: int = 1

    def __attrs_post_init__(self) -> None:
        _zone(self.timezone)
        if self.fiscal_year_start not in range(1, 13):
            raise InvalidInput(
                f"fiscal_year_start is {self.fiscal_year_start!r}",
                code="bad_fiscal_year_start",
                hint="it is the number of a month, 1 to 12",
            )

    def period(self, text: str) -> Period:
        """The period that `text` names, see `parse_period`."""
        return parse_period(text, self.fiscal_year_start)

    def series(self, text: str) -> tuple[Period, ...]:
        """The periods of `A..B`, see `parse_series`."""
        return parse_series(text, self.fiscal_year_start)

    def previous(self, period: Period) -> Period:
        """The period before, of the same length."""
        if period.kind == "range":
            start = _by_periods(period, period.start, -1)
            return Period(f"{start.date()}/{period.start.date()}", "range", start, period.start)
        family, number = _numbered(period.id)
        return _period(family, number - 1, self.fiscal_year_start)

    def instant(self, local: datetime | date | str) -> int:
        """Microseconds UTC of a local time; a text or datetime that carries an offset is taken at its word.

        A local time that the clocks skip is the first instant after the gap; one that they show twice is the earlier.

        Raises:
            InvalidInput: If a text is not an ISO date or time.
        """
        moment = _moment(local)
        if moment.tzinfo is not None:
            return _micros(moment)
        zone = _zone(self.timezone)
        utc = _micros(moment.replace(tzinfo=zone))
        if datetime.fromtimestamp(utc // 1_000_000, zone).replace(tzinfo=None) == moment.replace(microsecond=0):
            return utc
        return _after_gap(moment, zone)

    def bounds(self, period: Period) -> Bounds:
        """The period's bounds as instants."""
        return Bounds(
            period.id,
            period.kind,
            self.instant(period.start),
            self.instant(period.end),
            self.instant(_by_periods(period, period.start, -1)),
            self.instant(_by_periods(period, period.end, 1)),
        )

    def shift(self, local: datetime, n: int, unit: Unit) -> datetime:
        """`local` moved by n units on the local clock; a day that a month lacks becomes its last."""
        return _shifted(local, n, unit)

    def day(self, instant_us: int) -> date:
        """The local date at an instant, in microseconds UTC."""
        return (_EPOCH + instant_us * _MICROSECOND).astimezone(_zone(self.timezone)).date()

    def days(self, start_us: int, end_us: int) -> list[tuple[date, int, int]]:
        """The local days that overlap [start, end), each with its bounds as instants; skipped days are left out."""
        if end_us <= start_us:
            return []
        day = self.day(start_us)
        found: list[tuple[date, int, int]] = []
        starts_at = self.instant(day)
        while starts_at < end_us:
            following = day + timedelta(days=1)
            ends_at = self.instant(following)
            if ends_at > starts_at:
                found.append((day, starts_at, ends_at))
            day, starts_at = following, ends_at
        return found

    def window(self, period: Period, window: Edges, params: Mapping[str, str | int]) -> Period:
        """The period with its edges moved as `window` says; durations move them on the local clock.

        Args:
            window: Two edges `start|end [± N day|week|month|quarter|half|year|period | ± $param]`.
            params: Durations by name, as text (`30d`) or microseconds.

        Raises:
            InvalidInput: If an edge cannot be read, or a parameter is missing or no duration.
        """
        start, end = (_edge(period, text, params) for text in (window.start, window.end))
        if end <= start:
            raise InvalidInput(
                f"the window from {window.start} to {window.end} of {period.id} is empty",
                code="bad_window",
                hint="let it end after its start",
            )
        return evolve(period, start=start, end=end)


def _bad(text: str, why: str) -> InvalidInput:
    return InvalidInput(f"{text!r} is not a period: {why}", code="bad_period", hint=_FORMS)


def _numbered(text: str) -> tuple[str, int]:
    """The family of a named period (`month`, `FYquarter` …) and its number in the order of time."""
    found = _WRITTEN.fullmatch(text)
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
    for kind, months in _MONTHS.items():
        if kind != "year" and found[kind]:
            return fiscal + kind, year * (12 // months) + int(found[kind]) - 1
    return fiscal + "year", year


def _period(family: str, number: int, fiscal_year_start: int) -> Period:
    if family == "day":
        start = datetime.fromordinal(number)
        return Period(start.date().isoformat(), "day", start, start + timedelta(days=1))
    if family == "week":
        start = datetime.fromordinal(number * 7 + 1)
        iso = start.isocalendar()
        return Period(f"{iso.year}-W{iso.week:02}", "week", start, start + timedelta(days=7))
    fiscal = family.startswith("FY")
    kind: PeriodKind = family.removeprefix("FY")  # type: ignore[assignment]  # the families are built from the kinds
    months = _MONTHS[kind]
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


def _shifted(local: datetime, n: int, unit: str) -> datetime:
    if unit in ("day", "week"):
        return local + timedelta(days=n * (7 if unit == "week" else 1))
    year, month = divmod(local.year * 12 + local.month - 1 + n * _MONTHS[unit], 12)
    last = _months.monthrange(year, month + 1)[1]
    return local.replace(year=year, month=month + 1, day=min(local.day, last))


def _by_periods(period: Period, local: datetime, n: int) -> datetime:
    if period.kind == "range":
        return local + n * (period.end - period.start)
    return _shifted(local, n, period.kind)


def _read_edge(text: str) -> re.Match[str]:
    found = _EDGE.fullmatch(text)
    if found is None:
        raise InvalidInput(
            f"{text!r} is not an edge of a window",
            code="bad_window",
            hint="write start or end, and + or - a number of days, weeks, months, quarters, years, periods, or $param",
        )
    return found


def _edge(period: Period, text: str, params: Mapping[str, str | int]) -> datetime:
    found = _read_edge(text)
    side, sign, number, unit, param = found.groups()
    at = period.start if side == "start" else period.end
    if sign is None:
        return at
    direction = 1 if sign == "+" else -1
    if param is not None:
        if param not in params:
            raise InvalidInput(f"${param} is not given", code="bad_window", hint=did_you_mean(param, params))
        given = params[param]
        return at + direction * (given if isinstance(given, int) else duration_us(given)) * _MICROSECOND
    if unit == "period":
        return _by_periods(period, at, direction * int(number))
    return _shifted(at, direction * int(number), unit)


def edge_parameters(window: Edges) -> Iterator[str]:
    """Names of the parameters that a window's edges refer to.

    Raises:
        InvalidInput: If an edge cannot be read.
    """
    yield from (found[5] for found in map(_read_edge, (window.start, window.end)) if found[5] is not None)


def _moment(local: datetime | date | str) -> datetime:
    if isinstance(local, str):
        try:
            return datetime.fromisoformat(local)
        except ValueError:
            raise InvalidInput(
                f"{local!r} is not an ISO date or time", code="bad_time", hint="write 2026-03-05 or 2026-03-05T14:30:00"
            ) from None
    return local if isinstance(local, datetime) else datetime(local.year, local.month, local.day)


def _micros(aware: datetime) -> int:
    return (aware - _EPOCH) // _MICROSECOND


def _after_gap(moment: datetime, zone: ZoneInfo) -> int:
    """The first instant, to the second, at which the clock has gone past the gap that hides `moment`."""
    before, after = (moment.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    naive = moment.replace(tzinfo=UTC)
    low, high = (_micros(naive - offset) // 1_000_000 for offset in (after, before))
    while low < high:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == after:
            high = middle
        else:
            low = middle + 1
    return low * 1_000_000


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(
            f"{name!r} is not a time zone", code="bad_timezone", hint=did_you_mean(name, available_timezones())
        ) from None
