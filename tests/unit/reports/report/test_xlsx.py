"""Workbooks of reports, read back: every number of the document, texts as texts, the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from attrs import evolve
from openpyxl import load_workbook

from kpicore.naming import LANGUAGES
from kpicore.reports.report.report import Report
from kpicore.reports.report.words import say
from kpicore.reports.words import clean
from tests.unit.reports.conftest import BIDI, FORMULA, NAMES, NUMBER


def sheets(report: Report, language: str = "en") -> dict[str, list[dict[str, Any]]]:
    """Rows of every sheet by their headings, sheets by their English names."""
    book = load_workbook(BytesIO(report.to_xlsx(language)))
    found = {}
    for sheet in book.worksheets:
        head, *rows = list(sheet.iter_rows())
        found[sheet.title] = [{h.value: cell for h, cell in zip(head, row, strict=True)} for row in rows]
    return found


def number(cell: Any) -> Decimal | None:
    return None if cell.value is None else Decimal(str(cell.value))


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def test_totals_and_lines_are_those_of_the_document(found: Report) -> None:
    book = sheets(found)
    for row, subject in zip(book["total"], found.document["subjects"], strict=True):
        assert row["who"].value == clean(subject["subject"])
        assert number(row["total"]) == decimal(subject["total"])
        assert row["band"].value == subject["band"]
        assert number(row["difference"]) == decimal(subject["change"]["difference"])
    lines = [(one, line) for one in found.document["subjects"] for line in one["lines"]]
    columns: Mapping[str, str] = {
        **{name: name for name in ("weight", "target", "numerator", "denominator", "value", "attainment", "points")},
        "attainment before floor and cap": "attainment_before",
        "weight after redistribution": "effective_weight",
        "brings": "contribution",
    }
    for row, (subject, line) in zip(book["Lines of the scorecard"], lines, strict=True):
        assert (row["who"].value, row["name"].value) == (clean(subject["subject"]), line["indicator"])
        for heading, part in columns.items():
            assert number(row[heading]) == decimal(line[part]), (heading, line)


def test_causes_facts_and_periods_are_all_there(found: Report) -> None:
    book = sheets(found)
    subjects = found.document["subjects"]
    causes = [decimal(cause["points"]) for one in subjects for cause in one["change"]["causes"]]
    assert [number(row["points"]) for row in book["Since the period before"]] == causes
    facts = [fact for one in subjects for line in one["lines"] for fact in line["facts"]]
    assert [number(row["adds"]) for row in book["Facts that were counted"]] == [decimal(f["added"]) for f in facts]
    points = [point for one in subjects for point in one["trend"]]
    assert [number(row["total"]) for row in book["Trend over periods"]] == [decimal(p["total"]) for p in points]
    rules = [row["rule"].value for row in book["Rules in force"]]
    assert rules[0] == "scorecard"
    assert len(rules) >= 1 + 2 * len(subjects[0]["lines"])


def test_texts_are_texts_and_numbers_are_numbers(found: Report) -> None:
    for language in LANGUAGES:
        book = load_workbook(BytesIO(found.to_xlsx(language)))
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert [cell for cell in cells if cell.hyperlink] == []
        said = {cell.value for cell in cells if cell.data_type == "s"}
        assert {clean(name) for name in NAMES} <= said
        assert {FORMULA, NUMBER, "=1+1"} <= said
        assert BIDI not in said
    negative = [row for row in sheets(found)["Since the period before"] if row["points"].value < 0]
    assert {row["points"].data_type for row in negative} == {"n"}


@pytest.mark.parametrize("name", [FORMULA, "Ann"])
def test_a_workbook_of_one_is_of_one(found: Report, name: str) -> None:
    book = sheets(found.person(name))
    names = {row["who"].value for sheet in book.values() for row in sheet if "who" in row}
    assert names == {clean(name)}


def test_headings_are_in_the_language(found: Report) -> None:
    book = sheets(found, "zh-Hant")
    assert list(book)[:3] == [say(name, "zh-Hant") for name in ("evaluation", "total", "lines")]
    assert [row[say("line", "zh-Hant")].value for row in book[say("evaluation", "zh-Hant")]][1] == "期間"


def test_a_number_that_a_cell_cannot_hold_is_written_out(found: Report) -> None:
    ann = found.person("Ann")
    [row] = ann.document["subjects"]
    long = "1234567890123456789.25"
    lines = [{**row["lines"][0], "value": long, "why": "x" * 40_000}, *row["lines"][1:]]
    [first, *_] = sheets(evolve(ann, document={**ann.document, "subjects": [{**row, "lines": lines}]}))[
        "Lines of the scorecard"
    ]
    assert (first["value"].value, first["value"].data_type) == (long, "s")
    assert len(first["why"].value) == 32_767
    assert first["why"].value.endswith("…")
