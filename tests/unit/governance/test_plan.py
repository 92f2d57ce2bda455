"""Plans: what rule files would change, and what is refused before anything is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from kpicore.definitions.algebra.builders import count
from kpicore.definitions.book import Definitions
from kpicore.errors import InvalidDefinition, InvalidInput, KpicoreError, NotFound
from kpicore.governance.plan import plan
from tests.rulebook import BOOK, CARD, REVENUE, WIN_RATE, Office, indicator


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def planned(office: Office, card: str, name: str = "card.toml") -> object:
    path = office.folder / name
    path.write_text(card, "utf-8")
    return plan(office.world, path)


def said(change: object) -> list[str]:
    return [str(item) for document in change.documents for item in document.differences]


def test_a_new_card_is_added_with_every_line_and_what_it_uses(office: Office) -> None:
    change = planned(office, CARD)
    [document] = change.documents
    assert (document.kind, document.name, document.status) == ("scorecard", "sales_rep", "added")
    assert "sales.revenue_won: weight — → 60" in said(change)
    assert "band A — → 110" in said(change)
    added = {item.name: item.kind for item in change.definitions if item.status == "added"}
    assert added.items() >= {
        ("sales.revenue_won", "indicator"),
        ("sales.win_rate", "indicator"),
        ("deal_won", "fact_type"),
        ("deal_lost", "fact_type"),
        ("ratio", "curve"),
        ("employee_assigned", "fact_type"),
    }
    assert "sales.losses" not in added
    assert not change.empty
    assert change.to_document()["documents"][0]["effective"] == "2017-01-01"


def test_what_is_in_force_is_unchanged(office: Office) -> None:
    office.apply(CARD)
    change = planned(office, CARD)
    assert change.empty
    assert change.to_document()["definitions"] == []
    # A later date with the same content changes nothing either.
    assert planned(office, CARD.replace("2017-01-01", "2017-04-01")).empty


def test_changes_name_old_and_new(office: Office) -> None:
    office.apply(CARD)
    other = (
        CARD.replace('weight = "60"', 'weight = "50"')
        .replace('weight = "40"', 'weight = "30"')
        .replace('target = "1000"', 'target = "1200.50"')
        .replace('cap = "1.5"', 'params = {basis = "booked"}')
        .replace("[bands]", '[[line]]\nindicator = "sales.losses"\nweight = "20"\ntarget = "3"\n[bands]')
        .replace('A = "110"', 'A = "120"')
        + '[[target]]\nindicator = "sales.win_rate"\nsubject = "ann"\nperiod = "2017-Q1"\nvalue = "0.6"\n'
    )
    change = planned(office, other)
    assert change.documents[0].status == "changed"
    assert said(change) == [
        "sales.revenue_won: weight 60 → 50",
        "sales.revenue_won: target 1000 → 1200.5",
        "sales.revenue_won: cap 1.5 → —",
        "sales.revenue_won: param basis — → booked",
        "sales.win_rate: weight 40 → 30",
        "sales.losses: weight — → 20",
        "sales.losses: target — → 3",
        "sales.win_rate: target of ann in 2017-Q1 — → 0.6",
        "band A 110 → 120",
    ]


def test_a_line_that_goes_is_named(office: Office) -> None:
    office.apply(CARD)
    only = CARD[: CARD.index('[[line]]\nindicator = "sales.win_rate"')].replace('"60"', '"100"')
    assert said(planned(office, only))[:2] == ["sales.revenue_won: weight 60 → 100", "sales.win_rate: weight 40 → —"]


def test_a_version_is_compared_with_what_is_in_force_on_its_date(office: Office) -> None:
    office.apply(CARD)
    later = CARD.replace("2017-01-01", "2017-07-01").replace('"60"', '"70"').replace('"40"', '"30"')
    office.apply(later)
    assert planned(office, CARD).empty
    assert "sales.revenue_won: weight 70 → 60" in said(planned(office, CARD.replace("2017-01-01", "2017-10-01")))
    earlier = planned(office, CARD.replace("2017-01-01", "2016-01-01"))
    assert earlier.documents[0].status == "added"


def test_an_upgraded_definition_shows_with_both_digests_and_counts_only_after_apply(office: Office) -> None:
    office.apply(CARD)
    office.apply(CARD.replace('"sales_rep"', '"closer"'))
    upgraded = attrs.evolve(WIN_RATE, measure=count("deal_won") / count("deal_lost"))
    retitled = attrs.evolve(REVENUE, title={"en": "Won value", "zh-Hant": "成交額"})
    office.book = office.book.merged(Definitions.of([upgraded, retitled]))
    assert office.world.definitions.indicators["sales.win_rate"] == WIN_RATE
    change = planned(office, CARD)
    assert change.documents[0].status == "unchanged"
    assert not change.empty
    moved = {item.name: item for item in change.definitions if item.status == "changed"}
    assert set(moved) == {"sales.revenue_won", "sales.win_rate"}
    assert moved["sales.win_rate"].old_digest != moved["sales.win_rate"].new_digest
    assert moved["sales.win_rate"].meaning
    assert not moved["sales.revenue_won"].meaning
    assert moved["sales.win_rate"].used_by == ("closer", "sales_rep")
    office.apply(CARD)
    assert office.world.definitions.indicators["sales.win_rate"] == upgraded
    assert planned(office, CARD).empty


def test_settings_are_planned_like_cards(office: Office) -> None:
    text = "[organisation]\ntimezone = 'Asia/Taipei'\nfiscal_year_start = 4\n"
    change = planned(office, text)
    assert said(change) == ["timezone — → Asia/Taipei", "fiscal_year_start — → 4", "restatement — → corrective"]
    office.apply(text)
    assert planned(office, text).empty
    assert said(planned(office, text.replace("Taipei", "Tokyo"))) == ["timezone Asia/Taipei → Asia/Tokyo"]


@pytest.mark.parametrize(
    ("old", "new", "error", "code", "hint"),
    [
        ("sales.win_rate", "sales.winrate", NotFound, "unknown_indicator", "did you mean sales.win_rate?"),
        ("sales.win_rate", "coffee.cups", NotFound, "unknown_indicator", "no installed plugin provides coffee.*"),
        ('cap = "1.5"', 'params = {bases = "won"}', InvalidInput, "unknown_parameter", "did you mean basis?"),
        ('cap = "1.5"', 'params = {basis = "bookd"}', InvalidInput, "bad_parameter", "did you mean booked?"),
        ('cap = "1.5"', 'credit = "channel"', InvalidDefinition, "wrong_credit", "one of: owner_id"),
        ('cap = "1.5"', 'curve = "liner"', NotFound, "unknown_curve", "did you mean linear?"),
        ('cap = "1.5"', 'curve = "steps"', InvalidDefinition, "invalid_definition", "from, points"),
        ('target = "1000"', "", InvalidDefinition, "missing_target", "[[target]]"),
        ('target = "1000"', 'target = "0"', InvalidDefinition, "target_not_positive", "linear"),
        ('target = "1000"', 'target = "-5"', InvalidDefinition, "target_not_positive", "linear"),
        ('cap = "1.5"', 'curve = "linear"\nzero = "1000"', InvalidDefinition, "zero_beyond_target", "better higher"),
        ('cap = "1.5"', 'zero = "1"', InvalidInput, "unknown_parameter", None),
    ],
)
def test_lines_that_do_not_fit_are_refused(
    office: Office, old: str, new: str, error: type[KpicoreError], code: str, hint: str | None
) -> None:
    with pytest.raises(error) as caught:
        planned(office, CARD.replace(old, new, 1))
    assert caught.value.code == code
    assert "card.toml [[line]]" in str(caught.value.where)
    assert hint is None or hint in str(caught.value.hint)


def test_levels_directions_and_kinds_that_do_not_fit(office: Office) -> None:
    ranged = indicator("sales.drift", count("deal_won"), better="range", levels=["company"])
    base = indicator("sales.base", count("deal_won"), indicator_type="base")
    office.book = office.book.merged(Definitions.of([ranged, base]))
    drift = CARD.replace("sales.win_rate", "sales.drift")
    with pytest.raises(InvalidDefinition, match="level person"):
        planned(office, drift)
    with pytest.raises(InvalidDefinition, match="the nearer it is to its target"):
        planned(office, drift.replace('role = "sales"', 'role = "sales"\nlevel = "company"'))
    with pytest.raises(InvalidDefinition, match="not scored"):
        planned(office, CARD.replace("sales.win_rate", "sales.base"))


def test_a_folder_is_planned_file_by_file_and_twins_are_refused(office: Office) -> None:
    folder = office.folder / "cards"
    folder.mkdir()
    (folder / "b.toml").write_text(CARD, "utf-8")
    (folder / "a.toml").write_text("[organisation]\n", "utf-8")
    change = plan(office.world, folder)
    assert [document.kind for document in change.documents] == ["organisation", "scorecard"]
    (folder / "c.toml").write_text(CARD, "utf-8")
    with pytest.raises(InvalidDefinition, match=r"is in .*b.toml too"):
        plan(office.world, folder)


def test_lint_says_what_is_seldom_wise(office: Office) -> None:
    codes = {concern.code for concern in planned(office, CARD).warnings}
    assert codes == {"only_outcomes", "no_risk"}
    equal = CARD.replace('"60"', '"50"').replace('"40"', '"50"').replace('role = "sales"', 'role = "editor"')
    codes = {concern.code for concern in planned(office, equal.replace('why = "growth"', "")).warnings}
    assert codes == {"only_outcomes", "no_risk", "equal_weights", "other_role", "no_reason"}
    heavy = CARD.replace('"60"', '"61"').replace('"40"', '"39"').replace("sales.win_rate", "sales.losses")
    change = planned(office, heavy)
    assert {concern.code for concern in change.warnings} == {"heavy_weight", "only_outcomes"}
    assert set(change.warnings[0].to_document()["text"]) == {"en", "zh-Hant"}


def test_the_book_of_the_tests_is_sound() -> None:
    assert {"sales.revenue_won", "ratio", "linear"} <= set(BOOK)
