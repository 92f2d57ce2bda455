"""Kpi wires the parts: what is recorded is found, by one thread or many, in this process or a forked one."""

from __future__ import annotations

import multiprocessing
import threading
import types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import kpicore
from kpicore import Conflict, InvalidInput, Kpi, NotFound
from kpicore.evaluation.history.rescore import Revised

DEAL = {"deal_id": "D-1", "occurred_at": datetime(2026, 3, 5, tzinfo=UTC), "owner_id": "ann", "amount": "120.5"}


def deals(*numbers: int) -> list[dict[str, Any]]:
    return [{**DEAL, "deal_id": f"D-{number}"} for number in numbers]


@pytest.fixture
def kpi(tmp_path: Path) -> Iterator[Kpi]:
    with kpicore.open(tmp_path / "kpi.db", threads=1) as opened:
        yield opened


def test_rows_are_recorded_corrected_and_retracted(kpi: Kpi) -> None:
    receipt = kpi.record("deal_won", deals(1, 2), source="crm", batch_key="a")
    assert (receipt.rows, receipt.duplicate) == (2, False)
    assert kpi.record("deal_won", deals(1, 2), source="crm", batch_key="a").duplicate
    kpi.record("deal_won", [{**DEAL, "amount": "7"}], source="crm", batch_key="b", by="ann")
    kpi.retract("deal_won", ["D-2"], source="crm", batch_key="c", reason="a test deal")

    [row] = kpi.facts("deal_won").to_pylist()
    assert (row["deal_id"], str(row["amount"]), row["source"]) == ("D-1", "7.0000", "crm")
    before = kpi.facts("deal_won", cut=receipt.position)
    assert [str(row["amount"]) for row in before.to_pylist()] == ["120.5000", "120.5000"]


def test_rows_may_be_arrow(kpi: Kpi) -> None:
    kpi.record("deal_won", pa.Table.from_pylist(kpi_rows()), source="crm", batch_key="a")
    assert kpi.facts("deal_won").num_rows == 3


def kpi_rows() -> list[dict[str, Any]]:
    from decimal import Decimal

    return [{**row, "amount": Decimal(1)} for row in deals(1, 2, 3)]


def test_refused_rows_are_listed_and_nothing_is_recorded(kpi: Kpi) -> None:
    with pytest.raises(InvalidInput) as caught:
        kpi.record("deal_won", [DEAL, {**DEAL, "deal_id": None}], source="crm", batch_key="a")
    assert caught.value.code == "refused_rows"
    assert [(row.row, row.column) for row in caught.value.rows] == [(1, "deal_id")]
    assert kpi.facts("deal_won").num_rows == 0
    with pytest.raises(InvalidInput):
        kpi.retract("deal_won", [None], source="crm", batch_key="b", reason="none")


def test_the_same_key_with_other_rows_is_a_conflict(kpi: Kpi) -> None:
    kpi.record("deal_won", deals(1), source="crm", batch_key="a")
    with pytest.raises(Conflict):
        kpi.record("deal_won", deals(2), source="crm", batch_key="a")


def test_an_unknown_name_comes_with_the_nearest(kpi: Kpi) -> None:
    with pytest.raises(NotFound, match="did you mean deal_won"):
        kpi.record("deal_win", [DEAL], source="crm", batch_key="a")
    with pytest.raises(NotFound, match=r"did you mean sales\.win_rate"):
        kpi.measure("sales.win_rat", "2026")


def test_a_position_that_was_read_stays_read(kpi: Kpi) -> None:
    kpi.record("deal_won", deals(1), source="crm", batch_key="a")
    first = kpi.world()
    assert kpi.world() is first
    kpi.record("deal_won", deals(2), source="crm", batch_key="b")
    assert kpi.world() is not first
    assert kpi.world(first.cut) is first


def test_threads_share_one_kpi(kpi: Kpi) -> None:
    barrier = threading.Barrier(4)

    def work(number: int) -> tuple[int, str]:
        barrier.wait()
        kpi.record("deal_won", deals(number), source="crm", batch_key=str(number))
        row = kpi.measure("sales.revenue_won", "2026-03", level="company").to_document()["rows"][0]
        return kpi.facts("deal_won").num_rows, row["value"]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(work, range(4)))
    assert all(1 <= count <= 4 for count, _ in found)
    assert kpi.measure("sales.revenue_won", "2026-03", level="company").to_document()["rows"][0]["value"] == "482"


def _child(kpi: Kpi, queue: Any) -> None:
    kpi.record("deal_won", deals(2), source="crm", batch_key="child")
    row = kpi.measure("sales.revenue_won", "2026-03", level="company").to_document()["rows"][0]
    queue.put(row["value"])


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
def test_a_forked_process_opens_everything_anew(kpi: Kpi) -> None:
    kpi.record("deal_won", deals(1), source="crm", batch_key="parent")
    kpi.measure("sales.revenue_won", "2026-03", level="company")
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_child, args=(kpi, queue))
    child.start()
    assert queue.get(timeout=60) == "241"
    child.join(timeout=60)
    assert child.exitcode == 0
    assert kpi.facts("deal_won").num_rows == 2


