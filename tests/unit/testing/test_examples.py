"""Examples: what a row leaves out, and what comes out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kpicore import Example, Field, Indicator, count, total, vocabulary
from kpicore.definitions.book import Definitions
from kpicore.definitions.facts import FactType
from kpicore.periods import Calendar
from kpicore.testing.examples import SUBJECT, rows_of, run_example

BOOK = Definitions.of(vocabulary.definitions())
MIDDLE = Calendar().instant("2026-03-16T12:00:00")
NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)

DEMO = FactType(
    "local.demo",
    "demos",
    key=("demo_id", "visit"),
    fields={
        "demo_id": Field("id"),
        "visit": Field("integer"),
        "lead_id": Field("id", required=True),
        "cost": Field("money", required=True),
        "good": Field("boolean", required=True),
        "ends": Field("instant", required=True),
        "note": Field("text"),
        "tax": Field("money", default="0"),
    },
)


def rows(given: Any) -> list[dict[str, Any]]:
    return rows_of(DEMO, given, Calendar(), MIDDLE)


def test_a_number_makes_rows_with_distinct_keys_and_required_fields() -> None:
    first, second = rows(2)
    assert first == {
        "demo_id": "local.demo-1",
        "visit": 1,
        "occurred_at": NOON,
        "owner_id": SUBJECT,
        "lead_id": "lead_id-1",
        "cost": "100",
        "good": True,
        "ends": NOON,
    }
    assert (second["demo_id"], second["visit"], second["lead_id"]) == ("local.demo-2", 2, "lead_id-2")


def test_what_a_row_gives_stands() -> None:
    (row,) = rows([{"demo_id": "D", "owner_id": None, "occurred_at": "2026-03-01T08:00:00+08:00", "note": "x"}])
    assert (row["demo_id"], row["owner_id"], row["note"]) == ("D", None, "x")
    assert row["occurred_at"] == datetime(2026, 3, 1, tzinfo=UTC)


def indicator(measure: Any, **options: Any) -> Indicator:
    return Indicator(
        "local.x", title="x", measure=measure, perspective="performance", roles="sales", data_source="CRM", **options
    )


WON = indicator(count("deal_won") / (count("deal_won") + count("deal_lost")))


@pytest.mark.parametrize(
    ("example", "passed"),
    [
        (Example("a quarter", {"deal_won": 1, "deal_lost": 3}, "0.25"), True),
        (Example("0.250 is 0.25", {"deal_won": 1, "deal_lost": 3}, "0.250"), True),
        (Example("another value", {"deal_won": 1, "deal_lost": 3}, "0.26"), False),
        (Example("another state", {"deal_won": 1, "deal_lost": 3}, "0.25", state="provisional"), False),
        (Example("empty", {}, state="no_denominator"), True),
        (Example("empty, and not said", {}), False),
        (Example("a third", {"deal_won": 1, "deal_lost": 2}, "0.333333333333"), True),
        (Example("another period", {"deal_won": 1}, "1", period="2025-Q4"), True),
        (Example("a value that is none", {"deal_won": 1}, "all"), False),
    ],
    ids=lambda value: value.title["en"] if isinstance(value, Example) else None,
)
def test_an_example_passes_when_value_and_state_come_out(example: Example, passed: bool) -> None:
    result = run_example(WON, example, BOOK.merged(Definitions.of([WON])))
    assert result.passed is passed, str(result)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"deal_one": 1}, "there is no fact type deal_one (did you mean deal_won?)"),
        ({"deal_won": [{"amount": "much"}]}, "a row of deal_won is refused"),
        ({"deal_won": [{"amout": "1"}]}, "amout"),
    ],
)
def test_an_example_that_cannot_run_says_why(facts: Any, said: str) -> None:
    result = run_example(WON, Example("wrong", facts, "1"), BOOK.merged(Definitions.of([WON])))
    assert not result.passed
    assert said in str(result)
    assert result.to_dict()["error"] is not None


@pytest.mark.parametrize("level", ["person", "team"])
def test_an_indicator_without_company_level_is_measured_below(level: str) -> None:
    below = indicator(total("deal_won", "amount"), levels=(level,))
    book = BOOK.merged(Definitions.of([below]))
    for example in (Example("two", {"deal_won": 2}, "200"), Example("none", {}, "0")):
        result = run_example(below, example, book)
        assert result.passed, str(result)


BY_CHANNEL = {"deal_won": [{"channel_id": "fair"}, {"channel_id": "fair"}, {"channel_id": "mail"}]}


def test_an_example_may_be_about_a_cell_of_a_break_down() -> None:
    deals = indicator(count("deal_won"))
    book = BOOK.merged(Definitions.of([deals]))
    assert run_example(deals, Example("of the fair", BY_CHANNEL, "2", by={"channel_id": "fair"}), book).passed
    assert run_example(deals, Example("of all", BY_CHANNEL, "3"), book).passed
    gone = run_example(deals, Example("of none", BY_CHANNEL, "0", by={"channel_id": "post"}), book)
    assert "there is no cell {'channel_id': 'post'}" in str(gone)
