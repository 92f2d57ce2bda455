"""The laws find what breaks them: what depends on order, on batches, on what was retracted or lies far off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from kpicore import Indicator, Relation, count, distinct, total
from kpicore.definitions.algebra.measures import Measure
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Organisation
from kpicore.evaluation.history.replay import Replay
from kpicore.evaluation.world import World
from kpicore.ledger.records import Batch
from kpicore.testing import fact_laws, recording
from kpicore.testing.fact_laws import FACT_LAWS, Asked, Broken, Case, Law
from kpicore.testing.recording import Way
from kpicore.testing.strategies import Fact, History
from kpicore.vocabulary import definitions as vocabulary


def fact(name: str, day: int, source: str = "crm", **row: object) -> Fact:
    return Fact(name, source, {"occurred_at": datetime(2026, 3, day, 9, tzinfo=UTC), "owner_id": "ann", **row})


DEALS = tuple(
    fact("deal_won", 9, deal_id=f"d{n}", customer_id="c", amount=amount) for n, amount in enumerate(("5", "7", "9"))
)
HISTORY = History(
    Organisation("UTC"),
    (*DEALS, fact("deal_won", 20, "shop", deal_id="d9", customer_id="e", amount="1", owner_id="bob")),
    (fact("deal_won", 11, deal_id="gone", amount="100"),),
)
#: How many deals there were before, without saying how far back that looks.
FAR = Relation(
    "law.far",
    "deals with those before",
    """select d.deal_id, d.occurred_at, d.owner_id, d.source,
        count(*) over (order by d.occurred_at, d.deal_id, d.source) as nth from deal_won d""",
    "deal_id",
    reads={"deal_won": ("0d", "0d")},
)


def indicator(measure: Measure) -> Indicator:
    return Indicator(
        "law.it", title="it", measure=measure, perspective="performance", roles=["sales"], data_source="CRM"
    )


def case(measure: Measure, history: History = HISTORY, level: str = "person") -> Case:
    one = indicator(measure)
    book = Definitions.of([*vocabulary(), FAR, one])
    return Case(book, [Asked(one, level)], history)  # type: ignore[arg-type]


def broken(law: Law, tried: Case) -> list[Broken]:
    with tried:
        return list(law(tried))


@pytest.mark.parametrize("law", FACT_LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("level", ["person", "team", "company"])
def test_a_sound_indicator_breaks_no_law(law: Law, level: str) -> None:
    assert broken(law, case(total("deal_won", "amount") / count("deal_won"), level=level)) == []


@pytest.mark.parametrize(
    ("wrong", "law", "said"),
    [
        (lambda way, batch: way.shuffled and batch.source == "shop", "rows may come in any order", "bob"),
        (lambda way, batch: way.split and batch.batch_key.endswith(" 2"), "batches may be split anywhere", "ann"),
        (lambda way, batch: batch.kind == "retraction", "retracting a fact equals never recording it", "ann"),
    ],
)
def test_what_a_ledger_forgets_is_found(
    wrong: Callable[[Way, Batch], bool], law: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = recording._batches

    def forgetful(history: History, book: Definitions, way: Way) -> Iterator[Batch]:
        return (batch for batch in whole(history, book, way) if not wrong(way, batch))

    monkeypatch.setattr(recording, "_batches", forgetful)
    [found] = broken(fact_laws.recording, case(count("deal_won")))
    assert found.law.startswith(law)
    assert found.said.startswith(f"{said}, 2026-03: ")


def test_a_relation_that_looks_further_than_it_says_is_found() -> None:
    before = fact("deal_won", 1, deal_id="before", amount="1")
    early = Fact("deal_won", "crm", {**before.row, "occurred_at": datetime(2026, 2, 1, tzinfo=UTC)})
    history = History(Organisation("UTC"), (*HISTORY.facts, early))
    [found] = broken(fact_laws.looking_back, case(count("law.far", where="nth > 1"), history))
    assert found.what == "law.far"


def test_persons_that_do_not_add_up_to_the_company_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_laws, "_adds_up", lambda node: True)
    both = fact("deal_won", 12, deal_id="b", customer_id="c", amount="1", owner_id="bob")
    history = History(Organisation("UTC"), (*HISTORY.facts, both))
    [found] = broken(fact_laws.pooling, case(distinct("deal_won", "customer_id"), history))
    assert found.said == "nobody, 2026-03: the company's numerator is 2, its persons' 3"


def test_a_replay_that_needs_the_plugin_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fact_laws.replay

    def other(world: World, evaluation: str) -> Replay:
        found = whole(world, evaluation)
        return Replay(evaluation, False, found.digest, "other", ({"path": "subjects.0.lines.0.value"},))

    monkeypatch.setattr(fact_laws, "replay", other)
    [found] = broken(fact_laws.replaying, case(count("deal_won")))
    assert found.what == "law.it"


def test_periods_and_shared_scans_that_differ_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fact_laws.measured

    def other(world: object, asked: object, *, share: bool = True, series: str = "2026-02..2026-04") -> object:
        return whole(world, asked, series="2026-03" if not share else series)  # type: ignore[arg-type]

    monkeypatch.setattr(fact_laws, "measured", other)
    [found] = broken(fact_laws.sharing, case(count("deal_won"), level="company"))
    assert found.said.endswith("and then no row")
