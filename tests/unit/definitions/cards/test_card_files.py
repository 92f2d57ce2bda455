"""Scorecards, settings and weights as people write them: what is read, and what is refused where."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.canonical import canonical_json
from kpicore.definitions.cards.card_files import load_card_file, load_weights, read_card, read_weights
from kpicore.definitions.cards.scorecards import Organisation, Scorecard, TargetLine
from kpicore.definitions.cards.weights import Weights
from kpicore.definitions.codec import digest, from_document, to_document
from kpicore.definitions.rule_files import rule_files
from kpicore.errors import InvalidDefinition, Refused

CARD = """\
[scorecard]
id = "sales_rep"
title = {en = "Sales representative", zh-Hant = "銷售代表"}
role = "sales"
level = "person"
business_stage = "growth"
period = "quarter"
effective = 2017-01-01

[[line]]
indicator = "sales.revenue_won"
weight = "60"
target = "50000"
cap = "1.5"
params = {basis = "booked", days = 30, kinds = ["a", "b"]}
credit = "owner_id"
why = "growth is the goal of this year"

[[line]]
indicator = "sales.win_rate"
weight = "40"
target = 0.60
curve = "linear"
zero = "0.1"
floor = "0.2"

[[target]]
subject = "Anna Snelling"
indicator = "sales.revenue_won"
period = "2017-Q1"
value = "60000"

[empty]
no_denominator = "keep"

