"""Text files: encodings, quotes, ragged rows, and what is no text file at all."""

from __future__ import annotations

import csv
import tracemalloc

import pytest

from kpicore.sources import text
from tests.unit.sources.desk import Desk, rows

CHINESE = "id,at,amount,客戶\nA,2026-01-01,1,臺北商行\nB,2026-01-02,2,高雄\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5", "utf-32"])
def test_declared_encodings_are_read(desk: Desk, encoding: str) -> None:
    declared = "" if encoding.startswith("utf-8") else f'encoding = "{encoding}"'
    desk.run(desk.write("a.csv", CHINESE, encoding), map=desk.small(declared, columns='customer_id = "客戶"'))
    assert [row["customer_id"] for row in desk.facts()] == ["臺北商行", "高雄"]


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "cp1252"])
def test_an_undeclared_encoding_asks_for_one(desk: Desk, encoding: str) -> None:
    content = (
        CHINESE if encoding != "cp1252" else CHINESE.replace("客戶", "x").replace("臺北商行", "Zoé").replace("高雄", "")
    )
    error = desk.refused(desk.write("a.csv", content, encoding), map=desk.small())
    assert error.code == "bad_encoding"
    assert error.where in ("a.csv:1", "a.csv:2")
    assert "add encoding under [file]" in str(error.hint)


def test_utf_16_is_not_guessed(desk: Desk) -> None:
    error = desk.refused(desk.write("a.csv", CHINESE, "utf-16"), map=desk.small())
    assert (error.code, error.hint) == ("bad_encoding", 'add encoding = "utf-16" under [file]')


def test_a_wrongly_declared_encoding_is_refused(desk: Desk) -> None:
    error = desk.refused(desk.write("a.csv", CHINESE + "C,2026-01-01,1,é\n"), map=desk.small('encoding = "big5"'))
    assert error.code == "bad_encoding"


def test_the_line_of_an_undecodable_byte_is_told(desk: Desk) -> None:
    head = "id,at,amount\n" + "A,2026-01-01,1\r\n" * 200_000
    error = desk.refused(desk.write("a.csv", head.encode() + b"B,2026-01-01,\xe9\n"), map=desk.small())
    assert error.where == "a.csv:200002"


def test_no_row_is_lost_for_an_undecodable_byte(desk: Desk) -> None:
    for row in (b"B,2026-01-01,1,\xff,extra", b"B,\xe9", b"B,2026-01-01,1,\xff"):
        path = desk.write("a.csv", b"id,at,amount,note\nA,2026-01-01,1,\n" + row + b"\nC,2026-01-01,1,\n")
        error = desk.refused(path, map=desk.small(), keep_good=True)
        assert (error.code, error.where) == ("bad_encoding", "a.csv:3")


def test_an_unclosed_quote_is_found_where_it_opens(desk: Desk) -> None:
    for tail in (
        'B,2026-01-01,"2\nC,2026-01-01,3\n',
        'B,2026-01-01,"2',
        'B,"2026-01-01,2\nC,2026-01-01,3\n',
        'B,2026-01-01,"',
    ):
        error = desk.refused(
            desk.write("a.csv", "id,at,amount\nA,2026-01-01,1\n" + tail), map=desk.small(), keep_good=True
        )
        assert (error.code, error.where) == ("unclosed_quote", "a.csv:3")
        assert error.rows[0].line == 3


def test_quotes_within_cells_are_no_quotes(desk: Desk) -> None:
    content = (
        'id,at,amount,product\nA,2026-01-01,1,5" disk\nB,2026-01-01,"2",6" disk\nC,2026-01-01,3,""""\nD,2026-01-01,4,""'
    )
    desk.run(desk.write("a.csv", content), map=desk.small(columns='product_id = "product"'))
    assert [row["product_id"] for row in desk.facts()] == ['5" disk', '6" disk', '"', None]


