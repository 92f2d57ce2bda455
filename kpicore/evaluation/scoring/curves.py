"""Curves at work: from exact values and targets to attainment before floor and cap, for everyone at once.

Every form is exact until its one rounding, half-even, to 9 places. All but two are straight lines, put together: a value
falls into a piece by an exact comparison, half-open, and lies on that piece's line. Of `inverse_ratio` the line is one of
target ÷ value; the whole steps of `points_per_step` are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen

from kpicore.definitions.cards.curves import CurveForm
from kpicore.definitions.indicators import Direction
from kpicore.evaluation.numbers.exact import Fixed, Integers, Mask

__all__ = ["ATTAINMENT_PLACES", "Reached", "reach"]

#: Places of an attainment.
ATTAINMENT_PLACES = 9
#: What target ÷ value attains where the value is not above 0: more than any cap.
BEYOND = 1_000_000 * 10**ATTAINMENT_PLACES

_ONE, _NOTHING = Fixed.of(1), Fixed.of(0)


@frozen(eq=False)
class Quotients:
    """Exact numbers as above ÷ below, with below above 0."""

    above: Fixed
    below: Fixed

    @classmethod
    def of(cls, above: Fixed, below: Fixed) -> Quotients:
        """Quotients of divisors that are not 0."""
        downwards = below.signs() < 0
        if downwards.any():
            above, below = above.where(~downwards, -above), below.where(~downwards, -below)
        return cls(above, below)

    def rounded(self) -> Integers:
        """Rounded once, half-even, in units of 10⁻⁹."""
        return self.above.divided(self.below, ATTAINMENT_PLACES).values

    def reach(self, bound: Decimal) -> Mask:
        """Where they are at least `bound`."""
        return ~self.above.less(Fixed.of(bound) * self.below)

    def beyond(self, bound: Decimal) -> Mask:
        """Where they are more than `bound`."""
        return (Fixed.of(bound) * self.below).less(self.above)


@frozen(eq=False)
class Reached:
    """What a curve gives everyone.

    Args:
        units: Attainment in units of 10⁻⁹.
        least, most: Where a limit of the curve's own binds, below and above.
    """

    units: Integers
    least: Mask
    most: Mask


@frozen
class Piece:
    """A straight line from a value on: `start` + (value − `at`) × `rise` ÷ `run`; its numbers are points."""

    at: Decimal
    start: Fixed
    rise: Fixed
    run: Fixed

    @classmethod
    def level(cls, at: Decimal, points: Decimal) -> Piece:
        """A step: the same points from `at` on."""
        return cls(at, Fixed.of(points), _NOTHING, _ONE)

    @classmethod
    def between(cls, low: tuple[Decimal, Decimal], high: tuple[Decimal, Decimal]) -> Piece:
        """The line through two points, from the lower one on."""
        (at, start), (end, last) = low, high
        run, rise = Fixed.of(end) - Fixed.of(at), Fixed.of(last) - Fixed.of(start)
        return cls(at, Fixed.of(start), rise, run)


_Values: TypeAlias = "Mapping[str, Any]"
_Form: TypeAlias = "Callable[[_Values, Direction, Quotients, Fixed], Reached]"


def reach(
    form: CurveForm, values: _Values, better: Direction, value: tuple[Fixed, Fixed], target: Fixed, there: Mask
) -> Reached:
    """Attainment of one line before floor and cap.

    Args:
        form: The curve's form.
        values: Its parameters, as `curve_checks.curve_values` gives them.
        better: The indicator's direction.
        value: Numerators and denominators above 0; anything where `there` is false.
        target: Targets; anything where `there` is false.
        there: Where there is a value, and a target if the curve needs one.
    """
    above, below = value
    if not there.all():
        above, below, target = above.where(there, _NOTHING), below.where(there, _ONE), target.where(there, _ONE)
    found = _FORMS[form](values, better, Quotients(above, below), target)
    if there.all():
        return found
    return Reached(np.where(there, found.units, 0), found.least & there, found.most & there)


def _free(units: Integers) -> Reached:
    """A curve without limits of its own."""
    nobody = np.zeros(len(units), dtype=np.bool_)
    return Reached(units, nobody, nobody)


def _of_target(better: Direction, value: Quotients, target: Fixed) -> Quotients:
    """Value ÷ target; where lower is better 1 − (value − target) ÷ |target|, which is 2 − value ÷ target above 0."""
    below = value.below * target
    return Quotients.of(value.above if better == "higher" else below + below - value.above, below)


def _ratio(_values: _Values, better: Direction, value: Quotients, target: Fixed) -> Reached:
    return _free(_of_target(better, value, target).rounded())


def _inverse_ratio(_values: _Values, _better: Direction, value: Quotients, target: Fixed) -> Reached:
    positive = value.above.signs() > 0
    above, below = (target * value.below).where(positive, _ONE), value.above.where(positive, _ONE)
    return _free(np.where(positive, Quotients(above, below).rounded(), BEYOND))


def _linear(values: _Values, _better: Direction, value: Quotients, target: Fixed) -> Reached:
    zero = Fixed.of(values["zero"])
    below = (target - zero) * value.below
    # A target at the zero point is refused; who has none is not looked at.
    safe = below.where(below.signs() != 0, _ONE)
    return _free(Quotients.of(value.above - zero * value.below, safe).rounded())


def _range(values: _Values, _better: Direction, value: Quotients, _target: Fixed) -> Reached:
    lo, hi, lo0, hi0 = (values[name] for name in ("lo", "hi", "lo0", "hi0"))
    hundred, nothing = Decimal(100), Decimal(0)
    pieces = [
        Piece.between((lo0, nothing), (lo, hundred)),
        Piece.level(lo, hundred),
        Piece.between((hi, hundred), (hi0, nothing)),
    ]
    return _free(_on(pieces, value).rounded())


def _steps(values: _Values, better: Direction, value: Quotients, target: Fixed) -> Reached:
    table: Sequence[tuple[Decimal, Decimal]] = values["steps"]
    by_value = values["of"] == "value"
    looked_up = value if by_value else _of_target(better, value, target)
    tiers = values["tiers"]
    if tiers == "marginal":
        pieces = _marginal(table)
    elif tiers == "interpolated":
        ends = pairwise(table)
        pieces = [*(Piece.between(low, high) for low, high in ends), Piece.level(*table[-1])]
    else:
        pieces = [Piece.level(start, points) for start, points in table]
    units = _on(pieces, looked_up).rounded()
    under = ~looked_up.reach(table[0][0])
    over = looked_up.beyond(table[-1][0]) & (tiers == "interpolated")
    if by_value and better == "lower":
        # The first step reaches down without end: who is better than the table has its first points.
        first = int(table[0][1].scaleb(ATTAINMENT_PLACES - 2))
        return Reached(np.where(under, first, units), over, under & (tiers == "interpolated"))
    return Reached(np.where(under, 0, units), under, over)


def _marginal(table: Sequence[tuple[Decimal, Decimal]]) -> list[Piece]:
    """Every step adds its points for each unit within it to what the steps below it gave."""
    pieces, earned = [], _NOTHING
    for (at, each), (end, _) in zip(table, [*table[1:], table[-1]], strict=True):
        pieces.append(Piece(at, earned, Fixed.of(each), _ONE))
        earned = earned + (Fixed.of(end) - Fixed.of(at)) * Fixed.of(each)
    return pieces


def _points_per_step(values: _Values, better: Direction, value: Quotients, target: Fixed) -> Reached:
    points, least, most = (Fixed.of(values[name]) for name in ("points", "min", "max"))
    # Steps off the target: (value − target) ÷ target × 100 ÷ per, turned round where lower is better.
    ratio = _of_target(better, value, target)
    above, below = (ratio.above - ratio.below) * Fixed.of(100), ratio.below * Fixed.of(values["per"])
    partial = values["partial"]
    if partial == "proportional":
        units = Quotients(below * Fixed.of(100) + above * points, below * Fixed.of(100)).rounded()
    else:
        backwards = (above.signs() < 0) & (partial == "dropped")
        whole = above.where(~backwards, -above).floored(below)
        found = Fixed.of(100) + whole.where(~backwards, -whole) * points
        units = found.divided(Fixed.of(100), ATTAINMENT_PLACES).values
    low, high = (limit.divided(Fixed.of(100), ATTAINMENT_PLACES).values for limit in (least, most))
    return Reached(np.clip(units, low, high), np.asarray(units < low), np.asarray(units > high))


def _milestone(values: _Values, _better: Direction, value: Quotients, _target: Fixed) -> Reached:
    yes, no, late = values["yes"], values["no"], values["late"]
    first, rows = (yes, late) if late else (no, [(Decimal(1), yes)])
    return _free(_on([Piece.level(start, points) for start, points in rows], value, first).rounded())


def _on(pieces: Sequence[Piece], value: Quotients, under: Decimal | None = None) -> Quotients:
    """Everyone's attainment on the piece that they fall into.

    Args:
        pieces: In rising order.
        value: What falls into them.
        under: Points below the first; None: the first piece's line goes on.
    """
    above, below = _line(pieces[0], value)
    if under is not None:
        inside = value.reach(pieces[0].at)
        above, below = above.where(inside, Fixed.of(under)), below.where(inside, Fixed.of(100))
    for piece in pieces[1:]:
        inside = value.reach(piece.at)
        if inside.any():
            one, other = _line(piece, value)
            above, below = one.where(inside, above), other.where(inside, below)
    return Quotients(above, below)


def _line(piece: Piece, value: Quotients) -> tuple[Fixed, Fixed]:
    """Attainment on a piece's line as a quotient: points ÷ 100."""
    run = piece.run * value.below
    rise = (value.above - Fixed.of(piece.at) * value.below) * piece.rise
    return piece.start * run + rise, run * Fixed.of(100)


_FORMS: Mapping[CurveForm, _Form] = {
    "ratio": _ratio,
    "inverse_ratio": _inverse_ratio,
    "linear": _linear,
    "range": _range,
    "steps": _steps,
    "points_per_step": _points_per_step,
    "milestone": _milestone,
}
