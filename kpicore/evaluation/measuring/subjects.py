"""The roster: who was there in a period, in which role, as person or in which teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from kpicore.definitions.indicators import Level
from kpicore.evaluation.measuring.prepared import prepared
from kpicore.periods import END_OF_TIME_US, Bounds

if TYPE_CHECKING:
    from kpicore.evaluation.world import World

#: The role of an indicator that is everyone's.
EVERY_ROLE = "all"


def roster(world: World, role: str | Iterable[str] | None, bounds: Bounds, level: Level) -> tuple[str | None, ...]:
    """Who was assigned at any time of a period.

    Args:
        world: Facts at a cut.
        role: A role, several, or None for everyone; `all` is everyone, too.
        bounds: The period.
        level: `person`: employees; `team`: their teams at the time with every team above them; `company`: the one
            subject, which is None.

    Returns:
        Subjects in the order of code points; none where no assignment was recorded.
    """
    if level == "company":
        return (None,)
    roles = None if role is None else {role} if isinstance(role, str) else set(role)
    if roles is not None and EVERY_ROLE in roles:
        roles = None
    key = (None if roles is None else frozenset(roles), bounds.start_us, bounds.end_us, level)
    return prepared(world).roster(key, lambda: _present(world, roles, bounds, level))


def _present(world: World, roles: set[str] | None, bounds: Bounds, level: Level) -> tuple[str, ...]:
    spells = prepared(world).core("assignment")
    end = pc.fill_null(spells.column("valid_to"), END_OF_TIME_US)
    there = pc.and_(pc.less(spells.column("valid_from"), bounds.end_us), pc.less(bounds.start_us, end))
    if roles is not None:
        there = pc.and_(there, pc.is_in(spells.column("role"), value_set=pa.array(sorted(roles), pa.string())))
    found = spells.filter(there)
    if level == "person":
        return tuple(sorted(pc.unique(found.column("employee_id")).to_pylist()))
    return tuple(sorted(_teams(world, found.to_pylist(), bounds)))


def _teams(world: World, assignments: Iterable[dict[str, Any]], bounds: Bounds) -> set[str]:
    above: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in prepared(world).core("team_path").to_pylist():
        above[path["team_id"]].append(path)
    found: set[str] = set()
    for row in assignments:
        if row["team_id"] is None:
            continue
        found.add(row["team_id"])
        start = max(row["valid_from"], bounds.start_us)
        end = min(_end(row), bounds.end_us)
        found.update(path["ancestor_id"] for path in above[row["team_id"]] if _overlap(path, start, end))
    return found


def _overlap(spell: dict[str, Any], start: int, end: int) -> bool:
    return bool(spell["valid_from"] < end and start < _end(spell))


def _end(spell: dict[str, Any]) -> int:
    return END_OF_TIME_US if spell["valid_to"] is None else int(spell["valid_to"])
