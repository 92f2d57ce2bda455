"""Durations: days, hours and minutes, as microseconds."""

from __future__ import annotations

import re

from kpicore.errors import InvalidInput

_SECONDS = {"d": 86_400, "h": 3_600, "m": 60}
_DURATION = re.compile(r"(\d{1,6})([dhm])", re.ASCII)


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
