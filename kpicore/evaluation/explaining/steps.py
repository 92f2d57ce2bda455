"""All lines on the way from one evaluation to another: what is exchanged, in which order, and what stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from attrs import define, evolve, field

from kpicore.definitions.cards.scorecards import Organisation
from kpicore.evaluation.evaluate import Evaluation, measure_lines
from kpicore.evaluation.explaining.comparison import CauseName
from kpicore.evaluation.explaining.fact_evidence import Evidence, fact_evidence
from kpicore.evaluation.explaining.later_period import later_values, later_world, value_evidence
from kpicore.evaluation.explaining.moved import FACT_CAUSES, Moved, moved_facts
from kpicore.evaluation.explaining.outcome_steps import OutcomeSteps
from kpicore.evaluation.explaining.rule_evidence import (
    definition_evidence,
    organisation_evidence,
    rule_evidence,
    target_evidence,
)
from kpicore.evaluation.explaining.tracks import End, Track
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.cells import Cells, Subjects, in_order, measured_again, targets_for
from kpicore.evaluation.scoring.scored import card_names
from kpicore.evaluation.split.last import last_values
from kpicore.evaluation.world import World

__all__ = ["FIRST_CARD", "Measured", "Steps"]

#: Causes of what is measured for the first card.
FIRST_CARD: tuple[CauseName, ...] = ("values", *FACT_CAUSES)

Measured: TypeAlias = "tuple[Subjects, Sequence[Cells]]"


@define
class Steps:
    """All lines on the way, and the exchanges that take them there.

    Args:
        old, new: The evaluations.
        subjects: Who is in one of them, or was measured on the way.
        worlds: The worlds in which stages are measured that neither of the evaluations measured.
        tracks: Lines on the way.
        after: What the sums go through.
    """

    old: Evaluation
    new: Evaluation
    moved: dict[str, Moved] = field(init=False)
    subjects: Subjects = field(init=False)
    worlds: dict[str, World] = field(init=False)
    tracks: Sequence[Track] = field(init=False)
    after: OutcomeSteps = field(init=False)
    kept: dict[tuple[CauseName, str | None], Evidence] = field(factory=dict)
    _stages: dict[str, Measured] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.moved = self._moved()
        self.worlds = dict(self._worlds())
        self._set_out()

    def _set_out(self) -> None:
        """Who is on the way, and where everybody's lines begin."""
        known = {*self.old.scored.subjects, *self.new.scored.subjects}
        self._stages = dict(self._measured())
        everyone = {name for subjects, _ in self._stages.values() for name in subjects}
        if self.old.card.mid_period == "split":
            # Whoever was assigned for part of a day alone is in neither.
            everyone &= known
        self.subjects = in_order(everyone)
        self.after = OutcomeSteps(self.old, self.new, self.subjects)
        self.tracks = [Track(self.subjects, 1, self._end(self.old), self._end(self.new), self._cells)]

    def totals(self) -> Fixed:
        """Totals of everyone as the lines stand now; 0 where there is none."""
        [track] = self.tracks
        return self.after.numbers(track.totals())

    def exchanges(self) -> Iterator[tuple[CauseName, str | None, Callable[[], bool]]]:
        """Every exchange in the fixed order; those that would change nothing are left out."""
        for cause in FIRST_CARD:
            if cause in self.worlds:
                yield from self._cell_exchanges(cause, cause)
        first = list(dict.fromkeys(name for track in self.tracks for name in track.first))
        both = dict.fromkeys([*first, *(name for track in self.tracks for name in track.last)])
        for indicator in both:
            yield "weights", indicator, partial(self._all, Track.weigh, indicator)
        for indicator in first:
            yield "targets", indicator, partial(self._all, Track.retarget, indicator)
        for indicator in first:
            yield "curve", indicator, partial(self._all, Track.recurve, indicator)
        yield from self._cell_exchanges("definition", "definition")
        yield from self._cell_exchanges("organisation", "new")
        yield "empty_policy", None, partial(self._all, Track.change_policy)
        for key in self.after.exchanges():
            yield "gate", key, partial(self.after.exchange, key)

    def _all(self, exchange: Callable[..., bool], *given: Any) -> bool:
        """Make an exchange on every track; whether it changes anything on one of them."""
        changed = [exchange(track, *given) for track in self.tracks]
        return any(changed)

    def _cell_exchanges(self, cause: CauseName, stage: str) -> Iterator[tuple[CauseName, str, Callable[[], bool]]]:
        conditions = self._conditions(stage)
        lines = [name for track in self.tracks for name in track.first]
        for indicator in dict.fromkeys([*lines, *self.after.indicators]):
            yield cause, indicator, partial(self._take, stage, indicator, conditions)

    def _take(self, stage: str, indicator: str, conditions: dict[str, Cells]) -> bool:
        """Exchange what an indicator measured, on its lines and for modifiers and gates; whether it is another."""
        changed = self._all(Track.measure, stage, indicator, stage in FIRST_CARD)
        return self.after.take(indicator, conditions) or changed

    def _conditions(self, stage: str) -> dict[str, Cells]:
        """What modifiers and gates look at in a stage."""
        first = stage in FIRST_CARD
        card, bounds = (self.old.card, self.old.bounds) if first else (self.new.card, self.new.bounds)
        if stage == "values":
            bounds = self.new.bounds
        return self.after.measured(self.worlds.get(stage), card, bounds.period_id)

    def _end(self, evaluation: Evaluation) -> End:
        card = evaluation.card
        recorded = evaluation.world.recorded_targets(card.level, evaluation.bounds.start_us)
        found = targets_for(card, self.subjects, evaluation.bounds.period_id, recorded)
        names = [line.indicator for line in card.lines]
        return End(
            card,
            dict(zip(names, evaluation.scored.rules, strict=True)),
            dict(zip(names, found, strict=True)),
            last_values(evaluation.world, card, self.subjects, evaluation.bounds.period_id),
        )

    def _cells(self, stage: str, indicator: str) -> Cells:
        """Cells of one line in a stage, for everyone; who is not there has an absent cell."""
        subjects, columns = self._stages[stage]
        card = self.old.card if stage in ("old", *FIRST_CARD) else self.new.card
        place = [line.indicator for line in card.lines].index(indicator)
        places = {name: n for n, name in enumerate(subjects)}
        return columns[place].picked([places.get(name, -1) for name in self.subjects])

    def _looked(self, stage: str, indicator: str) -> Cells:
        """What an indicator measured in a stage, on its line or for a modifier or gate alone."""
        if any(line.indicator == indicator for line in self.old.card.lines):
            return self._cells(stage, indicator)
        return self.after.of(indicator, self.after.first if stage == "old" else self._conditions(stage))

    @property
    def apart(self) -> bool:
        """Whether they are of two periods."""
        return self.old.bounds.period_id != self.new.bounds.period_id

    def _moved(self) -> dict[str, Moved]:
        old, new = self.old.world, self.new.world
        if self.apart or old.cut.facts == new.cut.facts:
            return {}
        both = [card_names(evaluation.card, evaluation.world.definitions) for evaluation in (self.old, self.new)]
        names = set(old.definitions.closure(both[0]).fact_types) & set(new.definitions.fact_types)
        return moved_facts(old, new, names)

    def _worlds(self) -> Iterator[tuple[str, World]]:
        """The worlds after each cause of facts, of a later period, and of other definitions."""
        old, new = self.old.world, self.new.world
        yield "old", old
        if self.apart:
            yield "values", later_world(self.old, self.new)
        elif (old.cut.facts, old.cut.as_of) != (new.cut.facts, new.cut.as_of):
            cut = evolve(new.cut, rules=old.cut.rules)
            for cause in FACT_CAUSES:
                # The instant of knowing moves with the first of them.
                if cause == "late_facts" or any(moved.facts[cause] for moved in self.moved.values()):
                    tables = {name: moved.tables[cause] for name, moved in self.moved.items()}
                    yield cause, old.derive(cut=cut, tables=tables)
        if old.organisation != new.organisation:
            rules = [rule for rule in new.overrides if not isinstance(rule, Organisation)]
            yield "definition", new.derive(overrides=(*rules, old.organisation), pinned=old.pinned)

    def _measured(self) -> Iterator[tuple[str, Measured]]:
        """What was measured at each stage: at the first evaluation, after each cause, at the second."""
        yield "old", _own_cells(self.old)
        for stage, world in self.worlds.items():
            if stage == "values":
                yield stage, later_values(self.old, self.new)
            elif stage in FACT_CAUSES:
                yield stage, measure_lines(world, self.old.card, self.old.bounds.period_id)
        final = _own_cells(self.new)
        if "definition" in self.worlds:
            yield "definition", measure_lines(self.worlds["definition"], self.new.card, self.new.bounds.period_id)
        else:
            yield "definition", final
        yield "new", final

    def evidence(self, cause: CauseName, indicator: str | None, subject: str | None) -> tuple[dict[str, Any], ...]:
        """What stands behind a subject's cause: facts that moved, or rule changes."""
        found = self._kept(cause, indicator).of(subject)
        if _speaks(cause, found):
            return found
        # Whoever comes onto the card by one line, or leaves it by one, does so on all of them.
        lines = self.old.card.lines if cause in FIRST_CARD else self.new.card.lines
        others = (self._kept(cause, line.indicator).of(subject) for line in lines if line.indicator in self._indicators)
        telling = [piece for pieces in others if _speaks(cause, pieces) for piece in pieces]
        return tuple(piece for place, piece in enumerate(telling) if piece not in telling[:place]) or found

    @property
    def _indicators(self) -> set[str]:
        return {name for track in self.tracks for name in track.states}

    def _kept(self, cause: CauseName, indicator: str | None) -> Evidence:
        key = (cause, indicator)
        if key not in self.kept:
            self.kept[key] = self._evidence(cause, indicator)
        return self.kept[key]

    def _evidence(self, cause: CauseName, indicator: str | None) -> Evidence:
        if indicator is not None and cause in FACT_CAUSES:
            order = [name for name in ("old", *FACT_CAUSES) if name in self.worlds]
            before, after = (self.worlds[name] for name in order[order.index(cause) - 1 :][:2])
            own = (line for line in self.old.scored.card.lines if line.indicator == indicator)
            line = next(own, None) or self.after.line(indicator)
            return fact_evidence(before, after, self.old, line, self.moved, cause)
        if indicator is not None and cause == "values":
            cells = [self._looked(stage, indicator) for stage in ("old", "values")]
            return Evidence((), value_evidence(self.old, self.new, self.subjects, cells))
        if indicator is not None and cause == "definition":
            return Evidence(tuple(definition_evidence(self.old, self.new, indicator)))
        if cause == "organisation":
            return Evidence(tuple(organisation_evidence(self.old, self.new)))
        changed = tuple(rule_evidence(self.old, self.new, cause, indicator))
        recorded = target_evidence(self.old, self.new, indicator) if indicator and cause == "targets" else {}
        if not recorded:
            return Evidence(changed)
        # Where the card says the same as before, recorded targets alone are the cause.
        everyone = (*(piece for piece in changed if piece["old"] != piece["new"]), *recorded.pop(None, ()))
        return Evidence(everyone, {subject: (*everyone, *own) for subject, own in recorded.items()})


def _speaks(cause: CauseName, evidence: Sequence[Mapping[str, Any]]) -> bool:
    """Whether evidence says more than that something else became known."""
    return any("type" in piece for piece in evidence) if cause in FACT_CAUSES else bool(evidence)


def _own_cells(evaluation: Evaluation) -> Measured:
    return evaluation.scored.subjects, [measured_again(line.cells) for line in evaluation.scored.lines]
