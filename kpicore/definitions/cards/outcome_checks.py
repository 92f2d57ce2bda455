"""What a scorecard says about its total must hold by itself: modifiers, gates, cap, bands, coefficient."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NoReturn, TypeAlias, get_args

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.card_tables import places
from kpicore.definitions.cards.scorecards import Coefficient, ConditionPolicy, Gate, Modifier, Scorecard
from kpicore.definitions.indicators import EMPTY_STATES
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.naming import did_you_mean
from kpicore.periods import parse_period

CONDITION_POLICIES: tuple[str, ...] = get_args(ConditionPolicy)
COEFFICIENT_KINDS = ("steps", "linear")

#: Totals, factors and coefficients have at most so many places.
OUTCOME_PLACES = 9
MOST_TOTAL, MOST_FACTOR = 1_000_000, 1000

Places: TypeAlias = Mapping[tuple[str, int], str]


def check_outcome(card: Scorecard, name: str, at: Places) -> None:
    """Refuse modifiers, gates, a cap, bands or a coefficient that say nothing, or contradict themselves.

    Args:
        card: The scorecard.
        name: What errors call it.
        at: Place of each ("modifier", n) and ("gate", n), from 0, where it is known better.

    Raises:
        InvalidDefinition: With the modifier, gate, band or step that is wrong.
    """
    for number, modifier in enumerate(card.modifiers):
        _check_modifier(card, modifier, at.get(("modifier", number), f"{name} [[modifier]] {number + 1}"))
    for number, gate in enumerate(card.gates):
        _check_gate(gate, at.get(("gate", number), f"{name} [[gate]] {number + 1}"))
    if card.cap is not None:
        _check_number("cap", card.cap, MOST_TOTAL, name)
    _check_bands(card, name)
    if card.coefficient is not None:
        check_coefficient(card.coefficient, f"{name} [coefficient]")


def _check_gate(gate: Gate, where: str) -> None:
    _check_condition(gate, where)
    if (gate.total is None) == (gate.cap is None):
        _wrong(
            where,
            "says neither total nor cap" if gate.total is None else "says both total and cap",
            'write total = "0", what the total is then, or cap = "60", what it is at most',
        )
    for what, number in (("total", gate.total), ("cap", gate.cap)):
        if number is not None:
            _check_number(what, number, MOST_TOTAL, where)


def _check_modifier(card: Scorecard, modifier: Modifier, where: str) -> None:
    if modifier.factor < 0:
        _wrong(where, f"the factor is negative: {modifier.factor:f}", "a factor of 0.9 takes a tenth away")
    _check_number("factor", modifier.factor, MOST_FACTOR, where)
    if modifier.indicator is None:
        for what in ("below", "above", "params", "empty"):
            if getattr(modifier, what) not in (None, {}):
                _wrong(where, f"{what} says nothing without an indicator", 'write indicator = "…"')
        if not modifier.title:
            _wrong(where, "a factor without an indicator needs a title", 'write title = {en = "…", zh-Hant = "…"}')
    else:
        _check_condition(modifier, where)
    if modifier.subject is not None and card.level == "company":
        _wrong(where, "the company is one subject without a name", "leave subject out")
    if modifier.period is not None:
        try:
            kind = parse_period(modifier.period).kind
        except InvalidInput as error:
            raise InvalidDefinition(error.message, where=where, code=error.code, hint=error.hint) from None
        if kind != card.period:
            _wrong(
                where, f"{modifier.period} is a {kind}; the scorecard goes by {card.period}", f"name a {card.period}"
            )


def _check_condition(rule: Gate | Modifier, where: str) -> None:
    if rule.below is None and rule.above is None:
        _wrong(where, "says neither below nor above", 'write below = "1": it holds for values under it')
    if rule.below is not None and rule.above is not None and rule.below > rule.above:
        _wrong(where, "every value is below the one or above the other", "below must not be more than above")
    for state, policy in rule.empty.items():
        for word, known in ((state, EMPTY_STATES), (policy, CONDITION_POLICIES)):
            if word not in known:
                _wrong(where, f"unknown {word!r} in empty", did_you_mean(word, known) or ", ".join(known))


def _check_bands(card: Scorecard, name: str) -> None:
    seen: dict[Decimal, str] = {}
    for band, bound in card.bands.items():
        if bound in seen:
            _wrong(f"{name} [bands]", f"{band} and {seen[bound]} begin at the same total {bound:f}", "keep one of them")
        seen[bound] = band


def check_coefficient(rule: Coefficient, where: str) -> None:
    """Refuse a table from totals to coefficients that says nothing, or contradicts itself.

    Raises:
        InvalidDefinition: With the step that is wrong.
    """
    if rule.kind not in COEFFICIENT_KINDS:
        _wrong(where, f"kind cannot be {rule.kind!r}", did_you_mean(rule.kind, COEFFICIENT_KINDS) or "steps or linear")
    least = 1 if rule.kind == "steps" else 2
    if len(rule.steps) < least:
        hint = 'write steps = [["120", "1.5"], ["100", "1"], ["0", "0"]]: total, coefficient'
        _wrong(where, f"{rule.kind} needs {'a step' if least == 1 else 'two steps'} at least", hint)
    seen = set()
    for total, coefficient in rule.steps:
        _check_number("a total", total, MOST_TOTAL, where)
        _check_number("a coefficient", coefficient, MOST_FACTOR, where)
        if coefficient < 0:
            _wrong(where, f"the coefficient {decimal_text(coefficient)} is negative", "0 is the least")
        if total in seen:
            _wrong(where, f"two steps begin at the total {decimal_text(total)}", "keep one of them")
        seen.add(total)


def _check_number(what: str, number: Decimal, most: int, where: str) -> None:
    if places(number) > OUTCOME_PLACES:
        _wrong(where, f"{what} has more than {OUTCOME_PLACES} places", "round it")
    if abs(number) > most:
        _wrong(where, f"{what} is beyond {most}", "write a smaller one")


def _wrong(where: str, message: str, hint: str) -> NoReturn:
    raise InvalidDefinition(message, where=where, hint=hint)
