"""The stored events: pinned names, and nothing that a ledger names is imported."""

from uuid import UUID, uuid4

import pytest
from eventsourcing.domain import Aggregate, DomainEvent
from eventsourcing.persistence import StoredEvent

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.errors import Refused
from kpicore.ledger.batches import stored_events
from kpicore.ledger.entries import ENTRY_TOPICS, STEPS
from kpicore.ledger.events import (
    Entry,
    EvaluationSealed,
    FactBatch,
    LedgerMapper,
    Rule,
    batch_id,
    entry_id,
    moment,
    rule_id,
    seal_id,
)
from tests.unit.ledger.samples import deal, facts

MAPPER = LedgerMapper()
PARTS = {
    "document": {"a": [1, None]},
    "digest": sha256_hex(canonical_json({"a": [1, None]})),
    "effective": None,
    "by": "hr",
    "reason": "why",
    "comments": ["so"],
    "change": "c",
}


ORIGINATOR = rule_id("indicator", "x")
WHOLE = {**PARTS, "kind": "indicator", "name": "x", "recorded_at": 17}


def proof(parts, version=1):
    """Over all that is said but the document, which has its digest."""
    said = {name: value for name, value in parts.items() if name != "document"}
    return sha256_hex(canonical_json([ORIGINATOR.hex, version, "kpicore.rule.created", said]))


def stored(parts):
    return canonical_json({**parts, "proof": proof(parts)})


def test_originators_are_pinned():
    assert batch_id("crm", "2026-03.csv") == UUID("9601cd40-5161-5f2a-b23c-a995be25ef36")
    assert rule_id("indicator", "sales.win_rate") == UUID("d246924d-3742-5a7e-9924-0a4ccc1913b4")
    assert seal_id("card.2026.f1.r2") == UUID("11a7dfc7-9c55-5e95-9c89-139b9c65ab69")


def test_topics_are_pinned():
    assert (FactBatch.TOPIC, Rule.TOPIC) == ("kpicore.facts", "kpicore.rule")
    assert (Rule.Created.TOPIC, Rule.Adopted.TOPIC) == ("kpicore.rule.created", "kpicore.rule.adopted")
    assert EvaluationSealed.TOPIC == "kpicore.evaluation.sealed"


def test_steps_of_entries_are_pinned():
    assert {kind: list(steps) for kind, steps in STEPS.items()} == {
        "proposal": ["opened", "commented", "approved", "rejected", "withdrawn", "applied"],
        "dispute": ["opened", "answered", "accepted", "rejected", "withdrawn"],
        "override": ["recorded", "withdrawn"],
        "calibration": ["recorded", "withdrawn"],
        "payout": ["recorded"],
    }
    assert all(topic == f"kpicore.{kind}.{step}" for topic, (kind, step) in ENTRY_TOPICS.items())
    assert entry_id("proposal", "P1") == UUID("9c34d3ed-2655-5316-8bc4-8eff8fdd130f")


def test_every_event_comes_back_as_it_was():
    [batch] = stored_events(facts("1", [deal("a")]), 17)
    rule = Rule.created("indicator", "x", timestamp=moment(17), **PARTS)
    rule.adopt(kind="indicator", name="x", timestamp=moment(18), **{**PARTS, "effective": "2026-04-01"})
    seal = EvaluationSealed(
        originator_id=seal_id("e"),
        originator_version=1,
        timestamp=moment(19),
        evaluation="e",
        document=PARTS["document"],
        digest=PARTS["digest"],
        by="hr",
    )
    entries = [
        Entry(entry_id(kind, "X1"), 1, moment(20), kind, step, "X1", PARTS["document"], PARTS["digest"], "hr")
        for kind, step in ENTRY_TOPICS.values()
    ]
    events = [batch, *rule.collect_events(), seal, *entries]
    again = [MAPPER.to_domain_event(MAPPER.to_stored_event(event)) for event in events]
    assert again == events
    replayed = again[2].mutate(again[1].mutate(None))
    assert (replayed.id, replayed.version, replayed.document) == (rule.id, 2, PARTS["document"])


