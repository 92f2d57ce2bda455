"""Modifiers, gates and caps are steps of the drawing, with what they did and why; the steps lead to the total."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from kpicore.naming import LANGUAGES
from kpicore.reports.report.person import Person
from kpicore.reports.report.reading import Reading
from kpicore.reports.report.report import Report, report
from kpicore.reports.report.team import Team
from tests.rulebook import CARD, Office
from tests.unit.reports.pages import parsed, texts, untranslated

MORE = """
[[modifier]]
factor = "1.1"
indicator = "sales.revenue_won"
above = "500"
title = {en = "Big quarter", zh-Hant = "大豐收"}
[[gate]]
indicator = "sales.losses"
above = "2"
cap = "60"
title = {en = "Too many lost", zh-Hant = "丟單過多"}
[coefficient]
kind = "steps"
steps = [["100", "1.2"], ["0", "1"]]
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    office = Office(tmp_path_factory.mktemp("gates"))
    card = CARD.replace("effective = 2017-01-01\n", 'effective = 2017-01-01\ncap = "140"\n') + MORE
    office.apply(card)
    office.won(("d1", "ann", 600), ("d2", "bob", 800), ("d3", "cid", 1500), ("d4", "dan", 100))
    office.lost(("l1", "bob"), ("l2", "bob"), ("l3", "bob"))
    yield report(office.world, "sales_rep", "2017-Q1")
    office.close()


def steps(found: Report, subject: str) -> list[tuple[str, Decimal]]:
    [row] = [one for one in found.document["subjects"] if one["subject"] == subject]
    built = Person(Reading(found, "en"), row, 1).built.steps
    assert built[-1].end == Decimal(row["total"])
    assert sum((step.end - step.start for step in built[:-1]), Decimal(0)) == built[-1].end
    return [(step.name, step.end - step.start) for step in built]


def test_a_modifier_and_a_gate_are_steps(found: Report) -> None:
    # Ann: 0.6 × 60 + 2 × 40 = 116, × 1.1. Bob: 0.8 × 60 + 0.25 ÷ 0.5 × 40 = 68, × 1.1 = 74.8, at most 60.
    assert steps(found, "ann") == [
        ("sales.revenue_won", 36),
        ("sales.win_rate", 80),
        ("Big quarter", Decimal("11.6")),
        ("total", Decimal("127.6")),
    ]
    assert steps(found, "bob") == [
        ("sales.revenue_won", 48),
        ("sales.win_rate", 20),
        ("Big quarter", Decimal("6.8")),
        ("Too many lost", Decimal("-14.8")),
        ("total", 60),
    ]


def test_the_cap_of_the_card_is_a_step(found: Report) -> None:
    # Cid: 1.5 × 60 + 2 × 40 = 170, × 1.1 = 187, at most 140.
    assert steps(found, "cid")[-2:] == [("cap of the scorecard", Decimal(-47)), ("total", 140)]
    assert [name for name, _ in steps(found, "dan")] == ["sales.revenue_won", "sales.win_rate", "total"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_say_who_was_hit_by_what(found: Report, language: str) -> None:
    page = " ".join(texts(parsed(found.to_html(language))))
    title = {"en": "Too many lost", "zh-Hant": "丟單過多"}[language]
    assert title in page
    assert "sales.losses > 2" in page
    assert "−14.80" in page
    chip = {"en": "coefficient 1.2", "zh-Hant": "係數 1.2"}[language]
    bob = " ".join(texts(parsed(found.person("bob").to_html("en"))))
    assert "Big quarter +6.80, Too many lost −14.80." in bob
    assert chip in " ".join(texts(parsed(found.person("ann").to_html(language))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_it_is_translated(found: Report, language: str) -> None:
    data = {"ann", "bob", "cid", "dan", "hr", "start", "CRM", "growth", "quality", "sales_rep", found.id}
    data |= {f"sales.{name}" for name in ("revenue_won", "win_rate", "losses")}
    assert untranslated(found.to_html(language), language, data) == []


def test_the_legend_says_what_was_added_and_taken_away(found: Report) -> None:
    assert [style for style, _ in Team(Reading(found, "en")).legend] == ["s1", "s2", "up", "down"]


def test_a_change_of_gates_is_told_in_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    office = Office(tmp_path_factory.mktemp("changed"))
    card = CARD + MORE
    office.apply(card)
    office.apply(card.replace('cap = "60"', 'cap = "50"'), effective="2017-04-01", by="chief", reason="sharper")
    for number, day in enumerate(("2017-02-01", "2017-05-01")):
        office.won((f"w{number}", "ann", 900), day=day)
        office.lost(*[(f"l{number}{n}", "ann") for n in range(3)], day=day)
    page = " ".join(texts(parsed(report(office.world, "sales_rep", "2017-Q2", subject="ann").to_html())))
    office.close()
    told = "Too many lost (sales.losses > 2 → at most 60) → Too many lost (sales.losses > 2 → at most 50)"
    assert f"{told} (chief: “sharper”)" in page
