"""The rules of a report: recorded targets, strategy changes and steps by tenure are told, and only what counts is in force."""

from __future__ import annotations

from pathlib import Path

from kpicore.reports.report.reading import Reading
from kpicore.reports.report.report import report
from kpicore.reports.report.rules import rules
from tests.rulebook import CARD, Office
from tests.unit.reports.pages import parsed, texts

CHANGE = """\
[change]
id = "to_quality"
scorecard = "sales_rep"
effective = 2017-04-01
why = "what is won must pay"
rest = "proportional"
[[line]]
indicator = "sales.win_rate"
weight = "70"
"""
TARGETS = """\
[[target]]
level = "person"
subject = "{name}"
indicator = "sales.revenue_won"
period = "2017-Q2"
value = "{value}"
effective = 2017-01-01
why = "{why}"
"""
SCHEDULE = """
[[schedule]]
until = 6
weights = {"sales.win_rate" = "70"}
rest = "proportional"
why = "learn to close"
"""


def test_a_strategy_change_says_why(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD)
    office.apply(CHANGE, by="ceo", reason="board of March")
    office.won(("1", "ann", 900), day="2017-05-01")
    found = report(office.world, "sales_rep", "2017-Q2")
    office.close()
    [card, *_] = rules(Reading(found, "zh-Hant"), found.document["subjects"])
    assert (card["by"], card["since"]) == ("ceo", "2017-04-01")
    assert card["why"] == "策略調整 to_quality：what is won must pay；board of March"


def test_a_recorded_target_counts_for_whom_it_is(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD)
    office.apply(TARGETS.format(name="ann", value=700, why="a small territory"), by="lead", reason="agreed")
    office.apply(TARGETS.format(name="bob", value=1500, why="a large one"), by="lead", reason="agreed")
    office.won(("1", "ann", 700), ("2", "bob", 900), day="2017-05-01")
    whole = report(office.world, "sales_rep", "2017-Q2")
    office.close()
    listed = {rule["name"]: rule for rule in rules(Reading(whole, "en"), whole.document["subjects"])}
    own = listed["sales.revenue_won: target, ann, 2017-Q2"]
    assert (own["value"], own["by"], own["why"], own["mark"]) == (
        "700",
        "lead",
        "a small territory; agreed",
        "in force",
    )
    assert "sales.revenue_won: target, bob, 2017-Q2" in listed
    page = " ".join(texts(parsed(whole.person("ann").to_html())))
    assert "a small territory" in page
    assert "a large one" not in page
    assert "bob" not in page


def test_a_newcomer_s_page_shows_the_step_by_tenure(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD + SCHEDULE)
    hired = "2016-11-15T00:00:00Z"  # six months end on 15 May
    person = {"employee_id": "ann", "role": "sales", "effective_from": hired, "occurred_at": hired, "hired_at": hired}
    office.record("employee_assigned", [person])
    office.won(("1", "ann", 700), day="2017-05-01")
    found = report(office.world, "sales_rep", "2017-Q2", subject="ann")
    office.close()
    listed = {rule["name"]: rule for rule in rules(Reading(found, "en"), found.document["subjects"])}
    step = listed["less than 6 months from hiring"]
    assert (step["value"], step["why"]) == ("sales.revenue_won 30, sales.win_rate 70", "learn to close; start")
    page = " ".join(texts(parsed(found.to_html("zh-Hant"))))
    assert "2017-04-01 – 2017-05-14" in page
    assert "到職 6 個月內" in page
