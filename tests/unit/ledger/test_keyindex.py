"""The key index says what the plain rule says, whatever happens to its files."""

import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.definitions.facts import FactType, Field
from kpicore.ledger import keyindex
from kpicore.ledger.keyhash import identity_hashes
from kpicore.ledger.records import Batch
from kpicore.ledger.resolution import newest
from kpicore.ledger.store import Ledger
from kpicore.ledger.tablecache import TableCache
from tests.unit.ledger.samples import DEAL, Clock, deal, facts, retraction, table

VISIT = FactType(
    "visit_made",
    title="visits",
    key=("place", "number", "at", "fee"),
    fields={"place": Field("id"), "number": Field("integer"), "at": Field("instant"), "fee": Field("money")},
)


@pytest.fixture
def always(monkeypatch):
    """The index serves ledgers of any size, alone, and is always written."""
    monkeypatch.setattr(TableCache, "table", lambda *_: None)
    monkeypatch.setattr(keyindex, "SMALLEST", 0)
    monkeypatch.setattr(keyindex, "_WRITTEN_ROWS", 1)


def plainly(ledger, fact_type, cut):
    """The plain rule over all rows."""
    headers = [header for header in ledger.headers(cut, fact_type.name) if header.rows]
    stored = list(ledger._read(headers, fact_type.key))
    history = ledger.history(fact_type, cut)
    rows = history.filter(pa.array([kind == "facts" for kind in history["kpi_kind"].to_pylist()], pa.bool_()))
    return rows.filter(pa.array(newest(stored, fact_type.key))).drop_columns(["kpi_kind"]).to_pylist()


def checked(ledger, fact_type=DEAL):
    """The facts at every position, seen to be what the plain rule says."""
    for position in range(ledger.cut().facts, -1, -1):
        cut = ledger.cut(position)
        assert ledger.resolved(fact_type, cut).to_pylist() == plainly(ledger, fact_type, cut)
    return ledger.resolved(fact_type, ledger.cut()).to_pylist()


def cached(path):
    return Path(f"{path}.cache")


@pytest.mark.parametrize(("buckets", "together"), [(None, 1 << 20), (None, 2), (3, 4), (1, 1)])
@settings(max_examples=20)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["facts", "facts", "retraction"]),
                st.sampled_from(["crm", "erp"]),
                st.lists(st.sampled_from([f"D-{number}" for number in range(12)]), max_size=6),
            ),
            min_size=1,
            max_size=2,
        ),
        max_size=5,
    )
)
def test_the_index_says_what_the_plain_rule_says_at_every_cut(buckets, together, calls):
    """Also where different identities share a hash, and in a ledger that is closed and opened after each call."""
    make = {
        "facts": lambda key, keys, source: facts(key, [deal(one) for one in keys], source=source),
        "retraction": lambda key, keys, source: retraction(key, keys, source=source),
    }
    with pytest.MonkeyPatch.context() as patch, Ledger.open(":memory:", clock=Clock()) as home:
        patch.setattr(TableCache, "table", lambda *_: None)
        patch.setattr(keyindex, "SMALLEST", 0)
        patch.setattr(keyindex, "_WRITTEN_ROWS", 1)
        patch.setattr(keyindex, "_TOGETHER", together)
        if buckets is not None:
            few = np.uint64(buckets)
            patch.setattr(keyindex, "identity_hashes", lambda *one: identity_hashes(*one) % few)
        for number, steps in enumerate(calls):
            with Ledger.open(home.path, clock=Clock()) as ledger:
                ledger.record(
                    [make[kind](f"{number}.{at}", keys, source) for at, (kind, source, keys) in enumerate(steps)]
                )
                ledger.resolved(DEAL, ledger.cut())
        checked(home)


def test_keys_of_every_kind_and_length_are_told_apart(always):
    random.seed(7)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    places = ["a", "b", "ab", "ba", "乙", "x" * 3000, "x" * 2999 + "y"]
    rows = [
        {
            "place": random.choice(places),
            "number": random.choice([-1, 0, 1]),
            "at": moment,
            "fee": random.choice([0, "0.5"]),
        }
        for _ in range(120)
    ]
    with Ledger.open(":memory:", clock=Clock()) as ledger:
        for begin in range(0, 120, 30):
            part = [{**row, "occurred_at": moment} for row in rows[begin : begin + 30]]
            ledger.record([Batch(VISIT, table(part, VISIT), "crm", str(begin))])
            checked(ledger, VISIT)
        assert len(checked(ledger, VISIT)) == len({tuple(map(str, row.values())) for row in rows})


def test_hashes_depend_on_source_and_every_byte_and_not_on_how_a_column_is_cut():
    keys = [f"D-{number}" for number in range(5000)] + ["", "乙", "a" * 5000, "a" * 4999 + "b"]
    whole = identity_hashes("crm", [pa.chunked_array([keys])])
    assert len(set(whole.tolist())) == len(keys)
    cut = pa.chunked_array([pa.array(["z", *keys[:99]]).slice(1), pa.array([], pa.string()), pa.array(keys[99:])])
    assert (identity_hashes("crm", [cut]) == whole).all()
    assert not (identity_hashes("erp", [cut]) == whole).any()
    two = [pa.chunked_array([["a", "ab"]]), pa.chunked_array([["bc", "c"]])]
    assert len(set(identity_hashes("crm", two).tolist())) == 2
    assert len(identity_hashes("crm", [pa.chunked_array([], pa.string())])) == 0


