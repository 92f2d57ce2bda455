"""Awards as data: read from files with their places, refused where they contradict themselves, written and read back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.canonical import canonical_json
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.card_tables import TomlFile
from kpicore.definitions.cards.scorecards import Coefficient
from kpicore.definitions.checks import check
from kpicore.definitions.codec import digest, from_document, to_document
from kpicore.definitions.plans.award_checks import check_award, check_award_cards
from kpicore.definitions.plans.award_files import UsedAward, read_award
from kpicore.definitions.plans.awards import (
    Base,
    Bonus,
    BonusCaps,
    BonusGate,
    CompanyFactor,
    Eligibility,
    Innovation,
    Prize,
    Rounding,
    Star,
)
from kpicore.definitions.rule_files import load_rules
from kpicore.errors import InvalidDefinition, KpicoreError, NotFound
from tests.rulebook import BOOK, CARD

HEAD = 'id = "x"\ntitle = "X"\nscorecards = ["sales_rep"]\neffective = 2017-01-01\n'
BONUS = f'[award]\nkind = "bonus"\nperiod = "quarter"\ncurrency = "TWD"\n{HEAD}[[base]]\namount = "1"\n'
TABLE = '[coefficient]\nkind = "steps"\nsteps = [["0", "0"], ["120", "1.5"]]\n'
STAR = f'[award]\nkind = "star"\nindicator = "sales.win_rate"\n{HEAD}'
CAREER = f'[award]\nkind = "eligibility"\n{HEAD}'


def read(content: str) -> Any:
    return read_award(TomlFile(content, "award.toml"))


numbers = st.decimals("0", "1000", places=4)
tables = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=4, unique_by=lambda pair: pair[0]).map(
    lambda pairs: Coefficient("linear", tuple(pairs))
)
heads = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["x", "sales.x"]),
        "title": st.just({"en": "X", "zh-Hant": "獎"}),
        "scorecards": st.sampled_from([("a",), ("a", "b")]),
        "effective": st.none() | st.just("2017-01-01"),
        "why": st.none() | st.just("so"),
    }
)
prizes = st.none() | st.builds(
    Prize, numbers, st.just("TWD"), st.sampled_from(["share", "each"]), st.builds(Rounding, st.integers(0, 4))
)
bonuses = st.builds(
    lambda head, **parts: Bonus(**head, period="quarter", currency="TWD", **parts),
    heads,
    bases=st.lists(
        st.builds(Base, numbers, st.none() | st.text("ab", min_size=1)), min_size=1, unique_by=lambda b: b.subject
    ),
    coefficient=st.none() | tables,
    company=st.none() | st.builds(CompanyFactor, st.just("company"), tables) | st.builds(CompanyFactor, value=numbers),
    gates=st.lists(
        st.builds(BonusGate, st.none() | st.just("sales.win_rate"), numbers, st.none() | numbers), max_size=2
    ),
    caps=st.builds(BonusCaps, st.dictionaries(st.just("sales.win_rate"), numbers), st.none() | numbers),
    prorate=st.booleans(),
    rounding=st.builds(Rounding, st.integers(0, 4), st.sampled_from(["half_even", "half_up", "down"])),
)
awards = st.one_of(
    bonuses,
    st.builds(
        lambda head, least, prize: Star(**head, indicator="sales.win_rate", least_sample=least, prize=prize),
        heads,
        st.none() | numbers,
        prizes,
    ),
    st.builds(
        lambda head, least, prize: Innovation(**head, indicator="sales.win_rate", at_least=least, prize=prize),
        heads,
        numbers,
        prizes,
    ),
    st.builds(
        lambda head, least, length: Eligibility(**head, at_least=least, length=length),
        heads,
        numbers,
        st.integers(1, 9),
    ),
)


@given(awards)
def test_documents_read_back_as_what_was_written(award: Any) -> None:
    check_award(award)
    document = to_document(award)
    again = from_document(document)
    assert again == award
    assert (canonical_json(to_document(again)), digest(again)) == (canonical_json(document), digest(award))


def test_what_is_not_said_is_not_in_the_document() -> None:
    assert to_document(read(CAREER)) == {
        "kind": "eligibility",
        "id": "x",
        "title": {"en": "X", "zh-Hant": "X"},
        "scorecards": ["sales_rep"],
        "effective": "2017-01-01",
    }


def test_a_whole_bonus_is_read_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "bases.csv").write_text("subject,role,amount\nAnn,,50000.5\n,sales,20000\n", "utf-8-sig")
    file = tmp_path / "bonus.toml"
    file.write_text(
        BONUS.replace("[[base]]", 'bases = "bases.csv"\nprorate = false\nwhy = "so"\n[[base]]')
        + TABLE
        + '[company]\nscorecard = "company"\nkind = "linear"\nsteps = [["80", "0.8"], ["120", "1.2"]]\n'
        + '[[gate]]\nindicator = "sales.win_rate"\nbelow = "0.5"\nfactor = "0.5"\nempty = "close"\nwhy = "w"\n'
        + '[caps]\nindicators = {"sales.revenue_won" = "1.5"}\ntotal = "150"\ncoefficient = "1.5"\npayout = "90000"\n'
        + '[rounding]\nplaces = 2\nmode = "down"\n',
        "utf-8",
    )
    [(award, place)] = load_rules(file)
    assert place == str(file)
    assert award == Bonus(
        "x",
        {"en": "X", "zh-Hant": "X"},
        ("sales_rep",),
        "quarter",
        "TWD",
        [Base(Decimal(1)), Base(Decimal("50000.5"), "Ann"), Base(Decimal(20000), None, "sales")],
        "2017-01-01",
        Coefficient("steps", ((Decimal(0), Decimal(0)), (Decimal(120), Decimal("1.5")))),
        CompanyFactor(
            "company", Coefficient("linear", ((Decimal(80), Decimal("0.8")), (Decimal(120), Decimal("1.2"))))
        ),
        [BonusGate("sales.win_rate", Decimal("0.5"), None, Decimal("0.5"), "close", "w")],
        BonusCaps({"sales.revenue_won": Decimal("1.5")}, Decimal(150), Decimal("1.5"), Decimal(90000)),
        False,
        Rounding(2, "down"),
        "so",
    )


def test_a_plugins_award_is_used_with_what_the_file_says_otherwise() -> None:
    found = read(
        '[award]\nuse = "content.star"\nscorecards = ["a"]\neffective = 2017-01-01\n[prize]\namount = "5"\ncurrency = "TWD"\n'
    )
    assert found == UsedAward("content.star", "2017-01-01", ("a",), Prize(Decimal(5), "TWD"))
    assert read('[award]\nuse = "content.star"\neffective = 2017-01-01\n') == UsedAward("content.star", "2017-01-01")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"[award]\n{HEAD}", "kind is missing"),
        (f'[award]\nkind = "bonuss"\n{HEAD}', "did you mean bonus"),
        (BONUS.replace("quarter", "quarters"), "did you mean quarter"),
        (BONUS.replace('["sales_rep"]', "[]"), "scorecards must be a list of texts"),
        (BONUS.replace('["sales_rep"]', '["a", "a"]'), "each named once"),
        (BONUS.replace("TWD", "twd"), "'twd' is not a currency"),
        (BONUS + '[company]\nperiods = {"2017-Q5" = "1"}\n', "'2017-Q5' is not a period"),
        (BONUS + "[company]\n", "follows from a scorecard, or is set by hand"),
        (BONUS + '[company]\nperiods = {"2017-01" = "1"}\n', "2017-01 is a month; the award goes by quarter"),
        (BONUS.replace('[[base]]\namount = "1"\n', ""), "a bonus needs a base"),
        (BONUS.replace('"1"', '"-1"'), "amount cannot be -1"),
        (BONUS.replace('"1"', '"0.00001"'), "amount cannot be 0.00001"),
        (BONUS + '[[base]]\namount = "2"\n', "two bases for everyone"),
        (BONUS + '[[base]]\namount = "2"\nsubject = "a"\nrole = "b"\n', "for a subject or for a role"),
        (BONUS + '[[base]]\nrole = "b"\n', "amount is missing"),
        (BONUS + "prorat = true\n", "unknown key 'prorat'"),
        (BONUS.replace("[[base]]", 'prorate = "no"\n[[base]]'), "prorate must be true or false"),
        (BONUS + TABLE.replace('["0", "0"], ', ""), "nothing is said of totals below 120"),
        (BONUS + TABLE.replace('["0", "0"], ', '["120", "1"], '), "two steps begin at the total 120"),
        (BONUS + TABLE.replace('"steps"', '"linear"', 1).replace('["0", "0"], ', ""), "linear needs two steps"),
        (
            BONUS + TABLE + '[company]\nkind = "steps"\nsteps = [["0", "1"]]\n',
            "follows from a scorecard, or is set by hand",
        ),
        (
            BONUS + TABLE + '[company]\nscorecard = "c"\nvalue = "1"\nkind = "steps"\nsteps = [["0", "1"]]\n',
            "set by hand",
        ),
        (BONUS + TABLE + '[company]\nscorecard = "c"\n', "kind is missing"),
        (BONUS + TABLE + '[company]\nvalue = "-1"\n', "a factor cannot be -1"),
        (BONUS + TABLE + "[[gate]]\n", "below or above"),
        (BONUS + TABLE + '[[gate]]\nbelow = "1"\nfactor = "-1"\n', "factor cannot be -1"),
        (BONUS + TABLE + '[[gate]]\nbelow = "1"\nempty = "open"\n', "empty cannot be 'open'"),
        (BONUS + TABLE + '[caps]\nindicators = {sales.win_rate = "1"}\n', "sales must be a number"),
        (BONUS + TABLE + '[caps]\npayout = "-1"\n', "payout cannot be -1"),
        (BONUS + TABLE + "[rounding]\nplaces = 5\n", "places must be a whole number from 0 to 4"),
        (BONUS + TABLE + '[rounding]\nmode = "halfeven"\n', "did you mean half_even"),
        (BONUS + "[prize]\n", "unknown table or key 'prize'"),
        (STAR + "[rounding]\nplaces = 1\n", "there is no money to round"),
        (STAR + '[prize]\namount = "1"\ncurrency = "NT$"\n', "not a currency"),
        (STAR + '[prize]\namount = "1"\ncurrency = "TWD"\nties = "both"\n', "ties cannot be 'both'"),
        (STAR.replace('indicator = "sales.win_rate"\n', ""), "indicator is missing"),
        (STAR.replace("[award]", '[award]\nleast_sample = "-1"'), "least_sample cannot be -1"),
        (CAREER.replace("[award]", "[award]\nlength = 0"), "length must be a whole number from 1 to 60"),
        ('[award]\nuse = "content.star"\n', "effective is missing"),
        ('[award]\nuse = "content.star"\neffective = 2017-01-01\nkind = "star"\n', "unknown key 'kind'"),
    ],
)
def test_what_does_not_hold_together_is_refused_with_its_place(content: str, said: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read(content)
    assert said in str(caught.value)
    assert str(caught.value.where).startswith(("award.toml", "award x"))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("name,amount\na,1\n", "unknown column 'name'"),
        ("subject,role\na,b\n", "no column amount"),
        ("subject,amount\na\n", "amount is missing"),
        ("subject,amount\na,1,2\n", "3 cells under 2 columns"),
        (None, "cannot be read"),
        ("subject,amount\na,lots\n", "must be a number"),
        ('subject,amount\n"a,1\n', "is not CSV"),
    ],
)
def test_a_table_of_bases_is_refused_with_its_line(tmp_path: Path, table: str | None, said: str) -> None:
    if table is not None:
        (tmp_path / "bases.csv").write_text(table, "utf-8")
    file = tmp_path / "bonus.toml"
    file.write_text(BONUS.replace("[[base]]", 'bases = "bases.csv"\n[[base]]'), "utf-8")
    with pytest.raises(InvalidDefinition, match=said) as caught:
        load_rules(file)
    assert "bases.csv" in str(caught.value.where)


@pytest.mark.parametrize("name", ["/etc/hostname", "../bases.csv", "a/../../bases.csv"])
def test_a_table_of_bases_is_beside_the_award(tmp_path: Path, name: str) -> None:
    (tmp_path / "bases.csv").write_text("secret\n", "utf-8")
    file = tmp_path / "awards" / "bonus.toml"
    file.parent.mkdir()
    file.write_text(BONUS.replace("[[base]]", f'bases = "{name}"\n[[base]]'), "utf-8")
    with pytest.raises(InvalidDefinition, match="outside the folder of the award") as caught:
        load_rules(file)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("award", "error", "said"),
    [
        (BONUS + TABLE, None, None),
        (BONUS, InvalidDefinition, "neither the award nor scorecard sales_rep has a"),
        (BONUS.replace("quarter", "month") + TABLE, InvalidDefinition, "goes by quarter, the award by month"),
        (BONUS.replace("sales_rep", "sales_reb") + TABLE, NotFound, "did you mean sales_rep"),
        (
            BONUS.replace('amount = "1"', 'amount = "1"\nrole = "content"') + TABLE,
            InvalidDefinition,
            "no base for the role sales",
        ),
        (
            BONUS + TABLE + '[company]\nscorecard = "sales_rep"\nkind = "steps"\nsteps = [["0", "1"]]\n',
            InvalidDefinition,
            "level person",
        ),
        (
            BONUS + TABLE + '[[gate]]\nindicator = "sales.losses"\nabove = "1"\n',
            NotFound,
            "sales.losses is not on scorecard",
        ),
        (BONUS + TABLE + '[caps]\nindicators = {"sales.losses" = "1"}\n', NotFound, "on none of the scorecards"),
        (STAR.replace("[award]", '[award]\nperiod = "quarter"'), None, None),
        (STAR, InvalidDefinition, "goes by quarter, the award by month"),
        (
            STAR.replace("[award]", '[award]\nperiod = "quarter"').replace("win_rate", "win_rat"),
            NotFound,
            "did you mean sales.win_rate",
        ),
        (CAREER, None, None),
        (CAREER.replace('["sales_rep"]', '["sales_rep", "team"]'), InvalidDefinition, "different levels: person, team"),
    ],
)
def test_the_scorecards_of_an_award_must_serve_it(
    award: str, error: type[KpicoreError] | None, said: str | None
) -> None:
    cards: Any = [
        read_card(CARD),
        read_card(CARD.replace("sales_rep", "team", 1).replace("role =", 'level = "team"\nrole =')),
    ]
    if error is None:
        check_award_cards(read(award), cards, "award.toml")
        return
    with pytest.raises(error, match=said):
        check_award_cards(read(award), cards, "award.toml")


def test_a_plugins_awards_are_checked_with_what_they_refer_to() -> None:
    star = Star("sales.star", "Star", (), "sales.win_rate")
    book = BOOK.merged(Definitions({"sales.star": star}))
    check(book, ["sales.star"])
    assert book.awards == {"sales.star": star}
    assert book.references("sales.star") == {"sales.win_rate"}
    assert book.meaning("sales.star") != book.meaning("sales.win_rate")
    lost = Definitions({"sales.star": Star("sales.star", "Star", (), "sales.win_rat")})
    with pytest.raises(InvalidDefinition, match=r"did you mean sales\.win_rate"):
        check(BOOK.merged(lost), ["sales.star"])
