"""From measured lines to totals: pure, exact, over all subjects and lines at once.

Order: value → attainment (curve) → floor and cap → points × weight → sum; `outcome` has what comes after. Attainment is
rounded once, half-even, to 9 places; a sum is exact, and rounded once to 9 places only where the weight of empty lines was
redistributed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from kpicore.definitions.cards.curves import CurveForm, needs_target
from kpicore.definitions.cards.scorecards import DEFAULT_POLICY, EmptyPolicy
from kpicore.definitions.indicators import EMPTY_STATES, Direction
from kpicore.evaluation.numbers.exact import Fixed, Integers, Mask
from kpicore.evaluation.scoring.cells import ABSENT, STATES, Codes
from kpicore.evaluation.scoring.curves import ATTAINMENT_PLACES, reach

__all__ = [
    "ATTAINMENT_PLACES",
    "DEFAULT_POLICY",
    "TOTAL_PLACES",
    "WEIGHT_PLACES",
    "Attained",
    "LineRule",
    "Policies",
    "Totals",
    "attain",
    "blocks",
    "merged",
    "policies_of",
    "substitute",
    "takes_last",
    "total",
]

#: Places of a weight, and of a total that is a sum of products of attainment and weights.
WEIGHT_PLACES, TOTAL_PLACES = 2, 11

_POLICIES: Mapping[EmptyPolicy, int] = {"redistribute": 1, "keep": 2, "floor": 3, "target": 4, "block": 5, "last": 6}

#: The policy of every subject's cell on a line, as a number; 0 where there is a value.
Policies: TypeAlias = "npt.NDArray[np.int8]"


@frozen
class LineRule:
    """How a line turns values into attainment.

    Args:
        form: The curve's rule.
        better: The indicator's direction.
        floor, cap: Least and most attainment; cap None: no limit.
        values: The curve's parameters.
    """

    form: CurveForm
    better: Direction
    floor: Decimal
    cap: Decimal | None
    values: Mapping[str, Any] = field(factory=dict)

    @property
    def needs_target(self) -> bool:
        """Whether nothing is scored without a target."""
        return needs_target(self.form, self.values)


@frozen(eq=False)
class Attained:
    """Attainment of one line for all subjects, in units of 10⁻⁹.

    Args:
        units: Attainment inside floor and cap; 0 where there is none.
        raw: The same before floor and cap.
        there: Where there is something to score.
        floored, capped: Where floor or cap bind.
        least, most: Where a limit of the curve's own binds, and neither floor nor cap.
    """

    units: Integers
    raw: Integers
    there: Mask
    floored: Mask
    capped: Mask
    least: Mask
    most: Mask

    @property
    def bound(self) -> Mapping[str, Mask]:
        """Where each of `floor`, `cap`, `min` and `max` binds; at most one of them for a subject."""
        return {"floor": self.floored, "cap": self.capped, "min": self.least, "max": self.most}

    def bounds(self) -> list[str | None]:
        """What bound each subject; None where nothing did."""
        found: list[str | None] = [None] * len(self.there)
        for name, mask in self.bound.items():
            for n in np.flatnonzero(mask).tolist():
                found[n] = name
        return found


@frozen(eq=False)
class Totals:
    """Totals of all subjects.

    Args:
        numbers: Exact totals; 0 where there is none.
        none: Where every scored line is empty or a policy blocks.
        redistributed: Weight of empty lines that went to the others, in hundredths.
        kept: Weight of empty lines that was kept without points, in hundredths.
        blocked: Where a policy blocks sealing.
    """

    numbers: Fixed
    none: Mask
    redistributed: npt.NDArray[np.int64]
    kept: npt.NDArray[np.int64]
    blocked: Mask

    def decimals(self) -> list[Decimal | None]:
        """Totals as decimals, None where there is none."""
        return self.numbers.decimals(self.none)


def attain(rule: LineRule, value: tuple[Fixed, Fixed], target: Fixed, there: Mask) -> Attained:
    """Attainment of one line: what its curve gives, between floor and cap.

    Args:
        rule: The line's curve, direction, floor and cap.
        value: The exact value of each subject, as numerators and denominators above 0; anything where `there` is false.
        target: Target of each subject; anything where `there` is false.
        there: Where there is a value, and a target if the curve needs one.
    """
    reached = reach(rule.form, rule.values, rule.better, value, target, there)
    raw = reached.units
    floor = _units(rule.floor)
    low = there & np.asarray(raw < floor, dtype=np.bool_)
    units = np.where(low, floor, raw)
    high = np.zeros_like(there)
    if rule.cap is not None:
        cap = _units(rule.cap)
        high = there & np.asarray(raw > cap, dtype=np.bool_)
        units = np.where(high, cap, units)
    free = ~(low | high)
    return Attained(np.where(there, units, 0), raw, there, low, high, reached.least & free, reached.most & free)


def policies_of(states: Codes, empty: Mapping[str, EmptyPolicy]) -> Policies:
    """The policy of every cell of a line as a small number; 0 where it has a value, or nobody is there."""
    codes = np.zeros(ABSENT + 1, dtype=np.int8)
    for code, state in enumerate(STATES):
        if state in EMPTY_STATES:
            codes[code] = _POLICIES[empty.get(state, DEFAULT_POLICY)]
    return np.asarray(codes[states])


def takes_last(policies: Policies) -> Mask:
    """Where a policy takes the last value."""
    return np.asarray(policies == _POLICIES["last"], dtype=np.bool_)


def blocks(policies: Policies) -> Mask:
    """Where a policy blocks sealing."""
    return np.asarray(policies == _POLICIES["block"], dtype=np.bool_)


def merged(attained: Attained, other: Attained) -> Attained:
    """The first, and the other where it is there; nobody is in both."""
    return Attained(
        np.where(other.there, other.units, attained.units),
        np.where(other.there, other.raw, attained.raw),
        attained.there | other.there,
        *(one | two for one, two in zip(attained.bound.values(), other.bound.values(), strict=True)),
    )


def substitute(attained: Attained, policies: Policies, rule: LineRule) -> Attained:
    """The same attainment with `floor` and `target` in the place of empty states whose policy says so."""
    floor, target = policies == _POLICIES["floor"], policies == _POLICIES["target"]
    if not (floor | target).any():
        return attained
    least, full = _units(rule.floor), 10**ATTAINMENT_PLACES
    most = full if rule.cap is None else min(full, _units(rule.cap))
    units = np.where(floor, least, np.where(target, max(most, least), attained.units))
    there, floored = attained.there | floor | target, attained.floored | floor
    return evolve(attained, units=units, there=there, floored=floored)


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
    blocked = np.asarray((blocks(chosen) & (shares > 0)).any(axis=1), dtype=np.bool_)
    kept = (~there & (chosen == _POLICIES["keep"])).astype(np.int64) @ shares
    scored = there.astype(np.int64) @ shares
    moved = whole - scored - kept
    none = np.asarray(blocked | (scored == 0), dtype=np.bool_)
    sums = Fixed(_products(units, shares), TOTAL_PLACES)
    spread = np.asarray((moved > 0) & ~none, dtype=np.bool_)
    if spread.any():
        # Most subjects have points on every line: only the others' sums are divided.
        places = np.flatnonzero(spread)
        over = Fixed(scored[places]), Fixed((whole - kept)[places])
        shared = (sums.take(places) * over[1]).divided(over[0], ATTAINMENT_PLACES)
        sums = sums.replaced(places, shared)
    return Totals(sums.where(~none, Fixed.of(0)), none, moved, kept, blocked)


def _units(limit: Decimal) -> int:
    return int(limit.scaleb(ATTAINMENT_PLACES))


def _products(units: Integers, shares: npt.NDArray[np.int64]) -> Integers:
    """Σ units × weight of every subject, in 64 bits where they suffice."""
    if units.dtype != np.object_:
        largest = int(np.abs(units).max(initial=0))
        if largest * int(shares.sum()) < 2**63:
            return np.asarray(units @ shares)
    return np.asarray(units.astype(np.object_) @ shares.astype(np.object_), dtype=np.object_)
