"""Results of scans that are kept, window by window: later facts have only those windows measured again that they touch.

Nothing of it is stored, and nothing that is computed depends on it: what is kept is what measuring afresh would find.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, frozen

from kpicore.canonical import sha256_hex
from kpicore.definitions.book import CORE_FACTS
from kpicore.engines.ageing import names_cut
from kpicore.engines.reach import Reach, reaches
from kpicore.engines.resolved import Leaf
from kpicore.engines.scans import Key, Scan, Setting, compile_scan
from kpicore.engines.windows import WINDOW, Frame, Span, framed

if TYPE_CHECKING:
    from kpicore.evaluation.world import World
    from kpicore.ledger.records import Cut

#: Most memory that kept results take, in bytes.
LIMIT = 256 * 2**20
#: Where more rows were recorded than this, everything is measured again.
MOST_MOVED = 250_000
#: Most windows of one scan.
MOST_WINDOWS = 1_000

_RATES = "exchange_rate_set"
_ANY_FRAME = framed((Span(0, 10, -10, 20), Span(10, 20, 0, 30)))


@frozen
class Ageing:
    """How a scan depends on the instant of the cut.

    Args:
        least, most: Rows are counted once they are so old, in µs; None: it can depend on it in any way.
    """

    least: int | None = None
    most: int | None = None


@frozen(eq=False)
class Dependence:
    """What the result of a scan depends on besides its windows.

    Args:
        identity: Definitions, settings and all that the statement says.
        reaches: The facts that it depends on.
        ageing: How the cut's instant counts; None: not at all.
    """

    identity: str
    reaches: frozenset[Reach]
    ageing: Ageing | None


@frozen(eq=False)
class _Entry:
    """The result of a scan at a cut: `rows` of the windows `spans`, numbered by place."""

    cut: Cut
    spans: tuple[Span, ...]
    rows: pa.Table


class Kept:
    """Results of scans over one ledger. Safe to share between threads."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._moved: OrderedDict[tuple[str, int, int], pa.Table | None] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def rows(
        self, world: World, dependence: Dependence, frame: Frame, measure: Callable[[Frame], pa.Table]
    ) -> pa.Table:
        """The rows of a scan at the world's cut.

        Args:
            world: Facts at a cut.
            dependence: What the scan depends on.
            frame: Its windows.
            measure: Measures some of the windows.
        """
        with self._lock:
            entry = self._entries.get(dependence.identity)
        if entry is None or entry.cut.facts > world.cut.facts:
            rows = measure(frame)
            if entry is None:
                self._keep(dependence, _Entry(world.cut, frame.spans, rows))
            return rows
        fresh = self._fresh(world, dependence, entry)
        missing = [span for span in frame.spans if span not in fresh]
        if not missing and len(fresh) == len(entry.spans):
            if entry.cut != world.cut:
                self._keep(dependence, evolve(entry, cut=world.cut))
            return _chosen(entry, frame.spans, frame.spans)
        if len(fresh) + len(missing) > MOST_WINDOWS:
            fresh = [span for span in fresh if span in frame.numbers]
        spans = tuple(sorted((*fresh, *missing)))
        parts = [_chosen(entry, spans, fresh)]
        if missing:
            measured = framed(tuple(missing))
            parts.append(_chosen(_Entry(world.cut, measured.spans, measure(measured)), spans, missing))
        whole = _Entry(world.cut, spans, pa.concat_tables(parts, promote_options="permissive"))
        self._keep(dependence, whole)
        return _chosen(whole, frame.spans, frame.spans)

    def _keep(self, dependence: Dependence, entry: _Entry) -> None:
        with self._lock:
            old = self._entries.pop(dependence.identity, None)
            self._size += entry.rows.nbytes - (0 if old is None else old.rows.nbytes)
            self._entries[dependence.identity] = entry
            while self._size > self.limit:
                _, gone = self._entries.popitem(last=False)
                self._size -= gone.rows.nbytes

    def _fresh(self, world: World, dependence: Dependence, entry: _Entry) -> list[Span]:
        """The windows of an entry that nothing touched since."""
        touched = _aged(dependence.ageing, entry, world.cut.as_of)
        moved = world.touched(entry.cut)
        near = [reach for reach in dependence.reaches if reach.fact_type in moved]
        if any(reach.everywhere for reach in near):
            return []
        for reach in near:
            touched |= self._touched(world, reach, entry)
        return [span for span, gone in zip(entry.spans, touched.tolist(), strict=True) if not gone]

    def _touched(self, world: World, reach: Reach, entry: _Entry) -> npt.NDArray[np.bool_]:
        """Which windows of an entry facts touched that moved since."""
        found = self._moved_since(world, reach.fact_type, entry.cut)
        if found is None:
            return np.ones(len(entry.spans), dtype=np.bool_)
        instants = np.sort(found.column(reach.column).drop_null().to_numpy())
        first = np.zeros(len(entry.spans), dtype=np.int64)
        last = np.full(len(entry.spans), len(instants))
        if reach.low is not None:
            first = np.searchsorted(instants, [reach.low.of(span) for span in entry.spans], side="left")
        if reach.high is not None:
            last = np.searchsorted(instants, [reach.high.of(span) for span in entry.spans], side="right")
        return np.asarray(first < last, dtype=np.bool_)

    def _moved_since(self, world: World, fact_type: str, since: Cut) -> pa.Table | None:
        """The instants of facts that moved, as they were and as they are; None where they are very many."""
        key = (fact_type, since.facts, world.cut.facts)
        with self._lock:
            if key in self._moved:
                return self._moved[key]
        found = None
        headers = world.ledger.headers(world.cut, fact_type)
        if sum(header.rows for header in headers if header.position > since.facts) <= MOST_MOVED:
            changes = world.changes(fact_type, since)
            found = pa.concat_tables([_instants(changes.removed), _instants(changes.added)])
        with self._lock:
            self._moved[key] = found
            while len(self._moved) > 64:
                self._moved.popitem(last=False)
        return found


