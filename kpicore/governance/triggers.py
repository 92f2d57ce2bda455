"""Triggers: whether a standing change is to be proposed, from facts and rules at a cut and no clock.

A trigger proposes and never applies: what it proposes is planned and applied by people like any other change.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from attrs import evolve, frozen

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.line_checks import find_indicator
from kpicore.definitions.codec import from_document
from kpicore.definitions.plans.spans import CHINESE, containing
from kpicore.definitions.plans.strategy import Fired, StrategyChange, Trigger
from kpicore.definitions.plans.strategy_files import Triggered
from kpicore.definitions.values import chosen
from kpicore.errors import InvalidDefinition, NotFound, Refused
from kpicore.evaluation.documents import instant_text
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.evaluation.world import World, card_of
from kpicore.ledger.instants import instant_us
from kpicore.ledger.records import Cut, RuleRecord
from kpicore.naming import Text, both, did_you_mean
from kpicore.periods import Period

__all__ = ["TRIGGER", "TriggerResult", "check_trigger", "fired", "look", "said_condition"]

#: The kind of the rules that are standing changes.
TRIGGER: Final = "trigger"

State = Literal["met", "waiting", "applied"]


@frozen
class TriggerResult:
    """What a trigger says at a cut.

    Args:
        standing: The standing change.
        state: `met`: it proposes its change; `waiting`; `applied`: its change was applied already.
        cut: What was known.
        evidence: Each period with value and state, the oldest first.
        change: The change that it proposes, with its date; None where it proposes none.
    """

    standing: StrategyChange
    state: State
    cut: Cut
    evidence: tuple[dict[str, Any], ...]
    change: StrategyChange | None

    @property
    def proposal(self) -> str | None:
        """The file to plan and apply; None where nothing is proposed."""
        if self.change is None or self.change.fired is None:
            return None
        seen = self.change.fired
        return (
            f'[triggered]\ntrigger = "{seen.trigger}"\nfacts_cut = {seen.facts_cut}\nrules_cut = {seen.rules_cut}\n'
            f'as_of = "{seen.as_of}"\n'
        )

    def to_document(self) -> dict[str, Any]:
        """Trigger, card, state, condition in words, evidence, the date of the change, and the file of the proposal."""
        assert self.standing.trigger is not None  # noqa: S101 - it stands by
        return {
            "trigger": self.standing.id,
            "scorecard": self.standing.scorecard,
            "state": self.state,
            "condition": dict(said_condition(self.standing.trigger)),
            "why": self.standing.why,
            "as_of": instant_text(self.cut.as_of),
            "evidence": [dict(piece) for piece in self.evidence],
            "effective": None if self.change is None else self.change.effective,
            "proposal": self.proposal,
        }


def said_condition(trigger: Trigger) -> Text:
    """The condition of a trigger in words."""
    if trigger.on is not None:
        return both(f"on {trigger.on}", f"到了 {trigger.on}")
    limit = trigger.below if trigger.below is not None else trigger.above
    assert limit is not None  # noqa: S101 - a condition has a limit
    under = trigger.below is not None
    whose = trigger.subject or "company"
    number = decimal_text(limit)
    return both(
        f"{trigger.indicator} of {whose} {'below' if under else 'above'} {number} for {trigger.periods} "
        f"{trigger.period}{'s' if trigger.periods > 1 else ''}",
        f"{whose if trigger.subject else '全公司'}的 {trigger.indicator} 連續 {trigger.periods} {'個' if trigger.period == 'month' else ''}{CHINESE[trigger.period]}"
        f"{'低於' if under else '高於'} {number}",
    )


def look(world: World) -> tuple[TriggerResult, ...]:
    """Every standing change that is recorded at the world's cut, in the order of their names."""
    latest = {record.name: record for record in world.rules if record.kind == TRIGGER}
    return tuple(_look(world, record) for _, record in sorted(latest.items()))


