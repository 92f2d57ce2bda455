"""Plans: which scans a call needs, in as few statements as there are kinds of rows to read, and what they found."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve

from kpicore.engines.ageing import ages
from kpicore.engines.facts import stored
from kpicore.engines.reach import between, nearby
from kpicore.engines.resolved import Leaf
from kpicore.engines.scans import Key, Scan, Setting, compile_scan, early_keys, key_of
from kpicore.engines.shared import Shared, shared
from kpicore.engines.windows import Frame, Span, framed
from kpicore.evaluation.measuring.cellset import LeafResult, Result, Roster
from kpicore.evaluation.measuring.kept import dependence
from kpicore.evaluation.measuring.prepared import FEW, prepared
from kpicore.evaluation.measuring.subjects import roster as _roster
from kpicore.evaluation.numbers.keys import Codes
from kpicore.ledger.threads import together
from kpicore.periods import Period

if TYPE_CHECKING:
    import pyarrow as pa

    from kpicore.evaluation.world import World


class Windows:
    """Periods seen through windows, as instants."""

    def __init__(self, world: World, periods: Sequence[Period]) -> None:
        self.periods, self._world, self._calendar = tuple(periods), world, world.calendar
        self.bounds = tuple(world.calendar.bounds(period) for period in self.periods)
        self._spans: dict[Any, tuple[Span, ...]] = {}
        self._numbers: dict[Any, Codes] = {}
        self._rosters: dict[Any, tuple[Roster, ...]] = {}

    def seen(self, period: Period, path: Any) -> Period:
        """A period through windows, the outermost first."""
        for window, durations in path:
            # Sealed bounds are known by period id: what is seen through a window is another period.
            period = evolve(self._calendar.window(period, window, dict(durations)), id=f"{period.id}, {window}")
        return period

    def of(self, leaf: Leaf) -> tuple[Span, ...]:
        """The window of a leaf in each period."""
        path = leaf.windows
        if path not in self._spans:
            bounds = (
                [self._calendar.bounds(self.seen(period, path)) for period in self.periods] if path else self.bounds
            )
            self._spans[path] = tuple(Span.of(bound) for bound in bounds)
        return self._spans[path]

    def frame(self, leaves: Iterable[Leaf]) -> Frame:
        """The windows of several leaves together."""
        paths = dict.fromkeys(leaf.windows for leaf in leaves)
        spans = {span for path in paths for span in self._spans[path]}
        return framed(tuple(sorted(spans)))

    def numbers(self, leaf: Leaf, frame: Frame) -> Codes:
        """The number of the leaf's window among those of a frame, for each period."""
        key = (leaf.windows, frame.name)
        if key not in self._numbers:
            self._numbers[key] = np.array([frame.numbers[span] for span in self.of(leaf)], dtype=np.int64)
        return self._numbers[key]

    def rosters(self, roles: Sequence[str], level: Any) -> tuple[Roster, ...]:
        """Who is there in each period."""
        key = (tuple(roles), level)
        if key not in self._rosters:
            self._rosters[key] = tuple(_roster(self._world, roles, bound, level) for bound in self.bounds)
        return self._rosters[key]


