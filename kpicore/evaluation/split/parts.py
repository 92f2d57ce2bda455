"""The parts of a split evaluation: every segment measured in its own window and scored with its own rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrs import define, evolve

from kpicore.definitions.cards.schedules import on_step
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.evaluation.scoring.cells import Cells, measured_again
from kpicore.evaluation.scoring.scored import Scored, ScoredLine, line_rules, score_cells
from kpicore.evaluation.sealing.form import sealed_cells
from kpicore.evaluation.split.last import last_values
from kpicore.evaluation.split.lines import Stretch, measure_stretches, owners, request_of, requests_of
from kpicore.evaluation.split.proration import prorated, prorates, to_whole
from kpicore.evaluation.split.segments import Division, Group, Segment, window_of
from kpicore.evaluation.world import CardInForce, World
from kpicore.periods import Period

__all__ = ["Part", "card_of_step", "in_pace", "scored_part", "scored_parts", "sealed_parts", "spans"]


@define(frozen=True, eq=False)
class Part:
    """One segment, and everyone who has it.

    Args:
        period: The period that it is a part of.
        group: The segment, with its subjects and their teams.
        in_force: The version of the card that is in force in it.
        scored: Its card with the weights of the segment's step, and its lines: what was measured in its window, and
            targets as they are prorated.
        volumes: Of each line whether it prorates.
    """

    period: Period
    group: Group
    in_force: CardInForce
    scored: Scored
    volumes: tuple[bool, ...]

    @property
    def segment(self) -> Segment:
        """Its days."""
        return self.group.segment

    @property
    def card(self) -> Scorecard:
        """The card with the weights of the segment's step."""
        return self.scored.card

    @property
    def window(self) -> Period:
        """Its days as a period."""
        return window_of(self.segment, self.period)


def scored_parts(world: World, division: Division) -> tuple[Part, ...]:
    """Every group of a division, measured and scored; where nobody was known before, whoever owns a counted fact."""
    level = division.in_force.card.level
    if not division.known:
        stretches = [
            Stretch(
                window_of(one, division.period), division.period, (), requests_of(division.versions[one.version].card)
            )
            for one in division.windows()
        ]
        division = division.of_everyone(owners(world, stretches, level))
    in_force = [division.versions[group.segment.version] for group in division.groups]
    stretches = [
        Stretch(window_of(group.segment, division.period), division.period, group.subjects, requests_of(one.card))
        for group, one in zip(division.groups, in_force, strict=True)
    ]
    measured = measure_stretches(world, stretches, level)
    return tuple(
        scored_part(world, division.period, group, one, cells)
        for group, one, cells in zip(division.groups, in_force, measured, strict=True)
    )


def scored_part(world: World, period: Period, group: Group, in_force: CardInForce, cells: Sequence[Cells]) -> Part:
    """One segment, scored with its own rules.

    Args:
        world: Its definitions say how lines turn values into attainment, and which prorate.
        period: The period that it is a part of.
        group: The segment and its subjects.
        in_force: The version of the card.
        cells: What was measured for each line, aligned with the subjects.
    """
    card = card_of_step(in_force.card, group.segment)
    days, whole = group.segment.days, period.days
    volumes = tuple(prorates(world.definitions, request_of(line), card.level) for line in card.lines)
    paced = [in_pace(column, days, whole, volume=volume) for column, volume in zip(cells, volumes, strict=True)]
    start = world.calendar.instant(group.segment.start)
    recorded = world.recorded_targets(card.level, start)
    last = last_values(world, card, group.subjects, period.id)
    scored = score_cells(card, line_rules(card, world.definitions), group.subjects, paced, period.id, recorded, last)
    lines = tuple(
        _as_read(line, column, days, whole) if volume and days != whole else line
        for line, column, volume in zip(scored.lines, cells, volumes, strict=True)
    )
    return Part(period, group, in_force, evolve(scored, lines=lines), volumes)


def spans(parts: Sequence[Part]) -> dict[Period, list[str | None]]:
    """Everyone by the window from their first day on the card to their last one."""
    first: dict[str | None, date] = {}
    last: dict[str | None, date] = {}
    for part in parts:
        for name in part.group.subjects:
            first[name] = min(first.get(name, part.segment.start), part.segment.start)
            last[name] = max(last.get(name, part.segment.end), part.segment.end)
    found: dict[Period, list[str | None]] = {}
    for name, start in first.items():
        found.setdefault(window_of(Segment(start, last[name]), parts[0].period), []).append(name)
    return found


def sealed_parts(
    world: World, versions: Sequence[CardInForce], period: Period, document: Mapping[str, Any]
) -> tuple[Part, ...]:
    """The parts of a sealed evaluation, from its stored measurements.

    Args:
        world: The world that it was evaluated in.
        versions: The card's versions in force in the period, in order.
        period: The period.
        document: The sealed document.
    """
    whole = dict(zip((line["indicator"] for line in document["lines"]), sealed_cells(document), strict=True))
    return tuple(_sealed_part(world, versions, period, document, segment, whole) for segment in document["segments"])


def _sealed_part(
    world: World,
    versions: Sequence[CardInForce],
    period: Period,
    document: Mapping[str, Any],
    segment: Mapping[str, Any],
    whole: Mapping[str, Cells],
) -> Part:
    number = next(n for n, version in enumerate(versions) if version.card.effective == segment["card"])
    card = versions[number].card
    steps = [step.until for step in card.schedule]
    step = -1 if segment["tenure_until"] is None else steps.index(segment["tenure_until"])
    start, end = (date.fromisoformat(segment[edge]) for edge in ("from", "to"))
    names = tuple(document["subjects"][place] for place in segment["subjects"])
    if "lines" in segment:
        cells = sealed_cells(segment)
    else:
        cells = [whole[line.indicator].picked(segment["subjects"]) for line in card.lines]
    group = Group(Segment(start, end, number, step), names, tuple(segment["teams"]))
    return scored_part(world, period, group, versions[number], [measured_again(column) for column in cells])


def card_of_step(card: Scorecard, segment: Segment) -> Scorecard:
    """A version of the card with the weights of a segment's step."""
    return on_step(card, None if segment.step < 0 else segment.step)


def in_pace(cells: Cells, days: int, whole: int, *, volume: bool) -> Cells:
    """What was measured in a segment, as it is scored.

    Args:
        cells: What was measured.
        days: Days of the segment.
        whole: Days of the period.
        volume: Whether it prorates.
    """
    return to_whole(cells, days, whole) if volume and days != whole else cells


def _as_read(line: ScoredLine, measured: Cells, days: int, whole: int) -> ScoredLine:
    """A line that was scored by its pace, with what was measured and the prorated target."""
    cells = evolve(line.cells, numerator=measured.numerator, denominator=measured.denominator, value=measured.value)
    return evolve(line, cells=cells, targets=prorated(line.targets, days, whole))
