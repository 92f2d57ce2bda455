"""What becomes of a total after the sum: modifiers, gates, the card's cap; then band and coefficient. Pure and exact.

A sum is exact. Where modifiers apply, each multiplies what there was, and what is said of it is rounded half-even to 9
places; gates, in the order of the card, then set or cap the total; last comes the card's own cap. What every step added
or took away is kept, so the steps add up to the total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import numpy as np
from attrs import define, frozen

from kpicore.definitions.cards.scorecards import Coefficient, ConditionPolicy, Gate, Modifier, Scorecard
from kpicore.definitions.indicators import EMPTY_STATES
from kpicore.evaluation.numbers.exact import Fixed, Mask, half_even
from kpicore.evaluation.scoring.cells import STATES, VALUED, Cells, Subjects
from kpicore.evaluation.scoring.score import ATTAINMENT_PLACES, Totals

__all__ = ["DEFAULT_CONDITION_POLICY", "Condition", "Effect", "Outcome", "coefficient", "outcome"]

#: Places of a total that a modifier multiplied, and of a coefficient.
OUTCOME_PLACES = ATTAINMENT_PLACES

DEFAULT_CONDITION_POLICY: ConditionPolicy = "pass"

Condition: TypeAlias = "Gate | Modifier"


@frozen(eq=False)
class Effect:
    """What one modifier or gate did to everyone.

    Args:
        rule: The modifier or gate.
        cells: What its indicator measured; None for a modifier without a condition.
        scope: Whom it looks at.
        applied: Where it applied.
        empty: Where its indicator is empty, so that its policy decides.
        points: What it added to each total.
    """

    rule: Condition
    cells: Cells | None
    scope: Mask
    applied: Mask
    empty: Mask
    points: Fixed


@define(frozen=True, slots=False, eq=False)
class Outcome:
    """Totals of everyone after all steps.

    Args:
        card: The scorecard that was applied.
        subjects: Who is scored, in order.
        sums: Totals before the first step; 0 where there is none.
        none: Where there is no total.
        modifiers, gates: What each of them did, in the order of the card.
        capped: Where the card's cap binds.
        numbers: Totals; 0 where there is none.
        waiting: Where the policy of a gate or modifier blocks sealing.
    """

    card: Scorecard
    subjects: Subjects
    sums: Fixed
    none: Mask
    modifiers: tuple[Effect, ...]
    gates: tuple[Effect, ...]
    capped: Mask
    numbers: Fixed
    waiting: Mask

    @cached_property
    def totals(self) -> list[Decimal | None]:
        """Totals as decimals, None where there is none."""
        return self.numbers.decimals(self.none)

    @cached_property
    def bands(self) -> list[str | None]:
        """The band of each subject."""
        return [band(found, self.card.bands) for found in self.totals]

    @cached_property
    def coefficients(self) -> list[Decimal | None]:
        """The coefficient of each subject; None where the card has none, or none for this total."""
        rule = self.card.coefficient
        return [None if rule is None else coefficient(found, rule) for found in self.totals]

    @property
    def measured(self) -> list[Cells]:
        """What was measured for each of `card.conditions`."""
        return [effect.cells for effect in (*self.modifiers, *self.gates) if effect.cells is not None]

    def blocked(self) -> list[tuple[str | None, str, str]]:
        """Subject, indicator and state of every empty condition whose policy blocks sealing."""
        return [
            (self.subjects[n], effect.rule.indicator, STATES[effect.cells.state[n]])
            for n in np.flatnonzero(self.waiting).tolist()
            for effect in (*self.modifiers, *self.gates)
            if effect.empty[n] and effect.cells is not None and effect.rule.indicator is not None
            if policy_of(effect.rule, STATES[effect.cells.state[n]]) == "block"
        ]


def policy_of(rule: Condition, state: str) -> ConditionPolicy:
    """What a modifier or gate does while its indicator is in an empty state."""
    return rule.empty.get(state, DEFAULT_CONDITION_POLICY)


def outcome(card: Scorecard, subjects: Subjects, totals: Totals, measured: Sequence[Cells], period_id: str) -> Outcome:
    """Apply a card's modifiers, gates and cap to the sums.

    Args:
        card: The scorecard.
        subjects: Who is scored.
        totals: The sums.
        measured: What was measured for each of `card.conditions`, aligned with `subjects`.
        period_id: For modifiers of a period.
    """
    cells = dict(zip(map(id, card.conditions), measured, strict=True))
    nobody = np.zeros(len(subjects), dtype=np.bool_)
    waiting, exact, running = nobody.copy(), totals.numbers, totals.numbers
    multiplied: list[Effect] = []
    for modifier in card.modifiers:
        own = cells.get(id(modifier))
        scope = _scope(modifier, subjects, period_id)
        applied, empty, blocks = _met(modifier, own, scope)
        waiting |= blocks
        exact = (exact * Fixed.of(modifier.factor)).where(applied, exact)
        before, running = running, exact.quantised(OUTCOME_PLACES).where(applied, running)
        multiplied.append(Effect(modifier, own, scope, applied, empty, running - before))
    closed: list[Effect] = []
    for gate in card.gates:
        own = cells[id(gate)]
        applied, empty, blocks = _met(gate, own, ~nobody)
        waiting |= blocks
        limited = running if gate.cap is None else _at_most(running, Fixed.of(gate.cap))
        wanted = limited if gate.total is None else Fixed.of(gate.total)
        before, running = running, wanted.where(applied & ~totals.none, running)
        closed.append(Effect(gate, own, ~nobody, applied, empty, running - before))
    capped = nobody
    if card.cap is not None:
        limit = Fixed.of(card.cap)
        capped = limit.less(running) & ~totals.none
        running = limit.where(capped, running)
    none = totals.none | waiting
    numbers = running.where(~none, Fixed.of(0))
    return Outcome(
        card, subjects, totals.numbers, none, tuple(multiplied), tuple(closed), capped & ~none, numbers, waiting
    )


def band(total: Decimal | None, bands: Mapping[str, Decimal]) -> str | None:
    """The band with the highest lower bound that the total reaches; None below all of them and without a total."""
    reached = [] if total is None else [(bound, name) for name, bound in bands.items() if bound <= total]
    return max(reached)[1] if reached else None


def coefficient(total: Decimal | None, rule: Coefficient) -> Decimal | None:
    """The coefficient of a total, with at most 9 places (half-even).

    `steps`: that of the highest bound that the total reaches, None below all of them. `linear`: on the straight line
    between the two pairs around the total; beyond the outermost pairs their coefficients.
    """
    pairs = sorted(rule.steps)
    if total is None or not pairs:
        return None
    reached = [pair for pair in pairs if pair[0] <= total]
    if rule.kind == "steps":
        return reached[-1][1] if reached else None
    if not reached or len(reached) == len(pairs):
        return reached[-1][1] if reached else pairs[0][1]
    (low, start), (high, end) = reached[-1], pairs[len(reached)]
    rise = Fraction(end) - Fraction(start)
    exact = Fraction(start) + rise * (Fraction(total) - Fraction(low)) / (Fraction(high) - Fraction(low))
    units = half_even(exact.numerator * 10**OUTCOME_PLACES, exact.denominator)
    return Decimal(units).scaleb(-OUTCOME_PLACES)


def _scope(modifier: Modifier, subjects: Subjects, period_id: str) -> Mask:
    if modifier.period not in (None, period_id):
        return np.zeros(len(subjects), dtype=np.bool_)
    if modifier.subject is None:
        return np.ones(len(subjects), dtype=np.bool_)
    return np.array([subject == modifier.subject for subject in subjects], dtype=np.bool_)


def _met(rule: Condition, cells: Cells | None, scope: Mask) -> tuple[Mask, Mask, Mask]:
    """Where a condition applies, where its indicator is empty, and where it blocks sealing."""
    if cells is None:
        return scope.copy(), np.zeros_like(scope), np.zeros_like(scope)
    there = (cells.state < VALUED) & scope
    above, below = cells.ratio(there)
    applied = np.zeros_like(scope)
    if rule.below is not None:
        applied |= above.less(Fixed.of(rule.below) * below)
    if rule.above is not None:
        applied |= (Fixed.of(rule.above) * below).less(above)
    applied &= there
    empty, blocks = np.zeros_like(scope), np.zeros_like(scope)
    for code, state in enumerate(STATES):
        if state in EMPTY_STATES:
            found = (cells.state == code) & scope
            empty |= found
            policy = policy_of(rule, state)
            if policy == "apply":
                applied |= found
            elif policy == "block":
                blocks |= found
    return applied, empty, blocks


def _at_most(numbers: Fixed, limit: Fixed) -> Fixed:
    return numbers.where(numbers.less(limit), limit)
