"""The stored form of a batch: it stays readable, and every damage is noticed."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kpicore.canonical import canonical_json
from kpicore.errors import Refused
from kpicore.ledger.batches import stored_events
from kpicore.ledger.envelope import MARK, arrow_bytes, digest_of, pack, read_header, read_table, unpack
from tests.unit.ledger.samples import deal, facts

#: A batch as the first release stored it. It is never written again: every later release reads it.
GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "fact_batch_1.bin"

[EVENT] = stored_events(facts("1", [deal("a", 2), deal("b", 3, note="乙")], complete_until=9, by="anna"), 17)
STATE = pack(EVENT.header, EVENT.body)


def test_a_batch_that_the_first_release_stored_reads_as_it_did():
    header, body = unpack(GOLDEN.read_bytes(), 5)
    assert (header.position, header.source, header.batch_key, header.fact_type) == (5, "crm", "2026-03.csv", "deal_won")
    assert (header.version, header.kind, header.rows, header.chunk, header.chunks) == ("1.0", "facts", 2, 1, 1)
    assert (header.recorded_at, header.by, header.correlation) == (1_800_000_000_000_000, "anna", "job-7")
    assert (header.complete_until, header.reason) == (1_774_972_800_000_000, None)
    assert header.salt == "000102030405060708090a0b0c0d0e0f"
    table = read_table(header, body)
    assert table.schema.names[:4] == ["deal_id", "occurred_at", "owner_id", "amount"]
    assert table.select(["deal_id", "amount", "valid", "seats", "exchange", "note"]).to_pylist() == [
        {
            "deal_id": "D-1",
            "amount": Decimal("12.34"),
            "valid": True,
            "seats": 3,
            "exchange": Decimal("0.031"),
            "note": "乙",
        },
        {"deal_id": "D-2", "amount": Decimal(-5), "valid": None, "seats": None, "exchange": None, "note": None},
    ]


def test_header_and_rows_come_back():
    header, body = unpack(STATE, 3)
    assert header == evolve(EVENT.header, position=3)
    assert read_header(STATE[:600], 3) == header
    assert read_table(header, body).select(["deal_id", "note"]).to_pylist() == [
        {"deal_id": "a", "note": None},
        {"deal_id": "b", "note": "乙"},
    ]
    assert read_table(header, body, ["amount", "unknown"]).column_names == ["amount"]
    assert read_table(header, body, ["unknown"]).num_rows == 2


@given(st.integers(0, len(STATE) * 8 - 1))
def test_every_changed_bit_is_noticed(bit):
    broken = bytearray(STATE)
    broken[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Refused):
        unpack(bytes(broken), 3)


@given(st.integers(0, len(STATE) - 1))
def test_every_cut_is_noticed(length):
    with pytest.raises(Refused):
        unpack(STATE[:length], 3)


def test_what_follows_the_rows_is_noticed():
    with pytest.raises(Refused, match="bytes instead of") as error:
        unpack(STATE + b"\0", 3)
    assert (error.value.code, error.value.where) == ("ledger_damaged", "position 3")


def test_a_later_form_is_refused_by_name():
    with pytest.raises(Refused, match="install a later kpicore") as error:
        unpack(MARK[:7] + b"\x02" + STATE[8:], 3)
    assert error.value.code == "newer_form"


@pytest.mark.parametrize(
    "change",
    [
        {"rows": 3},
        {"rows": "2"},
        {"rows": True},
        {"by": 5},
        {"source": None},
        {"complete_until": 1.5},
        {"extra": 1},
        "gone",
    ],
)
def test_a_header_that_says_something_impossible_is_refused(change):
    parts = json.loads(canonical_json({name: getattr(EVENT.header, name) for name in header_parts()}))
    if change == "gone":
        del parts["reason"]
    else:
        parts.update(change)
    head = json.dumps(parts).encode()
    state = MARK + len(head).to_bytes(4, "big") + hashlib.sha256(head).digest() + head + EVENT.body
    with pytest.raises(Refused):
        read_table(*unpack(state, 3))


def header_parts():
    return [
        part
        for part in EVENT.header.__attrs_attrs__ and EVENT.header.__slots__
        if part not in ("position", "__weakref__")
    ]


def test_a_body_that_is_no_arrow_file_is_refused_even_with_its_digest():
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, pa.schema([("x", pa.int64())])) as writer:
        writer.write_table(pa.table({"x": [1, 2]}))
    for body in (b"no Arrow", stream.getvalue().to_pybytes(), arrow_bytes(pa.table({"x": [1]}))):
        header = evolve(EVENT.header, size=len(body), digest=digest_of(body))
        with pytest.raises(Refused):
            read_table(*unpack(pack(header, body), 3))
