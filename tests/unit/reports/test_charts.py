"""Bars and sparklines: lengths are exact, empty is not zero."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kpicore.reports.charts import bar, sparkline

NUMBERS = st.decimals(min_value=-(10**6), max_value=10**6, allow_nan=False, places=4)


def test_a_bar_is_exact_to_an_eighth() -> None:
    assert bar(Decimal(50), Decimal(100), 8) == "████"
    assert bar(Decimal(1), Decimal(64), 8) == "▏"
    assert bar(Decimal(100), Decimal(100), 8) == "█" * 8
    assert bar(Decimal(250), Decimal(100), 8) == "█" * 8
    assert bar(Decimal(0), Decimal(100)) == bar(None, Decimal(100)) == bar(Decimal(-5), Decimal(100)) == ""
    assert bar(Decimal(5), Decimal(0)) == ""


def test_a_sparkline_begins_at_zero_and_shows_gaps() -> None:
    assert sparkline([Decimal(0), Decimal(50), None, Decimal(100)]) == "▁▄·█"
    assert sparkline([None, None]) == "··"
    assert sparkline([Decimal(0), Decimal(0)]) == "▁▁"
    assert sparkline([Decimal(-10), Decimal(10)]) == "▁█"


@given(st.lists(st.none() | NUMBERS, max_size=40))
def test_a_sparkline_has_one_character_a_value(values: list[Decimal | None]) -> None:
    assert len(sparkline(values)) == len(values)


@given(NUMBERS, NUMBERS, st.integers(1, 40))
def test_a_bar_is_never_longer_than_its_width(value: Decimal, full: Decimal, width: int) -> None:
    assert len(bar(value, full, width)) <= width