def test_documents_are_stored_as_canonical_json():
    [created] = Rule.created("indicator", "x", timestamp=moment(17), **PARTS).collect_events()
    assert MAPPER.to_stored_event(created).state == (
        b'{"by":"hr","change":"c","comments":["so"],"digest":"'
        + PARTS["digest"].encode()
        + b'","document":{"a":[1,null]},'
        b'"effective":null,"kind":"indicator","name":"x","proof":"'
        + proof(WHOLE).encode()
        + b'","reason":"why","recorded_at":17}'
    )


def test_an_entry_says_by_its_topic_what_it_is():
    said = {"by": "hr", "digest": PARTS["digest"], "name": "P1", "recorded_at": 20}
    originator = entry_id("proposal", "P1")

    def state(**more):
        proven = sha256_hex(canonical_json([originator.hex, 1, "kpicore.proposal.opened", {**said, **more}]))
        return canonical_json({**said, **more, "document": PARTS["document"], "proof": proven})

    event = MAPPER.to_domain_event(StoredEvent(originator, 1, "kpicore.proposal.opened", state()))
    assert (event.kind, event.step, event.name) == ("proposal", "opened", "P1")
    assert MAPPER.to_stored_event(event).state == state()
    with pytest.raises(Refused, match="proof"):
        MAPPER.to_domain_event(StoredEvent(originator, 1, "kpicore.proposal.approved", state()))
    with pytest.raises(Refused, match="says twice"):
        MAPPER.to_domain_event(StoredEvent(originator, 1, "kpicore.proposal.opened", state(step="approved")))


@pytest.mark.parametrize("topic", ["os:system", "kpicore.ledger.events:Rule", "kpicore.rule", "", "kpicore.facts.v2"])
def test_unknown_topics_are_refused_and_nothing_is_imported(topic):
    with pytest.raises(Refused) as error:
        MAPPER.to_domain_event(StoredEvent(uuid4(), 1, topic, b'{"command":"true"}'))
    assert error.value.code == "unknown_event"


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        canonical_json(WHOLE),
        canonical_json({**WHOLE, "by": "me", "proof": proof(WHOLE)}),
        canonical_json({**WHOLE, "proof": proof(WHOLE, 2)}),
        stored({**PARTS, "kind": "indicator", "name": "x"}),
        stored({**WHOLE, "recorded_at": "17"}),
        stored({**WHOLE, "extra": 1}),
        stored({**WHOLE, "document": {"a": 2}}),
        stored({**WHOLE, "recorded_at": 2**53 - 1, "originator_topic": "os:system"}),
    ],
)
def test_damaged_documents_are_refused(state):
    with pytest.raises(Refused) as error:
        MAPPER.to_domain_event(StoredEvent(ORIGINATOR, 1, Rule.Created.TOPIC, state))
    assert error.value.code == "ledger_damaged"


def test_a_document_under_another_version_or_originator_is_refused():
    MAPPER.to_domain_event(StoredEvent(ORIGINATOR, 1, Rule.Created.TOPIC, stored(WHOLE)))
    for originator, version, topic in (
        (ORIGINATOR, 2, Rule.Created.TOPIC),
        (rule_id("indicator", "y"), 1, Rule.Created.TOPIC),
        (ORIGINATOR, 1, Rule.Adopted.TOPIC),
    ):
        with pytest.raises(Refused, match="proof"):
            MAPPER.to_domain_event(StoredEvent(originator, version, topic, stored(WHOLE)))


def test_only_the_ledgers_own_events_are_stored():
    class Foreign(DomainEvent):
        TOPIC = "kpicore.evaluation.sealed"

    class Other(Aggregate):
        pass

    [created] = Other().collect_events()
    for event in (Foreign(originator_id=uuid4(), originator_version=1, timestamp=moment(1)), created):
        with pytest.raises(TypeError, match="no event of the ledger"):
            MAPPER.to_stored_event(event)
