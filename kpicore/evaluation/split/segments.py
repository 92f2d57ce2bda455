"""Segments: how a period is divided by what takes effect inside it, and who has which part of it.

A person's period splits where the scorecard changes, where they come into or leave its role, where they change teams, and
where the next step of its schedule begins; that of a team or of the company splits where the scorecard changes. All of
these are local days. A day belongs to the assignment that was the last to hold on it: whoever joins, moves or leaves in
the middle of a day has that day. Days without an assignment to the role are not the card's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

from attrs import evolve, frozen

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.errors import Refused
from kpicore.evaluation.measuring.prepared import prepared
from kpicore.evaluation.measuring.subjects import EVERY_ROLE, roster
from kpicore.evaluation.scoring.cells import Subjects, in_order, targets_for
from kpicore.evaluation.scoring.targets import Recorded
from kpicore.evaluation.world import CardInForce, World
from kpicore.periods import END_OF_TIME_US, FIRST_YEAR, Calendar, Period

__all__ = ["Division", "Group", "Segment", "assigned", "divide", "window_of"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)

#: A row of the assignments, as the core table has it.
_Spell: TypeAlias = "Mapping[str, Any]"
#: Days on the card, and the team at the time.
_Stretch: TypeAlias = "tuple[Segment, str | None]"


@frozen(order=True)
class Segment:
    """A stretch of local days under one version of the card and one step of its schedule.

    Args:
        start, end: The first day, and the day after the last one.
        version: Number of the card's version, from 0, in the order in which they are in force in the period.
        step: Number of the schedule's step, from 0; −1: the card's own weights.
    """

    start: date
    end: date
    version: int = 0
    step: int = -1

    @property
    def days(self) -> int:
        """How many local days it has."""
        return (self.end - self.start).days


@frozen
class Group:
    """Who has a segment.

    Args:
        segment: The segment.
        subjects: In the order of code points.
        teams: The team of each person in it; None where they have none, and for teams and the company.
    """

    segment: Segment
    subjects: tuple[str | None, ...]
    teams: tuple[str | None, ...]


@frozen
class TargetChange:
    """A day inside a period on which recorded targets change, and what is in force before and from then on."""

    day: date
    before: Recorded
    after: Recorded


@frozen(slots=False)
class Division:
    """How a period is divided.

    Args:
        period: The period.
        versions: The card's versions in force in it, in order; the last one decides how the period is treated, and what
            follows from a total.
        targets: The changes of recorded targets.
        groups: Who has which segment, by segment.
        known: Whether assignments, the level or the card say who is scored; else it is whoever owns a counted fact, and
            nobody is in a group before that is measured.
    """

    period: Period
    versions: tuple[CardInForce, ...]
    targets: tuple[TargetChange, ...] = ()
    groups: tuple[Group, ...] = ()
    known: bool = True

    @property
    def in_force(self) -> CardInForce:
        """The version in force at the end of the period."""
        return self.versions[-1]

    @cached_property
    def whole(self) -> Segment:
        """The segment of who is there all the time while nothing changes."""
        return Segment(self.period.start.date(), self.period.end.date())

    @property
    def split(self) -> bool:
        """Whether anybody has anything but the whole period under the card as it is."""
        if not self.known and self.targets:
            return True
        return len(self.versions) > 1 or any(group.segment != self.whole for group in self.groups)

    @property
    def subjects(self) -> Subjects:
        """Everyone, in order: the company, or names by code points."""
        return in_order({name for group in self.groups for name in group.subjects})

    def windows(self) -> list[Segment]:
        """The stretches of the period in which one version is in force."""
        edges = [
            self.whole.start,
            *(date.fromisoformat(str(version.card.effective)) for version in self.versions[1:]),
            self.whole.end,
        ]
        return [Segment(start, end, number) for number, (start, end) in enumerate(pairwise(edges))]

    def of_everyone(self, subjects: Subjects) -> Division:
        """The division where these subjects are there all the time."""
        return evolve(self, groups=_grouped(self, {name: [(one, None) for one in self.windows()] for name in subjects}))


def window_of(segment: Segment, period: Period) -> Period:
    """The segment's days as a period: the period itself where it has all of them."""
    if (segment.start, segment.end) == (period.start.date(), period.end.date()):
        return period
    start, end = (datetime(day.year, day.month, day.day) for day in (segment.start, segment.end))
    return Period(f"{segment.start.isoformat()}/{segment.end.isoformat()}", "range", start, end)


