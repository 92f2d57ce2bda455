from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.algebra.measures import PRIOR, YEAR_BEFORE, Window
from kpicore.errors import InvalidInput
from kpicore.periods import Calendar, Period, duration_us, edge_parameters, parse_period, parse_series

DAY_US = 86_400_000_000


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


@given(
    st.dates(date(1901, 1, 1), date(2199, 12, 1)),
    st.sampled_from(["%Y-%m-%d", "%G-W%V", "%Y-%m", "%Y", "FY%Y", "FY%Y-%m"]),
    st.integers(1, 12),
)
def test_the_id_of_a_period_names_it_again_and_the_next_one_follows(day: date, form: str, first: int) -> None:
    calendar = Calendar("Asia/Taipei", first)
    period = calendar.period(day.strftime(form))
    assert calendar.period(period.id) == period
    bounds = calendar.bounds(period)
    assert bounds.previous_start_us < bounds.start_us < bounds.end_us < bounds.next_end_us


def test_bounds_are_instants_of_the_organisations_zone() -> None:
    calendar = Calendar("Asia/Taipei")
    bounds = calendar.bounds(calendar.period("2026-03"))
    assert bounds.start_us == datetime(2026, 2, 28, 16, tzinfo=UTC).timestamp() * 1_000_000
    assert bounds.end_us - bounds.start_us == 31 * DAY_US
    assert bounds.start_us - bounds.previous_start_us == 28 * DAY_US


def test_the_neighbours_of_a_range_are_as_long_as_it_is() -> None:
    calendar = Calendar()
    bounds = calendar.bounds(calendar.period("2026-01-15/2026-01-25"))
    assert bounds.start_us - bounds.previous_start_us == bounds.next_end_us - bounds.end_us == 10 * DAY_US


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00+00:00"),  # midnight does not exist
        ("America/Sao_Paulo", "2018-11-04T00:30:00", "2018-11-04T03:00:00+00:00"),
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00+00:00"),  # the gap begins before midnight
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00+00:00"),  # a whole day is skipped
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00+00:00"),  # midnight comes twice
        ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:00:00+00:00"),
        ("Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T02:30:00+00:00"),
    ],
)
def test_clocks_that_jump(zone: str, local: str, instant: str) -> None:
    assert Calendar(zone).instant(local) == round(datetime.fromisoformat(instant).timestamp()) * 1_000_000


def test_instants_keep_microseconds() -> None:
    assert Calendar("Asia/Taipei").instant("1969-12-31T08:00:00.000001") == -DAY_US + 1


@given(
    st.sampled_from(["America/Sao_Paulo", "Europe/Berlin", "Asia/Taipei", "Pacific/Apia", "America/Havana"]),
    st.datetimes(datetime(1995, 1, 1), datetime(2030, 1, 1)),
    st.integers(1, 400),
)
def test_days_cover_the_stretch_without_gap(zone: str, start: datetime, length: int) -> None:
    calendar = Calendar(zone)
    first = calendar.instant(start)
    days = calendar.days(first, first + length * DAY_US)
    assert days[0][1] <= first < days[0][2]
    assert days[-1][1] < first + length * DAY_US <= days[-1][2]
    assert all(a[2] == b[1] for a, b in pairwise(days))


def test_an_empty_stretch_has_no_days() -> None:
    assert Calendar().days(5, 5) == []


def test_windows() -> None:
    calendar = Calendar()

    def seen(text: str, window: Window, **params: str) -> tuple[datetime, datetime]:
        period = calendar.window(calendar.period(text), window, params)
        return period.start, period.end

    assert seen("2026-Q1", PRIOR) == (datetime(2025, 10, 1), datetime(2026, 1, 1))
    assert seen("2024-02", YEAR_BEFORE) == (datetime(2023, 2, 1), datetime(2023, 3, 1))
    assert seen("2026-03", Window("start - $lag", "end - $lag"), lag="30d") == (
        datetime(2026, 1, 30),
        datetime(2026, 3, 2),
    )
    assert seen("2026-03-30", Window("end - 1 month", "end")) == (datetime(2026, 2, 28), datetime(2026, 3, 31))
    assert seen("2026-01-01/2026-01-11", PRIOR) == (datetime(2025, 12, 22), datetime(2026, 1, 1))


@pytest.mark.parametrize(
    "window",
    [Window("begin", "end"), Window("start", "end + $tail"), Window("end", "start"), Window("start -1 day", "end")],
)
def test_windows_that_cannot_be_read_are_refused(window: Window) -> None:
    calendar = Calendar()
    with pytest.raises(InvalidInput):
        calendar.window(calendar.period("2026-03"), window, {"tial": "1d"})


def test_parameters_of_edges() -> None:
    assert list(edge_parameters(Window("start - $lag", "end"))) == ["lag"]
    with pytest.raises(InvalidInput):
        list(edge_parameters(Window("start", "ende")))


def test_shift_keeps_to_the_month() -> None:
    calendar = Calendar()
    assert calendar.shift(datetime(2026, 1, 31, 5), 1, "month") == datetime(2026, 2, 28, 5)
    assert calendar.shift(datetime(2026, 1, 31), -1, "half") == datetime(2025, 7, 31)
    assert calendar.shift(datetime(2026, 1, 31), 2, "week") - datetime(2026, 1, 31) == timedelta(14)


@pytest.mark.parametrize(("text", "seconds"), [("30d", 2_592_000), ("24h", 86_400), ("90m", 5_400), ("0d", 0)])
def test_durations(text: str, seconds: int) -> None:
    assert duration_us(text) == seconds * 1_000_000


@pytest.mark.parametrize("text", ["30", "d", "-1d", "1.5d", "30 d", "90d; drop", "9999999d"])
def test_bad_durations(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a duration"):
        duration_us(text)


def test_a_wrong_zone_or_month_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        Calendar("Asia/Taipeh")
    assert caught.value.hint == "did you mean Asia/Taipei?"
    with pytest.raises(InvalidInput):
        Calendar("UTC", 13)


def test_periods_are_values() -> None:
    assert parse_period("2026") == Period("2026", "year", datetime(2026, 1, 1), datetime(2027, 1, 1))
