"""Several at a time, in order, and the first failure counts."""

import threading

import pytest

from kpicore.ledger import threads
from kpicore.ledger.threads import together


@pytest.mark.parametrize("cores", [1, 2, 8])
def test_results_come_in_the_order_of_the_items_whatever_the_cores(monkeypatch, cores):
    monkeypatch.setattr(threads, "cores", lambda: cores)
    assert together(lambda number: number * 2, range(40)) == [number * 2 for number in range(40)]
    assert together(str, []) == []
    with pytest.raises(ZeroDivisionError):
        together(lambda number: 1 // number, [1, 0, "x"])


def test_two_run_at_the_same_time_and_none_is_left(monkeypatch):
    monkeypatch.setattr(threads, "cores", lambda: 2)
    before, met = threading.active_count(), threading.Barrier(2, timeout=30)
    assert len(together(lambda _: met.wait(), range(2))) == 2
    assert threading.active_count() == before
    assert threads.cores() >= 1
