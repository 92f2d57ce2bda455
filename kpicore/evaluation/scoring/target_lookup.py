"""Targets in force in a world: of records and scorecards, by indicator, level, subject and period."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.indicators import Level
from kpicore.errors import NotFound
from kpicore.evaluation.scoring.cells import recorded_target, target_for

if TYPE_CHECKING:
    from kpicore.evaluation.world import World


class TargetsInForce:
    """The targets that are recorded or that scorecards give, looked up one at a time."""

    def __init__(self, world: World) -> None:
        self._world = world

    def get(self, key: tuple[str, Level, str | None, str]) -> Decimal | None:
        """The target of an indicator at a level for a subject in a period; None where there is none.

        The scorecards in force at the period's start are asked in the order of their ids, those of the level first: the
        first that has the indicator with a target of the level answers. What is recorded goes before what a card says
        of the same subject and period. Where no card has the indicator, recorded targets stand alone.
        """
        calendar = self._world.calendar
        return self.at(key, calendar.bounds(calendar.period(key[3])).start_us)

    def at(self, key: tuple[str, Level, str | None, str], start: int) -> Decimal | None:
        """As `get`, of the scorecards and records in force at another instant, in µs UTC."""
        indicator, level, subject, period_id = key
        recorded = self._world.target_book.at(level, start)
        cards = list(self._cards(start))
        for card in sorted(cards, key=lambda card: card.level != level):
            for line in card.lines:
                if line.indicator == indicator:
                    # What a card of another level says for all its subjects is no target of this level.
                    own = card if card.level == level else evolve(card, level=level)
                    there = line if card.level == level else evolve(line, target=None)
                    target = target_for(own, there, subject, period_id, recorded)
                    if target is not None:
                        return target
        return recorded_target(recorded, indicator, subject, period_id)

    def _cards(self, instant: int) -> Iterator[Scorecard]:
        world = self._world
        given = {rule.id for rule in world.overrides if isinstance(rule, Scorecard)}
        for card_id in sorted({record.name for record in world.rules if record.kind == "scorecard"} | given):
            try:
                yield world.scorecard(card_id, instant).card
            except NotFound:
                continue
