"""Files into the ledger: the contract's examples, refusals, idempotency, and what stays out."""

from __future__ import annotations

import csv
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kpicore.errors import InvalidInput, NotFound, Refused
from tests.unit.sources.desk import DEALS, Desk, rows

PIPELINE = (Path(__file__).parent / "data" / "pipeline.csv").read_text(encoding="utf-8")
ORDERS = """
[file]
timezone = "Europe/London"
[lookup.products]
path = "products.csv"
[[fact]]
type = "order_paid"
from = "select InvoiceNo, min(InvoiceDate) as paid_at, sum(Quantity::decimal(18,4) * UnitPrice::decimal(18,4)) as gross from file group by InvoiceNo"
key  = "InvoiceNo"
[fact.columns]
occurred_at = "paid_at"
gross = "gross"
"""
LINES = (
    "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n"
    "536365,A,6,2010-07-01 08:26:00,2.55\n"
    "536366,B,-1,2010-12-01 08:28:00,1.85\n"
    "536365,B,2,2010-07-01 08:26:00,3.39\n"
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_deals_map_of_the_contract(desk: Desk) -> None:
    report = desk.run(desk.write("pipeline.csv", PIPELINE), map=DEALS)
    assert report.to_document()["facts"] == [
        {"fact_type": "deal_won", "rows": 3, "duplicates": 0, "unchanged": 0, "retracted": 0, "positions": [1]}
    ]
    won = desk.facts()
    assert [row["deal_id"] for row in won] == ["1C1I7A6R", "Z063OYW0", "EC4QE1BX"]
    assert won[1] == won[1] | {
        "occurred_at": at("2017-03-11"),
        "owner_id": "Darcel Schlecht",
        "customer_id": "Isdom",
        "amount": Decimal("4514.0000"),
        "product_id": "GTX Pro",
        "currency": "USD",
        "source": "map",
    }


def test_the_orders_map_of_the_contract_with_a_lookup(desk: Desk) -> None:
    desk.write("products.csv", "StockCode,series\nA,one\nB,two\n")
    desk.run(desk.write("lines.csv", LINES), map=ORDERS)
    assert [(row["order_id"], row["occurred_at"], row["gross"]) for row in desk.facts("order_paid")] == [
        ("536365", at("2010-07-01T07:26"), Decimal("22.0800")),
        ("536366", at("2010-12-01T08:28"), Decimal("-1.8500")),
    ]


def test_a_lookup_is_joined(desk: Desk) -> None:
    desk.write("products.csv", "StockCode,series\nA,one\nB,two\n")
    joined = ORDERS.replace(
        "select InvoiceNo, min(InvoiceDate) as paid_at,",
        "select InvoiceNo, min(p.series) as series, min(InvoiceDate) as paid_at,",
    ).replace("from file group", "from file left join products p on p.StockCode = file.StockCode group")
    desk.run(desk.write("lines.csv", LINES), map=joined + 'product_id = "series"\n')
    assert [row["product_id"] for row in desk.facts("order_paid")] == ["one", "two"]


def test_the_same_file_twice_has_no_effect_and_says_so(desk: Desk) -> None:
    path = desk.write("pipeline.csv", PIPELINE)
    first, second = desk.run(path, map=DEALS), desk.run(path, map=DEALS)
    assert (first.changed, second.changed) == (True, False)
    assert second.facts["deal_won"].duplicates == 3
    assert [r.position for r in second.receipts] == [r.position for r in first.receipts]
    assert desk.ledger.cut().facts == 1
    assert not desk.run(desk.write("renamed.csv", PIPELINE), map=DEALS + "# a comment\n").changed


def test_a_changed_map_over_the_same_file_counts(desk: Desk) -> None:
    path = desk.write("pipeline.csv", PIPELINE)
    desk.run(path, map=DEALS)
    assert desk.run(path, map=DEALS.replace("'GTX Pro'", "'GTX-Pro'")).changed
    assert [row["product_id"] for row in desk.facts()][1] == "GTX-Pro"
    assert len(desk.facts()) == 3


def test_a_changed_lookup_counts(desk: Desk) -> None:
    text = ORDERS.replace("from file group", "from file join products p on p.StockCode = file.StockCode group")
    path = desk.write("lines.csv", LINES)
    desk.write("products.csv", "StockCode\nA\nB\n")
    desk.run(path, map=text)
    desk.write("products.csv", "StockCode\nA\n")
    assert desk.run(path, map=text).changed
    desk.write("unread.csv", "x\n1\n")
    unread = text + '[lookup.unread]\npath = "unread.csv"\n'
    desk.write("unread.csv", "x\n2\n")
    assert not desk.run(path, map=unread).changed


def test_several_facts_of_one_type_from_one_file(desk: Desk) -> None:
    second = DEALS[DEALS.index("[[fact]]") :].replace("= 'Won'", "= 'Lost'")
    report = desk.run(desk.write("pipeline.csv", PIPELINE), map=DEALS + second)
    assert report.facts["deal_won"].rows == 4
    assert len(desk.facts()) == 4


def test_the_last_row_of_a_key_counts(desk: Desk) -> None:
    desk.run(desk.write("a.csv", "id,at,amount\nx,2026-01-01,1\nx,2026-01-02,2\n"), map=desk.small())
    assert [row["amount"] for row in desk.facts()] == [Decimal("2.0000")]


def test_source_is_the_argument_then_the_map_s_word_then_its_name(desk: Desk) -> None:
    path = desk.write("a.csv", "id,at,amount\nx,2026-01-01,1\n")
    assert desk.run(path, map=desk.small()).source == "map"
    assert desk.run(path, map=desk.small('source = "crm"')).source == "crm"
    assert desk.run(path, map=desk.small('source = "crm"'), source="erp").source == "erp"
    assert sorted(row["source"] for row in desk.facts()) == ["crm", "erp", "map"]


def test_nothing_of_a_file_is_recorded_when_a_row_is_refused(desk: Desk) -> None:
    text = "id,at,amount\nA,2026-01-01,1\nB,01/02/2026,2\nC,2026-01-03,1.23456\n,2026-01-04,5\nE,2026-01-05,\n"
    error = desk.refused(desk.write("a.csv", text), map=desk.small())
    assert error.code == "refused_rows"
    assert error.refused == 4
    assert rows(error) == [
        (3, "at", "01/02/2026"),
        (4, "amount", "1.23456"),
        (5, "id", None),
        (6, "amount", None),
    ]
    assert error.rows[0].file == "a.csv"
    assert "more than 4 decimal places" in error.rows[1].reason


def test_lines_are_those_of_an_editor(desk: Desk) -> None:
    text = 'id,at,amount,note\r\nA,2026-01-01,1,"two\r\nlines, and ""quotes"""\r\n\r\nB,2026-01-02,x,\r\n"C\nc",2026-01-03,y,z'
    error = desk.refused(desk.write("a.csv", text), map=desk.small())
    assert rows(error) == [(5, "amount", "x"), (6, "amount", "y")]


def test_the_first_thousand_are_listed_and_all_are_counted(desk: Desk) -> None:
    text = "id,at,amount\n" + "".join(f"{n},2026-01-01,x\n" for n in range(200_000))
    error = desk.refused(desk.write("a.csv", text), map=desk.small())
    assert (error.refused, len(error.rows)) == (200_000, 1_000)
    assert (error.rows[0].line, error.rows[-1].line) == (2, 1_001)


def test_good_rows_are_kept_when_that_is_asked_for(desk: Desk) -> None:
    text = 'id;at;amount;note\nA;2026-01-01;1;\nB;2026-13-01;x;"a;b"\nC;2026-01-03;3;=HYPERLINK(1)\nD;2026-01-04\n'
    path = desk.write("a.csv", text)
    report = desk.run(path, map=desk.small('delimiter = ";"'), keep_good=True)
    assert [row["deal_id"] for row in desk.facts()] == ["A", "C"]
    assert (report.refused, report.files[0].read, report.facts["deal_won"].rows) == (2, 4, 2)
    written = Path(str(report.files[0].refused_file))
    assert written == path.with_name("a.csv.refused.csv")
    with written.open(encoding="utf-8", newline="") as handle:
        [header, second, third] = csv.reader(handle, delimiter=";")
    assert header == ["refused_line", "refused_column", "refused_value", "refused_reason", "id", "at", "amount", "note"]
    assert second[:3] == ["3", "at", "2026-13-01"]
    assert second[4:] == ["B", "2026-13-01", "x", "a;b"]
    assert third[0] == "5"
    assert third[3] == "it has 2 cells instead of 4"
    assert list(desk.folder.glob(".kpicore*")) == []


def test_mended_rows_come_in_with_the_same_map(desk: Desk) -> None:
    path = desk.write("a.csv", "id,at,amount\nA,2026-01-01,1\nB,2026-01-02,x\n")
    small = desk.small()
    report = desk.run(path, map=small, keep_good=True)
    again = desk.run(path, map=small, keep_good=True)
    assert not again.changed
    written = Path(str(report.files[0].refused_file))
    written.write_text(
        written.read_text(encoding="utf-8").replace("B,2026-01-02,x", "B,2026-01-02,2"), encoding="utf-8"
    )
    assert desk.run(written, map=small, source="map").facts["deal_won"].rows == 1
    assert [row["amount"] for row in desk.facts()] == [Decimal(1), Decimal(2)]


def test_the_file_of_refused_rows_replaces_a_link_and_follows_none(desk: Desk, tmp_path: Path) -> None:
    other = desk.write("other.txt", "precious")
    (tmp_path / "a.csv.refused.csv").symlink_to(other)
    desk.run(desk.write("a.csv", "id,at,amount\nA,2026-01-01,x\n"), map=desk.small(), keep_good=True)
    assert other.read_text(encoding="utf-8") == "precious"
    assert not (tmp_path / "a.csv.refused.csv").is_symlink()


def test_a_row_refused_by_one_entry_is_kept_by_none(desk: Desk) -> None:
    two = DEALS + DEALS[DEALS.index("[[fact]]") :].replace("deal_won", "deal_lost").replace(
        '"close_date"', '"engage_date"'
    )
    path = desk.write("pipeline.csv", PIPELINE.replace("2016-10-20", "soon"))
    report = desk.run(path, map=two, keep_good=True)
    assert report.refused == 1
    assert "1C1I7A6R" not in {row["deal_id"] for row in desk.facts()} | {
        row["deal_id"] for row in desk.facts("deal_lost")
    }


def test_facts_of_several_lines_are_not_kept_without_one_of_them(desk: Desk) -> None:
    desk.write("products.csv", "StockCode\nA\n")
    path = desk.write("lines.csv", LINES.replace("3.39", "3.39x"))
    error = desk.refused(path, map=ORDERS, keep_good=True)
    assert rows(error) == [(4, "UnitPrice", "3.39x")]
    assert "need all rows" in str(error.hint)


def test_files_before_the_refused_one_are_recorded(desk: Desk) -> None:
    good, bad = (
        desk.write("1.csv", "id,at,amount\nA,2026-01-01,1\n"),
        desk.write("2.csv", "id,at,amount\nB,2026-01-01,x\n"),
    )
    with pytest.raises(InvalidInput, match="1 files before it are recorded"):
        desk.run(good, bad, map=desk.small())
    assert [row["deal_id"] for row in desk.facts()] == ["A"]


def test_several_files_are_reported_one_by_one_and_in_all(desk: Desk) -> None:
    paths = [desk.write(f"{n}.csv", f"id,at,amount\nA{n},2026-01-01,{n}\n") for n in range(3)]
    report = desk.run(*paths, paths[0], map=desk.small())
    document = report.to_document()
    assert [file["file"] for file in document["files"]] == ["0.csv", "1.csv", "2.csv", "0.csv"]
    assert (document["facts"][0]["rows"], document["facts"][0]["duplicates"]) == (3, 1)
    assert [file["changed"] for file in document["files"]] == [True, True, True, False]


def test_progress_is_told(desk: Desk) -> None:
    told: list[tuple[str, int, int | None, int, int]] = []
    text = "id,at,amount\n" + "".join(f"{n},2026-01-01,{n % 100}\n" for n in range(500_000))
    path = desk.write("a.csv", text)
    desk.run(path, map=desk.small(), progress=lambda *parts: told.append(parts))
    assert len(told) > 2
    assert told[0][2] is None
    assert told[-1] == ("a.csv", 500_000, 500_000, len(text), len(text))
    assert [part[1] for part in told] == sorted(part[1] for part in told)


def test_complete_until_is_recorded_though_there_are_no_facts(desk: Desk) -> None:
    desk.run(desk.write("a.csv", "id,at,amount\n"), map=desk.small("complete_until = 2026-04-01"))
    assert desk.ledger.complete_until(desk.ledger.cut()) == {("map", "deal_won"): 1_775_001_600_000_000}


def test_a_header_alone_is_a_day_without_facts(desk: Desk) -> None:
    report = desk.run(desk.write("a.csv", "id,at,amount\n"), map=desk.small())
    assert (report.changed, report.facts["deal_won"].rows, report.files[0].read) == (False, 0, 0)


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        (("deal_won", "deal_one"), "[[fact]] 1 (deal_one).type", "did you mean deal_won?"),
        (("owner_id ", "owner_idd "), "columns.owner_idd", "did you mean owner_id?"),
        (('"sales_agent"', '"sales_agnt"'), "columns.owner_id", "did you mean sales_agent?"),
        (("close_date", "closed_date"), "columns.occurred_at", "did you mean close_date?"),
        (('"opportunity_id"', '"oportunity_id"'), "key", "did you mean opportunity_id?"),
        (('"opportunity_id"', '["opportunity_id", "account"]'), "key", "in this order: deal_id"),
        (("deal_stage =", "deal_stge ="), "where", "did you mean deal_stage?"),
        (("replace(product", "replace(prodct"), "columns.product_id", "did you mean product?"),
        (("replace(product", "replase(product"), "columns.product_id", "did you mean replace?"),
        (("occurred_at", "engaged_at"), "columns", "needs occurred_at"),
        (("%Y-%m-%d", "%Y-%q-%d"), "columns.occurred_at", "%q is not known"),
        (("%Y-%m-%d", "%Y-%m"), "columns.occurred_at", "names the year, the month and the day"),
        (('type = "decimal"', 'type = "boolean"'), "columns.amount", "type is decimal or integer"),
        (('type = "decimal"', 'format = "%d"'), "columns.amount", "reads instants and booleans"),
        (("customer_id", "deal_id"), "columns.deal_id", "`key` fills it"),
        (("'Won'", "'Won' and $x"), "where", "$x means nothing"),
        (("deal_stage = 'Won'", "deal_stage"), "[[fact]] 1 (deal_won)", "not a condition"),
        (("deal_stage = 'Won'", "close_value > 5"), "[[fact]] 1 (deal_won)", "explicit cast"),
        (("deal_stage = 'Won'", "random() > 0.5"), "where", "not allowed"),
        (("deal_stage = 'Won'", "a.deal_stage = 'Won'"), "where", "write deal_stage alone"),
    ],
)
def test_a_map_that_does_not_fit_says_where(desk: Desk, change: tuple[str, str], where: str, says: str) -> None:
    assert change[0] in DEALS
    error = desk.refused(desk.write("pipeline.csv", PIPELINE), map=DEALS.replace(*change))
    assert str(error.where).startswith("map.toml: ")
    assert where in str(error.where)
    assert says in f"{error.message} {error.hint}"


