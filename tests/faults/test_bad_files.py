"""Bad files: refused or converted as declared, told with line and column, and a refused file leaves the ledger as it was.

Each test is one row of the list of bad inputs that must be tried; tables from Python are in `test_bad_tables`.
"""

import os
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import kpicore
from kpicore import InvalidInput, KpicoreError, Refused
from tests.fuzz.campaign import _memory
from tests.unit.sources.desk import SMALL

HEAD = "id,at,amount,who\n"
ROW = "D-1,2026-03-05,100,Ann\n"


@pytest.fixture
def desk(tmp_path):
    class Desk:
        folder = tmp_path

        def map(self, file="", at='"at"', amount='"amount"'):
            text = SMALL.format(
                file=f'timezone = "Asia/Taipei"\n{file}', entry="", at=at, amount=amount, columns='owner_id = "who"'
            ).replace('timezone = "UTC"\n', "")
            (tmp_path / "map.toml").write_text(text, "utf-8")
            return tmp_path / "map.toml"

        def take(self, content, name="deals.csv", **map_options):
            if content is not None:
                (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
            with kpicore.open(tmp_path / "kpi.db", plugins=[]) as kpi:
                self.report = kpi.import_files([tmp_path / name], self.map(**map_options))
                return kpi.facts("deal_won").to_pylist()

        def told(self):
            [file] = self.report.files
            return {(one.column, one.texts) for one in file.alike}

        def refuse(self, content, name="deals.csv", **map_options):
            with kpicore.open(tmp_path / "kpi.db", plugins=[]) as kpi:
                before = kpi.ledger.cut()
            with pytest.raises(KpicoreError) as caught:
                self.take(content, name, **map_options)
            with kpicore.open(tmp_path / "kpi.db", plugins=[]) as kpi:
                assert kpi.ledger.cut() == before
            return caught.value

    return Desk()


TABLE = pa.table(
    {"id": ["A", "B"], "at": [date(2026, 1, 1)] * 2, "amount": [Decimal("1.50"), Decimal(2)], "who": ["x"] * 2}
)


def arrow(make, table=TABLE, chunk=1):
    sink = pa.BufferOutputStream()
    with make(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=chunk)
    return sink.getvalue().to_pybytes()


def test_1_an_arrow_stream_cut_at_a_batch_is_refused(desk):
    whole = arrow(pa.ipc.new_stream)
    schema = arrow(pa.ipc.new_stream, TABLE.slice(0, 0))
    batch = (len(whole) - len(schema)) // 2
    for length in (len(schema) - 8, len(schema) - 8 + batch, len(whole) - 8, len(whole) - 4):
        assert desk.refuse(whole[:length], "a.arrows").code == "bad_arrow"


def test_4_a_batch_that_grows_without_measure_is_refused_before_it_is_expanded(desk):
    table = pa.table({**{name: TABLE[name].slice(0, 1) for name in TABLE.column_names}, "x": [b"\0" * (300 << 20)]})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    bomb = sink.getvalue().to_pybytes()
    del table
    before = _memory()
    assert desk.refuse(bomb, "a.arrow").code == "too_large"
    assert _memory() - before < 128


def test_5_pickled_and_extension_types_are_refused(desk):
    field = pa.field("who", pa.binary(), metadata={"ARROW:extension:name": "arrow.py_extension_type"})
    table = TABLE.set_column(3, field, pa.array([b"cos\nsystem\n(S'true'\ntR."] * 2))
    assert desk.refuse(arrow(pa.ipc.new_file, table), "a.arrow").code in {"column_type", "extension_type", "bad_arrow"}


@pytest.mark.parametrize("hour", ["02:30", "02:00"])
def test_13_a_gap_of_the_clock_is_refused_and_a_fold_needs_its_offset(desk, hour):
    new_york = 'timezone = "America/New_York"'
    text = SMALL.format(file="", entry="", at='"at"', amount='"amount"', columns="").replace(
        'timezone = "UTC"', new_york
    )
    (desk.folder / "ny.toml").write_text(text)
    (desk.folder / "a.csv").write_text(HEAD + f"D-1,2026-03-08T{hour},1,Ann\nD-2,2026-11-01T01:30,1,Ann\n")
    with kpicore.open(desk.folder / "kpi.db", plugins=[]) as kpi, pytest.raises(InvalidInput) as caught:
        kpi.import_files([desk.folder / "a.csv"], desk.folder / "ny.toml")
    assert [row.line for row in caught.value.rows] == [2, 3]
    (desk.folder / "a.csv").write_text(HEAD + "D-2,2026-11-01T01:30-05:00,1,Ann\n")
    with kpicore.open(desk.folder / "kpi.db", plugins=[]) as kpi:
        assert kpi.import_files([desk.folder / "a.csv"], desk.folder / "ny.toml").files[0].read == 1


def test_14_a_day_that_is_not_in_the_calendar_is_refused(desk):
    assert desk.refuse(HEAD + "D-1,2026-02-29,1,Ann\n").rows[0].line == 2
    assert len(desk.take(HEAD + "D-1,2024-02-29,1,Ann\n")) == 1


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8-sig"])
def test_21_encodings_are_as_declared_or_asked_for(desk, encoding):
    text = (HEAD + "D-1,2026-03-05,100,陳小明\n").encode(encoding)
    if encoding == "utf-8-sig":
        assert desk.take(text)[0]["owner_id"] == "陳小明"
    else:
        assert desk.refuse(text).code == "bad_encoding"
        assert desk.take(text, file=f'encoding = "{encoding}"')[0]["owner_id"] == "陳小明"


def test_22_unclosed_quotes_ragged_rows_zeros_and_endless_lines_are_told(desk):
    assert desk.refuse(HEAD + 'D-1,2026-03-05,100,"Ann\n' + ROW * 50).code == "unclosed_quote"
    assert [row.line for row in desk.refuse(HEAD + ROW + "D-2,2026-03-05\n").rows] == [3]
    assert [row.line for row in desk.refuse(HEAD + ROW + "D-2,2026-03-05,1,A\0nn\n").rows] == [3]
    before = _memory()
    assert desk.refuse(HEAD.encode() + b"x" * (100 << 20))
    assert _memory() - before < 300


def test_23_numbers_are_as_declared_or_refused(desk):
    german = 'decimal = ","\nthousands = "."'
    assert desk.refuse(HEAD + 'D-1,2026-03-05,"1,234.5",Ann\n').rows[0].column == "amount"
    assert desk.take(HEAD + 'D-1,2026-03-05,"1.234,5",Ann\n', file=german)[0]["amount"] == Decimal("1234.5")
    for odd in ("１２３", "12%", "1 234", "$5", "1e3x", "0x10", ""):
        assert desk.refuse(HEAD + f"D-1,2026-03-05,{odd},Ann\n").rows[0].column == "amount"


def test_24_rows_whose_day_and_month_are_swapped_are_refused_and_listed(desk):
    day_first = '{column = "at", format = "%d/%m/%Y"}'
    error = desk.refuse(HEAD + "D-1,25/03/2026,1,Ann\nD-2,03/25/2026,1,Ann\nD-3,26/03/2026,1,Ann\n", at=day_first)
    assert [(row.line, row.value) for row in error.rows] == [(3, "03/25/2026")]


def test_25_workbooks_are_refused_by_name(desk):
    for name in ("deals.xlsx", "deals.xls"):
        assert isinstance(desk.refuse(b"PK\3\4 a workbook", name), Refused | InvalidInput)
    assert desk.refuse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "deals.csv")


