"""Comparisons of two evaluations: everyone's totals and the causes between them, as documents."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, TypeAlias

from attrs import frozen

from kpicore.evaluation.documents import number
from kpicore.evaluation.explaining.moved import FACT_CAUSES

__all__ = ["CAUSES", "Cause", "CauseName", "Comparison", "SubjectComparison"]

CauseName: TypeAlias = Literal[
    "values",
    "late_facts",
    "corrections",
    "retractions",
    "weights",
    "targets",
    "curve",
    "definition",
    "organisation",
    "empty_policy",
    "gate",
    "segments",
]
#: In the order in which they are exchanged.
CAUSES: tuple[CauseName, ...] = (
    "values",
    *FACT_CAUSES,
    "weights",
    "targets",
    "curve",
    "definition",
    "organisation",
    "empty_policy",
    "gate",
    "segments",
)
_NOTHING = Decimal(0)


@frozen
class Cause:
    """One share of a difference.

    Args:
        cause: Its name.
        indicator: The line that it moved; None where the whole card is concerned.
        points: The share; never 0.
        evidence: Facts with their identities and places, or rule changes with who, when and why.
    """

    cause: CauseName
    indicator: str | None
    points: Decimal
    evidence: tuple[dict[str, Any], ...]

    def to_document(self) -> dict[str, Any]:
        """All four parts by name."""
        return {
            "cause": self.cause,
            "indicator": self.indicator,
            "points": number(self.points),
            "evidence": list(self.evidence),
        }


@frozen
class SubjectComparison:
    """What became of one subject's total, and why; the causes sum to the difference."""

    subject: str | None
    from_total: Decimal | None
    to_total: Decimal | None
    causes: tuple[Cause, ...]

    @property
    def difference(self) -> Decimal:
        """The second total minus the first; null counts as 0."""
        return (self.to_total or _NOTHING) - (self.from_total or _NOTHING)

    def to_document(self) -> dict[str, Any]:
        """Subject, both totals, difference and causes."""
        return {
            "subject": self.subject,
            "from_total": number(self.from_total),
            "to_total": number(self.to_total),
            "difference": number(self.difference),
            "causes": [cause.to_document() for cause in self.causes],
        }


@frozen
class Comparison:
    """From one evaluation to another, for everyone who is in one of them."""

    origin: str
    target: str
    subjects: tuple[SubjectComparison, ...]

    def to_document(self) -> dict[str, Any]:
        """The document of `explain A B`."""
        return {
            "from": self.origin,
            "to": self.target,
            "subjects": [subject.to_document() for subject in self.subjects],
        }
