"""From the Arrow arrays that callers send to a field's own type: exactly, or not at all.

Every function takes a whole column and says which of its values it refuses: no value is rounded, guessed or cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpicore.definitions.facts import FieldKind
from kpicore.ledger.schema import ARROW_TYPES

#: A refused set of places in a column, and why.
Refusal = tuple[np.ndarray[Any, np.dtype[np.bool_]], str]
#: A converted column (null where refused) and what was refused.
Converted = tuple[Any, list[Refusal]]

_FIRST_INSTANT = -62_135_596_800_000_000  # 0001-01-01
_LAST_INSTANT = 253_402_300_799_999_999  # the end of 9999
_US = pa.timestamp("us", tz="UTC")
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$"
_LOCAL_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.,]*)?$"
_ZONE_HINT = "give a time zone: 2026-03-05T09:30:00+08:00"
#: Integers up to here are exact as floats.
_EXACT_FLOAT = 2.0**53


def convert(column: Any, kind: FieldKind) -> Converted:
    """One column (a pyarrow Array) as the Arrow type of `kind`, with what it refuses.

    Args:
        column: A validated array without dictionary or extension type.
        kind: The kind of the field.
    """
    target = ARROW_TYPES[kind]
    if column.type == target and kind != "instant":
        return column, []
    if pa.types.is_null(column.type):
        return pa.nulls(len(column), target), []
    return _CONVERTERS[kind](column, target)


def _flags(array: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """A boolean Arrow array as numpy, null counting as false."""
    return np.asarray(pc.fill_null(array, False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _refuse_all(column: Any, target: pa.DataType, reason: str) -> Converted:
    return pa.nulls(len(column), target), [(_flags(column.is_valid()), reason)]


def _without(column: Any, bad: np.ndarray[Any, np.dtype[np.bool_]]) -> Any:
    """The column with null where it is bad."""
    if not bad.any():
        return column
    return pc.if_else(pa.array(~bad), column, pa.scalar(None, column.type))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _described(kind: pa.DataType) -> str:
    """What a person calls a value of an Arrow type."""
    if pa.types.is_boolean(kind):
        return "true or false"
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return "a number"
    if pa.types.is_timestamp(kind):
        return "an instant"
    if pa.types.is_date(kind):
        return "a date"
    return "a text" if _is_text(kind) else str(kind)


def _to_text(column: Any, target: pa.DataType) -> Converted:
    if _is_text(column.type):
        return pc.cast(column, target), []
    reason = f"{_described(column.type)} where a text is expected"
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        reason += ": send identifiers as text, numbers lose leading zeros and digits"
    return _refuse_all(column, target, reason)


def _to_boolean(column: Any, target: pa.DataType) -> Converted:
    return _refuse_all(column, target, f"{_described(column.type)} where true or false is expected")


def _to_integer(column: Any, target: pa.DataType) -> Converted:
    kind = column.type
    if pa.types.is_integer(kind):
        if not pa.types.is_uint64(kind):
            return pc.cast(column, target), []
        large = _flags(pc.greater(column, pa.scalar(2**63 - 1, kind)))
        return pc.cast(_without(column, large), target), [(large, "larger than 64 bits hold")]
    if pa.types.is_floating(kind):
        values, valid, refused = _finite(column)
        inexact = valid & ((np.floor(values) != values) | (np.abs(values) > _EXACT_FLOAT))
        values[inexact | ~valid] = 0.0
        refused.append((inexact, "not a whole number that a float holds exactly"))
        return _masked(pa.array(values.astype(np.int64)), valid & ~inexact), refused
    if pa.types.is_decimal(kind):
        wide = pc.cast(column, pa.decimal256(76, max(kind.scale, 0)))
        broken = _flags(pc.not_equal(pc.round(wide, ndigits=0), wide))
        whole = pc.cast(_without(wide, broken), pa.decimal256(76, 0))
        limit = pa.scalar(2**63 - 1, pa.decimal128(19, 0))
        large = _flags(pc.greater(pc.abs(whole), pc.cast(limit, whole.type)))
        return pc.cast(_without(whole, large), target), [
            (broken, "not a whole number"),
            (large, "larger than 64 bits hold"),
        ]
    return _refuse_all(column, target, f"{_described(kind)} where a whole number is expected")


def _to_decimal(column: Any, target: pa.DataType) -> Converted:
    kind = column.type
    places = f"more than {target.scale} decimal places"
    digits = f"more than {target.precision - target.scale} digits before the point"
    if pa.types.is_integer(kind):
        wide = pc.cast(pc.cast(column, pa.decimal128(20, 0)), pa.decimal256(76, target.scale))
        large = _too_large(wide, target)
        return pc.cast(_without(wide, large), target), [(large, digits)]
    if pa.types.is_decimal(kind):
        if kind.scale < 0 or kind.scale > 38 or kind.precision > 38:
            wide = pc.cast(column, pa.decimal256(76, max(kind.scale, 0)))
        else:
            wide = pc.cast(column, pa.decimal256(76, kind.scale))
        broken = np.zeros(len(column), dtype=np.bool_)
        if kind.scale > target.scale:
            broken = _flags(pc.not_equal(pc.round(wide, ndigits=target.scale), wide))
            wide = _without(wide, broken)
        large = _too_large(wide, target)
        return pc.cast(_without(wide, large), target), [(broken, places), (large, digits)]
    if pa.types.is_floating(kind):
        return _float_to_decimal(column, target)
    if _is_text(kind):
        return _text_to_decimal(pc.cast(column, pa.string()), target)
    return _refuse_all(column, target, f"{_described(kind)} where a number is expected")


def _too_large(wide: Any, target: pa.DataType) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where a decimal has more digits before the point than `target` holds."""
    limit = pc.cast(pa.scalar(10 ** (target.precision - target.scale), pa.decimal128(38, 0)), wide.type)
    return _flags(pc.greater_equal(pc.abs(wide), limit))


