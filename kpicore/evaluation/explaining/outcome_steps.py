"""Modifiers, gates and cap on the way from one evaluation to another, with what their indicators measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve

from kpicore.definitions.cards.scorecards import Gate, Line, Modifier, Scorecard
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.cells import Cells, Subjects
from kpicore.evaluation.scoring.outcome import outcome
from kpicore.evaluation.scoring.score import Totals
from kpicore.evaluation.split.lines import condition_request, measure_spans
from kpicore.periods import Period

if TYPE_CHECKING:
    from kpicore.evaluation.evaluate import Evaluation
    from kpicore.evaluation.world import World


class OutcomeSteps:
    """What the sums go through, as it stands on the way.

    Args:
        old, new: The evaluations.
        subjects: Who is in one of them.
        spans: Over which window somebody is looked at, where it is not the whole period.
    """

    def __init__(
        self,
        old: Evaluation,
        new: Evaluation,
        subjects: Subjects,
        spans: Mapping[Period, Sequence[str | None]] | None = None,
    ) -> None:
        self.subjects, self._spans = subjects, spans
        self._old, self._new = _in_its_period(old), _in_its_period(new)
        self._card, self._done = self._old, set[str | None]()
        self._period = old.bounds.period_id
        # Over other windows the second evaluation measured something else: how a period is divided comes last of all.
        whole = new.world.calendar.period(new.bounds.period_id)
        self._last = _own(new, subjects) if spans is None else _measured(new.world, new.card, subjects, whole, spans)
        self.first = _own(old, subjects)
        self.cells = dict(self.first)
        rules = [*old.card.conditions, *new.card.conditions]
        self._indicators = {_key(rule): str(rule.indicator) for rule in rules}

    @property
    def indicators(self) -> list[str]:
        """The indicators of conditions on the way, each once."""
        return list(dict.fromkeys(self._indicators[key] for key in self.cells))

    def numbers(self, totals: Totals) -> Fixed:
        """Totals after all steps; 0 where there is none."""
        measured = [self.cells[key] for key in _keys(self._card)]
        return outcome(self._card, self.subjects, totals, measured, self._period).numbers

    def measured(self, world: World | None, card: Scorecard, period_id: str) -> dict[str, Cells]:
        """What the conditions of a card measure in a world; None: what the second evaluation measured."""
        if world is None or not card.conditions:
            return self._last if world is None else {}
        period = world.calendar.period(period_id)
        return _measured(world, card, self.subjects, period, self._spans or {period: self.subjects})

    def of(self, indicator: str, found: dict[str, Cells]) -> Cells:
        """What an indicator measured, among what was measured for conditions."""
        return next(cells for key, cells in found.items() if self._indicators[key] == indicator)

    def take(self, indicator: str, found: dict[str, Cells]) -> bool:
        """Exchange what an indicator measured for the conditions that look at it; whether it is another."""
        keys = [key for key in self.cells if key in found and self._indicators[key] == indicator]
        changed = any(not self.cells[key].equals(found[key]) for key in keys)
        self.cells |= {key: found[key] for key in keys}
        return changed

    def exchanges(self) -> Sequence[str | None]:
        """What `exchange` is to be called with, in order: indicators, and None for what looks at none."""
        found: dict[str | None, None] = {}
        for card in (self._old, self._new):
            found |= dict.fromkeys(rule.indicator for rule in card.modifiers)
            found |= dict.fromkeys(rule.indicator for rule in card.gates)
        return [*found, *([] if None in found else [None])]

    def exchange(self, indicator: str | None) -> bool:
        """Exchange the modifiers and gates that look at an indicator; with None fixed factors and the cap."""
        self._done.add(indicator)
        before = self._card
        self._card = evolve(
            before,
            modifiers=[
                *(rule for rule in self._new.modifiers if rule.indicator in self._done),
                *(rule for rule in self._old.modifiers if rule.indicator not in self._done),
            ],
            gates=[
                *(rule for rule in self._new.gates if rule.indicator in self._done),
                *(rule for rule in self._old.gates if rule.indicator not in self._done),
            ],
            cap=self._new.cap if None in self._done else self._old.cap,
        )
        known = {**self._last, **self.cells}
        self.cells |= {key: known[key] for key in _keys(self._card)}
        return before != self._card

    def line(self, indicator: str) -> Line:
        """A condition's indicator as a line that weighs nothing, for what asks about lines."""
        rule = next(rule for rule in self._old.conditions if rule.indicator == indicator)
        return Line(indicator, Decimal(0), params=rule.params)


def _own(evaluation: Evaluation, subjects: Subjects) -> dict[str, Cells]:
    """What an evaluation measured for its conditions, for everyone."""
    places = {name: n for n, name in enumerate(evaluation.scored.subjects)}
    taken = [places.get(name, -1) for name in subjects]
    measured = zip(_keys(evaluation.card), evaluation.outcome.measured, strict=True)
    return {key: cells.picked(taken) for key, cells in measured}


def _measured(
    world: World, card: Scorecard, subjects: Subjects, whole: Period, spans: Mapping[Period, Sequence[str | None]]
) -> dict[str, Cells]:
    """What the conditions of a card measure in a world, everyone over their window of the whole period."""
    return dict(zip(_keys(card), measure_spans(world, card, subjects, whole, spans), strict=True))


def _keys(card: Scorecard) -> list[str]:
    return [_key(rule) for rule in card.conditions]


def _key(rule: Gate | Modifier) -> str:
    return str(condition_request(rule))


def _in_its_period(evaluation: Evaluation) -> Scorecard:
    """An evaluation's card with the modifiers of its own period alone."""
    card, period_id = evaluation.card, evaluation.bounds.period_id
    kept = [evolve(rule, period=None) for rule in card.modifiers if rule.period in (None, period_id)]
    return evolve(card, modifiers=kept)
