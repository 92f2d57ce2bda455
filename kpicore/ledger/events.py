"""The stored events: fact batches, rules, seals, entries. Their topics are pinned and never change, whatever classes are called.

A topic that is not in the table is refused: no name found in a ledger is ever imported.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid5

from attrs import frozen
from eventsourcing.domain import Aggregate, DomainEvent, DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.errors import Refused
from kpicore.ledger import envelope
from kpicore.ledger.entries import ENTRY_TOPICS, topic_of
from kpicore.ledger.records import BatchHeader, EntryRecord, RuleRecord, SealRecord

_NAMESPACE = UUID("6b706963-6f72-5e00-8000-6c6564676572")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def batch_id(source: str, batch_key: str) -> UUID:
    """The originator of a batch: equal for equal (source, batch key), so that the second one is noticed."""
    return uuid5(_NAMESPACE, f"facts\0{source}\0{batch_key}")


def rule_id(kind: str, name: str) -> UUID:
    """The originator of all versions of a rule."""
    return uuid5(_NAMESPACE, f"rule\0{kind}\0{name}")


def seal_id(evaluation: str) -> UUID:
    """The originator of the seal of an evaluation: there is one."""
    return uuid5(_NAMESPACE, f"seal\0{evaluation}")


def entry_id(kind: str, name: str) -> UUID:
    """The originator of all steps of an entry: of the proposal P1, of the dispute D1."""
    return uuid5(_NAMESPACE, f"entry\0{kind}\0{name}")


def moment(microseconds: int) -> datetime:
    """A count of microseconds as the library's events carry it."""
    return _EPOCH + timedelta(microseconds=microseconds)


def microseconds(value: datetime) -> int:
    """The count of microseconds of an event's time."""
    return (value - _EPOCH) // timedelta(microseconds=1)


@frozen
class FactBatch:
    """A batch of facts, or one chunk of it: its version is the number of the chunk.

    Args:
        originator_id: `batch_id` of its source and key.
        originator_version: Number of the chunk, from 1.
        header: Everything but the rows.
        body: The rows as an Arrow IPC file.
    """

    TOPIC: ClassVar[str] = "kpicore.facts"

    originator_id: UUID
    originator_version: int
    header: BatchHeader
    body: bytes | memoryview


class Rule(Aggregate):
    """A rule through all its versions: a definition, a scorecard, the organisation …"""

    TOPIC = "kpicore.rule"

    class Event(Aggregate.Event):
        """What every version of a rule carries."""

        kind: str
        name: str
        document: dict[str, Any]
        digest: str
        effective: str | None
        by: str
        reason: str
        comments: list[str]
        change: str

        def apply(self, aggregate: Rule) -> None:
            """The newest version is the one that stands."""
            aggregate.document = self.document
            aggregate.digest = self.digest

    class Created(Event, Aggregate.Created):
        """The rule's first version."""

        TOPIC = "kpicore.rule.created"

    class Adopted(Event):
        """A later version."""

        TOPIC = "kpicore.rule.adopted"

    document: dict[str, Any]
    digest: str

    @classmethod
    def created(cls, kind: str, name: str, **parts: Any) -> Rule:
        """A rule that is recorded for the first time."""
        return cls._create(cls.Created, id=rule_id(kind, name), kind=kind, name=name, **parts)

    def adopt(self, **parts: Any) -> None:
        """The next version."""
        self.trigger_event(self.Adopted, **parts)


@dataclass(frozen=True)
class EvaluationSealed(DomainEvent):
    """An evaluation that was recorded: what it said, and who says that it stands."""

    TOPIC = "kpicore.evaluation.sealed"

    evaluation: str
    document: dict[str, Any]
    digest: str
    by: str


@dataclass(frozen=True)
class Entry(DomainEvent):
    """A step in the life of a proposal, a dispute, an override, a calibration or a payout, see `entries`.

    Kind and step are told by the topic.
    """

    kind: str
    step: str
    name: str
    document: dict[str, Any]
    digest: str
    by: str


FACT_TOPICS = (FactBatch.TOPIC,)
RULE_TOPICS = (Rule.Created.TOPIC, Rule.Adopted.TOPIC)
SEAL_TOPICS = (EvaluationSealed.TOPIC,)

_DOCUMENTS: dict[str, type[Any]] = {
    Rule.Created.TOPIC: Rule.Created,
    Rule.Adopted.TOPIC: Rule.Adopted,
    EvaluationSealed.TOPIC: EvaluationSealed,
    **dict.fromkeys(ENTRY_TOPICS, Entry),
}


