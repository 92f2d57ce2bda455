"""Lines explained: who set weight and target, which curve, what was done about empty states, and which facts counted."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from attrs import field, frozen

from kpicore.definitions.cards.line_checks import DEFAULT_CURVE
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.indicators import EMPTY_STATES
from kpicore.evaluation.documents import number
from kpicore.evaluation.evaluate import Evaluation
from kpicore.evaluation.explaining.evidence import Contribution, contributions, contributions_by_subject
from kpicore.evaluation.explaining.rule_evidence import card_versions, line_history, target_history, version_rule
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.cells import STATES
from kpicore.evaluation.scoring.score import ATTAINMENT_PLACES, DEFAULT_POLICY, WEIGHT_PLACES, takes_last
from kpicore.evaluation.scoring.scored import Scored
from kpicore.evaluation.split.last import last_seal, last_values
from kpicore.evaluation.split.lines import request_of
from kpicore.evaluation.split.parts import Part
from kpicore.evaluation.world import CardInForce
from kpicore.periods import Period

__all__ = ["Section", "curve_settings", "moved_weight", "section_of"]


@frozen(slots=False, eq=False)
class Section:
    """Lines that were measured in one window and scored by one card: those of everyone, or of a segment.

    Args:
        evaluation: The evaluation.
        in_force: The version of its card.
        window: The days in which they were measured.
        scored: The scored lines.
        everyone: Whether everyone's lines are asked for, so that their facts are read at once.
    """

    evaluation: Evaluation
    in_force: CardInForce
    window: Period
    scored: Scored
    everyone: bool = False
    _read: dict[int, Mapping[str | None, list[Contribution]]] = field(factory=dict, init=False, repr=False)
    _targets: dict[int, Mapping[str | None, list[dict[str, Any]]]] = field(factory=dict, init=False, repr=False)

    def lines(self, n: int, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What an explanation says of the lines of a subject.

        Args:
            n: Number of the subject in this section.
            documents: What an evaluate document says of the lines.
        """
        shares = _shares(self.scored, n)
        subject = self.scored.subjects[n]
        return [
            {
                **line,
                **self._rules(place, subject),
                **_steps(self.scored, place, n),
                "last": self._last(place, n),
                **shares[place],
                "facts": self._facts(place, subject),
            }
            for place, line in enumerate(documents)
        ]

    @cached_property
    def _versions(self) -> list[tuple[dict[str, Any], Scorecard]]:
        """The card's versions that count before the last of the days is over."""
        return card_versions(self.evaluation.world, self.scored.card.id, self._until)

    @property
    def _until(self) -> str:
        return self.window.end.date().isoformat()

    def _rules(self, place: int, subject: str | None) -> dict[str, Any]:
        """Curve of a line, and the rule changes that are about a subject: nobody else's targets."""
        world = self.evaluation.world
        line, rule = self.scored.card.lines[place], self.scored.rules[place]
        hypothetical = [version_rule(self.evaluation, self.in_force)] if self.in_force.record is None else []
        weights, targets = (
            hypothetical or line_history(self._versions, line.indicator, part, subject) for part in ("weight", "target")
        )
        return {
            "why": line.why,
            "weight_rules": weights,
            "target_rules": [*targets, *self._recorded(place, subject)],
            "curve": {
                "name": line.curve or DEFAULT_CURVE,
                "form": rule.form,
                "better": rule.better,
                "zero": number(rule.values["zero"]) if rule.form == "linear" else None,
                "params": curve_settings(rule.values),
                "floor": number(rule.floor),
                "cap": number(rule.cap),
            },
            "definition": world.definitions.digest(line.indicator),
        }

    def _recorded(self, place: int, subject: str | None) -> list[dict[str, Any]]:
        """The recorded targets of everyone and of a subject, in the order of recording; hypothetical ones come last."""
        if place not in self._targets:
            card, by_subject = self.scored.card, defaultdict[str | None, list[dict[str, Any]]](list)
            indicator, period_id = card.lines[place].indicator, self.evaluation.bounds.period_id
            for target in target_history(self.evaluation.world, card, indicator, period_id):
                if (target.get("effective") or "") < self._until:
                    by_subject[target["subject"]].append(target)
            self._targets[place] = dict(by_subject)
        found = self._targets[place]
        own = [] if subject is None else found.get(subject, [])
        return sorted([*found.get(None, []), *own], key=lambda target: target.get("position", math.inf))

    def _last(self, place: int, n: int) -> dict[str, Any] | None:
        """The last value that stands in for an empty state, and the evaluation that it is from."""
        if not takes_last(self.scored.lines[place].policies)[n]:
            return None
        card, world, period_id = self.scored.card, self.evaluation.world, self.evaluation.bounds.period_id
        seal = last_seal(world, card, period_id)
        found = last_values(world, card, (self.scored.subjects[n],), period_id)[card.lines[place].indicator]
        columns = {"numerator": found.numerator, "denominator": found.denominator, "value": found.value}
        said = {name: number(column.decimals()[0]) for name, column in columns.items()}
        return {"evaluation": None if seal is None else seal.evaluation, **said}

    def _facts(self, place: int, subject: str | None) -> list[dict[str, Any]]:
        card, world = self.scored.card, self.evaluation.world
        request = request_of(card.lines[place])
        if not self.everyone:
            found = contributions(world, request, self.window, card.level, subject)
        else:
            if place not in self._read:
                self._read[place] = contributions_by_subject(world, request, self.window, card.level)
            found = self._read[place].get(subject, [])
        return [fact.to_document() for fact in found]


