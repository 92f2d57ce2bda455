"""Segments explained: every one of them with its rule and its lines down to the facts, and what they come to together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kpicore.evaluation.documents import number
from kpicore.evaluation.evaluate import Evaluation
from kpicore.evaluation.explaining.explain_lines import Section, moved_weight, section_of
from kpicore.evaluation.explaining.rule_evidence import version_rule
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.score import ATTAINMENT_PLACES
from kpicore.evaluation.split.parts import Part

__all__ = ["Segments"]

Document = Mapping[str, Any]


class Segments:
    """What an explanation says of the lines of whoever is scored in a split evaluation.

    Args:
        evaluation: The evaluation.
        everyone: Whether all of them are asked for.
    """

    def __init__(self, evaluation: Evaluation, *, everyone: bool = False) -> None:
        self._evaluation, self._everyone = evaluation, everyone
        self._sections: dict[int, Section] = {}
        self._parts: dict[str | None, list[tuple[Part, int]]] = {}
        for part in evaluation.segments:
            for n, name in enumerate(part.group.subjects):
                self._parts.setdefault(name, []).append((part, n))

    def of(self, subject: str | None, document: Document) -> dict[str, Any]:
        """Lines of a subject; of one whose period is split days and segments, too.

        A segment has `rule`, the change that put its card in force, `schedule_why`, `redistributed`, `kept`,
        `contribution` (its share of the sum, for reading rounded to 9 places) and lines as they are explained. A line of the subject has the rule
        changes and facts of all segments, and the mean of their effective weights and contributions by days.

        Args:
            subject: The subject.
            document: What the evaluate document says of it.
        """
        own = self._parts[subject]
        if "segments" not in document:
            [(part, n)] = own
            return {"lines": self._section(part).lines(n, document["lines"])}
        counted = sum(one["days"] for one in document["segments"] if one["total"] is not None)
        segments = [self._segment(*place, one, counted) for place, one in zip(own, document["segments"], strict=True)]
        return {
            "lines": [_together(line, segments, counted) for line in document["lines"]],
            "days": document["days"],
            "segments": segments,
        }

    def _section(self, part: Part) -> Section:
        if id(part) not in self._sections:
            self._sections[id(part)] = section_of(self._evaluation, part, everyone=self._everyone)
        return self._sections[id(part)]

    def _segment(self, part: Part, n: int, document: Document, counted: int) -> dict[str, Any]:
        total = document["total"]
        share = None if total is None else _mean(Decimal(total) * document["days"], counted)
        return {
            **document,
            "rule": version_rule(self._evaluation, part.in_force),
            "schedule_why": None if part.segment.step < 0 else part.in_force.card.schedule[part.segment.step].why,
            **moved_weight(part.scored, n),
            "contribution": share,
            "lines": self._section(part).lines(n, document["lines"]),
        }


def _together(line: Document, segments: Sequence[Document], counted: int) -> dict[str, Any]:
    """One line over all segments that have it."""
    own = [
        (segment, found)
        for segment in segments
        for found in segment["lines"]
        if found["indicator"] == line["indicator"]
    ]
    _, last = own[-1]
    return {
        **line,
        "why": last["why"],
        **{part: _each(found[part] for _, found in own) for part in ("weight_rules", "target_rules")},
        "curve": last["curve"],
        "definition": last["definition"],
        "attainment_before": None,
        "empty_policy": None,
        "last": None,
        **{part: _by_days(own, part, counted) for part in ("effective_weight", "contribution")},
        "facts": [fact for _, found in own for fact in found["facts"]],
    }


def _each(lists: Any) -> list[Any]:
    """Everything that one of the lists holds, once."""
    found: list[Any] = []
    for listed in lists:
        found += [item for item in listed if item not in found]
    return found


def _by_days(own: Sequence[tuple[Document, Document]], part: str, counted: int) -> str | None:
    numbers = [
        Decimal(found[part]) * segment["days"]
        for segment, found in own
        if found[part] is not None and segment["total"] is not None
    ]
    return _mean(sum(numbers, Decimal(0)), counted) if numbers else None


def _mean(total: Decimal, days: int) -> str | None:
    [found] = Fixed.of([total]).divided(Fixed.of(days), ATTAINMENT_PLACES).decimals()
    return number(found)
