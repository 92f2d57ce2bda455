"""Columns of ratios: what a measure's arithmetic works on, cell by cell, without ever rounding.

A value is numerator ÷ denominator, or a numerator alone. What goes wrong is kept in bits beside it, and goes with it
through all arithmetic; numbers under such bits mean nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from kpicore.evaluation.numbers.exact import Fixed, Mask, root

Bits = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]

#: The value may still change; nothing to divide by; too early to say; facts are missing. Later ones outweigh.
PROVISIONAL: Final = 1
EMPTY: Final = 2
IMMATURE: Final = 4
MISSING: Final = 8
#: Numerator and denominator of an empty cell do not say what was divided.
HIDDEN: Final = 16

ROOT_PLACES = 12
#: Noted where something had not happened yet when it was last looked at: it takes longer than the value says.
CENSORED: Final = "censored"
_ONE = Fixed.of(1)


@frozen(eq=False)
class Quantity:
    """A column of values.

    Args:
        above: Numerators.
        below: Denominators, above 0 wherever the cell is not empty; None: the numerators are the values.
        base: Tells which denominators these are: quantities with equal bases have equal denominators.
        bits: What is wrong with each cell.
        pooled: Whether numerator and denominator may be shown: false after a root or a choice between ratios.
        flags: What is noted, by name.
    """

    above: Fixed
    below: Fixed | None
    base: Any
    bits: Bits
    pooled: bool
    flags: Mapping[str, Mask]

    @property
    def plain(self) -> bool:
        """Whether it has no denominators."""
        return self.below is None

    def denominators(self) -> Fixed:
        """Denominators, 1 where there are none."""
        return _ONE if self.below is None else self.below

    def scaled(self, factor: Fixed) -> Quantity:
        """The same values times a constant, in the numerators."""
        return evolve(self, above=self.above * factor)


def quantity(above: Fixed, bits: Bits, flags: Mapping[str, Mask] | None = None) -> Quantity:
    """Values without denominators."""
    return Quantity(above, None, None, bits, True, dict(flags or {}))


def added(one: Quantity, other: Quantity, sign: int) -> Quantity:
    """one + other, or one − other; equal denominators stay as they are.

    Args:
        one, other: Quantities of one length.
        sign: 1 or −1.
    """
    bits, flags, pooled = _together(one, other)
    if (one.plain and other.plain) or (not one.plain and not other.plain and one.base == other.base):
        above = one.above + other.above if sign > 0 else one.above - other.above
        return Quantity(above, one.below, one.base, bits, pooled, flags)
    left, right = one.above * other.denominators(), other.above * one.denominators()
    above = left + right if sign > 0 else left - right
    below = one.denominators() * other.denominators()
    return Quantity(above, below, ("×", one.base, other.base), _hide(bits), pooled, flags)


def multiplied(one: Quantity, other: Quantity) -> Quantity:
    """one × other."""
    bits, flags, pooled = _together(one, other)
    above = one.above * other.above
    if one.plain and other.plain:
        return Quantity(above, None, None, bits, pooled, flags)
    below = one.denominators() * other.denominators()
    return Quantity(above, below, ("×", one.base, other.base), _hide(bits), pooled, flags)


def divided(one: Quantity, other: Quantity, base: Any, zero_flag: str) -> Quantity:
    """one ÷ other: empty where the divisor is not above 0.

    Args:
        one, other: Quantities of one length.
        base: Tells which denominators these are.
        zero_flag: Noted where something that is not 0 is divided by 0; for costs only where it is above 0.
    """
    bits, flags, pooled = _together(one, other)
    signs = other.above.spread(len(bits)).signs()
    valid = (bits & (EMPTY | MISSING)) == 0
    something = one.above.spread(len(bits)).signs()
    noted = something > 0 if zero_flag == "no_acquisition" else something != 0
    flags = _with(flags, zero_flag, valid & (signs == 0) & noted)
    flags = _with(flags, "zero_denominator", valid & (signs == 0) & (something != 0) & ~noted)
    if not one.plain or not other.plain:
        bits = _hide(bits)
        empty = np.where(signs <= 0, EMPTY | HIDDEN, 0)
    else:
        empty = np.where(signs <= 0, EMPTY, 0)
    above = one.above * other.denominators()
    below = one.denominators() * other.above
    whole = base if one.plain else ("×", one.base, base)
    return Quantity(above, below.spread(len(bits)), whole, bits | empty.astype(np.uint8), pooled, flags)


def extreme(op: str, parts: Sequence[Quantity], *, skip: bool) -> Quantity:
    """The smallest or largest of several.

    Args:
        op: `min` or `max`.
        parts: Quantities of one length, at least one.
        skip: Whether empty parts do not count; else one empty part makes the whole empty.
    """
    first, *others = parts
    plain = all(part.plain for part in parts)
    found, below, empty = first.above, first.denominators(), _empty(first)
    bits, any_empty = first.bits, _empty(first)
    for part in others:
        # Denominators of empty cells may be 0 or less; what is compared there is never used.
        left, right = found * part.denominators(), part.above * below
        better = right.less(left) if op == "min" else left.less(right)
        take = ~_empty(part) & (empty | better)
        found, below = part.above.where(take, found), part.denominators().where(take, below)
        empty, any_empty = empty & _empty(part), any_empty | _empty(part)
        bits = bits | part.bits
    gone = empty if skip else any_empty
    flags: Mapping[str, Mask] = {}
    for part in parts:
        # What does not count has nothing to note.
        counts = ~_empty(part) | gone
        noted = {name: mask & counts for name, mask in part.flags.items()} if skip else part.flags
        flags = _merged(flags, {name: mask for name, mask in noted.items() if mask.any()})
    bits = (bits & ~np.uint8(EMPTY | HIDDEN)) | np.where(gone, EMPTY | HIDDEN, 0).astype(np.uint8)
    return Quantity(found, None if plain else below.spread(len(bits)), object(), bits, plain, flags)


def rooted(one: Quantity, degree: Quantity) -> Quantity:
    """The n-th root, rounded half-even to 12 places; empty below 0 and where the degree is no whole number above 0."""
    bits, flags, _ = _together(one, degree)
    length = len(bits)
    above, below = one.above.spread(length), one.denominators().spread(length)
    degrees = degree.above.spread(length)
    unit = 10**degrees.scale
    wrong = (bits & (EMPTY | MISSING)) != 0
    found: list[int] = []
    gone = np.zeros(length, dtype=bool)
    for place, (n, d, g) in enumerate(
        zip(above.values.tolist(), below.values.tolist(), degrees.values.tolist(), strict=True)
    ):
        if wrong[place] or n < 0 or g <= 0 or g % unit or not degree.plain:
            gone[place] = True
            found.append(0)
        else:
            found.append(root(n * 10**below.scale, d * 10**above.scale, g // unit, ROOT_PLACES))
    values = Fixed.of(found)
    bits = bits | np.where(gone, EMPTY | HIDDEN, 0).astype(np.uint8)
    return Quantity(Fixed(values.values, ROOT_PLACES), None, None, bits, False, flags)


def unpooled(one: Quantity, empty: Mask) -> Quantity:
    """The same values, whose parts do not add up; empty where said."""
    bits = one.bits | np.where(empty, EMPTY | HIDDEN, 0).astype(np.uint8)
    return evolve(one, bits=bits, pooled=False)


def averaged(one: Quantity, places: Places, length: int) -> Quantity:
    """Means of values, exactly; those that are empty do not count.

    Args:
        one: The values.
        places: Which cell each belongs to; −1: none.
        length: How many cells there are.
    """
    sums, counts = [Fraction(0)] * length, [0] * length
    bits = np.zeros(length, dtype=np.uint8)
    there = places >= 0
    np.bitwise_or.at(bits, places[there], one.bits[there] & np.uint8(PROVISIONAL | IMMATURE | MISSING))
    valid = there & ((one.bits & (EMPTY | MISSING | IMMATURE)) == 0)
    for place, value in zip(places[valid].tolist(), _fractions(one, valid), strict=True):
        sums[place] += value
        counts[place] += 1
    nothing = np.array([count == 0 for count in counts], dtype=np.bool_)
    bits = bits | np.where(nothing, EMPTY | HIDDEN, 0).astype(np.uint8)
    flags = {name: np.isin(np.arange(length), places[mask & there]) for name, mask in one.flags.items()}
    return valued([total / max(count, 1) for total, count in zip(sums, counts, strict=True)], bits, flags)


def monthly(parts: Sequence[Quantity], months: Places) -> Quantity:
    """Means over the months of each cell's period, exactly; empty where one of them is, or where there is none.

    Args:
        parts: What each month has, in order, at least as many as any period has.
        months: How many months the period of each cell has.
    """
    length = len(months)
    sums, flags = [Fraction(0)] * length, dict[str, Mask]()
    bits = np.where(months <= 0, EMPTY | HIDDEN, 0).astype(np.uint8)
    for place, part in enumerate(parts):
        inside = months > place
        bits = bits | np.where(inside, part.bits, 0).astype(np.uint8)
        flags = dict(
            _merged(flags, {name: mask & inside for name, mask in part.flags.items() if (mask & inside).any()})
        )
        valid = inside & ((part.bits & (EMPTY | MISSING | IMMATURE)) == 0)
        for cell, value in zip(np.flatnonzero(valid).tolist(), _fractions(part, valid), strict=True):
            sums[cell] += value
    means = [total / max(count, 1) for total, count in zip(sums, months.tolist(), strict=True)]
    return valued(means, _hide(bits), flags)


def valued(values: Sequence[Fraction], bits: Bits, flags: Mapping[str, Mask]) -> Quantity:
    """Values whose parts are not shown.

    Args:
        values: The values.
        bits, flags: Of each.
    """
    tops, bottoms = ([getattr(value, side) for value in values] for side in ("numerator", "denominator"))
    return Quantity(Fixed.of(tops), Fixed.of(bottoms), object(), bits, False, flags)


def _fractions(one: Quantity, where: Mask) -> list[Fraction]:
    """The values of some cells, whose denominators are above 0."""
    above, below = one.above.spread(len(where)), one.denominators().spread(len(where))
    scale = Fraction(10**below.scale, 10**above.scale)
    pairs = zip(above.values[where].tolist(), below.values[where].tolist(), strict=True)
    return [scale * Fraction(n, d) for n, d in pairs]


def crossed(level: Quantity, gains: Sequence[Quantity]) -> Quantity:
    """The number of the first gain that reaches a level, of those that are final; else how many are, flagged `censored`.

    Args:
        level: What is to be reached; empty where it is not above 0.
        gains: Totals without denominators, in order.
    """
    length = len(level.bits)
    above, below = level.above.spread(length), level.denominators().spread(length)
    bits, flags = level.bits, level.flags
    steps, reached = np.zeros(length, dtype=np.int64), np.zeros(length, dtype=np.bool_)
    for gain in gains:
        bits, flags = bits | (gain.bits & np.uint8(MISSING)), _merged(flags, gain.flags)
        counts = ~reached & ((gain.bits & (PROVISIONAL | IMMATURE)) == 0)
        steps = steps + counts
        reached = reached | (counts & ~(gain.above * below).less(above))
    wait = np.where(~reached & (steps < len(gains)), PROVISIONAL, 0) | np.where(~reached & (steps == 0), IMMATURE, 0)
    wait = wait | np.where(above.signs() <= 0, EMPTY | HIDDEN, 0)
    bits = bits | wait.astype(np.uint8)
    flags = _with(flags, CENSORED, ~reached & ((bits & (EMPTY | IMMATURE | MISSING)) == 0))
    return Quantity(Fixed(steps), None, None, bits, False, flags)


def _together(one: Quantity, other: Quantity) -> tuple[Bits, Mapping[str, Mask], bool]:
    return one.bits | other.bits, _merged(one.flags, other.flags), one.pooled and other.pooled


def _merged(one: Mapping[str, Mask], other: Mapping[str, Mask]) -> Mapping[str, Mask]:
    merged = dict(one)
    for name, mask in other.items():
        merged[name] = merged[name] | mask if name in merged else mask
    return merged


def _with(flags: Mapping[str, Mask], name: str, mask: Mask) -> Mapping[str, Mask]:
    return _merged(flags, {name: mask}) if mask.any() else flags


def _empty(one: Quantity) -> Mask:
    return np.asarray((one.bits & EMPTY) != 0, dtype=np.bool_)


def _hide(bits: Bits) -> Bits:
    return bits | np.where(bits & EMPTY, HIDDEN, 0).astype(np.uint8)
