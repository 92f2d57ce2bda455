"""Columns of a sealed document: exact numbers and measured cells of everyone, small and in one shortest form.

A column is null where all are null, else {"scale", "units", "null"}: units of 10⁻ˢᶜᵃˡᵉ (one for everyone, or one each; as
texts beyond ±(2⁵³ − 1)), and the numbers of subjects that have none, left out where everyone has one. The scale is the
least that serves. So the same result has the same columns, whatever computed it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kpicore.evaluation.measuring.measured import VALUE_PLACES
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.cells import STATES, Cells, Column, codes_of

__all__ = ["cells_document", "cells_of", "column_document", "column_of", "listed", "places_document", "ratio"]

_LARGEST = 2**53 - 1


def cells_document(cells: Cells) -> dict[str, Any]:
    """Numerator, denominator, states and flags; the value where it is not the rounded quotient of the two."""
    flagged: dict[str, list[int]] = {}
    for n, flags in enumerate(cells.flags):
        for flag in flags:
            flagged.setdefault(flag, []).append(n)
    document = {
        "numerator": column_document(cells.numerator),
        "denominator": column_document(cells.denominator),
        "states": places_document({state: cells.state == code for code, state in enumerate(STATES) if code}),
        "flags": flagged,
    }
    if not cells.value.equals(ratio(cells.numerator, cells.denominator)):
        document["value"] = column_document(cells.value)
    return document


def cells_of(line: Mapping[str, Any], length: int) -> Cells:
    """The cells that `cells_document` wrote, for so many subjects."""
    numerator, denominator = (column_of(line[part], length) for part in ("numerator", "denominator"))
    value = column_of(line["value"], length) if "value" in line else ratio(numerator, denominator)
    states = np.zeros(length, dtype=np.int8)
    for state, places in line["states"].items():
        states[places] = codes_of([state])[0]
    flags: list[tuple[str, ...]] = [()] * length
    for flag in sorted(line["flags"]):
        for n in line["flags"][flag]:
            flags[n] = (*flags[n], flag)
    return Cells(numerator, denominator, value, states, tuple(flags))


def ratio(numerator: Column, denominator: Column) -> Column:
    """Numerator ÷ denominator to 12 places; the numerator where there is no denominator; null where one is missing."""
    below = denominator.numbers.where(~denominator.null, Fixed.of(1))
    signs = below.signs()
    null = numerator.null | (signs == 0)
    above = numerator.numbers.where(signs >= 0, -numerator.numbers)
    below = below.where(signs >= 0, -below).where(signs != 0, Fixed.of(1))
    return Column(above.divided(below, VALUE_PLACES), np.asarray(null, dtype=np.bool_))


def column_document(column: Column) -> dict[str, Any] | None:
    """A column in its shortest form, see the module."""
    if column.null.all():
        return None
    values, scale = column.numbers.where(~column.null, Fixed.of(0)).values, column.numbers.scale
    # The shortest scale: the same numbers have the same form, whatever computed them.
    shared, spare = int(np.gcd.reduce(values)), 0
    while spare < scale and shared % 10 ** (spare + 1) == 0:
        spare += 1
    values, scale = values // 10**spare, scale - spare
    units: Any = values.tolist()
    if max(map(abs, units)) > _LARGEST:
        units = [str(unit) for unit in units]
    if len(set(units)) == 1:
        units = units[0]
    document = {"scale": scale, "units": units}
    if column.null.any():
        document["null"] = np.flatnonzero(column.null).tolist()
    return document


def column_of(document: Mapping[str, Any] | None, length: int) -> Column:
    """The column that `column_document` wrote, for so many subjects."""
    if document is None:
        return Column.same(None, length)
    units = document["units"]
    listed = units if isinstance(units, list) else [units]
    integers = list(map(int, listed))
    fits = max(map(abs, integers), default=0) < 2**63
    values = np.array(integers, dtype=np.int64 if fits else np.object_)
    if not isinstance(units, list):
        values = np.repeat(values, length)
    null = np.zeros(length, dtype=np.bool_)
    null[document.get("null", [])] = True
    return Column(Fixed(values, document["scale"]), null)


def places_document(masks: Mapping[str, Any]) -> dict[str, list[int]]:
    """For each name, the numbers of the subjects that have it; names that nobody has are left out."""
    return {name: np.flatnonzero(mask).tolist() for name, mask in masks.items() if mask.any()}


def listed(places: Mapping[str, Sequence[int]], length: int) -> list[str | None]:
    """The name that each subject has, None where it has none."""
    found: list[str | None] = [None] * length
    for name, numbers_ in places.items():
        for n in numbers_:
            found[n] = name
    return found
