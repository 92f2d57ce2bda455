from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.errors import InvalidInput
from kpicore.periods import Calendar

DAY_US = 86_400_000_000


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


def test_shift_keeps_to_the_month() -> None:
    calendar = Calendar()
    assert calendar.shift(datetime(2026, 1, 31, 5), 1, "month") == datetime(2026, 2, 28, 5)
    assert calendar.shift(datetime(2026, 1, 31), -1, "half") == datetime(2025, 7, 31)
    assert calendar.shift(datetime(2026, 1, 31), 2, "week") - datetime(2026, 1, 31) == timedelta(14)


def test_a_wrong_zone_or_month_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        Calendar("Asia/Taipeh")
    assert caught.value.hint == "did you mean Asia/Taipei?"
    with pytest.raises(InvalidInput):
        Calendar("UTC", 13)
