"""A world's tables as an engine takes them, made once and shared by everything that is measured in it."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
from attrs import define, field

from kpicore.definitions.book import CORE_FACTS, CORE_TABLES
from kpicore.engines import core, facts
from kpicore.evaluation.sealing import table as sealed
from kpicore.ledger.chunks import appended
from kpicore.periods import Period

if TYPE_CHECKING:
    import pyarrow as pa

    from kpicore.engines.base import Session
    from kpicore.evaluation.world import World
    from kpicore.ledger.reads import Changes

_kept: weakref.WeakKeyDictionary[Any, Prepared] = weakref.WeakKeyDictionary()
_lock = threading.Lock()

#: Tables of fewer rows are read whole.
FEW = 100_000

#: What several statements compute over so many facts is held while they run.
MANY = 20_000

#: A session that has seen more tables is not kept.
TABLES_KEPT = 256

_DAY_US = 86_400_000_000


def prepared(world: World) -> Prepared:
    """The tables of a world."""
    with _lock:
        found = _kept.get(world)
        if found is None:
            found = _kept[world] = Prepared(world)
        return found


@define(eq=False)
class Seeing:
    """A session and the tables that it sees.

    Args:
        stack: Closes the session.
        session: The session.
        tables: The tables by name.
    """

    stack: ExitStack
    session: Session
    tables: dict[str, pa.Table] = field(factory=dict)

    def see(self, tables: Mapping[str, pa.Table]) -> None:
        """See more tables, or others in the place of those of the same names."""
        new = {name: table for name, table in tables.items() if self.tables.get(name) is not table}
        self.session.add(new)
        self.tables.update(new)

    def query(self, sql: str) -> pa.Table:
        """Run one SELECT."""
        return self.session.query(sql)


def _between(instants: pa.ChunkedArray, low: int | None, high: int | None) -> pa.ChunkedArray:
    """Which instants lie between two, both inside; where None stands there is no end."""
    after = None if low is None else pc.greater_equal(instants, low)
    before = None if high is None else pc.less_equal(instants, high)
    return after if before is None else before if after is None else pc.and_(after, before)


class Prepared:
    """Tables by the names that compiled statements read."""

    def __init__(self, world: World) -> None:
        # The world keeps this alive, not the other way round.
        self._world = weakref.ref(world)
        self._tables: dict[str, pa.Table] = {}
        self._rosters: dict[Hashable, tuple[str, ...]] = {}
        self._ends: dict[tuple[str, str], tuple[int | None, int | None]] = {}
        self._lock = threading.RLock()
        self._sessions: list[Seeing] = []

    @contextmanager
    def session(self, tables: Mapping[str, pa.Table]) -> Iterator[Seeing]:
        """A session of the world's engine that sees some of these tables, and perhaps others.

        Sessions are kept: what they know of tables and statements serves the next caller.

        Args:
            tables: As `tables` gives them, and others whose names say what is in them.
        """
        with self._lock:
            seeing = self._sessions.pop() if self._sessions else None
        if seeing is None or not seeing.session.alive:
            stack = ExitStack()
            seeing = Seeing(stack, stack.enter_context(self.world.engine.session({})))
        try:
            seeing.see(tables)
            yield seeing
        except BaseException:
            seeing.stack.close()
            raise
        if len(seeing.tables) > TABLES_KEPT:
            seeing.stack.close()
            return
        with self._lock:
            self._sessions.append(seeing)

    def tables(self, names: Iterable[str], periods: Iterable[Period]) -> dict[str, pa.Table]:
        """The registered tables of fact types and core tables, and the rates.

        Args:
            names: Names of fact types and core tables.
            periods: What the calendar must cover besides the facts.

        Raises:
            InvalidInput: A team is above itself.
        """
        found = {facts.RATES: self._made(facts.RATES, self._rates)}
        wanted = set(names)
        for name in sorted(wanted - set(CORE_TABLES)):
            found[facts.stored(name)] = self.stored(name)
        for name in sorted(wanted & set(CORE_TABLES)):
            found[name] = self.days(periods) if name == "calendar" else self.core(name)
        return found

    def stored(self, fact_type: str) -> pa.Table:
        """The resolved facts of a type, instants as integers."""
        return self._made(facts.stored(fact_type), lambda: facts.integer_instants(self.world.table(fact_type)))

    def near(
        self, fact_type: str, columns: Collection[str], column: str, low: int | None, high: int | None
    ) -> pa.Table | None:
        """The stored facts of a type whose instant lies between two; None where that would be most of them.

        Args:
            fact_type: Its name.
            columns: The columns that are read.
            column: The instant that counts.
            low, high: Both inside; None: without end.
        """
        table = self.stored(fact_type)
        if table.num_rows < FEW or (low is None and high is None):
            return None
        least, most = self._reach(fact_type, column)
        if least is None or most is None:
            return None
        first = least if low is None else max(low, least)
        last = most if high is None else min(high, most)
        if 2 * (last - first) > most - least:
            return None
        names = sorted(columns)

        def within(facts: pa.Table) -> pa.Table:
            return facts.filter(_between(facts.column(column), low, high))

        def grown(picked: pa.Table, moved: Changes) -> pa.Table | None:
            if within(facts.integer_instants(moved.removed)).num_rows:
                return None
            return appended(picked, within(facts.integer_instants(moved.added)).select(names))

        key = ("near", *names, column, low, high)
        found: pa.Table = self.world.derived(
            key, fact_type, lambda _: within(table.select({*names, column})).select(names), grown
        )
        return found

    def currencies(self, fact_type: str) -> frozenset[str]:
        """The currencies that the facts of a type name."""

        def grown(named: frozenset[str], moved: Changes) -> frozenset[str] | None:
            # What a removed row named may be nowhere else.
            added = facts.currencies(moved.added)
            return named | added if facts.currencies(moved.removed) <= added else None

        found: frozenset[str] = self.world.derived("currencies", fact_type, facts.currencies, grown)
        return found

    def _reach(self, fact_type: str, column: str) -> tuple[int | None, int | None]:
        """The first and the last instant of a column; None where it has none."""
        with self._lock:
            if (fact_type, column) not in self._ends:
                ends = pc.min_max(self.stored(fact_type).column(column)).as_py()
                self._ends[fact_type, column] = (ends["min"], ends["max"])
            return self._ends[fact_type, column]

    def many(self, clauses: Collection[str]) -> bool:
        """Whether the facts behind some clauses of statements are many."""
        book = self.world.definitions
        read = [name for name in book.fact_types if facts.viewed(name) in clauses]
        return sum(int(self.stored(name).num_rows) for name in read) >= MANY

    def core(self, name: str) -> pa.Table:
        """A core table; empty where its fact type is not among the definitions."""
        return self._made(name, lambda: self._core(name))

    def days(self, periods: Iterable[Period]) -> pa.Table:
        """The calendar: from the first fact to the last, and around the periods."""
        bounds = [self.world.calendar.bounds(period) for period in periods]
        low = min(bound.previous_start_us for bound in bounds) - _DAY_US
        high = max(bound.next_end_us for bound in bounds) + _DAY_US
        with self._lock:
            for table in self._tables.values():
                if "occurred_at" in table.column_names and table.num_rows:
                    ends = pc.min_max(table.column("occurred_at")).as_py()
                    low, high = min(low, ends["min"]), max(high, ends["max"])
            known = self._tables.get("calendar")
            if (
                known is None
                or known.column("starts_at")[0].as_py() > low
                or known.column("ends_at")[-1].as_py() <= high
            ):
                known = self._tables["calendar"] = core.days(self.world.calendar, low, high + 1)
            return known

    def roster(self, key: Hashable, make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """What `make` gives, once for each key."""
        with self._lock:
            if key not in self._rosters:
                self._rosters[key] = make()
            return self._rosters[key]

    @property
    def world(self) -> World:
        """The world."""
        found = self._world()
        if found is None:
            raise ReferenceError("the world of these tables is gone")
        return found

    def _core(self, name: str) -> pa.Table:
        if name == sealed.NAME:
            return self.world.sealed_lines
        make = {
            "assignment": core.assignments,
            "responsibility": core.responsibilities,
            "team_path": core.team_paths,
        }[name]
        source = CORE_FACTS[name]
        if source not in self.world.definitions.fact_types:
            return make(None)
        found: pa.Table = self.world.derived(name, source, make)
        return found

    def _rates(self) -> pa.Table:
        return facts.rates(self._facts("exchange_rate_set"), self.world.organisation.base_currency)

    def _facts(self, name: str) -> pa.Table | None:
        return self.world.table(name) if name in self.world.definitions.fact_types else None

    def _made(self, key: str, make: Callable[[], pa.Table]) -> pa.Table:
        with self._lock:
            if key not in self._tables:
                self._tables[key] = make()
            return self._tables[key]
