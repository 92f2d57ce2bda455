"""Laws of importing: what is written comes back, whatever the file's form, the order of rows or the cut into files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.definitions.facts import FactType
from kpicore.ledger.schema import arrow_schema
from kpicore.ledger.store import Ledger
from kpicore.sources import import_files, text

# Line ends within cells are one by the time that an editor shows them, and a zero character is refused.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=12)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ROW = st.fixed_dictionaries(
    {
        "complaint_id": TEXT,
        "occurred_at": st.integers(-(10**15), 10**15).map(lambda us: EPOCH + timedelta(microseconds=us)),
        "owner_id": st.none() | TEXT,
        "customer_id": st.none() | TEXT,
        "severity": st.none() | st.integers(-(2**63), 2**63 - 1),
        "valid": st.none() | st.booleans(),
    }
)
MONEY = st.decimals(-(10**14) + 1, 10**14 - 1, places=4)

MAP = """
[file]
format = "{form}"
encoding = "{encoding}"
delimiter = "{delimiter}"
[[fact]]
type = "complaint_opened"
key = "complaint_id"
[fact.columns]
occurred_at = "occurred_at"
owner_id = "owner_id"
customer_id = "customer_id"
severity = "severity"
valid = "valid"
"""


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_csv(path: Path, table: list[dict[str, Any]], names: list[str], delimiter: str, encoding: str) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([cell(row[name]) for name in names] for row in table)
    path.write_bytes(written.getvalue().encode(encoding))


def known(ledger: Ledger, fact_type: FactType, names: list[str]) -> list[tuple[Any, ...]]:
    table = ledger.resolved(fact_type, ledger.cut()).select(names)
    return sorted((tuple(row.values()) for row in table.to_pylist()), key=repr)


def expected(table: list[dict[str, Any]], names: list[str], key: str) -> list[tuple[Any, ...]]:
    last = {row[key]: tuple(row[name] for name in names) for row in table}
    return sorted(last.values(), key=repr)


@given(
    st.lists(ROW, max_size=12),
    st.sampled_from(["csv", "parquet", "arrow"]),
    st.sampled_from(["utf-8", "utf-16", "gb18030", "utf-8-sig"]),
    st.sampled_from([",", ";", "|"]),
    st.permutations(["complaint_id", "occurred_at", "owner_id", "customer_id", "severity", "valid"]),
    st.sampled_from([text._BLOCK_BYTES, 1 << 10]),
)
def test_any_table_of_values_comes_back_equal(
    tmp_path_factory: pytest.TempPathFactory,
    fact_types: dict[str, FactType],
    table: list[dict[str, Any]],
    form: str,
    encoding: str,
    delimiter: str,
    names: list[str],
    block: int,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    fact_type = fact_types["complaint_opened"]
    path = folder / "file"
    typed = pa.schema([arrow_schema(fact_type).field(name) for name in names])
    if form == "csv":
        write_csv(path, table, names, delimiter, encoding)
    elif form == "parquet":
        pq.write_table(pa.Table.from_pylist(table, typed), path)
    else:
        with pa.ipc.new_file(path, typed) as writer:
            writer.write_table(pa.Table.from_pylist(table, typed))
    where = folder / "map.toml"
    where.write_text(MAP.format(form=form, encoding=encoding, delimiter=delimiter), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, Ledger.open(":memory:") as ledger:
        patch.setattr(text, "_BLOCK_BYTES", block)
        report = import_files(ledger, fact_types, [path], where)
        assert report.facts["complaint_opened"].rows == len(table)
        assert known(ledger, fact_type, names) == expected(table, names, "complaint_id")
        assert not import_files(ledger, fact_types, [path], where).changed


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 10**6), MONEY), unique_by=lambda row: row[0], max_size=20), st.data())
def test_row_order_and_the_cut_into_files_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    fact_types: dict[str, FactType],
    rows: list[tuple[int, Decimal]],
    data: Any,
) -> None:
    folder = tmp_path_factory.mktemp("order")
    where = folder / "map.toml"
    where.write_text(
        '[file]\ntimezone = "UTC"\n[[fact]]\ntype = "deal_won"\nkey = "id"\n'
        'columns = {occurred_at = "at", amount = "amount"}\n',
        encoding="utf-8",
    )
    table = [{"id": f"D{number}", "at": "2026-01-01", "amount": f"{amount:f}"} for number, amount in rows]
    shuffled = data.draw(st.permutations(table))
    cut = data.draw(st.integers(0, len(table)))
    results = []
    for parts in ([table], [shuffled], [shuffled[:cut], shuffled[cut:]]):
        with Ledger.open(":memory:") as ledger:
            for number, part in enumerate(parts):
                write_csv(folder / f"{number}.csv", part, ["id", "at", "amount"], ",", "utf-8")
            import_files(ledger, fact_types, [folder / f"{number}.csv" for number in range(len(parts))], where)
            results.append(known(ledger, fact_types["deal_won"], ["deal_id", "amount"]))
    assert results[0] == results[1] == results[2]
    assert dict(results[0]) == {f"D{number}": amount for number, amount in rows}
