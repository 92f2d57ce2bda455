"""What moved between two cuts, fact type by fact type: late facts, corrections and retractions.

The tables of both cuts are compared, so nothing depends on how a fact came to be as it is: a fact that was recorded,
corrected and retracted between the cuts has not moved at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from attrs import frozen

from kpicore.definitions.facts import FactType

if TYPE_CHECKING:
    import pyarrow as pa

    from kpicore.evaluation.world import World
    from kpicore.ledger.records import BatchHeader

FactCause: TypeAlias = Literal["late_facts", "corrections", "retractions"]
FACT_CAUSES: tuple[FactCause, ...] = ("late_facts", "corrections", "retractions")

#: Rows of one stored event are fewer.
_ROWS = 1 << 20


@frozen
class MovedFact:
    """One fact that is not the same at both cuts.

    Args:
        fact_type, key, source: Its identity.
        position, row: Where it stands now; of a retracted fact, where it stood.
        before: Position and row where it stood before a correction; None for the others.
        retraction: What took it away; None for the others, and where the old cut is the later one.
    """

    fact_type: str
    key: Mapping[str, str]
    source: str
    position: int
    row: int
    before: tuple[int, int] | None
    retraction: BatchHeader | None = None

    def to_document(self) -> dict[str, Any]:
        """All parts by name; the place before a correction as `before`, what took it away as `retracted`."""
        document: dict[str, Any] = {
            "type": self.fact_type,
            "key": dict(self.key),
            "source": self.source,
            "position": self.position,
            "row": self.row,
        }
        if self.before is not None:
            document["before"] = {"position": self.before[0], "row": self.before[1]}
        if self.retraction is not None:
            taken = self.retraction
            document["retracted"] = {"position": taken.position, "by": taken.by, "reason": taken.reason}
        return document


@frozen
class Moved:
    """What moved of one fact type.

    Args:
        facts: The facts that moved, by cause.
        tables: The fact type's table after late facts, after corrections, and after retractions.
        come, gone: Rows of the table that only the new world has, and only the old one.
    """

    facts: Mapping[FactCause, tuple[MovedFact, ...]]
    tables: Mapping[FactCause, pa.Table]
    come: pa.Table
    gone: pa.Table


def moved_facts(old: World, new: World, names: Iterable[str]) -> dict[str, Moved]:
    """What moved from one world to the other, by fact type; fact types where nothing did are left out.

    Late facts are there now and were not; corrected ones stand in another place; retracted ones are gone.

    Args:
        old, new: Two worlds over one ledger.
        names: Fact types to look at; all must be defined in both worlds.
    """
    touched = _touched(old, new)
    found = {}
    for name in sorted(set(names) & touched):
        definition = old.definitions.fact_types[name]
        one, other = old.table(name), new.table(name)
        moved = _moved(definition, one, other, _retractions(old, new, definition))
        if moved is not None:
            found[name] = moved
    return found


def _touched(old: World, new: World) -> set[str]:
    """Fact types with a batch between the two cuts."""
    low, high = sorted((old.cut.facts, new.cut.facts))
    return {header.fact_type for header in old.ledger.headers() if low < header.position <= high}


def _retractions(old: World, new: World, fact_type: FactType) -> dict[tuple[Any, ...], BatchHeader]:
    """The last retraction between the cuts of every identity: source and key."""
    found = {}
    for header, table in new.ledger.retractions(fact_type, old.cut, new.cut):
        columns = [table.column(name).to_pylist() for name in fact_type.key]
        found.update({(header.source, *key): header for key in zip(*columns, strict=True)})
    return found


def _moved(
    fact_type: FactType, one: pa.Table, other: pa.Table, taken: Mapping[tuple[Any, ...], BatchHeader]
) -> Moved | None:
    import pyarrow as pa

    gone, come = _only(one, other), _only(other, one)
    if not gone.any() and not come.any():
        return None
    before, after = _identities(fact_type, one, gone), _identities(fact_type, other, come)
    late_rows = [row for identity, row in after.items() if identity not in before]
    missing = {identity: row for identity, row in before.items() if identity not in after}
    retracted_rows = list(missing.values())
    late = [_fact(fact_type, other, row, None) for row in late_rows]
    corrected = [
        _fact(fact_type, other, row, _place(one, before[identity]))
        for identity, row in after.items()
        if identity in before
    ]
    retracted = [_fact(fact_type, one, row, None, taken.get(identity)) for identity, row in missing.items()]
    # A field that one version of the fact type lacks is null in its rows.
    fitting = {"promote_options": "default"}
    tables: dict[FactCause, pa.Table] = {
        "late_facts": pa.concat_tables([one, other.take(pa.array(late_rows, pa.int64()))], **fitting),
        "corrections": pa.concat_tables([other, one.take(pa.array(retracted_rows, pa.int64()))], **fitting),
        "retractions": other,
    }
    facts: dict[FactCause, tuple[MovedFact, ...]] = {
        "late_facts": tuple(late),
        "corrections": tuple(corrected),
        "retractions": tuple(retracted),
    }
    return Moved(facts, tables, other.filter(pa.array(come)), one.filter(pa.array(gone)))


def _places(table: pa.Table) -> Any:
    """Position and row of every row as one number."""
    positions = table.column("kpi_position").to_numpy()
    return positions * _ROWS + table.column("kpi_row").to_numpy()


def _only(one: pa.Table, other: pa.Table) -> Any:
    """Which rows of `one` stand in a place that `other` has no row of."""
    return ~np.isin(_places(one), _places(other))


def _identities(fact_type: FactType, table: pa.Table, chosen: Any) -> dict[tuple[Any, ...], int]:
    """Row numbers of the chosen rows by identity: source and key."""
    rows = np.flatnonzero(chosen)
    picked = table.select(["source", *fact_type.key]).take(rows)
    columns = [column.to_pylist() for column in picked.columns]
    return dict(zip(zip(*columns, strict=True), rows.tolist(), strict=True))


def _place(table: pa.Table, row: int) -> tuple[int, int]:
    return table.column("kpi_position")[row].as_py(), table.column("kpi_row")[row].as_py()


def _fact(
    fact_type: FactType,
    table: pa.Table,
    row: int,
    before: tuple[int, int] | None,
    retraction: BatchHeader | None = None,
) -> MovedFact:
    key = {name: _text(table.column(name)[row].as_py()) for name in fact_type.key}
    source = table.column("source")[row].as_py()
    return MovedFact(fact_type.name, key, source, *_place(table, row), before, retraction)


def _text(value: Any) -> str:
    """A part of a key as text; instants in ISO 8601."""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)
