"""Means over months, and in how many days something happens of what is still open."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.algebra.builders import count, growth, total
from kpicore.definitions.algebra.measures import MONTH_BEFORE, Measure, Monthly, Survival
from kpicore.definitions.algebra.words import formula
from kpicore.definitions.checks import check
from kpicore.definitions.codec import from_document, to_document
from kpicore.definitions.parameters import duration
from kpicore.errors import InvalidDefinition
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.evaluation.numbers.ages import survived
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.numbers.quantities import quantity
from tests.unit.evaluation.worlds import SmallWorld, book, indicator, one

GROWN = Monthly(growth(total("deal_won", "amount"), MONTH_BEFORE))


def _won(*amounts: int) -> dict[str, list[dict[str, Any]]]:
    """Amounts of the months from December on."""
    days = [f"{2025 + (month + 11) // 12}-{(month + 11) % 12 + 1:02}-10" for month in range(len(amounts))]
    rows = zip(days, amounts, strict=True)
    return {
        "deal_won": [{"deal_id": day, "amount": str(n), "occurred_at": day, "owner_id": "ann"} for day, n in rows if n]
    }


@pytest.mark.parametrize(
    ("amounts", "period", "value"),
    [
        ((100, 200, 200, 300), "2026-Q1", "0.5"),
        ((100, 200, 200, 300), "2026-01", "1"),
        ((100, 200, 200, 300), "2026-01-01/2026-03-01", "0.5"),
        ((3, 4, 5), "2026-01-01/2026-03-01", "0.291666666667"),
        ((100, 0, 200, 300), "2026-Q1", None),
        ((100, 200), "2026-W03", None),
        ((), "2026-Q1", None),
    ],
)
def test_a_mean_over_months_is_that_of_the_periods_own(
    amounts: tuple[int, ...], period: str, value: str | None
) -> None:
    row = one(SmallWorld(_won(*amounts), indicator(GROWN)), period)
    assert row["value"] == value
    assert row["state"] == ("no_denominator" if value is None else "ok")
    assert row["numerator"] is row["denominator"] is None


def test_each_of_several_periods_has_its_own_months() -> None:
    world = SmallWorld(_won(100, 200, 200, 300, 600), indicator(GROWN))
    periods = [world.calendar.period(name) for name in ("2026-01-01/2026-02-01", "2026-01-01/2026-05-01")]
    [found] = measure(world, [Request("test.it")], periods, "company")
    assert [row["value"] for row in found.to_document()["rows"]] == ["1", "0.625"]


DAY = 86_400_000_000
WAIT = Survival(
    count("open_lead", at="during"),
    f"greatest(period_start - valid_from - 1, 0) // {DAY}",
    f"greatest((least(coalesce(won_at, period_end), period_end, $as_of) - valid_from + {DAY - 1}) // {DAY}, 1)",
    "won_at < period_end and won_at <= $as_of",
    "0.5",
)


def _leads(*spans: tuple[str, str | None]) -> dict[str, list[dict[str, Any]]]:
    """Leads by the day of their creation and of their deal."""
    known = [(f"L{n}", created, won) for n, (created, won) in enumerate(spans)]
    return {
        "lead_created": [{"lead_id": lead, "occurred_at": created, "owner_id": "ann"} for lead, created, _ in known],
        "deal_won": [{"deal_id": lead, "lead_id": lead, "amount": "1", "occurred_at": w} for lead, _, w in known if w],
    }


@pytest.mark.parametrize(
    ("spans", "value", "flags"),
    [
        ([("2026-03-02", "2026-03-05"), ("2026-03-02", "2026-03-12")], "3", []),
        ([("2026-03-02", "2026-03-05"), ("2026-03-02", None), ("2026-03-02", None)], "30", ["censored"]),
        # Who came at the very instant waited for a day that had begun.
        ([("2026-03-02", "2026-03-02")], "1", []),
        # Midnight of the period's first day is in it, that of the next month's is not.
        ([("2026-02-20", "2026-03-01")], "9", []),
        ([("2026-03-02", "2026-04-01")], "30", ["censored"]),
        # What had come before the period is not watched in it.
        ([("2026-02-20", "2026-02-28")], None, []),
        ([], None, []),
    ],
)
def test_the_median_wait_is_that_of_kaplan_and_meier(
    spans: list[tuple[str, str | None]], value: str | None, flags: list[str]
) -> None:
    row = one(SmallWorld(_leads(*spans), indicator(WAIT)))
    assert (row["value"], row["flags"], row["state"]) == (value, flags, "ok" if value else "no_denominator")
    assert row["numerator"] is row["denominator"] is None


def test_by_subject_and_break_down_and_no_later_than_the_cut() -> None:
    rows = _leads(("2026-03-02", "2026-03-05"), ("2026-03-02", "2026-03-12"), ("2026-03-02", None))
    for lead, who, channel in zip(rows["lead_created"], ("ann", "bo", "bo"), ("fair", "fair", "ads"), strict=True):
        lead.update(owner_id=who, channel_id=channel)
    world = SmallWorld(rows, indicator(WAIT), as_of="2026-03-10")
    values = {who: one(world, level="person", subject=who) for who in ("ann", "bo")}
    assert {who: (row["value"], row["flags"]) for who, row in values.items()} == {
        "ann": ("3", []),
        "bo": ("8", ["censored"]),
    }
    [found] = measure(world, [Request("test.it", by=("channel_id",))], world.calendar.series("2026-03"), "company")
    assert {row["by"]["channel_id"]: row["value"] for row in found.to_document()["rows"]} == {"fair": "3", "ads": "8"}


def test_a_feed_that_ends_too_early_is_missing() -> None:
    rows = _leads(("2026-03-02", "2026-03-05"))
    row = one(SmallWorld(rows, indicator(WAIT), complete={("crm", "deal_won"): "2026-03-20"}))
    assert (row["state"], row["flags"]) == ("missing_data", ["incomplete_feed"])


watched = st.tuples(st.integers(0, 6), st.integers(1, 8), st.booleans()).map(lambda w: (w[0], w[0] + w[1], w[2]))


@given(st.lists(watched, min_size=1, max_size=12), st.sampled_from([None, Fraction(1, 2), Fraction(9, 10)]))
def test_days_are_those_of_a_table_made_day_by_day(rows: list[tuple[int, int, bool]], share: Fraction | None) -> None:
    def ages(found: list[int]) -> dict[int, int]:
        return {age: found.count(age) for age in found}

    left, mean, last, wanted = Fraction(1), Fraction(0), max(until for _, until, _ in rows), None
    for day in range(1, last + 1):
        mean += left
        there = [row for row in rows if row[0] < day <= row[1]]
        done = [row for row in there if row[1] == day and row[2]]
        left *= Fraction(len(there) - len(done), len(there)) if there else 1
        if share is not None and wanted is None and left <= 1 - share:
            wanted = Fraction(day)
    sides = [ages([row[0] for row in rows]), ages([row[1] for row in rows]), ages([row[1] for row in rows if row[2]])]
    start = quantity(Fixed.of(0).spread(1), np.zeros(1, dtype=np.uint8))
    found = survived(*([side] for side in sides), share, start)  # type: ignore[misc]
    value = Fraction(int(found.above.values[0]), int(found.denominators().values[0]))
    if share is None:
        assert (value, "censored" in found.flags) == (mean, left > 0)
    else:
        assert (value, "censored" in found.flags) == ((last, True) if wanted is None else (wanted, False))


def test_they_are_told_in_words_written_and_read() -> None:
    for node, en, zh_hant in (
        (GROWN, "over the months of the period", "期內各月"),
        (WAIT, "days after which time of the deal < the period's end", "Kaplan–Meier"),
    ):
        it = indicator(node)
        assert from_document(to_document(it)) == it
        assert en in formula(book(it), it, "en")
        assert zh_hant in formula(book(it), it, "zh-Hant")
    assert Decimal(WAIT.share or 0) == Decimal("0.5")


@pytest.mark.parametrize(
    "wrong",
    [
        Survival(total("deal_won", "amount"), "0", "1", "true"),
        Survival(count("open_lead", at="during"), "valid_from", "1", "true"),
        Survival(count("open_lead", at="during"), "0", "campaign_id", "true"),
        Survival(count("open_lead", at="during"), "0", "1", "won_at"),
        Survival(count("open_lead", at="during"), "0", "$span", "true"),
        Survival(count("open_lead", at="during"), "0", "1", "true", "0.0"),
        Monthly(count("nothing")),
    ],
)
def test_what_does_not_hold_together_is_refused(wrong: Measure) -> None:
    it = indicator(wrong, params={"span": duration("9d")})
    with pytest.raises(InvalidDefinition):
        check(book(it), [it.id])
