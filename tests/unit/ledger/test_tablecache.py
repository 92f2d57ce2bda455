"""Kept tables say what the plain reading says at every cut, whatever happens to their files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.definitions.facts import Field
from kpicore.errors import InvalidDefinition, KpicoreError
from kpicore.ledger import chunks, keyindex, tablecache, tablefiles
from kpicore.ledger.reads import Reads
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import DEAL, Clock, deal, facts, retraction
from tests.unit.ledger.test_reads import HISTORY, record


@pytest.fixture
def always(monkeypatch):
    """Tables of any size are kept, and made anew whenever anything is new."""
    for module, name, value in ((keyindex, "SMALLEST", 0), (tablecache, "MANY_BATCHES", 0)):
        monkeypatch.setattr(module, name, value)


@pytest.fixture
def read(monkeypatch):
    """How many batches were read at each call."""
    found = []
    original = Reads._read
    monkeypatch.setattr(
        Reads, "_read", lambda self, headers, columns: found.append(len(headers)) or original(self, headers, columns)
    )
    return found


def folder(path):
    return Path(f"{path}.cache") / "tables"


def plainly(path, cut):
    with Ledger.open(path, cache=False) as ledger:
        return ledger.resolved(DEAL, cut)


@settings(max_examples=12)
@given(HISTORY, st.lists(st.integers(0, 8), max_size=4), st.sampled_from([0, 1, 3]), st.sampled_from([2, 65_536]))
def test_kept_tables_are_the_plain_ones_at_every_cut(calls, looks, many, chunk_rows):
    """Whenever they are looked at, by several processes' worth of open ledgers, in any order of cuts."""
    with pytest.MonkeyPatch.context() as patch, Ledger.open(":memory:", clock=Clock()) as home:
        patch.setattr(chunks, "ROWS", chunk_rows)
        other = Ledger.open(home.path, clock=Clock())
        expected = {}
        for number, call in enumerate(calls):
            before = home.cut().facts
            record(home, [call], first=number)
            for position in range(before, home.cut().facts + 1):
                expected[position] = home.resolved(DEAL, home.cut(position))
            with pytest.MonkeyPatch.context() as small, Ledger.open(home.path, clock=Clock()) as fresh:
                small.setattr(keyindex, "SMALLEST", 0)
                small.setattr(tablecache, "MANY_BATCHES", many)
                for ledger in (home, other, fresh):
                    for look in (home.cut().facts, *(look for look in looks if look in expected)):
                        found = ledger.resolved(DEAL, ledger.cut(look))
                        assert found.to_pylist() == expected[look].to_pylist()
                        assert found.schema == expected[look].schema
                        assert ledger.resolved(DEAL, ledger.cut(look), ["note", "source"]).column_names == [
                            "note", "source", "kpi_position", "kpi_row",
                        ]  # fmt: skip
        other.close()


def test_the_next_process_reads_no_batch_and_later_only_new_ones(always, monkeypatch, tmp_path, read):
    monkeypatch.setattr(tablecache, "MANY_BATCHES", 5)
    path = tmp_path / "kpi.db"
    with Ledger.open(path) as ledger:
        record(ledger, [[("facts", "crm", [f"{n}"])] for n in range(6)])
        first = ledger.resolved(DEAL, ledger.cut())
    read.clear()
    with Ledger.open(path) as ledger:
        assert ledger.resolved(DEAL, ledger.cut()).equals(first)
        assert read == []
        [before] = folder(path).glob("*.arrow")
        ledger.record([facts("more", [deal("2", 9)])])
        monkeypatch.setattr(keyindex, "SMALLEST", 100)
        grown = ledger.resolved(DEAL, ledger.cut())
        assert grown.to_pylist() == plainly(path, ledger.cut()).to_pylist()
        assert [before] == list(folder(path).glob("*.arrow"))
        record(ledger, [[("facts", "crm", [f"{n}"])] for n in range(20, 26)], first=20)
        ledger.resolved(DEAL, ledger.cut())
        [after] = folder(path).glob("*.arrow")
        assert after != before
        assert ledger.resolved(DEAL, ledger.cut()).equals(plainly(path, ledger.cut()))


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes(byte ^ 4 for byte in content[middle : middle + 1]) + content[middle + 1 :]


