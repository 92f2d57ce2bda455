from itertools import pairwise

import duckdb
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from kpicore.engines.windows import MOST_SLICES, WINDOW, Frame, Span, framed
from kpicore.periods import Calendar

CONNECTION = duckdb.connect()


def frame_of(*pairs):
    return framed(tuple(Span(start, end, start - 10, end + 10) for start, end in pairs))


def windows_of(frame, instants):
    """The windows of each instant as SQL finds them, with their bounds."""
    for name, table in frame.tables.items():
        CONNECTION.register(name, table)
    CONNECTION.register("instants", pa.table({"t": pa.array(instants, pa.int64())}))
    columns = ", ".join(["r.t", *frame.columns("w", bounds=True)])
    return sorted(CONNECTION.execute(f"select {columns} from instants r{frame.joined('r.t', 'w')}").fetchall())


edges = st.integers(-20, 20).map(lambda n: n * 6)


@given(
    st.lists(
        st.tuples(edges, edges).map(lambda pair: tuple(sorted(pair))).filter(lambda pair: pair[0] < pair[1]),
        min_size=1,
        max_size=6,
        unique=True,
    )
)
def test_an_instant_has_every_window_that_it_lies_in(pairs):
    frame = frame_of(*pairs)
    instants = range(-130, 130)
    assert windows_of(frame, instants) == sorted(
        (t, n, start, end, start - 10, end + 10)
        for n, (start, end) in enumerate(pairs)
        for t in instants
        if start <= t < end
    )


def test_slices_are_as_long_as_all_bounds_allow():
    assert frame_of((60, 120), (90, 150)).slice == 30
    assert frame_of((-60, 60), (60, 120)).slice is None  # SQL divides towards zero
    assert frame_of((1, 10**9), (10**9, 2 * 10**9)).slice is None  # more than would pay
    assert MOST_SLICES < 10**9


def test_months_are_told_by_local_days_or_hours():
    for zone, hours in (("Asia/Taipei", 8), ("UTC", 24), ("Europe/Berlin", 1), ("Asia/Kathmandu", 0.25)):
        calendar = Calendar(zone)
        spans = [Span.of(calendar.bounds(period)) for period in calendar.series("2025-11..2026-10")]
        frame = framed(tuple(spans))
        assert frame.slice % (hours * 3_600_000_000) == 0
        instants = [edge + off for one, two in pairwise(spans) for edge in (one.start, one.end) for off in (-1, 0, 1)]
        found = {row[0]: row[1] for row in windows_of(frame, instants)}
        assert found == {t: n for t in instants for n, span in enumerate(spans) if span.start <= t < span.end}


def test_the_table_of_windows_has_their_bounds():
    calendar = Calendar("Asia/Taipei")
    frame = framed(tuple(Span.of(calendar.bounds(period)) for period in calendar.series("2026-01..2026-02")))
    rows = frame.tables[frame.name].to_pylist()
    assert [row[WINDOW] for row in rows] == [0, 1]
    assert rows[0]["period_end"] == rows[1]["period_start"] == calendar.instant("2026-02-01")
    assert rows[0]["previous_start"] == calendar.instant("2025-12-01")
    assert rows[0]["next_end"] == calendar.instant("2026-03-01")


def test_the_same_windows_have_the_same_tables():
    one, other = frame_of((0, 10), (10, 20)), Frame((Span(0, 10, -10, 20), Span(10, 20, 0, 30)))
    assert one is frame_of((0, 10), (10, 20))
    assert one.name == other.name
    assert frame_of((0, 10)).tables == {}