def divide(world: World, versions: Sequence[CardInForce], period: Period) -> Division | None:
    """How a period is divided; None where its card has everyone scored on the whole of it.

    Args:
        world: Facts and rules at a cut.
        versions: The card's versions in force in the period, in order.
        period: The period.

    Raises:
        Refused: The card has the period scored as a whole, and changes inside it; or its level or length changes.
    """
    card = versions[-1].card
    _check_versions(versions, period)
    targets = tuple(_target_changes(world, versions, period))
    if card.mid_period == "whole":
        _check_whole(versions, targets, period)
        return None
    division = Division(period, tuple(versions), targets)
    if card.level != "person":
        roles = {version.card.role for version in versions}
        return division.of_everyone(roster(world, roles, world.calendar.bounds(period), card.level))
    if not assigned(world):
        return evolve(division, known=False)
    return evolve(division, groups=_grouped(division, _of_persons(world, division)))


def assigned(world: World) -> bool:
    """Whether anybody was ever assigned to anything: then assignments say who is scored."""
    return "employee_assigned" in world.definitions and world.table("employee_assigned").num_rows > 0


def _check_versions(versions: Sequence[CardInForce], period: Period) -> None:
    last = versions[-1].card
    if any((one.card.level, one.card.period) != (last.level, last.period) for one in versions):
        raise Refused(
            f"scorecard {last.id} changes its level or length on {_dates(versions)}, inside the period {period.id}",
            code="mid_period_change",
            hint="apply such a change with an --effective date at the start of a period",
        )


def _check_whole(versions: Sequence[CardInForce], targets: Sequence[TargetChange], period: Period) -> None:
    changed = _dates(versions) or ", ".join(change.day.isoformat() for change in targets)
    if changed:
        what = "changes" if len(versions) > 1 else "has targets that change"
        raise Refused(
            f'scorecard {versions[-1].card.id} {what} on {changed}, and its mid_period is "whole": the period '
            f"{period.id} is not split",
            code="mid_period_change",
            hint='let the change take effect at the start of a period, or write mid_period = "split" in the scorecard',
        )


def _dates(versions: Sequence[CardInForce]) -> str:
    return ", ".join(str(version.card.effective) for version in versions[1:])


def _target_changes(world: World, versions: Sequence[CardInForce], period: Period) -> Iterator[TargetChange]:
    bounds, level = world.calendar.bounds(period), versions[-1].card.level
    indicators = {line.indicator for version in versions for line in version.card.lines}
    for instant in world.target_book.changes(level, indicators, bounds):
        before, after = (world.recorded_targets(level, at) for at in (instant - 1, instant))
        yield TargetChange(_Clock(world.calendar, period).day(instant), before, after)


def _grouped(division: Division, stretches: Mapping[str | None, Sequence[_Stretch]]) -> tuple[Group, ...]:
    """Everyone's stretches, cut where a target of theirs changes, by segment."""
    subjects = tuple(stretches)
    edges = [(change.day, _moved(division, change, subjects)) for change in division.targets]
    found: dict[Segment, list[tuple[str | None, str | None]]] = defaultdict(list)
    for name, own in stretches.items():
        days = [day for day, moved in edges if name in moved]
        for segment, team in own:
            inside = [day for day in days if segment.start < day < segment.end]
            for start, end in pairwise([segment.start, *inside, segment.end]):
                found[evolve(segment, start=start, end=end)].append((name, team))
    groups = []
    for segment in sorted(found):
        names, teams = zip(*sorted(found[segment], key=lambda pair: pair[0] or ""), strict=True)
        groups.append(Group(segment, names, teams))
    return tuple(groups)


def _moved(division: Division, change: TargetChange, subjects: Subjects) -> set[str | None]:
    """Those whose own targets change."""
    card = next(
        division.versions[window.version].card for window in reversed(division.windows()) if window.start <= change.day
    )
    period = division.period.id
    lines = zip(*(targets_for(card, subjects, period, one) for one in (change.before, change.after)), strict=True)
    return {
        name
        for columns in lines
        for name, old, new in zip(subjects, *(column.decimals() for column in columns), strict=True)
        if old != new
    }


