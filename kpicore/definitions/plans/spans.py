"""Calendar periods by the day that they hold, and those that lie inside another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from kpicore.periods import Period, parse_period

__all__ = ["CHINESE", "containing", "inside", "lies_inside"]

#: What a length of periods is called in Chinese.
CHINESE: Mapping[str, str] = {"day": "日", "week": "週", "month": "月", "quarter": "季", "half": "半年", "year": "年"}


def containing(kind: str, day: date) -> Period:
    """The calendar period of a length that holds a day.

    Args:
        kind: day, week, month, quarter, half or year.
        day: A local date.
    """
    iso = day.isocalendar()
    written = {
        "day": day.isoformat(),
        "week": f"{iso.year}-W{iso.week:02}",
        "month": f"{day.year}-{day.month:02}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "half": f"{day.year}-H{(day.month + 5) // 6}",
        "year": f"{day.year}",
    }[kind]
    return parse_period(written)


def inside(kind: str, whole: Period) -> list[Period]:
    """The calendar periods of a length that lie inside another one, in order."""
    found = []
    period = containing(kind, whole.start.date())
    while period.start < whole.end:
        if lies_inside(period, whole):
            found.append(period)
        period = containing(kind, (period.end + timedelta(hours=1)).date())
    return found


def lies_inside(period: Period, whole: Period) -> bool:
    """Whether all of a period lies inside another one."""
    return whole.start <= period.start and period.end <= whole.end
