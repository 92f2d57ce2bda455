"""Tables on their way: in memory or in a file, the same rows in the same order."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from kpicore.sources import spool
from kpicore.sources.spool import Spool

SCHEMA = pa.schema([("n", pa.int64()), ("t", pa.string())])


@pytest.mark.parametrize("limit", [0, 1_000, 1 << 30])
def test_rows_come_back_in_order(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", limit)
    with Spool(SCHEMA) as made:
        assert made.table().num_rows == 0
        for start in range(0, 1_000, 100):
            numbers = list(range(start, start + 100))
            made.append(pa.table({"n": numbers, "t": [str(n) for n in numbers]}, schema=SCHEMA))
            made.append(SCHEMA.empty_table())
        assert made.rows == 1_000
        table = made.table()
        assert table.schema == SCHEMA
        assert table["n"].to_pylist() == list(range(1_000))
        assert made.table().equals(table)


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 0)
    monkeypatch.setattr(spool.tempfile, "tempdir", str(tmp_path))
    with Spool(SCHEMA) as made:
        made.append(pa.table({"n": [1], "t": ["x"]}, schema=SCHEMA))
        assert len(list(tmp_path.iterdir())) == 1
        assert made.table().num_rows == 1
    assert list(tmp_path.iterdir()) == []
