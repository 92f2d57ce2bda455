"""Disputes: a scored person contests a line or a total of a sealed evaluation, and gets an answer and a decision.

A dispute changes no score. Where it is accepted, an override may follow, or the facts are corrected and the period restated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from kpicore.definitions.converters import names
from kpicore.errors import Refused
from kpicore.evaluation.documents import instant_text
from kpicore.evaluation.sealing.form import evaluate_document
from kpicore.evaluation.world import World
from kpicore.governance.approvals import same_person
from kpicore.governance.sealed import check_line, check_subject
from kpicore.governance.steps import Case, Desk

__all__ = ["Dispute", "Disputes"]


@frozen
class Dispute(Case):
    """A dispute as it stands: who contests what and why, what was answered, and what was decided."""

    @property
    def evaluation(self) -> str:
        """Id of the sealed evaluation."""
        return str(self.opened.document["evaluation"])

    @property
    def subject(self) -> str | None:
        """Whose score; None for the company's."""
        subject: str | None = self.opened.document["subject"]
        return subject

    @property
    def indicator(self) -> str | None:
        """Which line; None: the total."""
        indicator: str | None = self.opened.document["indicator"]
        return indicator

    def to_document(self) -> dict[str, Any]:
        """The dispute document."""
        return {
            "dispute": self.name,
            "state": self.state,
            "evaluation": self.evaluation,
            "subject": self.subject,
            "indicator": self.indicator,
            "by": self.by,
            "score": self.opened.document["score"],
            "steps": [
                {
                    "step": step.step,
                    "by": step.by,
                    "recorded_at": instant_text(step.recorded_at),
                    "position": step.position,
                    "text": step.document["text"],
                    "evidence": step.document.get("evidence", []),
                }
                for step in self.steps
            ],
        }


class Disputes(Desk[Dispute]):
    """The disputes of a ledger, by name, and the steps that people take."""

    kind, case, letter = "dispute", Dispute, "D"

    def open(
        self,
        evaluation: str,
        subject: str | None,
        *,
        by: str,
        reason: str,
        indicator: str | None = None,
        evidence: Sequence[str] = (),
    ) -> Dispute:
        """Contest a score.

        Args:
            evaluation: Id of the sealed evaluation.
            subject: Whose score; None for the company's.
            by: Who contests it.
            reason: Why.
            indicator: Which line; None: the total.
            evidence: Texts; `deal_won/D-17` names a fact, which is looked for.

        Raises:
            NotFound: It is not sealed, or has no such subject or line.
        """
        world = self._world()
        document = {
            "evaluation": evaluation,
            "subject": subject,
            "indicator": indicator,
            "score": _score(world, evaluation, subject, indicator),
            "text": self._said(reason, "reason"),
            "evidence": [_evidence(world, text) for text in names(evidence)],
        }
        return self._open(document, by)

    def answer(self, name: str, text: str, *, by: str, evidence: Sequence[str] = ()) -> Dispute:
        """Answer a dispute; more than one answer is possible."""
        found = [_evidence(self._world(), one) for one in names(evidence)]
        return self._step(name, "answered", {"text": self._said(text, "text"), "evidence": found}, by)

    def accept(self, name: str, *, by: str, reason: str) -> Dispute:
        """Decide that whoever contests the score is right."""
        return self._decide(name, "accepted", by, reason)

    def reject(self, name: str, *, by: str, reason: str) -> Dispute:
        """Decide that the score stands."""
        return self._decide(name, "rejected", by, reason)

    def withdraw(self, name: str, *, by: str, reason: str) -> Dispute:
        """Take one's own dispute back.

        Raises:
            Refused: It is somebody else's.
        """
        dispute = self[name]
        if not same_person(dispute.by, by):
            raise Refused(f"it is {dispute.by}'s", code="not_own", where=name, hint="decide it: accept or reject")
        return self._step(name, "withdrawn", {"text": self._said(reason, "reason")}, by)

    def _decide(self, name: str, step: str, by: str, reason: str) -> Dispute:
        dispute = self[name]
        self._check_step(dispute, step)
        if same_person(dispute.by, by) or same_person(dispute.subject or "", by):
            raise Refused(
                f"{by} has a part in it: somebody else decides", code="own_dispute", where=name, hint="ask a colleague"
            )
        return self._step(name, step, {"text": self._said(reason, "reason")}, by)


def _score(world: World, evaluation: str, subject: str | None, indicator: str | None) -> dict[str, Any]:
    """What is contested: the total, and the line as it was sealed."""
    document = evaluate_document(world.ledger.sealed(evaluation).document)
    subjects = {one["subject"]: one for one in document["subjects"]}
    check_subject(evaluation, subjects, subject)
    lines = {line["indicator"]: line for line in subjects[subject]["lines"]}
    if indicator is not None:
        check_line(evaluation, lines, indicator)
    line = lines.get(indicator or "")
    parts = ("value", "target", "attainment", "points", "state")
    return {
        "total": subjects[subject]["total"],
        "line": None if line is None else {part: line[part] for part in parts},
    }


def _evidence(world: World, text: str) -> dict[str, Any]:
    """A text; where it names a fact (`deal_won/D-17`), with the places at which the fact stands now."""
    name, _, key = text.partition("/")
    fact_type = world.definitions.fact_types.get(name)
    if fact_type is None or not key:
        return {"text": text}
    import pyarrow.compute as pc

    table, wanted = world.table(name), key.split("/")
    if len(wanted) != len(fact_type.key):
        return {"text": text}
    for column, part in zip(fact_type.key, wanted, strict=True):
        table = table.filter(pc.equal(pc.cast(table[column], "string"), part))
    places = table.select(["source", "kpi_position", "kpi_row"]).to_pylist()
    return {
        "text": text,
        "type": name,
        "key": dict(zip(fact_type.key, wanted, strict=True)),
        "found": [{"source": one["source"], "position": one["kpi_position"], "row": one["kpi_row"]} for one in places],
    }
