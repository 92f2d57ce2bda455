"""Parts put together: everyone's total over their segments, and lines that sum up what the segments say.

A total is Σ days × segment's total ÷ Σ days over the segments that have one, rounded once, half-even, to 9 places. A
segment without a total gives its days to the others; a segment that blocks sealing leaves no total. A line of who has
several segments has, over those segments,

- weight: Σ days × weight ÷ Σ days, 0 where the line is not on the card, to 9 places;
- attainment: Σ days × weight × attainment ÷ Σ days × weight of the segments where it has one, to 9 places, so that the sum
  of points × weight ÷ 100 is the total but for these roundings, as long as no weight was redistributed;
- numerator and denominator: their sums; null where a segment with a value has none, or measures something else;
- value: numerator ÷ denominator; target: the sum of prorated ones, else the one that all segments have, else null;
- state: that of a segment with a value, `provisional` where one is; without any value the one that may still change;
- bound: what bound it in every segment that has points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.evaluation.numbers.exact import Fixed, Mask, stacked
from kpicore.evaluation.scoring.cells import (
    ABSENT,
    STATES,
    VALUED,
    Cells,
    Codes,
    Column,
    Flags,
    Subjects,
    in_order,
    stacked_cells,
    stacked_columns,
)
from kpicore.evaluation.scoring.score import ATTAINMENT_PLACES, WEIGHT_PLACES, Attained, Totals
from kpicore.evaluation.scoring.scored import Scored, ScoredLine
from kpicore.evaluation.sealing.columns import ratio
from kpicore.evaluation.split.lines import request_of
from kpicore.evaluation.split.parts import Part

__all__ = ["Split", "combined", "pooled", "union_of"]

Integers: TypeAlias = "npt.NDArray[np.int64]"
Places: TypeAlias = "npt.NDArray[np.intp]"


@frozen(eq=False)
class Split:
    """What a split evaluation has beside the lines of everyone.

    Args:
        parts: The segments, in order.
        whole: Days of the period.
        days: Days that each subject has on the card.
        plain: Who was there all the time under the card as it is: their lines are not summed up from segments.
        weights: Of each line the weight of every subject.
        there: Of each line who has it on their card.
    """

    parts: tuple[Part, ...]
    whole: int
    days: Integers
    plain: Mask
    weights: tuple[Column, ...]
    there: tuple[Mask, ...]


def pooled(parts: Sequence[Part], card: Scorecard, subjects: Subjects | None = None) -> tuple[Scored, Split]:
    """Everyone's totals and lines.

    Args:
        parts: The segments, in order.
        card: The card whose bands count: the version in force at the end of the period.
        subjects: Everyone, in order; None: whoever has a segment.

    Returns:
        Lines and totals of everyone on a card with the lines of all versions, and what makes them a split evaluation.
    """
    if subjects is None:
        subjects = in_order({name for part in parts for name in part.group.subjects})
    number = {name: place for place, name in enumerate(subjects)}
    places = tuple(np.array([number[name] for name in part.group.subjects], dtype=np.intp) for part in parts)
    whole = parts[0].period.days
    plain = np.zeros(len(subjects), dtype=np.bool_)
    days = np.zeros(len(subjects), dtype=np.int64)
    for part, where in zip(parts, places, strict=True):
        days[where] += part.segment.days
        plain[where] = part.segment.days == whole and part.card == card
    totals = combined(
        [part.scored.totals for part in parts], places, [part.segment.days for part in parts], len(subjects), plain
    )
    union = union_of(card, [part.card for part in parts])
    counted, measured = (
        _counted(parts, places, totals.none),
        {line.indicator for part in parts for line in part.card.lines},
    )
    lines, weights, there = zip(
        *(
            _Line(line.indicator, parts, places, totals.none).of_everyone(counted)
            if line.indicator in measured
            else _nobodys(len(subjects))
            for line in union.lines
        ),
        strict=True,
    )
    return Scored(union, (), subjects, lines, totals), Split(tuple(parts), whole, days, plain, weights, there)


def _nobodys(length: int) -> tuple[ScoredLine, Column, Mask]:
    """A line of a version under which nobody has a day; as `_Line.of_everyone`."""
    nothing, nobody, zeros = (
        Column.same(None, length),
        np.zeros(length, dtype=np.bool_),
        np.zeros(length, dtype=np.int64),
    )
    cells = Cells(nothing, nothing, nothing, np.full(length, ABSENT, dtype=np.int8), ((),) * length)
    attained = Attained(zeros, zeros, nobody, nobody, nobody, nobody, nobody)
    return ScoredLine(nothing, cells, attained, zeros.astype(np.int8)), nothing, nobody


def _counted(parts: Sequence[Part], places: Sequence[Places], none: Mask) -> Integers:
    """Days of everyone's segments that count in their totals; of all of them where there is no total."""
    days = np.zeros(len(none), dtype=np.int64)
    for part, where in zip(parts, places, strict=True):
        days[where] += _days(part, none[where])
    return days


