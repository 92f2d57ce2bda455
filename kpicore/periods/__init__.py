"""Periods, the organisation's calendar, windows and durations: where local dates become integers.

A period is half-open and lives on the local clock; its bounds as instants are microseconds since 1970 in UTC.
"""

from kpicore.periods.calendar import END_OF_TIME_US, Bounds, Calendar
from kpicore.periods.durations import duration_text, duration_us
from kpicore.periods.names import FIRST_YEAR, LAST_YEAR, Period, parse_period, parse_series
from kpicore.periods.windows import edge_parameters

__all__ = [
    "END_OF_TIME_US",
    "FIRST_YEAR",
    "LAST_YEAR",
    "Bounds",
    "Calendar",
    "Period",
    "duration_text",
    "duration_us",
    "edge_parameters",
    "parse_period",
    "parse_series",
]