def dependence(
    world: World, key: Key, counted: Sequence[Leaf], early: Sequence[Leaf], setting: Setting
) -> Dependence | None:
    """What a scan depends on; None where its results are not kept.

    Args:
        world: Facts and definitions; its results are kept where its facts are the ledger's.
        key, counted, early, setting: As of `compile_scan`.
    """
    book = world.definitions
    scan = compile_scan(key, counted, _ANY_FRAME, evolve(setting, as_of=0), early)
    if "sealed_line" in scan.reads:
        return None
    own = {name for name in scan.reads if name in book.fact_types}
    parts: list[Any] = [scan.sql, [(name, book.digest(name)) for name in sorted(own)]]
    if "calendar" in scan.reads:
        organisation = world.organisation
        parts.append((organisation.timezone, organisation.fiscal_year_start, world.pinned))
    found = set(reaches(book, key))
    found.update(Reach(CORE_FACTS[name]) for name in scan.reads if name in CORE_FACTS)
    if setting.base_currency is not None and _RATES in book.fact_types and any(map(_converted(world), own)):
        found.add(Reach(_RATES))
    ageing = _ageing(scan, (*counted, *early), early, key, setting)
    return Dependence(sha256_hex(repr(parts).encode()), frozenset(found), ageing)


def _converted(world: World) -> Callable[[str], bool]:
    def converted(name: str) -> bool:
        fact_type = world.definitions.fact_types[name]
        return fact_type.has_currency and any(True for _ in fact_type.money_fields())

    return converted


def _ageing(scan: Scan, leaves: Iterable[Leaf], early: Sequence[Leaf], key: Key, setting: Setting) -> Ageing | None:
    later = compile_scan(key, list(scan.columns), _ANY_FRAME, evolve(setting, as_of=1), early)
    if later.sql == scan.sql:
        return None
    if any(map(names_cut, leaves)):
        return Ageing()
    waits = [setting.horizon(leaf).wait for leaf in leaves if leaf.aggregate.young == "drop"]
    return Ageing(min(waits), max(waits))


def _aged(ageing: Ageing | None, entry: _Entry, as_of: int | None) -> npt.NDArray[np.bool_]:
    """Which windows of an entry have rows that came of age since."""
    if ageing is None or entry.cut.as_of == as_of:
        return np.zeros(len(entry.spans), dtype=np.bool_)
    if ageing.least is None or ageing.most is None or as_of is None or entry.cut.as_of is None:
        return np.ones(len(entry.spans), dtype=np.bool_)
    low, high = sorted((entry.cut.as_of, as_of))
    return np.array([span.end > low - ageing.most and span.start <= high - ageing.least for span in entry.spans])


def _instants(table: pa.Table) -> pa.Table:
    """The instants among the columns of a table, as µs."""
    found = {
        spec.name: table.column(spec.name).cast(pa.timestamp("us", spec.type.tz)).cast(pa.int64())
        for spec in table.schema
        if pa.types.is_timestamp(spec.type)
    }
    return pa.table(found)


def _chosen(entry: _Entry, spans: Sequence[Span], chosen: Collection[Span]) -> pa.Table:
    """The rows of some windows of an entry.

    Args:
        entry: The entry.
        spans: Windows; rows are numbered by their places among these.
        chosen: Those whose rows are taken, as far as the entry has them.
    """
    if tuple(spans) == entry.spans and len(chosen) == len(spans):
        return entry.rows
    taken = set(chosen)
    places = {span: place for place, span in enumerate(spans) if span in taken}
    numbers = pa.array([places.get(span) for span in entry.spans], pa.int64())
    again = pc.take(numbers, entry.rows.column(WINDOW))
    rows = entry.rows.set_column(entry.rows.schema.get_field_index(WINDOW), WINDOW, again)
    return rows if numbers.null_count == 0 else rows.filter(pc.is_valid(again))
