"""From one evaluation to another: causes that add up exactly to the difference.

The rules and facts of the first are exchanged for those of the second one after the other, in a fixed order, and within
a cause indicator by indicator; each step's share is the difference of two totals. So shares telescope: their sum is the
difference, to the last digit. A total that is null counts as 0 in differences.

Of two periods there is one cause more, and it comes first: `values`, what the later period measures under the rules of
the earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
from attrs import define, evolve, field

from kpicore.definitions.card_tables import not_built
from kpicore.definitions.scorecards import EmptyPolicy, Line, Organisation
from kpicore.errors import Refused
from kpicore.evaluation.cells import Cells, Column, Subjects, measured_again, targets_for
from kpicore.evaluation.comparison import CAUSES, Cause, CauseName, Comparison, SubjectComparison
from kpicore.evaluation.evaluate import Evaluation, measure_lines
from kpicore.evaluation.exact import Fixed
from kpicore.evaluation.fact_evidence import Evidence, fact_evidence
from kpicore.evaluation.later_period import later_values, later_world, value_evidence
from kpicore.evaluation.moved import FACT_CAUSES, Moved, moved_facts
from kpicore.evaluation.outcome_steps import OutcomeSteps
from kpicore.evaluation.rule_evidence import definition_evidence, organisation_evidence, rule_evidence, target_evidence
from kpicore.evaluation.score import LineRule
from kpicore.evaluation.scored import ScoredLine, add_up, card_names, score_line
from kpicore.evaluation.world import World

__all__ = ["CAUSES", "Cause", "CauseName", "Comparison", "SubjectComparison", "compare"]

#: Causes of what is measured for the first card.
FIRST_CARD: tuple[CauseName, ...] = ("values", *FACT_CAUSES)

_NOTHING = Decimal(0)


Measured: TypeAlias = "tuple[Subjects, Sequence[Cells]]"


def compare(old: Evaluation, new: Evaluation, subject: str | None = None) -> Comparison:
    """What the difference between two evaluations is made of.

    Args:
        old, new: Evaluations of one level, and of one period or of two of the same length, over one ledger.
        subject: Only this one; None: all.

    Raises:
        Refused: Levels or lengths of periods differ.
    """
    if (old.card.period, old.card.level) != (new.card.period, new.card.level):
        raise Refused(
            "these evaluations are of different levels, or of periods of different lengths",
            code="not_comparable",
            where=f"{old.id}, {new.id}",
            hint="compare evaluations of one level, and of one period or of two of the same length",
        )
    if old.segments or new.segments:
        raise not_built("differences between evaluations of split periods are", f"{old.id}, {new.id}")
    steps = _Steps(old, new)
    shares: list[list[Cause]] = [[] for _ in steps.subjects]
    before = steps.totals()
    for cause, indicator, exchange in steps.exchanges():
        if not exchange():
            continue
        after = steps.totals()
        points = after - before
        moved = np.flatnonzero(points.values != 0).tolist()
        for place, share in zip(moved, points.take(np.array(moved, dtype=np.intp)).decimals(), strict=True):
            if subject in (None, steps.subjects[place]):
                evidence = steps.evidence(cause, indicator, steps.subjects[place])
                shares[place].append(Cause(cause, indicator, share, evidence))
        before = after
    first, last = old.totals, new.totals
    return Comparison(
        old.id,
        new.id,
        tuple(
            SubjectComparison(name, first.get(name), last.get(name), tuple(found))
            for name, found in zip(steps.subjects, shares, strict=True)
            if subject in (None, name)
        ),
    )


@define
class _State:
    """One line on the way from the first card to the second."""

    weight: Decimal
    targets: Column
    rule: LineRule
    cells: Cells
    scored: ScoredLine | None = None


@define
class _Steps:
    """All lines on the way, and the exchanges that take them there."""

    old: Evaluation
    new: Evaluation
    moved: dict[str, Moved] = field(init=False)
    stages: dict[str, Measured] = field(init=False)
    subjects: Subjects = field(init=False)
    states: dict[str, _State] = field(init=False)
    after: OutcomeSteps = field(init=False)
    empty: Mapping[str, EmptyPolicy] = field(init=False)
    worlds: dict[str, World] = field(factory=dict)
    kept: dict[tuple[CauseName, str | None], Evidence] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.moved = self._moved()
        self.worlds["old"] = self.old.world
        self.stages = dict(self._measured())
        everyone = {name for subjects, _ in self.stages.values() for name in subjects}
        self.subjects = tuple(sorted(everyone, key=lambda name: (name is not None, name or "")))
        self.empty = self.old.card.empty
        self.after = OutcomeSteps(self.old, self.new, self.subjects)
        rules = self.old.scored.rules
        targets = self._targets(self.old)
        self.states = {
            line.indicator: _State(line.weight, targets[line.indicator], rule, self._cells("old", line.indicator))
            for line, rule in zip(self.old.card.lines, rules, strict=True)
        }

    def totals(self) -> Fixed:
        """Totals of everyone as the lines stand now; 0 where there is none."""
        scored = [(state.weight, self._scored(state)) for state in self.states.values() if state.weight > 0]
        if not scored:
            return Fixed.of([0] * len(self.subjects))
        return self.after.numbers(add_up([weight for weight, _ in scored], [line for _, line in scored]))

    def _scored(self, state: _State) -> ScoredLine:
        if state.scored is None:
            state.scored = score_line(state.weight, state.rule, state.cells, state.targets, self.empty)
        return state.scored

    def exchanges(self) -> Iterator[tuple[CauseName, str | None, Callable[[], bool]]]:
        """Every exchange in the fixed order; those that would change nothing are left out."""
        for cause in FIRST_CARD:
            if cause in self.stages:
                yield from self._cell_exchanges(cause, cause)
        lines = {line.indicator: line for line in self.new.card.lines}
        rules = dict(zip(lines, self.new.scored.rules, strict=True))
        targets = self._targets(self.new)
        for indicator in [*self.states, *(name for name in lines if name not in self.states)]:
            yield "weights", indicator, lambda name=indicator: self._weigh(name, lines, rules, targets)  # type: ignore[misc]
        common = [name for name in self.states if name in lines]
        for indicator in common:
            yield "targets", indicator, lambda name=indicator: self._set(name, targets=targets[name])  # type: ignore[misc]
        for indicator in common:
            yield "curve", indicator, lambda name=indicator: self._set(name, rule=rules[name])  # type: ignore[misc]
        yield from self._cell_exchanges("definition", "definition")
        yield from self._cell_exchanges("organisation", "new")
        yield "empty_policy", None, self._change_policy
        for key in self.after.exchanges():
            yield "gate", key, lambda key=key: self.after.exchange(key)  # type: ignore[misc]

    def _cell_exchanges(self, cause: CauseName, stage: str) -> Iterator[tuple[CauseName, str, Callable[[], bool]]]:
        # A line that is on the new card alone has come with its own cells.
        measured = {line.indicator for line in (self.old if stage in FIRST_CARD else self.new).card.lines}
        lines = [line.indicator for line in self.old.card.lines if line.indicator in measured]
        conditions = self._conditions(stage)
        for indicator in dict.fromkeys([*lines, *self.after.indicators]):
            cells = self._cells(stage, indicator) if indicator in lines else None
            yield cause, indicator, lambda name=indicator, found=cells: self._take(name, found, conditions)  # type: ignore[misc]

    def _take(self, indicator: str, cells: Cells | None, conditions: dict[str, Cells]) -> bool:
        """Exchange what an indicator measured, on its line and for modifiers and gates; whether it is another."""
        changed = cells is not None and self._set(indicator, cells=cells)
        return self.after.take(indicator, conditions) or changed

    def _conditions(self, stage: str) -> dict[str, Cells]:
        """What modifiers and gates look at in a stage."""
        first = stage in FIRST_CARD
        card, bounds = (self.old.card, self.old.bounds) if first else (self.new.card, self.new.bounds)
        if stage == "values":
            bounds = self.new.bounds
        return self.after.measured(self.worlds.get(stage), card, bounds.period_id)

    def _weigh(
        self,
        indicator: str,
        lines: Mapping[str, Line],
        rules: Mapping[str, LineRule],
        targets: Mapping[str, Column],
    ) -> bool:
        if indicator not in self.states:
            weight, cells = lines[indicator].weight, self._cells("new", indicator)
            self.states[indicator] = _State(weight, targets[indicator], rules[indicator], cells)
            return True
        return self._set(indicator, weight=lines[indicator].weight if indicator in lines else _NOTHING)

    def _set(self, indicator: str, **parts: Any) -> bool:
        """Exchange parts of a line; whether one of them is another."""
        state = self.states[indicator]
        if all(_same(getattr(state, name), part) for name, part in parts.items()):
            return False
        # What a line attains does not depend on its weight, but for whether it is scored at all.
        if "weight" not in parts or bool(parts["weight"]) != bool(state.weight):
            parts["scored"] = None
        self.states[indicator] = evolve(state, **parts)
        return True

    def _change_policy(self) -> bool:
        changed = dict(self.empty) != dict(self.new.card.empty)
        self.empty = self.new.card.empty
        for state in self.states.values():
            state.scored = None
        return changed

    def _targets(self, evaluation: Evaluation) -> dict[str, Column]:
        card = evaluation.card
        recorded = evaluation.world.recorded_targets(card.level, evaluation.bounds.start_us)
        found = targets_for(card, self.subjects, evaluation.bounds.period_id, recorded)
        return {line.indicator: column for line, column in zip(card.lines, found, strict=True)}

    def _cells(self, stage: str, indicator: str) -> Cells:
        """Cells of one line in a stage, for everyone; who is not there has an absent cell."""
        subjects, columns = self.stages[stage]
        card = self.old.card if stage in ("old", *FIRST_CARD) else self.new.card
        place = [line.indicator for line in card.lines].index(indicator)
        places = {name: n for n, name in enumerate(subjects)}
        return columns[place].picked([places.get(name, -1) for name in self.subjects])

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

    def _measured(self) -> Iterator[tuple[str, Measured]]:
        """What was measured at each stage: at the first evaluation, after each cause, at the second."""
        old, new = self.old, self.new
        latest = _own_cells(old)
        yield "old", latest
        if self.apart:
            self.worlds["values"] = later_world(old, new)
            yield "values", later_values(old, new)
        elif (old.world.cut.facts, old.world.cut.as_of) != (new.world.cut.facts, new.world.cut.as_of):
            cut = evolve(new.world.cut, rules=old.world.cut.rules)
            for cause in FACT_CAUSES:
                # The instant of knowing moves with the first of them.
                if cause == "late_facts" or any(moved.facts[cause] for moved in self.moved.values()):
                    tables = {name: moved.tables[cause] for name, moved in self.moved.items()}
                    world = old.world.derive(cut=cut, tables=tables)
                    self.worlds[cause] = world
                    latest = measure_lines(world, old.card, old.bounds.period_id)
                    yield cause, latest
        final = _own_cells(new)
        if old.world.organisation == new.world.organisation:
            yield "definition", final
        else:
            rules = [rule for rule in new.world.overrides if not isinstance(rule, Organisation)]
            world = new.world.derive(overrides=(*rules, old.world.organisation), pinned=old.world.pinned)
            self.worlds["definition"] = world
            yield "definition", measure_lines(world, new.card, new.bounds.period_id)
        yield "new", final

    def evidence(self, cause: CauseName, indicator: str | None, subject: str | None) -> tuple[dict[str, Any], ...]:
        """What stands behind a subject's cause: facts that moved, or rule changes."""
        found = self._kept(cause, indicator).of(subject)
        if _speaks(cause, found):
            return found
        # Whoever comes onto the card by one line, or leaves it by one, does so on all of them.
        lines = self.old.card.lines if cause in FIRST_CARD else self.new.card.lines
        others = (self._kept(cause, line.indicator).of(subject) for line in lines if line.indicator in self.states)
        telling = [piece for pieces in others if _speaks(cause, pieces) for piece in pieces]
        return tuple(piece for place, piece in enumerate(telling) if piece not in telling[:place]) or found

    def _kept(self, cause: CauseName, indicator: str | None) -> Evidence:
        key = (cause, indicator)
        if key not in self.kept:
            self.kept[key] = self._evidence(cause, indicator)
        return self.kept[key]

    def _evidence(self, cause: CauseName, indicator: str | None) -> Evidence:
        if indicator is not None and cause in FACT_CAUSES:
            order = [name for name in ("old", *FACT_CAUSES) if name in self.worlds]
            before, after = (self.worlds[name] for name in order[order.index(cause) - 1 :][:2])
            own = (line for line in self.old.card.lines if line.indicator == indicator)
            line = next(own, None) or self.after.line(indicator)
            return fact_evidence(before, after, self.old, line, self.moved, cause)
        if indicator is not None and cause == "values":
            cells = [self._cells(stage, indicator) for stage in ("old", "values")]
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


def _same(one: Any, other: Any) -> bool:
    return bool(one.equals(other) if isinstance(one, Cells | Column) else one == other)
