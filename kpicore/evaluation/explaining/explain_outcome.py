"""How a total came from its sum, step by step; the points of the steps add up to the total."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicore.definitions.cards.scorecards import Coefficient, Gate, Modifier
from kpicore.evaluation.documents import number
from kpicore.evaluation.evaluate import condition_request
from kpicore.evaluation.explaining.evidence import contributions
from kpicore.evaluation.scoring.effects import effect_entries
from kpicore.evaluation.split.parts import spans

if TYPE_CHECKING:
    from kpicore.evaluation.evaluate import Evaluation

__all__ = ["OutcomeExplained"]


class OutcomeExplained:
    """The steps of everyone's total, each with what it added, and with the facts that its indicator counted.

    Args:
        evaluation: The evaluation.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        windows = spans(evaluation.segments) if evaluation.segments else {}
        self._windows = {name: window for window, names in windows.items() for name in names}
        self._sums = evaluation.outcome.sums.decimals()
        self._entries = {kind: effect_entries(evaluation.columns, kind) for kind in ("modifiers", "gates")}

    def of(self, n: int) -> dict[str, Any]:
        """`steps` and `coefficient_steps` of a subject, by number."""
        card, outcome = self._evaluation.card, self._evaluation.outcome
        total = outcome.totals[n]
        summed = self._sums[n]
        steps: list[dict[str, Any]] = [{"step": "sum", "points": None if total is None else number(summed)}]
        steps += self._effects("modifier", card.modifiers, self._entries["modifiers"][n], n)
        steps += self._effects("gate", card.gates, self._entries["gates"][n], n)
        if card.cap is not None:
            before = sum((Decimal(step["points"]) for step in steps if step["points"] is not None), Decimal(0))
            points = None if total is None else number(total - before)
            steps.append({"step": "cap", "cap": number(card.cap), "applied": bool(outcome.capped[n]), "points": points})
        return {"steps": steps, "coefficient_steps": _pairs(total, card.coefficient)}

    def _effects(
        self, step: str, rules: tuple[Modifier, ...] | tuple[Gate, ...], entries: list[dict[str, Any]], n: int
    ) -> list[dict[str, Any]]:
        evaluation = self._evaluation
        subject, period_id = evaluation.scored.subjects[n], evaluation.bounds.period_id
        looking = [rule for rule in rules if _looks(rule, subject, period_id)]
        return [
            {"step": step, **entry, "why": rule.why, "facts": self._facts(rule, subject)}
            for rule, entry in zip(looking, entries, strict=True)
        ]

    def _facts(self, rule: Modifier | Gate, subject: str | None) -> list[dict[str, Any]]:
        if rule.indicator is None:
            return []
        evaluation = self._evaluation
        window = self._windows.get(subject) or evaluation.world.calendar.period(evaluation.bounds.period_id)
        found = contributions(evaluation.world, condition_request(rule), window, evaluation.card.level, subject)
        return [fact.to_document() for fact in found]


def _looks(rule: Modifier | Gate, subject: str | None, period_id: str) -> bool:
    """Whether a modifier or gate looks at a subject in a period."""
    if isinstance(rule, Gate):
        return True
    return rule.subject in (None, subject) and rule.period in (None, period_id)


def _pairs(total: Decimal | None, rule: Coefficient | None) -> list[list[str | None]]:
    """The steps of the coefficient that gave it: the one that was reached, or the two around the total."""
    if total is None or rule is None:
        return []
    pairs = sorted(rule.steps)
    reached = [pair for pair in pairs if pair[0] <= total]
    found = reached[-1:] if rule.kind == "steps" else pairs[max(len(reached) - 1, 0) : len(reached) + 1]
    return [[number(part) for part in pair] for pair in found]
