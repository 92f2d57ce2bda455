"""Rules, seals and drafts are kept exactly and once."""

from decimal import Decimal

import pytest

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.errors import Conflict, InvalidInput, NotFound
from kpicore.ledger.documents import Documents
from kpicore.ledger.records import RuleChange
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import NOW, Clock


@pytest.fixture
def ledger():
    with Ledger.open(":memory:", clock=Clock()) as opened:
        yield opened


def test_rules_are_adopted_together_and_kept_in_all_versions(ledger):
    changes = [
        RuleChange("scorecard", "rep", {"weight": Decimal("60.0")}, "2026-01-01"),
        RuleChange("scorecard", "rep", {"weight": Decimal(50)}, "2026-04-01"),
        RuleChange("indicator", "rep", {"measure": ["count", 1, None, True]}),
    ]
    adopted = ledger.adopt(changes, "hr", "profit first", ["weights sum to 110"])
    assert [record.position for record in adopted] == [1, 2, 3]
    assert {(record.by, record.reason, record.comments, record.recorded_at) for record in adopted} == {
        ("hr", "profit first", ("weights sum to 110",), NOW + 1_000_000)
    }
    assert len({record.change for record in adopted}) == 1
    assert adopted[0].document == {"weight": "60"}
    assert adopted[0].digest == sha256_hex(canonical_json({"weight": "60"}))
    before = ledger.cut()
    [later] = ledger.adopt([RuleChange("scorecard", "rep", {"weight": "40"})], "hr", "again")
    assert later.change != adopted[0].change
    assert ledger.rules(before) == tuple(adopted)
    assert ledger.rules(ledger.cut()) == (*adopted, later)
    assert ledger.adopt([], "hr", "nothing") == []


def test_somebody_else_at_the_same_moment_is_a_conflict(tmp_path, monkeypatch):
    with Ledger.open(tmp_path / "kpi.db") as one, Ledger.open(tmp_path / "kpi.db") as other:
        look = Documents._rule

        def overtaken(self, recorder, kind, name):
            found = look(self, recorder, kind, name)
            if self is one:
                other.adopt([RuleChange(kind, name, {"by": "other"})], "ben", "first")
            return found

        monkeypatch.setattr(Documents, "_rule", overtaken)
        with pytest.raises(Conflict, match="same moment"):
            one.adopt([RuleChange("indicator", "new", {}), RuleChange("indicator", "x", {"by": "one"})], "anna", "no")
        assert {(rule.name, rule.by) for rule in one.rules(one.cut())} == {("new", "ben"), ("x", "ben")}


@pytest.mark.parametrize(
    "change",
    [
        RuleChange("indicator", "x", {"a": 0.5}),
        RuleChange("indicator", "x", {"a": object()}),
        RuleChange("indicator", "x", {"a": "\ud800"}),
        RuleChange("indicator", "x", {1: "a"}),
        RuleChange("indicator", "", {}),
        RuleChange("", "x", {}),
        RuleChange("indicator", "x", {}, "April"),
        RuleChange("indicator", "x", {}, 5),
    ],
)
def test_rules_that_cannot_be_kept_exactly_are_refused_and_none_is_adopted(ledger, change):
    with pytest.raises(InvalidInput):
        ledger.adopt([RuleChange("indicator", "good", {}), change], "hr", "why")
    assert ledger.cut().rules == 0


def test_a_seal_is_made_once(ledger):
    document = {"total": Decimal("1.50"), "lines": [{"points": "3"}]}
    seal = ledger.seal("card.2026.f1.r2", document, "hr")
    assert (seal.position, seal.by, seal.document["total"]) == (1, "hr", "1.5")
    assert ledger.seal("card.2026.f1.r2", {"lines": [{"points": "3"}], "total": "1.5"}, "other") == seal
    with pytest.raises(Conflict, match="another content"):
        ledger.seal("card.2026.f1.r2", {"total": "2"}, "hr")
    assert ledger.sealed("card.2026.f1.r2") == seal
    second = ledger.seal("card.2027.f1.r2", {}, "hr")
    assert ledger.seals() == (seal, second)


def test_what_was_never_sealed_is_not_found(ledger):
    with pytest.raises(NotFound, match="seal it first"):
        ledger.sealed("card.2026.f1.r2")
    ledger.seal("card.2026.f1.r2", {}, "hr")
    with pytest.raises(NotFound, match="did you mean card"):
        ledger.sealed("card.2026.f1.r3")


def test_drafts_are_kept_beside_the_order(ledger):
    ledger.keep_draft("ab12", {"weights": {"x": Decimal("1.0")}})
    ledger.keep_draft("ab12", {"weights": {"x": "1"}})
    assert ledger.draft("ab12") == {"weights": {"x": "1"}}
    assert ledger.cut().rules == 0
    with pytest.raises(Conflict):
        ledger.keep_draft("ab12", {"weights": {"x": "2"}})
    with pytest.raises(NotFound):
        ledger.draft("ffff")
