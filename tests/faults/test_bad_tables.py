"""Bad tables, handed over in Python: refused with row and column, and nothing is recorded.

Each test is one row of the list of bad inputs that must be tried; cases that touch files are in `test_bad_files`.
"""

import math
import struct
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

import kpicore
from kpicore import Conflict, InvalidInput
from kpicore.ledger.envelope import arrow_bytes

DAY = datetime(2026, 3, 5, tzinfo=UTC)
WHOLE = pa.table(
    {
        "deal_id": ["D-1", "D-2"],
        "occurred_at": pa.array([DAY, DAY], pa.timestamp("us", "UTC")),
        "amount": pa.array([Decimal("1.50"), Decimal(2)], pa.decimal128(18, 4)),
    }
)


@pytest.fixture
def kpi(tmp_path):
    with kpicore.open(tmp_path / "kpi.db", plugins=[]) as opened:
        yield opened


def record(kpi, rows, key="1", **options):
    return kpi.record("deal_won", rows, source="crm", batch_key=key, **options)


def refused(kpi, rows):
    """The error; the ledger is as it was."""
    before = kpi.ledger.cut()
    with pytest.raises(InvalidInput) as caught:
        record(kpi, rows)
    assert kpi.ledger.cut() == before
    assert kpi.verify().intact
    assert caught.value.code
    return caught.value


def deal(**changes):
    return [{"deal_id": "D-1", "occurred_at": DAY, "amount": 1, **changes}]


@pytest.mark.parametrize("flip", [64, 500, 900])
def test_2_a_flipped_bit_in_a_stored_body_is_refused_by_its_digest(kpi, tmp_path, flip):
    import sqlite3

    record(kpi, WHOLE)
    with sqlite3.connect(kpi.ledger.path) as connection:
        [state] = connection.execute("SELECT state FROM stored_events").fetchone()
        damaged = bytearray(state)
        damaged[-flip] ^= 1
        connection.execute("UPDATE stored_events SET state = ?", (bytes(damaged),))
    connection.close()
    assert not kpi.verify().intact
    with pytest.raises(kpicore.Refused) as caught, kpicore.open(kpi.ledger.path, plugins=[]) as again:
        again.facts("deal_won")
    assert caught.value.code == "ledger_damaged"


def broken(column, name="owner_id"):
    return pa.Table.from_arrays([*WHOLE.columns, column], names=[*WHOLE.column_names, name])


def test_3_offsets_beyond_the_buffer_invalid_utf8_and_bad_indices_are_refused(kpi):
    offsets = pa.py_buffer(struct.pack("<3i", 0, 4_000, 4))
    far = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"textmore")])
    bad = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(struct.pack("<3i", 0, 2, 4)), pa.py_buffer(b"\xff\xfe\xfd\xfc")]
    )
    index = pa.DictionaryArray.from_arrays(pa.array([0, 9], pa.int8()), pa.array(["a"]), safe=False)
    for column in (far, bad, index):
        assert refused(kpi, broken(column)).code == "invalid_arrow"


def test_5_extension_types_and_duplicate_columns_are_refused(kpi):
    assert refused(kpi, broken(pa.array([b"0" * 16] * 2, pa.uuid()))).code == "extension_type"
    assert refused(kpi, broken(WHOLE["deal_id"], "amount")).code == "duplicate_column"


def test_6_columns_may_stand_in_any_order_and_a_missing_or_an_extra_one_is_refused(kpi):
    assert refused(kpi, WHOLE.drop_columns(["amount"])).code == "missing_column"
    assert "owner_id" in refused(kpi, broken(WHOLE["deal_id"], "owner_idd")).hint
    assert record(kpi, WHOLE.select(["amount", "deal_id", "occurred_at"])).rows == 2
    assert record(kpi, WHOLE).duplicate


def test_7_floats_are_taken_where_they_are_exact(kpi):
    assert record(kpi, deal(amount=1.5)).rows == 1
    assert refused(kpi, deal(amount=0.1 + 0.2)).rows[0].column == "amount"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("Infinity"), "NaN", "inf"])