def test_plugins_are_allowed_by_name_or_handed_over(tmp_path: Path) -> None:
    module = types.ModuleType("mine")
    exec(  # a plugin that exists only here
        "from kpicore import Indicator, count, hookimpl\n"
        "@hookimpl\n"
        "def provide_definitions():\n"
        "    return [Indicator('mine.deals', title='Deals', measure=count('deal_won'), perspective='performance',\n"
        "                      roles='sales', data_source='CRM')]\n",
        module.__dict__,
    )
    with kpicore.open(tmp_path / "kpi.db", plugins=[module]) as kpi:
        kpi.record("deal_won", deals(1, 2), source="crm", batch_key="a")
        assert kpi.measure("mine.deals", "2026-03", level="company").to_document()["rows"][0]["value"] == "2"
        states = {plugin.name: plugin.status for plugin in kpi.catalog.plugins}
        assert states.pop("mine") == "loaded"
        assert set(states.values()) == {"blocked"}
        with pytest.raises(NotFound, match="is blocked"):
            kpi.measure("sales.win_rate", "2026-03")
    with kpicore.open(tmp_path / "kpi.db", plugins=["sales"]) as kpi:
        assert "sales.win_rate" in kpi.definitions.indicators


def test_a_local_plugin_lies_beside_the_ledger(tmp_path: Path) -> None:
    (tmp_path / "kpifile.py").write_text(
        "from kpicore import Indicator, count, hookimpl\n"
        "@hookimpl\n"
        "def provide_definitions():\n"
        "    return [Indicator('local.deals', title='Deals', measure=count('deal_won'), perspective='performance',\n"
        "                      roles='sales', data_source='CRM')]\n"
    )
    with kpicore.open(tmp_path / "kpi.db") as kpi:
        kpi.record("deal_won", deals(1), source="crm", batch_key="a")
        assert kpi.measure("local.deals", "2026-03").to_document()["rows"][0]["subject"] == "ann"


CARD = """
[scorecard]
id = "closing"
title = {en = "Closing", zh-Hant = "成交"}
role = "sales"
period = "month"
effective = 2026-01-01
[[line]]
indicator = "sales.revenue_won"
weight = "60"
target = "100"
[[line]]
indicator = "sales.win_rate"
weight = "40"
target = "1"
"""


def test_what_was_rescored_or_restated_goes_on_like_any_evaluation(kpi: Kpi, tmp_path: Path) -> None:
    (tmp_path / "closing.toml").write_text(CARD, encoding="utf-8")
    kpi.record("deal_won", deals(1), source="crm", batch_key="a")
    kpi.apply(kpi.plan(tmp_path / "closing.toml"), by="hr", reason="first")
    evaluation = kpi.evaluate("closing", "2026-03")
    rescored = kpi.rescore(evaluation, weights={"sales.revenue_won": "50", "sales.win_rate": "50"})
    assert isinstance(rescored, Revised)
    sealed = kpi.seal(rescored, by="hr")
    assert (sealed.id, kpi.replay(sealed).identical) == (rescored.id, True)
    [causes] = [subject["causes"] for subject in kpi.explain(evaluation, rescored).to_document()["subjects"]]
    assert {cause["cause"] for cause in causes} == {"weights"}
    kpi.record("deal_won", deals(2), source="crm", batch_key="b")
    restated = kpi.restate(evaluation)
    assert kpi.report(restated).id == restated.id
    assert kpi.propose(restated, by="hr", reason="late").to_document()["would"]["act"] == "seal"
    assert kpi.seal(restated, by="hr").evaluation == restated.id


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda kpi: kpi.measure("sales.win_rate", 2026), InvalidInput, "2026 is not a period"),
        (lambda kpi: kpi.measure("sales.win_rate", None), InvalidInput, "None is not a period"),
        (lambda kpi: kpi.measure(None, "2026"), NotFound, "None"),
        (lambda kpi: kpi.measure("sales.win_rate", "2026", params="a=b"), InvalidInput, "str names no parameters"),
        (lambda kpi: kpi.evaluate(None, "2026-Q1"), NotFound, "no scorecard None"),
        (lambda kpi: kpi.facts(None), NotFound, "there is no fact type None"),
        (lambda kpi: kpi.retract("deal_won", "D-1", source="a", batch_key="b", reason="c"), InvalidInput, '["D-17"'),
        (
            lambda kpi: kpi.retract("deal_won", None, source="a", batch_key="b", reason="c"),
            InvalidInput,
            "list of keys",
        ),
        (lambda kpi: kpi.replay(None), InvalidInput, "NoneType is not an evaluation"),
        (lambda kpi: kpi.explain(5), InvalidInput, "int is not an evaluation"),
        (lambda kpi: kpi.seal(None, by="hr"), InvalidInput, "NoneType is not an evaluation"),
        (lambda kpi: kpi.report(None), InvalidInput, "NoneType is not an evaluation"),
        (lambda kpi: kpi.apply(None, by="hr", reason="x"), InvalidInput, "NoneType is not a change"),
        (lambda kpi: kpi.rescore("a.2026-Q1.f1.r1", weights=[1]), InvalidInput, "list does not say what weighs"),
        (lambda kpi: kpi.rescore("a.2026-Q1.f1.r1", weights={"a.b": "nan"}), InvalidInput, "'nan' is no weight"),
        (lambda kpi: kpi.propose(None, by="hr", reason="x"), InvalidInput, "NoneType cannot be proposed"),
        (lambda kpi: kpi.apply(kpi.plan(), by=None, reason="x"), InvalidInput, "by is empty"),
    ],
)
def test_arguments_of_other_kinds_are_told(kpi: Kpi, call: Any, error: type[Exception], says: str) -> None:
    """A host that passes the wrong thing learns which, and what to give instead."""
    with pytest.raises(error) as caught:
        call(kpi)
    assert says in str(caught.value)