def _finite(column: Any) -> tuple[Any, Any, list[Refusal]]:
    """Floats as float64 with what is there and finite, and the refusal of NaN and infinity."""
    valid = _flags(column.is_valid())
    values = pc.fill_null(pc.cast(column, pa.float64()), 0.0).to_numpy(zero_copy_only=False).copy()
    strange = valid & ~np.isfinite(values)
    values[strange] = 0.0
    return values, valid & ~strange, [(strange, "not a number: NaN and infinity are refused")]


def _masked(column: Any, valid: np.ndarray[Any, np.dtype[np.bool_]]) -> Any:
    return column if valid.all() else pc.if_else(pa.array(valid), column, pa.scalar(None, column.type))


def _float_to_decimal(column: Any, target: pa.DataType) -> Converted:
    """A float is a decimal of s places exactly if it is a multiple of 2^-s, because 10^s = 2^s × 5^s."""
    values, valid, refused = _finite(column)
    large = valid & (np.abs(values) >= 10.0 ** (target.precision - target.scale))
    values[large] = 0.0
    halves = values * 2.0**target.scale
    inexact = valid & (np.floor(halves) != halves)
    halves[inexact] = 0.0
    unscaled = halves.astype(np.int64) * np.int64(5**target.scale)
    words = np.stack([unscaled, unscaled >> 63], axis=1)
    array = pa.Array.from_buffers(target, len(column), [None, pa.py_buffer(np.ascontiguousarray(words))])
    refused.append((large, f"more than {target.precision - target.scale} digits before the point"))
    refused.append((inexact, "a float that is not exact as a decimal: send a decimal or a text"))
    return _masked(array, valid & ~large & ~inexact), refused


