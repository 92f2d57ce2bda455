"""A plan says who would move, before anything is applied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from kpicore.definitions.algebra.builders import count, total
from kpicore.definitions.book import Definitions
from kpicore.definitions.relations import Relation
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import replay, seal
from kpicore.evaluation.world import World
from kpicore.governance.changes import Change
from kpicore.governance.plan import plan
from tests.rulebook import BOOK, CARD, REVENUE, WIN_RATE, Office

COUNTED = Relation(
    "sales.counted_deal",
    {"en": "Counted deals", "zh-Hant": "列計交易"},
    "select d.deal_id, d.occurred_at, d.owner_id, d.amount from deal_won d where d.amount >= 0",
    "deal_id",
)
FIRST = BOOK.merged(Definitions.of([COUNTED, attrs.evolve(REVENUE, measure=total("sales.counted_deal", "amount"))]))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, FIRST)
    office.apply(CARD)
    office.won(("d1", "ann", 600), ("d2", "ann", 300), ("d3", "bob", 500))
    office.lost(("d4", "ann"))
    yield office
    office.close()


def planned(office: Office, card: str = CARD, period: str | None = None) -> Change:
    path = office.folder / "planned.toml"
    path.write_text(card, "utf-8")
    return plan(office.world, path, period)


def moved(change: Change) -> list[tuple[str, str, str | None, dict[str | None, tuple[str, str]], int]]:
    return [
        (
            move["scorecard"],
            move["period"],
            move["from"],
            {one["subject"]: (one["from_total"], one["to_total"]) for one in move["subjects"]},
            move["unmoved"],
        )
        for move in change.to_document()["moves"]
    ]


WEIGHTS = CARD.replace('"60"', '"50"').replace('weight = "40"', 'weight = "50"')


def test_other_weights_move_the_last_sealed_period_and_no_fact_is_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert moved(planned(office, WEIGHTS)) == []
    sealed = seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr").id
    positions = office.ledger.cut()

    def no_facts(*_arguments: object) -> None:
        raise AssertionError("a fact was read")

    monkeypatch.setattr(World, "table", no_facts)
    # Ann: 60 × 0.9 + 40 × 4/3; Bob: 60 × 0.5 + 40 × 2.
    before = {"bob": ("110", "125"), "ann": ("107.33333332", "111.66666665")}
    assert moved(planned(office, WEIGHTS)) == [("sales_rep", "2017-Q1", sealed, before, 0)]
    assert office.ledger.cut() == positions


def test_a_period_may_be_named_and_a_new_card_moves_everyone_from_nothing(office: Office) -> None:
    now = evaluate(office.world, "sales_rep", "2017-Q1").id
    [(_, period, origin, subjects, _)] = moved(planned(office, WEIGHTS, "2017-Q1"))
    assert (period, origin) == ("2017-Q1", now)
    assert subjects["bob"] == ("110", "125")
    [(name, _, origin, subjects, _)] = moved(planned(office, CARD.replace('"sales_rep"', '"closer"'), "2017-Q1"))
    assert (name, origin) == ("closer", None)
    assert subjects["bob"] == (None, "110")


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (attrs.evolve(WIN_RATE, measure=count("deal_won") / count("deal_lost")), ("107.33333332", "214")),
        (attrs.evolve(COUNTED, sql=COUNTED.sql.replace(">= 0", ">= 500")), ("107.33333332", "89.33333332")),
    ],
    ids=["another formula", "the relation under it"],
)
def test_an_upgraded_plugin_shows_what_it_would_move_and_counts_only_when_applied(
    office: Office, definition: object, expected: tuple[str, str]
) -> None:
    sealed = seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr").id
    before = evaluate(office.world, "sales_rep", "2017-Q1").digest
    office.book = FIRST.merged(Definitions.of([definition]))
    [(card, _, origin, subjects, _)] = moved(planned(office))
    assert (card, origin) == ("sales_rep", sealed)
    assert subjects["ann"] == expected
    assert evaluate(office.world, "sales_rep", "2017-Q1").digest == before
    office.apply(CARD, reason="the new formula")
    after = {
        one["subject"]: one["total"] for one in evaluate(office.world, "sales_rep", "2017-Q1").to_document()["subjects"]
    }
    assert after["ann"] == expected[1]
    assert replay(office.world, sealed).identical


def test_other_cards_that_a_changed_definition_touches_are_named(office: Office) -> None:
    other = CARD.replace('"sales_rep"', '"closer"')
    office.apply(other)
    office.book = FIRST.merged(Definitions.of([attrs.evolve(WIN_RATE, measure=count("deal_won") / count("deal_lost"))]))
    assert [card for card, *_ in moved(planned(office, CARD, "2017-Q1"))] == ["sales_rep", "closer"]


def test_settings_move_cards_too(office: Office) -> None:
    office.won(("edge", "bob", 400), day="2017-04-01")
    [(card, _, _, subjects, unmoved)] = moved(
        planned(office, "[organisation]\ntimezone = 'America/New_York'\n", "2017-Q1")
    )
    assert (card, unmoved) == ("sales_rep", 1)
    assert subjects == {"bob": ("110", "134")}
