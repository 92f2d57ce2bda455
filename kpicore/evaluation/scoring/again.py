"""A sealed subject's total added up again from its lines, where one attainment is another: pure and exact.

It starts from what was sealed and moves it by what the other attainment moves the sum of the lines; then the card's modifiers,
gates and cap apply as they applied, and are rounded as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.evaluation.numbers.exact import half_even
from kpicore.evaluation.scoring.outcome import OUTCOME_PLACES
from kpicore.evaluation.scoring.score import ATTAINMENT_PLACES, DEFAULT_POLICY

__all__ = ["quantised", "total_with"]

#: A subject of an evaluate document.
Subject = Mapping[str, Any]


def total_with(card: Scorecard, subject: Subject, attainments: Mapping[str, Decimal]) -> Decimal | None:
    """The total of a subject with other attainments of some lines; None where no line has any.

    Args:
        card: The scorecard that was applied; its policies say where the weight of empty lines goes.
        subject: The subject, as its evaluate document has it.
        attainments: By indicator; lines that are not named stay as they are.
    """
    before, after = (_sum(card, subject, given) for given in ({}, attainments))
    if after is None:
        return None
    sealed = subject["sum"]
    if sealed is not None and before is not None:
        after += Fraction(sealed) - before
    return _outcome(card, subject, quantised(after, ATTAINMENT_PLACES + 2))


def quantised(number: Fraction, places: int) -> Decimal:
    """A number rounded half-even to some places."""
    return Decimal(half_even(number.numerator * 10**places, number.denominator)).scaleb(-places)


def _sum(card: Scorecard, subject: Subject, given: Mapping[str, Decimal]) -> Fraction | None:
    """Σ weight × attainment, the weight of empty lines redistributed or kept; a redistributed sum has 9 places."""
    points, scored, whole, kept = Fraction(0), Fraction(0), Fraction(0), Fraction(0)
    for line in subject["lines"]:
        weight = Fraction(line["weight"])
        attainment = given.get(line["indicator"], line["attainment"])
        whole += weight
        if attainment is not None:
            points += weight * Fraction(attainment)
            scored += weight
        elif _policy(card, line["state"]) == "keep":
            kept += weight
    if not scored:
        return None
    if scored + kept == whole:
        return points
    return Fraction(quantised(points * (whole - kept) / scored, ATTAINMENT_PLACES))


def _policy(card: Scorecard, state: str) -> str:
    policy = card.empty.get(state, DEFAULT_POLICY)
    return card.fallback.get(state, DEFAULT_POLICY) if policy == "last" else policy


def _outcome(card: Scorecard, subject: Subject, total: Decimal) -> Decimal:
    """The sum after the modifiers and gates that applied to the subject, and the card's cap."""
    factors = [Fraction(modifier["factor"]) for modifier in subject["modifiers"] if modifier["applied"]]
    if factors:
        exact = Fraction(total)
        for factor in factors:
            exact *= factor
        total = quantised(exact, OUTCOME_PLACES)
    for gate in subject["gates"]:
        if gate["applied"]:
            total = min(total, Decimal(gate["cap"])) if gate["cap"] is not None else total
            total = Decimal(gate["total"]) if gate["total"] is not None else total
    return total if card.cap is None else min(total, card.cap)
