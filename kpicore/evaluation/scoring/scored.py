"""A scored card: the rules of its lines applied to measured cells, as columns and as a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.curve_checks import curve_values
from kpicore.definitions.cards.line_checks import DEFAULT_CURVE
from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.evaluation.documents import number, numbers
from kpicore.evaluation.numbers.exact import Fixed, Mask
from kpicore.evaluation.scoring.cells import STATES, VALUED, Cells, Column, Subjects, targets_of, without_target
from kpicore.evaluation.scoring.score import (
    ATTAINMENT_PLACES,
    Attained,
    LineRule,
    Policies,
    Totals,
    attain,
    blocks,
    merged,
    policies_of,
    substitute,
    takes_last,
    total,
)
from kpicore.evaluation.scoring.targets import NONE_RECORDED, Recorded

#: Fact types that place facts with people, teams and currencies: every scorecard needs them.
CORE_FACT_TYPES = ("employee_assigned", "team_defined", "responsibility_assigned", "exchange_rate_set")


@frozen(eq=False)
class ScoredLine:
    """One scored line.

    Args:
        targets: Targets.
        cells: Measured cells; where a scored line has no target they say so.
        attained: Attainment, substitutes of empty states included.
        policies: Policies of empty cells.
    """

    targets: Column
    cells: Cells
    attained: Attained
    policies: Policies


@frozen(eq=False)
class Scored:
    """Everything about a scored card, line by line, one entry a subject.

    Args:
        card: The scorecard.
        rules: How each line turns values into attainment.
        subjects: Who is scored, in order.
        lines: The scored lines.
        totals: Totals.
    """

    card: Scorecard
    rules: tuple[LineRule, ...]
    subjects: Subjects
    lines: tuple[ScoredLine, ...]
    totals: Totals

    def blocked(self) -> list[tuple[str | None, str, str]]:
        """Subject, indicator and state of every cell whose policy blocks sealing."""
        return [
            (self.subjects[n], line.indicator, STATES[scored.cells.state[n]])
            for n in np.flatnonzero(self.totals.blocked).tolist()
            for line, scored in zip(self.card.lines, self.lines, strict=True)
            if line.weight > 0 and blocks(scored.policies)[n]
        ]

    def lines_document(self) -> list[list[dict[str, Any]]]:
        """The `lines` of an evaluate document for every subject, line by line."""
        return [
            line_documents(
                line.indicator,
                number(line.weight),
                scored.targets,
                scored.cells,
                Column(Fixed(scored.attained.units, ATTAINMENT_PLACES), ~scored.attained.there),
                scored.attained.bounds(),
            )
            for line, scored in zip(self.card.lines, self.lines, strict=True)
        ]


def line_documents(
    indicator: str,
    weight: str | None,
    targets: Column,
    cells: Cells,
    attainment: Column,
    bounds: Sequence[str | None],
) -> list[dict[str, Any]]:
    """One line of an evaluate document for every subject; points are attainment × 100."""
    points = Fixed(attainment.numbers.rescaled(2).values, max(attainment.numbers.scale, 2) - 2)
    return [
        {
            "indicator": indicator,
            "weight": weight,
            "target": target,
            "numerator": numerator,
            "denominator": denominator,
            "value": value,
            "state": state,
            "flags": list(flags),
            "attainment": reached,
            "points": earned,
            "bound": bound,
        }
        for target, numerator, denominator, value, state, flags, reached, earned, bound in zip(
            numbers(targets.decimals()),
            numbers(cells.numerator.decimals()),
            numbers(cells.denominator.decimals()),
            numbers(cells.value.decimals()),
            cells.states,
            cells.flags,
            numbers(attainment.decimals()),
            numbers(points.decimals(attainment.null)),
            bounds,
            strict=True,
        )
    ]


def card_names(card: Scorecard, book: Definitions) -> list[str]:
    """What a card uses by name: indicators of lines, modifiers and gates, curves, and the fact types that place facts with people."""
    names = {line.indicator for line in card.lines} | {line.curve or DEFAULT_CURVE for line in card.lines}
    names.update(str(rule.indicator) for rule in card.conditions)
    names.update(name for name in CORE_FACT_TYPES if name in book)
    return sorted(names)


def line_rules(card: Scorecard, book: Definitions) -> tuple[LineRule, ...]:
    """How each line of the card turns values into attainment, by the curves and indicators of `book`."""
    return tuple(_rule(line, book) for line in card.lines)


def _rule(line: Line, book: Definitions) -> LineRule:
    curve = book.curves[line.curve or DEFAULT_CURVE]
    values = curve_values(curve, line.curve_params, f"{line.indicator} curve {curve.name}")
    return LineRule(curve.form, book.indicators[line.indicator].better, line.floor, line.cap, values)


@frozen
class Known:
    """A line as another card scored it.

    Args:
        card, line, rule: The card, its line and how that turns values into attainment.
        scored: What it scored.
    """

    card: Scorecard
    line: Line
    rule: LineRule
    scored: ScoredLine

    def stays(self, line: Line, rule: LineRule, targets: Column, card: Scorecard) -> bool:
        """Whether a line of a card scores the same: it has nothing new but its weight."""
        before = (self.rule, self.line.weight > 0, self.card.empty, self.card.fallback)
        if before != (rule, line.weight > 0, card.empty, card.fallback):
            return False
        return self.scored.targets.equals(targets) and not bool(takes_last(self.scored.policies).any())


@frozen
class Before:
    """The same cells and subjects in the same period, as another card scored them: what stays is not computed again.

    Args:
        scored: What they scored.
        recorded: Recorded targets that were in force for it.
    """

    scored: Scored
    recorded: Recorded

    def line(self, line: Line) -> Known | None:
        """How the other card scored the indicator of a line; None where it did not."""
        found = zip(self.scored.card.lines, self.scored.rules, self.scored.lines, strict=True)
        return next((Known(self.scored.card, *one) for one in found if one[0].indicator == line.indicator), None)

    def same_target(self, line: Line, old: Line, card: Scorecard, recorded: Recorded) -> bool:
        """Whether nothing that says what the line's target is differs."""
        then = self.scored.card
        said = (old.target, then.level, then.targets, self.recorded.get(line.indicator))
        return said == (line.target, card.level, card.targets, recorded.get(line.indicator))


