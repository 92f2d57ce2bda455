"""Measure: indicators over periods at a level, in as few statements as there are kinds of rows to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from attrs import evolve, field, frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.indicators import LEVELS, Level
from kpicore.engines.resolve import Leaf, Resolved, leaves, resolve
from kpicore.engines.scans import Key, Scan, Setting, compile_scan, early_keys, key_of
from kpicore.engines.windows import Frame, Span, framed
from kpicore.errors import InvalidInput
from kpicore.evaluation.arithmetic import Circumstances, compute
from kpicore.evaluation.cellset import CellSet, LeafResult, Names, Result, Roster
from kpicore.evaluation.correlation import correlated
from kpicore.evaluation.kept import dependence
from kpicore.evaluation.keys import Codes, Dictionary
from kpicore.evaluation.measured import Measured, instants_as_text
from kpicore.evaluation.prepared import prepared
from kpicore.evaluation.subjects import roster as _roster
from kpicore.naming import did_you_mean
from kpicore.periods import Period

if TYPE_CHECKING:
    from kpicore.evaluation.world import World

_NULL = pa.nulls(1, pa.string())

__all__ = ["Reading", "Request", "measure"]


@frozen
class Request:
    """What is asked for.

    Args:
        indicator: Id of the indicator.
        params: Parameters that differ from the defaults.
        credit: Which column says who is credited; None: the indicator's first.
        by: Break-downs; None: the indicator's own.
    """

    indicator: str
    params: Mapping[str, Any] = field(factory=dict)
    credit: str | None = None
    by: tuple[str, ...] | None = None


def measure(
    world: World,
    requests: Sequence[Request],
    periods: Sequence[Period],
    level: Level = "person",
    *,
    roster: bool = True,
    share: bool = True,
    subjects: Sequence[str | None] | None = None,
) -> list[Measured]:
    """Measure indicators together.

    Cells are there for every subject with facts that count, and, without break-downs, for everyone of the
    indicator's roles who was assigned in the period; the company is always there.

    Args:
        world: Facts and definitions at a cut.
        requests: What is asked for.
        periods: The periods, at least one.
        level: person, team or company.
        roster: Whether assigned subjects without facts appear.
        share: Whether aggregates over the same rows are read together; the results are the same.
        subjects: Who appears in the place of the roster of the indicator's roles.

    Returns:
        One for each request, in order.

    Raises:
        NotFound: There is no such indicator.
        InvalidInput: A level, parameter, credit column or break-down is none of an indicator.
        InvalidDefinition: A definition does not hold together.
    """
    return Reading(world, requests, periods, level, share=share).measured(roster=roster, subjects=subjects)


class Reading:
    """What the engine found for requests: read once, it can be asked about several rosters.

    Args:
        world, requests, periods, level, share: As of `measure`, which says what is raised.
    """

    def __init__(
        self,
        world: World,
        requests: Sequence[Request],
        periods: Sequence[Period],
        level: Level = "person",
        *,
        share: bool = True,
    ) -> None:
        if level not in LEVELS:
            raise InvalidInput(
                f"{level!r} is not a level", code="bad_level", hint=did_you_mean(level, LEVELS) or ", ".join(LEVELS)
            )
        if not periods:
            raise InvalidInput("there is no period to measure", code="no_period")
        self._world = world
        self._settled = [_settled(world, one, level) for one in requests]
        base, several = world.organisation.base_currency, _several_currencies(world, self._settled)
        self._setting = Setting(world.definitions, level, base, world.cut.as_of, several)
        self._windows = Windows(world, periods)
        self._found = _run(world, self._settled, self._setting, self._windows, share=share)

    def measured(
        self,
        *,
        roster: bool = True,
        subjects: Sequence[str | None] | None = None,
        rosters: Sequence[Sequence[str | None]] | None = None,
    ) -> list[Measured]:
        """One for each request, in order.

        Args:
            roster, subjects: As of `measure`.
            rosters: Who appears in each period, in the place of `subjects` in all of them.
        """
        given: tuple[Roster, ...] | None = None
        if rosters is not None:
            given = tuple(map(tuple, rosters))
        elif subjects is not None:
            given = (tuple(subjects),) * len(self._windows.periods)
        there = [self._rosters(one, given, roster=roster) for one in self._settled]
        results = [result for found in self._found for leaf in found.values() for result in (leaf.result, *leaf.early)]
        names = Names(results, [names for one in there for names in one or ()])
        return [
            _measured(self._world, one, found, self._setting, self._windows, own, names)
            for one, found, own in zip(self._settled, self._found, there, strict=True)
        ]

    def _rosters(
        self, one: Resolved, given: tuple[Roster, ...] | None, *, roster: bool
    ) -> tuple[Roster, ...] | None:
        """Who is there in each period in any case."""
        if one.by:
            return None
        if given is None and (roster or self._setting.level == "company"):
            return self._windows.rosters(one.indicator.roles, self._setting.level)
        return given


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


def _settled(world: World, one: Request, level: Level) -> Resolved:
    """A request, settled once for every world."""
    by = None if one.by is None else tuple(one.by)
    key = ("settled", one.indicator, repr(sorted(one.params.items())), one.credit, by, level)
    found: Resolved = prepared(world).plan(
        key, lambda: resolve(world.definitions, one.indicator, one.params, one.credit, by, level)
    )
    return found


def _run(
    world: World, settled: Sequence[Resolved], setting: Setting, windows: Windows, *, share: bool
) -> list[dict[Leaf, LeafResult]]:
    """Compile the scans of all requests, run them, and say which results hold each leaf."""
    plan = Plan(world, setting, windows)
    for place, one in enumerate(settled):
        for number, leaf in enumerate(dict.fromkeys(leaves(one.node))):
            plan.add(place, leaf, 0 if share else 1 + place * 10_000 + number)
    return plan.run(len(settled))


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
        results = {
            key: self._result(key[0], tuple(counted), tuple(early), kept=key[1] == 0)
            for key, (counted, early) in self.groups.items()
        }
        found: list[dict[Leaf, LeafResult]] = [{} for _ in range(requests)]
        for request, leaf, apart in self.leaves:
            own, early = self._keys(leaf)
            found[request][leaf] = LeafResult(results[own, apart], tuple(results[key, apart] for key in early))
        return found

    def _result(self, key: Key, counted: tuple[Leaf, ...], early: tuple[Leaf, ...], *, kept: bool) -> Result:
        frame, world = self.windows.frame((*counted, *early)), self.world
        scan = self._compiled(key, counted, early, frame)

        def measured(frame: Frame) -> pa.Table:
            return self._query(self._compiled(key, counted, early, frame))

        if world.kept is None or not kept:
            return Result(scan, measured(frame))
        depends = prepared(world).plan(
            ("dependence", key, counted, early, self.setting.level, self.setting.several_currencies),
            lambda: dependence(world, key, counted, early, self.setting),
        )
        return Result(scan, world.kept.rows(world, depends, frame, measured) if depends else measured(frame))

    def _group(self, key: Key, apart: int) -> tuple[dict[Leaf, None], dict[Leaf, None]]:
        return self.groups.setdefault((key, apart), ({}, {}))

    def _keys(self, leaf: Leaf) -> tuple[Key, tuple[Key, ...]]:
        if leaf not in self.keys:
            self.keys[leaf] = prepared(self.world).plan(
                ("keys", leaf, self.setting.level), lambda: (key_of(leaf, self.setting), early_keys(leaf, self.setting))
            )
        return self.keys[leaf]

    def _compiled(self, key: Key, counted: tuple[Leaf, ...], early: tuple[Leaf, ...], frame: Frame) -> Scan:
        setting = self.setting
        found: Scan = prepared(self.world).plan(
            ("scan", key, counted, early, frame.name, setting.level, setting.several_currencies),
            lambda: compile_scan(key, counted, frame, setting, early),
        )
        return found

    def _query(self, scan: Scan) -> pa.Table:
        stock = prepared(self.world)
        tables = {**stock.tables(scan.reads, self.windows.periods), **scan.frame.tables}
        with stock.session(tables) as session:
            return session.query(scan.sql)


def _measured(
    world: World,
    one: Resolved,
    results: Mapping[Leaf, LeafResult],
    setting: Setting,
    windows: Windows,
    rosters: tuple[Roster, ...] | None,
    names: Names,
) -> Measured:
    own = list(results)
    cells = CellSet(own, results, windows.numbers, one.by, rosters, len(windows.periods), names)
    around = Circumstances(
        setting,
        windows.periods,
        windows.seen,
        {leaf: windows.of(leaf) for leaf in own},
        [bound.end_us for bound in windows.bounds],
        {leaf: _complete_until(world, leaf) for leaf in own},
        frozenset(leaf for leaf in own if _mixed(world, leaf, results[leaf])),
        _targets(world),
        _currencies(results),
        lambda node, period: correlated(world, node, period),
    )
    done = compute(one, cells, around)
    ids = [period.id for period in windows.periods]
    return Measured(
        one.indicator.id,
        world.definitions.digest(one.indicator.id),
        ids[0] if len(ids) == 1 else f"{ids[0]}..{ids[-1]}",
        setting.level,  # type: ignore[arg-type]
        one.by,
        world.cut.facts,
        cells.subjects(),
        tuple(np.array(ids, dtype=np.object_)[cells.period].tolist()),
        tuple(_dim(world.definitions, cells, own, dim) for dim in one.by),
        done.numerator,
        done.denominator,
        done.values,
        done.no_numerator,
        done.no_denominator,
        done.no_value,
        done.states,
        done.flags,
    )


def _dim(book: Definitions, cells: CellSet, own: Iterable[Leaf], dim: str) -> tuple[Any, ...]:
    values = cells.dims(dim)
    kinds = {book.columns(leaf.aggregate.source)[dim] for leaf in own if dim in leaf.by}
    return tuple(instants_as_text(values) if kinds == {"instant"} else values)


def _needed(book: Definitions, leaf: Leaf) -> frozenset[str]:
    """The fact types that a leaf reads."""
    names = sorted({leaf.aggregate.source, *(match.source for match in leaf.aggregate.match)})
    found: frozenset[str] = book.keep(
        "needed facts", " ".join(names), lambda _: frozenset(book.closure(names).fact_types)
    )
    return found


def _complete_until(world: World, leaf: Leaf) -> int | None:
    """The least instant up to which the feeds of a leaf's fact types are complete."""
    needed = _needed(world.definitions, leaf)
    said = [until for (_source, fact_type), until in world.complete_until.items() if fact_type in needed]
    return min(said, default=None)


