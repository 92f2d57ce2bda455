"""Rules, seals and drafts in a ledger: documents under a name."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from eventsourcing.persistence import IntegrityError

from kpicore.canonical import canonical_json
from kpicore.errors import Conflict, InvalidInput, NotFound
from kpicore.ledger.database import LedgerRecorder
from kpicore.ledger.events import (
    SEAL_TOPICS,
    EvaluationSealed,
    Rule,
    moment,
    rule_id,
    rule_record,
    seal_id,
    seal_record,
)
from kpicore.ledger.journal import Journal, entry_conflict
from kpicore.ledger.records import (
    Cut,
    NewEntry,
    RuleChange,
    RuleRecord,
    SealRecord,
    exact,
    named,
    spoken,
)
from kpicore.naming import did_you_mean

_EVERYTHING = 2**62


class Documents(Journal):
    """The rules, seals, entries and drafts of a ledger."""

    def adopt(
        self,
        changes: Sequence[RuleChange],
        by: str,
        reason: str,
        comments: Sequence[str] = (),
        *,
        change_id: str | None = None,
        entries: Sequence[NewEntry] = (),
    ) -> list[RuleRecord]:
        """Adopt rules, all of them or none.

        Args:
            changes: What is to stand.
            by: Who says so.
            reason: Why.
            comments: What else was said.
            change_id: What identifies the rules that are adopted together; None: something new.
            entries: Steps of entries that are recorded with them, before them.

        Returns:
            A record for each change, in order.

        Raises:
            Conflict: Somebody adopted one of these rules, or took one of these steps, at the same moment.
            InvalidInput: A name, document or date cannot be kept as it is.
        """
        common: dict[str, Any] = {
            "by": named(by, "person"),
            "reason": spoken(reason, "reason"),
            "comments": [spoken(comment, "comment") for comment in comments],
            "change": change_id or uuid.uuid4().hex,
            "timestamp": moment(self._clock()),
        }
        rules: dict[tuple[str, str], Rule] = {}
        events: list[Any] = [self.entry_event(entry) for entry in entries]
        with self._database.recorder() as recorder:
            for change in changes:
                _check_effective(change)
                document, digest = exact(change.document, f"{change.kind} {change.name}")
                parts = {**common, "document": document, "digest": digest, "effective": change.effective}
                key = (named(change.kind, "kind of rule"), named(change.name, "rule"))
                rule = rules.get(key) or self._rule(recorder, *key)
                if rule is None:
                    rule = Rule.created(*key, **parts)
                else:
                    rule.adopt(kind=change.kind, name=change.name, **parts)
                rules[key] = rule
                events.extend(rule.collect_events())
            try:
                positions = recorder.insert_events([self._mapper.to_stored_event(event) for event in events]) or ()
            except IntegrityError as error:
                raise Conflict(
                    "somebody adopted one of these rules at the same moment",
                    code="rule_conflict",
                    where=", ".join(f"{kind} {name}" for kind, name in rules),
                    hint="look at the new rules and plan again",
                ) from error
        recorded = list(zip(positions, events, strict=True))[len(entries) :]
        return [rule_record(position, event) for position, event in recorded]

    def _rule(self, recorder: LedgerRecorder, kind: str, name: str) -> Rule | None:
        """A rule as it stands."""
        rule: Any = None
        for _, stored in recorder.of_originator(rule_id(kind, name).hex):
            event: Any = self._mapper.to_domain_event(stored)
            rule = event.mutate(rule)
        return rule if isinstance(rule, Rule) else None

    def rules(self, cut: Cut) -> tuple[RuleRecord, ...]:
        """All versions of all rules up to a cut, in order."""
        _, _, rules = self._catalog.read()
        return tuple(rule for rule in rules if rule.position <= cut.rules)

    def seal(
        self, evaluation_id: str, document: Mapping[str, Any], by: str, *, entries: Sequence[NewEntry] = ()
    ) -> SealRecord:
        """Seal an evaluation; the same once more is the same seal.

        Args:
            evaluation_id: Identifies the evaluation.
            document: What it says.
            by: Who seals it.
            entries: Steps of entries that are recorded with it, before it.

        Raises:
            Conflict: It is sealed with another content, or somebody took one of the steps meanwhile.
        """
        kept, digest = exact(document, evaluation_id)
        event = EvaluationSealed(
            originator_id=seal_id(named(evaluation_id, "evaluation")),
            originator_version=1,
            timestamp=moment(self._clock()),
            evaluation=evaluation_id,
            document=kept,
            digest=digest,
            by=named(by, "person"),
        )
        with self._database.recorder() as recorder:
            try:
                events = [*(self.entry_event(entry) for entry in entries), event]
                *_, position = recorder.insert_events([self._mapper.to_stored_event(one) for one in events]) or ()
            except IntegrityError as error:
                stands = self.find_seal(evaluation_id)
                if stands is None:
                    raise entry_conflict(entries) from error
                if stands.digest != digest:
                    raise Conflict(
                        "this evaluation is sealed with another content",
                        code="seal_conflict",
                        where=evaluation_id,
                        hint="a seal never changes: seal an evaluation of other cuts",
                    ) from None
                return stands
            # A damaged write-ahead log loses events silently: what is sealed moves into the file.
            recorder.checkpoint()
        return seal_record(position, event)

    def sealed(self, evaluation_id: str) -> SealRecord:
        """The seal of an evaluation.

        Raises:
            NotFound: There is none.
        """
        found = self.find_seal(evaluation_id)
        if found is None:
            known = [seal.evaluation for seal in self.seals()]
            raise NotFound(
                "there is no such sealed evaluation",
                code="not_sealed",
                where=evaluation_id,
                hint=did_you_mean(evaluation_id, known) or "evaluate and seal it first",
            )
        return found

    def find_seal(self, evaluation_id: str) -> SealRecord | None:
        """The seal of an evaluation; None where it was never sealed."""
        with self._database.recorder() as recorder:
            found = recorder.of_originator(seal_id(evaluation_id).hex)
        if not found:
            return None
        [(position, event)] = found
        return seal_record(position, self._mapper.to_domain_event(event))

    def seals(self) -> tuple[SealRecord, ...]:
        """All seals, in order."""
        with self._database.recorder() as recorder:
            found = recorder.select_notifications(None, _EVERYTHING, None, SEAL_TOPICS)
        return tuple(seal_record(event.id, self._mapper.to_domain_event(event)) for event in found)

    def keep_draft(self, digest: str, document: Mapping[str, Any]) -> None:
        """Keep hypothetical rules under their digest, beside the order: they never count as adopted.

        Raises:
            Conflict: The digest is there with another document.
        """
        kept, _ = exact(document, named(digest, "digest"))
        with self._database.recorder() as recorder:
            recorder.keep_draft(digest, canonical_json(kept))
        if self.draft(digest) != kept:
            raise Conflict(
                "this digest is there with other rules",
                code="draft_conflict",
                where=digest,
                hint="look whether the ledger is damaged: kpicore verify",
            )

    def draft(self, digest: str) -> dict[str, Any]:
        """The hypothetical rules kept under a digest.

        Raises:
            NotFound: There are none.
        """
        with self._database.recorder() as recorder:
            found = recorder.draft(digest)
        if found is None:
            raise NotFound(
                "these hypothetical rules were not kept here",
                code="no_draft",
                where=digest,
                hint="rescore again in this ledger",
            )
        document: dict[str, Any] = json.loads(found)
        return document


def _check_effective(change: RuleChange) -> None:
    if change.effective is not None:
        try:
            date.fromisoformat(change.effective)
        except (TypeError, ValueError) as error:
            raise InvalidInput(
                f"{change.effective!r} is not a date", where=f"{change.kind} {change.name}", hint="write 2026-04-01"
            ) from error
