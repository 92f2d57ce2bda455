"""In how many days something happens, of what was watched from one age to another: Kaplan and Meier, exactly.

E. L. Kaplan and P. Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958), 457–481.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from kpicore.evaluation.numbers.quantities import CENSORED, EMPTY, HIDDEN, Places, Quantity, valued

#: How many are of each age, in days.
Ages = Mapping[int, int]


def by_place(places: Places, ages: Sequence[int], counts: Iterable[int], length: int) -> list[dict[int, int]]:
    """Numbers of each age in each cell.

    Args:
        places: Which cell each number belongs to; −1: none.
        ages: Its age.
        counts: The numbers.
        length: How many cells there are.
    """
    found: list[dict[int, int]] = [{} for _ in range(length)]
    for place, age, count in zip(places.tolist(), ages, counts, strict=True):
        if place >= 0 and count:
            found[place][age] = int(count)
    return found


def survived(
    entered: Sequence[Ages], left: Sequence[Ages], happened: Sequence[Ages], share: Fraction | None, start: Quantity
) -> Quantity:
    """After how many days a share of all is past it, or the mean of the days; `censored` where it takes longer.

    Args:
        entered, left, happened: In each cell how many began to be watched at an age, were not watched any more after one,
            and were past it at one.
        share: Of which share; None: the mean.
        start: Bits and flags of each cell.
    """
    found = [_days(*cell, share) for cell in zip(entered, left, happened, strict=True)]
    nobody = np.array([not cell for cell in entered], dtype=np.bool_)
    longer = np.array([censored for _, censored in found], dtype=np.bool_) & ~nobody
    bits = start.bits | np.where(nobody, EMPTY | HIDDEN, 0).astype(np.uint8)
    flags = {**start.flags, **({CENSORED: longer} if longer.any() else {})}
    return valued([value for value, _ in found], bits, flags)


def _days(entered: Ages, left: Ages, happened: Ages, share: Fraction | None) -> tuple[Fraction, bool]:
    """The days, and whether it takes longer than was watched."""
    remaining, mean, day = Fraction(1), Fraction(0), 0
    came, went = sorted(entered), sorted(left)
    watched = 0
    for age in sorted(happened):
        while came and came[0] < age:
            watched += entered[came.pop(0)]
        while went and went[0] < age:
            watched -= left[went.pop(0)]
        mean += remaining * (age - day)
        day = age
        remaining *= Fraction(watched - happened[age], watched)
        if share is not None and remaining <= 1 - share:
            return Fraction(age), False
    last = max(left, default=0)
    if share is not None:
        return Fraction(last), True
    return mean + remaining * (last - day), remaining > 0
