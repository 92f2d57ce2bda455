"""Planned targets: from when they count, whether they fit, and what they change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import evolve

from kpicore.canonical import decimal_text
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.line_checks import check_target, find_indicator
from kpicore.definitions.cards.scorecards import Organisation, Scorecard
from kpicore.definitions.indicators import Level
from kpicore.definitions.plans.targets import TargetRule
from kpicore.errors import InvalidDefinition
from kpicore.evaluation.scoring.targets import TARGET
from kpicore.evaluation.world import World, target_of
from kpicore.governance.changes import Difference, DocumentChange
from kpicore.governance.in_force import version_on
from kpicore.ledger.records import RuleRecord
from kpicore.periods import parse_period

__all__ = ["TargetVersions", "check_targets", "dated", "values_for"]


def dated(target: TargetRule, organisation: Organisation) -> TargetRule:
    """The target with its date: where it has none, it counts from the first day of its period."""
    if target.effective is not None or target.period is None:
        return target
    start = parse_period(target.period, organisation.fiscal_year_start).start
    return evolve(target, effective=start.date().isoformat())


def check_targets(targets: Iterable[tuple[TargetRule, str]], cards: Sequence[Scorecard], book: Definitions) -> None:
    """Refuse targets that fit no indicator, or not the curves of the scorecards that they would count on.

    Args:
        targets: Planned targets, each with the place that errors call it.
        cards: The scorecards that would be in force.
        book: The definitions that would count.

    Raises:
        NotFound: No such indicator.
        InvalidDefinition: The level, the subject or the value does not fit.
    """
    lines = [(card.level, line) for card in cards for line in card.lines]
    for target, where in targets:
        indicator = find_indicator(book, target.indicator, where)
        if target.level not in indicator.levels:
            raise InvalidDefinition(
                f"{target.indicator} is not measured at the level {target.level}",
                where=where,
                code="wrong_level",
                hint=f"its levels: {', '.join(indicator.levels)}",
            )
        if target.level == "company" and target.subject is not None:
            raise InvalidDefinition("the company is one subject without a name", where=where, hint="leave subject out")
        for level, line in lines:
            if target.value is not None and (level, line.indicator) == (target.level, target.indicator):
                check_target(line, book, target.value, where)


def values_for(
    level: Level, world: World, planned: Iterable[tuple[TargetRule, str]]
) -> dict[str, list[tuple[str, Decimal]]]:
    """Recorded and planned targets of a level, by indicator, each with its name."""
    found = world.target_book.values(level)
    for target, _ in planned:
        if target.level == level and target.value is not None:
            found.setdefault(target.indicator, []).append((target.name, target.value))
    return found


class TargetVersions:
    """Every recorded version of every target, to compare planned ones with.

    Args:
        rules: Rule changes, in order.
    """

    def __init__(self, rules: Iterable[RuleRecord]) -> None:
        self._versions: dict[str, list[RuleRecord]] = {}
        for record in rules:
            if record.kind == TARGET:
                self._versions.setdefault(record.name, []).append(record)

    def at(self, name: str, day: str) -> TargetRule | None:
        """The version of a target in force on a local ISO date."""
        found = version_on(self._versions.get(name, ()), day)
        return None if found is None else target_of(found)

    def change(self, target: TargetRule, file: str) -> DocumentChange:
        """A target against the version that is in force on its date."""
        old = self.at(target.name, str(target.effective))
        if old is not None and evolve(old, effective="") == evolve(target, effective=""):
            return DocumentChange("target", target.name, "unchanged", target, (), file)
        differences = tuple(
            Difference(part, target.indicator, before, after)
            for part, before, after in _parts(old, target)
            if before != after
        )
        return DocumentChange("target", target.name, "added" if old is None else "changed", target, differences, file)


def _parts(old: TargetRule | None, new: TargetRule) -> list[tuple[str, str | None, str | None]]:
    parts = []
    for part, said in (("value", _value), ("volume", _volume), ("why", _why)):
        parts.append((part, None if old is None else said(old), said(new)))
    return parts


def _value(target: TargetRule) -> str | None:
    return "withdrawn" if target.value is None else decimal_text(target.value)


def _volume(target: TargetRule) -> str | None:
    return None if target.volume is None else decimal_text(target.volume)


def _why(target: TargetRule) -> str | None:
    return target.why
