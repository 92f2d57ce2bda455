"""Windows: a period with its edges moved, by units of the local clock, by periods or by durations."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal, Protocol

from kpicore.errors import InvalidInput
from kpicore.naming import did_you_mean
from kpicore.periods.durations import duration_us
from kpicore.periods.names import MONTHS, Period

Unit = Literal["day", "week", "month", "quarter", "half", "year"]

_EDGE = re.compile(r"(start|end)(?: ([+-]) (?:(\d{1,4}) (day|week|month|quarter|half|year|period)|\$(\w+)))?", re.ASCII)


class Edges(Protocol):
    """Two edges of a window, as text; a measure's `Window` is one."""

    @property
    def start(self) -> str: ...
    @property
    def end(self) -> str: ...


def shifted(local: datetime, n: int, unit: str) -> datetime:
    """`local` moved by n units on the local clock; a day that a month lacks becomes its last."""
    if unit in ("day", "week"):
        return local + timedelta(days=n * (7 if unit == "week" else 1))
    year, month = divmod(local.year * 12 + local.month - 1 + n * MONTHS[unit], 12)
    last = calendar.monthrange(year, month + 1)[1]
    return local.replace(year=year, month=month + 1, day=min(local.day, last))


def by_periods(period: Period, local: datetime, n: int) -> datetime:
    """`local` moved by n periods of the length of `period`."""
    if period.kind == "range":
        return local + n * (period.end - period.start)
    return shifted(local, n, period.kind)


def edge(period: Period, text: str, params: Mapping[str, str | int]) -> datetime:
    """Where an edge of a window on `period` is, local.

    Raises:
        InvalidInput: If it cannot be read, or a parameter is missing or no duration.
    """
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
        return at + direction * (given if isinstance(given, int) else duration_us(given)) * timedelta(microseconds=1)
    if unit == "period":
        return by_periods(period, at, direction * int(number))
    return shifted(at, direction * int(number), unit)


def edge_parameters(window: Edges) -> Iterator[str]:
    """Names of the parameters that a window's edges refer to.

    Raises:
        InvalidInput: If an edge cannot be read.
    """
    yield from (found[5] for found in map(_read_edge, (window.start, window.end)) if found[5] is not None)


def _read_edge(text: str) -> re.Match[str]:
    found = _EDGE.fullmatch(text)
    if found is None:
        raise InvalidInput(
            f"{text!r} is not an edge of a window",
            code="bad_window",
            hint="write start or end, and + or - a number of days, weeks, months, quarters, years, periods, or $param",
        )
    return found
