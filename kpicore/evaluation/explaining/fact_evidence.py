"""Facts as evidence of a difference: which of those that moved were counted for whom, and what they added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from kpicore.definitions.cards.scorecards import Line
from kpicore.evaluation.documents import instant_text
from kpicore.evaluation.evaluate import Evaluation, request_of
from kpicore.evaluation.explaining.attribution import Counted, counted_for
from kpicore.evaluation.explaining.moved import FactCause, Moved, MovedFact
from kpicore.evaluation.scoring.scored import card_names

if TYPE_CHECKING:
    from kpicore.evaluation.world import World


@frozen
class Evidence:
    """What stands behind one cause of one line.

    Args:
        everyone: Evidence for every subject that the cause moved.
        own: Evidence for a subject alone.
    """

    everyone: tuple[dict[str, Any], ...]
    own: Mapping[str | None, tuple[dict[str, Any], ...]] = field(factory=dict)

    def of(self, subject: str | None) -> tuple[dict[str, Any], ...]:
        """The evidence for a subject: its own, or where it has none, everyone's, or that of shares of the whole."""
        return self.own.get(subject) or self.everyone or self.own.get(None, ())


def fact_evidence(
    before: World, after: World, old: Evaluation, line: Line, moved: Mapping[str, Moved], cause: FactCause
) -> Evidence:
    """The facts behind a cause of one line.

    A fact that an aggregate of the indicator counts is evidence for whom it is counted. Facts that are only looked up
    beside others (a deal that a lead led to, an assignment) are evidence for everyone whom the cause moved.

    Args:
        before, after: The worlds before and after the facts of this cause were exchanged.
        old: The evaluation whose rules both worlds have.
        line: The line.
        moved: What moved, by fact type.
        cause: Late facts, corrections or retractions.
    """
    book = before.definitions
    core = [name for name in card_names(old.card, book) if name in book.fact_types]
    names = set(book.closure([line.indicator, *core])) & set(moved)
    period = before.calendar.period(old.bounds.period_id)
    asked = (request_of(line), period, old.card.level)
    gone: Counted = {}
    come: Counted = {}
    if cause != "late_facts":
        gone = counted_for(before, *asked, {name: moved[name].gone for name in names})
    if cause != "retractions":
        come = counted_for(after, *asked, {name: moved[name].come for name in names})
    own: dict[str | None, list[dict[str, Any]]] = {}
    rest: list[dict[str, Any]] = []
    for name in sorted(names):
        for fact in moved[name].facts[cause]:
            found = dict(_told(fact, cause, gone, come))
            for subject, document in found.items():
                own.setdefault(subject, []).append(document)
            if not found:
                rest.append(fact.to_document())
    if not rest and not any(moved[name].facts[cause] for name in names):
        rest = [_knowledge(before, after)]
    return Evidence(tuple(rest), {subject: (*documents, *rest) for subject, documents in own.items()})


def _told(
    fact: MovedFact, cause: FactCause, gone: Counted, come: Counted
) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """The fact's document for every subject for whom it is or was counted."""
    here = (fact.fact_type, fact.position, fact.row)
    if cause == "retractions":
        for subject, added in gone.get(here, {}).items():
            yield subject, {**fact.to_document(), "added": added}
        return
    was = gone.get((fact.fact_type, *fact.before), {}) if fact.before is not None else {}
    now = come.get(here, {})
    for subject in {**was, **now}:
        document = {**fact.to_document(), "added": now.get(subject)}
        if fact.before is not None:
            document["before"] = {**document["before"], "added": was.get(subject)}
        yield subject, document


def _knowledge(before: World, after: World) -> dict[str, Any]:
    """The batch with which the instant of knowing moved: facts ripened, or a feed became complete."""
    low, high = sorted((before.cut.facts, after.cut.facts))
    batch = max(
        (header for header in after.ledger.headers() if low < header.position <= high),
        key=lambda header: header.position,
        default=None,
    )
    document: dict[str, Any] = {
        "kind": "as_of",
        "name": "as_of",
        "old": instant_text(before.cut.as_of),
        "new": instant_text(after.cut.as_of),
        "position": None,
        "by": None,
        "reason": None,
    }
    if batch is not None:
        document.update(kind="batch", name=f"{batch.source} {batch.batch_key}", position=batch.position, by=batch.by)
    return document
