"""How values are written for reading, and names that would steer a terminal."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from kpicore.definitions.indicators import State
from kpicore.evaluation.measuring import arithmetic
from kpicore.evaluation.numbers.quantities import CENSORED
from kpicore.reports import words

JSON_PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "json.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("1134672", "money", "1,134,672"),
        ("1134672.5", "money", "1,134,672.50"),
        ("0.6315", "percent", "63.15 %"),
        ("0.333333333333", "percent", "33.33 %"),
        ("12", "count", "12"),
        ("1.005", "ratio", "1.00"),
        ("-0.125", "percent", "-12.50 %"),
        (None, "money", "–"),
    ],
)
def test_a_value_is_written_as_its_unit_is_read(value: str | None, unit: str, said: str) -> None:
    assert words.quantity(words.number(value), unit) == said


def test_long_numbers_are_not_cut() -> None:
    assert words.plain(Decimal("123456789012345678901234567890123.25"), 1).endswith("0,123.2")


def test_every_word_is_in_both_languages() -> None:
    for name in ("subject", "total", "no_denominator", "late_facts"):
        assert words.word(name, "en") != words.word(name, "zh-Hant")
    assert words.word("channel_id", "zh-Hant") == "channel_id"


@pytest.mark.parametrize("state", get_args(State))
def test_states_are_told_and_written_down(state: str) -> None:
    assert words.word(state, "zh-Hant") != state
    assert f"- `{state}`: " in JSON_PAGE


@pytest.mark.parametrize(
    "flag",
    [
        *(arithmetic.NULL_AMOUNT, arithmetic.SEVERAL_CURRENCIES, arithmetic.INCOMPLETE_FEED, arithmetic.NO_TARGET),
        *(arithmetic.EARLY_EVENT, arithmetic.LOW_SAMPLE, CENSORED, "zero_denominator", "no_acquisition"),
    ],
)
def test_flags_are_told_and_written_down(flag: str) -> None:
    """A cell says why it is empty in words; programs find what a flag means."""
    assert words.word(flag, "en") != flag
    assert words.word(flag, "zh-Hant") not in (flag, words.word(flag, "en"))
    assert f"`{flag}`" in JSON_PAGE


def test_what_would_steer_a_terminal_is_shown() -> None:
    assert words.clean("a\x1b[31mb") == "a\\u001b[31mb"
    assert words.clean("Ann\u202eevil\u200b") == "Ann\\u202eevil\\u200b"
    assert words.clean("王 小明") == "王 小明"


@pytest.mark.parametrize(("text", "told"), [("30", "+ 30"), ("-1,250.50", "− 1,250.50"), ("0", "+ 0")])
def test_what_is_taken_away_has_one_sign(text: str, told: str) -> None:
    assert words.with_sign(text) == told
