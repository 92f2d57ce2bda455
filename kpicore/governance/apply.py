"""Apply: a planned change is recorded, in one transaction, with who and why."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from attrs import evolve, frozen

from kpicore.definitions.codec import to_document
from kpicore.definitions.converters import names
from kpicore.errors import Conflict, InvalidInput
from kpicore.evaluation.scoring.targets import TARGET
from kpicore.evaluation.world import ORGANISATION
from kpicore.governance.approvals import Approved, check_alone
from kpicore.governance.award_rules import AWARD, award_change
from kpicore.governance.cascade import CASCADE
from kpicore.governance.changes import Change, DocumentChange, Status
from kpicore.governance.plan import card_change
from kpicore.governance.strategy import STRATEGY_CHANGE, card_after, cascade_document, change_document
from kpicore.governance.targets import TargetVersions
from kpicore.ledger.records import RuleChange, RuleRecord
from kpicore.ledger.store import Ledger

__all__ = ["Applied", "AppliedRule", "apply", "dated"]


@frozen(repr=False)
class AppliedRule:
    """One rule that was recorded, with who and why."""

    status: Status
    record: RuleRecord

    def __repr__(self) -> str:
        """Which rule, where; not the whole definition."""
        return f"<{self.status} {self.record.kind} {self.record.name} at {self.record.position}>"

    def to_document(self) -> dict[str, Any]:
        """Position, kind, name, status, effective date, digest, who and why."""
        parts = ("position", "kind", "name", "effective", "digest", "by", "reason")
        return {"status": self.status, **{part: getattr(self.record, part) for part in parts}}


@frozen(repr=False)
class Applied:
    """What was recorded, in order; empty where there was nothing to do."""

    rules: tuple[AppliedRule, ...]

    def __repr__(self) -> str:
        return f"Applied({', '.join(map(repr, self.rules))})"

    def __iter__(self) -> Iterator[AppliedRule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def to_document(self) -> list[dict[str, Any]]:
        """The documents of all rules."""
        return [rule.to_document() for rule in self.rules]


def apply(
    ledger: Ledger,
    change: Change,
    by: str,
    reason: str,
    effective: str | date | None = None,
    *,
    comments: Sequence[str] = (),
    approved: Approved | None = None,
) -> Applied:
    """Record a change: settings, the definitions that the scorecards use, and the scorecards.

    Args:
        ledger: Where it is recorded.
        change: What `plan` returned.
        by: Who decides it.
        reason: Why.
        effective: Local date from which the scorecards count, in the place of their own; past dates are allowed.
        comments: What else was said; kept with every rule.
        approved: The approval that it stands on, where it was proposed.

    Returns:
        What was recorded, in order; nothing where there was nothing to do. Definitions whose digest is adopted
        already, and documents that are in force already, are not recorded again.

    Raises:
        InvalidInput: `by` or `reason` is empty, or the date is none.
        Conflict: Other rules were recorded since the plan was made.
        Refused: The organisation wants two persons for it, and it was not approved.
    """
    if not isinstance(change, Change):
        raise InvalidInput(
            f"{type(change).__name__} is not a change", where="change", hint="give what plan gave: kpi.plan(path)"
        )
    _check_said("by", by, "who decides it")
    _check_said("reason", reason, "why it changes")
    cut = ledger.cut()
    if cut.rules != change.rules_cut:
        raise Conflict(
            "other rules were recorded since this was planned",
            code="rules_moved",
            where=f"planned at {change.rules_cut}, now at {cut.rules}",
            hint="plan again and look at what changes now",
        )
    if effective is not None:
        change = dated(change, ledger.rules(cut), effective)
    documents = [item for item in change.documents if item.status != "unchanged"]
    definitions = [item for item in change.definitions if item.status != "unchanged"]
    settings = [item for item in documents if item.kind == ORGANISATION]
    # Scorecards come last: whoever sees one sees what it uses.
    cards = sorted((item for item in documents if item.kind != ORGANISATION), key=lambda item: item.kind == "scorecard")
    wanted = [
        *(RuleChange(item.kind, item.name, to_document(item.rule)) for item in settings),
        *(RuleChange(item.kind, item.name, dict(item.document)) for item in definitions),
        *(RuleChange(item.kind, item.name, to_document(item.rule), item.rule.effective) for item in cards),
    ]
    if not wanted:
        return Applied(())
    if approved is None:
        check_alone(ledger.rules(cut), "weights")
    together = uuid.uuid4().hex
    entries = [] if approved is None else [approved.entry(("change", together))]
    records = ledger.adopt(wanted, by, reason, names(comments), change_id=together, entries=entries)
    statuses = [
        *(item.status for item in settings),
        *(item.status for item in definitions),
        *(item.status for item in cards),
    ]
    return Applied(tuple(AppliedRule(status, record) for status, record in zip(statuses, records, strict=True)))


def dated(change: Change, rules: Sequence[RuleRecord], effective: str | date) -> Change:
    """The same change with another effective date, compared again with what is in force on it.

    Raises:
        InvalidInput: It is no date.
    """
    day = _day(effective)

    versions = TargetVersions(rules)
    changes = {(item.rule.scorecard, item.file): item.rule for item in change.documents if item.kind == STRATEGY_CHANGE}

    def moved(item: DocumentChange) -> DocumentChange:
        if item.kind == TARGET:
            return versions.change(evolve(item.rule, effective=day), item.file)
        if item.kind == CASCADE:
            return cascade_document(rules, evolve(item.rule, effective=day), item.file)
        if item.kind == STRATEGY_CHANGE:
            return change_document(rules, evolve(item.rule, effective=day), item.file)
        if item.kind == AWARD:
            return award_change(rules, evolve(item.rule, effective=day), item.file)
        if item.kind != "scorecard":
            return item
        if (item.name, item.file) in changes:
            # What a change makes of a card depends on the card that is in force on its date.
            again = evolve(changes[item.name, item.file], effective=day)
            return card_change(rules, card_after(rules, again, item.file), item.file)
        return card_change(rules, evolve(item.rule, effective=day), item.file)

    return evolve(change, documents=tuple(moved(item) for item in change.documents))


def _check_said(name: str, value: str, what: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"{name} is empty", code="missing_argument", hint=f"say {what}")


def _day(effective: str | date) -> str:
    try:
        return (effective if isinstance(effective, date) else date.fromisoformat(effective)).isoformat()[:10]
    except ValueError:
        raise InvalidInput(
            f"{effective!r} is not a date", code="bad_date", where="effective", hint="write it like 2026-01-01"
        ) from None
