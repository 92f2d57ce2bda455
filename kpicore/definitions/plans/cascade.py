"""The strategy cascade: goals of the company, of teams and of persons, and what follows from what."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from attrs import field, frozen

from kpicore.definitions.converters import names, optional
from kpicore.definitions.indicators import Level
from kpicore.definitions.plans.spans import inside
from kpicore.definitions.plans.targets import TargetRule
from kpicore.naming import Text, text
from kpicore.periods import parse_period


@frozen
class Goal:
    """What somebody is to reach in the period of the cascade.

    Args:
        id: A name for it inside the cascade.
        indicator: Id of the indicator.
        value: The target; None: the one that is recorded for it.
        level, subject: Whose goal.
        every: Length of periods in each of which `value` is to be reached; None: the whole period.
        volume: Of a rate: how much is planned below it.
        parent: The goal that this one is a part of: parts add up, or are pooled.
        supports: The goal that this one helps, without arithmetic.
        title, why: What people read.
    """

    id: str
    indicator: str = field(kw_only=True)
    value: Decimal | None = field(kw_only=True, default=None, converter=optional)
    level: Level = field(kw_only=True, default="company")
    subject: str | None = field(kw_only=True, default=None)
    every: str | None = field(kw_only=True, default=None)
    volume: Decimal | None = field(kw_only=True, default=None, converter=optional)
    parent: str | None = field(kw_only=True, default=None)
    supports: str | None = field(kw_only=True, default=None)
    title: Text = field(kw_only=True, factory=dict, converter=text)
    why: str | None = field(kw_only=True, default=None)


@frozen
class Driver:
    """What follows from what: the product of goals is what another goal can count on.

    Args:
        to: Id of the goal that is driven.
        factors: Ids of goals, or numbers, that are multiplied: 30 000 leads × 25 % = 7 500 deals.
        why: Why it follows.
    """

    to: str
    factors: tuple[str, ...] = field(converter=names)
    why: str | None = None


def _goals(value: Iterable[Goal]) -> tuple[Goal, ...]:
    return tuple(value)


def _drivers(value: Iterable[Driver]) -> tuple[Driver, ...]:
    return tuple(value)


@frozen
class Cascade:
    """Goals over one period, and how they hang together. Each goal with a value is a target, too.

    Args:
        id: A name for it.
        period: The period.
        goals: The goals.
        drivers: What follows from what.
        effective: Local ISO date from which it counts; None: the first day of the period.
        title: What people read.
    """

    id: str
    period: str = field(kw_only=True)
    goals: tuple[Goal, ...] = field(kw_only=True, converter=_goals)
    drivers: tuple[Driver, ...] = field(kw_only=True, default=(), converter=_drivers)
    effective: str | None = field(kw_only=True, default=None)
    title: Text = field(kw_only=True, factory=dict, converter=text)

    def targets(self, fiscal_year_start: int) -> list[TargetRule]:
        """The targets that the goals are, one for each period that they are to be reached in."""
        whole = parse_period(self.period, fiscal_year_start)
        found = []
        for goal in self.goals:
            periods = [whole] if goal.every is None else inside(goal.every, whole)
            if goal.value is not None:
                found += [
                    TargetRule(
                        goal.indicator,
                        goal.value,
                        goal.level,
                        goal.subject,
                        period.id,
                        effective=self.effective or period.start.date().isoformat(),
                        volume=goal.volume,
                        why=goal.why,
                    )
                    for period in periods
                ]
        return found