@pytest.mark.parametrize("kind", ["*.json", "*.arrow", "*"])
@pytest.mark.parametrize(
    "damage",
    [
        None,
        flipped,
        lambda content: content[:-8],
        lambda content: content + bytes(8),
        lambda _: b"[]",
        lambda _: b"",
        lambda content: content.replace(b'"form": 1', b"1"),
    ],
)
def test_broken_or_missing_files_are_made_again(always, tmp_path, damage, kind):
    path = tmp_path / "kpi.db"
    with Ledger.open(path, clock=Clock()) as ledger:
        record(ledger, [[("facts", "crm", ["a", "b"]), ("retraction", "crm", ["a"])], [("facts", "erp", ["b"])]])
        expected = ledger.resolved(DEAL, ledger.cut()).to_pylist()
        for file in sorted(folder(path).glob(kind)):
            if damage is None:
                file.unlink()
            else:
                # As a fault of the disk would: the file itself, not another one in its place.
                content = damage(file.read_bytes())
                other = file.with_name("other")
                other.write_bytes(content)
                other.replace(file)
        assert ledger.resolved(DEAL, ledger.cut()).to_pylist() == expected
    with Ledger.open(path, clock=Clock()) as ledger:
        assert ledger.resolved(DEAL, ledger.cut()).to_pylist() == expected
        assert ledger.verify().intact
    assert len(list(folder(path).glob("*.arrow"))) == 1


def test_a_flip_within_an_open_file_is_noticed(always, tmp_path):
    path = tmp_path / "kpi.db"
    with Ledger.open(path) as ledger:
        record(ledger, [[("facts", "crm", ["a", "b"])]])
        ledger.resolved(DEAL, ledger.cut())
    [file] = folder(path).glob("*.arrow")
    [manifest] = folder(path).glob("*.json")
    looked = tablefiles.looks(file)
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2)
        opened.write(b"\xff" * 8)
    os.utime(file, ns=(looked[3], looked[3]))  # who damages may hide the time of the content
    before = manifest.stat().st_ino
    with Ledger.open(path) as ledger:
        assert ledger.resolved(DEAL, ledger.cut()).equals(plainly(path, ledger.cut()))
    assert manifest.stat().st_ino != before


def test_a_copied_ledger_is_digested_once_and_files_of_another_past_are_not_believed(always, tmp_path, read):
    path, copy, other = (tmp_path / name / "kpi.db" for name in ("one", "copy", "other"))
    path.parent.mkdir()
    with Ledger.open(path, clock=Clock()) as ledger:
        record(ledger, [[("facts", "crm", ["a", "b"])]])
        ledger.resolved(DEAL, ledger.cut())
    shutil.copytree(path.parent, copy.parent)
    read.clear()
    with Ledger.open(copy) as ledger:
        assert ledger.resolved(DEAL, ledger.cut()).num_rows == 2
    [manifest] = folder(copy).glob("*.json")
    told = manifest.stat().st_ino
    with Ledger.open(copy) as ledger:
        assert ledger.resolved(DEAL, ledger.cut()).num_rows == 2
    assert (read, manifest.stat().st_ino) == ([], told)
    other.parent.mkdir()
    with Ledger.open(other, clock=Clock()) as ledger:
        record(ledger, [[("facts", "crm", ["c"])]])
        shutil.copytree(f"{path}.cache", f"{other}.cache")
        assert ledger.resolved(DEAL, ledger.cut())["deal_id"].to_pylist() == ["c"]


def test_a_later_minor_version_has_its_own_table_and_a_changed_kind_is_refused(always, tmp_path):
    later = evolve(DEAL, fields={**DEAL.fields, "fee": Field("money", default="1.5")}, version="1.1")
    changed = evolve(DEAL, fields={**DEAL.fields, "note": Field("integer")})
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        record(ledger, [[("facts", "crm", ["a"])]])
        cut = ledger.cut()
        for _ in range(2):
            assert "fee" not in ledger.resolved(DEAL, cut).column_names
            assert [str(fee) for fee in ledger.resolved(later, cut)["fee"].to_pylist()] == ["1.5000"]
        with pytest.raises(InvalidDefinition, match="note is stored as string"):
            ledger.resolved(changed, cut)
    assert {file.suffix for file in folder(tmp_path / "kpi.db").iterdir()} == {".arrow", ".json", ".lock"}
    assert len(list(folder(tmp_path / "kpi.db").glob("*.arrow"))) == 2


def test_without_a_place_or_space_everything_is_read_plainly(always, tmp_path, monkeypatch):
    path = tmp_path / "kpi.db"
    place = Path(f"{path}.cache")
    place.write_text("a file stands where the folder would be")
    with Ledger.open(path) as ledger:
        record(ledger, [[("facts", "crm", ["a", "a"])]])
        assert ledger.resolved(DEAL, ledger.cut()).num_rows == 1
    place.unlink()
    monkeypatch.setattr(tablefiles, "LEFT_FREE", 1 << 60)
    with Ledger.open(path) as ledger:
        assert ledger.resolved(DEAL, ledger.cut()).num_rows == 1
    monkeypatch.undo()
    assert list(folder(path).glob("*.arrow")) == []
    monkeypatch.setattr(keyindex, "SMALLEST", 0)
    with Ledger.open(path, cache=False) as ledger:
        assert ledger.resolved(DEAL, ledger.cut()).num_rows == 1
    assert list(folder(path).glob("*.arrow")) == []


