"""Instants that callers give: a datetime or an ISO 8601 text with a zone, as microseconds in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from kpicore.errors import InvalidInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(?P<zone>Z|[+-]\d{2}(:?\d{2})?)?)?", re.ASCII)
#: Larger counts of microseconds are not exact in JSON: 2255-06-05.
LAST_US = 2**53 - 1
_HINT = "give a time with its zone: 2026-03-05T09:30:00+08:00"


def instant_us(value: object, where: str) -> int:
    """Microseconds since 1970 in UTC.

    Args:
        value: A datetime or an ISO 8601 text; both with a zone.
        where: What it is for, as the error names it.

    Raises:
        InvalidInput: It has no zone, or is no such moment.
    """
    if isinstance(value, str):
        found = _ISO.fullmatch(value.strip())
        if found is None or found["zone"] is None:
            raise InvalidInput(f"{value!r} is not an instant with a time zone", where=where, hint=_HINT)
        text = value.strip()
        text = f"{text}:00" if re.search(r"[+-]\d{2}$", text) else text
        try:
            value = datetime.fromisoformat(text)
        except ValueError as error:
            raise InvalidInput(f"{value!r}: {error}", where=where, hint=_HINT) from error
    if not isinstance(value, datetime):
        raise InvalidInput(f"{value!r} is not an instant", where=where, hint=_HINT)
    if value.utcoffset() is None:
        raise InvalidInput(f"{value.isoformat()} has no time zone", where=where, hint=_HINT)
    return checked_us((value - EPOCH) // timedelta(microseconds=1), where)


def checked_us(value: object, where: str) -> int:
    """The count of microseconds if it can be kept exactly.

    Raises:
        InvalidInput: It is not an integer or lies beyond the year 2255.
    """
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LAST_US:
        raise InvalidInput(f"{value!r} is not an instant before the year 2255", where=where, hint=_HINT)
    return value
