"""Snapshots: what a whole state of a source changes in what is recorded of it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from kpicore.definitions.facts import FactType
from kpicore.ledger.records import Cut
from kpicore.ledger.schema import arrow_schema, key_schema
from kpicore.ledger.store import Ledger
from kpicore.sources.engine import Sql


@frozen
class Difference:
    """What has to be recorded so that the ledger says what the snapshot says.

    Args:
        changed: Rows that are new or differ, in the snapshot's order; of a key that it has twice the last.
        gone: Keys that are recorded and that it does not have, in their order.
        unchanged: How many of its keys stand as they are.
    """

    changed: pa.Table
    gone: pa.Table
    unchanged: int


def difference(ledger: Ledger, fact_type: FactType, source: str, snapshot: pa.Table, cut: Cut, sql: Sql) -> Difference:
    """Compare a snapshot with the facts of its source at a cut.

    Args:
        ledger: Where they are recorded.
        fact_type: Of the snapshot.
        source: Whose facts; those of other sources are not looked at.
        snapshot: All rows, checked.
        cut: What is known.
        sql: Compares.
    """
    schema = arrow_schema(fact_type)
    recorded = ledger.resolved(fact_type, cut)
    recorded = recorded.filter(pc.equal(recorded["source"], source)).select(schema.names)
    numbered = snapshot.append_column("kpi_n", pa.array(np.arange(snapshot.num_rows)))
    keys = ", ".join(f'"{name}"' for name in fact_type.key)
    same_key = " and ".join(f'n."{name}" = o."{name}"' for name in fact_type.key)
    differs = " or ".join(f'n."{name}" is distinct from o."{name}"' for name in schema.names)
    last = f"select * from new where kpi_n in (select max(kpi_n) from new group by {keys})"
    found = sql.query(
        f'select n.kpi_n, o."{fact_type.key[0]}" is null or {differs} as kpi_differs '
        f"from ({last}) n left join old o on {same_key}",
        "snapshot",
        new=numbered,
        old=recorded,
    )
    rows, changes = np.asarray(found["kpi_n"]), np.asarray(found["kpi_differs"])
    gone = sql.query(f"select o.* from old o anti join new n on {same_key}", "snapshot", new=numbered, old=recorded)
    gone = gone.select(fact_type.key).cast(key_schema(fact_type))
    return Difference(
        snapshot.take(pa.array(np.sort(rows[changes]))),
        gone.sort_by([(name, "ascending") for name in fact_type.key]),
        int((~changes).sum()),
    )
