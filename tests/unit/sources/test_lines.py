"""Rows found again in a text file: the line, and the cells."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.sources import lines
from kpicore.sources.lines import LineTooLong, cells, text_rows

CELL = st.text(st.sampled_from('ab",;\n\r x'), max_size=6)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=8))
def test_rows_and_cells_are_those_that_were_written(table: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(table)
    found = list(text_rows(io.StringIO(written.getvalue().replace("\r\n", "\n").replace("\r", "\n")), ","))
    assert [cells(row.text, ",") for row in found] == [
        [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in table
    ]
    assert all(row.closed for row in found)


def test_lines_are_counted_through_quoted_cells_and_empty_lines() -> None:
    text = 'a,b\n\n1,"x\n\ny"\n"2 "" 2",z\n3,5" w\n'
    assert [(row.line, row.text) for row in text_rows(io.StringIO(text), ",")] == [
        (1, "a,b"),
        (3, '1,"x\n\ny"'),
        (6, '"2 "" 2",z'),
        (7, '3,5" w'),
    ]


def test_an_open_quote_swallows_the_rest() -> None:
    [first, second] = text_rows(io.StringIO('a\n"b\nc\n'), ",")
    assert (first.closed, second.closed, second.line) == (True, False, 2)


def test_what_is_too_long_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 8)
    with pytest.raises(LineTooLong) as caught:
        list(text_rows(io.StringIO("a\n0123456789\n"), ","))
    assert caught.value.line == 2
    with pytest.raises(LineTooLong) as caught:
        list(text_rows(io.StringIO('a\n"1\n2\n3\n4\n5\n6"\n'), ","))
    assert caught.value.line == 2
