"""Other weights for some lines of a scorecard, with what is to become of the rest said and never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from attrs import field, frozen

from kpicore.canonical import decimal_text
from kpicore.definitions.converters import names
from kpicore.errors import InvalidDefinition, InvalidInput, NotFound, Refused
from kpicore.naming import did_you_mean

#: What becomes of lines that are neither named nor locked: they share what is left, in proportion to their weights.
Rest = Literal["proportional"]

RESTS: tuple[Rest, ...] = ("proportional",)

_ALL = Decimal(100)
_PLACES = 2


def _numbers(value: Mapping[str, Any]) -> dict[str, Decimal]:
    if not isinstance(value, Mapping):
        raise InvalidInput(
            f"{type(value).__name__} does not say what weighs how much",
            where="[weights]",
            hint='give a weight for every indicator: {"sales.win_rate": 40}',
        )
    found = {}
    for name, weight in value.items():
        try:
            found[name] = weight if isinstance(weight, Decimal) else Decimal(str(weight))
        except InvalidOperation:
            found[name] = Decimal("nan")
        if not found[name].is_finite():
            raise InvalidInput(
                f"{weight!r} is no weight", where=f"[weights] {name}", hint="write a number of points: 37.5"
            )
    return found


@frozen
class Weights:
    """Weights for all or some lines of a scorecard.

    Args:
        named: A weight, in points of 100, by indicator.
        rest: What becomes of the lines that are neither named nor locked; None: there must be none.
        locked: Indicators whose weights stay as they are.
    """

    named: Mapping[str, Decimal] = field(converter=_numbers)
    rest: Rest | None = None
    locked: tuple[str, ...] = field(default=(), converter=names)


def reweighed(
    current: Mapping[str, Decimal], weights: Weights, card_id: str, where: str = "[weights]"
) -> dict[str, Decimal]:
    """The weight of every line after a change of some.

    What is left of 100 goes to the lines that are neither named nor locked, in proportion to what they weigh now. Where
    two places do not suffice, hundredths go to the largest remainders, of equal ones to the first line, so that the sum
    is exact.

    Args:
        current: What every line weighs now, in the order of the card.
        weights: The change.
        card_id: The scorecard, for errors.
        where: Where the change is written.

    Raises:
        NotFound: A weight or lock for an indicator that is not on the card.
        Refused: Lines have no weight and nothing says how they are treated, or they weigh nothing that can be scaled.
        InvalidDefinition: A line is named and locked, or named and locked lines weigh more than 100.
    """
    for indicator in (*weights.named, *weights.locked):
        if indicator not in current:
            raise NotFound(
                f"{indicator} is not on scorecard {card_id}",
                code="unknown_indicator",
                where=where,
                hint=did_you_mean(indicator, current) or f"its lines: {', '.join(current)}",
            )
    for indicator in weights.locked:
        if indicator in weights.named:
            raise InvalidDefinition(
                f"{indicator} is locked and given another weight", where=where, hint="take it out of one of them"
            )
    given = {**{name: current[name] for name in weights.locked}, **weights.named}
    unnamed = {name: weight for name, weight in current.items() if name not in given}
    if not unnamed:
        return {name: given[name] for name in current}
    before, left = sum(unnamed.values(), Decimal(0)), _ALL - sum(given.values(), Decimal(0))
    if weights.rest is None:
        raise Refused(
            f"no weight for {', '.join(unnamed)}: {_said(before)} points are unnamed before and {_said(left)} after",
            code="weights_unnamed",
            where=where,
            hint='give every line its weight, 0 is shown and not scored; or write rest = "proportional"',
        )
    if left < 0:
        raise InvalidDefinition(
            f"the weights given sum to {_said(_ALL - left)}, and {', '.join(unnamed)} come on top",
            where=where,
            code="weights_sum",
            hint=f"take away at least {_said(-left)}",
        )
    if not before and left:
        raise Refused(
            f"{_said(left)} points are left and {', '.join(unnamed)} weigh nothing: there is no proportion",
            code="weights_unnamed",
            where=where,
            hint="give every line its weight",
        )
    shares = dict(zip(unnamed, _shared(left, list(unnamed.values())), strict=True))
    return {name: given.get(name, shares.get(name, Decimal(0))) for name in current}


def _shared(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """An amount in shares of two places that sum to it (largest remainders, the method of Hamilton)."""
    whole = sum(weights, Decimal(0))
    if not whole:
        return [Decimal(0)] * len(weights)
    hundredths = int(amount.scaleb(_PLACES))
    # Exact: fractions of integers, and no division of decimals.
    scale = 10 ** max(0, -min(int(weight.as_tuple().exponent) for weight in weights))
    parts = [int(weight * scale) for weight in weights]
    total = sum(parts)
    floors = [hundredths * part // total for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda n: (-(hundredths * parts[n] % total), n))
    for n in by_remainder[: hundredths - sum(floors)]:
        floors[n] += 1
    return [Decimal(share).scaleb(-_PLACES) for share in floors]


def _said(number: Decimal) -> str:
    return decimal_text(number)