[bands]
A = "110"
B = "90"
C = "0"
"""


def test_a_scorecard_reads_as_it_is_written() -> None:
    card = read_card(CARD)
    assert isinstance(card, Scorecard)
    first, second = card.lines
    assert (card.id, card.role, card.level, card.period, card.effective) == (
        "sales_rep",
        "sales",
        "person",
        "quarter",
        "2017-01-01",
    )
    assert first.params == {"basis": "booked", "days": "30", "kinds": ["a", "b"]}
    assert (first.weight, first.target, first.cap, first.floor) == (60, 50000, Decimal("1.5"), 0)
    assert (second.target, second.curve, second.curve_params, second.floor) == (
        Decimal("0.6"),
        "linear",
        {"zero": "0.1"},
        Decimal("0.2"),
    )
    assert card.targets == (TargetLine("sales.revenue_won", 60000, "person", "Anna Snelling", "2017-Q1"),)
    assert card.empty == {"no_denominator": "keep"}
    assert card.bands == {"A": 110, "B": 90, "C": 0}


def test_a_scorecard_survives_its_document() -> None:
    card = read_card(CARD)
    assert from_document(to_document(card)) == card
    assert digest(from_document(to_document(card))) == digest(card)


def test_an_organisation_reads_with_its_defaults() -> None:
    assert read_card("[organisation]\ntimezone = 'Asia/Taipei'") == Organisation("Asia/Taipei", 1, None)
    assert read_card("[organisation]\nfiscal_year_start = 4\nbase_currency = 'TWD'") == Organisation("UTC", 4, "TWD")


@pytest.mark.parametrize(
    ("old", "new", "message", "hint", "line"),
    [
        ('weight = "60"', 'weight = "59"', "the weights sum to 99, not 100", "59 + 40 = 99: add 1", None),
        ('weight = "60"', 'weight = "61.25"', "the weights sum to 101.25, not 100", "take away 1.25", None),
        ('weight = "60"', 'weight = "-60"', "negative", None, 10),
        ('weight = "60"', 'weight = "60.001"', "more than two places", None, 10),
        ('weight = "60"', 'weigth = "60"', "unknown key 'weigth'", "did you mean weight?", 12),
        ('weight = "60"', 'weight = "much"', "must be a number", None, 12),
        ('weight = "60"', "weight = true", "must be a number", None, 12),
        ('weight = "60"', "weight = nan", "finite", None, 12),
        ('weight = "60"', "weight = 1e40", "digits before the point", None, 12),
        ('target = "50000"', 'target = "1.0000000000000000000000000000001"', "places after the point", None, 13),
        ('target = "50000"', 'target = "1e-999999"', "places after the point", None, 13),
        ('cap = "1.5"', 'cap = "1000001"', "beyond 1000000", "1 at the target", 10),
        ('weight = "60"\n', "", "weight is missing", None, 10),
        ('indicator = "sales.win_rate"', 'indicator = "sales.revenue_won"', "twice", "line 1 already", 19),
        ('no_denominator = "keep"', 'no_denominator = "keeep"', "cannot be 'keeep'", "did you mean keep?", 34),
        ('no_denominator = "keep"', 'no_denominators = "keep"', "unknown key", "did you mean no_denominator?", 34),
        ('period = "quarter"', 'period = "quater"', "cannot be 'quater'", "did you mean quarter?", 7),
        ("effective = 2017-01-01", 'effective = "soon"', "must be a date", "2026-01-01", 8),
        ("effective = 2017-01-01", "effective = 2017-01-01T00:00:00", "must be a date", None, 8),
        ("[bands]", "[band]", "unknown table", "did you mean bands?", 36),
        ('A = "110"', 'A = "90"', "begin at the same total 90", None, None),
        ('period = "2017-Q1"', 'period = "2017-01"', "is a month; the scorecard goes by quarter", None, 27),
        ('period = "2017-Q1"', 'period = "2017-Q9"', "is not a period", "2026-Q1", 27),
        ('cap = "1.5"', 'cap = "-1"', "cap -1 is below floor 0", None, 10),
        ('cap = "1.5"', 'cap = "1.0123456789"', "more than 9 places", None, 10),
        ('id = "sales_rep"', 'id = "Sales.rep"', "not a name", None, 2),
        ("zh-Hant", "zh-hant", "unknown language", "did you mean zh-Hant?", 3),
        ('value = "60000"', "", "value is missing", None, 27),
        ("[scorecard]", "[scorcard]", "neither", "did you mean scorecard?", None),
        ('role = "sales"', "role = ", "is not TOML", None, None),
        ('role = "sales"', 'role = ["sales"]', "must be a text, not ['sales']", 'role = "…"', 4),
        ('weight = "60"', "weight = [60, inf]", "must be a number, not [60, Infinity]", "digits", 12),
        ('weight = "60"', "weight = nan", "must be a finite number, not NaN", "digits", 12),
        ('weight = "60"', "weight.of = 60", "must be a number, not a table", "quote indicator ids", 12),
        ('target = "50000"', 'target = "5e30"', "digits before the point", "smaller", 13),
        ('title = {en = "Sales representative", zh-Hant = "銷售代表"}', "title = 5", "a text for each", "zh-Hant", 3),
        (
            "[bands]",
            "[[schedule]]\nuntil = 1.5\nweights = {'a.b' = 1}\n[bands]",
            "to 1200, not 1.5",
            "until = 1, without",
            37,
        ),
        ("[bands]", "[coefficient]\nkind = 'steps'\nsteps = [[0, -1]]\n[bands]", "-1 is negative", "0 is", None),
        ('period = "2017-Q1"', 'period = "2017-01"', "is a month", "name a quarter", 27),
        ('id = "sales_rep"', f'id = "{"a" * 101}"', "more than 100 characters", "shorter", 2),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    old: str, new: str, message: str, hint: str | None, line: int | None
) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read_card(CARD.replace(old, new, 1), "cards/sales_rep.toml")
    error = caught.value
    assert message in error.message
    assert error.where
    assert error.hint
    assert "Decimal(" not in str(error)
    if hint:
        assert hint in error.hint
    if line:
        assert str(error.where).split(" ")[0] == f"cards/sales_rep.toml:{line}"


@pytest.mark.parametrize(
    ("addition", "named"),
    [("[pilot]", "pilots")],
)
def test_what_is_not_built_yet_is_refused_by_name(addition: str, named: str) -> None:
    with pytest.raises(Refused) as caught:
        read_card(CARD + addition)
    assert caught.value.code == "not_built"
    assert caught.value.message.startswith(named)


def test_a_card_may_say_targets_of_other_levels() -> None:
    card = read_card(CARD.replace('subject = "Anna Snelling"', 'subject = "north"\nlevel = "team"'))
    assert isinstance(card, Scorecard)
    assert [(target.level, target.subject) for target in card.targets] == [("team", "north")]


def test_a_target_of_another_indicator_or_twice_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match=r"did you mean sales\.win_rate") as caught:
        read_card(CARD + '[[target]]\nindicator = "sales.winrate"\nvalue = "1"')
    assert caught.value.code == "unknown_indicator"
    again = CARD[CARD.index("[[target]]") : CARD.index("[empty]")]
    with pytest.raises(InvalidDefinition, match="the same as"):
        read_card(CARD + again)


def test_a_folder_gives_its_files_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidDefinition, match=r"no \*.toml"):
        rule_files(tmp_path)
    for name in ("b.toml", "a.toml", "notes.txt"):
        (tmp_path / name).write_text(CARD, "utf-8")
    assert [path.name for path in rule_files(tmp_path)] == ["a.toml", "b.toml"]
    assert load_card_file(tmp_path / "a.toml") == read_card(CARD)
    with pytest.raises(InvalidDefinition, match="no such file"):
        rule_files(tmp_path / "c.toml")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    path.write_bytes(b"[scorecard]\nid = '\xff'")
    with pytest.raises(InvalidDefinition, match="not UTF-8"):
        load_card_file(path)
    path.write_bytes("\ufeff".encode() + CARD.encode())
    assert load_card_file(path) == read_card(CARD)


def test_weights_name_indicators_in_quotes(tmp_path: Path) -> None:
    path = tmp_path / "weights.toml"
    path.write_text('[weights]\n"sales.revenue_won" = "45.5"\n"sales.win_rate" = 54.5\n', "utf-8")
    assert load_weights(path) == Weights({"sales.revenue_won": "45.5", "sales.win_rate": "54.5"})
    rest = read_weights(
        '[weights]\n"sales.win_rate" = "40"\nrest = "proportional"\nlocked = ["risk.compliance_rate"]\n'
    )
    assert rest == Weights({"sales.win_rate": 40}, "proportional", ["risk.compliance_rate"])
    for wrong in ('rest = "evenly"', 'locked = "risk.compliance_rate"', "locked = [1]"):
        with pytest.raises(InvalidDefinition):
            read_weights(f'[weights]\n"sales.win_rate" = "40"\n{wrong}\n')
    with pytest.raises(InvalidDefinition, match="quote indicator ids"):
        read_weights("[weights]\nsales.win_rate = 100")
    with pytest.raises(InvalidDefinition, match=r"no \[weights\]"):
        read_weights("")


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@st.composite
def written_cards(draw: st.DrawFn) -> tuple[str, list[Decimal], list[Decimal]]:
    """The text of a card, with its weights and targets."""
    indicators = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=len(indicators) - 1, max_size=len(indicators) - 1)))
    bounds = zip([0, *cuts], [*cuts, 10_000], strict=True)
    weights = [Decimal(high - low).scaleb(-2) for low, high in bounds]
    targets = [draw(NUMBERS) for _ in indicators]
    title = json.dumps(draw(TEXTS), ensure_ascii=False)
    lines = "".join(
        f'[[line]]\nindicator = "p.{name}"\nweight = {draw(st.sampled_from([f"{weight:f}", json.dumps(f"{weight:f}")]))}\n'
        f'target = "{target:f}"\n'
        for name, weight, target in zip(indicators, weights, targets, strict=True)
    )
    head = f'[scorecard]\nid = "{draw(NAMES)}"\ntitle = {title}\nrole = "r"\nperiod = "month"\neffective = 2026-02-01\n'
    return head + lines, weights, targets


@given(written_cards())
def test_what_is_written_is_what_is_read_and_recorded(written: tuple[str, list[Decimal], list[Decimal]]) -> None:
    text, weights, targets = written
    card = read_card(text)
    assert isinstance(card, Scorecard)
    assert [line.weight for line in card.lines] == weights
    assert [line.target for line in card.lines] == targets
    assert sum(line.weight for line in card.lines) == 100
    assert from_document(json.loads(canonical_json(to_document(card)))) == card
