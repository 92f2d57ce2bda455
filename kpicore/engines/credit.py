"""Whose a row is: the person or team that it counts for at the moment when it happened."""

from __future__ import annotations

from attrs import frozen

from kpicore.engines.expressions import ROW
from kpicore.engines.facts import quoted


@frozen
class Subject:
    """The subject of counted rows as SQL.

    Args:
        sql: An expression over the counted row and the joined tables.
        joins: Joins that it needs.
        core: Names of the core tables in them.
    """

    sql: str
    joins: str = ""
    core: tuple[str, ...] = ()


def subject(kind: str, column: str, level: str, moment: str) -> Subject:
    """The subject of a row.

    A person's row counts for the team of the assignment in force; a thing's (a channel, a campaign …) for whoever was
    responsible for it. A row of a team counts for every team above it, too. Nobody is null.

    Args:
        kind: What the credited column holds: `person`, `team`, or a kind of thing.
        column: The credited column.
        level: `person` or `team`.
        moment: An expression for the instant at which it is decided.
    """
    credited = f"{ROW}.{quoted(column)}"
    if level == "person":
        if kind == "person":
            return Subject(credited)
        if kind == "team":
            return Subject("cast(null as varchar)")
        return Subject("o.employee_id", _responsible(kind, credited, moment), ("responsibility",))
    core: tuple[str, ...] = ()
    if kind == "team":
        team, joins = credited, ""
    elif kind == "person":
        team, joins, core = "a.team_id", _assigned(credited, moment), ("assignment",)
    else:
        team = "coalesce(o.team_id, a.team_id)"
        joins = _responsible(kind, credited, moment) + _assigned("o.employee_id", moment)
        core = ("responsibility", "assignment")
    joins += f' left join "team_path" p on p.team_id = {team} and {_holds("p", moment)}'
    return Subject(f"coalesce(p.ancestor_id, {team})", joins, (*core, "team_path"))


def _holds(alias: str, moment: str) -> str:
    return f"{alias}.valid_from <= {moment} and ({alias}.valid_to is null or {moment} < {alias}.valid_to)"


def _assigned(person: str, moment: str) -> str:
    return f' left join "assignment" a on a.employee_id = {person} and {_holds("a", moment)}'


def _responsible(kind: str, thing: str, moment: str) -> str:
    text = kind.replace("'", "''")
    return f""" left join "responsibility" o on o.kind = '{text}' and o.id = {thing} and {_holds("o", moment)}"""
