"""A period that splits: every part with its days and rules, and the parts lead to the sum."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from kpicore.naming import LANGUAGES
from kpicore.reports.report.person import Person
from kpicore.reports.report.reading import Reading
from kpicore.reports.report.report import Report, report
from kpicore.reports.report.rules import rules
from tests.rulebook import CARD, Office
from tests.unit.reports.pages import parsed, texts, untranslated


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """From 15 February on losses count in the place of the win rate."""
    office = Office(tmp_path_factory.mktemp("split"))
    office.apply(CARD)
    changed = CARD.replace('"sales.win_rate"', '"sales.losses"').replace('target = "0.5"', 'target = "4"')
    office.apply(changed, effective="2017-02-15", by="chief", reason="fewer losses")
    at = "2016-01-01T00:00:00Z"
    people = [
        {"employee_id": name, "role": "sales", "effective_from": at, "occurred_at": at} for name in ("ann", "bob")
    ]
    office.record("employee_assigned", people)
    office.won(("a", "ann", 400), ("b", "bob", 600), day="2017-01-20")
    office.won(("c", "ann", 500), day="2017-03-20")
    office.lost(("d", "ann"), day="2017-01-20")
    office.lost(("e", "bob"), day="2017-03-20")
    yield report(office.world, "sales_rep", "2017-Q1")
    office.close()


def test_parts_lead_to_the_sum(found: Report) -> None:
    for row in found.document["subjects"]:
        person = Person(Reading(found, "en"), row, 1)
        assert person.segments is not None
        assert [step.name for step in person.segments.steps] == [
            "2017-01-01 – 2017-02-14",
            "2017-02-15 – 2017-03-31",
            "sum before gates and modifiers",
        ]
        assert abs(person.segments.steps[-1].end - Decimal(row["sum"])) < Decimal("1e-8")
        assert abs(person.built.steps[-1].end - Decimal(row["total"])) == 0
        assert [step.name for step in person.built.steps][:-1] == [
            "sales.revenue_won",
            "sales.losses",
            "sales.win_rate",
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_show_days_and_rules_of_every_part(found: Report, language: str) -> None:
    data = {"ann", "bob", "hr", "chief", "start", "fewer losses", "growth", "quality", "CRM", "sales_rep", found.id}
    data |= {f"sales.{name}" for name in ("revenue_won", "win_rate", "losses")}
    page = found.to_html(language)
    assert untranslated(page, language, data) == []
    said = " ".join(texts(parsed(page)))
    assert "2017-02-15 – 2017-03-31" in said
    assert f"{ {'en': 'days', 'zh-Hant': '天數'}[language] } 45" in said
    assert all(
        len(row) == len(table.find("thead/tr") or ())
        for table in parsed(page).iter("table")
        for row in table.findall("tbody/tr")
    )
    assert found.to_xlsx(language)


def test_both_versions_of_the_card_are_in_force(found: Report) -> None:
    listed = rules(Reading(found, "en"), found.document["subjects"])
    cards = [(rule["since"], rule["by"], rule["mark"]) for rule in listed if rule["name"] == "scorecard"]
    assert cards == [("2017-01-01", "hr", "in force"), ("2017-02-15", "chief", "in force")]
    weights = {rule["name"]: rule["mark"] for rule in listed if rule["name"].endswith("weight")}
    assert set(weights) == {f"sales.{name}: weight" for name in ("revenue_won", "win_rate", "losses")}
