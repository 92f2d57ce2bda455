"""Cells as the map declares them, brought to where the check against the fact type takes them exactly."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from kpicore.definitions.facts import FieldKind
from kpicore.sources.engine import Sql
from kpicore.sources.instants import Clock, Reasons, instants
from kpicore.sources.maps import ColumnSpec

#: Which declared types fit which kinds of fields; the first is what the kind itself means.
TYPES: dict[FieldKind, tuple[str, ...]] = {
    "id": ("text", "integer"),
    "text": ("text", "integer"),
    "boolean": ("boolean",),
    "integer": ("integer", "decimal"),
    "money": ("decimal", "integer"),
    "decimal": ("decimal", "integer"),
    "rate": ("decimal", "integer"),
    "instant": ("instant",),
}
_NUMBERED = 'a number where a text is expected: numbers lose leading zeros, so say that it is one, {column = "…", type = "integer"}'
_DIGITS = r"^[+-]?[0-9]{1,36}$"


@frozen
class Reading:
    """How a file's texts are read.

    Args:
        decimal: The decimal point.
        thousands: Between groups of three digits, or None.
        clock: Where local times are read.
        sql: Reads dates.
    """

    decimal: str
    thousands: str | None
    clock: Clock
    sql: Sql


def read_values(values: Any, kind: FieldKind, spec: ColumnSpec, reading: Reading) -> tuple[Any, Reasons]:
    """One column for a field of `kind`.

    Args:
        values: An Arrow array, of texts or typed.
        kind: Of the field.
        spec: What the map declares about it.
        reading: How texts are read.

    Returns:
        An array that `check_rows` takes for this kind, null where refused, and masks of what is refused, with reasons.

    Raises:
        NoZone: Local times without a declared zone.
    """
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_large_string(values.type) or pa.types.is_string_view(values.type):
        values = pc.cast(values, pa.string())
    if pa.types.is_null(values.type):
        return values, []
    if pa.types.is_string(values.type):
        return _text(values, kind, spec, reading)
    return _typed(values, kind, spec, reading)


def _text(values: Any, kind: FieldKind, spec: ColumnSpec, reading: Reading) -> tuple[Any, Reasons]:
    match kind:
        case "id" | "text":
            return _checked_text(values, spec)
        case "boolean":
            return _boolean(values, spec.format or "true/false")
        case "instant":
            return instants(values, spec.format, reading.clock, reading.sql, spec.calendar)
        case "integer":
            return _integer(values, spec, reading)
    if spec.type == "integer":
        whole, reasons = _plain_number(values, reading)
        return _only(whole, _DIGITS, "it is not a whole number", reasons)
    return _plain_number(values, reading)


def _typed(values: Any, kind: FieldKind, spec: ColumnSpec, reading: Reading) -> tuple[Any, Reasons]:
    dated = pa.types.is_timestamp(values.type) or pa.types.is_date(values.type)
    if kind == "instant" and (dated or (spec.format is not None and pa.types.is_integer(values.type))):
        return instants(values, spec.format, reading.clock, reading.sql, spec.calendar)
    if kind in ("id", "text") and pa.types.is_integer(values.type):
        if spec.type is None:
            return pa.nulls(len(values), pa.string()), [(values.is_valid(), _NUMBERED)]
        return pc.cast(values, pa.string()), []
    if pa.types.is_floating(values.type) and spec.type == "decimal":
        # The shortest text that reads back as this float is what whoever wrote it meant.
        return pc.cast(values, pa.string()), []
    return values, []


def _checked_text(values: Any, spec: ColumnSpec) -> tuple[Any, Reasons]:
    return (values, []) if spec.type != "integer" else _only(values, _DIGITS, "it is not a whole number", [])


def _boolean(values: Any, words: str) -> tuple[Any, Reasons]:
    yes, _, no = words.partition("/")
    found = pc.if_else(
        pc.equal(values, yes), True, pc.if_else(pc.equal(values, no), False, pa.scalar(None, pa.bool_()))
    )
    odd = pc.and_(found.is_null(), values.is_valid())
    return found, [(odd, f'it is neither {yes} nor {no}: declare the two words, format = "Yes/No"')]


def _integer(values: Any, spec: ColumnSpec, reading: Reading) -> tuple[Any, Reasons]:
    plain, reasons = _plain_number(values, reading)
    if spec.type == "decimal":
        plain = pc.replace_substring_regex(plain, r"\.0*$", "")
    plain, reasons = _only(plain, _DIGITS, "it is not a whole number", reasons)
    return pc.cast(plain, pa.decimal128(38, 0)), reasons


def _plain_number(values: Any, reading: Reading) -> tuple[Any, Reasons]:
    """Numbers written with a point and without groups, as all the rest reads them."""
    if reading.decimal == "." and reading.thousands is None:
        return values, []
    point, group = re.escape(reading.decimal), re.escape(reading.thousands or "")
    whole = rf"([0-9]{{1,3}}({group}[0-9]{{3}})+|[0-9]+)" if group else "[0-9]+"
    written = " and ".join(
        part
        for part in (f"decimal {reading.decimal!r}", reading.thousands and f"thousands {reading.thousands!r}")
        if part
    )
    plain, reasons = _only(values, rf"^[+-]?{whole}({point}[0-9]+)?$", f"it is not a number with {written}", [])
    if reading.thousands is not None:
        plain = pc.replace_substring(plain, reading.thousands, "")
    return pc.replace_substring(plain, reading.decimal, "."), reasons


def _only(values: Any, form: str, reason: str, reasons: Reasons) -> tuple[Any, Reasons]:
    fits = pc.match_substring_regex(values, form)
    if pc.all(pc.fill_null(fits, True)).as_py():
        return values, reasons
    return pc.if_else(pc.fill_null(fits, False), values, pa.scalar(None, values.type)), [
        *reasons,
        (pc.invert(fits), reason),
    ]


def places(mask: Any) -> Any:
    """Offsets where a mask is true; int64."""
    if not isinstance(mask, np.ndarray):
        mask = np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False), dtype=np.bool_)
    return np.flatnonzero(mask)
