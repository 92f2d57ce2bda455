"""Entries: steps of proposals, disputes, overrides, calibrations and payouts, in the ledger and in its audit."""

import sqlite3

import pytest

from kpicore.errors import Conflict, InvalidInput
from kpicore.ledger.entries import STEPS, may_follow, state_of
from kpicore.ledger.records import NewEntry, RuleChange
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import Clock, deal, facts


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "kpi.db", clock=Clock()) as ledger:
        yield ledger


def step(kind, step_, version=1, *, name="X1", by="ann", **document):
    return NewEntry(kind, step_, name, version, document, by)


def findings(ledger):
    return [(found.position, found.status, found.what) for found in ledger.verify().findings]


def test_entries_are_read_in_order_by_kind_and_up_to_a_position(ledger):
    ledger.enter([step("proposal", "opened", what="weights"), step("dispute", "opened")])
    ledger.enter([step("proposal", "approved", 2, by="bob")])
    assert [(one.position, one.kind, one.step, one.version, one.by) for one in ledger.entries()] == [
        (1, "proposal", "opened", 1, "ann"),
        (2, "dispute", "opened", 1, "ann"),
        (3, "proposal", "approved", 2, "bob"),
    ]
    assert [one.document for one in ledger.entries("proposal", up_to=2)] == [{"what": "weights"}]
    assert (ledger.end(), ledger.entries("payout")) == (3, ())


def test_entries_move_no_cut(ledger):
    ledger.record([facts("1", [deal("1")])])
    ledger.adopt([RuleChange("scorecard", "rep", {})], "hr", "why")
    before = ledger.cut()
    ledger.enter([step(kind, next(iter(steps))) for kind, steps in STEPS.items()])
    assert ledger.cut() == before
    assert ledger.end() == 7


def test_a_step_that_somebody_else_took_is_noticed_and_nothing_is_recorded(ledger):
    ledger.enter([step("dispute", "opened")])
    with pytest.raises(Conflict) as error:
        ledger.enter([step("dispute", "opened", name="X2"), step("dispute", "opened")])
    assert error.value.code == "entry_conflict"
    assert ledger.end() == 1


def test_steps_stand_in_one_transaction_with_what_they_do(ledger):
    ledger.enter([step("proposal", "opened"), step("proposal", "opened", name="X2")])
    applied = step("proposal", "applied", 2)
    [rule] = ledger.adopt([RuleChange("scorecard", "rep", {})], "hr", "why", ["so"], change_id="c1", entries=[applied])
    assert (rule.position, rule.change, rule.comments) == (4, "c1", ("so",))
    with pytest.raises(Conflict):
        ledger.adopt([RuleChange("scorecard", "other", {})], "hr", "why", entries=[applied])
    with pytest.raises(Conflict) as error:
        ledger.seal("rep.2026.f0.r4", {"digest": "d"}, "hr", entries=[applied])
    assert error.value.code == "entry_conflict"
    seal = ledger.seal("rep.2026.f0.r4", {"digest": "d"}, "hr", entries=[step("proposal", "applied", 2, name="X2")])
    assert (seal.position, ledger.end()) == (6, 6)


@pytest.mark.parametrize(
    "wrong",
    [{"by": ""}, {"name": "a\nb"}, {"float": float("nan")}],
)
def test_what_cannot_be_kept_is_refused(ledger, wrong):
    with pytest.raises(InvalidInput):
        ledger.enter([step("dispute", "opened", **wrong)])
    assert ledger.end() == 0


def test_a_comment_leaves_the_state_as_it_is():
    assert state_of([]) == ""
    assert state_of(["opened", "commented", "approved", "commented"]) == "approved"
    assert not may_follow("proposal", state_of(["opened", "commented"]), "applied")


def test_an_intact_journal_is_intact_and_counted(ledger):
    ledger.enter(
        [step("proposal", "opened"), step("proposal", "commented", 2), step("proposal", "approved", 3, by="bob")]
    )
    ledger.enter([step("proposal", "applied", 4, does=[["change", "c"]])])
    found = ledger.verify()
    assert (found.intact, found.findings, found.entries, found.events) == (True, (), 4, 4)


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ([("proposal", "approved", 1)], "approved does not follow nothing"),
        ([("proposal", "opened", 1), ("proposal", "applied", 2)], "applied does not follow opened"),
        ([("dispute", "opened", 1), ("dispute", "accepted", 2)], "accepted does not follow opened"),
        ([("proposal", "opened", 1), ("proposal", "approved", 2)], "ann approves what ann proposed"),
        ([("override", "recorded", 1), ("override", "withdrawn", 3)], "it is step 3 and follows step 1"),
    ],
)
def test_steps_that_kpicore_never_takes_are_named(ledger, steps, what):
    ledger.enter([step(kind, name, version) for kind, name, version in steps])
    assert findings(ledger) == [(len(steps), "tampered", what)]


def test_an_edited_entry_is_noticed(ledger):
    ledger.enter([step("override", "recorded", total="110"), step("override", "recorded", name="X2", total="90")])
    connection = sqlite3.connect(ledger.path)
    connection.execute("UPDATE stored_events SET state = CAST(replace(state, '110', '190') AS BLOB) WHERE rowid = 1")
    connection.execute("UPDATE stored_events SET state = CAST(replace(state, 'ann', 'bob') AS BLOB) WHERE rowid = 2")
    connection.commit()
    connection.close()
    assert [(place, status) for place, status, _ in findings(ledger)] == [(1, "tampered"), (2, "tampered")]


def test_what_needed_two_persons_and_had_one_is_odd(ledger):
    two = {"kind": "organisation", "approvals": ["weights", "seals", "overrides", "payouts"]}
    ledger.adopt([RuleChange("organisation", "organisation", two), RuleChange("scorecard", "rep", {})], "hr", "why")
    assert findings(ledger) == []
    ledger.adopt([RuleChange("scorecard", "rep", {"a": 1})], "hr", "alone")
    ledger.seal("rep.2026.f0.r1", {"digest": "d"}, "hr")
    ledger.enter([step("override", "recorded"), step("payout", "recorded")])
    asked = "the organisation asked for two persons ({}), and it stands on one"
    alone = [
        (3, "odd", asked.format("weights")),
        (4, "odd", asked.format("seals")),
        (5, "odd", asked.format("overrides")),
        (6, "odd", asked.format("payouts")),
    ]
    assert findings(ledger) == alone
    for number, does in enumerate((["change", "c2"], ["override.recorded", "X2"]), 1):
        name = f"P{number}"
        ledger.enter([step("proposal", "opened", name=name), step("proposal", "approved", 2, name=name, by="bob")])
        applied = step("proposal", "applied", 3, name=name, does=[does])
        if number == 1:
            ledger.adopt([RuleChange("scorecard", "rep", {"a": 2})], "hr", "both", change_id="c2", entries=[applied])
        else:
            ledger.enter([applied, step("override", "recorded", name="X2")])
    assert findings(ledger) == alone
    # Whoever turns it off alone is named; after that nothing is asked for.
    ledger.adopt([RuleChange("organisation", "organisation", {"kind": "organisation"})], "hr", "alone")
    ledger.adopt([RuleChange("scorecard", "rep", {"a": 3})], "hr", "alone")
    assert [what for _, _, what in findings(ledger)[4:]] == [asked.format("weights")]
