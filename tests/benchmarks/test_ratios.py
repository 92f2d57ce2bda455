"""The short form of `make bench`: what became half as slow again as it may be does not go unnoticed.

At 60,000 facts, what a call costs by itself weighs more than at the sizes of `make bench`; so bounds are of their own where
that shows. The best of several ratios counts: a busy machine makes one run slow, but not each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpicore.ledger import keyindex
from kpicore.ledger.store import Ledger
from tests.benchmarks import house, measuring, memory, scoring, storing
from tests.benchmarks.timing import Row

FACTS = 60_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[house.House]:
    found = house.build(tmp_path_factory.mktemp("bench"), FACTS)
    yield found
    found.kpi.close()


def _holds(timed: Callable[[Path], Row], folder: Path, bound: float) -> None:
    """Within the bound in one of three tries, each in a folder of its own: what is slow by itself is slow in each."""
    for attempt in range(3):
        place = folder / str(attempt)
        place.mkdir()
        row = timed(place)
        if row.best <= 1.5 * bound:
            return
    raise AssertionError(f"{row.name}: {row.best:.2f} of {row.reference}, bound {bound}")


def test_recording(large: house.House, tmp_path: Path) -> None:
    # A transaction a fact type is most of it here, at a million facts it is little.
    _holds(lambda folder: storing.recording(large, folder, 3), tmp_path, 3)


def test_recording_against_an_event_a_fact(large: house.House, tmp_path: Path) -> None:
    _holds(lambda folder: storing.event_a_fact(large, folder, 1), tmp_path, 0.1)


def test_single_facts_share_their_commits(large: house.House, tmp_path: Path) -> None:
    # How long a commit takes is the disk's; how many there are is ours. Each waiting writer is in the next one.
    storing.write_singly(tmp_path / "single.db", large.tables["lead_created"].slice(0, 400).to_pylist())
    with Ledger.open(tmp_path / "single.db") as ledger:
        headers = ledger.headers()
    assert sum(header.rows for header in headers) == 400
    assert 3 * len(headers) <= 400


def test_reading(large: house.House, tmp_path: Path) -> None:
    _holds(lambda folder: storing.reading(large, folder, 3), tmp_path, 1.5)


def test_kept_tables_are_mapped_and_not_read(
    large: house.House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few rows are mapped at once: what a call costs by itself is most of it.
    for module in (keyindex, storing):
        monkeypatch.setattr(module, "SMALLEST", 5_000)
    _holds(lambda folder: storing.kept(large, folder, 5), tmp_path, 3)


def test_many_small_batches_are_read_like_few_large_ones(large: house.House, tmp_path: Path) -> None:
    _holds(lambda folder: storing.small_appends(large, folder, 3, batches=400, rows=5), tmp_path, 1.5)


def test_measuring_says_what_the_statements_say_and_is_not_much_slower(large: house.House, tmp_path: Path) -> None:
    # 24,000 cells an indicator are made whether they have facts or not.
    _holds(lambda _: measuring.measuring(large, 3), tmp_path, 1.5)


def test_measuring_few_facts(tmp_path: Path) -> None:
    _holds(lambda folder: measuring.small(folder, 3), tmp_path, 2)


def test_a_process_that_measures_takes_little_memory(large: house.House) -> None:
    # Most of it is what the libraries take by themselves.
    for taken in memory.measuring(large.kpi.ledger.path, FACTS):
        assert 50 < taken.anonymous <= taken.peak < 450, taken


def test_evaluating_and_sealing(large: house.House, tmp_path: Path) -> None:
    _holds(lambda _: scoring.sealing(large, 3), tmp_path, 1.3)


def test_new_facts_have_little_measured_again(large: house.House, tmp_path: Path) -> None:
    # Recording and looking for what moved are most of it here, at ten million facts they are little.
    _holds(lambda _: measuring.growing(large, 3), tmp_path, 0.8)


def test_other_weights_and_targets_are_not_measured_again(large: house.House) -> None:
    weights, targets, _ = scoring.rescoring(large, 3)
    assert weights.best <= 0.75
    assert targets.best <= 1.5
