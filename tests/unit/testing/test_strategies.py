"""Generated facts: the ledger takes them, they meet, and what happened on the way is told."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpicore import FactType, Field
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Organisation
from kpicore.ledger.rows import check_rows
from kpicore.testing.strategies import Fact, History, ledgers, rows_of
from kpicore.vocabulary import definitions as vocabulary

BOOK = Definitions.of(vocabulary())
KINDS = FactType(
    "plugin.everything",
    {"en": "everything", "zh-Hant": "一切"},
    "thing_id",
    {
        "thing_id": Field("id"),
        **{kind: Field(kind) for kind in ("text", "boolean", "integer", "money", "decimal", "rate", "instant")},
    },
)


@pytest.mark.parametrize("name", [*BOOK.fact_types, KINDS.name])
def test_rows_of_any_fact_type_pass_its_checks(name: str) -> None:
    fact_type = BOOK.fact_types.get(name, KINDS)

    @settings(max_examples=5, suppress_health_check=list(HealthCheck))
    @given(st.lists(rows_of(fact_type), min_size=20, max_size=20))
    def pass_them(rows: list[dict[str, object]]) -> None:
        table, refused = check_rows(fact_type, rows)
        assert (len(refused), table.num_rows) == (0, len(rows))

    pass_them()


def test_ids_of_one_name_meet_and_nulls_are_among_them() -> None:
    orders, refunds = BOOK.fact_types["order_paid"], BOOK.fact_types["order_refunded"]
    seen: Counter[str] = Counter()

    @settings(max_examples=20)
    @given(st.lists(rows_of(orders), min_size=3), st.lists(rows_of(refunds), min_size=3))
    def look(paid: list[dict[str, object]], back: list[dict[str, object]]) -> None:
        seen["met"] += bool({row["order_id"] for row in paid} & {row["order_id"] for row in back})
        for name in set(orders.fields) - {"order_id", "gross"}:
            seen[name] += any(row[name] is None for row in paid)

    look()
    assert min(seen.values()) > 0


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(ledgers([BOOK.fact_types["deal_won"], BOOK.fact_types["team_defined"]], BOOK))
def test_an_identity_stands_once_whatever_happened_to_it(history: History) -> None:
    told = [*history.facts, *history.withdrawn]
    keys = [
        (fact.fact_type, fact.source, *(fact.row[name] for name in BOOK.fact_types[fact.fact_type].key))
        for fact in told
    ]
    assert len(set(keys)) == len(keys)
    for fact in history.facts:
        if fact.before is not None:
            assert {name: fact.before[name] for name in BOOK.fact_types[fact.fact_type].key}.items() <= fact.row.items()
    assert str(history).count("\n") == len(told)


@settings(max_examples=50)
@given(rows_of(BOOK.fact_types["team_defined"]))
def test_no_team_is_above_itself(row: dict[str, str]) -> None:
    assert row["parent_team_id"] is None or row["parent_team_id"] > row["team_id"]


def test_a_history_without_some_facts_keeps_the_others() -> None:
    one, other, gone = (Fact("deal_won", "crm", {"deal_id": name}) for name in "abc")
    history = History(Organisation(), (one, other), (gone,))
    assert history.without([one, gone]).facts == (other,)
    assert history.without([one, gone]).withdrawn == ()
