"""Split periods, every number worked out by hand: joiners, leavers, transfers, changes of rules, newcomers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpicore.definitions.algebra.measures import Ref, Target
from kpicore.definitions.book import Definitions
from kpicore.errors import Refused
from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import recalled, seal
from tests.rulebook import BOOK, CARD, Office, indicator

#: 2017-Q1 has 31 + 28 + 31 = 90 days.
QUARTER = "2017-Q1"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    office.apply(CARD)
    office.assign("ann", "2016-01-01")
    yield office
    office.close()


def subject(evaluation: Evaluation, name: str | None) -> dict[str, Any]:
    [found] = [one for one in evaluation.to_document()["subjects"] if one["subject"] == name]
    return dict(found)


def now(office: Office, name: str | None = "ann", card: str = "sales_rep") -> dict[str, Any]:
    return subject(evaluate(office.world, card, QUARTER), name)


def parts(found: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one[name] for name in names) for one in found["segments"]]


def test_who_is_there_all_the_time_has_no_segments(office: Office) -> None:
    office.won(("d1", "ann", 600))
    evaluation = evaluate(office.world, "sales_rep", QUARTER)
    assert "segments" not in subject(evaluation, "ann")
    assert "days" not in subject(evaluation, "ann")
    assert "segments" not in evaluation.columns
    whole = Office(office.folder, name="whole.db")
    whole.apply(CARD.replace("period =", 'mid_period = "whole"\nperiod ='))
    whole.assign("ann", "2016-01-01")
    whole.won(("d1", "ann", 600))
    assert evaluate(whole.world, "sales_rep", QUARTER).digest == evaluation.digest
    whole.close()


def test_a_joiner_is_scored_on_their_days_with_their_share_of_the_target(office: Office) -> None:
    office.assign("bob", "2017-02-15")
    office.won(("before", "bob", 5000), day="2017-01-20")
    office.won(("d1", "bob", 250), day="2017-02-15")
    office.won(("d2", "bob", 200), day="2017-03-31")
    office.lost(("d3", "bob"), day="2017-03-01")
    found = now(office, "bob")
    # 14 days of February and 31 of March: half of the quarter, so half of the 1,000.
    assert found["days"] == {"eligible": 45, "period": 90}
    assert parts(found, "from", "to", "days", "team") == [("2017-02-15", "2017-04-01", 45, "north")]
    revenue, rate = found["segments"][0]["lines"]
    assert (revenue["target"], revenue["numerator"], revenue["attainment"]) == ("500", "450", "0.9")
    # A rate has its target whole: 2 of 3 deals are won, 0.5 is wanted.
    assert (rate["target"], rate["denominator"], rate["attainment"]) == ("0.5", "3", "1.333333333")
    # 60 × 0.9 + 40 × 1.333333333, rounded to nine places as every total of segments
    assert found["total"] == "107.33333332"
    assert found["lines"] == found["segments"][0]["lines"]


def test_a_leaver_and_who_comes_back(office: Office) -> None:
    office.assign("bob", "2016-01-01", until="2017-02-01")
    office.assign("bob", "2017-03-17")
    office.won(("d1", "bob", 310), day="2017-01-31")
    office.won(("gone", "bob", 9000), day="2017-02-10")
    office.won(("d2", "bob", 75), day="2017-03-17")
    found = now(office, "bob")
    # 31 days, then 15: targets 1000 × 31/90 and 1000 × 15/90.
    assert parts(found, "from", "to", "days") == [("2017-01-01", "2017-02-01", 31), ("2017-03-17", "2017-04-01", 15)]
    assert [one["lines"][0]["target"] for one in found["segments"]] == ["344.444444444444", "166.666666666667"]
    # 310 × 90/31 = 900 and 75 × 90/15 = 450 of 1000: 0.9 and 0.45; both rates are 1 of 0.5.
    assert parts(found, "total") == [("134",), ("107",)]
    # (31 × 134 + 15 × 107) ÷ 46 = 5759/46
    assert found["total"] == "125.195652174"
    assert found["days"] == {"eligible": 46, "period": 90}


def test_a_change_of_team_splits_and_of_territory_does_not(office: Office) -> None:
    office.assign("ann", "2017-01-20", territory="harbour")
    assert "segments" not in now(office)
    office.assign("ann", "2017-03-02", team="south")
    office.won(("d1", "ann", 480), day="2017-02-01")
    office.won(("d2", "ann", 360), day="2017-03-10")
    office.lost(("d3", "ann"), day="2017-03-11")
    found = now(office)
    assert parts(found, "team", "days") == [("north", 60), ("south", 30)]
    # 480 × 90/60 = 720 and 360 × 90/30 = 1080 of 1000; rates 1/1 and 1/2 of 0.5: 43.2 + 80 and 64.8 + 40.
    assert parts(found, "total") == [("123.2",), ("104.8",)]
    # (2 × 123.2 + 104.8) ÷ 3
    assert found["total"] == "117.066666667"
    revenue, rate = found["lines"]
    # The same from the line as from the segments: 840 of 1000, as if nothing had changed.
    assert (revenue["numerator"], revenue["target"], revenue["attainment"]) == ("840", "1000", "0.84")
    # (60 × 2 + 30 × 1) ÷ 90; pooled it is 2 of 3.
    assert (rate["numerator"], rate["denominator"], rate["value"]) == ("2", "3", "0.666666666667")
    assert (rate["weight"], rate["attainment"], rate["target"]) == ("40", "1.666666667", "0.5")


def test_a_change_of_role_ends_the_days_of_one_card_and_begins_those_of_the_other(office: Office) -> None:
    lead = CARD.replace('"sales_rep"', '"team_lead"').replace('role = "sales"', 'role = "lead"')
    office.apply(lead)
    office.assign("ann", "2017-02-15T10:30:00", role="lead")
    # Days belong to what held last on them: the 15th is the new role's.
    assert parts(now(office), "from", "to") == [("2017-01-01", "2017-02-15")]
    assert parts(now(office, card="team_lead"), "from", "to") == [("2017-02-15", "2017-04-01")]


def test_days_are_those_of_the_organisations_zone(office: Office) -> None:
    office.apply("[organisation]\ntimezone = 'Asia/Taipei'\n")
    # In Taipei it is the 16th already.
    office.assign("bob", "2017-02-15T16:00:00")
    office.assign("cid", "2017-02-15T15:59:59")
    assert parts(now(office, "bob"), "from", "days") == [("2017-02-16", 44)]
    assert parts(now(office, "cid"), "from", "days") == [("2017-02-15", 45)]


def test_whoever_has_no_day_is_not_scored(office: Office) -> None:
    office.assign("bob", "2017-02-15T09:00:00")
    office.assign("bob", "2017-02-15T11:00:00", role="lead")
    assert [one["subject"] for one in evaluate(office.world, "sales_rep", QUARTER).to_document()["subjects"]] == ["ann"]


def test_weights_that_change_in_mid_quarter(office: Office) -> None:
    office.apply(CARD.replace('"60"', '"30"').replace('"40"', '"70"'), effective="2017-03-02")
    office.won(("d1", "ann", 600), day="2017-01-10")
    office.won(("d2", "ann", 200), day="2017-03-10")
    office.lost(("d3", "ann"), day="2017-03-11")
    found = now(office)
    assert parts(found, "card", "days") == [("2017-01-01", 60), ("2017-03-02", 30)]
    # 60 × 0.9 + 40 × 2 = 134; 30 × 0.6 + 70 × 1 = 88; (60 × 134 + 30 × 88) ÷ 90 = 356/3.
    assert parts(found, "total") == [("134",), ("88",)]
    assert found["total"] == "118.666666667"
    revenue, rate = found["lines"]
    # Weights by days: (60 × 60 + 30 × 30) ÷ 90 = 50. Attainment: (60·60·0.9 + 30·30·0.6) ÷ (60·60 + 30·30) = 0.84.
    assert (revenue["weight"], revenue["attainment"]) == ("50", "0.84")
    assert (rate["weight"], rate["attainment"]) == ("50", "1.533333333")
    assert "bound" in revenue
    assert revenue["bound"] is None


def test_lines_come_and_go_with_versions(office: Office) -> None:
    other = CARD.replace("sales.win_rate", "sales.losses").replace('target = "0.5"', 'target = "2"')
    office.apply(other, effective="2017-03-02")
    office.won(("d1", "ann", 600), day="2017-01-10")
    office.lost(("d3", "ann"), day="2017-03-11")
    found = now(office)
    # 60 × 0.9 + 40 × 2 in the first 60 days; then nothing won; 1 loss in 30 days is 3 in 90, and 2 − 3/2 = 0.5.
    assert parts(found, "total") == [("134",), ("20",)]
    assert found["total"] == "96"
    lines = {line["indicator"]: (line["weight"], line["points"]) for line in found["lines"]}
    assert lines["sales.losses"] == ("13.333333333", "50")
    assert lines["sales.win_rate"] == ("26.666666667", "200")
    assert sum(Decimal(weight) * Decimal(points) for weight, points in lines.values()) / 100 == pytest.approx(
        Decimal(96), abs=Decimal("0.0000001")
    )


def test_targets_that_change_and_several_changes_at_once(office: Office) -> None:
    office.apply(CARD.replace('"1000"', '"2000"'), effective="2017-02-15")
    office.assign("bob", "2017-01-16")
    office.assign("bob", "2017-03-17", team="south")
    office.won(("d1", "bob", 500), day="2017-01-20")
    office.won(("d2", "bob", 500), day="2017-03-01")
    found = now(office, "bob")
    assert parts(found, "from", "days", "card", "team") == [
        ("2017-01-16", 30, "2017-01-01", "north"),
        ("2017-02-15", 30, "2017-02-15", "north"),
        ("2017-03-17", 15, "2017-02-15", "south"),
    ]
    # 1000 and 2000 × 30/90, 2000 × 15/90
    assert [one["lines"][0]["target"] for one in found["segments"]] == [
        "333.333333333333",
        "666.666666666667",
        "333.333333333333",
    ]
    # 1.5 (of 1.5 at most) and 0.75 of 60, rates 2 of 40; the last segment has no rate, so revenue has all weight: 0.
    assert parts(found, "total") == [("170",), ("125",), ("0",)]
    # (30 × 170 + 30 × 125 + 15 × 0) ÷ 75
    assert found["total"] == "118"
    assert found["lines"][0]["target"] == "1333.333333333333"


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


def test_a_newcomers_schedule_shifts_back_step_by_step(office: Office) -> None:
    office.apply(CARD + NEWCOMER)
    office.assign("bob", "2017-01-16", hired="2017-01-06")
    office.assign("cid", "2017-03-02")  # nobody says when hired: their first assignment counts
    found = now(office, "bob")
    assert parts(found, "from", "to", "tenure_until") == [
        ("2017-01-16", "2017-02-06", 1),
        ("2017-02-06", "2017-03-06", 2),
        ("2017-03-06", "2017-04-01", None),
    ]
    assert [[line["weight"] for line in one["lines"]] for one in found["segments"]] == [
        ["20", "80"],
        ["40", "60"],
        ["60", "40"],
    ]
    assert parts(now(office, "cid"), "from", "to", "tenure_until") == [("2017-03-02", "2017-04-01", 1)]
    assert "segments" not in now(office, "ann")
    # Whoever was hired again is new again, and a month without that day ends on its last.
    office.assign("ann", "2017-01-31", hired="2017-01-31")
    assert parts(now(office), "from", "tenure_until") == [
        ("2017-01-01", None),
        ("2017-01-31", 1),
        ("2017-02-28", 2),
        ("2017-03-31", None),
    ]


def test_teams_and_the_company_split_at_rules_alone(office: Office) -> None:
    for level in ("team", "company"):
        card = CARD.replace('"sales_rep"', f'"{level}_card"').replace("period =", f'level = "{level}"\nperiod =')
        office.apply(card)
        office.apply(card.replace('"1000"', '"2000"'), effective="2017-03-02")
    office.assign("bob", "2017-02-15")
    office.won(("d1", "ann", 600), ("d2", "bob", 300), day="2017-03-10")
    team, company = now(office, "north", "team_card"), now(office, None, "company_card")
    # 900 × 90/30 = 2700 of 2000: 60 × 1.35 + 40 × 2; before, nothing was won, and there is no rate.
    for found in (team, company):
        assert parts(found, "days", "total") == [(60, "0"), (30, "161")]
        assert found["total"] == "53.666666667"


def test_without_assignments_a_change_splits_everyones_period(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD)
    office.apply(CARD.replace('"1000"', '"2000"'), effective="2017-03-02")
    office.won(("d1", "ann", 600), day="2017-01-10")
    office.won(("d2", "bob", 600), day="2017-03-10")
    evaluation = evaluate(office.world, "sales_rep", QUARTER)
    assert [(one["subject"], len(one["segments"])) for one in evaluation.to_document()["subjects"]] == [
        ("ann", 2),
        ("bob", 2),
    ]
    office.close()


def test_a_segment_without_a_total_gives_its_days_to_the_others(office: Office) -> None:
    office.apply(CARD.replace('"60"', '"0"').replace('"40"', '"100"'), effective="2017-01-01")
    office.assign("ann", "2017-03-02", team="south")
    office.won(("d1", "ann", 600), day="2017-01-10")
    office.lost(("d2", "ann"), day="2017-01-11")
    found = now(office)
    assert parts(found, "total") == [("100",), (None,)]
    assert found["total"] == "100"


def test_measures_over_targets_have_their_share_of_them(office: Office) -> None:
    attained = indicator("sales.attained", Ref("sales.revenue_won") / Target("sales.revenue_won"), unit="percent")
    office.book = BOOK.merged(Definitions.of([attained]))
    office.apply(
        CARD.replace("sales.win_rate", "sales.attained").replace('target = "0.5"', 'target = "1"')
        + '[[target]]\nindicator = "sales.revenue_won"\nsubject = "bob"\nperiod = "2017-Q1"\nvalue = "3000"\n'
    )
    office.assign("bob", "2017-02-15")
    office.won(("d1", "bob", 900), day="2017-02-20")
    [line] = now(office, "bob")["segments"][0]["lines"][1:]
    # 900 of 3,000 × 45/90
    assert (line["numerator"], line["denominator"], line["value"], line["target"]) == ("900", "1500", "0.6", "1")


def test_what_blocks_a_segment_blocks_the_whole(office: Office) -> None:
    office.apply(CARD + '[empty]\nno_denominator = "block"\n')
    office.assign("ann", "2017-03-02", team="south")
    office.won(("d1", "ann", 600), day="2017-01-10")
    evaluation = evaluate(office.world, "sales_rep", QUARTER)
    assert subject(evaluation, "ann")["total"] is None
    assert evaluation.blocked() == [("ann", "sales.win_rate", "no_denominator")]


def test_modifiers_gates_and_bands_follow_once_after_the_segments(office: Office) -> None:
    closing = CARD + '[[gate]]\nindicator = "sales.losses"\nabove = "1"\ncap = "50"\n'
    office.apply(closing.replace('A = "110"', 'A = "100"'), effective="2017-03-02")
    office.assign("bob", "2017-02-15", until="2017-03-20")
    office.won(("d1", "ann", 900), ("d2", "bob", 900), day="2017-03-10")
    # The gate looks at everyone's days on the card: one loss of Bob's came before them, and one after.
    office.lost(("d3", "bob"), day="2017-02-14")
    office.lost(("d4", "bob"), day="2017-03-10")
    office.lost(("d5", "bob"), day="2017-03-20")
    office.lost(("d6", "ann"), ("d7", "ann"), day="2017-02-14")
    ann, bob = now(office, "ann"), now(office, "bob")
    assert (ann["total"], ann["band"], ann["bound"]) == ("50", "C", "gate")
    assert ann["gates"][0]["value"] == "2"
    # 15 days with nothing, then 18 with 60 × 1.5 + 40: 18 × 130 ÷ 33
    assert (bob["bound"], bob["gates"], bob["total"]) == (None, [], "70.909090909")
    sealed = seal(office.world, evaluate(office.world, "sales_rep", QUARTER), "hr")
    assert recalled(office.world, sealed.id).to_document()["subjects"] == [ann, bob]
    steps = explain(office.world, sealed.id, subject="ann").to_document()["subjects"][0]["steps"]
    assert [fact["key"]["deal_id"] for fact in steps[1]["facts"]] == ["d6", "d7"]


def test_a_period_changes_its_level_at_its_start_alone(office: Office) -> None:
    office.apply(CARD.replace("period =", 'level = "team"\nperiod ='), effective="2017-02-01")
    with pytest.raises(Refused, match="changes its level or length on 2017-02-01") as caught:
        evaluate(office.world, "sales_rep", QUARTER)
    assert caught.value.code == "mid_period_change"
