"""Bad places and moments for a ledger: refused untouched, or it works again when the reason is gone.

Each test is one row of the list of bad inputs that must be tried.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from kpicore.errors import InvalidInput, LedgerUnavailable
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import Clock, amounts, deal, facts


@pytest.fixture
def path(tmp_path):
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        ledger.record([facts("1", [deal("a")])])
    return tmp_path / "kpi.db"


def test_30_a_file_that_cannot_be_written_gives_no_receipt_and_recovers(path):
    with Ledger.open(path) as ledger:
        with sqlite3.connect(path, isolation_level=None) as other:
            pages = other.execute("PRAGMA page_count").fetchone()[0]
        other.close()
        with ledger._database.recorder() as recorder, recorder.file.get_connection(commit=True) as connection:
            connection.cursor().execute(f"PRAGMA max_page_count = {pages}")
        many = facts("2", [deal(f"{n}-{'x' * 200}", note=os.urandom(100).hex()) for n in range(20_000)])
        with pytest.raises(LedgerUnavailable) as caught:
            ledger.record([many])
        assert (caught.value.retryable, len(ledger.headers())) == (True, 1)
        with ledger._database.recorder() as recorder, recorder.file.get_connection(commit=True) as connection:
            connection.cursor().execute("PRAGMA max_page_count = 100000000")
        assert ledger.record([many])[0].rows == 20_000
        assert ledger.verify().intact


def test_32_a_ledger_of_a_later_form_is_refused_and_not_touched(path):
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    for use in (Ledger.open, lambda place: Ledger.open(place, create=False)):
        with pytest.raises(InvalidInput) as caught:
            use(path)
        assert caught.value.code == "newer_ledger"
    assert path.read_bytes() == before


def test_36_a_clock_that_goes_back_changes_no_order(tmp_path):
    clock = Clock()
    with Ledger.open(tmp_path / "kpi.db", clock=clock) as ledger:
        ledger.record([facts("1", [deal("a", 1)])])
        clock.now -= 86_400_000_000
        ledger.record([facts("2", [deal("a", 2)])])
        assert amounts(ledger) == {("crm", "a"): 2}
        assert [finding.status for finding in ledger.verify().findings] == ["odd"]


COMMAND = [sys.executable, "-m", "kpicore.cli"]


def environment(**more):
    return {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "KPICORE"))} | more


@pytest.mark.parametrize("locale", ["C", "POSIX", "zh_TW.UTF-8"])
def test_38_json_and_tables_are_utf8_whatever_the_locale(tmp_path, locale):
    import json

    said = subprocess.run(
        [*COMMAND, "plugins", "show", "--json"], cwd=tmp_path, env=environment(LC_ALL=locale), capture_output=True
    )
    assert said.returncode == 0
    assert "訂單" in json.dumps(json.loads(said.stdout.decode("utf-8")), ensure_ascii=False)


def test_38_a_reader_that_leaves_and_an_interrupt_end_cleanly(tmp_path):
    read, write = os.pipe()
    os.close(read)
    said = subprocess.run(
        [*COMMAND, "plugins", "show"], cwd=tmp_path, env=environment(), stdout=write, stderr=subprocess.PIPE, text=True
    )
    os.close(write)
    assert (said.returncode, "Traceback" in said.stderr) == (141, False)
    process = subprocess.Popen(
        [*COMMAND, "demo"], cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode in (0, 130, -signal.SIGINT)
    assert "fault of kpicore" not in complaint
