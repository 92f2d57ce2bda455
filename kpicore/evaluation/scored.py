"""A scored card: the rules of its lines applied to measured cells, as columns and as a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from attrs import frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.line_checks import DEFAULT_CURVE
from kpicore.definitions.scorecards import EmptyPolicy, Line, Scorecard
from kpicore.definitions.values import chosen
from kpicore.evaluation.cells import VALUED, Cells, Subjects, targets_for, without_target
from kpicore.evaluation.documents import number
from kpicore.evaluation.exact import Fixed
from kpicore.evaluation.score import (
    ATTAINMENT_PLACES,
    Attained,
    LineRule,
    Policies,
    Totals,
    attain,
    band,
    policies_of,
    substitute,
    total,
)

#: Fact types that place facts with people, teams and currencies: every scorecard needs them.
CORE_FACT_TYPES = ("employee_assigned", "team_defined", "responsibility_assigned", "exchange_rate_set")


@frozen
class Scored:
    """Everything about a scored card, line by line, one entry a subject.

    Args:
        card: The scorecard.
        rules: How each line turns values into attainment.
        subjects: Who is scored, in order.
        cells: Measured cells of each line; where a scored line has no target they say so.
        targets: Targets of each line.
        attained: Attainment of each line, substitutes of empty states included.
        totals: Totals.
    """

    card: Scorecard
    rules: tuple[LineRule, ...]
    subjects: Subjects
    cells: tuple[Cells, ...]
    targets: tuple[tuple[Decimal | None, ...], ...]
    attained: tuple[Attained, ...]
    totals: Totals

    def blocked(self) -> list[tuple[str | None, str, str]]:
        """Subject, indicator and state of every cell whose policy blocks sealing."""
        return [
            (self.subjects[n], line.indicator, cells.state[n])
            for n in np.flatnonzero(self.totals.blocked).tolist()
            for line, cells in zip(self.card.lines, self.cells, strict=True)
            if line.weight > 0 and self.card.empty.get(cells.state[n]) == "block"
        ]

    def subjects_document(self) -> list[dict[str, Any]]:
        """The `subjects` of an evaluate document."""
        columns = [self._line_documents(place) for place in range(len(self.card.lines))]
        return [
            {
                "subject": subject,
                "total": number(self.totals.totals[n]),
                "band": band(self.totals.totals[n], self.card.bands),
                "coefficient": None,
                "gates": [],
                "lines": [column[n] for column in columns],
            }
            for n, subject in enumerate(self.subjects)
        ]

    def _line_documents(self, place: int) -> list[dict[str, Any]]:
        line, cells, attained = self.card.lines[place], self.cells[place], self.attained[place]
        weight, missing = number(line.weight), ~attained.there
        reached = Fixed(attained.units, ATTAINMENT_PLACES).decimals(missing)
        points = Fixed(attained.units, ATTAINMENT_PLACES - 2).decimals(missing)
        return [
            {
                "indicator": line.indicator,
                "weight": weight,
                "target": number(target),
                "numerator": number(numerator),
                "denominator": number(denominator),
                "value": number(value),
                "state": state,
                "flags": list(flags),
                "attainment": number(attainment),
                "points": number(earned),
                "bound": bound,
            }
            for numerator, denominator, value, state, flags, target, attainment, earned, bound in zip(
                *cells.columns(),
                self.targets[place],
                reached,
                points,
                attained.bound,
                strict=True,
            )
        ]


def card_names(card: Scorecard, book: Definitions) -> list[str]:
    """What a card uses by name: its indicators and curves, and the fact types that place facts with people."""
    names = {line.indicator for line in card.lines} | {line.curve or DEFAULT_CURVE for line in card.lines}
    names.update(name for name in CORE_FACT_TYPES if name in book)
    return sorted(names)


def line_rules(card: Scorecard, book: Definitions) -> tuple[LineRule, ...]:
    """How each line of the card turns values into attainment, by the curves and indicators of `book`."""
    return tuple(_rule(line, book) for line in card.lines)


def _rule(line: Line, book: Definitions) -> LineRule:
    curve = book.curves[line.curve or DEFAULT_CURVE]
    params = chosen(curve.params, line.curve_params, f"{line.indicator} curve {curve.name}")
    zero = Decimal(str(params.get("zero", "0")))
    return LineRule(curve.form, book.indicators[line.indicator].better, zero, line.floor, line.cap)


def score_cells(
    card: Scorecard, rules: Sequence[LineRule], subjects: Subjects, cells: Sequence[Cells], period_id: str
) -> Scored:
    """Score measured cells under a card: no engine, no clock, no facts.

    Args:
        card: The scorecard.
        rules: What `line_rules` gave for it.
        subjects: Who is scored.
        cells: Measured cells of each line, aligned with `subjects`.
        period_id: For targets of a period.
    """
    targets = targets_for(card, subjects, period_id)
    columns = [
        score_line(line.weight, rule, column, wanted, card.empty)
        for line, rule, column, wanted in zip(card.lines, rules, cells, targets, strict=True)
    ]
    return Scored(
        card,
        tuple(rules),
        subjects,
        tuple(column.cells for column in columns),
        targets,
        tuple(column.attained for column in columns),
        add_up([line.weight for line in card.lines], columns),
    )


@frozen
class ScoredLine:
    """One scored line: its cells, where a target is missing they say so; its attainment; its policies."""

    cells: Cells
    attained: Attained
    policies: Policies


def score_line(
    weight: Decimal,
    rule: LineRule,
    cells: Cells,
    targets: Sequence[Decimal | None],
    empty: Mapping[str, EmptyPolicy],
) -> ScoredLine:
    """Attainment of one line, with substitutes for empty states."""
    shown = without_target(cells, targets) if weight > 0 else cells
    attained = substitute(attain_cells(rule, shown, targets), shown.state, rule, empty)
    return ScoredLine(shown, attained, policies_of(shown.state, empty))


def add_up(weights: Sequence[Decimal], lines: Sequence[ScoredLine]) -> Totals:
    """Totals of scored lines."""
    return total(weights, [line.attained for line in lines], [line.policies for line in lines])


def attain_cells(rule: LineRule, cells: Cells, targets: Sequence[Decimal | None]) -> Attained:
    """Attainment of measured cells; none where there is no value or no target."""
    there = np.array(
        [state in VALUED and target is not None for state, target in zip(cells.state, targets, strict=True)], dtype=bool
    )
    one, nothing = Decimal(1), Decimal(0)
    # A value without numerator (a median, a root) is its own; a count or total has no denominator.
    above = [
        value if numerator is None else numerator for numerator, value in zip(cells.numerator, cells.value, strict=True)
    ]
    return attain(
        rule,
        Fixed.of([nothing if item is None else item for item in above]),
        Fixed.of([one if item is None else item for item in cells.denominator]),
        Fixed.of([one if item is None else item for item in targets]),
        there,
    )
