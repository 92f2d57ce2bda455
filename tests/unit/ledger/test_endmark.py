"""The end of a ledger is noted beside it, so that an end that is gone is missed."""

import shutil

import pytest

from kpicore.ledger.endmark import note, noted
from kpicore.ledger.locks import exclusive
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import Clock, deal, facts


def test_the_mark_only_grows(tmp_path):
    path = tmp_path / "lock"
    assert noted(path) == 0
    assert not path.exists()
    for position, said in ((3, 3), (2, 3), (0, 3), (2**62, 2**62)):
        with exclusive(path, 5) as descriptor:
            note(descriptor, position)
        assert noted(path) == said


@pytest.mark.parametrize("damage", [b"", b"x" * 52, b"last position 00000000000000000009 0000000000000000\n", b"9"])
def test_a_mark_that_is_none_says_nothing(tmp_path, damage):
    path = tmp_path / "lock"
    path.write_bytes(damage)
    assert noted(path) == 0
    with exclusive(path, 5) as descriptor:
        note(descriptor, 5)
    assert noted(path) in (0, 5)


def test_an_older_copy_in_the_place_of_a_ledger_is_named(tmp_path):
    path, lock = tmp_path / "kpi.db", tmp_path / "kpi.db.lock"
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([facts("1", [deal("a")])])
    shutil.copy(path, tmp_path / "backup.db")
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([facts("2", [deal("b")]), facts("3", [deal("c")])])
        ledger.keep_draft("44136fa355b3", {})
        assert ledger.verify().intact
    assert noted(lock) == 3
    (tmp_path / "backup.db").replace(path)
    with Ledger.open(path, clock=Clock()) as ledger:
        [finding] = ledger.verify().findings
        assert (finding.position, finding.status) == (2, "tampered")
        assert "positions up to 3 were recorded here, and the last is 1" in finding.what
        assert "an older copy" in finding.what
    path.unlink()
    with Ledger.open(path, clock=Clock()) as ledger:
        assert ledger.verify().intact
    assert noted(lock) == 0


def test_a_call_that_fails_notes_nothing(tmp_path):
    with Ledger.open(tmp_path / "kpi.db", clock=Clock()) as ledger:
        ledger.record([facts("1", [deal("a")])])
        with pytest.raises(RuntimeError):
            _insert_and_fail(ledger)
        assert ledger.verify().intact
    assert noted(tmp_path / "kpi.db.lock") == 1


def _insert_and_fail(ledger):
    with ledger._database.recorder() as recorder, recorder.file.transaction(commit=True) as cursor:
        cursor.execute("INSERT INTO stored_events VALUES (NULL, 'x', 1, 'y', x'00')", ())
        raise RuntimeError
