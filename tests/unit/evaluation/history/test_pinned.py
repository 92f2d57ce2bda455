"""Calendars that are held to sealed offsets."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from kpicore.evaluation.history.pinned import PinnedCalendar, offsets_document, offsets_of, zone_version
from kpicore.periods import Calendar


@pytest.mark.parametrize("zone", ["UTC", "Asia/Taipei", "America/New_York", "America/Sao_Paulo"])
def test_a_calendar_is_held_to_what_it_said(zone: str) -> None:
    plain, calendar = Calendar(zone), PinnedCalendar(zone)
    texts = ("2018-Q4", "2018-11-04", "2026-W10", "2026-03", "2026-H1")
    bounds = [calendar.bounds(calendar.period(text)) for text in texts]
    assert bounds == [plain.bounds(plain.period(text)) for text in texts]
    assert calendar.instant("2018-07-01") == plain.instant("2018-07-01")
    days = calendar.days(bounds[0].start_us, bounds[0].end_us)
    sealed = offsets_of(json.loads(json.dumps(offsets_document(calendar.offsets()))))
    assert len(sealed) < 12
    # The same offsets give the same instants in a zone whose rules have changed since.
    again = PinnedCalendar("Asia/Tokyo", 1, sealed)
    assert [again.bounds(again.period(text)) for text in texts] == bounds
    assert again.instant(date(2018, 7, 1)) == again.instant("2018-07-01") == plain.instant("2018-07-01")
    assert [day for day in again.days(bounds[0].start_us, bounds[0].end_us) if day in days][1:] == days[1:]


def test_instants_with_an_offset_are_taken_at_their_word() -> None:
    calendar = PinnedCalendar("Asia/Taipei", 1, ((datetime(2000, 1, 1), 0),))
    assert calendar.instant("2026-01-01T00:00:00+08:00") == Calendar().instant("2025-12-31T16:00:00")
    assert calendar.instant("2026-01-01T00:00:00") == Calendar().instant("2026-01-01")


def test_the_tables_have_a_version() -> None:
    assert zone_version()
