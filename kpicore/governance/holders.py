"""Who has which targets in a period, and who stands above whom: what a cascade is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import field, frozen

from kpicore.definitions.indicators import Level
from kpicore.definitions.plans.spans import lies_inside
from kpicore.definitions.plans.targets import TargetRule
from kpicore.evaluation.world import World
from kpicore.periods import Period, parse_period

__all__ = ["Holder", "Holders"]

#: Whose targets: level and subject.
Holder: TypeAlias = "tuple[Level, str | None]"

COMPANY: Holder = ("company", None)

_FOREVER = 2**62


@frozen
class _Entry:
    period: Period
    value: Fraction
    volume: Fraction | None


@frozen
class Amount:
    """What is planned over a period: the value, and of a rate what is planned below it."""

    value: Fraction
    volume: Fraction | None


@frozen
class Holders:
    """Planned and recorded targets by indicator and holder, and the organisation that they are in.

    Args:
        entries: By indicator, then by holder.
        team_of: The team of each person.
        above: The team above each team.
    """

    entries: Mapping[str, Mapping[Holder, tuple[_Entry, ...]]]
    team_of: Mapping[str, str] = field(factory=dict)
    above: Mapping[str, str] = field(factory=dict)
    _below: dict[tuple[str, str], Mapping[Holder, list[Holder]]] = field(factory=dict, eq=False, repr=False)

    @classmethod
    def of(cls, world: World, planned: Iterable[TargetRule], fiscal_year_start: int) -> Holders:
        """The targets that are recorded and those that are planned; of one name a planned one goes before."""
        rules = {name: target.rule for name, target in world.target_book.in_force(_FOREVER).items()}
        rules |= {rule.name: rule for rule in planned}
        found: dict[str, dict[Holder, list[_Entry]]] = defaultdict(lambda: defaultdict(list))
        for rule in rules.values():
            if rule.value is not None and rule.period is not None:
                period = parse_period(rule.period, fiscal_year_start)
                volume = None if rule.volume is None else Fraction(rule.volume)
                entry = _Entry(period, Fraction(rule.value), volume)
                found[rule.indicator][rule.level, rule.subject].append(entry)
        entries = {
            indicator: {
                holder: tuple(sorted(listed, key=lambda entry: (entry.period.start, entry.period.end)))
                for holder, listed in holders.items()
            }
            for indicator, holders in found.items()
        }
        return cls(entries, _teams_of_people(world), _teams_above(world))

    def amount(self, indicator: str, holder: Holder, whole: Period, *, additive: bool) -> Amount | None:
        """What a holder is to reach over a period: its own target, or those of the periods inside it together."""
        listed = [entry for entry in self._listed(indicator, holder) if lies_inside(entry.period, whole)]
        exact = [entry for entry in listed if (entry.period.start, entry.period.end) == (whole.start, whole.end)]
        if exact:
            return Amount(exact[0].value, exact[0].volume)
        # Of periods that hold each other only the shortest ones count: a year is not added to its quarters.
        parts = [
            entry
            for entry in listed
            if not any(other is not entry and lies_inside(other.period, entry.period) for other in listed)
        ]
        if not parts:
            return None
        if additive:
            return Amount(sum((entry.value for entry in parts), Fraction(0)), None)
        volumes = [entry.volume for entry in parts]
        known = [volume for volume in volumes if volume is not None]
        below = sum(known, Fraction(0)) if len(known) == len(parts) else None
        if below:
            weighed = sum((e.value * e.volume for e in parts if e.volume is not None), Fraction(0))
            return Amount(weighed / below, below)
        return Amount(parts[0].value, below) if len({entry.value for entry in parts}) == 1 else None

    def each(self, indicator: str, holder: Holder, whole: Period) -> Fraction | None:
        """The value that a holder is to reach in each of the periods inside one; None where they differ or there is none."""
        values = {entry.value for entry in self._listed(indicator, holder) if lies_inside(entry.period, whole)}
        return values.pop() if len(values) == 1 else None

    def below(self, indicator: str, holder: Holder, whole: Period) -> list[Holder]:
        """Who stands directly below among those with a target of the indicator inside a period."""
        key = (indicator, whole.id)
        if key not in self._below:
            there = self.with_targets(indicator, whole)
            known = frozenset(there)
            made: dict[Holder, list[Holder]] = defaultdict(list)
            for one in there:
                if (above := self.over(one, known)) is not None:
                    made[above].append(one)
            self._below[key] = made
        return self._below[key].get(holder, [])

    def with_targets(self, indicator: str, whole: Period) -> list[Holder]:
        """Who has a target of the indicator inside a period, in the order of names."""
        found = [
            holder
            for holder, entries in self.entries.get(indicator, {}).items()
            if (holder[0] == "company" or holder[1] is not None)
            and any(lies_inside(entry.period, whole) for entry in entries)
        ]
        return sorted(found, key=lambda holder: (holder[0], holder[1] or ""))

    def over(self, holder: Holder, known: Container[Holder]) -> Holder | None:
        """The nearest one above among some: a team, the teams above it, then the company."""
        level, subject = holder
        if level == "company" or subject is None:
            return None
        team = self.team_of.get(subject) if level == "person" else self.above.get(subject)
        seen: set[str] = set()
        while team is not None and team not in seen:
            if ("team", team) in known:
                return ("team", team)
            seen.add(team)
            team = self.above.get(team)
        return COMPANY if COMPANY in known else None

    def _listed(self, indicator: str, holder: Holder) -> tuple[_Entry, ...]:
        return self.entries.get(indicator, {}).get(holder, ())


def _rows(world: World, fact_type: str) -> list[dict[str, Any]]:
    if fact_type not in world.definitions.fact_types:
        return []
    rows: list[dict[str, Any]] = world.table(fact_type).to_pylist()
    return sorted(rows, key=lambda row: row["effective_from"])


def _teams_of_people(world: World) -> dict[str, str]:
    """The team that each person was assigned to last."""
    return {row["employee_id"]: row["team_id"] for row in _rows(world, "employee_assigned") if row["team_id"]}


def _teams_above(world: World) -> dict[str, str]:
    """The team above each team, as it was defined last."""
    latest = {row["team_id"]: row["parent_team_id"] for row in _rows(world, "team_defined")}
    return {team: parent for team, parent in latest.items() if parent}
