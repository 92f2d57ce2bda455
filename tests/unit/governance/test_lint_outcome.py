"""Lint of curves, gates, modifiers, bands and coefficients."""

from __future__ import annotations

import pytest

from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.governance.lint_outcome import lint_outcome
from tests.rulebook import BOOK, CARD

GATE = '[[gate]]\nindicator = "sales.win_rate"\nbelow = "0.1"\ntotal = "0"\nempty = "pass"\nwhy = "so"\n'
MODIFIER = '[[modifier]]\nindicator = "sales.losses"\nabove = "3"\nfactor = "0.9"\nwhy = "so"\n'
STEPS = '[coefficient]\nkind = "steps"\nsteps = [["0", "0"], ["100", "1"]]\n'


def codes(text: str) -> list[str]:
    card = read_card(text)
    assert isinstance(card, Scorecard)
    found = list(lint_outcome(card, BOOK))
    assert all(set(concern.text) == {"en", "zh-Hant"} and concern.where.startswith(card.id) for concern in found)
    return [concern.code for concern in found]


def test_a_card_that_says_everything_is_not_told_anything() -> None:
    assert codes(CARD + MODIFIER + GATE + STEPS) == []
    bonus = MODIFIER.replace("above", "below").replace("0.9", "1.1")
    assert codes(CARD + bonus + STEPS.replace("steps", "linear", 1).replace('"0", "0"', '"60", "0"')) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('below = "0.1"', 'above = "0.9"', "turned_round"),
        ('above = "3"', 'below = "1"', "turned_round"),
        ('empty = "pass"\n', "", "undecided"),
        ('total = "0"\nempty = "pass"\nwhy = "so"', 'total = "0"\nempty = "pass"', "no_reason"),
        ('["0", "0"], ', "", "coefficient_gap"),
        ('C = "0"', 'C = "50"', "band_gap"),
        ('cap = "1.5"', 'curve = "steps"\ntiers = "highest"\nsteps = [[0, 50], [1, 40]]', "steps_turned"),
        (
            'cap = "1.5"',
            'curve = "steps"\ntiers = "highest"\nof = "value"\nsteps = [[0, 50], [1, 60]]',
            "unused_target",
        ),
        ('cap = "1.5"', 'curve = "range"\nlo0 = 0\nlo = 1\nhi = 2\nhi0 = 3', "unused_target"),
    ],
)
def test_what_is_seldom_meant_is_pointed_out(old: str, new: str, code: str) -> None:
    whole = CARD + MODIFIER + GATE + STEPS
    assert old in whole
    assert codes(whole.replace(old, new, 1)) == [code]
