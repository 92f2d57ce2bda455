"""What a scorecard must hold by itself, before any indicator is looked up: weights, targets, bands, policies."""

from __future__ import annotations

from decimal import Decimal
from typing import NoReturn

from kpicore.definitions.cards.card_tables import places
from kpicore.definitions.cards.outcome_checks import Places, check_outcome
from kpicore.definitions.cards.schedules import check_schedule, on_step
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.indicators import EMPTY_STATES, LEVELS
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.naming import check_name, did_you_mean
from kpicore.periods import parse_period

PERIOD_KINDS = ("day", "week", "month", "quarter", "half", "year")
EMPTY_POLICIES = ("redistribute", "keep", "floor", "target", "block", "last")
#: What may happen where there is no last value.
FALLBACKS = tuple(policy for policy in EMPTY_POLICIES if policy != "last")

#: Attainment has 9 places, and so have its limits.
ATTAINMENT_PLACES = 9
MOST_ATTAINMENT = 1_000_000


def check_card(card: Scorecard, where: str | None = None, at: Places | None = None) -> None:
    """Refuse a scorecard that contradicts itself.

    Args:
        card: The scorecard.
        where: What errors call it; its id when not given.
        at: Place of each ("line", n), ("target", n), ("schedule", n), ("modifier", n) and ("gate", n), from 0, where it is
            known better.

    Raises:
        InvalidDefinition: With the sum of the weights, the line, the target or the band that is wrong.
    """
    name = where or f"scorecard {card.id}"
    at = at or {}
    check_name(card.id, "a scorecard")
    if card.period not in PERIOD_KINDS:
        hint = did_you_mean(card.period, PERIOD_KINDS) or f"one of: {', '.join(PERIOD_KINDS)}"
        raise InvalidDefinition(f"period cannot be {card.period!r}", where=name, hint=hint)
    if card.level not in LEVELS:
        raise InvalidDefinition(f"level cannot be {card.level!r}", where=name, hint=f"one of: {', '.join(LEVELS)}")
    _check_lines(card, name, at)
    _check_weights(card, name, at)
    for number, place in check_schedule(card, name, at):
        _check_weights(on_step(card, number, place), place, {})
    _check_targets(card, name, at)
    _check_empty(card, name)
    check_outcome(card, name, at)


def _check_lines(card: Scorecard, name: str, at: Places) -> None:
    if not card.lines:
        raise InvalidDefinition("no [[line]]", where=name, code="missing_key", hint="a scorecard has at least one")
    seen: dict[str, int] = {}
    for number, line in enumerate(card.lines):
        place = at.get(("line", number), f"{name} [[line]] {number + 1}")
        if line.indicator in seen:
            raise InvalidDefinition(
                f"{line.indicator} is on the scorecard twice",
                where=place,
                code="duplicate_indicator",
                hint=f"it is line {seen[line.indicator] + 1} already",
            )
        seen[line.indicator] = number
        for what, limit in (("floor", line.floor), ("cap", line.cap)):
            if limit is not None and places(limit) > ATTAINMENT_PLACES:
                raise InvalidDefinition(
                    f"{what} has more than {ATTAINMENT_PLACES} places", where=place, hint="round it"
                )
            if limit is not None and abs(limit) > MOST_ATTAINMENT:
                hint = "attainment is a ratio: 1 at the target"
                raise InvalidDefinition(f"{what} is beyond {MOST_ATTAINMENT}", where=place, hint=hint)
        if line.cap is not None and line.cap < line.floor:
            raise InvalidDefinition(
                f"cap {line.cap:f} is below floor {line.floor:f}",
                where=place,
                hint="leave one of them out, or let cap be at least floor",
            )


def _check_weights(card: Scorecard, name: str, at: Places) -> None:
    for number, line in enumerate(card.lines):
        place = at.get(("line", number), f"{name} [[line]] {number + 1}")
        if line.weight < 0:
            raise InvalidDefinition(
                f"the weight of {line.indicator} is negative: {line.weight:f}",
                where=place,
                code="negative_weight",
                hint="weights are 0 to 100; 0 is shown and not scored",
            )
        if places(line.weight) > 2:
            raise InvalidDefinition(
                f"the weight of {line.indicator} has more than two places: {line.weight:f}",
                where=place,
                code="weight_places",
                hint="round it: 33.33",
            )
    total = sum((line.weight for line in card.lines), Decimal(0))
    if total != 100:
        listed = " + ".join(f"{line.weight:f}" for line in card.lines)
        gap = 100 - total
        raise InvalidDefinition(
            f"the weights sum to {total:f}, not 100",
            where=name,
            code="weights_sum",
            hint=f"{listed} = {total:f}: {'add' if gap > 0 else 'take away'} {abs(gap):f}",
        )


def _check_targets(card: Scorecard, name: str, at: Places) -> None:
    indicators = [line.indicator for line in card.lines]
    seen: dict[tuple[str, str, str | None, str | None], int] = {}
    for number, target in enumerate(card.targets):
        place = at.get(("target", number), f"{name} [[target]] {number + 1}")
        if target.indicator not in indicators:
            raise InvalidDefinition(
                f"{target.indicator} is not on the scorecard",
                where=place,
                code="unknown_indicator",
                hint=did_you_mean(target.indicator, indicators) or f"its lines: {', '.join(indicators)}",
            )
        if target.level == "company" and target.subject is not None:
            _wrong(place, "the company is one subject without a name", "leave subject out")
        if target.period is not None:
            try:
                kind = parse_period(target.period).kind
            except InvalidInput as error:
                raise InvalidDefinition(error.message, where=place, code=error.code, hint=error.hint) from None
            if kind != card.period and target.level == card.level:
                _wrong(
                    place, f"{target.period} is a {kind}; the scorecard goes by {card.period}", f"name a {card.period}"
                )
        identity = (target.indicator, target.level, target.subject, target.period)
        if identity in seen:
            _wrong(place, f"the same as [[target]] {seen[identity] + 1}", "keep one of them")
        seen[identity] = number


def _check_empty(card: Scorecard, name: str) -> None:
    for state, policy in card.empty.items():
        for word, known in ((state, EMPTY_STATES), (policy, EMPTY_POLICIES)):
            if word not in known:
                _wrong(f"{name} [empty]", f"unknown {word!r}", did_you_mean(word, known) or ", ".join(known))
    for state, policy in card.fallback.items():
        if card.empty.get(state) != "last":
            _wrong(f"{name} [empty]", f"{state} does not take the last value", f'write {state} = ["last", "{policy}"]')
        if policy not in FALLBACKS:
            _wrong(f"{name} [empty]", f"{state} cannot be {policy!r} without a last value", ", ".join(FALLBACKS))


def _wrong(where: str, message: str, hint: str) -> NoReturn:
    raise InvalidDefinition(message, where=where, hint=hint)
