"""Opening a ledger: what is one, what is not, and what goes wrong on disks."""

import sqlite3
from pathlib import Path

import pytest

from kpicore.errors import InvalidInput, LedgerUnavailable, NotFound, Refused
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import amounts, deal, facts


def test_a_ledger_is_one_file_that_reads_after_closing(tmp_path):
    path = tmp_path / "kpi ü%20?.db"
    with Ledger.open(path) as ledger:
        ledger.record([facts("1", [deal("a", 2)])])
        assert ledger.path == path
    assert sorted(file.name for file in tmp_path.iterdir()) == [path.name, path.name + ".lock"]
    with Ledger.open(str(path), create=False) as again:
        assert amounts(again) == {("crm", "a"): 2}
        [header] = again.headers()
        assert abs(header.recorded_at - path.stat().st_mtime_ns // 1000) < 60_000_000


def test_a_relative_path_stays_the_same_file_when_the_folder_changes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Ledger.open("kpi.db") as ledger:
        monkeypatch.chdir("/")
        ledger.record([facts("1", [deal("a")])])
        assert amounts(ledger) == {("crm", "a"): 1}


def test_a_temporary_ledger_goes_when_it_is_closed():
    with Ledger.open(":memory:") as ledger:
        folder = ledger.path.parent
        assert folder.is_dir()
    assert not folder.exists()
    ledger.close()


def test_a_closed_ledger_says_so(tmp_path):
    ledger = Ledger.open(tmp_path / "kpi.db")
    ledger.close()
    with pytest.raises(InvalidInput) as error:
        ledger.cut()
    assert error.value.code == "ledger_closed"


@pytest.mark.parametrize(
    ("place", "kind", "words"),
    [
        ("", InvalidInput, "this is a folder"),
        ("missing/kpi.db", InvalidInput, "no folder"),
        ("text.db", InvalidInput, "not a ledger"),
        ("other.db", InvalidInput, "another program"),
        ("newer.db", InvalidInput, "form 99"),
        ("/proc/kpi.db", LedgerUnavailable, "cannot be written"),
        ("postgresql://host/kpi", Refused, "not built yet"),
        ("mysql://host/kpi", InvalidInput, "not a place"),
    ],
)
def test_places_that_are_no_ledger_are_refused_and_not_touched(tmp_path, place, kind, words):
    (tmp_path / "text.db").write_text("not a database at all, but long enough to look at" * 9)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("create table stored_events (id)")
    other.close()
    Ledger.open(tmp_path / "newer.db").close()
    with sqlite3.connect(tmp_path / "newer.db") as newer:
        newer.execute("pragma user_version = 99")
    newer.close()
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    location = place if "://" in place else tmp_path / place
    with pytest.raises(kind, match=words) as error:
        Ledger.open(location)
    assert error.value.hint
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_without_create_a_missing_or_empty_file_is_not_found(tmp_path):
    with pytest.raises(NotFound, match="kpicore init"):
        Ledger.open(tmp_path / "kpi.db", create=False)
    (tmp_path / "empty.db").touch()
    with pytest.raises(InvalidInput, match="empty"):
        Ledger.open(tmp_path / "empty.db", create=False)
    with Ledger.open(tmp_path / "empty.db") as ledger:
        assert ledger.cut().facts == 0


def test_commits_are_synchronous_and_positions_survive_vacuum(tmp_path):
    path = tmp_path / "kpi.db"
    with Ledger.open(path) as ledger:
        ledger.record([facts("1", [deal("a")]), facts("2", [deal("b")]), facts("3", [deal("c")])])
        with ledger._database.recorder() as recorder, recorder.file.transaction(commit=False) as cursor:
            cursor.execute("pragma synchronous")
            assert cursor.fetchone()[0] == 2
            cursor.execute("pragma journal_mode")
            assert cursor.fetchone()[0] == "wal"
    with sqlite3.connect(path) as raw:
        raw.execute("delete from stored_events where rowid in (1, 3)")
        raw.commit()
        raw.execute("vacuum")
    raw.close()
    with Ledger.open(path) as ledger:
        assert [header.position for header in ledger.headers()] == [2]
        assert ledger.record([facts("4", [deal("d")])])[0].position == 4


def test_a_damaged_batch_is_named_and_never_half_used(tmp_path):
    path = tmp_path / "kpi.db"
    with Ledger.open(path) as ledger:
        ledger.record([facts("1", [deal("a")]), facts("2", [deal("b")])])
    with sqlite3.connect(path) as raw:
        [state] = raw.execute("select state from stored_events where rowid = 2").fetchone()
        raw.execute("update stored_events set state = ? where rowid = 2", (state[:-9] + b"x" + state[-8:],))
        raw.commit()
    raw.close()
    with Ledger.open(path) as ledger:
        cut = ledger.cut()
        with pytest.raises(Refused, match="position 2: the stored batch is damaged"):
            amounts(ledger, cut)
        assert amounts(ledger, ledger.cut(1)) == {("crm", "a"): 1}
        with pytest.raises(Refused, match="damaged"):
            ledger.record([facts("2", [deal("b")])])


def test_a_batch_that_goes_while_it_is_read_is_noticed(tmp_path):
    path = tmp_path / "kpi.db"
    with Ledger.open(path) as ledger:
        ledger.record([facts("1", [deal("a")])])
        cut = ledger.cut()
        with sqlite3.connect(path) as raw:
            raw.execute("delete from stored_events")
            raw.commit()
        raw.close()
        with pytest.raises(Refused, match="position 1: a stored batch is gone"):
            amounts(ledger, cut)


def test_a_full_disk_is_named_and_the_ledger_works_again(tmp_path):
    path = tmp_path / "kpi.db"
    with Ledger.open(path) as ledger:
        ledger.record([facts("1", [deal("a")])])
        with ledger._database.recorder() as recorder, recorder.file.transaction(commit=False) as cursor:
            connection = cursor.sqlite_cursor.connection
        pages = connection.execute("pragma page_count").fetchone()[0]
        connection.execute(f"pragma max_page_count = {pages}")
        large = facts("2", [deal(f"{number * 7919 % 10_007}-{number}", number) for number in range(20_000)])
        with pytest.raises(LedgerUnavailable, match="free some space"):
            ledger.record([large])
        assert ledger.cut().facts == 1
        connection.execute("pragma max_page_count = 1000000")
        assert ledger.record([large])[0].position == 2


def test_a_file_that_another_program_holds_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("kpicore.ledger.files.TIMEOUT", 0.05)
    path = Path(tmp_path / "kpi.db")
    with Ledger.open(path) as ledger:
        with sqlite3.connect(path, isolation_level=None) as holder:
            holder.execute("begin immediate")
            with pytest.raises(LedgerUnavailable, match="locked") as error:
                ledger.record([facts("1", [deal("a")])])
            assert error.value.retryable
            holder.execute("rollback")
        holder.close()
        assert ledger.record([facts("1", [deal("a")])])[0].position == 1
