"""The audit: what is stored is as it was written, and whatever is not is named."""

import shutil
import sqlite3

import pytest

from kpicore.canonical import canonical_json
from kpicore.errors import InvalidInput, NotFound
from kpicore.ledger import batches
from kpicore.ledger.records import RuleChange
from kpicore.ledger.store import Ledger
from kpicore.ledger.verify import verify
from tests.unit.ledger.samples import Clock, deal, facts, retraction

TABLE = "stored_events"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Two batches, one of three chunks, a retraction, two rules of which one has two versions, and a seal."""
    path = tmp_path_factory.mktemp("whole") / "kpi.db"
    with pytest.MonkeyPatch.context() as patch, Ledger.open(path, clock=Clock()) as ledger:
        patch.setattr(batches, "CHUNK_ROWS", 2)
        ledger.record([facts("one", [deal("1")]), facts("many", [deal(str(n)) for n in range(5)])])
        ledger.record([retraction("gone", ["1"], reason="test deal")])
        ledger.adopt([RuleChange("scorecard", "rep", {"a": 1}), RuleChange("organisation", "o", {})], "hr", "why")
        ledger.adopt([RuleChange("scorecard", "rep", {"a": 2})], "hr", "other")
        ledger.seal("rep.2026.f5.r8", {"total": "1"}, "hr")
        ledger.keep_draft("015abd7f5cc5", {"a": 1})
    return path


@pytest.fixture
def ledger(whole, tmp_path):
    return shutil.copy(whole, tmp_path / "kpi.db")


def change(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(*((statement,) if isinstance(statement, str) else statement))
    connection.commit()
    connection.close()


def test_an_untouched_ledger_is_intact_and_counted(whole):
    told = []
    found = verify(whole, lambda *progress: told.append(progress))
    assert (found.intact, found.exit_code, found.findings) == (True, 0, ())
    assert (found.events, found.batches, found.rows, found.rules, found.seals) == (9, 3, 7, 3, 1)
    assert [rows for _, rows, *_ in told] == [1, 3, 5, 6, 7, 7, 7, 7, 7]
    assert sorted(path.name for path in whole.parent.iterdir()) == ["kpi.db", "kpi.db.lock"]


def swap(one, two):
    return [f"UPDATE {TABLE} SET rowid = {a} WHERE rowid = {b}" for a, b in ((99, one), (one, two), (two, 99))]


@pytest.mark.parametrize(
    ("changes", "position", "what"),
    [
        ([f"DELETE FROM {TABLE} WHERE rowid = 1"], 1, "this event is gone"),
        ([f"DELETE FROM {TABLE} WHERE rowid IN (6, 7)"], 6, "positions 6 to 7 are gone"),
        ([f"DELETE FROM {TABLE} WHERE rowid = 9"], 9, "positions up to 9 were given out, and the last is 8"),
        ([f"DELETE FROM {TABLE} WHERE rowid = 3"], 3, "this event is gone"),
        (swap(2, 3), 2, "chunk 2 of 3 follows nothing"),
        (swap(6, 8), 6, "it is version 2 and follows version 0"),
        ([f"UPDATE {TABLE} SET rowid = 12 WHERE rowid = 9"], 9, "positions 9 to 11 are gone"),
        ([f"UPDATE {TABLE} SET topic = 'kpicore.rule.adopted' WHERE rowid = 6"], 6, "proof"),
        ([f"UPDATE {TABLE} SET topic = 'kpicore.facts' WHERE rowid = 9"], 9, "not a stored batch"),
        ([f"UPDATE {TABLE} SET originator_version = 4 WHERE rowid = 4"], 4, "chunk 3 of 3 and stands as 4"),
        ([f"UPDATE {TABLE} SET originator_id = upper(originator_id) WHERE rowid = 4"], 4, "not stored as"),
        ([f"UPDATE {TABLE} SET originator_id = replace(originator_id, 'a', 'b')"], 1, "under its source"),
        ([f"UPDATE {TABLE} SET state = CAST(state AS TEXT) WHERE rowid = 6"], 6, "not stored as"),
        ([f"UPDATE {TABLE} SET state = CAST(state || x'00' AS BLOB) WHERE rowid = 1"], 1, "bytes instead of"),
        ([f"UPDATE {TABLE} SET state = CAST(replace(state, '\"hr\"', '\"me\"') AS BLOB) WHERE rowid = 6"], 6, "proof"),
        ([f"UPDATE {TABLE} SET state = CAST(replace(state, '\"why\"', '\"no\"') AS BLOB) WHERE rowid = 7"], 7, "proof"),
        ([f"UPDATE {TABLE} SET state = CAST(replace(state, '\"hr\"', '\"me\"') AS BLOB) WHERE rowid = 9"], 9, "proof"),
        ([f"UPDATE {TABLE} SET state = CAST(replace(state, '{{\"a\":2}}', '{{\"a\":3}}') AS BLOB)"], 8, "its digest"),
        ([f"UPDATE {TABLE} SET state = CAST(replace(state, ',', ', ') AS BLOB) WHERE rowid = 9"], 9, "not written"),
        (["UPDATE drafts SET document = '{}'"], None, "hypothetical rules"),
        (["CREATE TRIGGER t AFTER INSERT ON drafts BEGIN DELETE FROM stored_events; END"], None, "the tables"),
        (["DROP INDEX stored_events_topic"], None, "the tables"),
        (["DELETE FROM sqlite_sequence"], 1, "positions up to 0 were given out, and the last is 9"),
    ],
)
def test_what_is_not_as_it_was_written_is_named(ledger, changes, position, what):
    change(ledger, *changes)
    found = verify(ledger)
    assert found.exit_code == 1
    assert any(finding.position == position and what in finding.what for finding in found.findings), found.findings
    assert all(finding.status == "tampered" for finding in found.findings)


def test_an_event_is_named_by_what_it_says(ledger):
    change(ledger, f"UPDATE {TABLE} SET originator_version = 2 WHERE rowid IN (1, 9)")
    assert [(finding.position, finding.event) for finding in verify(ledger).findings] == [
        (1, "facts crm/one"),
        (9, "kpicore.evaluation.sealed"),
    ]


def test_an_event_of_a_later_release_cannot_be_checked_and_that_is_no_success(ledger):
    change(ledger, f"INSERT INTO {TABLE} VALUES (10, '{'0' * 32}', 1, 'kpicore.person.erased', x'7b7d')")
    found = verify(ledger)
    assert (found.exit_code, found.tampered, found.unknown, found.intact) == (3, 0, 1, False)
    assert [finding.position for finding in found.findings] == [10]


def test_a_clock_that_went_back_is_odd_and_no_fault(tmp_path):
    clock = Clock()
    with Ledger.open(tmp_path / "kpi.db", clock=clock) as ledger:
        ledger.record([facts("1", [deal("1")])])
        clock.now -= 3_600_000_000
        ledger.record([facts("2", [deal("2")])])
        found = ledger.verify()
    assert (found.intact, found.exit_code) == (True, 0)
    assert [(finding.position, finding.status, finding.event) for finding in found.findings] == [
        (2, "odd", "facts crm/2")
    ]


def test_what_is_written_meanwhile_is_not_seen(whole, ledger):
    with Ledger.open(ledger) as writer:

        def write(*_progress):
            writer.record([facts("late", [deal("1")])])

        assert verify(ledger, write).events == 9
        assert writer.verify().events == 10


@pytest.mark.parametrize("part", ["", "page", "half"])
def test_a_cut_file_is_noticed(ledger, part):
    content = ledger.read_bytes()
    ledger.write_bytes(content[: {"": 0, "page": len(content) - 16_384, "half": len(content) // 2}[part]])
    if part:
        assert verify(ledger).exit_code == 1
    else:
        with pytest.raises(InvalidInput) as error:
            verify(ledger)
        assert error.value.code == "not_a_ledger"


def test_what_is_no_ledger_is_no_tampered_one(tmp_path):
    with pytest.raises(NotFound):
        verify(tmp_path / "kpi.db")
    (tmp_path / "kpi.db").write_bytes(b"deal,closed\n" * 100)
    with pytest.raises(InvalidInput) as error:
        verify(tmp_path / "kpi.db")
    assert error.value.code == "not_a_ledger"
    with pytest.raises(InvalidInput):
        verify(tmp_path)


def test_all_findings_are_counted_and_the_first_are_listed(tmp_path, monkeypatch):
    with Ledger.open(tmp_path / "kpi.db", clock=Clock()) as ledger:
        ledger.record([facts(str(n), [deal(str(n))]) for n in range(30)])
    monkeypatch.setattr("kpicore.ledger.verify.LISTED", 7)
    change(tmp_path / "kpi.db", f"UPDATE {TABLE} SET state = CAST(state || x'00' AS BLOB)")
    found = verify(tmp_path / "kpi.db")
    assert (found.tampered, len(found.findings)) == (30, 7)


def test_the_document_is_canonical_json(ledger):
    change(ledger, f"DELETE FROM {TABLE} WHERE rowid = 9")
    assert canonical_json(verify(ledger).to_document())
