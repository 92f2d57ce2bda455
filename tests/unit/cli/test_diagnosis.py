"""`doctor` sees what is wrong with the place of a ledger and with the ledger."""

import fcntl
import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest

from kpicore.cli import diagnosis, ledger_checks

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def doctor(kpicore):
    kpicore("init", "--ledger", "kpi.db")

    def call(*arguments):
        said = kpicore("doctor", "--ledger", "kpi.db", "--json", *arguments)
        return said.code, {check["what"]: check for check in said.json["checks"]}

    return call


def test_a_sound_ledger_is_looked_at_from_all_sides(doctor):
    code, checks = doctor()
    assert code == 0
    sides = ("file system", "space", "permissions", "lock", "cache", "time zones", "ledger")
    assert {side: checks[side]["status"] for side in sides} == dict.fromkeys(sides, "good")
    assert "form 1" in checks["ledger"]["found"]


def test_days_that_begin_in_utc_by_nobodys_decision_are_told(doctor, kpicore):
    """Facts of a local zone and periods of another: sums of a month are then off by hours."""
    assert doctor()[1]["periods"]["status"] == "good"
    Path("deals.csv").write_text("id,at,amount\nA,2026-03-01,1\n", "utf-8")
    fields = 'type = "deal_won"\nkey = "id"\n[fact.columns]\noccurred_at = "at"\namount = "amount"\n'
    Path("deals.toml").write_text(f'[file]\ntimezone = "Asia/Taipei"\n[[fact]]\n{fields}', "utf-8")
    kpicore("import", "deals.csv", "--map", "deals.toml", "--ledger", "kpi.db")
    code, checks = doctor()
    assert (code, checks["periods"]["status"]) == (0, "odd")
    assert "[organisation]" in checks["periods"]["hint"]
    Path("org.toml").write_text('[organisation]\ntimezone = "Asia/Taipei"\n', "utf-8")
    kpicore("apply", "org.toml", "--by", "hr", "--reason", "here", "--ledger", "kpi.db")
    assert doctor()[1]["periods"] == {
        "what": "periods",
        "status": "good",
        "found": "days begin in Asia/Taipei",
        "hint": None,
    }


@pytest.mark.parametrize(("version", "status"), [((3, 40, 1), "odd"), ((3, 51, 2), "odd"), ((3, 51, 3), "good")])
def test_an_old_sqlite_is_told(doctor, monkeypatch, version, status):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    monkeypatch.setattr(sqlite3, "sqlite_version", ".".join(map(str, version)))
    code, checks = doctor()
    assert (code, checks["sqlite"]["status"]) == (0, status)
    assert checks["sqlite"]["found"].startswith(sqlite3.sqlite_version)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p"])
def test_a_network_share_is_refused(doctor, monkeypatch, kind):
    monkeypatch.setattr(ledger_checks, "file_system", lambda path: kind)
    code, checks = doctor()
    assert (code, checks["file system"]["status"]) == (1, "bad")
    assert kind in checks["file system"]["found"]
    assert "ledger" not in checks


def test_the_file_system_of_a_path_is_that_of_the_longest_mount(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/a / ext4 rw 0 0\nb /data nfs rw 0 0\nc /data/my\\040share cifs rw 0 0\nd /dat xfs rw 0 0\n")
    monkeypatch.setattr(ledger_checks, "Path", lambda _: mounts)
    kinds = [
        ledger_checks.file_system(Path(place)) for place in ("/x", "/data/x", "/data/my share/kpi.db", "/database")
    ]
    assert kinds == ["ext4", "nfs", "cifs", "ext4"]


@pytest.mark.parametrize(("free", "code", "status"), [(1 << 20, 1, "bad"), (100 << 20, 0, "odd"), (1 << 40, 0, "good")])
def test_little_space_is_told(doctor, monkeypatch, free, code, status):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))
    found, checks = doctor()
    assert (found, checks["space"]["status"]) == (code, status)


def test_a_held_lock_is_told(doctor):
    with Path("kpi.db.lock").open("r+") as lock:
        # An open file description's lock: one of this process would fall with the first look at the file.
        fcntl.flock(lock, fcntl.LOCK_EX)
        fcntl.fcntl(lock, 37, b"\1\0" + bytes(30))  # F_OFD_SETLK, a write lock on the whole file
        code, checks = doctor()
    assert (code, checks["lock"]["status"], checks["lock"]["found"]) == (0, "odd", "a process is writing now")


def test_an_unusable_cache_and_a_long_log_are_odd(doctor, monkeypatch):
    Path("kpi.db.cache").write_text("no folder")
    monkeypatch.setattr(ledger_checks, "_LONG_LOG", 3)
    Path("kpi.db-wal").write_bytes(b"long")
    code, checks = doctor()
    assert (code, checks["cache"]["status"], checks["log"]["status"]) == (0, "odd", "odd")


def test_a_missing_folder_a_later_form_and_missing_zones_are_wrong(doctor, kpicore, monkeypatch):
    assert kpicore("doctor", "--ledger", "nowhere/kpi.db").code == 1
    with sqlite3.connect("kpi.db") as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    code, checks = doctor()
    assert (code, checks["ledger"]["status"]) == (1, "bad")
    assert "form 2" in checks["ledger"]["found"]

    def gone(name):
        raise OSError("no such table")

    monkeypatch.setattr(diagnosis, "ZoneInfo", gone)
    assert doctor()[1]["time zones"]["status"] == "bad"
