"""Measured lines of a scorecard: what every subject has on every line, as aligned columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.definitions.indicators import EMPTY_STATES
from kpicore.evaluation.numbers.exact import Fixed, Mask, stacked
from kpicore.evaluation.scoring.targets import NONE_RECORDED, Recorded

#: The flag of a line that has no target for a subject; its state is then `missing_data`.
NO_TARGET = "no_target"

#: States in the order of their codes: first those in which there is a value to score.
STATES: tuple[str, ...] = ("ok", "provisional", *EMPTY_STATES)
VALUED = 2
#: Code of who is not there at all: nothing is scored, and no policy applies.
ABSENT = len(STATES)

_CODES: Mapping[str, int] = {state: code for code, state in enumerate(STATES)}

Subjects: TypeAlias = "tuple[str | None, ...]"
Codes: TypeAlias = "npt.NDArray[np.int8]"
Flags: TypeAlias = "tuple[tuple[str, ...], ...]"


def in_order(names: Iterable[str | None]) -> Subjects:
    """Subjects in their order: the company, or names by code points."""
    return tuple(sorted(names, key=lambda name: (name is not None, name or "")))


@frozen(eq=False)
class Column:
    """Exact numbers, one a subject, some of them null.

    Args:
        numbers: The numbers; anything where `null` is true.
        null: Where there is none.
    """

    numbers: Fixed
    null: Mask

    @classmethod
    def of(cls, given: Sequence[Decimal | None]) -> Column:
        """A column of decimals; None is null."""
        nothing = Decimal(0)
        null = np.array([number is None for number in given], dtype=np.bool_)
        return cls(Fixed.of([nothing if number is None else number for number in given]), null)

    @classmethod
    def same(cls, number: Decimal | None, length: int) -> Column:
        """One number for everyone."""
        one = Fixed.of(number or Decimal(0))
        return cls(Fixed(np.full(length, one.values), one.scale), np.full(length, number is None, dtype=np.bool_))

    def __len__(self) -> int:
        return len(self.null)

    def decimals(self) -> list[Decimal | None]:
        """The numbers as decimals, None for null."""
        return self.numbers.decimals(self.null)

    def picked(self, places: Sequence[int] | npt.NDArray[np.intp]) -> Column:
        """The numbers at these places; −1 is null."""
        taken = np.asarray(places, dtype=np.intp)
        if not len(self):
            return Column.same(None, len(taken))
        return Column(self.numbers.take(taken), self.null[taken] | (taken < 0))

    def equals(self, other: Column) -> bool:
        """Whether both say the same."""
        if self is other:
            return True
        if len(self) != len(other) or (self.null != other.null).any():
            return False
        return not (self.numbers.differs(other.numbers) & ~self.null).any()


@frozen(eq=False)
class Cells:
    """One measured line, one entry a subject.

    Args:
        numerator, denominator, value: As a measure document has them.
        state: Codes of measured states, see `STATES`.
        flags: Measured flags, sorted.
    """

    numerator: Column
    denominator: Column
    value: Column
    state: Codes
    flags: Flags

    @classmethod
    def of(
        cls,
        numerator: Sequence[Decimal | None],
        denominator: Sequence[Decimal | None],
        value: Sequence[Decimal | None],
        state: Sequence[str],
        flags: Flags,
    ) -> Cells:
        """Cells from plain values."""
        return cls(Column.of(numerator), Column.of(denominator), Column.of(value), codes_of(state), flags)

    def __len__(self) -> int:
        return len(self.state)

    @property
    def states(self) -> list[str]:
        """States by name; who is not there has an empty one."""
        return [STATES[code] if code < ABSENT else "" for code in self.state.tolist()]

    def ratio(self, there: Mask) -> tuple[Fixed, Fixed]:
        """The exact value of each subject as numerator and denominator, which is above 0; 0 ÷ 1 where not `there`.

        A value without numerator (a median, a root) is its own; a count or total has no denominator.
        """
        above, below = self.numerator.numbers, self.denominator.numbers
        if self.numerator.null.any():
            above = above.where(~self.numerator.null, self.value.numbers)
        if self.denominator.null.any():
            below = below.where(~self.denominator.null, Fixed.of(1))
        if not there.all():
            above, below = above.where(there, Fixed.of(0)), below.where(there, Fixed.of(1))
        downwards = below.signs() < 0
        if downwards.any():
            above, below = above.where(~downwards, -above), below.where(~downwards, -below)
        return above, below

    def picked(self, places: Sequence[int] | npt.NDArray[np.intp]) -> Cells:
        """The same cells for other subjects: those at these places, in this order; −1 is somebody who is not there."""
        taken = np.asarray(places, dtype=np.intp)
        absent = taken < 0
        state = np.full(len(taken), ABSENT, dtype=np.int8)
        state[~absent] = self.state[taken[~absent]]
        return Cells(
            self.numerator.picked(places),
            self.denominator.picked(places),
            self.value.picked(places),
            state,
            tuple(self.flags[place] if place >= 0 else () for place in taken.tolist()),
        )

    def equals(self, other: Cells) -> bool:
        """Whether both score the same; flags do not matter for that."""
        return (
            np.array_equal(self.state, other.state)
            and self.numerator.equals(other.numerator)
            and self.denominator.equals(other.denominator)
            and self.value.equals(other.value)
        )


def stacked_cells(parts: Sequence[Cells]) -> Cells:
    """Cells of one line, those of some subjects after those of others."""
    return Cells(
        stacked_columns([one.numerator for one in parts]),
        stacked_columns([one.denominator for one in parts]),
        stacked_columns([one.value for one in parts]),
        np.concatenate([one.state for one in parts]),
        tuple(flags for one in parts for flags in one.flags),
    )


def stacked_columns(columns: Sequence[Column]) -> Column:
    """Columns one after another, as one."""
    return Column(
        stacked(column.numbers.spread(len(column)) for column in columns),
        np.concatenate([column.null for column in columns]),
    )


def codes_of(states: Sequence[str]) -> Codes:
    """Codes of states by name."""
    return np.array([_CODES[state] for state in states], dtype=np.int8)


def without_target(cells: Cells, targets: Column) -> Cells:
    """The cells of a scored line, with `missing_data` and the flag `no_target` where a value has no target."""
    lacking = targets.null & (cells.state < VALUED)
    if not lacking.any():
        return cells
    state, flags = cells.state.copy(), list(cells.flags)
    for n in np.flatnonzero(lacking).tolist():
        # The flag `provisional` keeps what the state can no longer say.
        provisional = {"provisional"} if STATES[state[n]] == "provisional" else set()
        flags[n] = tuple(sorted({*flags[n], NO_TARGET, *provisional}))
        state[n] = _CODES["missing_data"]
    return evolve(cells, state=state, flags=tuple(flags))


def measured_again(cells: Cells) -> Cells:
    """What `without_target` began with."""
    if not any(NO_TARGET in raised for raised in set(cells.flags)):
        return cells
    # A measure that reads a target says no_target too; it has no value then.
    lacking = [n for n, raised in enumerate(cells.flags) if raised and NO_TARGET in raised and not cells.value.null[n]]
    if not lacking:
        return cells
    state, flags = cells.state.copy(), list(cells.flags)
    for n in lacking:
        state[n] = _CODES["provisional" if "provisional" in flags[n] else "ok"]
        flags[n] = tuple(flag for flag in flags[n] if flag not in (NO_TARGET, "provisional"))
    return evolve(cells, state=state, flags=tuple(flags))


def target_for(
    card: Scorecard, line: Line, subject: str | None, period_id: str, recorded: Recorded = NONE_RECORDED
) -> Decimal | None:
    """The target of a line for a subject in a period.

    A target of the subject in the period goes before one of the subject, then one of the level in the period, then one
    of the level, then the line's own. Of each, a recorded one goes before the card's `[[target]]`.

    Args:
        card, line: The scorecard and one of its lines.
        subject, period_id: Whose target, and when.
        recorded: Recorded targets of the card's level that are in force.
    """
    return _target(given_targets(card, line, recorded), line, subject, period_id)


Given: TypeAlias = "Mapping[tuple[str | None, str | None], Decimal]"


def targets_for(
    card: Scorecard, subjects: Subjects, period_id: str, recorded: Recorded = NONE_RECORDED
) -> tuple[Column, ...]:
    """The target of every line for every subject, as `target_for`."""
    return tuple(targets_of(card, line, subjects, period_id, recorded) for line in card.lines)


def targets_of(
    card: Scorecard, line: Line, subjects: Subjects, period_id: str, recorded: Recorded = NONE_RECORDED
) -> Column:
    """The target of a line for every subject, as `target_for`."""
    given = given_targets(card, line, recorded)
    if any(subject is not None for subject, _ in given):
        return Column.of([_target(given, line, subject, period_id) for subject in subjects])
    return Column.same(_target(given, line, None, period_id), len(subjects))


def given_targets(card: Scorecard, line: Line, recorded: Recorded) -> Given:
    """What a card and records say of a line: by subject and period, None for every one."""
    own = {
        (target.subject, target.period): target.value
        for target in card.targets
        if target.indicator == line.indicator and target.level == card.level
    }
    return {**own, **recorded.get(line.indicator, {})}


def _target(given: Given, line: Line, subject: str | None, period_id: str) -> Decimal | None:
    found = most_special(given, subject, period_id)
    return line.target if found is None else found


def most_special(given: Given, subject: str | None, period_id: str) -> Decimal | None:
    """The target of the subject in the period, else of the subject, of the level in the period, of the level."""
    keys = ((subject, period_id), (subject, None), (None, period_id), (None, None))
    return next((given[key] for key in keys if key in given), None)
