"""Schedules: other weights for those who are new, step by step by tenure. At every instant weights sum to 100."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.cards.weights import reweighed
from kpicore.errors import InvalidDefinition

__all__ = ["check_schedule", "on_step", "variants"]


def on_step(card: Scorecard, step: int | None, where: str | None = None) -> Scorecard:
    """The card with the weights of one step of its schedule.

    Args:
        card: The scorecard.
        step: Number of the step, from 0; None: after the schedule, or without one.
        where: What errors call the step.

    Raises:
        NotFound, Refused, InvalidDefinition: As `reweighed`.
    """
    if step is None:
        return card
    place = where or f"scorecard {card.id} [[schedule]] {step + 1}"
    own = {line.indicator: line.weight for line in card.lines}
    weights = reweighed(own, card.schedule[step].weights, card.id, place)
    return evolve(card, lines=[evolve(line, weight=weights[line.indicator]) for line in card.lines])


def variants(card: Scorecard) -> Iterator[Scorecard]:
    """The card as it is, and with the weights of every step of its schedule."""
    yield card
    for step in range(len(card.schedule)):
        yield on_step(card, step)


def check_schedule(card: Scorecard, where: str, at: Mapping[tuple[str, int], str]) -> Iterator[tuple[int, str]]:
    """Refuse a schedule that has no one to be for, or whose steps do not follow one another.

    Args:
        card: The card.
        where: What errors call it.
        at: Place of each ("schedule", n), from 0, where it is known better.

    Yields:
        Number and place of every step, whose weights are still to be checked.

    Raises:
        InvalidDefinition: As said.
    """
    before = 0
    for number, step in enumerate(card.schedule):
        place = at.get(("schedule", number), f"{where} [[schedule]] {number + 1}")
        if card.level != "person":
            raise InvalidDefinition(
                f"a schedule goes by tenure, and a card of the level {card.level} scores nobody who has one",
                where=place,
                code="schedule_level",
                hint='leave [[schedule]] out, or write level = "person"',
            )
        if card.mid_period != "split":
            raise InvalidDefinition(
                "a schedule changes weights inside a period",
                where=place,
                code="schedule_whole",
                hint='write mid_period = "split" in [scorecard], or leave [[schedule]] out',
            )
        if step.until <= before:
            raise InvalidDefinition(
                f"until = {step.until} is not after {before}",
                where=place,
                code="schedule_order",
                hint="steps follow one another: each ends after more months than the one before",
            )
        before = step.until
        yield number, place