def _days(part: Part, none: Mask) -> Integers:
    """Days that a part counts for each of its subjects: none where it has no total and others have one."""
    return np.where(part.scored.totals.none & ~none, 0, part.segment.days).astype(np.int64)


def union_of(card: Scorecard, others: Sequence[Scorecard]) -> Scorecard:
    """The card with the lines that only other versions have, after its own."""
    lines: dict[str, Line] = {line.indicator: line for one in (card, *others) for line in reversed(one.lines)}
    own = [line.indicator for line in card.lines]
    rest = sorted(name for name in lines if name not in own)
    return evolve(card, lines=[*card.lines, *(lines[name] for name in rest)])


def combined(
    totals: Sequence[Totals], places: Sequence[Places], days: Sequence[int], length: int, plain: Mask
) -> Totals:
    """Totals of everyone from those of segments.

    Args:
        totals: Of each segment, for its subjects.
        places: Where these subjects stand among everyone.
        days: Of each segment.
        length: How many everyone is.
        plain: Whose total is that of their one segment, exactly.
    """
    counted, sums = np.zeros(length, dtype=np.int64), Fixed(np.zeros(length, dtype=np.int64))
    moved, kept, everyday = (np.zeros(length, dtype=np.int64) for _ in range(3))
    exact = Fixed(np.zeros(length, dtype=np.int64))
    blocked = np.zeros(length, dtype=np.bool_)
    for one, where, n in zip(totals, places, days, strict=True):
        numbers = one.numbers.where(~one.none, Fixed.of(0))
        counted[where] += np.where(one.none, 0, n)
        sums = sums + _spread(numbers * Fixed.of(n), where, length)
        exact = exact + _spread(numbers, where, length)
        blocked[where] |= one.blocked
        everyday[where] += n
        moved[where] += one.redistributed * n
        kept[where] += one.kept * n
    none = blocked | (counted == 0)
    over = Fixed(np.where(none, 1, counted))
    shared = sums.divided(over, ATTAINMENT_PLACES)
    numbers = exact.where(plain, shared).where(~none, Fixed.of(0))
    per_day = Fixed(np.maximum(everyday, 1))
    return Totals(numbers, none, _rounded(moved, per_day), _rounded(kept, per_day), blocked)


def _rounded(weight: Integers, days: Fixed) -> Integers:
    return np.asarray(Fixed(weight).divided(days, 0).values, dtype=np.int64)