def test_the_files_serve_the_next_process_and_grow_by_what_is_new(always, tmp_path, monkeypatch):
    path = tmp_path / "kpi.db"
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([facts("1", [deal(str(number)) for number in range(200)])])
        assert len(checked(ledger)) == 200
        before = sorted(file.name for file in cached(path).iterdir())
    read = []
    original = Ledger._read
    monkeypatch.setattr(
        Ledger,
        "_read",
        lambda self, headers, columns: read.append((len(headers), list(columns))) or original(self, headers, columns),
    )
    with Ledger.open(path, clock=Clock()) as ledger:
        assert ledger.resolved(DEAL, ledger.cut(), ["amount"]).num_rows == 200
        assert read == [(1, ["amount"])]
        ledger.record([facts("2", [deal("new"), deal("7", 2)]), retraction("3", ["9"])])
        read.clear()
        assert ledger.resolved(DEAL, ledger.cut(), ["amount"]).num_rows == 200
        # The new batches, and the one that holds what they correct.
        assert read == [(2, ["amount"]), (2, ["deal_id"]), (1, ["deal_id"])]
        read.clear()
        assert ledger.resolved(DEAL, ledger.cut(), ["amount"]).num_rows == 200
        assert read == [(2, ["amount"])]
        monkeypatch.undo()
        checked(ledger)
    after = sorted(file.name for file in cached(path).iterdir())
    assert "deal_won.json" in before
    assert len(after) <= len(before) + 1
    assert set(before) & set(after) == {"deal_won.json"}


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :]


@pytest.mark.parametrize("kind", ["*.json", "*.keys", "*.arrow", "*"])
@pytest.mark.parametrize(
    "damage",
    [None, flipped, lambda content: content[:-8], lambda _: b"[]", lambda content: content.replace(b'"form": 1', b"1")],
)
def test_broken_or_missing_files_change_nothing(always, tmp_path, damage, kind):
    path = tmp_path / "kpi.db"
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([facts("1", [deal(str(number % 60), number) for number in range(100)])])
        expected = checked(ledger)
    for file in sorted(cached(path).glob(kind)):
        if damage is None:
            file.unlink()
        else:
            file.write_bytes(damage(file.read_bytes()))
    with Ledger.open(path, clock=Clock()) as ledger:
        assert checked(ledger) == expected
        ledger.record([facts("2", [deal("0", 99), deal("9", 98)])])
        assert [int(row["amount"]) for row in checked(ledger)[-2:]] == [99, 98]


def test_files_of_another_past_are_not_believed(always, tmp_path):
    path = tmp_path / "kpi.db"
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([facts("1", [deal("a"), deal("a", 2)])])
        checked(ledger)
        shutil.copytree(cached(path), tmp_path / "kept")
    path.unlink()
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([facts("1", [deal("a"), deal("b", 2)])])
        assert len(checked(ledger)) == 2
    shutil.rmtree(cached(path))
    shutil.copytree(tmp_path / "kept", cached(path))
    with Ledger.open(path, clock=Clock()) as ledger:
        assert len(checked(ledger)) == 2


def test_without_a_place_to_write_the_index_stays_in_memory(always, tmp_path):
    path = tmp_path / "kpi.db"
    cached(path).write_text("a file stands where the folder would be")
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([facts("1", [deal("a"), deal("a", 2)])])
        assert len(checked(ledger)) == 1
    cached(path).unlink()
    with Ledger.open(path, clock=Clock(), cache=False) as ledger:
        assert len(checked(ledger)) == 1
    assert not cached(path).exists()


def test_many_small_batches_keep_few_segments(always):
    with Ledger.open(":memory:", clock=Clock()) as ledger:
        for number in range(40):
            ledger.record([facts(str(number), [deal(f"{number}.{row}") for row in range(3)])])
            ledger.resolved(DEAL, ledger.cut(), [])
        [state] = ledger._keys._states.values()
        assert sum(segment.shape[1] for segment in state.segments()) == 120
        assert len(state.segments()) <= 7
        assert state.suspects.num_rows == 0


def test_large_ledgers_use_the_index_by_themselves(tmp_path):
    rows = keyindex.SMALLEST + 10
    numbers = np.arange(rows) % (rows - 5)
    large = pa.table(
        {
            "deal_id": pa.array(numbers).cast(pa.string()),
            "occurred_at": pa.repeat("2026-01-01T00:00:00Z", rows),
            "amount": pa.array(np.arange(rows)),
        }
    )
    path = tmp_path / "kpi.db"
    with Ledger.open(path, clock=Clock()) as ledger:
        ledger.record([Batch(DEAL, table(large), "crm", "1"), retraction("2", ["17"])])
        resolved = ledger.resolved(DEAL, ledger.cut(), ["deal_id", "amount"])
        assert resolved.num_rows == rows - 6
        assert resolved["amount"].to_pylist()[-5:] == list(range(rows - 5, rows))
        assert cached(path).is_dir()
        assert ledger.resolved(DEAL, ledger.cut(1), []).num_rows == rows - 5
        assert ledger.resolved(DEAL, ledger.cut(0), []).num_rows == 0