def _text_to_decimal(column: Any, target: pa.DataType) -> Converted:
    digits, places = target.precision - target.scale, target.scale
    there = _flags(column.is_valid())
    number = _flags(pc.match_substring_regex(column, r"^[+-]?[0-9]+(\.[0-9]+)?$"))
    small = _flags(pc.match_substring_regex(column, rf"^[+-]?0*[0-9]{{1,{digits}}}(\.[0-9]+)?$"))
    exact = _flags(pc.match_substring_regex(column, rf"^[+-]?[0-9]+(\.[0-9]{{1,{places}}}0*)?$"))
    good = number & small & exact
    plain = pc.replace_substring_regex(_without(column, ~good), rf"(\.[0-9]{{{places}}})0+$", r"\1")
    plain = pc.replace_substring_regex(plain, r"^([+-]?)0+([0-9])", r"\1\2")
    return pc.cast(plain, target), [
        (there & ~number, "not a number: write digits, a point and digits (1234.50)"),
        (number & ~small, f"more than {digits} digits before the point"),
        (number & small & ~exact, f"more than {places} decimal places"),
    ]


def _to_instant(column: Any, target: pa.DataType) -> Converted:
    kind = column.type
    if pa.types.is_timestamp(kind):
        if kind.tz is None:
            return _refuse_all(column, target, f"a local time without a zone; {_ZONE_HINT}")
        return _stamps(column, kind.unit)
    if _is_text(kind):
        return _text_to_instant(pc.cast(column, pa.string()))
    if pa.types.is_date(kind):
        return _refuse_all(column, target, f"a date without a time of day; {_ZONE_HINT}")
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _refuse_all(column, target, f"a number where an instant is expected; {_ZONE_HINT}")
    return _refuse_all(column, target, f"{_described(kind)} where an instant is expected; {_ZONE_HINT}")


def _stamps(column: Any, unit: str) -> Converted:
    """Timestamps with a zone, of any unit, as microseconds in UTC."""
    counts = pc.fill_null(pc.cast(column, pa.int64()), 0).to_numpy(zero_copy_only=False)
    refused: list[Refusal] = []
    if unit == "ns":
        broken = counts % 1000 != 0
        refused.append((broken, "finer than a microsecond"))
        micros = np.where(broken, 0, counts) // 1000
    else:
        factor = {"s": 1_000_000, "ms": 1_000, "us": 1}[unit]
        far = (counts > _LAST_INSTANT // factor) | (counts < _FIRST_INSTANT // factor)
        refused.append((far, "outside the years 1 to 9999"))
        micros = np.where(far, 0, counts) * factor
    bad = refused[0][0]
    if not bad.any() and unit == "us":
        return pc.cast(column, _US), []
    return _masked(pa.array(micros).cast(_US), _flags(column.is_valid()) & ~bad), refused


def _text_to_instant(column: Any) -> Converted:
    there = _flags(column.is_valid())
    iso = _flags(pc.match_substring_regex(column, _ISO))
    local = there & ~iso & _flags(pc.match_substring_regex(column, _LOCAL_ISO))
    refused: list[Refusal] = [
        (local, f"a local time without a zone; {_ZONE_HINT}"),
        (there & ~iso & ~local, f"not an ISO 8601 instant; {_ZONE_HINT}"),
    ]
    candidates = _without(column, there & ~iso)
    try:
        return pc.cast(candidates, _US), refused
    except pa.ArrowInvalid:
        # Some look right and are not (a thirteenth month): only then each is looked at.
        parsed = [None if text is None else _instant(text) for text in candidates.to_pylist()]
        impossible = iso & np.array([value is None for value in parsed])
        refused.append((impossible, "no such day or time"))
        return pa.array(parsed, pa.int64()).cast(_US), refused


def _instant(text: str) -> int | None:
    """Microseconds of an ISO text with a zone, None where the calendar has no such moment."""
    text = re.sub(r"([+-]\d{2})$", r"\1:00", text)
    try:
        moment = datetime.fromisoformat(text)
        whole = int(moment.astimezone(UTC).replace(microsecond=0).timestamp())
    except (ValueError, OverflowError):
        return None
    return whole * 1_000_000 + moment.microsecond


_CONVERTERS: dict[FieldKind, Callable[[Any, pa.DataType], Converted]] = {
    "id": _to_text,
    "text": _to_text,
    "boolean": _to_boolean,
    "integer": _to_integer,
    "money": _to_decimal,
    "decimal": _to_decimal,
    "rate": _to_decimal,
    "instant": _to_instant,
}
