"""Snapshots: a source's whole state, recorded as what it changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.definitions.facts import FactType
from kpicore.ledger.store import Ledger
from kpicore.sources import import_files
from tests.unit.sources.desk import DEALS, Desk

HEAD = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
CRM = DEALS.replace('"append"', '"snapshot"')
CRM += CRM[CRM.index("[[fact]]") :].replace("deal_won", "deal_lost").replace("'Won'", "'Lost'")


def state(**deals: tuple[str, int]) -> str:
    return HEAD + "".join(
        f"{key},Anna,GTXPro,Acme,{stage},,2026-01-01,{value}\n" for key, (stage, value) in deals.items()
    )


def known(desk: Desk) -> dict[str, dict[str, Decimal]]:
    return {
        name: {row["deal_id"]: row["amount"] for row in desk.facts(name) if row["source"] == "map"}
        for name in ("deal_won", "deal_lost")
    }


def test_a_deal_that_goes_from_won_to_lost_leaves_no_won_deal(desk: Desk) -> None:
    desk.run(desk.write("1.csv", state(A=("Won", 1), B=("Won", 2), C=("Open", 0))), map=CRM)
    report = desk.run(desk.write("2.csv", state(A=("Lost", 1), B=("Won", 3), C=("Won", 4))), map=CRM)
    assert known(desk) == {"deal_won": {"B": Decimal(3), "C": Decimal(4)}, "deal_lost": {"A": Decimal(1)}}
    facts = {fact["fact_type"]: fact for fact in report.to_document()["facts"]}
    assert (facts["deal_won"]["rows"], facts["deal_won"]["retracted"], facts["deal_won"]["unchanged"]) == (2, 1, 0)
    assert facts["deal_lost"]["rows"] == 1
    headers = [header for header in desk.ledger.headers() if header.kind == "retraction"]
    assert [(header.rows, header.reason) for header in headers] == [(1, "no longer in 2.csv")]


def test_only_what_is_new_or_differs_is_recorded(desk: Desk) -> None:
    deals = {f"D{n}": ("Won", n) for n in range(1_000)}
    path = desk.write("1.csv", state(**deals))
    desk.run(path, map=CRM)
    again = desk.run(path, map=CRM)
    assert (again.changed, again.facts["deal_won"].unchanged) == (False, 1_000)
    changed = desk.run(desk.write("2.csv", state(**deals | {"D7": ("Won", 70), "D1000": ("Won", 1)})), map=CRM)
    assert (changed.facts["deal_won"].rows, changed.facts["deal_won"].unchanged) == (2, 999)


def test_a_state_may_come_back(desk: Desk) -> None:
    first, second = desk.write("1.csv", state(A=("Won", 1))), desk.write("2.csv", state(B=("Won", 2)))
    for path in (first, second, first, second, first):
        assert desk.run(path, map=CRM).changed
    assert known(desk)["deal_won"] == {"A": Decimal(1)}


def test_several_files_are_one_state(desk: Desk) -> None:
    one, two = desk.write("1.csv", state(A=("Won", 1))), desk.write("2.csv", state(B=("Won", 2), A=("Won", 3)))
    report = desk.run(one, two, map=CRM)
    assert known(desk)["deal_won"] == {"A": Decimal(3), "B": Decimal(2)}
    assert [file.file for file in report.files] == ["1.csv, 2.csv"]
    assert not desk.run(one, two, map=CRM).changed


def test_other_sources_are_left_alone(desk: Desk) -> None:
    desk.run(desk.write("1.csv", state(A=("Won", 1))), map=CRM, source="erp")
    desk.run(desk.write("2.csv", state(B=("Won", 2))), map=CRM)
    assert {(row["source"], row["deal_id"]) for row in desk.facts()} == {("erp", "A"), ("map", "B")}


def test_a_refused_row_refuses_the_state(desk: Desk) -> None:
    desk.run(desk.write("1.csv", state(A=("Won", 1), B=("Won", 2))), map=CRM)
    bad = desk.write("2.csv", state(A=("Won", 1), B=("Won", 2)).replace(",2\n", ",x\n"))
    for keep_good in (False, True):
        error = desk.refused(bad, map=CRM, keep_good=keep_good)
        assert error.refused == 1
    assert "need all rows" in str(error.hint)
    assert len(known(desk)["deal_won"]) == 2


def test_an_empty_state_is_refused_but_one_without_won_deals_is_not(desk: Desk) -> None:
    desk.run(desk.write("1.csv", state(A=("Won", 1))), map=CRM)
    assert desk.refused(desk.write("2.csv", HEAD), map=CRM).code == "empty_snapshot"
    desk.run(desk.write("3.csv", state(A=("Open", 1))), map=CRM)
    assert known(desk)["deal_won"] == {}


def test_a_corrected_or_retracted_fact_comes_back_as_the_state_says(desk: Desk) -> None:
    path = desk.write("1.csv", state(A=("Won", 1), B=("Won", 2)))
    desk.run(path, map=CRM)
    other = DEALS.replace('"append"', '"snapshot"').replace("= 'Won'", "= 'Won' and opportunity_id = 'A'")
    desk.run(desk.write("2.csv", state(A=("Won", 9))), map=other)
    assert known(desk)["deal_won"] == {"A": Decimal(9)}
    desk.run(path, map=CRM)
    assert known(desk)["deal_won"] == {"A": Decimal(1), "B": Decimal(2)}


def test_append_and_snapshot_entries_are_one_transaction(desk: Desk) -> None:
    mixed = CRM[: CRM.rindex("[[fact]]")] + CRM[CRM.rindex("[[fact]]") :].replace('"snapshot"', '"append"')
    report = desk.run(desk.write("1.csv", state(A=("Won", 1), B=("Lost", 2))), map=mixed)
    assert {name: fact.rows for name, fact in report.facts.items()} == {"deal_won": 1, "deal_lost": 1}
    desk.run(desk.write("2.csv", state(C=("Lost", 2))), map=mixed)
    assert known(desk) == {"deal_won": {}, "deal_lost": {"B": Decimal(2), "C": Decimal(2)}}


def test_complete_until_moves_on_though_nothing_changed(desk: Desk) -> None:
    path = desk.write("1.csv", state(A=("Won", 1)))
    for month, changed in (("03", True), ("04", True), ("04", False)):
        before = desk.ledger.cut()
        desk.run(path, map=CRM.replace("[file]", f"[file]\ncomplete_until = 2026-{month}-01"))
        assert (desk.ledger.cut() != before) is changed
    assert set(desk.ledger.complete_until(desk.ledger.cut()).values()) == {1_775_001_600_000_000}


def test_two_at_once_end_in_one_of_the_states(desk: Desk) -> None:
    states = [{f"{n}-{k}": ("Won", n) for k in range(30)} | {"S": ("Won", n)} for n in range(4)]
    paths = [desk.write(f"{n}.csv", state(**deals)) for n, deals in enumerate(states)]
    text = desk.write("map.toml", CRM)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda path: desk.run(path, map=text), paths))
    assert known(desk)["deal_won"] in [{key: Decimal(value) for key, (_, value) in deals.items()} for deals in states]


DEAL = st.tuples(st.sampled_from(["Won", "Lost", "Open"]), st.integers(0, 3))


@settings(max_examples=20)
@given(st.lists(st.dictionaries(st.sampled_from("ABCDE"), DEAL, min_size=1), min_size=1, max_size=4))
def test_after_any_states_the_last_one_is_known(
    tmp_path_factory: pytest.TempPathFactory, fact_types: dict[str, FactType], states: list[dict[str, tuple[str, int]]]
) -> None:
    with Ledger.open(":memory:") as ledger:
        desk = Desk(tmp_path_factory.mktemp("states"), ledger, fact_types)
        text = desk.write("map.toml", CRM)
        for number, deals in enumerate(states):
            import_files(ledger, fact_types, [desk.write(f"{number}.csv", state(**deals))], text)
        for stage, name in (("Won", "deal_won"), ("Lost", "deal_lost")):
            assert known(desk)[name] == {key: Decimal(v) for key, (s, v) in states[-1].items() if s == stage}