def _of_persons(world: World, division: Division) -> dict[str | None, list[_Stretch]]:
    """The stretches of days that each person has on the card."""
    people: dict[str, list[_Spell]] = defaultdict(list)
    for row in prepared(world).core("assignment").to_pylist():
        people[row["employee_id"]].append(row)
    clock, windows = _Clock(world.calendar, division.period), division.windows()
    found = {
        person: list(_merged(_stretches(spells, clock, windows, division.versions)))
        for person, spells in people.items()
    }
    return {person: own for person, own in found.items() if own}


def _stretches(
    spells: Sequence[_Spell], clock: _Clock, windows: Sequence[Segment], versions: Sequence[CardInForce]
) -> Iterator[_Stretch]:
    """The stretches of days that a person has on the card, in order, each with the team."""
    for number, spell in enumerate(spells):
        low, high = clock.days(spell)
        if number + 1 < len(spells):
            high = min(high, clock.first(spells[number + 1]))
        for window in windows:
            card = versions[window.version].card
            start, end = max(low, window.start), min(high, window.end)
            if start < end and card.role in (EVERY_ROLE, spell["role"]):
                for segment in _by_tenure(Segment(start, end, window.version), card, spells[: number + 1], clock):
                    yield segment, spell["team_id"]


def _by_tenure(segment: Segment, card: Scorecard, spells: Sequence[_Spell], clock: _Clock) -> Iterator[Segment]:
    """The segment, cut where a step of the schedule ends."""
    if not card.schedule:
        yield segment
        return
    ends = clock.anniversaries(_hired(spells), [step.until for step in card.schedule])
    inside = [end for end in ends if segment.start < end < segment.end]
    for start, end in pairwise([segment.start, *inside, segment.end]):
        step = bisect_right(ends, start)
        yield Segment(start, end, segment.version, step if step < len(ends) else -1)


def _hired(spells: Sequence[_Spell]) -> int:
    """When a person was hired: what was said last up to an assignment, or when the first one began."""
    said = [int(spell["hired_at"]) for spell in spells if spell["hired_at"] is not None]
    return said[-1] if said else int(spells[0]["valid_from"])


def _merged(stretches: Iterator[_Stretch]) -> Iterator[_Stretch]:
    """Stretches that touch and differ in nothing are one."""
    last: _Stretch | None = None
    for segment, team in stretches:
        if last is not None and last[1] == team and _goes_on(last[0], segment):
            last = (Segment(last[0].start, segment.end, segment.version, segment.step), team)
            continue
        if last is not None:
            yield last
        last = (segment, team)
    if last is not None:
        yield last


def _goes_on(one: Segment, other: Segment) -> bool:
    return (one.end, one.version, one.step) == (other.start, other.version, other.step)


class _Clock:
    """Instants as local days, inside a period."""

    def __init__(self, calendar: Calendar, period: Period) -> None:
        self.calendar, self.period = calendar, period
        self._bounds = calendar.bounds(period)
        self._days: dict[int, date] = {}

    def days(self, spell: _Spell) -> tuple[date, date]:
        """The first day of a spell, and the day after its last one, no further than the period goes."""
        end = END_OF_TIME_US if spell["valid_to"] is None else int(spell["valid_to"])
        if end <= self._bounds.start_us:
            return self.period.start.date(), self.period.start.date()
        return self.first(spell), self.day(end - 1) + _DAY if end < self._bounds.end_us else self.period.end.date()

    def first(self, spell: _Spell) -> date:
        """The first day of a spell, no further than the period goes."""
        start = int(spell["valid_from"])
        return self.day(start) if start > self._bounds.start_us else self.period.start.date()

    def day(self, instant: int) -> date:
        """The local day of an instant; the period's end where it lies behind it."""
        if instant >= self._bounds.end_us:
            return self.period.end.date()
        if instant not in self._days:
            # No clock is further from UTC than a day.
            day = (_EPOCH + instant * _MICROSECOND).date() + _DAY
            while self.calendar.instant(day) > instant:
                day -= _DAY
            self._days[instant] = day
        return self._days[instant]

    def anniversaries(self, hired: int, months: Sequence[int]) -> list[date]:
        """The days on which so many months have passed; a day that a month lacks is its last."""
        first = (datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
        day = self.day(max(hired, first))
        start = datetime(day.year, day.month, day.day)
        return [self.calendar.shift(start, count, "month").date() for count in months]