def test_26_long_identifiers_stored_as_numbers_are_refused(desk):
    sink = pa.BufferOutputStream()
    pq.write_table(TABLE.set_column(0, "id", pa.array([1234567890123456789, 7])), sink)
    assert desk.refuse(sink.getvalue().to_pybytes(), "a.parquet").rows[0].column == "id"


def test_27_formulas_and_markup_stay_text_and_what_nobody_sees_is_told(desk):
    names = ["=HYPERLINK(1)", "<script>alert(1)</script>", "\u202eabc", "a\u200bb", "+1", "@x"]
    rows = "".join(f"D-{n},2026-03-05,1,{name}\n" for n, name in enumerate(names))
    assert [row["owner_id"] for row in desk.take(HEAD + rows)] == names
    assert desk.told() == {("owner_id", ("\u202eabc",)), ("owner_id", ("a\u200bb",))}


def test_28_twins_are_kept_apart_and_told(desk):
    twins = ("é", "e\u0301", "Ａnn", "Ann", "陳\u3000明", "陳 明", "ann", "发", "發")
    rows = "".join(f"{twin},2026-03-05,1,x\n" for twin in twins)
    assert len(desk.take(HEAD + rows)) == len(twins)
    assert desk.told() == {
        ("deal_id", ("Ann", "Ａnn")),
        ("deal_id", ("e\u0301", "é")),
        ("deal_id", ("陳 明", "陳\u3000明")),
    }


def test_29_links_pipes_devices_and_folders_are_refused(desk):
    (desk.folder / "real.csv").write_text(HEAD + ROW)
    (desk.folder / "link.csv").symlink_to("real.csv")
    os.mkfifo(desk.folder / "pipe.csv")
    (desk.folder / "folder.csv").mkdir()
    for name in ("link.csv", "pipe.csv", "folder.csv", "../" * 20 + "dev/null", "../" * 20 + "dev/zero"):
        assert desk.refuse(None, name).code in {"not_a_file", "unknown_format"}
    assert desk.refuse(None, "../nowhere.csv").code == "no_such_file"