class LedgerMapper(Mapper[UUID]):
    """Between events and their stored form: Arrow for facts, canonical JSON for the rest."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The stored form of one of the ledger's own events."""
        if isinstance(domain_event, FactBatch):
            topic, state = FactBatch.TOPIC, envelope.pack(domain_event.header, bytes(domain_event.body))
        else:
            topic = _topic(domain_event)
            if _DOCUMENTS.get(topic) is not type(domain_event):
                raise TypeError(f"{type(domain_event).__qualname__} is no event of the ledger")
            parts = dict(vars(domain_event))
            if isinstance(domain_event, Entry):
                del parts["kind"], parts["step"]
            del parts["originator_id"], parts["originator_version"]
            parts.pop("originator_topic", None)
            parts["recorded_at"] = microseconds(parts.pop("timestamp"))
            stored = (domain_event.originator_id, domain_event.originator_version, topic)
            state = canonical_json({**parts, "proof": _proof(*stored, parts)})
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, topic, state)

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """The event of a stored form.

        Raises:
            Refused: The topic is unknown or the state is damaged.
        """
        position = getattr(stored_event, "id", 0)
        topic = stored_event.topic
        if topic == FactBatch.TOPIC:
            header, body = envelope.unpack(stored_event.state, position)
            return FactBatch(UUID(str(stored_event.originator_id)), stored_event.originator_version, header, body)
        event_class = _DOCUMENTS.get(topic)
        if event_class is None:
            raise Refused(
                f"there is an event {topic!r}, which is not known here",
                code="unknown_event",
                where=f"position {position}",
                hint="install a later kpicore, or check where the ledger comes from",
            )
        try:
            parts = json.loads(stored_event.state)
            originator = UUID(str(stored_event.originator_id))
            proof = parts.pop("proof")
            if proof != _proof(originator, stored_event.originator_version, topic, parts):
                raise ValueError("it does not have its proof")
            parts["timestamp"] = moment(parts.pop("recorded_at"))
            if "originator_topic" in parts:
                raise ValueError("it names a class")
            if event_class is Entry:
                if "kind" in parts or "step" in parts:
                    raise ValueError("it says twice what it is")
                parts["kind"], parts["step"] = ENTRY_TOPICS[topic]
            if issubclass(event_class, Aggregate.Created):
                parts["originator_topic"] = Rule.TOPIC
            event: DomainEventProtocol[UUID] = event_class(
                originator_id=originator,
                originator_version=stored_event.originator_version,
                **parts,
            )
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise Refused(
                f"a stored {topic} is damaged: {error}",
                code="ledger_damaged",
                where=f"position {position}",
                hint="restore the ledger from a backup",
            ) from error
        document: Mapping[str, Any] = parts["document"]
        if sha256_hex(canonical_json(document)) != parts["digest"]:
            raise Refused(
                f"a stored {topic} does not have its digest",
                code="ledger_damaged",
                where=f"position {position}",
                hint="restore the ledger from a backup",
            )
        return event


def _topic(event: Any) -> str:
    """The pinned topic of an event; an empty text where it has none."""
    if isinstance(event, Entry):
        return topic_of(event.kind, event.step)
    topic: str = type(event).__dict__.get("TOPIC", "")
    return topic


def _proof(originator: UUID, version: int, topic: str, parts: Mapping[str, Any]) -> str:
    """SHA-256 over all that a stored document says and stands under; the document itself is covered by its digest."""
    said = {name: value for name, value in parts.items() if name != "document"}
    return sha256_hex(canonical_json([originator.hex, version, topic, said]))


def rule_record(position: int, event: Any) -> RuleRecord:
    """A version of a rule as it is read."""
    return RuleRecord(
        position=position,
        kind=event.kind,
        name=event.name,
        document=event.document,
        digest=event.digest,
        effective=event.effective,
        by=event.by,
        reason=event.reason,
        recorded_at=microseconds(event.timestamp),
        change=event.change,
        comments=tuple(event.comments),
    )


def seal_record(position: int, event: Any) -> SealRecord:
    """A seal as it is read."""
    return SealRecord(
        position=position,
        evaluation=event.evaluation,
        document=event.document,
        digest=event.digest,
        by=event.by,
        recorded_at=microseconds(event.timestamp),
    )


def entry_record(position: int, event: Any) -> EntryRecord:
    """A step of an entry as it is read."""
    return EntryRecord(
        position=position,
        kind=event.kind,
        step=event.step,
        name=event.name,
        version=event.originator_version,
        document=event.document,
        digest=event.digest,
        by=event.by,
        recorded_at=microseconds(event.timestamp),
    )
