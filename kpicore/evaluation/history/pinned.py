"""A calendar that remembers which instants it gave, and can be held to them.

Governments change the rules of their zones, for the past too. What an evaluation stands on are instants: it seals the
offsets of the local clock that it met, and a replay uses those, whatever the zone's tables say by then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from attrs import field, frozen

from kpicore.periods import Calendar

#: Local times in order, each with the offset (local − UTC, in µs) that holds from it on.
Offsets: TypeAlias = "tuple[tuple[datetime, int], ...]"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@frozen
class PinnedCalendar(Calendar):
    """The organisation's calendar, held to sealed offsets where there are some.

    Args:
        pinned: Offsets that count in the place of the zone's rules; empty: the zone's rules count.
    """

    pinned: Offsets = ()
    seen: dict[datetime, int] = field(factory=dict, eq=False, repr=False, init=False)

    def instant(self, local: datetime | date | str) -> int:
        """As `Calendar.instant`; a naive local time is remembered."""
        moment = datetime.fromisoformat(local) if isinstance(local, str) and self.pinned else local
        if isinstance(moment, str) or (isinstance(moment, datetime) and moment.tzinfo is not None):
            return super().instant(moment)
        naive = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
        clock = (naive.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
        place = bisect_right(self.pinned, naive, key=lambda pair: pair[0])
        found = clock - self.pinned[place - 1][1] if place else super().instant(naive)
        self.seen[naive] = clock - found
        return found

    def offsets(self) -> Offsets:
        """The offsets that were met so far, each only where it differs from the one before."""
        found: list[tuple[datetime, int]] = []
        for naive, offset in sorted(self.seen.items()):
            if not found or found[-1][1] != offset:
                found.append((naive, offset))
        return tuple(found)


def offsets_document(offsets: Offsets) -> list[list[Any]]:
    """Offsets as JSON values: local ISO time and µs."""
    return [[local.isoformat(), offset] for local, offset in offsets]


def offsets_of(document: Iterable[Iterable[Any]]) -> Offsets:
    """The offsets that `offsets_document` wrote."""
    return tuple((datetime.fromisoformat(local), int(offset)) for local, offset in document)


def zone_version() -> str:
    """Version of the time zone tables that this Python reads, `unknown` where they do not say."""
    import zoneinfo
    from importlib.metadata import PackageNotFoundError, version

    for folder in map(Path, zoneinfo.TZPATH):
        if folder.is_dir():
            table = folder / "tzdata.zi"
            if not table.is_file():
                return "unknown"
            with table.open(encoding="utf-8") as lines:
                return lines.readline().removeprefix("# version ").strip()
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return "unknown"