def score_cells(
    card: Scorecard,
    rules: Sequence[LineRule],
    subjects: Subjects,
    cells: Sequence[Cells],
    period_id: str,
    recorded: Recorded = NONE_RECORDED,
    last: Mapping[str, Cells] = MappingProxyType({}),
    before: Before | None = None,
) -> Scored:
    """Score measured cells under a card: no engine, no clock, no facts.

    Args:
        card: The scorecard.
        rules: What `line_rules` gave for it.
        subjects: Who is scored.
        cells: Measured cells of each line, aligned with `subjects`.
        period_id: For targets of a period.
        recorded: Recorded targets of the card's level that are in force.
        last: Last values by indicator, aligned with `subjects`, for policies that take them.
        before: How another card scored these very cells; lines that stay are taken from there.
    """

    def scored(line: Line, rule: LineRule, column: Cells) -> ScoredLine:
        known = None if before is None else before.line(line)
        if before is not None and known is not None and before.same_target(line, known.line, card, recorded):
            wanted = known.scored.targets
        else:
            wanted = targets_of(card, line, subjects, period_id, recorded)
        if known is not None and not last and known.stays(line, rule, wanted, card):
            return known.scored
        return score_line(line.weight, rule, column, wanted, card, last.get(line.indicator))

    lines = tuple(map(scored, card.lines, rules, cells))
    return Scored(card, tuple(rules), subjects, lines, add_up([line.weight for line in card.lines], lines))


def score_line(
    weight: Decimal, rule: LineRule, cells: Cells, targets: Column, card: Scorecard, last: Cells | None = None
) -> ScoredLine:
    """Attainment of one line, with substitutes for empty states.

    Args:
        weight: Its weight; a line of weight 0 is shown and not scored.
        rule: How it turns values into attainment.
        cells: What it measured.
        targets: Targets, aligned with `cells`.
        card: Its policies for empty states.
        last: Last values, aligned with `cells`.
    """
    shown = without_target(cells, targets) if weight > 0 and rule.needs_target else cells
    policies = policies_of(shown.state, card.empty)
    attained = _attained(rule, shown, targets, cells.state < VALUED)
    wanting = takes_last(policies)
    if wanting.any():
        taken = None
        if last is not None:
            taken = _attained(rule, last, targets, wanting & (last.state < VALUED) & ~last.value.null)
            attained = merged(attained, taken)
        lacking = wanting if taken is None else wanting & ~taken.there
        policies = np.where(lacking, policies_of(shown.state, card.fallback), policies)
    attained = substitute(attained, policies, rule)
    return ScoredLine(targets, shown, attained, policies)


def add_up(weights: Sequence[Decimal], lines: Sequence[ScoredLine]) -> Totals:
    """Totals of scored lines."""
    return total(weights, [line.attained for line in lines], [line.policies for line in lines])


def _attained(rule: LineRule, cells: Cells, targets: Column, valued: Mask) -> Attained:
    """Attainment of the cells that have a value; none where a curve needs a target and there is none."""
    there = valued & ~targets.null if rule.needs_target else valued
    return attain(rule, cells.ratio(there), targets.numbers, there)
