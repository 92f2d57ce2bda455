"""Files of cascades: `[cascade]`, `[[goal]]` and `[[driver]]`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import cast

from kpicore.definitions.cards.card_checks import PERIOD_KINDS
from kpicore.definitions.cards.card_tables import Table, TomlFile
from kpicore.definitions.indicators import LEVELS, Level
from kpicore.definitions.plans.cascade import Cascade, Driver, Goal
from kpicore.definitions.plans.spans import inside
from kpicore.errors import InvalidDefinition, InvalidInput
from kpicore.naming import did_you_mean
from kpicore.periods import Period, parse_period

__all__ = ["read_cascade"]

#: A goal is reached in at most so many periods, each of which has a target of its own.
MOST_PERIODS = 400

_DAYS = {"day": 1, "week": 7, "month": 28, "quarter": 90, "half": 181, "year": 365}

_HEAD_KEYS = ("id", "title", "period", "effective")
_GOAL_KEYS = (
    "id",
    "indicator",
    "value",
    "level",
    "subject",
    "every",
    "volume",
    "parent",
    "supports",
    "title",
    "why",
)


def read_cascade(file: TomlFile) -> Cascade:
    """A cascade.

    Raises:
        InvalidDefinition: Something in it is wrong; `where` names file, line and table.
    """
    file.check_tables(["cascade", "goal", "driver"], {})
    head = file.table("cascade")
    head.check_keys(_HEAD_KEYS)
    period = head.required("period")
    try:
        period = parse_period(period).id
    except InvalidInput as error:
        raise head.here("period", error) from None
    tables = file.tables("goal")
    goals = [_goal(table) for table in tables]
    if not goals:
        raise head.wrong(None, "no [[goal]]", code="missing_key", hint="a cascade has at least one")
    for goal, table in zip(goals, tables, strict=True):
        _check_every(goal, table, parse_period(period))
    names = _check_names(goals, tables)
    drivers = [_driver(table, names) for table in file.tables("driver")]
    _check_circles(goals, drivers, head)
    return Cascade(
        head.identifier("a goal or cascade"),
        period=period,
        goals=goals,
        drivers=drivers,
        effective=head.date("effective") if "effective" in head.data else None,
        title=head.texts("title") if "title" in head.data else {},
    )


def _check_every(goal: Goal, table: Table, whole: Period) -> None:
    """That periods of the goal's length lie inside the cascade's, and not too many of them."""
    if goal.every is None:
        return
    if whole.days > MOST_PERIODS * _DAYS[goal.every]:
        raise table.wrong(
            "every",
            f"{whole.id} has more than {MOST_PERIODS} periods of the length {goal.every}",
            code="too_long",
            hint="take a shorter period, or a longer every",
        )
    if not inside(goal.every, whole):
        raise table.wrong(
            "every", f"no {goal.every} lies inside {whole.id}", hint="take a shorter every, or leave it out"
        )


def _check_names(goals: Sequence[Goal], tables: Sequence[Table]) -> set[str]:
    """The names of goals, each of which is there once; what they name above them is among them."""
    names: set[str] = set()
    for goal, table in zip(goals, tables, strict=True):
        if goal.id in names:
            raise table.wrong(
                "id", f"the goal {goal.id} is there twice", hint="give it another name", code="duplicate_goal"
            )
        names.add(goal.id)
    for goal, table in zip(goals, tables, strict=True):
        for key, other in (("parent", goal.parent), ("supports", goal.supports)):
            if other is not None and other not in names:
                raise _unknown(table, key, other, names)
    return names


def _goal(table: Table) -> Goal:
    table.check_keys(_GOAL_KEYS)
    level = cast(Level, table.one_of("level", LEVELS, "company"))
    subject = table.string("subject")
    if (level == "company") != (subject is None):
        raise table.wrong("subject", "a person or a team has a subject, the company none", hint='write subject = "…"')
    if "parent" in table.data and "supports" in table.data:
        raise table.wrong("supports", "a goal is a part of another, or supports it", hint="keep one of them")
    return Goal(
        table.identifier("a goal or cascade"),
        indicator=table.required("indicator"),
        value=table.number("value"),
        level=level,
        subject=subject,
        every=table.one_of("every", PERIOD_KINDS) if "every" in table.data else None,
        volume=table.volume(),
        parent=table.string("parent"),
        supports=table.string("supports"),
        title=table.texts("title") if "title" in table.data else {},
        why=table.string("why"),
    )


def _driver(table: Table, goals: set[str]) -> Driver:
    table.check_keys(("to", "from", "why"))
    to, factors = table.required("to"), table.names("from")
    if to not in goals:
        raise _unknown(table, "to", to, goals)
    if not factors:
        raise table.wrong("from", "from is missing", hint='write from = ["leads", "lead_to_deal"]', code="missing_key")
    for factor in factors:
        if factor not in goals and constant(factor) is None:
            raise _unknown(table, "from", factor, goals)
    return Driver(to, factors, table.string("why"))


def constant(factor: str) -> Decimal | None:
    """The number that a factor of a driver is; None where it is a goal."""
    try:
        number = Decimal(factor)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _unknown(table: Table, key: str, name: str, goals: Iterable[str]) -> InvalidDefinition:
    known = sorted(goals)
    hint = did_you_mean(name, known) or f"its goals: {', '.join(known)}"
    return table.wrong(key, f"there is no goal {name!r}", code="unknown_goal", hint=hint)


def _check_circles(goals: list[Goal], drivers: list[Driver], head: Table) -> None:
    above: dict[str, set[str]] = {goal.id: {name for name in (goal.parent, goal.supports) if name} for goal in goals}
    for driver in drivers:
        for factor in driver.factors:
            above.setdefault(factor, set()).add(driver.to)
    for start, first in above.items():
        seen, pending = set(), set(first)
        while pending:
            name = pending.pop()
            if name == start:
                raise head.wrong(None, f"the goal {start} leads back to itself", code="cycle", hint="take one way out")
            if name not in seen:
                seen.add(name)
                pending |= above.get(name, set())
