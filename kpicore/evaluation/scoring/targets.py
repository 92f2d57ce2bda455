"""Recorded targets in force over time. Where they and a scorecard both have one, `cells.target_for` says which counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from kpicore.definitions.indicators import Level
from kpicore.definitions.plans.targets import TargetRule
from kpicore.periods import Bounds

if TYPE_CHECKING:
    from kpicore.ledger.records import RuleRecord

#: The kind of the rules that are targets.
TARGET = "target"

#: Targets of one level in force at an instant: by indicator, then by subject and period (None: every one).
Recorded: TypeAlias = "Mapping[str, Mapping[tuple[str | None, str | None], Decimal]]"

#: A hypothetical target counts in every period, as a hypothetical scorecard does.
ALWAYS = -(2**62)

#: No target is recorded.
NONE_RECORDED: Recorded = {}


@frozen
class RecordedTarget:
    """A target and the rule change that recorded it; None where it is hypothetical.

    Args:
        rule: The target.
        starts: Instant from which it counts, in µs UTC.
        record: The rule change.
    """

    rule: TargetRule
    starts: int
    record: RuleRecord | None


class TargetBook:
    """Every version of every recorded target, in the order of recording.

    Args:
        targets: The versions.
    """

    def __init__(self, targets: Iterable[RecordedTarget]) -> None:
        self._targets = tuple(targets)
        self._kept: dict[tuple[Level, int], Recorded] = {}

    def __len__(self) -> int:
        return len(self._targets)

    def __iter__(self) -> Iterator[RecordedTarget]:
        return iter(self._targets)

    def in_force(self, instant: int) -> dict[str, RecordedTarget]:
        """The version of each target in force at an instant, by name: the greatest date, then the one recorded last."""
        found: dict[str, RecordedTarget] = {}
        for target in self._targets:
            known = found.get(target.rule.name)
            if target.starts <= instant and (known is None or known.starts <= target.starts):
                found[target.rule.name] = target
        return found

    def at(self, level: Level, instant: int) -> Recorded:
        """The targets of a level in force at an instant; those that were withdrawn are not among them."""
        key = (level, instant)
        if key not in self._kept:
            made: dict[str, dict[tuple[str | None, str | None], Decimal]] = {}
            for target in self.in_force(instant).values():
                rule = target.rule
                if rule.level == level and rule.value is not None:
                    made.setdefault(rule.indicator, {})[rule.subject, rule.period] = rule.value
            self._kept[key] = made
        return self._kept[key]

    def values(self, level: Level) -> dict[str, list[tuple[str, Decimal]]]:
        """Every value of a level that counts at some time, by indicator, each with its target's name.

        What was recorded again for the same date, or withdrawn for it, counts never.
        """
        last = {(target.rule.name, target.starts): target.rule for target in self._targets}
        found: dict[str, list[tuple[str, Decimal]]] = {}
        for rule in last.values():
            if rule.level == level and rule.value is not None:
                found.setdefault(rule.indicator, []).append((rule.name, rule.value))
        return found

    def changes(self, level: Level, indicators: Iterable[str], bounds: Bounds) -> tuple[int, ...]:
        """The instants inside a period (its start and end are none) at which a target of one of the indicators changes.

        Args:
            level: Whose targets.
            indicators: Ids.
            bounds: The period; targets of other periods do not count.
        """
        wanted = set(indicators)
        starts = sorted(
            {
                target.starts
                for target in self._targets
                if target.rule.level == level
                and target.rule.indicator in wanted
                and target.rule.period in (None, bounds.period_id)
                and bounds.start_us < target.starts < bounds.end_us
            }
        )
        found, before = [], self._of(level, wanted, bounds.period_id, bounds.start_us)
        for instant in starts:
            after = self._of(level, wanted, bounds.period_id, instant)
            if after != before:
                found.append(instant)
            before = after
        return tuple(found)

    def _of(self, level: Level, indicators: set[str], period_id: str, instant: int) -> dict[str, object]:
        return {
            indicator: {key: value for key, value in found.items() if key[1] in (None, period_id)}
            for indicator, found in self.at(level, instant).items()
            if indicator in indicators
        }


def target_book(
    records: Iterable[RuleRecord],
    overrides: Iterable[TargetRule],
    read: Callable[[RuleRecord], TargetRule],
    starts: Callable[[str], int],
) -> TargetBook:
    """The book of recorded targets, with hypothetical ones in the place of those of their name.

    Args:
        records: Rule changes, in order; others than targets are passed over.
        overrides: Hypothetical targets.
        read: The target of a rule change.
        starts: The instant at which a local ISO date begins, in µs UTC.
    """
    given = {rule.name: rule for rule in overrides}
    recorded = [
        RecordedTarget(read(record), starts(str(record.effective)), record)
        for record in records
        if record.kind == TARGET and record.name not in given
    ]
    return TargetBook([*recorded, *(RecordedTarget(rule, ALWAYS, None) for rule in given.values())])
