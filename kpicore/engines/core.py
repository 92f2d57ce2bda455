"""The core tables: who belonged where, who looked after what, which team was above which, and the days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from kpicore.definitions.algebra.kinds import SQL_TYPES
from kpicore.definitions.book import CORE_TABLES
from kpicore.engines.facts import integer_instants
from kpicore.errors import InvalidInput
from kpicore.periods import END_OF_TIME_US, Calendar

#: A spell of a team under a parent: parent or None, from, to (None: still).
_Spell = tuple[str | None, int, int | None]

_ARROW = {"varchar": pa.string(), "bigint": pa.int64()}
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def schema(name: str) -> pa.Schema:
    """The columns of a core table."""
    return pa.schema([(column, _ARROW[SQL_TYPES[kind]]) for column, kind in CORE_TABLES[name].items()])


def assignments(facts: pa.Table | None) -> pa.Table:
    """Assignments as spells: one team at a time for each employee.

    A spell ends when it was said to, or when the next assignment of that employee takes effect, whichever is first.
    Of two that take effect together, the one whose source comes last in the order of code points counts.

    Args:
        facts: Resolved `employee_assigned` facts; None where there are none.
    """
    kept = ("role", "team_id", "territory", "hired_at")
    rows = _spells(facts, ("employee_id",), ("effective_from", "effective_to"), kept)
    return _table("assignment", rows)


def responsibilities(facts: pa.Table | None) -> pa.Table:
    """Responsibilities as spells: each thing is looked after by one person or team at a time (see `assignments`).

    Args:
        facts: Resolved `responsibility_assigned` facts; None where there are none.
    """
    rows = _spells(facts, ("kind", "id"), ("valid_from", "valid_to"), ("employee_id", "team_id"))
    return _table("responsibility", rows)


def team_paths(facts: pa.Table | None) -> pa.Table:
    """Every team with each team above it, itself included, and when that held.

    Args:
        facts: Resolved `team_defined` facts; None where there are none.

    Raises:
        InvalidInput: A team is above itself at some time.
    """
    parents: dict[str, list[_Spell]] = defaultdict(list)
    for row in _spells(facts, ("team_id",), ("effective_from", None), ("parent_team_id",)):
        parents[row["team_id"]].append((row["parent_team_id"], row["valid_from"], row["valid_to"]))
    rows = []
    for team in sorted(parents):
        rows.append({"team_id": team, "ancestor_id": team, "valid_from": -END_OF_TIME_US, "valid_to": None})
        for ancestor, start, end in _above(team, parents, -END_OF_TIME_US, None, (team,)):
            rows.append({"team_id": team, "ancestor_id": ancestor, "valid_from": start, "valid_to": end})
    return _table("team_path", rows)


def days(calendar: Calendar, start_us: int, end_us: int) -> pa.Table:
    """The organisation's local days, numbered from 1970-01-01 as day 0.

    Args:
        calendar: The organisation's calendar.
        start_us, end_us: The instants that the days must cover.
    """
    rows = [
        {"day": day.toordinal() - _EPOCH_DAY, "starts_at": starts_at, "ends_at": ends_at}
        for day, starts_at, ends_at in calendar.days(start_us, end_us)
    ]
    return _table("calendar", rows)


def _table(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=schema(name))


def _spells(
    facts: pa.Table | None, who: Sequence[str], bounds: tuple[str, str | None], kept: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Rows as spells that do not overlap, in order; empty ones are left out."""
    if facts is None:
        return
    starts_at, ends_at = bounds
    table = integer_instants(facts)
    columns = [*who, starts_at, *([ends_at] if ends_at else []), *kept, "source"]
    rows = [row for row in table.select(columns).to_pylist() if row[starts_at] is not None]
    rows.sort(key=lambda row: (tuple(row[name] for name in who), row[starts_at], row["source"]))
    for place, row in enumerate(rows):
        following = rows[place + 1] if place + 1 < len(rows) else None
        ends = [row[ends_at]] if ends_at and row[ends_at] is not None else []
        if following is not None and all(following[name] == row[name] for name in who):
            ends.append(following[starts_at])
        end = min(ends, default=None)
        if end is None or end > row[starts_at]:
            yield {
                **{name: row[name] for name in (*who, *kept)},
                "valid_from": row[starts_at],
                "valid_to": end,
            }


def _above(
    team: str, parents: Mapping[str, list[_Spell]], start: int, end: int | None, path: tuple[str, ...]
) -> Iterator[tuple[str, int, int | None]]:
    """Teams above `team` between two instants, nearest first."""
    for parent, valid_from, valid_to in parents.get(team, ()):
        begins, stops = max(start, valid_from), _first(end, valid_to)
        if parent is None or (stops is not None and begins >= stops):
            continue
        if parent in path:
            cycle = " → ".join((*path[path.index(parent) :], parent))
            raise InvalidInput(
                f"team {parent} is above itself: {cycle}",
                code="team_cycle",
                where="team_defined",
                hint="correct the parent_team_id of one of them",
            )
        yield parent, begins, stops
        yield from _above(parent, parents, begins, stops, (*path, parent))


def _first(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)
