"""Relations that several statements read are computed once: which they are, and what is left of the statements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from attrs import evolve, field, frozen

from kpicore.engines.facts import quoted
from kpicore.engines.relations import Clause, with_clauses
from kpicore.engines.scans import Scan


@frozen(eq=False)
class Shared:
    """Relations that are held as tables while statements run.

    Args:
        tables: The SELECT of each by its name, under which statements read it; each stands after those that it reads.
        needs: The tables that each of them reads.
        last: The place among the scans of the last one that each of them must be there for.
    """

    tables: Mapping[str, str]
    needs: Mapping[str, frozenset[str]]
    last: Mapping[str, int] = field(factory=dict)

    def of(self, scan: Scan) -> tuple[str, ...]:
        """The tables that must be there before a scan's statement runs, in order."""
        wanted = _met(scan.roots, scan.relations, self.tables) & self.tables.keys()
        for name in reversed(list(self.tables)):
            if name in wanted:
                wanted |= self.needs[name]
        return tuple(name for name in self.tables if name in wanted)

    def sql(self, scan: Scan) -> str:
        """The statement of a scan over these tables."""
        met = _met(scan.roots, scan.relations, self.tables)
        kept = {
            name: sql
            for name, sql in scan.clauses.items()
            if name not in scan.relations or (name in met and name not in self.tables)
        }
        return with_clauses(kept) + scan.select


def shared(scans: Sequence[Scan], worth: Callable[[Collection[str]], bool]) -> Shared:
    """The relations that statements would compute several times.

    Args:
        scans: The statements, in the order in which they run.
        worth: Whether what is computed over some clauses is worth a table.
    """
    # What a relation reads stands before it.
    relations = {name: clause for scan in scans for name, clause in scan.relations.items()}
    # Where a relation stands, the views of facts have all columns.
    around = {name: scan.clauses for scan in scans for name in scan.relations}
    held = _held(scans, relations, worth)
    columns = _columns(scans, relations)
    tables, needs = {}, {}
    for name in filter(held.__contains__, relations):
        clause = relations[name]
        met = _met(clause.reads, relations, held)
        read = {other: sql for other, sql in around[name].items() if other in met and other not in held}
        chosen = ", ".join(quoted(column) for column in columns[name])
        tables[name] = f"{with_clauses(read)}select {chosen} from ({clause.sql})"
        needs[name] = frozenset(met & held)
    found = Shared(tables, needs)
    return evolve(found, last={name: place for place, scan in enumerate(scans) for name in found.of(scan)})


def _held(scans: Iterable[Scan], relations: Mapping[str, Clause], worth: Callable[[Collection[str]], bool]) -> set[str]:
    """The relations that would be computed several times; what only a held one reads is computed once with it."""
    times = dict.fromkeys(relations, 0)
    for scan in scans:
        for name in scan.roots:
            times[name] += 1
    held = set()
    for name, clause in reversed(list(relations.items())):
        if times[name] > 1 and clause.body.heavy and worth(_met(clause.reads, relations, ())):
            held.add(name)
        for read in clause.reads:
            if read in relations:
                times[read] += 1 if name in held else times[name]
    return held


def _columns(scans: Iterable[Scan], relations: Mapping[str, Clause]) -> dict[str, list[str]]:
    """The columns of each relation that anything can depend on."""
    wanted: dict[str, set[str]] = {name: set() for name in relations}
    for scan in scans:
        for name, columns in scan.roots.items():
            wanted[name].update(relations[name].columns if columns is None else columns)
    found = {}
    for name, clause in reversed(list(relations.items())):
        found[name] = [column for column in clause.columns if column in wanted[name]] or list(clause.columns[:1])
        for read in clause.reads:
            if read in relations:
                names = relations[read].columns if clause.body.names is None else clause.body.names
                wanted[read].update(names, wanted[name] if clause.body.passes else ())
    return found


def _met(names: Iterable[str], relations: Mapping[str, Clause], held: Collection[str]) -> set[str]:
    """Names, and what stands behind them up to what is held."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            if name not in held and name in relations:
                left.extend(relations[name].reads)
    return found