def test_one_text_is_one_of_a_list_and_a_card_may_be_its_file(kpi: Kpi, tmp_path: Path) -> None:
    (tmp_path / "closing.toml").write_text(CARD, encoding="utf-8")
    (tmp_path / "zone.toml").write_text("[organisation]\ntimezone = 'UTC'\n", encoding="utf-8")
    kpi.record("deal_won", deals(1), source="crm", batch_key="a")
    [rule, *_] = kpi.apply(kpi.plan(tmp_path / "closing.toml"), by="hr", reason="first", comments="agreed")
    assert rule.record.comments == ("agreed",)
    sealed = kpi.seal(kpi.evaluate("closing", "2026-03"), by="hr")
    owner = DEAL["owner_id"]
    calibration = kpicore.Calibration(sealed.id, owner, reason="one of them", shift="2")
    assert kpi.adjustments.record(calibration, by="hr").to_document()["subjects"] == [owner]
    dispute = kpi.disputes.open(sealed.id, subject=owner, by=owner, reason="more", evidence="contract 7")
    assert [one["text"] for one in dispute.to_document()["steps"][0]["evidence"]] == ["contract 7"]
    other = tmp_path / "other.toml"
    other.write_text(CARD.replace('"60"', '"50"').replace('"40"', '"50"'), encoding="utf-8")
    weights = {"sales.revenue_won": 50, "sales.win_rate": 50}
    rescored = kpi.rescore(sealed, scorecard=other)
    assert rescored.to_document()["subjects"] == kpi.rescore(sealed, weights=weights).to_document()["subjects"]
    with pytest.raises(InvalidInput, match="this is no scorecard"):
        kpi.rescore(sealed, scorecard=str(tmp_path / "zone.toml"))
    with pytest.raises(InvalidInput, match="'pdf' is not a form of reports"):
        kpi.report(sealed).write(tmp_path / "out", form="pdf")  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_what_comes_back_is_a_document_for_programs(kpi: Kpi, tmp_path: Path) -> None:
    receipt = kpi.record("deal_won", deals(1), source="crm", batch_key="a").to_document()
    assert (receipt["position"], receipt["duplicate"], receipt["recorded_at"][-1]) == (1, False, "Z")
    (tmp_path / "a.csv").write_text("id,at,amount\nD-9,2026-01-01,1\n", encoding="utf-8")
    fields = '[fact.columns]\noccurred_at = "at"\namount = "amount"\n'
    (tmp_path / "m.toml").write_text(
        f'[file]\ntimezone = "UTC"\n[[fact]]\ntype = "deal_won"\nkey = "id"\n{fields}', encoding="utf-8"
    )
    [imported] = kpi.import_files(tmp_path / "a.csv", tmp_path / "m.toml").to_document()["files"]
    assert (imported["file"], imported["read"]) == ("a.csv", 1)


def test_one_break_down_needs_no_list(kpi: Kpi) -> None:
    kpi.record("deal_won", [{**DEAL, "channel_id": "web"}], source="crm", batch_key="a")
    [row] = kpi.measure("sales.revenue_won", "2026-Q1", by="channel_id").to_document()["rows"]
    assert row["by"] == {"channel_id": "web"}


def test_a_seal_has_a_report(kpi: Kpi, tmp_path: Path) -> None:
    (tmp_path / "card.toml").write_text(
        '[scorecard]\nid = "rep"\ntitle = {en = "Rep", zh-Hant = "代表"}\nrole = "sales"\nperiod = "quarter"\n'
        'effective = 2026-01-01\n[[line]]\nindicator = "sales.revenue_won"\nweight = "100"\ntarget = "100"\n',
        encoding="utf-8",
    )
    kpi.record("deal_won", deals(1), source="crm", batch_key="a")
    kpi.apply(kpi.plan(tmp_path / "card.toml"), by="hr", reason="first card")
    sealed = kpi.seal(kpi.evaluate("rep", "2026-Q1"), by="hr")
    assert kpi.report(sealed).to_document()["evaluation"] == sealed.evaluation
