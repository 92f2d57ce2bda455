"""JSON Lines: values as they are written, parts of objects as columns, lines that are no rows."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tests.unit.sources.desk import Desk, rows

EVENTS = """
{"id": 17, "at": "2026-03-05T10:00:00Z", "amount": 12.5000, "customer": {"email": "x", "tags": ["a"]}, "vip": true}

{"id": "0018", "at": "2026-03-06T10:00:00Z", "amount": "3", "customer": null, "lines": [1, 2]}
{"id": "19", "at": "2026-03-07T10:00:00Z", "amount": 99999999999999.9999, "customer": {"email": "?"}}
"""
PART = 'customer_id = "customer.email"'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson"])
def test_values_are_as_they_are_written(desk: Desk, encoding: str, name: str) -> None:
    declared = 'null = ["", "?"]' + ("" if encoding.startswith("utf-8") else f'\nencoding = "{encoding}"')
    path = desk.write(name, EVENTS, encoding)
    assert desk.run(path, map=desk.small(declared, columns=PART)).files[0].read == 3
    assert [(row["deal_id"], row["amount"], row["customer_id"]) for row in desk.facts()] == [
        ("17", Decimal("12.5000"), "x"),
        ("0018", Decimal("3.0000"), None),
        ("19", Decimal("99999999999999.9999"), None),
    ]
    assert not desk.run(path, map=desk.small(declared, columns=PART)).changed


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"id": "B", "at": ', "it is not JSON"),
        ("[1]", "it is not a JSON object"),
        ("12", "it is not a JSON object"),
        ('{"id": "B", "id": "C"}', "it names 'id' twice"),
        ('{"id": "B", "a.b": 1, "a": {"b": 2}}', "it names 'a.b' twice"),
        ('{"id": "B", "amount": NaN}', "NaN is not a number"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 40 + "1" + "}" * 40, "nested too deeply"),
        ('{"id": "B\\u0000", "at": "2026-01-01", "amount": 1}', "a zero character"),
        ('{"id": "B\\ud800", "at": "2026-01-01", "amount": 1}', "half a character"),
        ('{"at": "2026-01-01", "amount": 1}', "missing"),
        ('{"id": "B", "at": "2026-01-01", "amount": 1.23456}', "more than 4"),
    ],
)
def test_lines_that_are_no_rows_are_told_and_written(desk: Desk, line: str, says: str) -> None:
    good = '{"id": "A", "at": "2026-01-01", "amount": 1, "who": "x,y"}\n'
    path = desk.write("a.jsonl", f"{good}\n{line}\n")
    error = desk.refused(path, map=desk.small())
    assert error.rows[0].line == 3
    assert says in error.rows[0].reason
    assert error.refused == 1
    assert desk.run(path, map=desk.small(), keep_good=True).facts["deal_won"].rows == 1
    refused = (desk.folder / "a.jsonl.refused.csv").read_text(encoding="utf-8").splitlines()
    assert refused[0].startswith("refused_line,refused_column,refused_value,refused_reason,id,at,amount,who")
    assert refused[1].startswith("3,")


def test_lists_are_let_be_until_a_map_names_them(desk: Desk) -> None:
    path = desk.write("a.jsonl", EVENTS)
    desk.run(path, map=desk.small(columns=PART))
    error = desk.refused(path, map=desk.small(columns='customer_id = "lines"'))
    assert (error.code, error.hint) == ("column_type", "write a list as rows of their own")
    assert "did you mean customer.email?" in str(
        desk.refused(path, map=desk.small(columns='customer_id = "custmer.email"'))
    )


@pytest.mark.parametrize("content", ["\n\n", "{}\n", "[]\n", "x\n", '[{"id": "A"}]'])
def test_files_without_an_object_are_refused(desk: Desk, content: str) -> None:
    assert "one object a line" in str(desk.refused(desk.write("a.jsonl", content), map=desk.small()).hint)


def test_an_encoding_that_it_has_not_is_told(desk: Desk) -> None:
    path = desk.write("a.jsonl", b'{"id": "A"}\n{"id": "\xff"}\n')
    error = desk.refused(path, map=desk.small())
    assert error.code == "bad_encoding"


def test_many_lines_make_many_blocks(desk: Desk) -> None:
    lines = [json.dumps({"id": n, "at": "2026-01-01", "amount": "x" if n == 39_999 else n}) for n in range(40_000)]
    path = desk.write("a.jsonl", "\n".join(lines))
    assert rows(desk.refused(path, map=desk.small())) == [(40_000, "amount", "x")]
    desk.run(desk.write("b.jsonl", "\n".join(lines[:-1])), map=desk.small())
    assert len(desk.facts()) == 39_999


def test_selects_and_lookups_read_them(desk: Desk) -> None:
    desk.write("who.jsonl", '{"email": "x", "name": "Ann", "all": []}\n')
    text = """
[lookup.who]
path = "who.jsonl"
[[fact]]
type = "deal_won"
from = 'select f.id as i, f.at, f.amount, w.name from file f join who w on w.email = f."customer.email"'
key = "i"
[fact.columns]
occurred_at = "at"
amount = "amount"
owner_id = "name"
"""
    desk.run(desk.write("a.jsonl", EVENTS), map=text)
    assert [(row["deal_id"], row["owner_id"]) for row in desk.facts()] == [("17", "Ann")]


def test_a_folder_is_named_by_its_files(desk: Desk) -> None:
    (desk.folder / "days").mkdir()
    error = desk.refused(desk.folder / "days", map=desk.small())
    assert (error.code, error.hint) == ("not_a_file", f"name its files: {desk.folder / 'days'}/*.csv")
