"""The resolved facts at a cut: read once, and at a later cut made of what was read before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from kpicore.definitions.facts import FactType

if TYPE_CHECKING:
    from kpicore.ledger.reads import Changes
    from kpicore.ledger.records import Cut
    from kpicore.ledger.store import Ledger

#: Rows that moved between two cuts are kept for the next question where they are not more.
MOVED_KEPT = 250_000

#: Rows of tables that were made of facts are kept for later cuts where they are not more together.
ROWS_KEPT = 2_000_000


class FactTables:
    """Resolved tables by fact type, what moved since earlier cuts, and what was made of them. Safe to share between threads.

    Args:
        ledger: The open ledger.
        cut: Up to where facts are known.
    """

    def __init__(self, ledger: Ledger, cut: Cut) -> None:
        self.ledger, self.cut = ledger, cut
        self._tables: dict[str, tuple[FactType, pa.Table]] = {}
        # Tables of earlier cuts that those of this one grow from, until they are asked for.
        self._earlier: dict[str, tuple[FactType, pa.Table, Cut]] = {}
        # What moved since earlier cuts, by fact type and position.
        self._moved: dict[tuple[str, int], tuple[FactType, Changes]] = {}
        # What was made of the facts of one type, by type and key, each with the cut at which it was; oldest first.
        self._derived: dict[tuple[str, Hashable], tuple[FactType, Cut, Any]] = {}
        self._touched: dict[Cut, frozenset[str]] = {}
        self._lock = threading.RLock()

    def at(self, cut: Cut) -> FactTables:
        """The same at another cut; what was read and does not change in between is shared."""
        if cut == self.cut:
            return self
        found, moved = FactTables(self.ledger, cut), self.touched(cut)
        with self._lock:
            found._tables = {name: known for name, known in self._tables.items() if name not in moved}
            if self.cut.facts <= cut.facts:
                grown = {name: (*known, self.cut) for name, known in self._tables.items() if name in moved}
                found._earlier = {**self._earlier, **grown}
                found._derived = dict(self._derived)
            else:
                found._derived = {key: known for key, known in self._derived.items() if key[0] not in moved}
        return found

    def touched(self, cut: Cut) -> frozenset[str]:
        """The fact types that have batches between this cut and another one."""
        if cut not in self._touched:
            low, high = sorted((cut.facts, self.cut.facts))
            headers = self.ledger.headers()
            self._touched[cut] = frozenset(one.fact_type for one in headers if low < one.position <= high)
        return self._touched[cut]

    def table(self, definition: FactType) -> pa.Table:
        """The resolved facts of a type: all fields, `source`, `kpi_position` and `kpi_row`."""
        name = definition.name
        with self._lock:
            known, table = self._tables.get(name, (None, None))
            if known != definition:
                then, earlier, cut = self._earlier.pop(name, (None, None, self.cut))
                if then == definition:
                    moved = self.changes(definition, cut, earlier)
                    table = self.ledger.grown(definition, earlier, cut, self.cut, moved)
                else:
                    table = self.ledger.resolved(definition, self.cut)
                self._tables[name] = (definition, table)
            return table

    def changes(self, definition: FactType, since: Cut, before: pa.Table | None = None) -> Changes:
        """Which facts of a type moved from an earlier cut to this one; what was found once is kept.

        Args:
            definition: The fact type.
            since: The earlier cut.
            before: The table of the earlier cut, where that is at hand.
        """
        key = (definition.name, since.facts)
        known, moved = self._moved.get(key, (None, None))
        if known != definition or moved is None:
            moved = self.ledger.changes(definition, since, self.cut, before=before)
            if moved.added.num_rows + moved.removed.num_rows <= MOVED_KEPT:
                self._moved[key] = (definition, moved)
        return moved

    def derived(
        self,
        key: Hashable,
        definition: FactType,
        make: Callable[[pa.Table], Any],
        grow: Callable[[Any, Changes], Any | None] | None = None,
    ) -> Any:
        """What `make` gives of the facts of a type, which is all that it depends on; once while these stay the same.

        Args:
            key: What is made.
            definition: The fact type.
            make: Makes it of the table.
            grow: Makes it of what it was at an earlier cut and of what moved since; None: it has to be made anew.
        """
        table, name = self.table(definition), definition.name
        with self._lock:
            then, cut, found = self._derived.get((name, key), (None, self.cut, None))
        if then != definition:
            found = None
        elif found is not None and name in self.touched(cut):
            since, moved = self._moved.get((name, cut.facts), (None, None))
            found = grow(found, moved) if grow and moved is not None and since == definition else None
        if found is None:
            found = make(table)
        with self._lock:
            self._derived.pop((name, key), None)
            self._derived[name, key] = (definition, self.cut, found)
            self._forget()
        return found

    def _forget(self) -> None:
        """Let go of what was not asked for longest, of that which is large."""
        sizes = {key: found.num_rows for key, (_, _, found) in self._derived.items() if isinstance(found, pa.Table)}
        surplus = sum(sizes.values()) - ROWS_KEPT
        for key, size in sizes.items():
            if surplus <= 0:
                break
            del self._derived[key]
            surplus -= size