def test_the_files_keep_to_their_limit(always, tmp_path):
    path = tmp_path / "kpi.db"
    types = [evolve(DEAL, name=f"deal_{number}") for number in range(4)]
    with Ledger.open(path) as ledger:
        ledger.record(
            [facts(one.name, [deal(str(n)) for n in range(100)], fact_type=one, source=one.name) for one in types]
        )
        ledger.resolved(types[0], ledger.cut())
    [file] = folder(path).glob("*.arrow")
    size = file.stat().st_size
    with Ledger.open(path, cache=2 * size + 100) as ledger:
        for one in types:
            assert ledger.resolved(one, ledger.cut()).num_rows == 100
            assert sum(file.stat().st_size for file in folder(path).glob("*.arrow")) <= 2 * size + 100
        assert len(list(folder(path).glob("*.arrow"))) == len(list(folder(path).glob("*.json"))) == 2
    with Ledger.open(path, cache=size - 100) as ledger:
        assert ledger.resolved(types[1], ledger.cut()).num_rows == 100
    assert list(folder(path).glob("deal_1-*.arrow")) == []


def test_a_damaged_ledger_leaves_no_half_written_file(always, tmp_path):
    import sqlite3

    path = tmp_path / "kpi.db"
    with Ledger.open(path) as ledger:
        record(ledger, [[("facts", "crm", ["a"])]])
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE stored_events SET state = substr(state, 1, length(state) - 1)")
    connection.close()
    with Ledger.open(path) as ledger, pytest.raises(KpicoreError) as caught:
        ledger.resolved(DEAL, ledger.cut())
    assert caught.value.code == "ledger_damaged"
    assert [file.suffix for file in folder(path).iterdir()] == [".lock"]


def test_tables_outlive_their_files(always, tmp_path):
    path = tmp_path / "kpi.db"
    with Ledger.open(path) as ledger:
        record(ledger, [[("facts", "crm", ["a"])], [("retraction", "crm", ["b"])]])
        table = ledger.resolved(DEAL, ledger.cut())
        shutil.rmtree(folder(path))
        assert table["deal_id"].to_pylist() == ["a"]
        assert ledger.resolved(DEAL, ledger.cut()).equals(table)
    ledger = Ledger.open(path)
    table = ledger.resolved(DEAL, ledger.cut())
    ledger.close()
    assert table["deal_id"].to_pylist() == ["a"]


READER = """
import sys
from kpicore.ledger import keyindex, tablecache
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import DEAL
keyindex.SMALLEST = tablecache.MANY_BATCHES = 0
with Ledger.open(sys.argv[1]) as ledger:
    print("ready", flush=True)
    for line in sys.stdin:
        print(ledger.resolved(DEAL, ledger.cut())["deal_id"].to_pylist(), flush=True)
"""


def test_several_processes_build_and_read_side_by_side(always, tmp_path):
    path = tmp_path / "kpi.db"
    with Ledger.open(path, clock=Clock()) as ledger:
        record(ledger, [[("facts", "crm", ["0"])]])
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        readers = [subprocess.Popen([sys.executable, "-c", READER, str(path)], **pipes) for _ in range(3)]
        try:
            for reader in readers:
                assert reader.stdout.readline() == "ready\n"
            for number in range(1, 8):
                record(ledger, [[("facts", "crm", [str(number)])]], first=number)
                for reader in readers:
                    reader.stdin.write("\n")
                    reader.stdin.flush()
                expected = [str(one) for one in range(number + 1)]
                assert ledger.resolved(DEAL, ledger.cut())["deal_id"].to_pylist() == expected
                assert [reader.stdout.readline() for reader in readers] == [f"{expected}\n"] * 3
        finally:
            for reader in readers:
                reader.communicate(timeout=60)
    assert len(list(folder(path).glob("*.arrow"))) == 1
    assert list(folder(path).glob("*.draft")) == []


def test_a_retraction_alone_is_no_fact(always, tmp_path):
    with Ledger.open(tmp_path / "kpi.db") as ledger:
        ledger.record([retraction("1", ["a"])])
        for _ in range(2):
            assert ledger.resolved(DEAL, ledger.cut()).num_rows == 0
