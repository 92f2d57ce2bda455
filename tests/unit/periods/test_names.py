from datetime import datetime
from itertools import pairwise

import pytest

from kpicore.errors import InvalidInput
from kpicore.periods import Period, parse_period, parse_series


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("2026-03-05", "day", "2026-03-05", "2026-03-06"),
        ("2026-W10", "week", "2026-03-02", "2026-03-09"),
        ("2020-W53", "week", "2020-12-28", "2021-01-04"),
        ("2026-12", "month", "2026-12-01", "2027-01-01"),
        ("2026-Q1", "quarter", "2026-01-01", "2026-04-01"),
        ("2026-H2", "half", "2026-07-01", "2027-01-01"),
        ("2026", "year", "2026-01-01", "2027-01-01"),
        ("FY2026", "year", "2026-04-01", "2027-04-01"),
        ("FY2026-Q4", "quarter", "2027-01-01", "2027-04-01"),
        ("FY2026-03", "month", "2026-06-01", "2026-07-01"),
        ("2026-01-15/2026-02-15", "range", "2026-01-15", "2026-02-15"),
    ],
)
def test_each_form(text: str, kind: str, start: str, end: str) -> None:
    period = parse_period(text, fiscal_year_start=4)
    assert (period.id, period.kind) == (text, kind)
    assert (period.start, period.end) == (datetime.fromisoformat(start), datetime.fromisoformat(end))


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-13", "2026-00", "2026-02-30", "2026-W54", "2026-Q5", "2026-H3", "26", "FY2026-W10", "2026-1"),
        *("0001", "2026-02-01/2026-02-01", "2026-02-01/", "2026/2027", "a/b/c", "2026-Q1 ", "FY2026-03-01"),
        "\uff12\uff10\uff12\uff16",
    ],
)
def test_what_is_no_period_is_refused_with_the_known_forms(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a period") as caught:
        parse_period(text)
    assert caught.value.code == "bad_period"
    assert "2026-Q1" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("2026-11..2027-01", ["2026-11", "2026-12", "2027-01"]),
        ("2026-Q4..2027-Q1", ["2026-Q4", "2027-Q1"]),
        ("2020-W53..2021-W01", ["2020-W53", "2021-W01"]),
        ("FY2026-12..FY2027-01", ["FY2026-12", "FY2027-01"]),
        ("2024-02-28..2024-03-01", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("2026", ["2026"]),
    ],
)
def test_series(text: str, ids: list[str]) -> None:
    series = parse_series(text)
    assert [period.id for period in series] == ids
    assert all(a.end == b.start for a, b in pairwise(series))


@pytest.mark.parametrize(
    "text", ["2026..2026-02", "2027..2026", "2026..", "2026-01-01/2026-02-01..2027", "1900-01-01..2100-01-01"]
)
def test_series_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_series(text)


def test_periods_are_values() -> None:
    assert parse_period("2026") == Period("2026", "year", datetime(2026, 1, 1), datetime(2027, 1, 1))
