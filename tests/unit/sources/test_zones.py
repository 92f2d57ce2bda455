"""Local times to instants: equal to what the calendar and zoneinfo say, one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.periods import Calendar
from kpicore.sources.zones import to_utc

ZONES = (
    "UTC",
    "Asia/Taipei",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Havana",
)
EPOCH = datetime(1970, 1, 1)
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2190, 1, 1))


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


@given(st.sampled_from(ZONES), st.lists(MOMENTS, min_size=1, max_size=20))
def test_it_agrees_with_the_calendar(zone: str, moments: list[datetime]) -> None:
    found = to_utc(np.array([micros(moment) for moment in moments]), zone)
    for moment, utc, skipped, twice in zip(moments, found.utc, found.skipped, found.twice, strict=True):
        assert utc == Calendar(zone).instant(moment)
        local = moment.replace(tzinfo=ZoneInfo(zone))
        there_and_back = local.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert skipped == (there_and_back != moment)
        assert twice == (not skipped and local.utcoffset() != local.replace(fold=1).utcoffset())


@pytest.mark.parametrize(
    ("zone", "local", "utc", "skipped", "twice"),
    [
        ("Europe/Berlin", "2021-03-28T02:30", "2021-03-28T01:00", True, False),
        ("Europe/Berlin", "2021-10-31T02:30", "2021-10-31T00:30", False, True),
        ("Europe/Berlin", "2021-10-31T03:00", "2021-10-31T02:00", False, False),
        ("America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00", True, False),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00", True, False),
    ],
)
def test_the_edges(zone: str, local: str, utc: str, skipped: bool, twice: bool) -> None:
    found = to_utc(np.array([micros(datetime.fromisoformat(local))]), zone)
    assert found.utc[0] == micros(datetime.fromisoformat(utc))
    assert (bool(found.skipped[0]), bool(found.twice[0])) == (skipped, twice)


def test_no_times() -> None:
    assert len(to_utc(np.zeros(0, np.int64), "Asia/Taipei").utc) == 0
