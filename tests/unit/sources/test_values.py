"""Cells as they are declared: dates, numbers and words, or a reason."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.sources.desk import Desk, rows


def one(desk: Desk, at: str = "2026-01-01", amount: str = "1", **small: str) -> dict[str, object]:
    path = desk.write("a.tsv", f"id\tat\tamount\nA\t{at}\t{amount}\n")
    desk.run(path, map=desk.small(**small))
    return desk.facts()[-1]


def reason(desk: Desk, at: str = "2026-01-01", amount: str = "1", **small: str) -> str:
    path = desk.write("a.tsv", f"id\tat\tamount\nA\t{at}\t{amount}\n")
    error = desk.refused(path, map=desk.small(**small))
    assert rows(error) == [(2, "at" if amount == "1" else "amount", at if amount == "1" else amount)]
    return error.rows[0].reason


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-05", "2026-03-04 23:00:00"),
        ("2026-03-05 09:30", "2026-03-05 08:30:00"),
        ("2026-03-05T09:30:15.25", "2026-03-05 08:30:15.250000"),
        ("2026-03-05T09:30:15Z", "2026-03-05 09:30:15"),
        ("2026-03-05T09:30+08:00", "2026-03-05 01:30:00"),
        ("2026-03-05 09:30:00-0330", "2026-03-05 13:00:00"),
        ("2026-10-25T02:30+01:00", "2026-10-25 01:30:00"),
    ],
)
def test_iso_times(desk: Desk, text: str, utc: str) -> None:
    found = one(desk, text, entry='timezone = "Europe/Berlin"')
    assert str(found["occurred_at"]).removesuffix("+00:00") == utc


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("05.03.2026", "declare its format"),
        ("2026-3-5", "declare its format"),
        ("2026-02-29", "no such day"),
        ("2026-01-01 25:00", "no such day or time"),
        ("2026-01-01T10:00:00.1234567", "declare its format"),
        ("２０２６-01-01", "declare its format"),
        ("1899-12-31", "between 1900 and 2200"),
        ("2026-03-29 02:30", "skip this time"),
        ("2026-10-25 02:30", "show this time twice"),
        ("infinity", "declare its format"),
        ("17850.0", "declare its format"),
    ],
)
def test_times_that_are_refused(desk: Desk, text: str, says: str) -> None:
    assert says in reason(desk, text, entry='timezone = "Europe/Berlin"')


@pytest.mark.parametrize(
    ("text", "written", "utc"),
    [
        ("7/29/2013", "%m/%d/%Y", "2013-07-29 00:00:00"),
        ("29.07.2013 14:05", "%d.%m.%Y %H:%M", "2013-07-29 14:05:00"),
        ("29 Jul 2013 2:05 PM", "%d %b %Y %I:%M %p", "2013-07-29 14:05:00"),
        ("20130729T140500+0800", "%Y%m%dT%H%M%S%z", "2013-07-29 06:05:00"),
        ("13-211", "%y-%j", "2013-07-30 00:00:00"),
    ],
)
def test_declared_formats(desk: Desk, text: str, written: str, utc: str) -> None:
    path = desk.write("a.tsv", f"id\tat\tamount\nA\t{text}\t1\n")
    desk.run(path, map=desk.small(at=f'{{column = "at", format = "{written}"}}'))
    found = desk.facts()[-1]
    assert str(found["occurred_at"]).removesuffix("+00:00") == utc


def test_day_and_month_swapped_for_part_of_a_file(desk: Desk) -> None:
    text = "id,at,amount\nA,7/29/2013,1\nB,29/7/2013,1\nC,7/30/2013,1\nD,2013-07-30,1\nE,7/30/13,1\n"
    error = desk.refused(desk.write("a.csv", text), map=desk.small(at='{column = "at", format = "%m/%d/%Y"}'))
    assert rows(error) == [(3, "at", "29/7/2013"), (5, "at", "2013-07-30"), (6, "at", "7/30/13")]
    assert error.rows[0].reason == "it does not read as %m/%d/%Y"


@pytest.mark.parametrize(
    ("text", "file", "value"),
    [
        ("1234.5", "", "1234.5"),
        ("-0007.10", "", "-7.1"),
        ("+5", "", "5"),
        ("-0", "", "0"),
        ("1.50000000", "", "1.5"),
        ("1,234.5", 'thousands = ","', "1234.5"),
        ("1234.5", 'thousands = ","', "1234.5"),
        ("1.234,50", 'decimal = ","\nthousands = "."', "1234.5"),
        ("-1 234 567,89", 'decimal = ","\nthousands = " "', "-1234567.89"),
        ("1'234", 'thousands = "\'"', "1234"),
    ],
)
def test_numbers_as_declared(desk: Desk, text: str, file: str, value: str) -> None:
    assert one(desk, amount=text, file=file)["amount"] == Decimal(value)


@pytest.mark.parametrize(
    ("text", "file", "says"),
    [
        ("1,234.5", "", "not a number"),
        ("1.234,5", "", "not a number"),
        ("1,5", 'thousands = ","', "not a number with decimal '.' and thousands ','"),
        ("12,34,567", 'thousands = ","', "not a number"),
        ("1.5", 'decimal = ","', "not a number with decimal ','"),
        ("１２", "", "not a number"),
        ("5%", "", "not a number"),
        ("$5", "", "not a number"),
        ("1e3", "", "not a number"),
        ("1_000", "", "not a number"),
        ("0x10", "", "not a number"),
        ("NaN", "", "not a number"),
        ("inf", "", "not a number"),
        (" 1", "", "not a number"),
        ("1.23456", "", "more than 4 decimal places"),
        ("123456789012345", "", "more than 14 digits"),
    ],
)
def test_numbers_that_are_refused(desk: Desk, text: str, file: str, says: str) -> None:
    assert says in reason(desk, amount=text, file=file)


CONTENT = """
[file]
timezone = "UTC"
[[fact]]
type = "complaint_opened"
key = "id"
[fact.columns]
occurred_at = "at"
severity = {severity}
valid = {valid}
"""


def complaint(
    desk: Desk, severity: str, valid: str, severity_is: str = '"s"', valid_is: str = '"v"'
) -> dict[str, object]:
    path = desk.write("a.csv", f"id,at,s,v\nA,2026-01-01,{severity},{valid}\n")
    desk.run(path, map=CONTENT.format(severity=severity_is, valid=valid_is))
    return desk.facts("complaint_opened")[-1]


def test_integers_and_words_as_declared(desk: Desk) -> None:
    assert complaint(desk, "3", "true")["severity"] == 3
    assert complaint(desk, "+04", "false")["valid"] is False
    assert complaint(desk, "5.0", "", '{column = "s", type = "decimal"}')["severity"] == 5
    assert complaint(desk, "5", "Yes", valid_is='{column = "v", format = "Yes/No"}')["valid"] is True
    assert complaint(desk, "5", "N", valid_is="{sql = \"v = 'Y'\"}")["valid"] is False
    assert complaint(desk, "5", "", valid_is="{value = true}")["valid"] is True
    assert complaint(desk, "5", "", '{sql = "s::int * 2"}')["severity"] == 10


@pytest.mark.parametrize(
    ("severity", "valid", "column"),
    [
        ("5.0", "true", "s"),
        ("x", "true", "s"),
        ("9223372036854775808", "true", "s"),
        ("5", "True", "v"),
        ("5", "1", "v"),
    ],
)
def test_integers_and_words_that_are_refused(desk: Desk, severity: str, valid: str, column: str) -> None:
    path = desk.write("a.csv", f"id,at,s,v\nA,2026-01-01,{severity},{valid}\n")
    error = desk.refused(path, map=CONTENT.format(severity='"s"', valid='"v"'))
    assert [(line, name) for line, name, _ in rows(error)] == [(2, column)]


def test_identifiers_may_be_declared_whole_numbers(desk: Desk) -> None:
    path = desk.write("a.csv", "id,at,amount,who\nA,2026-01-01,1,007\nB,2026-01-01,1,17850.0\n")
    error = desk.refused(path, map=desk.small(columns='owner_id = {column = "who", type = "integer"}'))
    assert rows(error) == [(3, "who", "17850.0")]
    desk.run(path, map=desk.small(columns="owner_id = {sql = \"replace(who, '.0', '')\"}"))
    assert [row["owner_id"] for row in desk.facts()] == ["007", "17850"]


TAIPEI = 'timezone = "Asia/Taipei"'


def instant(desk: Desk, text: str, at: str) -> str:
    desk.run(desk.write("a.tsv", f"id\tat\tamount\nA\t{text}\t1\n"), map=desk.small(entry=TAIPEI, at=at))
    return str(desk.facts()[-1]["occurred_at"]).removesuffix("+00:00")


def why_not(desk: Desk, text: str, at: str) -> str:
    path = desk.write("a.tsv", f"id\tat\tamount\nA\t{text}\t1\n")
    error = desk.refused(path, map=desk.small(entry=TAIPEI, at=at))
    assert rows(error) == [(2, "at", text)]
    return error.rows[0].reason


@pytest.mark.parametrize(
    ("text", "written", "utc"),
    [
        ("1740800000", "unix", "2025-03-01 03:33:20"),
        ("1740800000.25", "unix", "2025-03-01 03:33:20.250000"),
        ("1740800000.2500000", "unix", "2025-03-01 03:33:20.250000"),
        ("-1", "unix", "1969-12-31 23:59:59"),
        ("1740800000123", "unix_ms", "2025-03-01 03:33:20.123000"),
        ("1740800000123.4", "unix_ms", "2025-03-01 03:33:20.123400"),
        ("1740800000123456", "unix_us", "2025-03-01 03:33:20.123456"),
    ],
)
def test_times_counted_from_1970(desk: Desk, text: str, written: str, utc: str) -> None:
    assert instant(desk, text, f'{{column = "at", format = "{written}"}}') == utc


@pytest.mark.parametrize(
    ("text", "written", "says"),
    [
        ("2025-03-01", "unix", "does not read as unix"),
        ("1740800000.1234567", "unix", "does not read as unix"),
        ("1740800000123.5", "unix_us", "does not read as unix_us"),
        ("1740800000123", "unix", "between 1900 and 2200"),
        ("99999999999999999999", "unix", "between 1900 and 2200"),
        ("-99999999999999999999", "unix", "between 1900 and 2200"),
        ("1e9", "unix", "does not read as unix"),
    ],
)
def test_counts_that_are_refused(desk: Desk, text: str, written: str, says: str) -> None:
    assert says in why_not(desk, text, f'{{column = "at", format = "{written}"}}')


@pytest.mark.parametrize(
    ("text", "written", "utc"),
    [
        ("114/3/5", "%Y/%m/%d", "2025-03-04 16:00:00"),
        ("114/03/05 09:30", "%Y/%m/%d %H:%M", "2025-03-05 01:30:00"),
        ("民國114年3月5日", "民國%Y年%m月%d日", "2025-03-04 16:00:00"),
        ("1140305", "%Y%m%d", "2025-03-04 16:00:00"),
        ("990305", "%Y%m%d", "2010-03-04 16:00:00"),
        ("05.03.113", "%d.%m.%Y", "2024-03-04 16:00:00"),
        ("113/2/29", "%Y/%m/%d", "2024-02-28 16:00:00"),
    ],
)
def test_years_of_the_republic(desk: Desk, text: str, written: str, utc: str) -> None:
    assert instant(desk, text, f'{{column = "at", format = "{written}", calendar = "roc"}}') == utc


@pytest.mark.parametrize("text", ["2025/03/05", "114/2/29", "0/1/1", "x/1/1", "114-03-05", "1140/3/5"])
def test_years_that_are_not_of_the_republic(desk: Desk, text: str) -> None:
    at = '{column = "at", format = "%Y/%m/%d", calendar = "roc"}'
    assert "with years of roc" in why_not(desk, text, at)


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ('{column = "at", format = "%y/%m/%d", calendar = "roc"}', "has them as %Y"),
        ('{column = "at", format = "unix", calendar = "roc"}', "counts from 1970"),
        ('{column = "at", calendar = "roc"}', "goes with the format"),
        ('{column = "at", format = "%Y/%m/%d", calendar = "lunar"}', "unknown calendar"),
    ],
)
def test_calendars_that_cannot_be(desk: Desk, at: str, says: str) -> None:
    assert says in str(desk.refused(desk.write("a.csv", "id,at,amount\nA,1,1\n"), map=desk.small(at=at)))


def test_digits_of_full_width_are_translated(desk: Desk) -> None:
    """What a map may say of them; nothing reads them unasked."""
    amount = "{sql = \"translate(amount, '０１２３４５６７８９，．', '0123456789,.')\"}"
    path = desk.write("a.tsv", "id\tat\tamount\nA\t2026-01-01\t１，２３４．５\n")
    desk.run(path, map=desk.small('thousands = ","', amount=amount))
    assert desk.facts()[-1]["amount"] == Decimal("1234.5000")


@pytest.mark.parametrize(
    ("text", "fold", "utc"),
    [
        ("2018-02-17 23:59:59", "earlier", "2018-02-18 01:59:59"),
        ("2018-02-17 23:59:59", "later", "2018-02-18 02:59:59"),
        ("2018-02-17 22:59:59", "later", "2018-02-18 00:59:59"),
        ("2018-02-18 00:00:00", "earlier", "2018-02-18 03:00:00"),
        ("2018-02-18 00:00:00", "later", "2018-02-18 03:00:00"),
        ("2018-02-18", "later", "2018-02-18 03:00:00"),
    ],
)
def test_times_that_the_clocks_show_twice_may_be_declared(desk: Desk, text: str, fold: str, utc: str) -> None:
    """An export of local times has some in every year: nobody can write offsets into it any more."""
    zone = 'timezone = "America/Sao_Paulo"'
    found = one(desk, text, file=f'fold = "{fold}"', entry=zone)
    assert str(found["occurred_at"]).removesuffix("+00:00") == utc
    if text == "2018-02-17 23:59:59":
        assert 'add fold = "earlier" under [file]' in reason(desk, text, entry=zone)


def test_dates_are_their_first_instant_whatever_is_said_of_times(desk: Desk) -> None:
    """In Havana midnight itself comes twice."""
    for fold in ("earlier", "later"):
        found = one(desk, "2024-11-03", file=f'fold = "{fold}"', entry='timezone = "America/Havana"')
        assert str(found["occurred_at"]) == "2024-11-03 04:00:00+00:00"


@pytest.mark.parametrize("fold", ["earlier", "later"])
def test_times_that_the_clocks_skip_are_refused_all_the_same(desk: Desk, fold: str) -> None:
    says = reason(desk, "2026-03-29 02:30", file=f'fold = "{fold}"', entry='timezone = "Europe/Berlin"')
    assert "skip this time" in says
