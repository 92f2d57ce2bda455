"""Strategy changes: what becomes of a scorecard from a date, or when a condition on an indicator is met, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal

from attrs import evolve, field, fields, frozen

from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.definitions.cards.weights import Rest, Weights, reweighed
from kpicore.definitions.converters import names, optional
from kpicore.definitions.indicators import Level
from kpicore.errors import InvalidDefinition
from kpicore.naming import Text, text

TriggerPeriod = Literal["day", "week", "month", "quarter", "half", "year"]


@frozen
class ChangedLine:
    """What a change says of one line; a line that is not on the card yet comes new.

    Args:
        line: The line; only the named parts of it count.
        parts: Attributes of the line that are given; what is not named stays as it is.
        remove: The line goes, and its weight with it.
    """

    line: Line
    parts: tuple[str, ...] = field(converter=names)
    remove: bool = False

    def on(self, old: Line | None) -> Line:
        """The line as it is to be."""
        if old is None:
            return self.line
        return evolve(old, **{part: getattr(self.line, part) for part in self.parts})


@frozen
class Trigger:
    """When a change is proposed: on a date, or when an indicator was beyond a limit for some whole periods in a row.

    Args:
        on: Local ISO date.
        indicator: Id of an indicator.
        below, above: Every value is less than `below`, or more than `above`.
        periods: How many periods in a row, the last one that is over among them.
        period: Their length.
        level, subject: Whose value.
        params: Parameters of the indicator.
    """

    on: str | None = None
    indicator: str | None = None
    below: Decimal | None = field(default=None, converter=optional)
    above: Decimal | None = field(default=None, converter=optional)
    periods: int = 1
    period: TriggerPeriod = "quarter"
    level: Level = "company"
    subject: str | None = None
    params: Mapping[str, Any] = field(factory=dict)


@frozen
class Fired:
    """That a trigger proposed a change, and what it saw.

    Args:
        trigger: Id of the standing change that it belongs to.
        digest: SHA-256 of its document as it was recorded.
        facts_cut, rules_cut, as_of: What was known when it was looked at.
        evidence: Each period with value and state; none of a date.
    """

    trigger: str
    digest: str
    facts_cut: int
    rules_cut: int
    as_of: str
    evidence: tuple[Mapping[str, Any], ...] = ()


def _lines(value: Iterable[ChangedLine]) -> tuple[ChangedLine, ...]:
    return tuple(value)


@frozen
class StrategyChange:
    """A planned change of a scorecard: its lines, the treatment of the rest, from when, and why.

    With a trigger it stands by: it changes nothing until the trigger proposes it and somebody applies that.

    Args:
        id: A name for it.
        scorecard: Id of the card.
        lines: What changes.
        why: Why.
        effective: Local ISO date from which it counts; None: of a change with a trigger, the first period of the card
            that begins after the trigger was met.
        title: What people read.
        rest: What becomes of lines that are neither named nor locked.
        locked: Indicators whose weights stay as they are.
        business_stage: The stage that the card is then for; None: as it is.
        trigger: When it is proposed.
        fired: That it was proposed by a trigger.
    """

    id: str
    scorecard: str = field(kw_only=True)
    lines: tuple[ChangedLine, ...] = field(kw_only=True, converter=_lines)
    why: str = field(kw_only=True)
    effective: str | None = field(kw_only=True, default=None)
    title: Text = field(kw_only=True, factory=dict, converter=text)
    rest: Rest | None = field(kw_only=True, default=None)
    locked: tuple[str, ...] = field(kw_only=True, default=(), converter=names)
    business_stage: str | None = field(kw_only=True, default=None)
    trigger: Trigger | None = field(kw_only=True, default=None)
    fired: Fired | None = field(kw_only=True, default=None)

    @property
    def standing(self) -> bool:
        """Whether it waits for its trigger."""
        return self.trigger is not None and self.fired is None


#: Parts of a line that are not parts of a change.
LINE_PARTS = tuple(part.name for part in fields(Line) if part.name != "indicator")


def changed_card(card: Scorecard, change: StrategyChange, where: str | None = None) -> Scorecard:
    """The card after a change.

    Weights of lines that are named are theirs; the others keep their weights or share what is left, as the change says.

    Args:
        card: The card that is in force before.
        change: The change; its date becomes the card's.
        where: Where it is written, for errors.

    Raises:
        Refused: Weights do not sum to 100, and nothing says how the rest is treated.
        InvalidDefinition: A line that is to go is not there, a new one has no weight, or locks contradict.
        NotFound: A lock for an indicator that is not on the card.
    """
    place = where or f"change {change.id}"
    before = {line.indicator: line for line in card.lines}
    after: dict[str, Line] = dict(before)
    named: dict[str, Decimal] = {}
    for item in change.lines:
        name = item.line.indicator
        if item.remove and name not in before:
            raise InvalidDefinition(
                f"{name} is not on scorecard {card.id}",
                code="unknown_indicator",
                where=place,
                hint=f"its lines: {', '.join(before)}",
            )
        if name not in before and "weight" not in item.parts:
            raise InvalidDefinition(
                f"{name} is new on scorecard {card.id} and has no weight",
                code="missing_key",
                where=place,
                hint='write weight = "10" in its line',
            )
        after[name] = item.on(before.get(name))
        if item.remove or "weight" in item.parts:
            named[name] = Decimal(0) if item.remove else item.line.weight
    current = {name: before[name].weight if name in before else Decimal(0) for name in after}
    weights = reweighed(current, Weights(named, change.rest, change.locked), card.id, place)
    gone = {item.line.indicator for item in change.lines if item.remove}
    return evolve(
        card,
        effective=change.effective or card.effective,
        business_stage=change.business_stage or card.business_stage,
        lines=[evolve(line, weight=weights[name]) for name, line in after.items() if name not in gone],
        targets=[target for target in card.targets if target.indicator not in gone],
    )