def fired(world: World, proposal: Triggered, where: str) -> StrategyChange:
    """The change that a proposal stands for, looked at again with what was known then.

    Raises:
        NotFound: There is no such trigger.
        Refused: It was not met.
        InvalidInput: The instant is none.
    """
    latest = {record.name: record for record in world.rules if record.kind == TRIGGER}
    if proposal.trigger not in latest:
        raise NotFound(
            f"no trigger {proposal.trigger!r} is recorded",
            code="unknown_trigger",
            where=where,
            hint=did_you_mean(proposal.trigger, latest) or f"there are: {', '.join(sorted(latest)) or 'none'}",
        )
    cut = world.ledger.at(proposal.facts_cut, proposal.rules_cut, instant_us(proposal.as_of, where))
    found = _look(world.derive(cut=cut), latest[proposal.trigger])
    if found.change is None:
        condition = said_condition(found.standing.trigger or Trigger())["en"]
        raise Refused(
            f"the trigger {proposal.trigger} was not met: {condition}",
            code="not_triggered",
            where=where,
            hint="kpicore triggers shows what it saw",
        )
    return found.change


def check_trigger(world: World, change: StrategyChange, where: str) -> None:
    """Refuse a condition on what cannot be measured.

    Raises:
        NotFound: No such indicator.
        InvalidInput: A parameter is none of it.
        InvalidDefinition: It is not measured at that level.
    """
    trigger = change.trigger
    if trigger is None or trigger.indicator is None:
        return
    indicator = find_indicator(world.definitions, trigger.indicator, where)
    chosen(indicator.params, trigger.params, where)
    if trigger.level not in indicator.levels:
        raise InvalidDefinition(
            f"{trigger.indicator} is not measured at the level {trigger.level}",
            where=where,
            code="wrong_level",
            hint=f"its levels: {', '.join(indicator.levels)}",
        )


def _look(world: World, record: RuleRecord) -> TriggerResult:
    standing: StrategyChange = from_document(record.document)
    trigger = standing.trigger
    assert trigger is not None  # noqa: S101 - it stands by
    applied = any(
        other.kind == "strategy_change" and (other.document.get("fired") or {}).get("trigger") == standing.id
        for other in world.rules
    )
    evidence: tuple[dict[str, Any], ...] = ()
    met = False
    if world.cut.as_of is not None:
        if trigger.on is not None:
            met = world.calendar.instant(date.fromisoformat(trigger.on)) <= world.cut.as_of
        else:
            evidence = _evidence(world, trigger, world.cut.as_of)
            met = all(piece["met"] for piece in evidence)
    if applied or not met:
        return TriggerResult(standing, "applied" if applied else "waiting", world.cut, evidence, None)
    assert world.cut.as_of is not None  # noqa: S101 - it was met
    seen = Fired(
        standing.id, record.digest, world.cut.facts, world.cut.rules, str(instant_text(world.cut.as_of)), evidence
    )
    change = evolve(standing, effective=standing.effective or _next(world, standing), fired=seen)
    return TriggerResult(standing, "met", world.cut, evidence, change)


def _evidence(world: World, trigger: Trigger, as_of: int) -> tuple[dict[str, Any], ...]:
    """The last periods that are over: value, state, and whether it is beyond the limit; what is not final is not."""
    assert trigger.indicator is not None  # noqa: S101 - it is a condition
    periods = _over(world, trigger.period, trigger.periods, as_of)
    request = Request(trigger.indicator, dict(trigger.params), None, ())
    [measured] = measure(world, [request], periods, trigger.level, subjects=[trigger.subject])
    rows = {row["period"]: row for row in measured.to_document()["rows"] if row["subject"] == trigger.subject}
    found = []
    for period in periods:
        row = rows.get(period.id, {"value": None, "state": "missing_data"})
        final = row["state"] == "ok" and row["value"] is not None
        value = Decimal(row["value"]) if final else Decimal(0)
        beyond = value < trigger.below if trigger.below is not None else value > (trigger.above or Decimal(0))
        found.append({"period": period.id, "value": row["value"], "state": row["state"], "met": final and beyond})
    return tuple(found)


def _over(world: World, kind: str, count: int, as_of: int) -> list[Period]:
    """The last periods of a length that are over at an instant, the oldest first."""
    period = containing(kind, world.calendar.day(as_of))
    found: list[Period] = []
    while len(found) < count:
        period = containing(kind, (period.start - timedelta(days=1)).date())
        found.append(period)
    return found[::-1]


def _next(world: World, standing: StrategyChange) -> str:
    """The first day of the first period of the card that begins after the cut."""
    records = [record for record in world.rules if record.kind == "scorecard" and record.name == standing.scorecard]
    kind = card_of(records[-1]).period if records else "quarter"
    return containing(kind, world.calendar.day(world.cut.as_of or 0)).end.date().isoformat()
