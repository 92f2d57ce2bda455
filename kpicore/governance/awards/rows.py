"""What an award gives one subject, and how money is rounded."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from kpicore.definitions.plans.awards import Prize, Rounding
from kpicore.evaluation.documents import number
from kpicore.evaluation.numbers.exact import half_even

__all__ = ["Row", "exact_text", "rounded", "shares"]


@frozen
class Row:
    """One subject of an award.

    Args:
        subject: Who.
        scorecard: By which scorecard.
        won: Whether the award gives anything: money, or the honour.
        state: `ok`, or why there is no answer.
        due: Money that the period owes in all; None where it cannot be said, or the award gives none.
        said: What led to it.
    """

    subject: str | None
    scorecard: str
    won: bool
    state: str
    due: Decimal | None
    said: Mapping[str, Any]


def rounded(money: Fraction, rounding: Rounding) -> Decimal:
    """Money as it is paid."""
    scaled = money * 10**rounding.places
    if rounding.mode == "half_even":
        units = half_even(scaled.numerator, scaled.denominator)
    else:
        size = abs(scaled) + (Fraction(1, 2) if rounding.mode == "half_up" else 0)
        units = (size.numerator // size.denominator) * (-1 if scaled < 0 else 1)
    return Decimal(units).scaleb(-rounding.places)


def shares(prize: Prize | None, winners: int) -> Decimal | None:
    """What each of several winners gets; what rounding leaves of a shared prize is not paid."""
    if prize is None or not winners:
        return None
    amount = Fraction(prize.amount) / (winners if prize.ties == "share" else 1)
    return rounded(amount, prize.rounding)


def exact_text(value: Fraction) -> str:
    """A factor as text: exactly where 12 places suffice, else as a quotient."""
    scaled = value * 10**12
    if scaled.denominator == 1:
        return str(number(Decimal(scaled.numerator).scaleb(-12)))
    return f"{value.numerator}/{value.denominator}"
