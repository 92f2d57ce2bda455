"""Local times of a zone to instants, a column at a time.

The transitions come from `zoneinfo`, as in the organisation's calendar, so that both agree on every midnight.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from attrs import frozen

Micros = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_SECOND = 1_000_000
_DAY = 86_400


@frozen
class Instants:
    """Local times as instants.

    Args:
        utc: Microseconds; of a time that the clocks skip the first instant after, of one that they show twice the
            earlier or the later, as it was asked for.
        skipped: Where the clocks show no such time.
        twice: Where they show it twice.
    """

    utc: Micros
    skipped: Mask
    twice: Mask


def to_utc(local: Micros, zone: str, *, later: bool = False) -> Instants:
    """Instants of local times.

    Args:
        local: Microseconds since 1970 on the local clock; the years 1900 to 2200.
        zone: A known zone.
        later: Which of two instants a time is that the clocks show twice.
    """
    if len(local) == 0:
        return Instants(local, np.zeros(0, np.bool_), np.zeros(0, np.bool_))
    years = [datetime.fromtimestamp(int(edge) // _SECOND, UTC).year for edge in (local.min(), local.max())]
    # A zone's year begins up to a day away from that of UTC.
    found = [_transitions(zone, year) for year in range(years[0] - 1, years[1] + 2)]
    first = found[0][0]
    changes = [change for _, year in found for change in year]
    at = np.array([moment for moment, _ in changes], dtype=np.int64) * _SECOND
    offsets = np.array([first, *(offset for _, offset in changes)], dtype=np.int64) * _SECOND
    # On the local clock, the stretch between two changes begins with its own offset and ends with the same.
    late = np.searchsorted(at + offsets[1:], local, side="right")
    early = np.searchsorted(at + offsets[:-1], local, side="right")
    skipped = late < early
    utc = local - offsets[np.maximum(early, late) if later else np.minimum(early, late)]
    if skipped.any():
        utc[skipped] = at[late[skipped]]
    return Instants(utc, skipped, late > early)


@lru_cache(maxsize=4096)
def _transitions(zone: str, year: int) -> tuple[int, tuple[tuple[int, int], ...]]:
    """The offset at the start of a UTC year, and its changes: (seconds UTC, offset from then on)."""
    info = ZoneInfo(zone)

    def offset(second: int) -> int:
        there = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).astimezone(info)
        return round((there.utcoffset() or timedelta()).total_seconds())

    start, end = (int(datetime(y, 1, 1, tzinfo=UTC).timestamp()) for y in (year, year + 1))
    before = offset(start)
    changes: list[tuple[int, int]] = []
    known = before
    for day in range(start, end, _DAY):
        until = min(day + _DAY, end)
        after = offset(until)
        if after != known:
            low, high = day, until
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if offset(middle) == after else (middle, high)
            changes.append((high, after))
            known = after
    return before, tuple(changes)