def test_8_what_is_no_number_is_refused(kpi, value):
    assert refused(kpi, deal(amount=value)).rows[0].row == 0


@pytest.mark.parametrize("value", [-0.0, Decimal("-0"), "-0", "-0.000"])
def test_8_minus_zero_is_zero(kpi, value):
    record(kpi, deal(amount=value))
    assert str(kpi.facts("deal_won")["amount"][0].as_py()) == "0.0000"


@pytest.mark.parametrize("value", [Decimal("0.00001"), Decimal(10) ** 14, "1e-5", 2**70, "123456789012345.1"])
def test_9_decimals_beyond_scale_or_precision_are_refused_and_never_rounded(kpi, value):
    error = refused(kpi, deal(amount=value))
    assert (error.rows[0].row, error.rows[0].column) == (0, "amount")


def test_10_an_empty_batch_is_recorded_and_has_no_effect(kpi):
    assert record(kpi, []).rows == 0
    assert record(kpi, WHOLE.slice(0, 0)).duplicate
    assert kpi.facts("deal_won").num_rows == 0


def test_11_the_same_batch_twice_is_one_and_other_content_is_a_conflict(kpi):
    first, second = record(kpi, WHOLE), record(kpi, WHOLE)
    assert (second.duplicate, second.position, second.digest) == (True, first.position, first.digest)
    with pytest.raises(Conflict) as caught:
        record(kpi, deal())
    assert caught.value.code == "batch_conflict"
    assert kpi.facts("deal_won").num_rows == 2


def test_13_future_and_zoneless_times_are_refused(kpi):
    assert "future" in refused(kpi, deal(occurred_at=datetime.now(UTC) + timedelta(days=3))).rows[0].reason
    for local in (
        datetime(2026, 3, 5),
        "2026-03-05T09:00",
        "2026-03-05",
        "2026-02-29T00:00:00Z",
        "2026-03-05T24:30:00Z",
    ):
        assert refused(kpi, deal(occurred_at=local)).rows[0].column == "occurred_at"


def test_18_hostile_names_are_plain_text(kpi):
    names = [
        'x"; DROP TABLE stored_events; --',
        "${env}",
        "{{7*7}}",
        "=HYPERLINK(1)",
        "<script>",
        "\u202eabc",
        "a\u200bb",
    ]
    record(kpi, [{**deal()[0], "deal_id": name, "owner_id": name} for name in names])
    assert kpi.facts("deal_won")["deal_id"].to_pylist() == names
    assert kpi.verify().intact


def test_26_identifiers_sent_as_numbers_are_refused(kpi):
    for number in (1234567890123456789, 7.0, Decimal("17850.0")):
        assert "leading zeros" in refused(kpi, deal(deal_id=number)).rows[0].reason


def test_28_twins_that_look_alike_are_kept_apart(kpi):
    twins = ["é", "e\u0301", "发", "發"]
    record(kpi, [{**deal()[0], "deal_id": twin} for twin in twins])
    assert kpi.facts("deal_won").num_rows == 4


def test_equal_batches_have_equal_bytes_though_garbage_lies_under_nulls():
    """A column is rebuilt by the check: what lies under a null is not stored."""
    from kpicore.ledger.rows import check_rows
    from tests.unit.ledger.samples import DEAL

    seats = pa.Array.from_buffers(pa.int64(), 2, [pa.py_buffer(b"\1"), pa.py_buffer(struct.pack("<2q", 1, 77))])
    other = pa.Array.from_buffers(pa.int64(), 2, [pa.py_buffer(b"\1"), pa.py_buffer(struct.pack("<2q", 1, 99))])
    tables = [check_rows(DEAL, broken(column, "seats"))[0] for column in (seats, other)]
    assert tables[0].equals(tables[1])
    assert [len(arrow_bytes(table)) > 0 for table in tables] == [True, True]
