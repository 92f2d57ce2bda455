"""A sealed evaluation replays to the last digit, whatever happens to facts, rules and plugins afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from kpicore.definitions.algebra.builders import count, total
from kpicore.definitions.book import Definitions
from kpicore.definitions.relations import Relation
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import recalled, replay, seal
from kpicore.ledger.records import Batch
from kpicore.ledger.rows import check_keys
from tests.rulebook import BOOK, CARD, REVENUE, WIN_RATE, Office

COUNTED = Relation(
    "sales.counted_deal",
    {"en": "Counted deals", "zh-Hant": "列計交易"},
    "select d.deal_id, d.occurred_at, d.owner_id, d.amount from deal_won d where d.amount >= 0",
    "deal_id",
)
FIRST = BOOK.merged(Definitions.of([COUNTED, attrs.evolve(REVENUE, measure=total("sales.counted_deal", "amount"))]))
WEIGHTS = CARD.replace('"60"', '"70"').replace('weight = "40"', 'weight = "30"')
TARGETS = CARD.replace('target = "1000"', 'target = "7"')


def retract(office: Office, fact_type: str, *keys: str) -> None:
    definition = office.book.fact_types[fact_type]
    table, refused = check_keys(definition, list(keys))
    assert not refused
    office.ledger.record([Batch(definition, table, "crm", f"take {keys}", kind="retraction", reason="a test deal")])


def upgrade(office: Office, *definitions: object, adopt: bool = True) -> None:
    office.book = office.book.merged(Definitions.of(definitions))
    if adopt:
        office.apply(CARD, reason="the new version")


def remove(office: Office) -> None:
    office.book = Definitions.of(())


FORMULA = attrs.evolve(WIN_RATE, measure=count("deal_won") / count("deal_lost"))
RELATION = attrs.evolve(COUNTED, sql=COUNTED.sql.replace(">= 0", ">= 500"))
EVENTS: dict[str, Callable[[Office], object]] = {
    "other weights for the past": lambda office: office.apply(WEIGHTS, effective="2016-01-01"),
    "other weights for the same quarter": lambda office: office.apply(WEIGHTS),
    "other weights for the future": lambda office: office.apply(WEIGHTS, effective="2030-01-01"),
    "other targets for the past": lambda office: office.apply(TARGETS, effective="2016-01-01"),
    "other targets inside the quarter": lambda office: office.apply(TARGETS, effective="2017-02-01"),
    "other targets for the future": lambda office: office.apply(TARGETS, effective="2030-01-01"),
    "another zone": lambda office: office.apply("[organisation]\ntimezone = 'America/New_York'\n"),
    "late facts in the sealed quarter": lambda office: office.won(("late", "ann", 5000), ("later", "eve", 1)),
    "a correction in the sealed quarter": lambda office: office.won(("d1", "bob", 1)),
    "a correction that leaves the quarter": lambda office: office.won(("d1", "ann", 600), day="2018-02-01"),
    "a retraction in the sealed quarter": lambda office: retract(office, "deal_won", "d1", "d3"),
    "everything retracted": lambda office: [
        retract(office, "deal_won", "d1", "d2", "d3"),
        retract(office, "deal_lost", "d4", "d5"),
    ],
    "another formula installed": lambda office: upgrade(office, FORMULA, adopt=False),
    "another formula applied": lambda office: upgrade(office, FORMULA),
    "the relation under it installed": lambda office: upgrade(office, RELATION, adopt=False),
    "the relation under it applied": lambda office: upgrade(office, RELATION),
    "the plugin uninstalled": remove,
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path, FIRST)
    office.apply(CARD)
    office.won(("d1", "ann", 600), ("d2", "ann", 300), ("d3", "bob", 1800))
    office.lost(("d4", "ann"), ("d5", "cid"))
    yield office
    office.close()


def sealed(office: Office) -> str:
    return seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr").id


def holds(office: Office, evaluation: str) -> None:
    found = replay(office.world, evaluation)
    assert (found.identical, found.differences) == (True, ())
    assert recalled(office.world, evaluation).digest == found.digest


@pytest.mark.parametrize("event", EVENTS)
def test_replay_is_identical_after(event: str, office: Office) -> None:
    evaluation = sealed(office)
    EVENTS[event](office)
    holds(office, evaluation)


def test_replay_is_identical_after_all_of_them_and_from_the_file_alone(office: Office) -> None:
    evaluation = sealed(office)
    for event in EVENTS.values():
        event(office)
    holds(office, evaluation)
    name = Path(office.ledger.path).name
    office.ledger.close()
    other = Office(office.folder, Definitions.of(()), name)
    try:
        holds(other, evaluation)
    finally:
        other.close()
