"""Dates and times of files as instants: ISO 8601, or the format that the map declares."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from kpicore.periods import FIRST_YEAR, LAST_YEAR
from kpicore.sources.engine import Sql
from kpicore.sources.maps import Fold
from kpicore.sources.zones import to_utc

#: What one column's texts cannot be, and where.
Reasons = list[tuple[Any, str]]

#: What strptime formats may hold here; names of months and days are English.
DIRECTIVES = "YymdjHIMSfpbBaAz%"
#: Formats of times that are counted from 1970 in UTC, and how many microseconds one of them is.
COUNTED = {"unix": 1_000_000, "unix_ms": 1_000, "unix_us": 1}
#: Calendars whose years are others than ours, and what their year 0 is.
CALENDARS = {"roc": 1911}

_LOCAL, _UTC = pa.timestamp("us"), pa.timestamp("us", tz="UTC")
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIME = r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6}0*)?)?"
_NAIVE = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_TIME}$"
_OFFSET = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_TIME}(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$"
_EARLIEST, _LATEST = (int(np.datetime64(f"{year}-01-01", "us").astype(np.int64)) for year in (FIRST_YEAR, LAST_YEAR))


@frozen
class Clock:
    """Where local times are read.

    Args:
        zone: Its zone; None when nobody says.
        fold: Which of two instants a time is that it shows twice; None when nobody says.
    """

    zone: str | None
    fold: Fold | None = None


class NoZone(Exception):  # noqa: N818
    """Local times, and nobody says where their clock stands."""


def bad_format(written: str, calendar: str | None = None) -> str | None:
    """Why a format of instants cannot be used, or None."""
    if written in COUNTED:
        return f"{written} counts from 1970, whatever the calendar" if calendar is not None else None
    if calendar is not None and written.count("%Y") != 1:
        return f"where the years are those of {calendar}, a format has them as %Y"
    directives = re.findall(r"%-?(.?)", written)
    for name in directives:
        if not name or name not in DIRECTIVES:
            return f"%{name} is not known: use " + " ".join(f"%{known}" for known in DIRECTIVES)
    have = set(directives)
    if not ({"Y", "y"} & have and ("j" in have or ({"m", "b", "B"} & have and "d" in have))):
        return "a format names the year, the month and the day, for example %Y-%m-%d"
    if "'" in written or "\0" in written:
        return "quotes cannot be part of it"
    return None


def instants(
    values: Any, written: str | None, clock: Clock, sql: Sql, calendar: str | None = None
) -> tuple[Any, Reasons]:
    """Texts, whole numbers, dates or timestamps as instants.

    Args:
        values: An Arrow array of one of these types.
        written: The declared format of texts and numbers; None for ISO 8601.
        clock: Where local times are read.
        sql: Reads texts.
        calendar: Whose years they are; None: ours.

    Returns:
        Instants in microseconds (null where refused), and masks of what is refused, with reasons.

    Raises:
        NoZone: A time has no offset, and the clock's zone is None.
    """
    kind = values.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        found, reasons = _typed(values, clock)
        return pc.cast(found, _UTC), reasons
    if pa.types.is_integer(kind):
        values = pc.cast(values, pa.string())
    # Dates repeat: each different text is read once.
    encoded = pc.dictionary_encode(values)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    found, reasons = _texts(encoded.dictionary, written, clock, sql, calendar)
    places = encoded.indices
    spread = [(pc.fill_null(pa.array(mask).take(places), False), reason) for mask, reason in reasons]
    return pc.cast(found.take(places), _UTC), spread


def _texts(texts: Any, written: str | None, clock: Clock, sql: Sql, calendar: str | None) -> tuple[Any, Reasons]:
    if written is None:
        return _iso(texts, clock, sql)
    if written in COUNTED:
        return _counted(texts, written)
    ours = texts if calendar is None else _our_years(texts, written, CALENDARS[calendar])
    read = sql.query(
        f"select kpi_at, try_strptime(kpi_text, '{written}') as kpi_read from texts", "format", texts=_numbered(ours)
    )
    found = _ordered(read)
    unread = _flags(pc.and_(found.is_null(), texts.is_valid()))
    named = written if calendar is None else f"{written} with years of {calendar}"
    reasons: Reasons = [(unread, f"it does not read as {named}")]
    if "%z" in written:
        return _within(pc.cast(found, _LOCAL), reasons)
    timed = any(name in written for name in ("%H", "%I", "%-H", "%-I"))
    return _local(found, np.full(len(texts), not timed), clock, reasons)


def _counted(texts: Any, written: str) -> tuple[Any, Reasons]:
    """Seconds, milliseconds or microseconds since 1970, exact to the microsecond."""
    places = len(str(COUNTED[written])) - 1
    form = r"^-?[0-9]{1,20}" + (rf"(\.[0-9]{{1,{places}}}0*)?$" if places else "$")
    formed = pc.fill_null(pc.match_substring_regex(texts, form), False)
    reasons: Reasons = [(_flags(pc.and_not(texts.is_valid(), formed)), f"it does not read as {written}")]
    trimmed = pc.replace_substring_regex(texts, r"(\.[0-9]*?)0*$", r"\1") if places else texts
    exact = pc.cast(pc.if_else(formed, trimmed, pa.scalar(None, texts.type)), pa.decimal128(38, 6))
    micros = pc.multiply(pc.cast(exact, pa.decimal256(40, 6)), pa.scalar(COUNTED[written], pa.decimal256(8, 0)))
    # What is beyond any year is told like what is beyond the years that are taken.
    far = pa.scalar(_LATEST, micros.type)
    within = pc.if_else(pc.less(pc.abs(micros), far), micros, far)
    found, more = _within(pc.cast(within, pa.int64()).cast(_LOCAL), [])
    return found, [*reasons, *more]


def _our_years(texts: Any, written: str, zero: int) -> Any:
    """The texts with the years of another calendar counted as we do; null where they are not of this format."""
    form = re.compile(_year_form(written))
    ours: list[str | None] = []
    for text in texts.to_pylist():
        found = form.fullmatch(text) if text is not None else None
        year = int(found[1]) if found else 0
        ours.append(text[: found.start(1)] + f"{year + zero:04d}" + text[found.end(1) :] if found and year else None)
    return pa.array(ours, pa.string())


def _year_form(written: str) -> str:
    """A pattern that finds the year: of up to three digits, so that 1140305 is read as 114, 03 and 05."""
    parts = re.split("(%-?.)", written)
    form = ""
    for place, part in enumerate(parts):
        if part == "%Y":
            form += "([0-9]{1,3})"
        elif place % 2 and part != "%%":
            # Nothing stands between this directive and the next one, or the one before.
            touches = (place > 1 and not parts[place - 1]) or (place + 2 < len(parts) and not parts[place + 1])
            form += ("[0-9]{3}" if part == "%j" else "[0-9]{2}") if touches else ".+?"
        else:
            form += re.escape(part.replace("%%", "%"))
    return form


def _iso(texts: Any, clock: Clock, sql: Sql) -> tuple[Any, Reasons]:
    dates, naive, offset = (_flags(pc.match_substring_regex(texts, form)) for form in (_DATE, _NAIVE, _OFFSET))
    there = _flags(texts.is_valid())
    formed = dates | naive | offset
    reasons: Reasons = [(there & ~formed, "it is not an ISO 8601 date or time: declare its format")]
    # Both casts read the offset or not as it was just seen; what is left is whether the day and time exist.
    read = sql.query(
        "select kpi_at, try_cast(kpi_text as timestamp) as kpi_read, try_cast(kpi_text as timestamptz) as kpi_instant "
        "from texts",
        "format",
        texts=_numbered(pc.if_else(pa.array(formed), texts, pa.scalar(None, texts.type))),
    )
    found, exact = _ordered(read), pc.cast(_ordered(read, "kpi_instant"), _LOCAL)
    reasons.append((_flags(found.is_null()) & formed, "there is no such day or time"))
    local, reasons = _local(pc.if_else(pa.array(offset), pa.scalar(None, _LOCAL), found), dates, clock, reasons)
    with_offset, more = _within(pc.if_else(pa.array(offset), exact, pa.scalar(None, _LOCAL)), [])
    return pc.coalesce(local, with_offset), [*reasons, *more]


def _typed(values: Any, clock: Clock) -> tuple[Any, Reasons]:
    kind = values.type
    if pa.types.is_date(kind):
        return _local(pc.cast(values, _LOCAL), np.ones(len(values), np.bool_), clock, [])
    reasons: Reasons = []
    if kind.unit == "ns":
        rest = np.asarray(pc.fill_null(pc.cast(values, pa.int64()), 0)) % 1000 != 0
        reasons.append((rest, "it is finer than a microsecond"))
        values = pc.if_else(pa.array(rest), pa.scalar(None, kind), values)
    try:
        plain = pc.cast(values, pa.timestamp("us", tz=kind.tz))
    except pa.ArrowInvalid:
        far = _flags(pc.greater(pc.abs_checked(pc.cast(values, pa.int64())), pa.scalar(_LATEST // 1000)))
        reasons.append((far, f"the year is not between {FIRST_YEAR} and {LAST_YEAR}"))
        plain = pc.cast(pc.if_else(pa.array(far), pa.scalar(None, kind), values), pa.timestamp("us", tz=kind.tz))
    if kind.tz is None:
        return _local(plain, np.zeros(len(values), np.bool_), clock, reasons)
    return _within(pc.cast(plain, pa.int64()).cast(_LOCAL), reasons)


def _local(found: Any, dates: Any, clock: Clock, reasons: Reasons) -> tuple[Any, Reasons]:
    """Local times to UTC; a date alone is its first instant, whatever the clocks did at midnight."""
    found, reasons = _within(found, reasons)
    valid = _flags(found.is_valid())
    if not valid.any():
        return found, reasons
    if clock.zone is None:
        raise NoZone
    local = np.asarray(pc.fill_null(pc.cast(found, pa.int64()), 0))
    # A date is its first instant, whatever is said of times.
    local = np.where(valid, local, local[valid][0])
    moments = to_utc(local, clock.zone)
    utc = moments.utc
    if clock.fold == "later":
        utc = np.where(dates, utc, to_utc(local, clock.zone, later=True).utc)
    hint = "write it with an offset, as in 2026-03-05T01:30:00+01:00"
    skipped, twice = (mask & ~dates & valid for mask in (moments.skipped, moments.twice))
    twice &= clock.fold is None
    reasons += [
        (skipped, f"the clocks of {clock.zone} skip this time: {hint}"),
        (twice, f'the clocks of {clock.zone} show this time twice: {hint}, or add fold = "earlier" under [file]'),
    ]
    return pa.array(utc, mask=~valid | skipped | twice).cast(_LOCAL), reasons


def _within(found: Any, reasons: Reasons) -> tuple[Any, Reasons]:
    micros = np.asarray(pc.fill_null(pc.cast(found, pa.int64()), 0))
    far = (micros < _EARLIEST) | (micros >= _LATEST)
    if not far.any():
        return found, reasons
    reason = (far, f"the year is not between {FIRST_YEAR} and {LAST_YEAR}")
    return pc.if_else(pa.array(far), pa.scalar(None, found.type), found), [*reasons, reason]


def _numbered(texts: Any) -> pa.Table:
    return pa.table({"kpi_at": pa.array(np.arange(len(texts))), "kpi_text": texts})


def _ordered(read: pa.Table, name: str = "kpi_read") -> Any:
    at = np.asarray(read["kpi_at"])
    column = read[name].combine_chunks() if read[name].num_chunks != 1 else read[name].chunk(0)
    if len(at) and not (np.diff(at) > 0).all():
        column = column.take(pa.array(np.argsort(at)))
    return column


def _flags(mask: Any) -> Any:
    return np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False), dtype=np.bool_)
