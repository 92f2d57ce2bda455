"""Measure: indicators over periods at a level, in as few statements as there are kinds of rows to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.indicators import LEVELS, Level
from kpicore.engines.resolve import resolve
from kpicore.engines.resolved import Leaf, Resolved, leaves
from kpicore.engines.scans import Setting
from kpicore.errors import InvalidInput
from kpicore.evaluation.measuring.arithmetic import Circumstances, compute
from kpicore.evaluation.measuring.cellset import CellSet, LeafResult, Names, Roster
from kpicore.evaluation.measuring.correlation import correlated
from kpicore.evaluation.measuring.measured import Measured, instants_as_text
from kpicore.evaluation.measuring.prepared import prepared
from kpicore.evaluation.measuring.scanning import Plan, Windows
from kpicore.evaluation.numbers.keys import Dictionary
from kpicore.naming import did_you_mean
from kpicore.periods import Period

if TYPE_CHECKING:
    from kpicore.evaluation.world import World

_NULL = pa.nulls(1, pa.string())

__all__ = ["Reading", "Request", "TargetLookup", "measure"]

#: The target of an indicator at a level, of a subject, in a period by its id; None where there is none.
TargetLookup: TypeAlias = "Callable[[str, Level, str | None, str], Decimal | None]"


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
        targets: What measures over targets look up; None: the targets in force of the world.
    """

    def __init__(
        self,
        world: World,
        requests: Sequence[Request],
        periods: Sequence[Period],
        level: Level = "person",
        *,
        share: bool = True,
        targets: TargetLookup | None = None,
    ) -> None:
        if level not in LEVELS:
            raise InvalidInput(
                f"{level!r} is not a level", code="bad_level", hint=did_you_mean(level, LEVELS) or ", ".join(LEVELS)
            )
        if not periods:
            raise InvalidInput("there is no period to measure", code="no_period", hint="name a period, such as 2026-Q1")
        self._world = world
        self._targets = targets or _targets(world)
        longest = max(period.months for period in periods)
        self._settled = [_settled(world, one, level, longest) for one in requests]
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
            _measured(self._world, one, found, self._setting, self._windows, self._targets, own, names)
            for one, found, own in zip(self._settled, self._found, there, strict=True)
        ]

    def _rosters(self, one: Resolved, given: tuple[Roster, ...] | None, *, roster: bool) -> tuple[Roster, ...] | None:
        """Who is there in each period in any case."""
        if one.by:
            return None
        if given is None and (roster or self._setting.level == "company"):
            return self._windows.rosters(one.indicator.roles, self._setting.level)
        return given


def _settled(world: World, one: Request, level: Level, longest: int) -> Resolved:
    """A request, settled once for every world."""
    by = None if one.by is None else tuple(one.by)
    key = ("settled", one.indicator, repr(sorted(one.params.items())), one.credit, by, level, longest)
    found: Resolved = world.compiled.get(
        key, lambda: resolve(world.definitions, one.indicator, one.params, one.credit, by, level, months=longest)
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


def _measured(
    world: World,
    one: Resolved,
    results: Mapping[Leaf, LeafResult],
    setting: Setting,
    windows: Windows,
    targets: TargetLookup,
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
        targets,
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
    return len({name for fact in needed if _is_money(world, fact) for name in prepared(world).currencies(fact)}) > 1


def _is_money(world: World, fact_type: str) -> bool:
    found = world.definitions.fact_types[fact_type]
    return found.has_currency and any(True for _ in found.money_fields())


def _mixed(world: World, leaf: Leaf, found: LeafResult) -> bool:
    """Whether a leaf adds up money of rows that no longer say their currency, and the facts hold several."""
    if not found.places(leaf).anonymous_money:
        return False
    named = [fact for fact in _needed(world.definitions, leaf) if _is_money(world, fact)]
    return len({currency for fact in named for currency in prepared(world).currencies(fact)}) > 1


def _currencies(results: Mapping[Leaf, LeafResult]) -> Dictionary:
    columns = [
        found.result.column(place) for leaf, found in results.items() for place in found.places(leaf).currencies or ()
    ]
    return Dictionary([*columns, _NULL])


def _targets(world: World) -> TargetLookup:
    known: Mapping[tuple[str, Level, str | None, str], Decimal] = getattr(world, "targets", {})

    def target(indicator: str, level: Level, subject: str | None, period: str) -> Decimal | None:
        return known.get((indicator, level, subject, period))

    return target
