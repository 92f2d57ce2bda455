"""A column as it was sent: Arrow arrays of one type each, and which rows each of them fills.

Arrow input is one part. Python values are grouped by what they are, so that a column of integers and decimals converts
as exactly as either of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from attrs import frozen

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: Decimals with more digits than this on either side of the point fit no field.
_DIGITS = 36


@frozen
class Part:
    """Some rows of a column.

    Args:
        rows: Places of the values, ascending (numpy, int64).
        array: The values, a pyarrow Array of as many.
        odd: Why none of them can be taken; the array then shows them as text.
    """

    rows: Any
    array: Any
    odd: str | None = None


def of_column(column: Any, rows: Any) -> list[Part]:
    """An Arrow column as its only part, dictionaries decoded.

    Args:
        column: Array or ChunkedArray.
        rows: 0 to its length (numpy, int64); the columns of a table share it.
    """
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return [Part(rows, column)]


def of_values(values: Sequence[Any]) -> list[Part]:
    """Python values grouped by what they are; None is in no part."""
    kinds = set(map(type, values))
    if len(kinds) == 1 and (kind := kinds.pop()) in (str, int, float, bool):
        # One value that does not fit spoils the column: then each is looked at.
        with contextlib.suppress(UnicodeEncodeError, OverflowError, pa.ArrowException):
            return [Part(np.arange(len(values), dtype=np.int64), _BUILDERS[kind](values))]
    groups: dict[Hashable, tuple[list[int], list[Any]]] = {}
    for place, sent in enumerate(values):
        value = sent.item() if isinstance(sent, np.generic) else sent
        kind_or_reason = None if value is None else _kind(value)
        if kind_or_reason is not None:
            rows, found = groups.setdefault(kind_or_reason, ([], []))
            rows.append(place)
            found.append(value)
    return [_part(key, np.array(rows, dtype=np.int64), found) for key, (rows, found) in groups.items()]


def _part(key: Hashable, rows: Any, values: list[Any]) -> Part:
    if key in _BUILDERS:
        return Part(rows, _BUILDERS[key](values))
    shown = [repr(value).encode("utf-8", "backslashreplace").decode() for value in values]
    return Part(rows, pa.array(shown, pa.string()), str(key))


def _kind(value: Any) -> Hashable:
    """The key of `_BUILDERS` for a value, the reason for what cannot be taken, None for a missing instant."""
    if isinstance(value, str):
        return str if value.isascii() or _encodable(value) else "not valid Unicode"
    if isinstance(value, bool):
        return bool
    if isinstance(value, int):
        return int if -(2**63) <= value < 2**63 else "larger than 64 bits hold"
    if isinstance(value, float):
        return float
    if isinstance(value, Decimal):
        return _kind_of_decimal(value)
    if isinstance(value, datetime):
        return _kind_of_datetime(value)
    return date if isinstance(value, date) else f"a {type(value).__name__}, which no column holds"


def _kind_of_decimal(value: Decimal) -> Hashable:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        return "not a number: NaN and infinity are refused"
    fits = value.adjusted() < _DIGITS and exponent >= -_DIGITS if value else abs(exponent) <= _DIGITS
    return Decimal if fits else "more digits than any column holds"


def _kind_of_datetime(value: datetime) -> Hashable:
    if value != value:  # only pandas' missing instant differs from itself
        return None
    if getattr(value, "nanosecond", 0):
        return "finer than a microsecond"
    return "aware" if value.utcoffset() is not None else "local"


def _encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _decimals(values: Sequence[Decimal]) -> Any:
    return pa.array(values, pa.decimal256(76, _DIGITS))


def _aware(values: Sequence[datetime]) -> Any:
    micros = [(value - _EPOCH) // _MICROSECOND for value in values]
    return pa.array(micros, pa.int64()).cast(pa.timestamp("us", tz="UTC"))


def _local(values: Sequence[datetime]) -> Any:
    return pa.array([value.replace(fold=0) for value in values], pa.timestamp("us"))


_BUILDERS: dict[Hashable, Callable[[Sequence[Any]], Any]] = {
    str: lambda values: pa.array(values, pa.string()),
    bool: lambda values: pa.array(values, pa.bool_()),
    int: lambda values: pa.array(values, pa.int64()),
    float: lambda values: pa.array(values, pa.float64()),
    Decimal: _decimals,
    date: lambda values: pa.array(values, pa.date32()),
    "aware": _aware,
    "local": _local,
}