def test_an_unclosed_quote_in_the_header(desk: Desk) -> None:
    assert (
        desk.refused(desk.write("a.csv", 'id,"at,amount\nA,2026-01-01,1\n'), map=desk.small()).code == "unclosed_quote"
    )


def test_ragged_rows_are_rows(desk: Desk) -> None:
    content = "id,at,amount\nA,2026-01-01,1\nB,2026-01-01\n\nC,2026-01-01,1,2\nD,2026-01-01,x\n"
    error = desk.refused(desk.write("a.csv", content), map=desk.small())
    assert rows(error) == [(3, None, None), (5, None, None), (6, "amount", "x")]
    assert error.rows[0].reason == "it has 2 cells instead of 3"


def test_ragged_rows_and_others_over_many_blocks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_BLOCK_BYTES", 1 << 10)
    kinds = ("{0},2026-01-01,1", "{0},2026-01-01", "{0},2026-01-01,x", '"{0}\n",2026-01-01,2')
    content = "id,at,amount\n" + "".join(kinds[n * 7 % 11 % 4].format(n) + "\n" for n in range(900))
    report = desk.run(desk.write("a.csv", content), map=desk.small(), keep_good=True)
    with (desk.folder / "a.csv.refused.csv").open(encoding="utf-8", newline="") as handle:
        refused = list(csv.reader(handle))[1:]
    editor = content.split("\n")
    assert len(refused) == report.refused > 100
    assert [int(row[4]) for row in refused] == sorted(int(row[4]) for row in refused)
    for line, _, _, _, number, *_ in refused:
        assert editor[int(line) - 1].startswith(f"{number},")
    assert len(desk.facts()) + report.refused == 900 == report.files[0].read


def test_nul_bytes_are_row_errors(desk: Desk) -> None:
    content = "id,at,amount,note\nA,2026-01-01,1,\nB,2026-01-01,2,x\0y\n"
    error = desk.refused(desk.write("a.csv", content), map=desk.small())
    assert rows(error) == [(3, "note", "x\0y")]
    wide = desk.small('encoding = "utf-16"')
    assert rows(desk.refused(desk.write("b.csv", content, "utf-16"), map=wide)) == [(3, "note", "x\0y")]
    assert desk.run(desk.write("a.csv", content), map=desk.small(), keep_good=True).refused == 1


def test_a_column_named_twice_is_refused(desk: Desk) -> None:
    error = desk.refused(desk.write("a.csv", "id,at,amount,at\nA,2026-01-01,1,2\n"), map=desk.small())
    assert (error.code, error.where) == ("duplicate_column", "a.csv:1")


def test_columns_that_differ_by_case_are_told_apart_without_sql(desk: Desk) -> None:
    path = desk.write("a.csv", "id,at,amount,At\nA,2026-01-01,1,2\n")
    assert desk.refused(path, map=desk.small(entry="where = \"id = 'A'\"")).code == "duplicate_column"
    desk.run(path, map=desk.small())


def test_line_ends_of_all_three_kinds(desk: Desk) -> None:
    for name, end in (("a", "\n"), ("b", "\r\n"), ("c", "\r")):
        error = desk.refused(
            desk.write(f"{name}.csv", end.join(["id,at,amount", "A,2026-01-01,1", "B,2026-01-01,x", ""])),
            map=desk.small(),
        )
        assert rows(error) == [(3, "amount", "x")]


def test_tabs_in_tsv_and_any_declared_delimiter(desk: Desk) -> None:
    desk.run(desk.write("a.tsv", "id\tat\tamount\nA\t2026-01-01\t1\n"), map=desk.small())
    desk.run(desk.write("a.txt", "id|at|amount\nB|2026-01-01|1\n"), map=desk.small('delimiter = "|"'))
    assert [row["deal_id"] for row in desk.facts()] == ["A", "B"]