def section_of(evaluation: Evaluation, part: Part | None = None, *, everyone: bool = False) -> Section:
    """The section of everyone, or of one segment of a split evaluation."""
    if part is not None:
        return Section(evaluation, part.in_force, part.window, part.scored, everyone)
    period = evaluation.world.calendar.period(evaluation.bounds.period_id)
    return Section(evaluation, evaluation.in_force, period, evaluation.scored, everyone)


def moved_weight(scored: Scored, n: int) -> dict[str, Any]:
    """The weight that the empty lines of a subject gave away or kept."""
    return {
        "redistributed": number(_hundredths(scored.totals.redistributed[n])),
        "kept": number(_hundredths(scored.totals.kept[n])),
    }


def curve_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a curve as JSON values: numbers as texts, tables as lists of pairs."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return number(value) if isinstance(value, Decimal) else value


def _steps(scored: Scored, place: int, n: int) -> dict[str, Any]:
    """Attainment before floor and cap, and what was done about an empty state."""
    line = scored.lines[place]
    state, there = STATES[line.cells.state[n]], bool(line.attained.there[n])
    policy = scored.card.empty.get(state, DEFAULT_POLICY) if state in EMPTY_STATES else None
    if policy == "last" and not takes_last(line.policies)[n]:
        policy = scored.card.fallback.get(state, DEFAULT_POLICY)
    return {
        "attainment_before": number(_units(line.attained.raw[n])) if there and policy in (None, "last") else None,
        "empty_policy": policy,
    }


def _shares(scored: Scored, n: int) -> list[dict[str, Any]]:
    """Of each line: its weight after redistribution and its share of the total, for reading rounded to 9 places."""
    lines = scored.card.lines
    there = [bool(line.attained.there[n]) for line in scored.lines]
    weighing = sum((line.weight for line, has in zip(lines, there, strict=True) if has), Decimal(0))
    shared = 100 - _hundredths(scored.totals.kept[n])
    found: list[dict[str, Any]] = []
    for line, attained, has in zip(lines, scored.lines, there, strict=True):
        if not has or bool(scored.totals.none[n]) or not weighing:
            found.append({"effective_weight": None, "contribution": None})
            continue
        weight = Fixed.of(line.weight * shared).divided(Fixed.of(weighing), ATTAINMENT_PLACES)
        points = Fixed.of(_units(attained.attained.units[n])) * Fixed.of(line.weight * shared)
        contribution = points.divided(Fixed.of(weighing), ATTAINMENT_PLACES)
        found.append({"effective_weight": _said(weight), "contribution": _said(contribution)})
    return found


def _units(units: Any) -> Decimal:
    return Decimal(int(units)).scaleb(-ATTAINMENT_PLACES)


def _hundredths(weight: Any) -> Decimal:
    return Decimal(int(weight)).scaleb(-WEIGHT_PLACES)


def _said(column: Fixed) -> str | None:
    [found] = column.decimals()
    return number(found)
