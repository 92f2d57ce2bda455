"""Measured lines of a scorecard: what every subject has on every line, aligned, wherever it was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from kpicore.definitions.scorecards import Line, Scorecard

#: The flag of a line that has no target for a subject; its state is then `missing_data`.
NO_TARGET = "no_target"

#: States in which there is a value to score.
VALUED = ("ok", "provisional")

Subjects = tuple[str | None, ...]


@frozen
class Cells:
    """One measured line, one entry a subject.

    Args:
        numerator, denominator, value: As a measure document has them.
        state: Measured states.
        flags: Measured flags, sorted.
    """

    numerator: tuple[Decimal | None, ...]
    denominator: tuple[Decimal | None, ...]
    value: tuple[Decimal | None, ...]
    state: tuple[str, ...]
    flags: tuple[tuple[str, ...], ...]

    def picked(self, places: Sequence[int]) -> Cells:
        """The same cells for other subjects: those at these places, in this order."""
        return Cells(*(tuple(column[n] for n in places) for column in self.columns()))

    def columns(self) -> tuple[tuple[Any, ...], ...]:
        """All five columns in order."""
        return self.numerator, self.denominator, self.value, self.state, self.flags


def without_target(cells: Cells, targets: Sequence[Decimal | None]) -> Cells:
    """The cells of a scored line, with `missing_data` and the flag `no_target` where a value has no target."""
    state, flags = list(cells.state), list(cells.flags)
    for n, target in enumerate(targets):
        if target is None and state[n] in VALUED:
            # The flag `provisional` keeps what the state can no longer say.
            flags[n] = tuple(sorted({*flags[n], NO_TARGET, *({"provisional"} & {state[n]})}))
            state[n] = "missing_data"
    return evolve(cells, state=tuple(state), flags=tuple(flags))


def measured_again(cells: Cells) -> Cells:
    """What `without_target` began with."""
    state, flags = list(cells.state), list(cells.flags)
    for n, raised in enumerate(cells.flags):
        # A measure that reads a target says no_target too; it has no value then.
        if NO_TARGET in raised and cells.value[n] is not None:
            state[n] = "provisional" if "provisional" in raised else "ok"
            flags[n] = tuple(flag for flag in raised if flag not in (NO_TARGET, "provisional"))
    return evolve(cells, state=tuple(state), flags=tuple(flags))


def target_for(card: Scorecard, line: Line, subject: str | None, period_id: str) -> Decimal | None:
    """The target of a line for a subject in a period.

    A `[[target]]` of the subject in the period goes before one of the subject, then one of the level in the period,
    then one of the level, then the line's own.
    """
    return _target(_given(card), line, subject, period_id)


def targets_for(card: Scorecard, subjects: Subjects, period_id: str) -> tuple[tuple[Decimal | None, ...], ...]:
    """The target of every line for every subject, as `target_for`."""
    given = _given(card)
    return tuple(tuple(_target(given, line, subject, period_id) for subject in subjects) for line in card.lines)


_Given = Mapping[tuple[str, str | None, str | None], Decimal]


def _given(card: Scorecard) -> _Given:
    return {(target.indicator, target.subject, target.period): target.value for target in card.targets}


def _target(given: _Given, line: Line, subject: str | None, period_id: str) -> Decimal | None:
    name = line.indicator
    for key in ((name, subject, period_id), (name, subject, None), (name, None, period_id), (name, None, None)):
        if key in given:
            return given[key]
    return line.target