def test_a_line_beyond_all_bounds_is_refused_in_bounded_memory(desk: Desk) -> None:
    path = desk.folder / "a.csv"
    with path.open("wb") as handle:
        handle.write(b"id,at,amount\nA,2026-01-01,1\n")
        handle.truncate(1 << 30)  # a sparse line of zero bytes
    tracemalloc.start()
    error = desk.refused(path, map=desk.small())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (error.code, error.where) == ("line_too_long", "a.csv:3")
    assert peak < 256 << 20


def test_a_long_cell_within_bounds_is_read(desk: Desk) -> None:
    long = "x" * (2 << 20)
    desk.run(
        desk.write("a.csv", f"id,at,amount,product\nA,2026-01-01,1,{long}\n"),
        map=desk.small(columns='product_id = "product"'),
    )
    assert desk.facts()[0]["product_id"] == long
    desk.refused(desk.write("b.csv", f"id,at,amount,product\nA,2026-01-01,1,{long * 5}\n"), map=desk.small())


def test_nulls_apply_first(desk: Desk) -> None:
    content = 'id,at,amount,who\nA,2026-01-01,1,?\nB,2026-01-01,1,""\nC,2026-01-01,1,N/A\n'
    small = desk.small('null = ["", "?"]', columns='owner_id = "who"')
    desk.run(desk.write("a.csv", content), map=small)
    assert [row["owner_id"] for row in desk.facts()] == [None, None, "N/A"]
    without = desk.small("null = []", columns='owner_id = "who"')
    desk.run(desk.write("b.csv", content), map=without)
    assert [row["owner_id"] for row in desk.facts()] == ["?", "", "N/A"]


def test_texts_stay_the_texts_they_are(desk: Desk) -> None:
    content = "id,at,amount,who\n007,2026-01-01,1,17850.0\n9223372036854775808123,2026-01-01,1,=HYPERLINK(1)\n 1 ,2026-01-01,1,<script>\n"
    desk.run(desk.write("a.csv", content), map=desk.small(columns='owner_id = "who"'))
    assert [(row["deal_id"], row["owner_id"]) for row in desk.facts()] == [
        ("007", "17850.0"),
        ("9223372036854775808123", "=HYPERLINK(1)"),
        (" 1 ", "<script>"),
    ]


def test_a_file_that_is_written_to_meanwhile_is_refused(desk: Desk) -> None:
    path = desk.write("a.csv", "id,at,amount\n" + "A,2026-01-01,1\n" * 500_000)

    def meddle(*_: object) -> None:
        with path.open("a", encoding="utf-8") as handle:
            handle.write("B,2026-01-01,1\n")

    assert desk.refused(path, map=desk.small(), progress=meddle).code == "file_changed"


ADS = 'Campaign report\n"1 Jan – 31 Jan 2026\n\nid,at,amount,name\nA,2026-01-01,1,甲\n\nB,2026-01-02,x,乙\nC,2026-01-02\nTotal: 2\n\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "big5", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_above_and_below_are_passed_over(desk: Desk, encoding: str, end: str) -> None:
    """What stands around the rows of a dashboard's export: a title, a stretch of time, a line of totals."""
    declared = "" if encoding.startswith("utf-8") else f'encoding = "{encoding}"\n'
    content = (ADS.replace("–", "-") if encoding == "big5" else ADS).replace("\n", end)
    path = desk.write("a.csv", content, encoding)
    the_map = desk.small(declared + "header = 4\nfooter = 1", columns='owner_id = "name"')
    error = desk.refused(path, map=the_map)
    assert rows(error) == [(7, "amount", "x"), (8, None, None)]
    report = desk.run(path, map=the_map, keep_good=True)
    assert (report.files[0].read, report.refused) == (3, 2)
    assert [row["owner_id"] for row in desk.facts()] == ["甲"]
    refused = desk.folder / "a.csv.refused.csv"
    mended = refused.read_text(encoding=encoding).replace("B,2026-01-02,x", "B,2026-01-02,2")
    mended = "\n".join(line for line in mended.splitlines() if "cells instead of" not in line)
    desk.run(desk.write("mended.csv", mended, encoding), map=the_map)
    assert [(row["deal_id"], row["owner_id"]) for row in desk.facts()] == [("A", "甲"), ("B", "乙")]


