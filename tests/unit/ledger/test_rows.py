"""Rows are taken exactly, or refused with a reason."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from kpicore.errors import InvalidInput
from kpicore.ledger.rows import LISTED, check_keys, check_rows, refuse
from kpicore.ledger.schema import arrow_schema
from tests.unit.ledger.samples import DAY, DEAL, NOW, PLAN, deal


def checked(column, values):
    """The column after checking rows with these values, and what was refused."""
    table, refusals = check_rows(DEAL, [deal(str(place), **{column: value}) for place, value in enumerate(values)])
    return table[column].to_pylist(), {entry.row: entry.reason for entry in refusals}


def arrow(column, array):
    """The same for an Arrow column."""
    columns = {
        "deal_id": pa.array([str(place) for place in range(len(array))]),
        "occurred_at": pa.array([DAY] * len(array)),
        "amount": pa.array([1] * len(array)),
        column: array,
    }
    table, refusals = check_rows(DEAL, pa.table(columns))
    return table[column].to_pylist(), {entry.row: entry.reason for entry in refusals}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (5, "5"),
        (-7, "-7"),
        (Decimal("1.2500"), "1.25"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.0000000"), "0"),
        (0.5, "0.5"),
        (-0.0, "0"),
        (99_999_999_999_999, "99999999999999"),
        ("12.3400000", "12.34"),
        ("-0", "0"),
        ("00000000000000000012.5", "12.5"),
        (np.int64(3), "3"),
        (np.float64(0.25), "0.25"),
        (True, None),
        (0.1, None),
        (float("nan"), None),
        (float("inf"), None),
        (Decimal("NaN"), None),
        (Decimal("1.23456"), None),
        (Decimal("1E+300"), None),
        (Decimal("1E-300"), None),
        (100_000_000_000_000, None),
        (2**70, None),
        (1e300, None),
        ("1.23456", None),
        ("100000000000000", None),
        ("1,234.5", None),
        ("1e3", None),
        ("", None),
        (".5", None),
        ("١٢", None),
        (date(2026, 1, 1), None),
        (b"5", None),
    ],
)
def test_money_is_taken_exactly_or_refused(sent, kept):
    values, refused = checked("amount", [sent])
    assert values == ([] if kept is None else [Decimal(kept)])
    assert bool(refused) is (kept is None)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("seats", [3, 4.0, Decimal(5), np.int32(6)], [4.5, Decimal("5.5"), "6", True, 2**64, -(2**63) - 1, 1e300]),
        ("valid", [True, np.bool_(False)], [1, 0.0, "true", "false", Decimal(1)]),
        ("note", ["x", "", "乙\n", np.str_("y")], [1, 1.5, True, b"x", Decimal(1), "\ud800", {}, date(2026, 1, 1)]),
        ("exchange", [Decimal("0.03100001"), 0.5, 31], [Decimal("0.123456789"), 1_000_000_000, 0.1]),
        ("probability", [Decimal("0.000001")], ["0.0000001"]),
    ],
)
def test_each_kind_takes_its_own_and_what_converts_exactly(kind, good, bad):
    values, refused = checked(kind, [*good, None])
    assert refused == {}
    assert values == [*good, None]
    _, refused = checked(kind, bad)
    assert sorted(refused) == list(range(len(bad)))


def test_a_column_of_several_python_types_converts_each_exactly():
    values, refused = checked("amount", [1, "2.5", Decimal("3.1"), 0.5, "x", 7.3])
    assert values == [Decimal(1), Decimal("2.5"), Decimal("3.1"), Decimal("0.5")]
    assert sorted(refused) == [4, 5]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-03-05T09:30:00+08:00", datetime(2026, 3, 5, 1, 30, tzinfo=UTC)),
        ("2026-03-05 09:30+0800", datetime(2026, 3, 5, 1, 30, tzinfo=UTC)),
        ("2026-03-05T09:30:00.000001Z", datetime(2026, 3, 5, 9, 30, 0, 1, tzinfo=UTC)),
        (datetime(2026, 3, 5, 9, 30, tzinfo=timezone(timedelta(hours=8))), datetime(2026, 3, 5, 1, 30, tzinfo=UTC)),
        (datetime(9999, 12, 31, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)),
        (pd.Timestamp("2026-03-05T00:00Z"), datetime(2026, 3, 5, tzinfo=UTC)),
        (pd.NaT, None),
    ],
)
def test_instants_with_a_zone_are_taken(sent, kept):
    assert checked("closed_at", [sent]) == ([kept], {})


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("2026-03-05T09:30:00", "zone"),
        ("2026-03-05", "zone"),
        (datetime(2026, 3, 5), "zone"),
        (date(2026, 3, 5), "time of day"),
        ("05.03.2026", "ISO 8601"),
        ("2026-13-05T00:00:00Z", "no such day"),
        ("2026-02-29T00:00:00Z", "no such day"),
        (1_700_000_000, "number"),
        (1.5, "number"),
        (pd.Timestamp("2026-03-05T00:00:00.000000001Z"), "microsecond"),
    ],
)
def test_other_times_are_refused_with_a_reason(sent, reason):
    good = datetime(2026, 3, 5, tzinfo=UTC)
    values, refused = checked("closed_at", [DAY, sent])
    assert values == [good]
    assert reason in refused[1]


def test_arrow_columns_convert_exactly():
    assert arrow("closed_at", pa.array([1, None], pa.timestamp("s", "Asia/Taipei")))[0][0] == datetime(
        1970, 1, 1, 0, 0, 1, tzinfo=UTC
    )
    assert arrow("closed_at", pa.array([1000, 1001], pa.timestamp("ns", "UTC")))[1] == {1: "finer than a microsecond"}
    assert "9999" in arrow("closed_at", pa.array([2**62, 0], pa.timestamp("s", "UTC")))[1][0]
    assert "zone" in arrow("closed_at", pa.array([1, None], pa.timestamp("us")))[1][0]
    assert "number" in arrow("occurred_at", pa.array([1], pa.int64()))[1][0]
    assert arrow("note", pa.array(["x", "y", "x"]).dictionary_encode())[0] == ["x", "y", "x"]
    assert arrow("note", pa.array(["x"], pa.large_string()))[0] == ["x"]
    assert arrow("note", pa.array(["x"], pa.string_view()))[0] == ["x"]
    assert arrow("note", pa.nulls(2))[0] == [None, None]
    assert arrow("note", pa.array([[1]]))[1][0].startswith("list<")
    assert arrow("seats", pa.array([1, 2**63], pa.uint64()))[1] == {1: "larger than 64 bits hold"}
    assert arrow("seats", pa.array([1.0, 2.5, np.nan], pa.float32()))[0] == [1]
    assert arrow("seats", pa.array([Decimal("1e30"), Decimal("1.5"), Decimal(7)], pa.decimal128(38, 2)))[0] == [7]
    assert arrow("amount", pa.array([Decimal(12345), None, Decimal(1)], pa.decimal128(38, 10)))[1] == {1: "missing"}
    assert arrow("amount", pa.array([Decimal("9999.99999")], pa.decimal128(9, 5)))[1] == {
        0: "more than 4 decimal places"
    }
    assert arrow("amount", pa.array([1200], pa.decimal128(6, -2)))[0] == [Decimal(1200)]
    assert arrow("amount", pa.array([1, None, -1], pa.float64()))[0] == [Decimal(1), Decimal(-1)]


def test_frames_records_and_objects_are_rows():
    @frozen
    class Deal:
        deal_id: str
        occurred_at: datetime
        amount: int

    moment = datetime(2026, 3, 5, tzinfo=UTC)
    expected, _ = check_rows(DEAL, [deal("a", 2), deal("b", 3)])
    rows = [Deal("a", moment, 2), Deal("b", moment, 3)]
    assert check_rows(DEAL, rows)[0].equals(expected)
    frame = pd.DataFrame([deal("x", 1), deal("a", 2), deal("b", 3)])
    assert check_rows(DEAL, frame[frame.amount > 1])[0].equals(expected)
    batch = pa.RecordBatch.from_pylist([deal("a", 2), deal("b", 3)])
    assert check_rows(DEAL, batch)[0].equals(expected)
    assert check_rows(DEAL, batch.select([2, 1, 0]))[0].equals(expected)
    assert check_rows(DEAL, pa.RecordBatchReader.from_batches(batch.schema, [batch]))[0].equals(expected)


def test_an_empty_input_is_an_empty_table():
    for empty in ([], arrow_schema(DEAL).empty_table()):
        table, refusals = check_rows(DEAL, empty)
        assert table.schema == arrow_schema(DEAL)
        assert (table.num_rows, refusals.total) == (0, 0)


def test_defaults_stand_for_null_and_missing_columns_are_null():
    table, _ = check_rows(DEAL, [deal("a"), deal("b", discount="2.5"), deal("c", discount=None)])
    assert table["discount"].to_pylist() == [Decimal(0), Decimal("2.5"), Decimal(0)]
    assert table["owner_id"].null_count == 3


def test_keys_times_and_amounts_are_needed():
    rows = [deal(None), deal(""), deal("c", None), deal("d", occurred_at=None), deal("e")]
    table, refusals = check_rows(DEAL, rows)
    assert table["deal_id"].to_pylist() == ["e"]
    assert [(entry.row, entry.column, entry.value, entry.reason) for entry in refusals] == [
        (0, "deal_id", None, "missing"),
        (1, "deal_id", "", "an empty key"),
        (2, "amount", None, "missing"),
        (3, "occurred_at", None, "missing"),
    ]


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ([{"deal_id": "a", "occured_at": DAY, "amount": 1}], "unknown_column", "did you mean occurred_at"),
        ([{"deal_id": "a", "occurred_at": DAY}], "missing_column", "amount"),
        (pa.table({"deal_id": ["a"]}), "missing_column", "occurred_at"),
        (pa.Table.from_arrays([pa.array(["a"])] * 2, names=["deal_id"] * 2), "duplicate_column", "twice"),
        (pa.table({"note": pa.array([b"x" * 16], pa.uuid())}), "extension_type", "uuid"),
        ("rows", "invalid_input", "list of dicts"),
        ({"deal_id": ["a"]}, "invalid_input", "list of dicts"),
        ([deal("a"), 5], "invalid_input", "row 1"),
        ([{1: 2}], "invalid_input", "name of a column"),
        (5, "invalid_input", "int"),
    ],
)
def test_what_is_no_table_of_the_type_is_refused_as_a_whole(rows, code, words):
    with pytest.raises(InvalidInput) as error:
        check_rows(DEAL, rows)
    assert error.value.code == code
    assert words in str(error.value)


def test_broken_arrow_is_refused_not_read():
    text = pa.Array.from_buffers(pa.string(), 2, [None, pa.py_buffer(np.array([0, 99, 2], "i4")), pa.py_buffer(b"ab")])
    latin = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(np.array([0, 1], "i4")), pa.py_buffer(b"\xff")])
    codes = pa.DictionaryArray.from_arrays(pa.array([7], pa.int8()), pa.array(["x"]), safe=False)
    for broken in (text, latin, codes):
        with pytest.raises(InvalidInput, match="not valid Arrow"):
            check_rows(DEAL, pa.table({"note": broken}))


def test_the_list_of_refusals_is_capped_and_all_rows_are_counted():
    table, refusals = check_rows(DEAL, [deal(str(n), n % 2 + 0.1) for n in range(3000)] + [deal("good")])
    assert table["deal_id"].to_pylist() == ["good"]
    assert len(refusals) == LISTED
    assert [entry.row for entry in refusals] == list(range(LISTED))
    assert refusals.total == 3000
    assert refusals.rows.tolist() == list(range(3000))
    error = refuse("deals.csv", refusals)
    assert error.refused == 3000
    assert "3000 rows are refused; the first: row 0, amount = '0.1'" in str(error)


def test_long_values_are_shown_short():
    _, refusals = check_rows(DEAL, [deal("a", "9" * 5000)])
    assert len(refusals[0].value) < 250


def test_facts_beyond_the_latest_plausible_time_are_refused():
    late = datetime.fromtimestamp(NOW / 1e6 + 1, UTC)
    table, refusals = check_rows(DEAL, [deal("a"), deal("b", occurred_at=late, closed_at=late)], latest=NOW)
    assert table["deal_id"].to_pylist() == ["a"]
    assert (refusals[0].row, refusals[0].column) == (1, "occurred_at")
    assert check_rows(DEAL, [deal("b", closed_at="2200-01-01T00:00Z")], latest=NOW)[1].total == 0


def test_keys_are_texts_tuples_or_columns():
    assert check_keys(DEAL, ["D-1", "D-2"])[0].to_pylist() == [{"deal_id": "D-1"}, {"deal_id": "D-2"}]
    expected = [{"team_id": "t", "month": "2026-01"}]
    for keys in ([("t", "2026-01")], [{"month": "2026-01", "team_id": "t"}], pa.Table.from_pylist(expected)):
        assert check_keys(PLAN, keys)[0].to_pylist() == expected
    with pytest.raises(InvalidInput, match="2 parts"):
        check_keys(PLAN, ["t"])
    with pytest.raises(InvalidInput, match="amount"):
        check_keys(DEAL, [{"deal_id": "a", "amount": 1}])
    assert check_keys(DEAL, ["", 5, "x"])[1].rows.tolist() == [0, 1]


@given(st.lists(st.decimals(-(10**14) + 1, 10**14 - 1, places=4), max_size=20))
def test_decimals_survive_as_decimals_texts_and_arrow(values):
    for column in (values, [format(value, "f") for value in values]):
        kept, refused = checked("amount", column)
        assert refused == {}
        assert kept == values
    assert arrow("amount", pa.array(values, pa.decimal128(38, 6)))[0] == values


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=20))
def test_floats_are_kept_only_if_the_decimal_is_the_very_same_number(values):
    exact = [value == value and abs(value) < 10**14 and Decimal(value) == round(Decimal(value), 4) for value in values]
    kept, refused = checked("amount", values)
    assert kept == [Decimal(value) for value, good in zip(values, exact, strict=True) if good]
    assert sorted(refused) == [place for place, good in enumerate(exact) if not good]
