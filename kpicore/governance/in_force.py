"""Which version of a rule is in force on a day: plans compare with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kpicore.ledger.records import RuleRecord

__all__ = ["version_on", "versions_of"]


def versions_of(rules: Iterable[RuleRecord], kind: str, name: str) -> list[RuleRecord]:
    """Every recorded version of a rule, in the order of recording.

    Args:
        rules: Rule changes, in order.
        kind, name: What the rule is, and what it is called.
    """
    return [record for record in rules if (record.kind, record.name) == (kind, name)]


def version_on(versions: Sequence[RuleRecord], day: str) -> RuleRecord | None:
    """Of the versions of one rule the one in force on a local ISO date: the latest date, then the one recorded last.

    Args:
        versions: What `versions_of` gives.
        day: The date.
    """
    found: RuleRecord | None = None
    for record in versions:
        if str(record.effective) <= day and (found is None or str(found.effective) <= str(record.effective)):
            found = record
    return found
