"""Progress is told on stderr, now and then, and never on stdout."""

from __future__ import annotations

import pytest

from kpicore.cli import progress


def test_quick_work_is_silent_and_long_work_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    with progress.progress() as show:
        now += progress.QUIET / 2
        show("deals.csv", 10, None, 5, 100)
        assert capsys.readouterr().err == ""
        now += progress.QUIET
        show("deals.csv", 2000, None, 50, 100)
        show("deals.csv", 2001, None, 51, 100)
        now += progress.PAUSE
        show("deals.csv", 4000, 4000, 100, 100)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ["deals.csv: 2,000 rows (50 %)", "deals.csv: 4,000 rows (100 %)"]


def test_on_a_terminal_there_is_a_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress.progress() as show:
        show("deals.csv", 10, None, 5, 100)
        show("deals.csv", 20, 20, 100, 100)
    assert capsys.readouterr().out == ""
