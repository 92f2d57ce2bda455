"""The way from one evaluation to another where a period is split: segment by segment, and last how it is divided.

While facts and rules are exchanged, the period stays divided as the first evaluation has it; each segment gets the rules
that the second one has on its first day. What is left is the cause `segments`: who has which days, and what came or went
inside the period. Of two periods the days are those of the later one from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.evaluation.evaluate import Evaluation
from kpicore.evaluation.explaining.comparison import CauseName
from kpicore.evaluation.explaining.fact_evidence import Evidence
from kpicore.evaluation.explaining.later_period import value_evidence
from kpicore.evaluation.explaining.outcome_steps import OutcomeSteps
from kpicore.evaluation.explaining.rule_evidence import (
    organisation_evidence,
    rule_difference,
    target_evidence,
    version_rule,
)
from kpicore.evaluation.explaining.steps import FIRST_CARD, Steps
from kpicore.evaluation.explaining.tracks import End, Track
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.cells import Cells, Column, Subjects, in_order, measured_again, targets_for
from kpicore.evaluation.scoring.scored import line_rules
from kpicore.evaluation.split.last import last_values
from kpicore.evaluation.split.lines import Stretch, measure_stretches, owners, request_of, requests_of
from kpicore.evaluation.split.parts import Part, in_pace, spans
from kpicore.evaluation.split.pooling import combined
from kpicore.evaluation.split.proration import prorates
from kpicore.evaluation.split.segments import Group, Segment, assigned, window_of
from kpicore.evaluation.world import CardInForce, World
from kpicore.periods import Period

__all__ = ["SplitSteps"]


@frozen(eq=False)
class _Stay:
    """Some subjects in one segment, and the rules at both ends of their way.

    Args:
        segment: The segment.
        subjects: They.
        old, new: The card at each end, with the weights of a step.
        in_force: The version of the second card.
        part: Where the first evaluation measured it; None where it did not.
    """

    segment: Segment
    subjects: Subjects
    old: Scorecard
    new: Scorecard
    in_force: CardInForce
    part: Part | None


@define
class SplitSteps(Steps):
    """As `Steps`, where one of the evaluations is split."""

    _stays: list[_Stay] = field(init=False)
    _period: Period = field(init=False)
    _fixed: Fixed | None = None
    _measures: dict[str, list[dict[str, Cells]]] = field(factory=dict)

    def _set_out(self) -> None:
        leading = self.new if self.apart else self.old
        self._period = leading.world.calendar.period(leading.bounds.period_id)
        self.subjects = in_order({*self.old.scored.subjects, *self.new.scored.subjects})
        self._stays = list(self._later_stays() if self.apart else self._own_stays())
        windows = spans(_parts(leading))
        rest = [name for name in self.subjects if name not in set(leading.scored.subjects)]
        if rest:
            windows.setdefault(self._period, []).extend(rest)
        self.after = OutcomeSteps(self.old, self.new, self.subjects, windows)
        self.tracks = [
            Track(stay.subjects, stay.segment.days, self._old_end(stay), self._new_end(stay), partial(self._of, n))
            for n, stay in enumerate(self._stays)
        ]
        if self.apart:
            self._fixed = self._totals(self.old)

    def totals(self) -> Fixed:
        """Totals of everyone as the lines stand now; 0 where there is none."""
        if self._fixed is not None:
            return self._fixed
        number = {name: n for n, name in enumerate(self.subjects)}
        places = [np.array([number[name] for name in track.subjects], dtype=np.intp) for track in self.tracks]
        leading = self.new if self.apart else self.old
        plain = np.zeros(len(self.subjects), dtype=np.bool_)
        own = [number[name] for name in leading.scored.subjects]
        plain[own] = True if leading.split is None else leading.split.plain
        if leading.split is None:
            plain[:] = True
        totals = [track.totals() for track in self.tracks]
        days = [track.days for track in self.tracks]
        return self.after.numbers(combined(totals, places, days, len(self.subjects), plain))

    def exchanges(self) -> Iterator[tuple[CauseName, str | None, Callable[[], bool]]]:
        """As `Steps.exchanges`, with the values of a later period at once, and with the segments last."""
        if self.apart:
            yield "values", None, self._arrive
        yield from (exchange for exchange in super().exchanges() if exchange[0] != "values")
        yield "segments", None, self._divide

    def _arrive(self) -> bool:
        conditions = self._conditions("values")
        for indicator in self.after.indicators:
            self.after.take(indicator, conditions)
        self._fixed = None
        return True

    def _divide(self) -> bool:
        self._fixed = self._totals(self.new)
        return True

    def _totals(self, evaluation: Evaluation) -> Fixed:
        places = {name: n for n, name in enumerate(evaluation.scored.subjects)}
        column = Column(evaluation.outcome.numbers, evaluation.outcome.none)
        found = column.picked([places.get(name, -1) for name in self.subjects])
        return found.numbers.where(~found.null, Fixed.of(0))

    def _own_stays(self) -> Iterator[_Stay]:
        """The segments of the first evaluation, each with the rules that the second one has on its first day."""
        found = _Rules(self.new)
        parts = _parts(self.old)
        stays: list[tuple[Segment, Subjects, Scorecard, Part | None]] = [
            (part.segment, part.group.subjects, part.card, part) for part in parts
        ]
        rest = tuple(name for name in self.subjects if name not in set(self.old.scored.subjects))
        if rest and self.old.card.level == "person" and not assigned(self.old.world):
            # Whoever owns facts is there all the time.
            for version in dict.fromkeys(part.segment.version for part in parts):
                own = [part for part in parts if part.segment.version == version]
                edges = min(part.segment.start for part in own), max(part.segment.end for part in own)
                stays.append((Segment(*edges, version), rest, own[0].in_force.card, None))
        for segment, subjects, card, part in stays:
            groups: dict[int, tuple[Scorecard, CardInForce, list[str | None]]] = {}
            for name in subjects:
                new, in_force = found.at(name, segment.start)
                groups.setdefault(id(new), (new, in_force, []))[2].append(name)
            for new, in_force, names in groups.values():
                yield _Stay(segment, tuple(names), card, new, in_force, part)

    def _later_stays(self) -> Iterator[_Stay]:
        """The segments of the second evaluation, each under the first card."""
        for part in _parts(self.new):
            yield _Stay(part.segment, part.group.subjects, self.old.card, part.card, part.in_force, None)

    def _old_end(self, stay: _Stay) -> End:
        day = None if self.apart else stay.segment.start
        return _end(self.old, stay.old, stay.subjects, day)

    def _new_end(self, stay: _Stay) -> End:
        return _end(self.new, stay.new, stay.subjects, stay.segment.start)

    def _of(self, stay: int, stage: str, indicator: str) -> Cells:
        """What a line measures in a stage for the subjects of a stay."""
        if self.apart and stage == "old":
            stage = "values"
        if stage == "definition" and stage not in self.worlds:
            stage = "new"
        if stage not in self._measures:
            self._measures[stage] = self._measure(stage)
        return self._measures[stage][stay][indicator]

    def _measure(self, stage: str) -> list[dict[str, Cells]]:
        first = stage in ("old", *FIRST_CARD)
        cards = [stay.old if first else stay.new for stay in self._stays]
        known = [self._known(stage, stay) for stay in self._stays]
        missing = [n for n, cells in enumerate(known) if cells is None]
        world = self.worlds.get(stage, self.new.world)
        for n, cells in zip(missing, self._read(world, [(self._stays[n], cards[n]) for n in missing]), strict=True):
            known[n] = cells
        book = (self.old if first else self.new).world.definitions
        return [
            {
                line.indicator: in_pace(
                    column,
                    stay.segment.days,
                    self._period.days,
                    volume=prorates(book, request_of(line), card.level),
                )
                for line, column in zip(card.lines, cells or (), strict=True)
            }
            for stay, card, cells in zip(self._stays, cards, known, strict=True)
        ]

    def _known(self, stage: str, stay: _Stay) -> list[Cells] | None:
        """What an evaluation measured itself; None where it has to be measured."""
        if stage == "old":
            part = stay.part
            if part is None:
                return [_absent(len(stay.subjects)) for _ in stay.old.lines]
        elif stage == "new":
            same = (
                one
                for one in _parts(self.new)
                if (one.segment.start, one.segment.end) == (stay.segment.start, stay.segment.end)
                and requests_of(one.card) == requests_of(stay.new)
                and set(stay.subjects) <= set(one.group.subjects)
            )
            part = next(same, None)
        else:
            part = None
        if part is None:
            return None
        places = {name: n for n, name in enumerate(part.group.subjects)}
        taken = [places[name] for name in stay.subjects]
        return [measured_again(line.cells).picked(taken) for line in part.scored.lines]

    def _read(self, world: World, stays: Sequence[tuple[_Stay, Scorecard]]) -> list[list[Cells]]:
        if not stays:
            return []
        level = self.old.card.level
        stretches = [
            Stretch(window_of(stay.segment, self._period), self._period, stay.subjects, requests_of(card))
            for stay, card in stays
        ]
        if level != "person" or assigned(world):
            return measure_stretches(world, stretches, level)
        there = set(owners(world, stretches, level))
        own = [evolve(one, subjects=tuple(name for name in one.subjects if name in there)) for one in stretches]
        found = []
        for one, part, columns in zip(stretches, own, measure_stretches(world, own, level), strict=True):
            places = {name: n for n, name in enumerate(part.subjects)}
            taken = [places.get(name, -1) for name in one.subjects]
            found.append([column.picked(taken) for column in columns])
        return found

    def _evidence(self, cause: CauseName, indicator: str | None) -> Evidence:
        if cause == "values":
            return Evidence((), self._values())
        if cause == "segments":
            return self._division()
        if cause in ("weights", "targets", "curve", "empty_policy"):
            return self._rule_evidence(cause, indicator)
        return super()._evidence(cause, indicator)

    def _values(self) -> dict[str | None, tuple[dict[str, Any], ...]]:
        """What everyone has on their lines in both periods."""
        found: dict[str | None, tuple[dict[str, Any], ...]] = {}
        for line in self.old.scored.card.lines:
            cells = [_line_cells(one, line.indicator, self.subjects) for one in (self.old, self.new)]
            for name, pieces in value_evidence(self.old, self.new, self.subjects, cells).items():
                told = tuple({"indicator": line.indicator, **piece} for piece in pieces)
                found[name] = (*found.get(name, ()), *told)
        return found

    def _rule_evidence(self, cause: CauseName, indicator: str | None) -> Evidence:
        """Rule changes between the cards at both ends of everyone's segments."""
        own: dict[str | None, tuple[dict[str, Any], ...]] = {}
        for stay in self._stays:
            values = rule_difference(stay.old, stay.new, cause, indicator)
            if values["old"] == values["new"]:
                continue
            piece = {**version_rule(self.new, stay.in_force), **values}
            for name in stay.subjects:
                if piece not in own.get(name, ()):
                    own[name] = (*own.get(name, ()), piece)
        if indicator is not None and cause == "targets":
            recorded = target_evidence(self.old, self.new, indicator)
            for name in self.subjects:
                told = (*recorded.get(None, ()), *(recorded.get(name, ()) if name is not None else ()))
                own[name] = (*own.get(name, ()), *told)
        return Evidence((version_rule(self.new, self.new.in_force),), own)

    def _division(self) -> Evidence:
        """Assignments that moved, and rule changes inside the period that only one of the evaluations knows."""
        rules: list[dict[str, Any]] = []
        versions = [_versions(one) for one in (self.old, self.new)]
        for evaluation, here, there in ((self.new, 1, 0), (self.old, 0, 1)):
            known = [version.record for version in versions[there]]
            rules += [
                version_rule(evaluation, version)
                for version in versions[here]
                if version.record is None or version.record not in known
            ]
        for line in self.new.scored.card.lines:
            rules += [piece for own in target_evidence(self.old, self.new, line.indicator).values() for piece in own]
        rules += organisation_evidence(self.old, self.new)
        moved = self.moved.get("employee_assigned")
        own: dict[str | None, tuple[dict[str, Any], ...]] = {}
        for fact in [] if moved is None else [fact for facts in moved.facts.values() for fact in facts]:
            name = fact.key["employee_id"]
            own[name] = (*own.get(name, ()), fact.to_document())
        everyone = tuple(rules) or (version_rule(self.new, self.new.in_force),)
        return Evidence(everyone, {name: (*facts, *rules) for name, facts in own.items()})


