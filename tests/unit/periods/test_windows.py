from datetime import datetime

import pytest

from kpicore.definitions.algebra.measures import PRIOR, YEAR_BEFORE, Window
from kpicore.errors import InvalidInput
from kpicore.periods import Calendar, edge_parameters


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
