"""Targets in force in a world: of records and scorecards, by indicator, level, subject and period."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.indicators import Level
from kpicore.errors import NotFound
from kpicore.evaluation.scoring.cells import Given, given_targets, most_special

if TYPE_CHECKING:
    from kpicore.evaluation.world import World


@frozen
class _Answer:
    """What one scorecard says of an indicator at a level, with what is recorded: the most special target counts."""

    given: Given
    line: Decimal | None


class TargetsInForce:
    """The targets that are recorded or that scorecards give, looked up one at a time."""

    def __init__(self, world: World) -> None:
        self._world = world
        # What subjects and periods share is found once.
        self._starts: dict[str, int] = {}
        self._answers: dict[tuple[str, Level, int], tuple[_Answer, ...]] = {}

    def get(self, key: tuple[str, Level, str | None, str]) -> Decimal | None:
        """The target of an indicator at a level for a subject in a period; None where there is none.

        The scorecards in force at the period's start are asked in the order of their ids, those of the level first: the
        first that has the indicator with a target of the level answers. What is recorded goes before what a card says
        of the same subject and period. Where no card has the indicator, recorded targets stand alone.
        """
        start = self._starts.get(key[3])
        if start is None:
            calendar = self._world.calendar
            start = self._starts[key[3]] = calendar.bounds(calendar.period(key[3])).start_us
        return self.at(key, start)

    def at(self, key: tuple[str, Level, str | None, str], start: int) -> Decimal | None:
        """As `get`, of the scorecards and records in force at another instant, in µs UTC."""
        indicator, level, subject, period_id = key
        answers = self._answers.get((indicator, level, start))
        if answers is None:
            answers = self._answers[indicator, level, start] = tuple(self._asked(indicator, level, start))
        for answer in answers:
            found = most_special(answer.given, subject, period_id)
            target = answer.line if found is None else found
            if target is not None:
                return target
        return None

    def _asked(self, indicator: str, level: Level, start: int) -> Iterator[_Answer]:
        """Who is asked, in order."""
        recorded = self._world.target_book.at(level, start)
        for card in sorted(self._cards(start), key=lambda card: card.level != level):
            for line in card.lines:
                if line.indicator == indicator:
                    # What a card of another level says for all its subjects is no target of this level.
                    own = card if card.level == level else evolve(card, level=level)
                    yield _Answer(given_targets(own, line, recorded), line.target if card.level == level else None)
        yield _Answer(recorded.get(indicator, {}), None)

    def _cards(self, instant: int) -> Iterator[Scorecard]:
        world = self._world
        given = {rule.id for rule in world.overrides if isinstance(rule, Scorecard)}
        for card_id in sorted({record.name for record in world.rules if record.kind == "scorecard"} | given):
            try:
                yield world.scorecard(card_id, instant).card
            except NotFound:
                continue
