"""Strategy changes: part of the weights with the rest said, triggers by date and by condition, all through plan and apply."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.algebra.builders import count, growth, total
from kpicore.definitions.algebra.measures import PRIOR
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.card_checks import check_card
from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.definitions.codec import from_document, to_document
from kpicore.definitions.plans.strategy import ChangedLine, StrategyChange, changed_card
from kpicore.errors import InvalidDefinition, KpicoreError, NotFound, Refused
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import replay
from kpicore.governance.apply import apply
from kpicore.governance.plan import plan
from kpicore.governance.triggers import look
from tests.rulebook import BOOK, Office, indicator

NAMES = ("sales_revenue", "new_customers", "training", "gross_margin", "repeat")
GROWTH = indicator("sales.growth", growth(total("deal_won", "amount"), PRIOR), unit="percent")
OWN = BOOK.merged(Definitions.of([*(indicator(f"sales.{name}", count("deal_won")) for name in NAMES), GROWTH]))

#: Scale: revenue 60, and 40 points for two others.
SCALE = """\
[scorecard]
id = "rep"
title = "Rep"
role = "sales"
business_stage = "growth"
period = "quarter"
effective = 2017-01-01
[[line]]
indicator = "sales.sales_revenue"
weight = "60"
target = "2"
why = "scale"
[[line]]
indicator = "sales.new_customers"
weight = "25"
target = "1"
[[line]]
indicator = "sales.training"
weight = "15"
target = "1"
"""

#: From scale to profit: 40 points are unnamed before, 20 after.
PROFIT = """\
[change]
id = "to_profit"
scorecard = "rep"
effective = 2017-04-01
why = "profit first"
business_stage = "profit_first"
{rest}
[[line]]
indicator = "sales.sales_revenue"
remove = true
[[line]]
indicator = "sales.gross_margin"
weight = "50"
target = "1"
[[line]]
indicator = "sales.repeat"
weight = "30"
target = "1"
"""
REST = 'rest = "proportional"'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, OWN)
    yield office
    office.close()


def file(office: Office, text: str, name: str = "change.toml") -> Path:
    path = office.folder / name
    path.write_text(text, "utf-8")
    return path


def weights(office: Office, day: str) -> dict[str, Decimal]:
    world = office.world
    card = world.scorecard("rep", world.calendar.instant(day)).card
    return {line.indicator.removeprefix("sales."): line.weight for line in card.lines}


def test_from_scale_to_profit_is_refused_until_the_rest_is_said(office: Office) -> None:
    office.apply(SCALE)
    with pytest.raises(Refused, match="40 points are unnamed before and 20 after") as caught:
        plan(office.world, file(office, PROFIT.format(rest="")))
    assert caught.value.code == "weights_unnamed"
    change = plan(office.world, file(office, PROFIT.format(rest=REST)))
    assert [(item.kind, item.name, item.status) for item in change.documents] == [
        ("strategy_change", "to_profit", "added"),
        ("scorecard", "rep", "changed"),
    ]
    said = [str(item) for item in change.documents[1].differences]
    assert "sales.new_customers: weight 25 → 12.5" in said
    assert "business_stage growth → profit_first" in said
    applied = apply(office.ledger, change, "ceo", "the board's decision")
    assert [rule.record.kind for rule in applied][-2:] == ["strategy_change", "scorecard"]
    assert weights(office, "2017-03-31")["sales_revenue"] == 60
    # 25 × 20/40 and 15 × 20/40.
    assert weights(office, "2017-04-01") == {
        "new_customers": Decimal("12.5"),
        "training": Decimal("7.5"),
        "gross_margin": Decimal(50),
        "repeat": Decimal(30),
    }
    assert sum(weights(office, "2017-04-01").values()) == 100
    # The same again changes nothing, and is not halved twice.
    assert plan(office.world, file(office, PROFIT.format(rest=REST))).empty


def test_another_version_of_a_change_begins_where_the_first_began(office: Office) -> None:
    office.apply(SCALE)
    apply(office.ledger, plan(office.world, file(office, PROFIT.format(rest=REST))), "ceo", "first")
    locked = PROFIT.format(rest=REST + '\nlocked = ["sales.training"]').replace('"50"', '"45"')
    apply(office.ledger, plan(office.world, file(office, locked)), "ceo", "second")
    # 100 − 45 − 30 − 15 = 10 for the line that weighed 25.
    assert weights(office, "2017-04-01") == {
        "new_customers": Decimal(10),
        "training": Decimal(15),
        "gross_margin": Decimal(45),
        "repeat": Decimal(30),
    }


def test_another_date_takes_the_card_of_that_date(office: Office) -> None:
    office.apply(SCALE)
    office.apply(SCALE.replace('"25"', '"30"').replace('"15"', '"10"'), effective="2017-07-01")
    change = plan(office.world, file(office, PROFIT.format(rest=REST)))
    apply(office.ledger, change, "ceo", "later", "2017-07-01")
    assert weights(office, "2017-04-01")["sales_revenue"] == 60
    assert weights(office, "2017-07-01")["new_customers"] == 15  # 30 × 20/40


def test_parts_that_are_not_named_stay_as_they_are(office: Office) -> None:
    office.apply(SCALE)
    text = '[change]\nid = "c"\nscorecard = "rep"\neffective = 2017-04-01\nwhy = "w"\n[[line]]\nindicator = "sales.training"\n'
    with pytest.raises(Refused, match="100 points are unnamed before and 100 after"):
        plan(office.world, file(office, text + 'target = "3"\n'))
    kept = text.replace('why = "w"', 'why = "w"\n' + REST) + 'target = "3"\ncap = "2"\n'
    apply(office.ledger, plan(office.world, file(office, kept)), "hr", "r")
    line = office.world.scorecard("rep", office.world.calendar.instant("2017-04-01")).card.lines[2]
    assert (line.target, line.cap, line.weight, line.why) == (3, 2, 15, None)


TRIGGER = """\
[change]
id = "to_profit"
scorecard = "rep"
why = "growth is over"
rest = "proportional"
[[line]]
indicator = "sales.sales_revenue"
weight = "20"
[trigger]
indicator = "sales.growth"
below = "0.10"
periods = 2
period = "quarter"
"""


def grown(office: Office, *amounts: int) -> None:
    """Revenue of the quarters from 2016-Q1 on."""
    for n, amount in enumerate(amounts):
        year, quarter = divmod(n, 4)
        office.won((f"d{n}", "ann", amount), day=f"{2016 + year}-{quarter * 3 + 2:02}-01")


def test_two_quarters_below_ten_percent_propose_the_change(office: Office) -> None:
    office.apply(SCALE)
    # 1000, 1200 (+20 %), 1260 (+5 %), 1323 (+5 %).
    grown(office, 1000, 1200, 1260, 1323)
    change = plan(office.world, file(office, TRIGGER))
    assert [(item.kind, item.status) for item in change.documents] == [("trigger", "added")]
    assert "trigger — → sales.growth of company below 0.1 for 2 quarters" in [
        str(item) for item in change.documents[0].differences
    ]
    apply(office.ledger, change, "ceo", "stands by")
    assert weights(office, "2017-01-01")["sales_revenue"] == 60

    # The ledger's clock stands in 2027: what is known is known; the caller says as of when.
    world = office.world
    early = look(
        world.derive(cut=office.ledger.at(world.cut.facts, world.cut.rules, world.calendar.instant("2016-12-31")))
    )
    assert [one.state for one in early] == ["waiting"]
    assert [(piece["period"], piece["met"]) for piece in early[0].evidence] == [("2016-Q2", False), ("2016-Q3", True)]
    cut = office.ledger.at(world.cut.facts, world.cut.rules, world.calendar.instant("2017-01-05"))
    [met] = look(world.derive(cut=cut))
    assert met.state == "met"
    assert [(piece["period"], piece["value"]) for piece in met.evidence] == [("2016-Q3", "0.05"), ("2016-Q4", "0.05")]
    assert met.change is not None
    assert met.change.effective == "2017-04-01"
    assert met.proposal is not None
    # It proposes; nothing is applied by itself.
    assert weights(office, "2017-04-01")["sales_revenue"] == 60

    proposal = file(office, met.proposal, "proposal.toml")
    change = plan(office.world, proposal)
    applied = apply(office.ledger, change, "ceo", "as agreed")
    # 25 × 80/40 and 15 × 80/40.
    assert weights(office, "2017-04-01") == {"sales_revenue": 20, "new_customers": 50, "training": 30}
    [record] = [rule.record for rule in applied if rule.record.kind == "strategy_change"]
    fired = record.document["fired"]
    assert (fired["trigger"], fired["as_of"]) == ("to_profit", "2017-01-05T00:00:00.000000Z")
    assert [piece["value"] for piece in fired["evidence"]] == ["0.05", "0.05"]
    assert [one.state for one in look(office.world)] == ["applied"]
    found = evaluate(office.world, "rep", "2017-Q2")
    assert replay(office.world, found.id).identical


def test_the_difference_names_the_strategy_change_and_what_met_its_trigger(office: Office) -> None:
    office.apply(SCALE)
    grown(office, 1000, 1200, 1260, 1323, 1000, 1000)
    before = evaluate(office.world, "rep", "2017-Q2")
    apply(office.ledger, plan(office.world, file(office, TRIGGER)), "ceo", "stands by")
    cut = office.world.cut
    cut = office.ledger.at(cut.facts, cut.rules, office.world.calendar.instant("2017-01-05"))
    [met] = look(office.world.derive(cut=cut))
    apply(office.ledger, plan(office.world, file(office, met.proposal or "", "proposal.toml")), "ceo", "as agreed")
    after = evaluate(office.world, "rep", "2017-Q2")
    causes = explain(office.world, before.id, after.id).to_document()["subjects"][0]["causes"]
    [evidence] = next(cause for cause in causes if cause["cause"] == "weights")["evidence"]
    assert (evidence["reason"], evidence["strategy_change"]["id"], evidence["strategy_change"]["why"]) == (
        "as agreed",
        "to_profit",
        "growth is over",
    )
    seen = evidence["strategy_change"]["triggered"]
    assert (seen["trigger"], [piece["period"] for piece in seen["evidence"]]) == ("to_profit", ["2016-Q3", "2016-Q4"])


def test_a_proposal_that_its_trigger_does_not_bear_out_is_refused(office: Office) -> None:
    office.apply(SCALE)
    grown(office, 1000, 1200, 1260, 1400)  # the last quarter grew by 11 %
    apply(office.ledger, plan(office.world, file(office, TRIGGER)), "ceo", "stands by")
    cut = office.world.cut
    text = f'[triggered]\ntrigger = "to_profit"\nfacts_cut = {cut.facts}\nrules_cut = {cut.rules}\nas_of = "2017-01-05T00:00:00Z"\n'
    with pytest.raises(Refused, match=r"was not met: sales\.growth of company below") as caught:
        plan(office.world, file(office, text))
    assert caught.value.code == "not_triggered"
    with pytest.raises(NotFound, match="no trigger 'to_proft'"):
        plan(office.world, file(office, text.replace("to_profit", "to_proft")))


def test_a_date_proposes_the_change(office: Office) -> None:
    office.apply(SCALE)
    grown(office, 1000)
    on = TRIGGER[: TRIGGER.index("[trigger]")] + "[trigger]\non = 2017-06-01\n"
    apply(office.ledger, plan(office.world, file(office, on)), "ceo", "stands by")
    world = office.world
    states = []
    for day in ("2017-05-31", "2017-06-01"):
        cut = office.ledger.at(world.cut.facts, world.cut.rules, world.calendar.instant(day))
        [found] = look(world.derive(cut=cut))
        states.append((found.state, None if found.change is None else found.change.effective))
    assert states == [("waiting", None), ("met", "2017-07-01")]


@pytest.mark.parametrize(
    ("old", "new", "error", "said"),
    [
        ('scorecard = "rep"', 'scorecard = "reps"', NotFound, "no scorecard 'reps' is in force"),
        ("2017-04-01", "2016-04-01", NotFound, r"is in force on 2016-04-01 \(it counts from a later date"),
        ("effective = 2017-04-01\n", "", InvalidDefinition, "effective is missing"),
        ('why = "profit first"\n', "", InvalidDefinition, "why is missing"),
        ('"sales.sales_revenue"', '"sales.revenues"', InvalidDefinition, "sales.revenues is not on scorecard rep"),
        ('weight = "50"\n', "", InvalidDefinition, "is new on scorecard rep and has no weight"),
        ("remove = true", 'remove = true\nweight = "3"', InvalidDefinition, "has nothing else to say"),
        ("remove = true", 'remove = "yes"', InvalidDefinition, "remove must be true or false"),
        ('"sales.repeat"', '"sales.gross_margin"', InvalidDefinition, "is there twice"),
        ('"50"', '"90"', InvalidDefinition, "sum to 120"),
        (REST, 'rest = "evenly"', InvalidDefinition, "rest cannot be"),
        (REST, REST + "\n[trigger]", InvalidDefinition, "a date or a condition"),
        (REST, REST + '\n[trigger]\nindicator = "sales.growth"', InvalidDefinition, "either below or above"),
        (REST, REST + "\n[trigger]\non = 2017-05-01\nperiods = 2", InvalidDefinition, "a date needs nothing else"),
        (REST, REST + '\n[trigger]\nindicator = "sales.grow"\nbelow = 1', NotFound, "no indicator 'sales.grow'"),
        (
            REST,
            REST + '\n[trigger]\nindicator = "sales.growth"\nbelow = 1\nlevel = "team"',
            InvalidDefinition,
            "has a subject",
        ),
    ],
)
def test_what_does_not_do_is_refused(office: Office, old: str, new: str, error: type[KpicoreError], said: str) -> None:
    office.apply(SCALE)
    with pytest.raises(error, match=said):
        plan(office.world, file(office, PROFIT.format(rest=REST).replace(old, new, 1)))


@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=6),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 30), st.booleans()), min_size=1, max_size=3),
    st.sets(st.integers(0, 5), max_size=2),
)
def test_weights_sum_to_100_after_every_change_that_is_taken(
    parts: list[int], moves: list[tuple[int, int, bool]], locked: set[int]
) -> None:
    whole = sum(parts)
    weights = [Decimal(part * 100 // whole) for part in parts]
    weights[0] += 100 - sum(weights)
    lines = [Line(f"sales.i{n}", weight, Decimal(1)) for n, weight in enumerate(weights)]
    card = Scorecard("rep", {"en": "r", "zh-Hant": "r"}, "sales", "quarter", "2017-01-01", lines)
    named = {n: ChangedLine(Line(f"sales.i{n}", Decimal(w), Decimal(1)), ("weight",), gone) for n, w, gone in moves}
    change = StrategyChange(
        "c",
        scorecard="rep",
        lines=named.values(),
        why="w",
        effective="2017-04-01",
        rest="proportional",
        locked=[f"sales.i{n}" for n in locked if n < len(lines) and n not in named],
    )
    try:
        after = changed_card(card, change)
    except (Refused, InvalidDefinition):
        return
    if any(n not in named and f"sales.i{n}" not in change.locked for n in range(len(lines))):
        check_card(after)
        assert sum(line.weight for line in after.lines) == 100
    assert [line.indicator for line in after.lines if line.indicator in change.locked] == [
        line.indicator for line in lines if line.indicator in change.locked
    ]
    assert from_document(to_document(change)) == change
