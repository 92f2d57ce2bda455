"""Split evaluations are sealed, replayed, restated, rescored and explained like others."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpicore.definitions.cards.weights import Weights
from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.causes import compare
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import recalled, replay, seal
from kpicore.evaluation.history.rescore import rescore, restate
from kpicore.governance.plan import plan
from kpicore.ledger.records import RuleChange
from tests.rulebook import CARD, Office

QUARTER = "2017-Q1"
NEWCOMER = """\
[[schedule]]
until = 1
weights = {"sales.win_rate" = "80"}
rest = "proportional"
[[schedule]]
until = 2
weights = {"sales.win_rate" = "60"}
rest = "proportional"
"""


def subject(evaluation: Evaluation, name: str | None) -> dict[str, Any]:
    [found] = [one for one in evaluation.to_document()["subjects"] if one["subject"] == name]
    return dict(found)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Office]:
    """Ann moves, Bob joins and is new, Cid stays."""
    office = Office(tmp_path)
    office.apply(CARD + NEWCOMER)
    office.assign("ann", "2016-01-01")
    office.assign("ann", "2017-03-02", team="south")
    office.assign("bob", "2017-02-15")
    office.assign("cid", "2016-01-01")
    office.won(("d1", "ann", 480), ("d2", "bob", 300), ("d3", "cid", 1900), day="2017-02-20")
    office.won(("d4", "ann", 360), ("d5", "cid", 100), day="2017-03-10")
    office.lost(("d6", "ann"), ("d7", "bob"), day="2017-03-11")
    yield office
    office.close()


def test_sealed_segments_replay_and_are_recalled(busy: Office) -> None:
    evaluation = evaluate(busy.world, "sales_rep", QUARTER)
    sealed = seal(busy.world, evaluation, "hr")
    assert replay(busy.world, sealed.id).identical
    found = recalled(busy.world, sealed.id)
    assert (found.digest, found.to_document()) == (evaluation.digest, evaluation.to_document())
    assert found.to_document()["digest"] == sealed.digest
    busy.assign("bob", "2017-03-20", team="south")
    busy.apply(CARD.replace('"1000"', '"500"'), effective="2017-03-01")
    assert replay(busy.world, sealed.id).identical
    assert replay(busy.world, evaluate(busy.world, "sales_rep", QUARTER).id).identical


def test_restated_with_a_move_that_was_told_late(busy: Office) -> None:
    sealed = seal(busy.world, evaluate(busy.world, "sales_rep", QUARTER), "hr")
    busy.assign("cid", "2017-03-02", team="south")
    busy.won(("d8", "bob", 90), day="2017-03-20")
    revised = restate(busy.world, sealed.id)
    causes = {one.subject: one for one in revised.comparison.subjects}
    [cid] = causes["cid"].causes
    # In all of the quarter 2,000 of 1,000 is capped at 1.5; now it is 1.5 for 60 days and 0.3 for 30: 60 × 1.1.
    assert (cid.cause, cid.indicator, cid.points) == ("segments", None, Decimal(-24))
    assert [(fact["type"], fact["key"]["employee_id"]) for fact in cid.evidence] == [("employee_assigned", "cid")]
    assert {cause.cause for cause in causes["bob"].causes} == {"late_facts"}
    assert causes["ann"].causes == ()


def test_rescored_from_stored_measurements(busy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal(busy.world, evaluate(busy.world, "sales_rep", QUARTER), "hr")
    weights = Weights({"sales.revenue_won": Decimal(20), "sales.win_rate": Decimal(80)})
    fresh = evaluate(rescore(busy.world, sealed.id, weights).evaluation.world, "sales_rep", QUARTER)
    world = busy.world
    with monkeypatch.context() as patch:
        patch.setattr(type(busy.engine), "session", None)
        again = rescore(world, sealed.id, weights)
        assert again.evaluation.to_document() == fresh.to_document()
        causes = {cause.cause for one in again.comparison.subjects for cause in one.causes}
    assert causes == {"weights"}
    # Bob's newcomer weights follow from the card's: the step names the rate, and the rest is what is left.
    assert [line["weight"] for line in subject(fresh, "bob")["segments"][0]["lines"]] == ["20", "80"]
    assert [line["weight"] for line in subject(fresh, "bob")["segments"][1]["lines"]] == ["40", "60"]


def test_explained_segment_by_segment_down_to_facts(busy: Office) -> None:
    sealed = seal(busy.world, evaluate(busy.world, "sales_rep", QUARTER), "hr")
    [found] = explain(busy.world, sealed.id, subject="ann").to_document()["subjects"]
    first, second = found["segments"]
    assert [fact["key"]["deal_id"] for fact in first["lines"][0]["facts"]] == ["d1"]
    assert [fact["key"]["deal_id"] for fact in second["lines"][0]["facts"]] == ["d4"]
    assert [fact["key"]["deal_id"] for fact in found["lines"][0]["facts"]] == ["d1", "d4"]
    assert first["rule"]["effective"] == "2017-01-01"
    contributions = [Decimal(one["contribution"]) for one in found["segments"]]
    assert sum(contributions) == pytest.approx(Decimal(found["total"]), abs=Decimal("0.00000001"))
    lines = [Decimal(line["contribution"]) for line in found["lines"]]
    assert sum(lines) == pytest.approx(Decimal(found["total"]), abs=Decimal("0.00000001"))
    [cid] = explain(busy.world, sealed.id, subject="cid").to_document()["subjects"]
    assert "segments" not in cid
    assert cid["lines"][0]["facts"]


def test_the_later_of_two_periods_may_be_split(busy: Office) -> None:
    later = evaluate(busy.world, "sales_rep", "2017-Q2")
    earlier = evaluate(busy.world, "sales_rep", QUARTER)
    for pair in ((earlier, later), (later, earlier)):
        for one in compare(*pair).subjects:
            assert sum((cause.points for cause in one.causes), Decimal(0)) == one.difference
            assert all(cause.points and cause.evidence for cause in one.causes)


def test_a_card_that_changes_inside_is_rescored_as_one_card(busy: Office) -> None:
    busy.apply(CARD.replace('"1000"', '"2000"'), effective="2017-03-02")
    sealed = seal(busy.world, evaluate(busy.world, "sales_rep", QUARTER), "hr")
    weights = Weights({"sales.revenue_won": Decimal(20)}, "proportional")
    revised = rescore(busy.world, sealed.id, weights)
    # The hypothetical card stands in the place of both versions, all the time: Cid's period is whole.
    assert "segments" not in subject(revised.evaluation, "cid")
    assert {part.card.lines[0].target for part in revised.evaluation.segments} == {Decimal(2000)}
    for one in revised.comparison.subjects:
        assert sum((cause.points for cause in one.causes), Decimal(0)) == one.difference
    assert replay(busy.world, seal(busy.world, revised.evaluation, "hr").id).identical


def test_a_plan_shows_who_moves_on_a_card_that_changes_inside(busy: Office) -> None:
    busy.apply(CARD.replace('"1000"', '"2000"'), effective="2017-03-02")
    evaluation = evaluate(busy.world, "sales_rep", QUARTER)
    path = busy.folder / "next.toml"
    path.write_text(CARD.replace('"1000"', '"3000"').replace("2017-01-01", "2017-03-20"), "utf-8")
    for _ in range(2):  # once compared with what is known now, then with what is sealed
        [move] = plan(busy.world, path, QUARTER).moves
        assert move.origin == evaluation.id
        assert {one.subject for one in move.subjects} == {"ann", "bob", "cid"}
        before = {one.subject: one.before for one in move.subjects}
        assert before == evaluation.totals
        seal(busy.world, evaluation, "hr")


def test_cards_recorded_before_periods_were_split_mean_what_they_meant(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD)
    [record] = [record for record in office.world.rules if record.kind == "scorecard"]
    document = {part: value for part, value in record.document.items() if part != "mid_period"}
    old = Office(tmp_path, name="old.db")
    rules = [
        RuleChange(one.kind, one.name, document if one.kind == "scorecard" else one.document, one.effective)
        for one in office.world.rules
    ]
    old.ledger.adopt(rules, by="hr", reason="before")
    office.close()
    old.assign("bob", "2017-02-15")
    old.won(("d1", "bob", 600), day="2017-01-20")
    evaluation = evaluate(old.world, "sales_rep", QUARTER)
    sealed = seal(old.world, evaluation, "hr")
    # A joiner is scored on the whole quarter, with what came before, against the whole target.
    assert [line["attainment"] for line in subject(evaluation, "bob")["lines"]] == ["0.6", "2"]
    assert "segments" not in subject(evaluation, "bob")
    old.apply(CARD.replace('"1000"', '"1100"'), effective="2017-02-01")
    assert replay(old.world, sealed.id).identical
    assert replay(old.world, evaluation.id).identical
    [moved] = compare(evaluation, evaluate(old.world, "sales_rep", QUARTER)).subjects
    assert [cause.cause for cause in moved.causes] == ["segments"]
    old.close()


def test_a_line_of_a_version_under_which_nobody_has_a_day(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD)
    # The version that closes the quarter scores losses instead of the rate; everyone was gone by then.
    losses = CARD.replace('"sales.win_rate"', '"sales.losses"').replace('"0.5"', '"2"')
    office.apply(losses, effective="2017-03-20")
    office.assign("ann", "2016-01-01")
    office.assign("ann", "2017-03-02", role="other")
    office.won(("d1", "ann", 480), day="2017-02-20")
    evaluation = evaluate(office.world, "sales_rep", QUARTER)
    ann = subject(evaluation, "ann")
    assert [line["indicator"] for line in ann["lines"]] == ["sales.revenue_won", "sales.win_rate"]
    # 60 of 90 days: 480 × 90 ÷ 60 of 1,000 is 72; all of one deal is twice the rate asked for: 0.6 × 72 + 0.4 × 200.
    assert ann["total"] == "123.2"
    sealed = seal(office.world, evaluation, "hr")
    assert replay(office.world, sealed.id).identical
    assert recalled(office.world, sealed.id).to_document() == evaluation.to_document()
    [built] = explain(office.world, sealed.id).to_document()["subjects"]
    assert [line["contribution"] for line in built["lines"]] == ["43.2", "80"]
    # Who comes back is scored on the version that nobody had before.
    office.assign("ann", "2017-03-22")
    later = evaluate(office.world, "sales_rep", QUARTER)
    for one in (*compare(evaluation, later).subjects, *compare(later, evaluation).subjects):
        assert sum((cause.points for cause in one.causes), Decimal(0)) == one.difference != 0
    office.close()
