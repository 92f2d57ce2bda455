"""The organisation's calendar: where local dates become instants, which are microseconds since 1970 in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from attrs import evolve, frozen

from kpicore.errors import InvalidInput
from kpicore.naming import did_you_mean
from kpicore.periods.names import Period, PeriodKind, named_period, numbered, parse_period, parse_series
from kpicore.periods.windows import Edges, Unit, by_periods, edge, shifted

#: Stands for "for ever" wherever instants are compared; the largest that fits an exact JSON number with room to spare.
END_OF_TIME_US = 9_000_000_000_000_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@frozen
class Bounds:
    """A period as instants, in microseconds UTC, with the start of the one before and the end of the one after."""

    period_id: str
    kind: PeriodKind
    start_us: int
    end_us: int
    previous_start_us: int
    next_end_us: int


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
            start = by_periods(period, period.start, -1)
            return Period(f"{start.date()}/{period.start.date()}", "range", start, period.start)
        family, number = numbered(period.id)
        return named_period(family, number - 1, self.fiscal_year_start)

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
            self.instant(by_periods(period, period.start, -1)),
            self.instant(by_periods(period, period.end, 1)),
        )

    def shift(self, local: datetime, n: int, unit: Unit) -> datetime:
        """`local` moved by n units on the local clock; a day that a month lacks becomes its last."""
        return shifted(local, n, unit)

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
        start, end = (edge(period, text, params) for text in (window.start, window.end))
        if end <= start:
            raise InvalidInput(
                f"the window from {window.start} to {window.end} of {period.id} is empty",
                code="bad_window",
                hint="let it end after its start",
            )
        return evolve(period, start=start, end=end)


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
