"""Resolved tables chunk by chunk: rows are appended or dropped, and every chunk that nothing touches is shared.

A resolved table is in the order of places (position, row), so the chunk that holds a place is found without reading rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from kpicore.ledger.resolution import place_of

#: Rows of a chunk, unless it is the last one.
ROWS = 65_536


def places_of(rows: Any) -> Any:
    """The places of the rows of a table or a record batch (numpy, uint64)."""
    position, row = rows.column("kpi_position"), rows.column("kpi_row")
    return place_of(position.to_numpy(), row.to_numpy())


def parted(table: pa.Table, places: Any) -> tuple[pa.Table, pa.Table]:
    """A resolved table without the rows at some places, and these rows.

    Args:
        table: In the order of places, with the columns `kpi_position` and `kpi_row`.
        places: numpy, uint64, ascending; those that the table lacks are left out.
    """
    if not len(places) or not table.num_rows:
        return table, table.slice(0, 0)
    batches = [batch for batch in table.to_batches() if batch.num_rows]
    firsts = np.array([places_of(batch.slice(0, 1))[0] for batch in batches])
    last = places_of(batches[-1].slice(batches[-1].num_rows - 1))[0]
    places = places[np.searchsorted(places, firsts[0]) : np.searchsorted(places, last, side="right")]
    holders = np.searchsorted(firsts, places, side="right") - 1
    dropped = []
    for number in np.unique(holders).tolist():
        batch = batches[number]
        chosen = np.isin(places_of(batch), places[holders == number])
        if chosen.any():
            dropped.append(batch.filter(pa.array(chosen)))
            batches[number] = batch.filter(pa.array(~chosen))
    schema = table.schema
    return pa.Table.from_batches([batch for batch in batches if batch.num_rows], schema), pa.Table.from_batches(
        dropped, schema
    )


def appended(table: pa.Table, more: pa.Table) -> pa.Table:
    """A table with more rows at its end; small chunks at the end are put together, so that there are never many."""
    if not more.num_rows:
        return table
    batches = [batch for batch in (*table.to_batches(), *more.to_batches()) if batch.num_rows]
    while len(batches) > 1 and batches[-1].num_rows < ROWS and batches[-2].num_rows <= 2 * batches[-1].num_rows:
        batches[-2:] = _joined(batches[-2:])
    return pa.Table.from_batches(batches, table.schema)


def _joined(batches: Sequence[pa.RecordBatch]) -> list[pa.RecordBatch]:
    """Record batches as one."""
    found: list[pa.RecordBatch] = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return found