def test_what_is_no_file_is_refused(desk: Desk, tmp_path: Path) -> None:
    small = desk.small()
    with pytest.raises(NotFound, match="no such file"):
        desk.run(tmp_path / "none.csv", map=small)
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "link.csv").symlink_to(desk.write("real.csv", "id,at,amount\n"))
    for name, says in (("folder.csv", "a folder"), ("pipe.csv", "a pipe"), ("link.csv", "symbolic link")):
        assert says in desk.refused(tmp_path / name, map=small).message
    device = desk.small('format = "csv"')
    assert "a device" in desk.refused(Path("/dev/zero"), map=device).message
    small = desk.small()
    assert desk.refused(desk.write("a.csv", ""), map=small).code == "empty_file"
    assert desk.refused(desk.write("a.csv", "\n\n"), map=small).code == "empty_file"
    assert desk.refused(desk.write("a.dat", "id"), map=small).code == "unknown_format"
    assert desk.refused(desk.write("a.csv", b"PK\x03\x04abc"), map=small).code == "wrong_format"
    with pytest.raises(InvalidInput, match="no file"):
        desk.run(map=small)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv.gz"])
def test_what_is_not_built_is_refused_by_name(desk: Desk, name: str) -> None:
    with pytest.raises(Refused, match="not read yet"):
        desk.run(desk.write(name, "x"), map=desk.small())