def test_columns_may_be_named_by_the_map(desk: Desk) -> None:
    bare = desk.write("bare.csv", "A,2026-01-01,1\nB,2026-01-02,2,3\nC,2026-01-02,x\n")
    the_map = desk.small('header = 0\ncolumns = ["id", "at", "amount"]')
    assert rows(desk.refused(bare, map=the_map)) == [(2, None, None), (3, "amount", "x")]
    desk.run(bare, map=the_map, keep_good=True)
    assert [row["deal_id"] for row in desk.facts()] == ["A"]
    twice = desk.write("twice.csv", "name,name,name\nB,2026-01-01,1\n")
    assert 'columns = ["…", "…"] under [file]' in str(desk.refused(twice, map=desk.small()))
    desk.run(twice, map=desk.small('columns = ["id", "at", "amount"]'))
    assert [row["deal_id"] for row in desk.facts()] == ["A", "B"]
    error = desk.refused(twice, map=desk.small('columns = ["id", "at", "amount", "more"]'))
    assert "the map names 4 columns, and the header 3" in str(error)


def test_columns_without_a_name_are_in_nobody_s_way(desk: Desk) -> None:
    desk.run(desk.write("a.csv", "id,at,amount,,\nA,2026-01-01,1,,\n"), map=desk.small())
    assert [row["deal_id"] for row in desk.facts()] == ["A"]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("header = 12", "only empty lines from line 12 on"),
        ("footer = 12", "has not 12 lines below its rows"),
        ("header = 0", "no line names the columns"),
        ("header = -1", "a number of lines up to 1000"),
        ("footer = true", "a number of lines up to 1000"),
        ("columns = []", "a list of names is expected"),
        ('columns = ["a", "a"]', "two columns are named 'a'"),
    ],
)
def test_lines_that_are_not_there(desk: Desk, file: str, says: str) -> None:
    assert says in str(desk.refused(desk.write("a.csv", "id,at,amount\nA,2026-01-01,1\n"), map=desk.small(file)))


def test_footers_over_many_blocks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_BLOCK_BYTES", 4096)
    lines = "".join(f"{n},2026-01-01,{n}\n" for n in range(3_000))
    path = desk.write("a.csv", f"id,at,amount\n{lines}total,,{'9' * 5000}\nprinted by me\n")
    assert desk.run(path, map=desk.small("footer = 2")).facts["deal_won"].rows == 3_000


@pytest.mark.parametrize(("mark", "written"), [(";", ";"), ("\t", "\\t"), ("|", "|")])
def test_a_delimiter_that_is_not_declared_is_told(desk: Desk, mark: str, written: str) -> None:
    path = desk.write("a.csv", mark.join(["id", "at", "amount"]) + "\n" + mark.join(["A", "2026-01-01", "1"]) + "\n")
    assert f'add delimiter = "{written}" under [file]' in str(desk.refused(path, map=desk.small()).hint)
    select = desk.small(entry="from = 'select id, at, amount from file'")
    assert f'add delimiter = "{written}" under [file]' in str(desk.refused(path, map=select).hint)
    assert desk.run(path, map=desk.small(f'delimiter = "{written}"')).changed


@pytest.mark.parametrize(
    ("start", "says"),
    [(b"\x1f\x8b\x08\x00", "a gzip archive"), (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook")],
)
def test_other_files_by_the_name_of_a_text_are_called_what_they_are(desk: Desk, start: bytes, says: str) -> None:
    error = desk.refused(desk.write("a.csv", start + bytes(40)), map=desk.small())
    assert (error.code, says in str(error)) == ("wrong_format", True)
