"""Modifiers, gates, cap and coefficient as people write them: what is read, and what is refused where."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.scorecards import Coefficient, Gate, Modifier, Scorecard
from kpicore.definitions.codec import digest, from_document, to_document
from kpicore.errors import InvalidDefinition
from tests.unit.definitions.cards.test_card_files import CARD

AFTER = """
[[modifier]]
indicator = "risk.complaint_rate"
above = 0.05
factor = "0.9"
params = {days = 30}
empty = {missing_data = "block"}
why = "unhappy customers"

[[modifier]]
title = {en = "Hard region", zh-Hant = "艱困地區"}
subject = "Ann"
period = "2017-Q1"
factor = "1.05"

[[gate]]
indicator = "risk.compliance_rate"
below = "1"
total = "0"
empty = "apply"

[[gate]]
indicator = "risk.incidents"
above = 2
cap = "60"
title = "Incidents"

[coefficient]
kind = "steps"
steps = [["120", "1.5"], [100, 1.0], ["0", "0"]]
"""
WHOLE = CARD.replace("effective = 2017-01-01", 'effective = 2017-01-01\ncap = "150"') + AFTER


def test_what_follows_the_sum_reads_as_it_is_written() -> None:
    card = read_card(WHOLE)
    assert isinstance(card, Scorecard)
    fixed, everywhere = (
        card.modifiers[1],
        dict.fromkeys(("not_applicable", "no_denominator", "missing_data", "immature"), "apply"),
    )
    assert card.modifiers[0] == Modifier(
        "0.9",
        "risk.complaint_rate",
        above="0.05",
        params={"days": "30"},
        empty={"missing_data": "block"},
        why="unhappy customers",
    )
    assert (fixed.factor, fixed.subject, fixed.period) == (Decimal("1.05"), "Ann", "2017-Q1")
    assert fixed.title == {"en": "Hard region", "zh-Hant": "艱困地區"}
    assert card.gates[0] == Gate("risk.compliance_rate", below=1, total=0, empty=everywhere)
    assert card.gates[1] == Gate("risk.incidents", above=2, cap=60, title="Incidents")
    pairs = ((Decimal(120), Decimal("1.5")), (Decimal(100), Decimal(1)), (Decimal(0), Decimal(0)))
    assert card.coefficient == Coefficient("steps", pairs)
    assert card.cap == 150
    assert [rule.indicator for rule in card.conditions] == [
        "risk.complaint_rate",
        "risk.compliance_rate",
        "risk.incidents",
    ]


def test_it_survives_its_document_and_leaves_other_cards_as_they_are() -> None:
    card = read_card(WHOLE)
    assert from_document(to_document(card)) == card
    assert digest(from_document(to_document(card))) == digest(card)
    plain = to_document(read_card(CARD))
    assert not {"gates", "modifiers", "cap", "coefficient", "fallback"} & set(plain)


@pytest.mark.parametrize(
    ("old", "new", "message", "hint", "line"),
    [
        ("above = 0.05\n", "", "neither below nor above", "below", 42),
        ('factor = "0.9"', 'factor = "-1"', "negative", None, 42),
        ('factor = "0.9"\n', "", "factor is missing", 'factor = "0.9"', 42),
        ('factor = "0.9"', 'factor = "1001"', "beyond 1000", None, 42),
        ('missing_data = "block"', 'missing_data = "stop"', "unknown 'stop'", None, 47),
        ('missing_data = "block"', 'missing = "block"', "unknown 'missing'", "missing_data", 47),
        ('title = {en = "Hard region", zh-Hant = "艱困地區"}\n', "", "needs a title", None, 50),
        ('subject = "Ann"', "below = 1", "below says nothing without an indicator", None, 50),
        ('subject = "Ann"', "below = 0", "below says nothing without an indicator", None, 50),
        (
            'period = "2017-Q1"\nfactor',
            'period = "2017-01"\nfactor',
            "is a month; the scorecard goes by quarter",
            None,
            50,
        ),
        ('below = "1"', 'below = "1"\nabove = "0"', "below the one or above the other", None, 56),
        ('total = "0"', "", "neither total nor cap", "what the total is", 56),
        ('total = "0"', 'total = "0"\ncap = "1"', "both total and cap", None, 56),
        ('total = "0"', 'total = "0.0123456789"', "more than 9 places", None, 56),
        ('empty = "apply"', "empty = 3", "empty cannot be 3", "block", 60),
        ('indicator = "risk.incidents"', "", "indicator is missing", None, 62),
        ('kind = "steps"', 'kind = "step"', "cannot be 'step'", "did you mean steps?", 69),
        ('[["120", "1.5"], [100, 1.0], ["0", "0"]]', "[]", "needs a step at least", "total, coefficient", None),
        ('[["120", "1.5"], [100, 1.0], ["0", "0"]]', '[["1", "2", "3"]]', "list of pairs", None, 70),
        ('[["120", "1.5"], [100, 1.0], ["0", "0"]]', '[["1", "x"]]', "must be a number", None, 70),
        ('["0", "0"]]', '["100.0", "0"]]', "two steps begin at the total 100", None, None),
        ('["0", "0"]]', '["0", "-1"]]', "the coefficient -1 is negative", None, None),
        (
            '"steps"\nsteps = [["120", "1.5"], [100, 1.0], ["0", "0"]]',
            '"linear"\nsteps = [[1, 1]]',
            "two steps",
            None,
            None,
        ),
        ('cap = "150"', 'cap = "1.0123456789"', "more than 9 places", None, None),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    old: str, new: str, message: str, hint: str | None, line: int | None
) -> None:
    assert old in WHOLE
    with pytest.raises(InvalidDefinition) as caught:
        read_card(WHOLE.replace(old, new, 1), "cards/sales_rep.toml")
    error = caught.value
    assert message in error.message
    if hint:
        assert hint in str(error.hint)
    if line:
        assert str(error.where).split(" ")[0] == f"cards/sales_rep.toml:{line}"


def test_the_company_is_no_subject_of_a_modifier() -> None:
    company = WHOLE.replace('level = "person"', 'level = "company"').replace('subject = "Anna Snelling"\n', "")
    with pytest.raises(InvalidDefinition, match="one subject without a name"):
        read_card(company)