class _Line:
    """One line of everyone, one row a segment."""

    def __init__(self, indicator: str, parts: Sequence[Part], places: Sequence[Places], none: Mask) -> None:
        own = [
            (part, where, place)
            for part, where in zip(parts, places, strict=True)
            for place, line in enumerate(part.card.lines)
            if line.indicator == indicator
        ]
        self.lines = [part.scored.lines[place] for part, _, place in own]
        requests = [request_of(part.card.lines[place]) for part, _, place in own]
        #: Among everyone, the subject of each row.
        self.who = np.concatenate([where for _, where, _ in own])
        self.size = len(none)
        sizes = [len(where) for _, where, _ in own]
        self.volume = np.repeat([part.volumes[place] for part, _, place in own], sizes)
        self.kind = np.repeat([requests.index(request) for request in requests], sizes)
        shares = [int(part.card.lines[place].weight.scaleb(WEIGHT_PLACES)) for part, _, place in own]
        self.days = np.concatenate([_days(part, none[where]) for part, where, _ in own])
        self.shares = np.repeat(np.array(shares, dtype=np.int64), sizes) * self.days
        self.there = self.any(np.ones(len(self.who), dtype=np.bool_))
        #: The row of each subject's last segment; −1 for who has none.
        self.last = np.full(self.size, -1, dtype=np.intp)
        self.last[self.who] = np.arange(len(self.who))
        self.alone = np.bincount(self.who, minlength=self.size) == 1

    def any(self, mask: Mask) -> Mask:
        """Who has a row where that is true."""
        found = np.zeros(self.size, dtype=np.bool_)
        found[self.who[mask]] = True
        return found

    def sum(self, numbers: Fixed, mask: Mask) -> Fixed:
        """The sum of everyone's rows where that is true."""
        rows = numbers.values[mask]
        wide = rows.dtype == np.object_ or (len(rows) and int(np.abs(rows).max()) > (2**63 - 1) // len(rows))
        found = np.zeros(self.size, dtype=np.object_ if wide else np.int64)
        np.add.at(found, self.who[mask], rows)
        return Fixed(found, numbers.scale)

    def differs(self, column: Fixed, mask: Mask) -> Mask:
        """Who has two rows, both where that is true, that say different numbers."""
        chosen = np.full(self.size, -1, dtype=np.intp)
        chosen[self.who[mask]] = np.flatnonzero(mask)
        other = column - column.take(np.maximum(chosen[self.who], 0))
        return self.any(mask & np.asarray(other.values != 0, dtype=np.bool_))

    def _weights(self, days: Integers) -> Column:
        found = self.sum(Fixed(self.shares, WEIGHT_PLACES), np.ones(len(self.who), dtype=np.bool_))
        return Column(found.divided(Fixed(np.maximum(days, 1)), ATTAINMENT_PLACES), ~self.there)

    def of_everyone(self, days: Integers) -> tuple[ScoredLine, Column, Mask]:
        """The line of everyone, the weight that each has over the days that count, and who has it on their card."""
        targets, cells = self._measured()
        line = ScoredLine(targets, cells, self._attained(), np.zeros(self.size, dtype=np.int8))
        return line, self._weights(days), self.there

    def _attained(self) -> Attained:
        column = [line.attained for line in self.lines]
        units = stacked(Fixed(one.units, ATTAINMENT_PLACES) for one in column)
        has = np.concatenate([one.there for one in column]) & (self.days > 0)
        weighed, idle = (self.sum(Fixed(part), has) for part in (self.shares, self.days))
        by_weight, by_days = (self.sum(units * Fixed(part), has) for part in (self.shares, self.days))
        # A line that is only shown has no weight to go by.
        shown = weighed.values == 0
        above, below = by_days.where(shown, by_weight), idle.where(shown, weighed)
        scored = self.any(has)
        found = above.divided(below.where(scored, Fixed.of(1)), ATTAINMENT_PLACES).where(scored, Fixed.of(0))
        bound = [
            scored & ~self.any(has & ~np.concatenate([getattr(one, side) for one in column]))
            for side in ("floored", "capped", "least", "most")
        ]
        return Attained(found.values, found.values, scored, *bound)

    def _measured(self) -> tuple[Column, Cells]:
        cells = stacked_cells([line.cells for line in self.lines])
        target = stacked_columns([line.targets for line in self.lines])
        above, below, state = cells.numerator, cells.denominator, cells.state
        valued = state < VALUED
        plain = self.any(valued & below.null)
        unlike = self.differs(Fixed(self.kind), valued) | (plain & self.any(valued & ~below.null))
        no_number = unlike | self.any(valued & above.null) | ~self.any(valued)
        numerator = Column(self.sum(above.numbers, valued & ~above.null), no_number)
        denominator = Column(self.sum(below.numbers, valued & ~below.null), no_number | plain)
        summed = Cells(numerator, denominator, ratio(numerator, denominator), self._states(state), self._flags(cells))
        volume = self.volume
        no_target = (
            self.any(target.null) | self.differs(target.numbers, ~volume) | (self.any(volume) & self.any(~volume))
        )
        targets = Column(
            self.sum(target.numbers, volume & ~target.null).where(
                self.any(volume), target.numbers.take(np.maximum(self.last, 0))
            ),
            no_target,
        )
        # Who has one segment has what it says.
        own = cells.picked(self.last)
        return _choose(self.alone, target.picked(self.last), targets), Cells(
            _choose(self.alone, own.numerator, summed.numerator),
            _choose(self.alone, own.denominator, summed.denominator),
            _choose(self.alone, own.value, summed.value),
            np.where(self.alone, own.state, summed.state).astype(np.int8),
            summed.flags,
        )

    def _states(self, state: Codes) -> Codes:
        empty = np.zeros(self.size, dtype=np.int8)
        np.maximum.at(empty, self.who, state)
        provisional = self.any(state == STATES.index("provisional"))
        found = np.where(self.any(state < VALUED), provisional, np.where(self.there, empty, ABSENT))
        return found.astype(np.int8)

    def _flags(self, cells: Cells) -> Flags:
        found: list[tuple[str, ...]] = [()] * self.size
        if any(cells.flags):
            for who, flags in zip(self.who.tolist(), cells.flags, strict=True):
                if flags:
                    found[who] = tuple(sorted({*found[who], *flags}))
        return tuple(found)


def _choose(mask: Mask, one: Column, other: Column) -> Column:
    return Column(one.numbers.where(mask, other.numbers), np.where(mask, one.null, other.null))


def _spread(numbers: Fixed, places: Places, length: int) -> Fixed:
    """Numbers in their places among everyone, 0 elsewhere."""
    values = np.zeros(length, dtype=numbers.values.dtype)
    values[places] = numbers.values
    return Fixed(values, numbers.scale)
