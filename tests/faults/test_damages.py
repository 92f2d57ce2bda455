"""Cut and flipped files: `verify` notices, or what is stored is still the same to the last byte.

A bit may flip where nothing is stored: in the free space of a page, in a counter of the file. Whatever `verify` calls
intact must read exactly as it was written. `make faults` damages 500 files of each kind.
"""

import random
import shutil
import sqlite3

import pytest

from kpicore.errors import InvalidInput, KpicoreError, LedgerUnavailable
from kpicore.ledger.records import NewEntry, RuleChange
from kpicore.ledger.store import Ledger
from kpicore.ledger.verify import verify
from tests.faults.house import DAMAGES
from tests.unit.ledger.samples import Clock, amounts, deal, facts, retraction

REFUSALS = {"ledger_damaged", "not_a_ledger", "newer_form", "unknown_event", "ledger_unavailable"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A ledger with small and large events of every kind, closed: all of it is in one file."""
    path = tmp_path_factory.mktemp("whole") / "kpi.db"
    with Ledger.open(path, clock=Clock()) as ledger:
        for number in range(12):
            ledger.record([facts(str(number), [deal(f"{number}.{row}", row) for row in range(number**3 + 1)])])
            ledger.adopt([RuleChange("scorecard", f"rep-{number % 3}", {"line": ["x" * 300] * number})], "hr", "why")
        ledger.record([retraction("gone", ["3.1"], reason="test deal")])
        ledger.seal("rep.2026.f5.r8", {"total": "1"}, "hr")
        for number in range(1, 5):
            ledger.enter([NewEntry("payout", "recorded", f"bonus.2026.{number}", 1, {"total": "1" * 400}, "hr")])
    return path


def stored(path):
    """Everything that the file holds."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT rowid, * FROM stored_events ORDER BY rowid").fetchall()
    finally:
        connection.close()


def noticed(path):
    """Whether `verify` does not say that all is well."""
    try:
        return verify(path).exit_code != 0
    except (InvalidInput, LedgerUnavailable):
        return True


def test_flipped_bits_are_noticed_wherever_something_is_stored(whole, tmp_path):
    content, events, chance = whole.read_bytes(), stored(whole), random.Random("flips")
    seen = 0
    for number in range(DAMAGES):
        damaged = bytearray(content)
        place = chance.randrange(len(content))
        damaged[place] ^= 1 << chance.randrange(8)
        path = tmp_path / "kpi.db"
        path.write_bytes(damaged)
        if noticed(path):
            seen += 1
        else:
            assert stored(path) == events, f"flip {number} at {place}"
        for file in tmp_path.iterdir():
            file.unlink()
    assert seen > DAMAGES // 3


def test_cuts_are_noticed(whole, tmp_path):
    content, chance = whole.read_bytes(), random.Random("cuts")
    pages = len(content) // 16_384
    cuts = [0, 1, 99, 100, 16_383, *(chance.randrange(len(content)) for _ in range(DAMAGES))]
    cuts += [16_384 * chance.randrange(1, pages) for _ in range(DAMAGES // 4)]
    for cut in cuts:
        path = tmp_path / "kpi.db"
        path.write_bytes(content[:cut])
        assert noticed(path), cut
        for file in tmp_path.iterdir():
            file.unlink()


def test_damaged_rows_are_refused_when_they_are_read(whole, tmp_path):
    """Reading never gives a number that was not recorded: it gives what was, or it refuses."""
    content, chance = whole.read_bytes(), random.Random("reads")
    with Ledger.open(whole, cache=False) as ledger:
        right = amounts(ledger)
    for _ in range(DAMAGES // 4):
        folder = tmp_path / "damaged"
        folder.mkdir()
        damaged = bytearray(content)
        damaged[chance.randrange(16_384, len(content))] ^= 1 << chance.randrange(8)
        (folder / "kpi.db").write_bytes(damaged)
        found = code = None
        try:
            with Ledger.open(folder / "kpi.db", cache=False) as ledger:
                found = amounts(ledger)
        except KpicoreError as error:
            code = error.code
        assert found is not None or code in REFUSALS
        # An event that lost its place in an index, or lies behind a gap, is what only the audit sees.
        assert found in (None, right) or noticed(folder / "kpi.db")
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """A ledger whose last calls are in the write-ahead log alone, as a process left it that was killed."""
    path, folder = tmp_path_factory.mktemp("open") / "kpi.db", tmp_path_factory.mktemp("logged")
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([facts("first", [deal("first")])])
    with Ledger.open(path, clock=Clock()) as ledger:
        for number in range(6):
            ledger.record([facts(str(number), [deal(f"{number}.{row}") for row in range(200)])])
        for part in ("kpi.db", "kpi.db-wal", "kpi.db.lock"):
            shutil.copy(path.with_name(part), folder)
    return folder


def test_a_damaged_cut_or_lost_log_is_missed_at_the_end(logged, tmp_path):
    """SQLite takes what is whole of a log and says nothing of the rest; the mark in the lock file does."""
    with Ledger.open(shutil.copytree(logged, tmp_path / "whole") / "kpi.db") as ledger:
        assert ledger.verify().intact
        events = stored(ledger.path)
    content, chance, seen = (logged / "kpi.db-wal").read_bytes(), random.Random("logs"), 0
    for number in range(DAMAGES):
        folder = shutil.copytree(logged, tmp_path / str(number))
        log, place = bytearray(content), chance.randrange(len(content))
        log[place] ^= 1 << chance.randrange(8)
        if number % 3 == 0:
            (folder / "kpi.db-wal").unlink()
        else:
            (folder / "kpi.db-wal").write_bytes(log if number % 3 == 1 else content[:place])
        if noticed(folder / "kpi.db"):
            seen += 1
        else:
            assert stored(folder / "kpi.db") == events, f"damage {number} at {place}"
        shutil.rmtree(folder)
    assert seen > DAMAGES // 2
