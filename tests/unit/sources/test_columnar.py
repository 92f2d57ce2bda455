"""Parquet and Arrow files: types, bounds, and files that are not what they claim."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.errors import InvalidInput
from kpicore.sources import columnar
from kpicore.sources.columnar import ArrowFile, ParquetFile
from kpicore.sources.messages import Malformed, batch_sizes
from kpicore.sources.opened import opened
from tests.unit.sources.desk import Desk, rows

TABLE = pa.table(
    {
        "id": ["A", "B", "C"],
        "at": [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)],
        "amount": pa.array([Decimal("1.50"), Decimal(2), None], pa.decimal128(9, 2)),
        "who": pa.array(["x", "?", "x"]).dictionary_encode(),
    }
)


def parquet(path: Path, table: pa.Table) -> Path:
    pq.write_table(table, path)
    return path


def arrow(path: Path, table: pa.Table, compression: str | None = None) -> Path:
    with pa.ipc.new_file(path, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table)
    return path


def stream(path: Path, table: pa.Table, compression: str | None = None) -> Path:
    with pa.ipc.new_stream(path, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table, max_chunksize=2)
    return path


KINDS: list[tuple[str, Callable[..., Path]]] = [("a.parquet", parquet), ("a.arrow", arrow), ("a.arrows", stream)]


@pytest.mark.parametrize(("name", "write"), KINDS)
def test_typed_columns_come_in(desk: Desk, name: str, write: Callable[..., Path]) -> None:
    path = write(desk.folder / name, TABLE.slice(0, 2))
    report = desk.run(path, map=desk.small('null = ["?"]', columns='owner_id = "who"'))
    assert report.files[0].read == 2
    assert [(row["occurred_at"], row["amount"], row["owner_id"]) for row in desk.facts()] == [
        (datetime(2026, 1, 1, tzinfo=UTC), Decimal("1.5000"), "x"),
        (datetime(2026, 1, 2, tzinfo=UTC), Decimal("2.0000"), None),
    ]
    assert not desk.run(path, map=desk.small('null = ["?"]', columns='owner_id = "who"')).changed


@pytest.mark.parametrize(("name", "write"), KINDS)
def test_refused_rows_are_told_and_written(desk: Desk, name: str, write: Callable[..., Path]) -> None:
    path = write(desk.folder / name, TABLE)
    error = desk.refused(path, map=desk.small())
    assert [(row.line, row.row, row.column, row.value) for row in error.rows] == [(None, 2, "amount", None)]
    report = desk.run(path, map=desk.small(), keep_good=True)
    written = (desk.folder / f"{name}.refused.csv").read_text(encoding="utf-8").splitlines()
    assert written[1].endswith(",C,2026-01-03,,x")
    assert report.refused == 1


def test_expressions_and_selects_see_the_types(desk: Desk) -> None:
    path = parquet(desk.folder / "a.parquet", TABLE.slice(0, 2))
    desk.run(path, map=desk.small(entry='where = "amount > 1.6"', amount='{sql = "amount * 2"}'))
    assert [(row["deal_id"], row["amount"]) for row in desk.facts()] == [("B", Decimal("4.0000"))]
    selected = desk.small(entry='from = "select id, max(at) as at, sum(amount) as amount from file group by id"')
    desk.run(path, map=selected, source="other")
    assert len(desk.facts()) == 3


@pytest.mark.parametrize(
    ("column", "spec", "value"),
    [
        (pa.array([17850]), '{column = "x", type = "text"}', "17850"),
        (pa.array(["007"]), '"x"', "007"),
    ],
)
def test_identifiers(desk: Desk, column: pa.Array, spec: str, value: str) -> None:
    table = TABLE.slice(0, 1).append_column("x", column)
    desk.run(parquet(desk.folder / "a.parquet", table), map=desk.small(columns=f"owner_id = {spec}"))
    assert desk.facts()[0]["owner_id"] == value


@pytest.mark.parametrize("column", [pa.array([17850]), pa.array([17850.0]), pa.array([True])])
def test_identifiers_stored_as_numbers_are_refused(desk: Desk, column: pa.Array) -> None:
    table = TABLE.slice(0, 1).append_column("x", column)
    error = desk.refused(parquet(desk.folder / "a.parquet", table), map=desk.small(columns='owner_id = "x"'))
    assert [name for _, name, _ in rows(error)] == ["x"]


def test_floats_are_exact_or_declared(desk: Desk) -> None:
    def table(amount: float) -> pa.Table:
        return TABLE.slice(0, 1).drop_columns(["amount"]).append_column("amount", pa.array([amount]))

    desk.run(parquet(desk.folder / "a.parquet", table(0.5)), map=desk.small())
    error = desk.refused(parquet(desk.folder / "b.parquet", table(0.1)), map=desk.small())
    assert rows(error) == [(None, "amount", "0.1")]
    desk.run(
        parquet(desk.folder / "b.parquet", table(0.1)), map=desk.small(amount='{column = "amount", type = "decimal"}')
    )
    assert desk.facts()[0]["amount"] == Decimal("0.1000")
    for strange in (float("nan"), float("inf"), 1e20):
        declared = desk.small(amount='{column = "amount", type = "decimal"}')
        desk.refused(parquet(desk.folder / "c.parquet", table(strange)), map=declared)


@pytest.mark.parametrize(
    ("column", "utc"),
    [
        (pa.array([datetime(2026, 7, 1, 12)], pa.timestamp("us")), "2026-07-01T10:00"),
        (pa.array([datetime(2026, 7, 1, 12)], pa.timestamp("ms")), "2026-07-01T10:00"),
        (pa.array([datetime(2026, 7, 1, 12)], pa.timestamp("ns", tz="Asia/Taipei")), "2026-07-01T12:00"),
        (pa.array([date(2026, 7, 1)], pa.date64()), "2026-06-30T22:00"),
        (pa.array(["2026-07-01"], pa.large_string()), "2026-06-30T22:00"),
    ],
)
def test_times_of_all_types(desk: Desk, column: pa.Array, utc: str) -> None:
    table = pa.table({"id": ["A"], "at": column, "amount": [1]})
    desk.run(arrow(desk.folder / "a.arrow", table), map=desk.small(entry='timezone = "Europe/Berlin"'))
    assert desk.facts()[0]["occurred_at"] == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_times_that_cannot_be(desk: Desk) -> None:
    for number, column in enumerate(
        [
            pa.array([1], pa.timestamp("ns")),
            pa.array([2**62], pa.timestamp("s")),
            pa.array([-(2**62)], pa.timestamp("ms", tz="UTC")),
            pa.array([datetime(2026, 3, 29, 2, 30)], pa.timestamp("us")),
            pa.array([20260701]),
        ]
    ):
        table = pa.table({"id": ["A"], "at": column, "amount": [1]})
        path = arrow(desk.folder / f"{number}.arrow", table)
        error = desk.refused(path, map=desk.small(entry='timezone = "Europe/Berlin"'))
        assert [name for _, name, _ in rows(error)] == ["at"], number


def test_columns_of_other_types_are_refused_only_where_they_are_read(desk: Desk) -> None:
    odd = TABLE.slice(0, 1).append_column("list", pa.array([[1]]))
    path = arrow(desk.folder / "a.arrow", odd)
    desk.run(path, map=desk.small())
    assert desk.refused(path, map=desk.small(columns='owner_id = "list"')).code == "column_type"
    twice = pa.table([pa.array(["A"]), pa.array(["B"])], names=["id", "id"])
    assert desk.refused(arrow(desk.folder / "b.arrow", twice), map=desk.small()).code == "duplicate_column"


def test_zones_that_are_no_text_are_refused(desk: Desk) -> None:
    times = pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * 3, pa.timestamp("us", "Asia/Taipei"))
    path = arrow(desk.folder / "a.arrow", TABLE.set_column(1, "at", times))
    path.write_bytes(path.read_bytes().replace(b"Asia/Taipei", b"Asia/Taip\xd4i"))
    error = desk.refused(path, map=desk.small())
    assert (error.code, "'at'" in error.message) == ("column_type", True)


def test_decimals_that_cannot_be_are_refused(desk: Desk) -> None:
    # A scale of 65,538 in the place of 2, in both copies of the schema: Arrow reads it without a word.
    path = arrow(desk.folder / "a.arrow", TABLE)
    said, wrong = struct.pack("<ii", 9, 2), struct.pack("<ii", 9, 65_538)
    content = path.read_bytes()
    assert content.count(said) == 2
    path.write_bytes(content.replace(said, wrong))
    error = desk.refused(path, map=desk.small(columns='owner_id = {sql = "id || amount::varchar"}'))
    assert (error.code, "amount" in error.message) == ("column_type", True)


@pytest.mark.parametrize("compression", ["zstd", "lz4"])
@pytest.mark.parametrize("maker", [pa.ipc.new_file, pa.ipc.new_stream])
def test_a_bomb_is_refused_before_it_is_expanded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, maker: Callable[..., Any], compression: str
) -> None:
    # zstd packs zeros beyond the ratio that is let be, lz4 only beyond the size.
    monkeypatch.setattr(columnar, "LARGEST_BATCH", (256 if compression == "lz4" else 1024) << 20)
    table = pa.table({"id": pa.array(np.zeros(40 << 20, np.int64))})
    path = desk.folder / "a.arrow"
    with maker(path, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table)
    assert path.stat().st_size < 2 << 20
    before = pa.total_allocated_bytes()
    del table
    error = desk.refused(path, map=desk.small())
    assert error.code == "too_large"
    assert pa.total_allocated_bytes() <= before


def test_repeated_texts_are_not_written_out_without_bound(desk: Desk) -> None:
    table = pa.table({"id": pa.array(["x" * 100_000] * 3_000).dictionary_encode()})
    for path in (arrow(desk.folder / "a.arrow", table), parquet(desk.folder / "a.parquet", table)):
        with opened(path) as file:
            reader = ArrowFile(file, [""]) if path.suffix == ".arrow" else ParquetFile(file, [""])
            with pytest.raises(InvalidInput) as caught:
                list(reader.blocks(["id"]))
            assert caught.value.code == "too_large"


def test_rows_without_bytes_are_refused(desk: Desk) -> None:
    batch = pa.RecordBatch.from_arrays([pa.nulls(10_000_000)], ["id"])
    with pa.ipc.new_file(desk.folder / "a.arrow", batch.schema) as writer:
        writer.write_batch(batch)
    assert desk.refused(desk.folder / "a.arrow", map=desk.small()).code == "too_large"


def test_a_cut_or_changed_file_is_refused(desk: Desk) -> None:
    whole = stream(desk.folder / "whole.arrows", TABLE).read_bytes()
    marker = whole.rindex(struct.pack("<Ii", 0xFFFFFFFF, 0))
    for end in (marker, marker - 3, 40, 9):
        path = desk.write("cut.arrows", whole[:end])
        assert desk.refused(path, map=desk.small()).code == "bad_arrow"
    other = arrow(desk.folder / "other.arrow", TABLE).read_bytes()
    for end in (len(other) - 1, len(other) // 2, 20):
        assert desk.refused(desk.write("cut.arrow", other[:end]), map=desk.small()).code == "bad_arrow"
    third = parquet(desk.folder / "third.parquet", TABLE).read_bytes()
    for end in (len(third) - 1, len(third) // 2, 4):
        assert desk.refused(desk.write("cut.parquet", third[:end]), map=desk.small()).code == "bad_parquet"
    assert desk.refused(desk.write("text.parquet", "id,at\n"), map=desk.small()).code == "bad_parquet"
    assert desk.refused(desk.write("text.arrow", "id,at,amount\n"), map=desk.small()).code == "bad_arrow"


def test_indices_and_texts_are_validated(desk: Desk) -> None:
    wrong = pa.DictionaryArray.from_arrays(pa.array([5]), pa.array(["A"]), safe=False)
    table = pa.table({"id": wrong, "at": [date(2026, 1, 1)], "amount": [1]})
    assert desk.refused(arrow(desk.folder / "a.arrow", table), map=desk.small()).code == "bad_arrow"
    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(struct.pack("<ii", 0, 2)), pa.py_buffer(b"\xff\xfe")]
    )
    table = pa.table({"id": broken, "at": [date(2026, 1, 1)], "amount": [1]})
    assert desk.refused(arrow(desk.folder / "b.arrow", table), map=desk.small()).code == "bad_arrow"


@given(st.data())
def test_no_change_of_a_byte_leads_outside(data: Any) -> None:
    sink = pa.BufferOutputStream()
    maker = pa.ipc.new_file if data.draw(st.booleans()) else pa.ipc.new_stream
    with maker(sink, TABLE.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(TABLE)
    content = bytearray(sink.getvalue().to_pybytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        for size in batch_sizes(memoryview(bytes(content))):
            assert size.expanded >= 0
            assert 0 <= size.stored <= len(content)
    except Malformed:
        pass


def test_row_groups_beyond_bounds_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "LARGEST_BATCH", 100)
    assert desk.refused(parquet(desk.folder / "a.parquet", TABLE), map=desk.small()).code == "too_large"


NESTED = pa.table(
    {
        "id": pa.array([18446744073709551615, 2], pa.uint64()),
        "at": pa.array([1740800000, 1740800001], pa.int64()),
        "order": pa.array(
            [{"amount": Decimal("1.50"), "who": {"email": "x"}, "tags": ["a"]}, None],
            pa.struct(
                [
                    ("amount", pa.decimal256(50, 2)),
                    ("who", pa.struct([("email", pa.string())])),
                    ("tags", pa.list_(pa.string())),
                ]
            ),
        ),
        "lines": pa.array([[1], [2]], pa.list_(pa.int64())),
    }
)
NESTED_MAP = """
[[fact]]
type = "deal_won"
key = {column = "id", type = "integer"}
[fact.columns]
occurred_at = {column = "at", format = "unix"}
amount = AMOUNT
customer_id = "order.who.email"
"""


@pytest.mark.parametrize(("name", "write"), KINDS)
def test_parts_of_structures_are_columns(desk: Desk, name: str, write: Callable[..., Path]) -> None:
    path = write(desk.folder / name, NESTED)
    sql = '{sql = "coalesce(\\"order.amount\\", 0) + 1"}'
    assert desk.run(path, map=NESTED_MAP.replace("AMOUNT", sql)).changed
    assert [(row["deal_id"], row["amount"], row["customer_id"]) for row in desk.facts()] == [
        ("18446744073709551615", Decimal("2.5000"), "x"),
        ("2", Decimal("1.0000"), None),
    ]
    assert next(row["occurred_at"] for row in desk.facts()) == datetime(2025, 3, 1, 3, 33, 20, tzinfo=UTC)
    error = desk.refused(path, map=NESTED_MAP.replace("AMOUNT", '"order"'))
    assert "did you mean order." in str(error)
    assert desk.refused(path, map=NESTED_MAP.replace("AMOUNT", '"order.tags"')).code == "column_type"


@pytest.mark.parametrize(("name", "write"), KINDS)
def test_columns_that_nobody_needs_keep_no_row_back(desk: Desk, name: str, write: Callable[..., Path]) -> None:
    """Lists that no map names are read neither for refused rows nor for lookups."""
    path = write(desk.folder / name, NESTED)
    report = desk.run(path, map=NESTED_MAP.replace("AMOUNT", '"order.amount"'), keep_good=True)
    assert (report.refused, report.facts["deal_won"].rows) == (1, 1)
    written = (desk.folder / f"{name}.refused.csv").read_text(encoding="utf-8").splitlines()
    assert written[0].endswith("id,at,order.amount,order.who.email")
    assert written[1].endswith(",2,1740800001,,")
    looked = '[lookup.other]\npath = "' + name + '"\n[[fact]]\ntype = "deal_won"\nkey = "i"\n'
    looked += 'from = "select f.id as i, o.\\"order.amount\\" as a from file f join other o on o.id::varchar = f.id"\n'
    looked += '[fact.columns]\noccurred_at = {value = 2026-01-01T00:00:00Z}\namount = "a"\n'
    desk.run(desk.write("a.csv", "id\n18446744073709551615\n"), map=looked)


def test_integers_as_identifiers_are_declared(desk: Desk) -> None:
    path = parquet(desk.folder / "a.parquet", NESTED.slice(0, 1))
    plain = NESTED_MAP.replace('{column = "id", type = "integer"}', '"id"').replace("AMOUNT", '"order.amount"')
    assert '{column = "…", type = "integer"}' in str(desk.refused(path, map=plain))


def test_days_as_numbers_have_a_format(desk: Desk) -> None:
    table = pa.table({"id": ["A"], "at": pa.array([20260305], pa.int32()), "amount": pa.array([1], pa.uint8())})
    path = parquet(desk.folder / "a.parquet", table)
    desk.run(path, map=desk.small(at='{column = "at", format = "%Y%m%d"}'))
    assert [row["occurred_at"] for row in desk.facts()] == [datetime(2026, 3, 5, tzinfo=UTC)]
