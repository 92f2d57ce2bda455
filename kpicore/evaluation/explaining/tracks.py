"""The lines of a card on their way from one card to another, over one stretch of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.cells import Cells, Column, Subjects
from kpicore.evaluation.scoring.score import LineRule, Totals
from kpicore.evaluation.scoring.scored import ScoredLine, add_up, score_line

__all__ = ["End", "Track"]

_NOTHING = Decimal(0)


@frozen(eq=False)
class End:
    """A card at one end of the way.

    Args:
        card: The card.
        rules: How its lines turn values into attainment.
        targets: Of each line, for the subjects of the track.
        last: Last values of lines that have them, for the subjects of the track.
    """

    card: Scorecard
    rules: Mapping[str, LineRule]
    targets: Mapping[str, Column]
    last: Mapping[str, Cells] = field(factory=dict)


@define
class _State:
    """One line on the way."""

    indicator: str
    weight: Decimal
    targets: Column
    rule: LineRule
    cells: Cells
    scored: ScoredLine | None = None


class Track:
    """Lines on the way, and the exchanges that take them there. Every exchange says whether it changes anything.

    Args:
        subjects: Who has the stretch.
        days: How many days it has.
        old, new: The cards at both ends.
        cells: What each line measured in a stage, aligned with the subjects; the first stage is `old`, the last `new`.
    """

    def __init__(self, subjects: Subjects, days: int, old: End, new: End, cells: Callable[[str, str], Cells]) -> None:
        self.subjects, self.days, self.old, self.new, self.cells = subjects, days, old, new, cells
        #: Whose policies for empty states count, and whose last values.
        self.empty = old
        self.states = {
            line.indicator: _State(
                line.indicator,
                line.weight,
                old.targets[line.indicator],
                old.rules[line.indicator],
                cells("old", line.indicator),
            )
            for line in old.card.lines
        }

    @property
    def first(self) -> list[str]:
        """Indicators of the first card, in its order."""
        return [line.indicator for line in self.old.card.lines]

    @property
    def last(self) -> list[str]:
        """Indicators of the second card, in its order."""
        return [line.indicator for line in self.new.card.lines]

    def totals(self) -> Totals:
        """Totals as the lines stand now."""
        scored = [(state.weight, self._scored(state)) for state in self.states.values() if state.weight > 0]
        if scored:
            return add_up([weight for weight, _ in scored], [line for _, line in scored])
        nothing = np.zeros(len(self.subjects), dtype=np.int64)
        nobody = np.zeros(len(self.subjects), dtype=np.bool_)
        return Totals(Fixed(nothing), ~nobody, nothing, nothing, nobody)

    def measure(self, stage: str, indicator: str, first: bool) -> bool:
        """Exchange what a line measured for what it measures in a stage.

        Args:
            stage: The stage.
            indicator: The line's; it is none where the track has not got it.
            first: Whether lines of the first card are measured in it, or of the second one.
        """
        # A line that is on the new card alone has come with its own cells.
        if indicator not in self.first or not (first or indicator in self.last):
            return False
        return self._set(indicator, cells=self.cells(stage, indicator))

    def weigh(self, indicator: str) -> bool:
        """Exchange the weight of a line; one that comes has it, one that goes has none."""
        weights = {line.indicator: line.weight for line in self.new.card.lines}
        if indicator in self.states:
            return self._set(indicator, weight=weights.get(indicator, _NOTHING))
        if indicator not in weights:
            return False
        parts = self.new.targets[indicator], self.new.rules[indicator], self.cells("new", indicator)
        self.states[indicator] = _State(indicator, weights[indicator], *parts)
        return True

    def retarget(self, indicator: str) -> bool:
        """Exchange the targets of a line that both cards have."""
        return indicator in self.last and self._set(indicator, targets=self.new.targets[indicator])

    def recurve(self, indicator: str) -> bool:
        """Exchange the curve of a line that both cards have."""
        return indicator in self.last and self._set(indicator, rule=self.new.rules[indicator])

    def change_policy(self) -> bool:
        """Exchange what empty states do."""
        changed = self.empty.card.policies != self.new.card.policies or self.empty.last.keys() != self.new.last.keys()
        changed = changed or any(not cells.equals(self.new.last[name]) for name, cells in self.empty.last.items())
        self.empty = self.new
        for state in self.states.values():
            state.scored = None
        return changed

    def _scored(self, state: _State) -> ScoredLine:
        if state.scored is None:
            last = self.empty.last.get(state.indicator)
            state.scored = score_line(state.weight, state.rule, state.cells, state.targets, self.empty.card, last)
        return state.scored

    def _set(self, indicator: str, **parts: Any) -> bool:
        """Exchange parts of a line; whether one of them is another."""
        state = self.states.get(indicator)
        if state is None or all(_same(getattr(state, name), part) for name, part in parts.items()):
            return False
        # What a line attains does not depend on its weight, but for whether it is scored at all.
        if "weight" not in parts or bool(parts["weight"]) != bool(state.weight):
            parts["scored"] = None
        self.states[indicator] = evolve(state, **parts)
        return True


def _same(one: Any, other: Any) -> bool:
    return bool(one.equals(other) if isinstance(one, Cells | Column) else one == other)