class _Rules:
    """The rules that an evaluation has for somebody on a day."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._parts: dict[str | None, list[Part]] = {}
        for part in _parts(evaluation):
            for name in part.group.subjects:
                self._parts.setdefault(name, []).append(part)
        self._versions = _versions(evaluation)

    def at(self, subject: str | None, day: date) -> tuple[Scorecard, CardInForce]:
        """The card with the weights of their step, and the version; of who is not there the version of that day."""
        for part in self._parts.get(subject, ()):
            if part.segment.start <= day < part.segment.end:
                return part.card, part.in_force
        first, *others = self._versions
        begun = [version for version in others if str(version.card.effective) <= day.isoformat()]
        version = begun[-1] if begun else first
        return version.card, version


def _versions(evaluation: Evaluation) -> tuple[CardInForce, ...]:
    return evaluation.world.versions_in(evaluation.card.id, evaluation.bounds)


def _parts(evaluation: Evaluation) -> Sequence[Part]:
    """The segments of an evaluation; of one that is not split the whole period."""
    if evaluation.segments:
        return evaluation.segments
    period = evaluation.world.calendar.period(evaluation.bounds.period_id)
    subjects = evaluation.scored.subjects
    group = Group(Segment(period.start.date(), period.end.date()), subjects, (None,) * len(subjects))
    return [Part(period, group, evaluation.in_force, evaluation.scored, (False,) * len(evaluation.card.lines))]


def _end(evaluation: Evaluation, card: Scorecard, subjects: Subjects, day: date | None) -> End:
    """A card at one end of the way; targets are those in force on a day, or at the start of the period."""
    world, bounds = evaluation.world, evaluation.bounds
    start = bounds.start_us if day is None else world.calendar.instant(day)
    names = [line.indicator for line in card.lines]
    targets = targets_for(card, subjects, bounds.period_id, world.recorded_targets(card.level, start))
    return End(
        card,
        dict(zip(names, line_rules(card, world.definitions), strict=True)),
        dict(zip(names, targets, strict=True)),
        last_values(world, card, subjects, bounds.period_id),
    )


def _line_cells(evaluation: Evaluation, indicator: str, subjects: Subjects) -> Cells:
    """What an evaluation has on a line for these subjects; absent cells where it has not got the line."""
    names = [line.indicator for line in evaluation.scored.card.lines]
    if indicator not in names:
        return _absent(len(subjects))
    places = {name: n for n, name in enumerate(evaluation.scored.subjects)}
    cells = evaluation.scored.lines[names.index(indicator)].cells
    return cells.picked([places.get(name, -1) for name in subjects])


def _absent(length: int) -> Cells:
    return Cells.of([], [], [], [], ()).picked([-1] * length)
