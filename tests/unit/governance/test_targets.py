"""Targets of their own: read from TOML and CSV, planned, recorded, in force by date and then by recording."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.cards.weights import Weights
from kpicore.errors import InvalidDefinition, KpicoreError, NotFound, Refused
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import replay, seal
from kpicore.evaluation.history.rescore import rescore
from kpicore.governance.apply import apply
from kpicore.governance.plan import plan
from kpicore.reports.report.reading import Reading
from kpicore.reports.report.report import report
from kpicore.reports.report.rules import rules
from tests.rulebook import CARD, Office

HEAD = "level,subject,indicator,period,value,effective,volume,why\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def busy(office: Office) -> Office:
    """Ann won 900 and Bob 800 of 1,000 in the first quarter; Ann won 2 of 3, Bob 1 of 1."""
    office.apply(CARD)
    office.won(("d1", "ann", 600), ("d2", "ann", 300), ("d3", "bob", 800))
    office.lost(("d4", "ann"))
    return office


def table(office: Office, *rows: str, name: str = "targets.csv") -> Path:
    path = office.folder / name
    path.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    return path


def recorded(office: Office, *rows: str) -> object:
    return apply(office.ledger, plan(office.world, table(office, *rows)), "hr", "agreed")


def totals(office: Office, period: str = "2017-Q1") -> dict[str | None, Decimal | None]:
    scored = evaluate(office.world, "sales_rep", period).scored
    return dict(zip(scored.subjects, scored.totals.decimals(), strict=True))


def targets(office: Office, subject: str, period: str = "2017-Q1") -> str | None:
    found = evaluate(office.world, "sales_rep", period).to_document()["subjects"]
    return next(one["lines"][0]["target"] for one in found if one["subject"] == subject)


def test_a_recorded_target_goes_before_the_cards(busy: Office) -> None:
    # 60 × 900/1000 + 40 × min((2/3)/0.5, none) = 54 + 53.333…; with 1,200 the first line is 60 × 0.75 = 45.
    assert totals(busy)["ann"] == Decimal("107.33333332")
    recorded(busy, "person,ann,sales.revenue_won,2017-Q1,1200,,,grown region")
    assert (targets(busy, "ann"), targets(busy, "bob")) == ("1200", "1000")
    assert totals(busy)["ann"] == Decimal("98.33333332")
    [record] = [record for record in busy.world.rules if record.kind == "target"]
    assert (record.name, record.effective, record.by) == (
        "sales.revenue_won · person “ann” · 2017-Q1",
        "2017-01-01",
        "hr",
    )


def test_what_is_said_of_fewer_goes_first_and_of_equals_the_recorded_one(office: Office) -> None:
    office.apply(CARD + '[[target]]\nindicator = "sales.revenue_won"\nsubject = "ann"\nvalue = "1500"\n')
    office.won(("d1", "ann", 600), ("d2", "bob", 300))
    recorded(office, "person,,sales.revenue_won,,2000,2017-01-01,,")
    assert (targets(office, "ann"), targets(office, "bob")) == ("1500", "2000")
    recorded(office, "person,ann,sales.revenue_won,,1600,2017-01-01,,", "person,,sales.revenue_won,2017-Q1,2500,,,")
    assert (targets(office, "ann"), targets(office, "bob")) == ("1600", "2500")


def test_in_force_is_the_greatest_date_then_what_was_recorded_last(busy: Office) -> None:
    recorded(busy, "person,ann,sales.revenue_won,,1200,2017-04-01,,")
    recorded(busy, "person,ann,sales.revenue_won,,1100,2017-01-01,,")
    busy.won(("d5", "ann", 1), day="2017-05-01")
    assert (targets(busy, "ann"), targets(busy, "ann", "2017-Q2")) == ("1100", "1200")
    recorded(busy, "person,ann,sales.revenue_won,,1300,2017-04-01,,")
    assert targets(busy, "ann", "2017-Q2") == "1300"
    recorded(busy, "person,ann,sales.revenue_won,,withdrawn,2017-04-01,,")
    assert targets(busy, "ann", "2017-Q2") == "1000"


def test_a_target_that_changes_inside_a_period_splits_it_for_whose_target_it_is(busy: Office) -> None:
    recorded(busy, "person,ann,sales.revenue_won,,1200,2017-02-10,,")
    found = {one["subject"]: one for one in evaluate(busy.world, "sales_rep", "2017-Q1").to_document()["subjects"]}
    # 40 of 90 days with 1,000, then 50 with 1,200.
    assert [part["lines"][0]["target"] for part in found["ann"]["segments"]] == ["444.444444444444", "666.666666666667"]
    assert all("segments" not in found[name] for name in found if name != "ann")
    busy.apply(CARD.replace("period =", 'mid_period = "whole"\nperiod ='))
    with pytest.raises(Refused, match="has targets that change on 2017-02-10"):
        evaluate(busy.world, "sales_rep", "2017-Q1")
    book = busy.world.target_book
    bounds = busy.world.calendar.bounds(busy.world.calendar.period("2017-Q1"))
    assert book.changes("person", ["sales.revenue_won"], bounds) == (1_486_684_800_000_000,)  # 2017-02-10 in UTC
    assert book.changes("person", ["sales.win_rate"], bounds) == ()
    assert book.changes("team", ["sales.revenue_won"], bounds) == ()


def test_sealed_scores_replay_and_the_difference_names_the_target(busy: Office) -> None:
    sealed = seal(busy.world, evaluate(busy.world, "sales_rep", "2017-Q1"), "hr")
    recorded(busy, "person,ann,sales.revenue_won,2017-Q1,1200,,,grown region")
    now = evaluate(busy.world, "sales_rep", "2017-Q1")
    assert replay(busy.world, sealed.id).identical
    assert replay(busy.world, now.id).identical
    document = explain(busy.world, sealed.id, now.id, "ann").to_document()
    [cause] = document["subjects"][0]["causes"]
    assert (cause["cause"], cause["indicator"], cause["points"]) == ("targets", "sales.revenue_won", "-9")
    [evidence] = cause["evidence"]
    assert (evidence["kind"], evidence["target"], evidence["why"]) == ("target", "1200", "grown region")
    assert (evidence["by"], evidence["reason"]) == ("hr", "agreed")
    rules = explain(busy.world, now.id, subject="ann").to_document()["subjects"][0]["lines"][0]["target_rules"]
    assert [rule["target"] for rule in rules] == ["1000", "1200"]
    again = seal(busy.world, now, "hr")
    assert rescore(busy.world, again.id, weights=None, scorecard=now.card).evaluation.scored.totals.decimals() == (
        now.scored.totals.decimals()
    )


def test_an_explanation_names_the_rules_of_the_one_it_explains_that_count_by_then(busy: Office) -> None:
    given = '[[target]]\nindicator = "sales.revenue_won"\nsubject = "{}"\nvalue = "{}"\n'
    busy.apply(CARD + given.format("bob", 700) + given.format("zoe", 600), reason="targets")
    busy.apply(CARD.replace('"60"', '"50"').replace('"40"', '"50"'), effective="2017-07-01", reason="later")
    others = [f"person,x{n},sales.revenue_won,2017-Q1,{n + 1},,," for n in range(9)]
    recorded(
        busy, "person,ann,sales.revenue_won,2017-Q1,1200,,,", *others, "person,ann,sales.revenue_won,,9,2017-04-01,,"
    )
    now = evaluate(busy.world, "sales_rep", "2017-Q1")
    subjects = {one["subject"]: one for one in explain(busy.world, now.id).to_document()["subjects"]}
    ann, bob = (subjects[name]["lines"][0] for name in ("ann", "bob"))
    assert [rule["weight"] for rule in ann["weight_rules"]] == ["60"]
    assert [rule["target"] for rule in ann["target_rules"]] == ["1000", "1200"]
    own = {"subject": "bob", "period": None, "value": "700"}
    assert [rule["target"] for rule in bob["target_rules"]] == ["1000", {"all": "1000", "targets": [own]}]
    # The report of everyone has all of them, that of one person only theirs.
    team = report(busy.world, now)
    said = [str(row) for row in rules(Reading(team, "en"), team.document["subjects"])]
    assert not any("x3" in row for row in said)
    assert any("ann" in row and "1,200" in row for row in said)
    assert any("bob" in row and "700" in row for row in said)


def test_a_hypothetical_card_may_say_other_targets_than_the_recorded_ones(busy: Office) -> None:
    recorded(busy, "person,ann,sales.revenue_won,2017-Q1,1200,,,", "person,bob,sales.revenue_won,2017-Q1,900,,,")
    sealed = seal(busy.world, evaluate(busy.world, "sales_rep", "2017-Q1"), "hr")
    own = '[[target]]\nindicator = "sales.revenue_won"\nsubject = "{}"\nperiod = "2017-Q1"\nvalue = "1500"\n'
    other = read_card(CARD + own.format("ann") + own.format("zoe"))
    assert isinstance(other, Scorecard)
    revised = rescore(busy.world, sealed.id, scorecard=other)
    found = {one["subject"]: one["lines"][0]["target"] for one in revised.evaluation.to_document()["subjects"]}
    assert found == {"ann": "1500", "bob": "900"}
    assert replay(busy.world, revised.id).identical
    # 60 × (900/1500 − 900/1200) = −9.
    [ann] = [one for one in revised.comparison.to_document()["subjects"] if one["subject"] == "ann"]
    assert [(cause["cause"], cause["points"]) for cause in ann["causes"]] == [("targets", "-9")]
    # The same card under other weights keeps the recorded targets.
    weighed = rescore(busy.world, sealed.id, weights=Weights({"sales.win_rate": 50}, "proportional"))
    assert weighed.evaluation.to_document()["subjects"][0]["lines"][0]["target"] == "1200"


def test_plan_compares_and_shows_who_would_move(busy: Office) -> None:
    path = table(busy, "person,ann,sales.revenue_won,2017-Q1,1200,,,", "person,bob,sales.revenue_won,2017-Q1,1000,,,")
    seal(busy.world, evaluate(busy.world, "sales_rep", "2017-Q1"), "hr")
    change = plan(busy.world, path)
    assert [document.status for document in change.documents] == ["added", "added"]
    [move] = change.moves
    [ann] = move.subjects
    assert (ann.subject, ann.difference, move.unmoved) == ("ann", Decimal(-9), 1)
    apply(busy.ledger, change, "hr", "agreed")
    assert plan(busy.world, path).empty
    other = table(busy, "person,ann,sales.revenue_won,2017-Q1,1250,,,")
    [document] = plan(busy.world, other).documents
    assert [str(item) for item in document.differences] == ["sales.revenue_won: value 1200 → 1250"]
    applied = apply(busy.ledger, plan(busy.world, other), "hr", "later", "2017-02-01")
    assert [rule.record.effective for rule in applied] == ["2017-02-01"]


def test_toml_and_csv_say_the_same(office: Office) -> None:
    text = (
        '[[target]]\nlevel = "team"\nsubject = "north"\nindicator = "sales.win_rate"\nperiod = "2017-Q1"\n'
        'value = "0.6"\nvolume = 40\n'
    )
    toml = office.folder / "t.toml"
    toml.write_text(text, "utf-8")
    row = table(office, "team,north,sales.win_rate,2017-Q1,0.6,,40,")
    one, two = (plan(office.world, path).documents[0].rule for path in (toml, row))
    assert one == two
    assert (one.effective, one.volume) == ("2017-01-01", Decimal(40))
    with pytest.raises(InvalidDefinition, match=r"the target .*team “north”.* of 2017-01-01 is in") as caught:
        plan(office.world, [toml, row])
    assert caught.value.code == "duplicate_rule"


def test_a_card_without_targets_is_held_by_recorded_ones(office: Office) -> None:
    bare = CARD.replace('target = "1000"\n', "")
    path = office.folder / "card.toml"
    path.write_text(bare, "utf-8")
    with pytest.raises(InvalidDefinition, match="no target"):
        plan(office.world, path)
    both = [path, table(office, "person,,sales.revenue_won,,900,2017-01-01,,")]
    apply(office.ledger, plan(office.world, both), "hr", "start")
    office.won(("d1", "ann", 900))
    assert targets(office, "ann") == "900"
    assert not [change for change in plan(office.world, path).documents if change.status != "unchanged"]


def test_targets_of_teams_and_of_the_company_stay_with_them(office: Office) -> None:
    text = (
        '[[target]]\nlevel = "team"\nsubject = "north"\nindicator = "sales.revenue_won"\nvalue = "5000"\n'
        '[[target]]\nlevel = "company"\nindicator = "sales.revenue_won"\nperiod = "2017"\nvalue = "90000"\n'
    )
    office.apply(CARD + text)
    office.won(("d1", "ann", 900))
    assert targets(office, "ann") == "1000"
    known = office.world.targets
    assert known.get(("sales.revenue_won", "team", "north", "2017-Q1")) == 5000
    assert known.get(("sales.revenue_won", "team", "south", "2017-Q1")) is None
    assert known.get(("sales.revenue_won", "company", None, "2017")) == 90000
    assert known.get(("sales.revenue_won", "company", None, "2017-Q1")) is None
    recorded(office, "company,,sales.revenue_won,2017,95000,,,", "team,,sales.win_rate,,0.4,2017-01-01,,")
    known = office.world.targets
    assert known.get(("sales.revenue_won", "company", None, "2017")) == 95000
    assert known.get(("sales.win_rate", "team", "south", "2017-Q3")) == Decimal("0.4")
    assert known.get(("sales.win_rate", "person", "ann", "2017-Q1")) == Decimal("0.5")


@pytest.mark.parametrize(
    ("row", "error", "code", "said"),
    [
        ("person,ann,sales.revenue_wonn,2017-Q1,5,,,", NotFound, "unknown_indicator", "did you mean"),
        ("persons,ann,sales.revenue_won,2017-Q1,5,,,", InvalidDefinition, "invalid_definition", "did you mean person"),
        ("person,ann,sales.revenue_won,2017-Q5,5,,,", InvalidDefinition, "bad_period", ""),
        ("person,ann,sales.revenue_won,,5,,,", InvalidDefinition, "missing_key", "effective"),
        ("person,ann,sales.revenue_won,,5,1.1.2017,,", InvalidDefinition, "invalid_definition", "effective = 2026"),
        ("person,ann,sales.revenue_won,2017-Q1,,,,", InvalidDefinition, "missing_key", "60000"),
        ("person,ann,sales.revenue_won,2017-Q1,5 %,,,", InvalidDefinition, "invalid_definition", "0.6, not 60 %"),
        ("person,ann,sales.revenue_won,2017-Q1,0,,,", InvalidDefinition, "target_not_positive", "linear"),
        ("company,ann,sales.revenue_won,2017-Q1,5,,,", InvalidDefinition, "invalid_definition", "leave subject out"),
        ("person,ann,sales.win_rate,2017-Q1,0.5,,-1,", InvalidDefinition, "invalid_definition", ""),
        ("person,ann,sales.win_rate,2017-Q1,0.5,,,,,", InvalidDefinition, "invalid_definition", "quote cells"),
        ('person,"ann,sales.win_rate', InvalidDefinition, "not_csv", ""),
    ],
)
def test_rows_that_do_not_do_are_refused_with_their_line(
    office: Office, row: str, error: type[KpicoreError], code: str, said: str
) -> None:
    office.apply(CARD)
    with pytest.raises(error) as caught:
        plan(office.world, table(office, "person,bob,sales.revenue_won,2017-Q1,10,,,", row))
    assert caught.value.code == code
    assert "targets.csv:" in str(caught.value.where)
    assert said in str(caught.value.hint or "")
    assert not [record for record in office.world.rules if record.kind == "target"]


@pytest.mark.parametrize("head", ["indicator,vale\n", "indicator,value,value\n", "indicator\n", ""])
def test_columns_that_do_not_do_are_refused(office: Office, head: str) -> None:
    path = office.folder / "targets.csv"
    path.write_text(head, "utf-8")
    with pytest.raises(InvalidDefinition) as caught:
        plan(office.world, path)
    assert caught.value.code in {"unknown_key", "missing_key"}


def test_a_recorded_target_that_a_card_makes_nothing_of_is_named_until_it_is_taken_back(office: Office) -> None:
    recorded(office, "person,zed,sales.revenue_won,2017-Q1,0,,,")
    with pytest.raises(InvalidDefinition) as caught:
        office.apply(CARD)
    assert caught.value.code == "target_not_positive"
    assert "sales.revenue_won · person “zed” · 2017-Q1" in str(caught.value.where)
    recorded(office, "person,zed,sales.revenue_won,2017-Q1,withdrawn,,,")
    office.apply(CARD)
    office.won(("z1", "zed", 500))
    assert targets(office, "zed") == "1000"
