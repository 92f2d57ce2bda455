"""Explain: how a score is built, from rules and facts to points; and from one evaluation to another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from kpicore.errors import NotFound
from kpicore.evaluation.evaluate import Evaluation
from kpicore.evaluation.explaining.causes import Comparison, compare
from kpicore.evaluation.explaining.explain_lines import moved_weight, section_of
from kpicore.evaluation.explaining.explain_outcome import OutcomeExplained
from kpicore.evaluation.explaining.explain_segments import Segments
from kpicore.evaluation.explaining.rule_evidence import card_rule
from kpicore.evaluation.history.replay import recalled
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
    position, row and what it added. Whose period is split has segments (see `explain_segments`).
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
        other: Id of a second evaluation of the same level, and of the same period or one of the same length.
        subject: Only this one; None: all.

    Raises:
        InvalidInput, NotFound: An id is none, names what is not here, or nobody of that name is scored.
        Refused: The two are of different levels, or of periods of different lengths.
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
    documents = evaluation.to_document()["subjects"]
    after = OutcomeExplained(evaluation)
    segments = Segments(evaluation, everyone=subject is None)
    whole = section_of(evaluation, everyone=subject is None)
    for n, name in enumerate(evaluation.scored.subjects):
        if subject in (None, name):
            document = documents[n]
            lines = segments.of(name, document) if evaluation.segments else {"lines": whole.lines(n, document["lines"])}
            yield {
                **{part: document[part] for part in _SUBJECT_PARTS},
                **moved_weight(evaluation.scored, n),
                **after.of(n),
                **lines,
            }
