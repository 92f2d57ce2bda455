"""Targets as rules of their own: for a person, a team or the company, an indicator and a period, from a date."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import field, frozen

from kpicore.definitions.converters import optional
from kpicore.definitions.indicators import Level

if TYPE_CHECKING:
    from kpicore.definitions.cards.scorecards import Scorecard


@frozen
class TargetRule:
    """A target that is recorded beside the scorecards and goes before theirs.

    Args:
        indicator: Id of the indicator.
        value: The target; None: withdrawn, what the scorecard says counts again.
        level: Whose it is.
        subject: The person or team; None: every one of the level, and the company.
        period: The period that it is for; None: every period.
        effective: Local ISO date from which it counts; None: from the first day of its period.
        volume: Of a rate: how much is planned below it, such as the leads that a conversion rate is taken of.
        why: Why it is that.
    """

    indicator: str
    value: Decimal | None = field(converter=optional)
    level: Level = "person"
    subject: str | None = None
    period: str | None = None
    effective: str | None = field(kw_only=True, default=None)
    volume: Decimal | None = field(kw_only=True, default=None, converter=optional)
    why: str | None = field(kw_only=True, default=None)

    @property
    def name(self) -> str:
        """Whose target of what: versions of one rule have one name."""
        return f"{self.indicator} · {self.whose} · {self.period or 'every period'}"

    @property
    def whose(self) -> str:
        """The subject in words: `person “ann”`, `every team`, `company`."""
        if self.subject is not None:
            return f"{self.level} “{self.subject}”"
        return self.level if self.level == "company" else f"every {self.level}"


def targets_said(card: Scorecard) -> Iterator[TargetRule]:
    """What a card says of targets of its own level, as rules of their own, without a date."""
    for line in card.lines:
        if line.target is not None:
            yield TargetRule(line.indicator, line.target, card.level)
    for target in card.targets:
        if target.level == card.level:
            yield TargetRule(target.indicator, target.value, target.level, target.subject, target.period)
