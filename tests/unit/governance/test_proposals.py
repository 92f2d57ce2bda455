"""Proposals: looked at, commented on, approved by somebody else, and only then applied, with what was said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore.definitions.indicators import Example
from kpicore.errors import Conflict, InvalidDefinition, InvalidInput, NotFound, Refused
from kpicore.evaluation.evaluate import evaluate
from kpicore.governance.acts import ACTS, act_of
from kpicore.governance.apply import apply
from kpicore.governance.plan import plan
from kpicore.governance.proposals import Proposal, Proposals
from tests.rulebook import BOOK, CARD, REVENUE, Office, indicator

OTHER = CARD.replace('"60"', '"70"').replace('"40"', '"30"')
TWO = "[organisation]\napprovals = ['weights', 'seals']\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD, TWO)
    office.won(("d1", "ann", 600))
    yield office
    office.close()


def desk(office: Office) -> Proposals:
    return Proposals(lambda: office.world, ACTS)


def proposed(office: Office, card: str = OTHER, by: str = "ann", effective: str | None = None) -> Proposal:
    path = office.folder / "proposed.toml"
    path.write_text(card, "utf-8")
    act = act_of(office.world, plan(office.world, path), effective)
    return desk(office).open(act, by=by, reason="profit first")


def weights(office: Office) -> list[int]:
    world = office.world
    return [int(line.weight) for line in world.scorecard("sales_rep", world.calendar.instant("2017-05-01")).card.lines]


def test_a_change_is_proposed_commented_on_approved_and_applied_with_what_was_said(office: Office) -> None:
    before = office.ledger.cut()
    assert proposed(office).name == "P1"
    desk(office).comment("P1", "too early for Q1", by="bob")
    desk(office).comment("P1", "from Q2 then?", by="ann")
    desk(office).approve("P1", by="bob", text="fine from Q2")
    assert (office.ledger.cut(), weights(office)) == (before, [60, 40])
    applied = desk(office).apply("P1", by="hr")
    assert [(rule.record.kind, rule.record.by, rule.record.reason) for rule in applied] == [
        ("scorecard", "ann", "profit first")
    ]
    assert weights(office) == [70, 30]
    [rule] = applied
    assert rule.record.comments[0] == "P1 proposed by ann, approved by bob"
    assert [comment.split("): ")[1] for comment in rule.record.comments[1:]] == [
        "too early for Q1",
        "from Q2 then?",
        "fine from Q2",
    ]
    proposal = desk(office)["P1"]
    assert (proposal.state, proposal.approved_by, len(proposal.steps)) == ("applied", "bob", 5)
    assert proposal.steps[-1].document == {"does": [["change", rule.record.change]]}
    assert proposal.steps[-1].position == rule.record.position - 1
    assert office.ledger.verify().findings == ()


def test_what_two_persons_decide_nobody_applies_alone(office: Office) -> None:
    with pytest.raises(Refused) as caught:
        office.apply(OTHER)
    assert caught.value.code == "approval_needed"
    # Turning it off is a change of rules, too; doing nothing is none.
    with pytest.raises(Refused):
        office.apply("[organisation]\napprovals = []\n")
    assert len(office.apply(CARD)) == 0
    proposed(office, "[organisation]\napprovals = ['seals']\n")
    desk(office).approve("P1", by="bob")
    desk(office).apply("P1", by="ann")
    assert len(office.apply(OTHER)) == 1


@pytest.mark.parametrize("name", ["ann", "Ann", " ANN ", "ａｎｎ"])
def test_nobody_approves_what_they_proposed(office: Office, name: str) -> None:
    proposed(office)
    with pytest.raises(Refused) as caught:
        desk(office).approve("P1", by=name)
    assert caught.value.code == "own_proposal"
    assert desk(office)["P1"].state == "opened"


def test_steps_that_do_not_follow_are_refused_with_what_may(office: Office) -> None:
    proposed(office)
    with pytest.raises(Refused, match="it is opened: it cannot be applied") as caught:
        desk(office).apply("P1", by="bob")
    assert caught.value.hint == "it can be commented, approved, rejected, withdrawn"
    with pytest.raises(Refused) as caught:
        desk(office).withdraw("P1", by="bob", reason="no")
    assert caught.value.code == "not_own"
    desk(office).reject("P1", by="bob", reason="not now")
    assert [comment.text for comment in desk(office)["P1"].comments] == ["not now"]
    for step in (
        lambda: desk(office).comment("P1", "why?", by="ann"),
        lambda: desk(office).approve("P1", by="cid"),
        lambda: desk(office).withdraw("P1", by="ann", reason="so be it"),
    ):
        with pytest.raises(Refused) as caught:
            step()
        assert (caught.value.code, caught.value.hint) == ("wrong_step", "nothing more can be done about it")
    proposed(office)
    assert desk(office).withdraw("P2", by="ann", reason="thought again").state == "withdrawn"
    with pytest.raises(NotFound, match="there are P1, P2"):
        desk(office)["P3"]
    with pytest.raises(InvalidInput):
        proposed(office, by="")


def test_what_would_do_something_else_than_was_proposed_is_refused(office: Office) -> None:
    proposed(office, "[organisation]\nrestatement = 'forwarding'\n", by="cid")
    proposed(office)
    proposed(office, CARD.replace("1000", "1200"))
    for name in ("P1", "P2", "P3"):
        desk(office).approve(name, by="bob")
    # Another rule that does not touch it does not stand in the way.
    desk(office).apply("P1", by="hr")
    desk(office).apply("P2", by="hr")
    with pytest.raises(Conflict, match="the rules moved under scorecard sales_rep") as caught:
        desk(office).apply("P3", by="hr")
    assert caught.value.code == "proposal_stale"
    assert "propose anew" in str(caught.value.hint)
    assert (weights(office), desk(office)["P3"].state) == ([70, 30], "approved")
    proposed(office, CARD)
    office.ledger.adopt([], "hr", "nothing")
    with pytest.raises(Conflict) as caught:
        proposed(office, OTHER)
    assert caught.value.code == "nothing_to_propose"


def test_definitions_are_those_that_were_looked_at_whatever_is_installed_later(office: Office) -> None:
    losses = indicator("sales.churn", REVENUE.measure)
    office.book = BOOK.merged(type(BOOK)({"sales.churn": losses}))
    other = CARD.replace("sales.win_rate", "sales.churn").replace('target = "0.5"', 'target = "5"')
    proposed(office, other)
    desk(office).approve("P1", by="bob")
    office.book = BOOK  # the plugin is gone
    applied = desk(office).apply("P1", by="hr")
    assert [rule.record.name for rule in applied] == ["sales.churn", "sales_rep"]
    assert office.world.adopted["sales.churn"] == losses


def test_a_date_given_with_the_proposal_is_its_date(office: Office) -> None:
    proposed(office, effective="2017-04-01")
    with pytest.raises(InvalidInput):
        proposed(office, effective="soon")
    desk(office).approve("P1", by="bob")
    [rule] = desk(office).apply("P1", by="hr")
    assert rule.record.effective == "2017-04-01"


def test_sealing_needs_two_where_it_is_said_so(office: Office) -> None:
    evaluation = evaluate(office.world, "sales_rep", "2017-Q1")
    desk(office).open(act_of(office.world, evaluation), by="ann", reason="the quarter is over")
    desk(office).approve("P1", by="bob")
    sealed = desk(office).apply("P1", by="hr")
    assert (sealed.evaluation, sealed.by) == (evaluation.id, "ann")
    assert office.ledger.find_seal(evaluation.id) is not None
    with pytest.raises(Conflict, match="sealed already"):
        desk(office).open(act_of(office.world, evaluation.id), by="ann", reason="again")
    assert office.ledger.verify().findings == ()


def test_the_setting_is_read_word_by_word(office: Office) -> None:
    for wrong in ("'weights'", "['weight']", "[1]"):
        with pytest.raises(InvalidDefinition, match="approvals"):
            office.apply(f"[organisation]\napprovals = {wrong}\n")


def test_without_the_setting_a_change_may_be_proposed_and_need_not(tmp_path: Path) -> None:
    office = Office(tmp_path / "..", name=f"{tmp_path.name}.db")
    try:
        office.apply(CARD)
        proposed(office)
        path = office.folder / "proposed.toml"
        apply(office.ledger, plan(office.world, path), "hr", "why wait", comments=["asked nobody"])
        assert office.world.rules[-1].comments == ("asked nobody",)
        with pytest.raises(Conflict, match="in force already"):
            desk(office).approve("P1", by="bob")
    finally:
        office.close()


STRATEGY = """\
[change]
id = "to_quality"
scorecard = "sales_rep"
effective = 2017-04-01
why = "volume is there"
rest = "proportional"
[[line]]
indicator = "sales.win_rate"
weight = "70"
"""


def test_a_strategy_change_is_approved_with_the_card_that_comes_of_it(office: Office) -> None:
    proposed(office, STRATEGY)
    desk(office).approve("P1", by="bob")
    applied = desk(office).apply("P1", by="hr")
    assert [rule.record.kind for rule in applied] == ["strategy_change", "scorecard"]
    assert weights(office) == [30, 70]


def test_a_strategy_change_whose_card_moved_meanwhile_is_planned_anew(office: Office) -> None:
    proposed(office, STRATEGY, effective="2017-05-01")
    desk(office).approve("P1", by="bob")
    path = office.folder / "other.toml"
    path.write_text(CARD.replace('target = "1000"', 'target = "1100"'), "utf-8")
    act = act_of(office.world, plan(office.world, path), None)
    desk(office).open(act, by="cid", reason="other target")
    desk(office).approve("P2", by="bob")
    desk(office).apply("P2", by="hr")
    with pytest.raises(Conflict):
        desk(office).apply("P1", by="hr")


def test_targets_are_proposed_like_cards(office: Office) -> None:
    text = '[[target]]\nindicator = "sales.win_rate"\nsubject = "ann"\nperiod = "2017-Q1"\nvalue = "0.6"\n'
    path = office.folder / "targets.toml"
    path.write_text(text, "utf-8")
    change = plan(office.world, path)
    with pytest.raises(Refused, match="two persons"):
        apply(office.ledger, change, "hr", "r")
    proposed(office, text)
    desk(office).approve("P1", by="bob")
    assert [rule.record.kind for rule in desk(office).apply("P1", by="hr")] == ["target"]


def test_changes_of_strategy_targets_and_awards_are_proposed_like_cards(office: Office) -> None:
    change = (
        '[change]\nid = "profit"\nscorecard = "sales_rep"\neffective = 2017-04-01\nwhy = "profit first"\n'
        'rest = "proportional"\n[[line]]\nindicator = "sales.win_rate"\nweight = "55"\n'
    )
    targets = '[[target]]\nindicator = "sales.revenue_won"\nsubject = "ann"\nperiod = "2017-Q2"\nvalue = "900"\n'
    award = '[award]\nid = "career"\nkind = "eligibility"\ntitle = "x"\nscorecards = ["sales_rep"]\neffective = 2017-01-01\n'
    for number, content in enumerate((change, targets, award), 1):
        proposed(office, content)
        desk(office).approve(f"P{number}", by="bob")
    names = [sorted(rule.record.kind for rule in desk(office).apply(f"P{number}", by="hr")) for number in (1, 2, 3)]
    assert names == [["scorecard", "strategy_change"], ["target"], ["award"]]
    assert weights(office) == [45, 55]
    assert office.ledger.verify().findings == ()


def test_what_only_plugins_know_holds_up_no_proposal(tmp_path: Path) -> None:
    # The example names a fact type that nothing on the card is measured by; the goal an indicator that is on no card.
    lost = Example("what is lost brings nothing", {"deal_lost": 1}, "0")
    office = Office(
        tmp_path, BOOK.merged(type(BOOK)({"sales.gained": indicator("sales.gained", REVENUE.measure, examples=[lost])}))
    )
    head, line, _ = CARD.split("[[line]]")
    card = head + "[[line]]" + line.replace("sales.revenue_won", "sales.gained").replace('"60"', '"100"')
    goal = '[cascade]\nid = "plan"\ntitle = "plan"\nperiod = "2017"\n[[goal]]\nid = "won"\nindicator = "sales.win_rate"\nvalue = "0.5"\n'
    for number, content in enumerate((card, card.replace('"1000"', '"1100"'), goal), 1):
        proposed(office, content)
        desk(office).approve(f"P{number}", by="bob")
        desk(office).apply(f"P{number}", by="ann")
    assert "deal_lost" not in office.world.adopted
    assert [rule.kind for rule in office.world.rules][-2:] == ["cascade", "target"]
    office.close()