def _several_currencies(world: World, settled: Sequence[Resolved]) -> bool:
    """Whether the facts behind some requests are in several currencies, and nothing brings them together."""
    if world.organisation.base_currency is not None:
        return False
    needed = {fact for one in settled for leaf in leaves(one.node) for fact in _needed(world.definitions, leaf)}
    stock = prepared(world)
    return len({name for fact in needed if _is_money(world, fact) for name in stock.currencies(fact)}) > 1


def _is_money(world: World, fact_type: str) -> bool:
    found = world.definitions.fact_types[fact_type]
    return found.has_currency and any(True for _ in found.money_fields())


def _mixed(world: World, leaf: Leaf, found: LeafResult) -> bool:
    """Whether a leaf adds up money of rows that no longer say their currency, and the facts hold several."""
    if not found.places(leaf).anonymous_money:
        return False
    stock = prepared(world)
    named = [fact for fact in _needed(world.definitions, leaf) if _is_money(world, fact)]
    return len({currency for fact in named for currency in stock.currencies(fact)}) > 1


def _currencies(results: Mapping[Leaf, LeafResult]) -> Dictionary:
    columns = [
        found.result.column(place) for leaf, found in results.items() for place in found.places(leaf).currencies or ()
    ]
    return Dictionary([*columns, _NULL])


def _targets(world: World) -> Callable[[str, Level, str | None, str], Decimal | None]:
    known: Mapping[tuple[str, Level, str | None, str], Decimal] = getattr(world, "targets", {})

    def target(indicator: str, level: Level, subject: str | None, period: str) -> Decimal | None:
        return known.get((indicator, level, subject, period))

    return target