def test_a_time_without_zone_asks_for_one(desk: Desk) -> None:
    text = desk.small().read_text(encoding="utf-8").replace('timezone = "UTC"', "")
    error = desk.refused(desk.write("a.csv", "id,at,amount\nA,2026-01-01,1\n"), map=text)
    assert (error.code, error.where) == ("no_timezone", "map.toml: [[fact]] 1 (deal_won).columns.occurred_at")
    desk.run(desk.write("a.csv", "id,at,amount\nA,2026-01-01T08:00+08:00,1\n"), map=text)
    assert desk.facts()[0]["occurred_at"] == at("2026-01-01")


def test_a_time_in_the_future_is_refused_with_its_line(desk: Desk) -> None:
    error = desk.refused(desk.write("a.csv", "id,at,amount\nA,2026-01-01,1\nB,2190-01-01,1\n"), map=desk.small())
    assert rows(error) == [(3, "at", "2190-01-01")]


def test_an_entry_s_zone_goes_before_the_file_s(desk: Desk) -> None:
    desk.run(desk.write("a.csv", "id,at,amount\nA,2026-01-01,1\n"), map=desk.small(entry='timezone = "Asia/Taipei"'))
    assert desk.facts()[0]["occurred_at"] == at("2025-12-31T16:00")


def test_a_key_may_be_an_expression_or_several_parts(desk: Desk) -> None:
    text = """
    [file]
    timezone = "UTC"
    [[fact]]
    type = "employee_assigned"
    key = ["trim(lower(agent))", {column = "since", format = "%d.%m.%Y"}]
    [fact.columns]
    occurred_at = {value = 2016-10-01}
    role = {value = "sales"}
    """
    desk.run(desk.write("a.csv", "agent,since\n Anna ,01.10.2016\n"), map=text)
    [row] = desk.facts("employee_assigned")
    assert (row["employee_id"], row["effective_from"]) == ("anna", at("2016-10-01"))
