"""Strategy changes as plans: the card that comes of a change, and whether it was made already."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Final, Literal

from attrs import evolve

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.card_checks import check_card
from kpicore.definitions.cards.scorecards import Organisation, Scorecard
from kpicore.definitions.codec import from_document
from kpicore.definitions.plans.cascade import Cascade
from kpicore.definitions.plans.strategy import StrategyChange, changed_card
from kpicore.definitions.plans.strategy_files import Triggered
from kpicore.definitions.plans.targets import TargetRule
from kpicore.definitions.rule_files import Placed
from kpicore.errors import NotFound
from kpicore.evaluation.world import World, card_of, same_card
from kpicore.governance.cascade import CASCADE
from kpicore.governance.changes import Difference, DocumentChange
from kpicore.governance.in_force import version_on, versions_of
from kpicore.governance.targets import dated
from kpicore.governance.triggers import TRIGGER, check_trigger, fired, said_condition
from kpicore.ledger.records import RuleRecord
from kpicore.naming import did_you_mean
from kpicore.periods import parse_period

__all__ = [
    "STRATEGY_CHANGE",
    "card_after",
    "cascade_document",
    "change_document",
    "recorded_cascades",
    "resolved",
]

#: The kind of the rules that say how a scorecard was changed.
STRATEGY_CHANGE: Final = "strategy_change"


def resolved(world: World, rules: Sequence[Placed]) -> list[Placed]:
    """Every rule as it would be recorded: targets with their dates, proposals as changes, changes with their cards.

    Raises:
        NotFound: A change is of a scorecard that is not there, or a proposal of a trigger that is not.
        Refused: A trigger was not met, or a change leaves weights unnamed.
        InvalidDefinition: A change does not fit its card.
    """
    organisation = next((rule for rule, _ in rules if isinstance(rule, Organisation)), world.organisation)
    given = [rule for rule, _ in rules if isinstance(rule, Scorecard)]
    aims = [dated(rule, organisation) for rule, _ in rules if isinstance(rule, TargetRule)]
    found: list[Placed] = []
    for rule, file in rules:
        if isinstance(rule, Cascade):
            whole = parse_period(rule.period, organisation.fiscal_year_start)
            found.append((evolve(rule, effective=rule.effective or whole.start.date().isoformat()), file))
            goals = rule.targets(organisation.fiscal_year_start)
            found += [(target, file) for target in goals if target not in aims]
            continue
        one = fired(world, rule, file) if isinstance(rule, Triggered) else rule
        found.append((dated(one, organisation) if isinstance(one, TargetRule) else one, file))
        if not isinstance(one, StrategyChange):
            continue
        card = card_after(world.rules, one, file, given)
        if one.standing:
            check_trigger(world, one, file)
        elif _recorded(world.rules, one) != one and not any(same(card, other) for other in given):
            found.append((card, file))
    return found


def same(card: Scorecard, other: Scorecard) -> bool:
    """Whether two cards are one version."""
    return card.effective == other.effective and same_card(card, other)


def change_document(rules: Sequence[RuleRecord], change: StrategyChange, file: str) -> DocumentChange:
    """A change against the one of its name that was recorded last."""
    kind = _kind(change)
    old = _recorded(rules, change)
    if old == change:
        return DocumentChange(kind, change.id, "unchanged", change, (), file)
    parts = ("scorecard", "why", "rest", "business_stage")
    differences = [
        Difference(part, None, None if old is None else getattr(old, part), getattr(change, part))
        for part in parts
        if (None if old is None else getattr(old, part)) != getattr(change, part)
    ]
    if change.trigger is not None and (old is None or old.trigger != change.trigger):
        before = None if old is None or old.trigger is None else said_condition(old.trigger)["en"]
        differences.append(Difference("trigger", None, before, said_condition(change.trigger)["en"]))
    for line in change.lines:
        if change.standing and "weight" in line.parts:
            differences.append(Difference("weight", line.line.indicator, None, decimal_text(line.line.weight)))
        elif change.standing and line.remove:
            differences.append(Difference("weight", line.line.indicator, None, "0"))
    return DocumentChange(kind, change.id, "added" if old is None else "changed", change, tuple(differences), file)


def cascade_document(rules: Sequence[RuleRecord], cascade: Cascade, file: str) -> DocumentChange:
    """A cascade against the one of its name that was recorded last; its goals are shown as targets and in the tree."""
    records = versions_of(rules, CASCADE, cascade.id)
    old: Cascade | None = from_document(records[-1].document) if records else None
    if old is not None:
        old = evolve(old, effective=records[-1].effective)
    if old == cascade:
        return DocumentChange("cascade", cascade.id, "unchanged", cascade, (), file)
    before, after = ([] if one is None else [goal.id for goal in one.goals] for one in (old, cascade))
    differences = [Difference("goal", None, None, name) for name in after if name not in before]
    differences += [Difference("goal", None, name, None) for name in before if name not in after]
    return DocumentChange(
        "cascade", cascade.id, "added" if old is None else "changed", cascade, tuple(differences), file
    )


def recorded_cascades(
    rules: Sequence[RuleRecord], targets: Iterable[TargetRule], without: Container[str]
) -> list[Cascade]:
    """The recorded cascades that have a goal of which one of these targets is the target, in the order of their names."""
    touched = {(target.indicator, target.level, target.subject) for target in targets}
    latest = {record.name: record for record in rules if record.kind == CASCADE and record.name not in without}
    found: list[Cascade] = [from_document(record.document) for _, record in sorted(latest.items())]
    return [one for one in found if touched & {(goal.indicator, goal.level, goal.subject) for goal in one.goals}]


def _kind(change: StrategyChange) -> Literal["trigger", "strategy_change"]:
    return TRIGGER if change.standing else STRATEGY_CHANGE


def _recorded(rules: Sequence[RuleRecord], change: StrategyChange) -> StrategyChange | None:
    records = versions_of(rules, _kind(change), change.id)
    if not records:
        return None
    found: StrategyChange = from_document(records[-1].document)
    return found if records[-1].effective is None else evolve(found, effective=records[-1].effective)


def card_after(
    rules: Sequence[RuleRecord], change: StrategyChange, file: str, given: Sequence[Scorecard] = ()
) -> Scorecard:
    """The card that comes of a change; what an earlier version of it made is not changed twice.

    Args:
        rules: Rule changes, in order.
        change: The change.
        file: Where it is written, for errors.
        given: Cards that are planned with it.

    Raises:
        NotFound: The scorecard is not in force on the change's date.
        Refused, InvalidDefinition: As `changed_card`.
    """
    own = {record.change for record in versions_of(rules, STRATEGY_CHANGE, change.id)}
    others = [record for record in rules if record.kind != "scorecard" or record.change not in own]
    day = change.effective or "9999-12-31"
    record = version_on(versions_of(others, "scorecard", change.scorecard), day)
    bases = [] if record is None else [card_of(record)]
    bases += [card for card in given if card.id == change.scorecard and card.effective < day]
    if not bases:
        known = sorted({record.name for record in rules if record.kind == "scorecard"})
        later = "it counts from a later date: give the change an effective date from then on"
        raise NotFound(
            f"no scorecard {change.scorecard!r} is in force" + (f" on {day}" if change.effective else ""),
            code="unknown_scorecard",
            where=file,
            hint=later
            if change.scorecard in known
            else did_you_mean(change.scorecard, known) or f"there are: {', '.join(known) or 'none'}",
        )
    card = changed_card(max(bases, key=lambda card: card.effective), change, file)
    check_card(card, file)
    return card
