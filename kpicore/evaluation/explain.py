"""Explain: how a score is built, from rules and facts to points; and from one evaluation to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen

from kpicore.definitions.card_tables import not_built
from kpicore.definitions.indicators import EMPTY_STATES
from kpicore.definitions.line_checks import DEFAULT_CURVE
from kpicore.errors import NotFound
from kpicore.evaluation.causes import Comparison, compare
from kpicore.evaluation.cells import STATES
from kpicore.evaluation.documents import number
from kpicore.evaluation.evaluate import Evaluation, request_of
from kpicore.evaluation.evidence import contributions
from kpicore.evaluation.exact import Fixed
from kpicore.evaluation.explain_outcome import OutcomeExplained
from kpicore.evaluation.replay import recalled
from kpicore.evaluation.rule_evidence import card_rule, line_history, target_history
from kpicore.evaluation.score import ATTAINMENT_PLACES, DEFAULT_POLICY, WEIGHT_PLACES
from kpicore.evaluation.scored import Scored
from kpicore.evaluation.world import World
from kpicore.naming import did_you_mean

__all__ = ["Explanation", "explain", "explained"]

#: What an evaluate document says of a subject besides its lines.
_SUBJECT_PARTS = ("subject", "total", "band", "coefficient", "gates", "modifiers", "sum", "bound")


@frozen
class Explanation:
    """The build-up of an evaluation, down to the facts.

    Per subject: total, band, coefficient, how much weight of empty lines was redistributed or kept, the steps from the sum
    to the total (see `explain_outcome`), and its lines. Per line: what
    an evaluate document says; the rule changes that set its weight and target (position, who, when, why); the curve
    with floor, cap and the attainment before them; the weight that it has in the total after redistribution, and its
    share of the total; what was done about an empty state; and the facts that were counted, each with type, key,
    position, row and what it added.
    """

    evaluation: Evaluation
    subjects: tuple[dict[str, Any], ...]

    def to_document(self) -> dict[str, Any]:
        """The explain document, as JSON values."""
        found = self.evaluation.to_document()
        kept = ("evaluation", "scorecard", "period", "level", "facts_cut", "rules_cut", "as_of", "digest")
        return {
            **{name: found[name] for name in kept},
            "rule": card_rule(self.evaluation),
            "subjects": list(self.subjects),
        }


def explain(
    world: World, evaluation: str, other: str | None = None, subject: str | None = None
) -> Explanation | Comparison:
    """How an evaluation is built; with a second one, the causes of their difference.

    Args:
        world: Any world over the ledger.
        evaluation: Id of the evaluation.
        other: Id of a second evaluation of the same period and level.
        subject: Only this one; None: all.

    Raises:
        InvalidInput, NotFound: An id is none, names what is not here, or nobody of that name is scored.
        Refused: The two are of different periods or levels.
    """
    first = recalled(world, evaluation)
    if other is None:
        return explained(first, subject)
    second = recalled(world, other)
    _check_subject(subject, [first, second])
    return compare(first, second, subject)


def explained(evaluation: Evaluation, subject: str | None = None) -> Explanation:
    """How an evaluation is built; of one subject, or (None) of all.

    Raises:
        NotFound: Nobody of that name is scored.
    """
    _check_subject(subject, [evaluation])
    if evaluation.segments:
        raise not_built("the build-up of an evaluation of a split period is", evaluation.id)
    return Explanation(evaluation, tuple(_subjects(evaluation, subject)))


def _check_subject(subject: str | None, evaluations: list[Evaluation]) -> None:
    known = {name for evaluation in evaluations for name in evaluation.scored.subjects if name is not None}
    if subject is not None and subject not in known:
        raise NotFound(
            f"nobody called {subject!r} is scored here",
            code="unknown_subject",
            where=", ".join(evaluation.id for evaluation in evaluations),
            hint=did_you_mean(subject, known) or "kpicore evaluate shows who is scored",
        )


def _subjects(evaluation: Evaluation, subject: str | None) -> Iterator[dict[str, Any]]:
    scored = evaluation.scored
    documents = evaluation.to_document()["subjects"]
    rules = [_rules(evaluation, place) for place in range(len(scored.card.lines))]
    after = OutcomeExplained(evaluation)
    for n, name in enumerate(scored.subjects):
        if subject in (None, name):
            shares = _shares(scored, n)
            yield {
                **{part: documents[n][part] for part in _SUBJECT_PARTS},
                "redistributed": number(_hundredths(scored.totals.redistributed[n])),
                "kept": number(_hundredths(scored.totals.kept[n])),
                **after.of(n),
                "lines": [
                    {
                        **line,
                        **rules[place],
                        **_steps(scored, place, n),
                        **shares[place],
                        "facts": _facts(evaluation, place, name),
                    }
                    for place, line in enumerate(documents[n]["lines"])
                ],
            }


def _rules(evaluation: Evaluation, place: int) -> dict[str, Any]:
    """Curve and rule changes of a line: the same for everyone."""
    card, world = evaluation.card, evaluation.world
    line, rule = card.lines[place], evaluation.scored.rules[place]
    hypothetical = [card_rule(evaluation)] if evaluation.in_force.record is None else []
    return {
        "why": line.why,
        "weight_rules": hypothetical or line_history(world, card.id, line.indicator, "weight"),
        "target_rules": [
            *(hypothetical or line_history(world, card.id, line.indicator, "target")),
            *target_history(world, card, line.indicator, evaluation.bounds.period_id),
        ],
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
    empty = state in EMPTY_STATES
    return {
        "attainment_before": number(_units(line.attained.raw[n])) if there and not empty else None,
        "empty_policy": scored.card.empty.get(state, DEFAULT_POLICY) if empty else None,
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


def _facts(evaluation: Evaluation, place: int, subject: str | None) -> list[dict[str, Any]]:
    card, world = evaluation.card, evaluation.world
    period = world.calendar.period(evaluation.bounds.period_id)
    found = contributions(world, request_of(card.lines[place]), period, card.level, subject)
    return [fact.to_document() for fact in found]


def _units(units: Any) -> Decimal:
    return Decimal(int(units)).scaleb(-ATTAINMENT_PLACES)


def _hundredths(weight: Any) -> Decimal:
    return Decimal(int(weight)).scaleb(-WEIGHT_PLACES)


def _said(column: Fixed) -> str | None:
    [found] = column.decimals()
    return number(found)
