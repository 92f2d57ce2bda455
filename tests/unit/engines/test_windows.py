from itertools import pairwise

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from kpicore.engines import windows
from kpicore.engines.windows import Span
from kpicore.periods import Calendar

CONNECTION = duckdb.connect()


def spans_of(*pairs):
    return [Span(start, end, start - 10, end + 10) for start, end in pairs]


@st.composite
def apart(draw):
    edges = sorted(draw(st.sets(st.integers(-20, 20), min_size=2, max_size=12)))
    pairs = list(pairwise(edges))
    return draw(st.permutations(draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))))


@given(apart())
def test_an_instant_has_the_number_of_the_span_that_it_lies_in(pairs):
    spans = spans_of(*pairs)
    assert windows.apart(spans)
    sql = f"select t, {windows.number('t', spans)} from range(-25, 25) as r(t) where {windows.inside('t', spans)}"
    found = {t: n for t, n in CONNECTION.execute(sql).fetchall() if n is not None}
    assert found == {t: n for n, (start, end) in enumerate(pairs) for t in range(start, end)}
    if windows.gapless(spans):
        assert CONNECTION.execute(f"select count(*) from ({sql}) as z(t, n) where n is null").fetchone() == (0,)


def test_spans_that_overlap_are_not_apart():
    assert not windows.apart(spans_of((0, 10), (9, 20)))
    assert windows.apart(spans_of((10, 20), (0, 10)))
    assert windows.gapless(spans_of((10, 20), (0, 10)))
    assert not windows.gapless(spans_of((11, 20), (0, 10)))


def test_the_table_of_spans_has_their_bounds():
    calendar = Calendar("Asia/Taipei")
    spans = [Span.of(calendar.bounds(period)) for period in calendar.series("2026-01..2026-02")]
    rows = CONNECTION.execute(windows.table(spans)).fetchall()
    assert [row[0] for row in rows] == [0, 1]
    assert rows[0][2] == rows[1][1] == calendar.instant("2026-02-01")
    assert rows[0][3:] == (calendar.instant("2025-12-01"), calendar.instant("2026-03-01"))