class Plan:
    """Which scans a call needs, while it is made: leaves that share a key share a scan."""

    def __init__(self, world: World, setting: Setting, windows: Windows) -> None:
        self.world, self.setting, self.windows = world, setting, windows
        self.groups: dict[tuple[Key, int], tuple[dict[Leaf, None], dict[Leaf, None]]] = {}
        self.leaves: list[tuple[int, Leaf, int]] = []
        self.keys: dict[Leaf, tuple[Key, tuple[Key, ...]]] = {}

    def add(self, request: int, leaf: Leaf, apart: int) -> None:
        """Add a leaf of a request; leaves share scans where `apart` is the same."""
        self.windows.of(leaf)
        self.leaves.append((request, leaf, apart))
        own, early = self._keys(leaf)
        self._group(own, apart)[0][leaf] = None
        for key in early:
            self._group(key, apart)[1][leaf] = None

    def run(self, requests: int) -> list[dict[Leaf, LeafResult]]:
        """Run the scans; the results of each request's leaves."""
        groups = {key: (tuple(counted), tuple(early)) for key, (counted, early) in self.groups.items()}
        common = self._shared(groups)
        with Running(self.world, self.windows, common) as running:

            def result(place: int) -> Result:
                key, leaves = scans[place]
                found = self._result(running, key[0], *leaves, kept=key[1] == 0)
                running.release(name for name, last in common.last.items() if last == place)
                return found

            scans = list(groups.items())
            # Where relations are held, statements run in order; others are picked for and run beside each other.
            several = together if self._large(groups) and not common.tables else map
            results = dict(zip(groups, several(result, range(len(scans))), strict=True))
        found: list[dict[Leaf, LeafResult]] = [{} for _ in range(requests)]
        for request, leaf, apart in self.leaves:
            own, early = self._keys(leaf)
            found[request][leaf] = LeafResult(results[own, apart], tuple(results[key, apart] for key in early))
        return found

    def _result(
        self, running: Running, key: Key, counted: tuple[Leaf, ...], early: tuple[Leaf, ...], *, kept: bool
    ) -> Result:
        frame, world = self.windows.frame((*counted, *early)), self.world
        scan = self._compiled(key, counted, early, frame)

        def measured(frame: Frame) -> pa.Table:
            return running.query(self._compiled(key, counted, early, frame))

        if world.kept is None or not kept:
            return Result(scan, measured(frame))
        depends = world.compiled.get(
            ("dependence", key, counted, early, self.setting.level, self.setting.several_currencies),
            lambda: dependence(world, key, counted, early, self.setting),
        )
        return Result(scan, world.kept.rows(world, depends, frame, measured) if depends else measured(frame))

    def _large(self, groups: Iterable[tuple[Key, int]]) -> bool:
        """Whether the facts that some scans count are worth a thread."""
        stock, types = prepared(self.world), self.world.definitions.fact_types
        return any(stock.stored(key.source).num_rows >= FEW for key, _ in groups if key.source in types)

    def _shared(self, groups: Mapping[Any, tuple[tuple[Leaf, ...], tuple[Leaf, ...]]]) -> Shared:
        """What the scans have in common; not where each is to be by itself."""
        together = {key: leaves for (key, apart), leaves in groups.items() if apart == 0}
        frames = {key: self.windows.frame((*counted, *early)) for key, (counted, early) in together.items()}

        def make() -> Shared:
            scans = [self._compiled(key, *leaves, frames[key]) for key, leaves in together.items()]
            return shared(scans, prepared(self.world).many)

        names = tuple((key, *leaves, frames[key].name) for key, leaves in together.items())
        at = self._at(leaf for both in together.values() for some in both for leaf in some)
        found: Shared = self.world.compiled.get(
            ("shared", names, self.setting.level, self.setting.several_currencies, at), make
        )
        return found

    def _group(self, key: Key, apart: int) -> tuple[dict[Leaf, None], dict[Leaf, None]]:
        return self.groups.setdefault((key, apart), ({}, {}))

    def _keys(self, leaf: Leaf) -> tuple[Key, tuple[Key, ...]]:
        if leaf not in self.keys:
            self.keys[leaf] = self.world.compiled.get(
                ("keys", leaf, self.setting.level, self._at([leaf])),
                lambda: (key_of(leaf, self.setting), early_keys(leaf, self.setting)),
            )
        return self.keys[leaf]

    def _at(self, leaves: Iterable[Leaf]) -> int | None:
        """The instant of the cut where what is compiled of some leaves depends on it, else None."""
        return self.setting.as_of if ages(leaves) else None

    def _compiled(self, key: Key, counted: tuple[Leaf, ...], early: tuple[Leaf, ...], frame: Frame) -> Scan:
        setting = self.setting
        at = self._at((*counted, *early))
        found: Scan = self.world.compiled.get(
            ("scan", key, counted, early, frame.name, setting.level, setting.several_currencies, at),
            lambda: compile_scan(key, counted, frame, setting, early),
        )
        return found


class Running:
    """Runs statements: those over all facts one after the other, while relations that several of them read are held.

    What is picked for a statement that needs few of many facts is its own, so that these may run in several threads.

    Args:
        world: What is measured.
        windows: The windows of the call.
        shared: The relations that are held.
    """

    def __init__(self, world: World, windows: Windows, shared: Shared) -> None:
        self.world, self.windows, self.shared = world, windows, shared
        self.held: list[str] = []
        self._stack = ExitStack()
        self._lock = threading.Lock()

    def __enter__(self) -> Running:
        self.seeing = self._stack.enter_context(prepared(self.world).session({}))
        return self

    def __exit__(self, *raised: Any) -> None:
        # A session in which something failed is closed, with all that it holds.
        if raised[0] is None:
            self.release(list(self.held))
        self._stack.__exit__(*raised)

    def release(self, names: Iterable[str]) -> None:
        """Let go of tables that no statement needs any more."""
        for name in names:
            if name in self.held:
                self.seeing.session.release(name)
                self.held.remove(name)

    def query(self, scan: Scan) -> pa.Table:
        """The rows of a scan."""
        stock = prepared(self.world)
        tables = {**stock.tables(scan.reads, self.windows.periods), **scan.frame.tables}
        near = self._near(scan)
        if near:
            # Few of many facts matter: picking them first is less work than reading all of them in a statement.
            with self.world.engine.session({**tables, **near}) as session:
                return session.query(scan.sql)
        with self._lock:
            self.seeing.see(tables)
            for name in self.shared.of(scan):
                if name not in self.held:
                    self.seeing.session.hold(name, self.shared.tables[name])
                    self.held.append(name)
            return self.seeing.query(self.shared.sql(scan))

    def _near(self, scan: Scan) -> dict[str, pa.Table]:
        """Tables of the facts that can matter, where these are few."""
        stock, book = prepared(self.world), self.world.definitions
        reached = self.world.compiled.get(("nearby", scan.key), lambda: nearby(book, scan.key))
        found = {
            stored(name): stock.near(name, columns, some[0].column, *between(some, scan.frame.spans))
            for name, some in reached.items()
            if (columns := scan.stored[name]) is not None
        }
        return {name: table for name, table in found.items() if table is not None}
