"""From measured lines to totals: pure, exact, over all subjects and lines at once.

Order: value → attainment (curve) → floor and cap → points × weight → sum → band. Attainment is rounded once, half-even,
to 9 places; a total is exact, and rounded once to 9 places only where the weight of empty lines was redistributed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import frozen

from kpicore.definitions.curves import CurveForm
from kpicore.definitions.indicators import EMPTY_STATES, Direction
from kpicore.definitions.scorecards import EmptyPolicy
from kpicore.evaluation.exact import Fixed, Integers, Mask, half_even

#: Places of an attainment, of a weight, and of a total that is their sum of products.
ATTAINMENT_PLACES, WEIGHT_PLACES, TOTAL_PLACES = 9, 2, 11

DEFAULT_POLICY: EmptyPolicy = "redistribute"

_CODES: Mapping[EmptyPolicy, int] = {"redistribute": 1, "keep": 2, "floor": 3, "target": 4, "block": 5}

#: The policy of every subject's cell on a line, as a number; 0 where there is a value.
Policies: TypeAlias = "npt.NDArray[np.int8]"


@frozen
class LineRule:
    """How a line turns values into attainment.

    Args:
        form: The curve's rule.
        better: The indicator's direction.
        zero: The value that earns nothing, of a linear curve.
        floor, cap: Least and most attainment; cap None: no limit.
    """

    form: CurveForm
    better: Direction
    zero: Decimal
    floor: Decimal
    cap: Decimal | None


@frozen
class Attained:
    """Attainment of one line for all subjects, in units of 10⁻⁹.

    Args:
        units: Attainment inside floor and cap; 0 where there is none.
        raw: The same before floor and cap.
        there: Where there is a value to score.
        bound: `floor`, `cap` or None for each subject.
    """

    units: Integers
    raw: Integers
    there: Mask
    bound: tuple[str | None, ...]


@frozen
class Totals:
    """Totals of all subjects.

    Args:
        totals: Exact totals, None where every scored line is empty or a policy blocks.
        redistributed: Weight of empty lines that went to the others, by subject.
        kept: Weight of empty lines that was kept without points, by subject.
        blocked: Where a policy blocks sealing.
    """

    totals: tuple[Decimal | None, ...]
    redistributed: tuple[Decimal, ...]
    kept: tuple[Decimal, ...]
    blocked: Mask


def attain(rule: LineRule, numerator: Fixed, denominator: Fixed, target: Fixed, there: Mask) -> Attained:
    """Attainment of one line.

    `ratio`: value ÷ target where higher is better, 1 − (value − target) ÷ |target| where lower is better, for targets
    above 0. `linear`: (value − zero) ÷ (target − zero).

    Args:
        rule: The line's curve, direction, floor and cap.
        numerator, denominator: The exact value of each subject; anything where `there` is false.
        target: Target of each subject; anything where `there` is false.
        there: Where there are a value and a target.
    """
    one, nothing = Fixed.of(1), Fixed.of(0)
    numerator, denominator, target = (
        numerator.where(there, nothing),
        denominator.where(there, one),
        target.where(there, one),
    )
    if rule.form == "linear":
        zero = Fixed.of(rule.zero)
        above, below = numerator - zero * denominator, (target - zero) * denominator
    else:
        below = denominator * target
        above = numerator if rule.better == "higher" else below + below - numerator
    above, below = above.where(there, nothing), below.where(there, one)
    downwards = below.signs() < 0
    raw = above.where(~downwards, -above).divided(below.where(~downwards, -below), ATTAINMENT_PLACES).values
    floor, cap = _units(rule.floor), None if rule.cap is None else _units(rule.cap)
    low = there & (raw < floor)
    units = np.where(low, floor, raw)
    high = np.zeros_like(there)
    if cap is not None:
        high = there & (raw > cap)
        units = np.where(high, cap, units)
    bound = tuple(
        "floor" if under else "cap" if over else None for under, over in zip(low.tolist(), high.tolist(), strict=True)
    )
    return Attained(np.where(there, units, 0), np.where(there, raw, 0), there, bound)


def substitute(attained: Attained, states: Sequence[str], rule: LineRule, empty: Mapping[str, EmptyPolicy]) -> Attained:
    """The same attainment with `floor` and `target` in the place of empty states whose policy says so."""
    policies = [empty.get(state, DEFAULT_POLICY) if state in EMPTY_STATES else None for state in states]
    if not {"floor", "target"} & set(policies):
        return attained
    full = 10**ATTAINMENT_PLACES if rule.cap is None else min(10**ATTAINMENT_PLACES, _units(rule.cap))
    units, there, bound = attained.units.copy(), attained.there.copy(), list(attained.bound)
    for subject, policy in enumerate(policies):
        if policy in ("floor", "target"):
            units[subject] = _units(rule.floor) if policy == "floor" else max(full, _units(rule.floor))
            there[subject] = True
            bound[subject] = "floor" if policy == "floor" else None
    return Attained(units, attained.raw, there, tuple(bound))


def total(weights: Sequence[Decimal], attained: Sequence[Attained], policies: Sequence[Policies]) -> Totals:
    """Totals: the sum of points × weight ÷ 100 of every line.

    The weight of an empty line whose policy is `redistribute` goes to the lines with points in proportion to their
    weights; with `keep` it earns nothing. Where no scored line has points, there is no total.

    Args:
        weights: Weight of each line; two places.
        attained: Attainment of each line, with substitutes.
        policies: What `policies_of` gave for each line.
    """
    shares = np.array([int(weight.scaleb(WEIGHT_PLACES)) for weight in weights], dtype=np.int64)
    units = np.stack([column.units for column in attained], axis=1)
    there = np.stack([column.there for column in attained], axis=1)
    chosen = np.stack(policies, axis=1)
    whole = int(shares.sum())
    blocked = np.asarray(((chosen == _CODES["block"]) & (shares > 0)).any(axis=1), dtype=np.bool_)
    kept = (~there & (chosen == _CODES["keep"])).astype(np.int64) @ shares
    scored = there.astype(np.int64) @ shares
    sums = _products(units * there, shares)
    found = tuple(
        None if blocks or not weighing else _total(int(points), whole, int(weighing), int(keeping))
        for points, weighing, keeping, blocks in zip(
            sums.tolist(), scored.tolist(), kept.tolist(), blocked.tolist(), strict=True
        )
    )
    hundredths = Decimal(1).scaleb(-WEIGHT_PLACES)
    return Totals(
        found,
        tuple(weight * hundredths for weight in (whole - scored - kept).tolist()),
        tuple(weight * hundredths for weight in kept.tolist()),
        blocked,
    )


def policies_of(states: Sequence[str], empty: Mapping[str, EmptyPolicy]) -> Policies:
    """The policy of every cell of a line as a small number; 0 where it has a value."""
    codes: dict[str, int] = {state: _CODES[empty.get(state, DEFAULT_POLICY)] for state in EMPTY_STATES}
    return np.array([codes.get(state, 0) for state in states], dtype=np.int8)


def band(total_: Decimal | None, bands: Mapping[str, Decimal]) -> str | None:
    """The band with the highest lower bound that the total reaches; None below all of them and without a total."""
    reached = [] if total_ is None else [(bound, name) for name, bound in bands.items() if bound <= total_]
    return max(reached)[1] if reached else None


def _total(points: int, whole: int, weighing: int, keeping: int) -> Decimal:
    if weighing + keeping == whole:
        return _number(points, TOTAL_PLACES)
    steps = 10 ** (TOTAL_PLACES - ATTAINMENT_PLACES)
    return _number(half_even(points * (whole - keeping), weighing * steps), ATTAINMENT_PLACES)


def _number(units: int, places: int) -> Decimal:
    [number] = Fixed(np.array([units], dtype=np.object_), places).decimals()
    return Decimal(number)


def _units(limit: Decimal) -> int:
    return int(limit.scaleb(ATTAINMENT_PLACES))


def _products(units: Integers, weights: npt.NDArray[np.int64]) -> Integers:
    """Σ units × weight of every subject, in 64 bits where they suffice."""
    if units.dtype != np.object_:
        largest = int(np.abs(units).max(initial=0))
        if largest * int(weights.sum()) < 2**63:
            return np.asarray(units @ weights)
    return np.asarray(units.astype(np.object_) @ weights.astype(np.object_), dtype=np.object_)
