"""Rule changes as evidence: who changed what, when, and why."""

from __future__ import annotations

from collections.abc import Container, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.line_checks import DEFAULT_CURVE
from kpicore.definitions.cards.scorecards import Gate, Line, Modifier, Scorecard, TargetLine
from kpicore.evaluation.documents import instant_text
from kpicore.evaluation.history.drafts import draft_digest
from kpicore.evaluation.scoring.targets import TARGET, RecordedTarget
from kpicore.evaluation.world import DEFINITION_KINDS, ORGANISATION, CardInForce, World, card_of
from kpicore.ledger.records import RuleRecord

if TYPE_CHECKING:
    from kpicore.evaluation.evaluate import Evaluation

#: The parts of a line that each cause of a comparison exchanges.
_PARTS = {
    "weights": ("weight",),
    "targets": ("target",),
    "curve": ("curve", "floor", "cap", "curve_params"),
    "definition": ("params", "credit"),
}


def rule_document(record: RuleRecord) -> dict[str, Any]:
    """A rule change as evidence: what, where in the order, from when, by whom, when and why."""
    return {
        "kind": record.kind,
        "name": record.name,
        "position": record.position,
        "effective": record.effective,
        "by": record.by,
        "reason": record.reason,
        "recorded_at": instant_text(record.recorded_at),
        "comments": list(record.comments),
    }


def card_rule(evaluation: Evaluation) -> dict[str, Any]:
    """The rule change that put the evaluation's card in force, or the digest of the hypothetical one."""
    return version_rule(evaluation, evaluation.in_force)


def version_rule(evaluation: Evaluation, version: CardInForce) -> dict[str, Any]:
    """As `card_rule`, of one of the versions that are in force in the evaluation's period."""
    if version.record is None:
        return {
            "kind": "scorecard",
            "name": version.card.id,
            "hypothetical": draft_digest(evaluation.world.overrides),
        }
    document = rule_document(version.record)
    change = _strategy(evaluation.world, version.record)
    return document if change is None else {**document, "strategy_change": change}


def _strategy(world: World, record: RuleRecord) -> dict[str, Any] | None:
    """The strategy change that a version of a card came of: its name, why, and the trigger with what it saw."""
    for other in world.rules:
        if other.kind == "strategy_change" and other.change == record.change:
            said = other.document
            if said["scorecard"] == record.name:
                fired = said.get("fired")
                seen = None if fired is None else {part: fired.get(part) for part in ("trigger", "as_of", "evidence")}
                return {"id": other.name, "why": said["why"], "triggered": seen}
    return None


def rule_difference(old: Scorecard, new: Scorecard, cause: str, indicator: str | None) -> dict[str, Any]:
    """What a cause exchanges: on the one card and on the other."""
    if cause == "gate":
        return {"old": _after(old, indicator), "new": _after(new, indicator)}
    if indicator is None:
        return {"old": old.policies, "new": new.policies}
    before, after = (_said(_line(card, indicator), card, cause) for card in (old, new))
    return {"old": before, "new": after}


def rule_evidence(old: Evaluation, new: Evaluation, cause: str, indicator: str | None) -> list[dict[str, Any]]:
    """The rule change from one card to the other, with the old and new value of what the cause exchanges."""
    changed = {**card_rule(new), **rule_difference(old.card, new.card, cause, indicator)}
    adopted = adopted_curves(old, new, [_line(card, indicator) for card in (old.card, new.card)], cause)
    return [*([changed] if changed["old"] != changed["new"] or not adopted else []), *adopted]


def adopted_curves(old: Evaluation, new: Evaluation, lines: Sequence[Line | None], cause: str) -> list[dict[str, Any]]:
    """The curves of lines that were adopted between the two, where the cause is a curve."""
    names = {line.curve or DEFAULT_CURVE for line in lines if line is not None} if cause == "curve" else set()
    found = [record for record in _between(old.world, new.world) if record.kind == "curve" and record.name in names]
    return [{**rule_document(record), "digest": record.digest} for record in found]


def definition_evidence(old: Evaluation, new: Evaluation, indicator: str) -> list[dict[str, Any]]:
    """Definitions under an indicator that were adopted between the two, and the line's other parameters."""
    records = _between(old.world, new.world)
    books = (old.world.definitions, new.world.definitions)
    names = {name for book in books if indicator in book for name in book.closure([indicator])}
    found = [
        {**rule_document(record), "digest": record.digest}
        for record in records
        if record.kind in DEFINITION_KINDS and record.name in names
    ]
    lines = [_line(card, indicator) for card in (old.card, new.card)]
    values = [_said(line, card, "definition") for line, card in zip(lines, (old.card, new.card), strict=True)]
    if values[0] != values[1]:
        found.append({**card_rule(new), "old": values[0], "new": values[1]})
    return found


def organisation_evidence(old: Evaluation, new: Evaluation) -> list[dict[str, Any]]:
    """Changes of the organisation's settings between the two."""
    return [rule_document(record) for record in _between(old.world, new.world) if record.kind == ORGANISATION]


def card_versions(world: World, card_id: str, until: str) -> list[tuple[dict[str, Any], Scorecard]]:
    """The recorded versions of a card that count before a date, in the order of recording: the rule change, and the card.

    Args:
        world: What was known.
        card_id: The scorecard.
        until: A local ISO date; what counts from it on is left out.
    """
    return [
        (rule_document(record), card_of(record))
        for record in world.rules
        if record.kind == "scorecard" and record.name == card_id and (record.effective or "") < until
    ]


def line_history(
    versions: Sequence[tuple[dict[str, Any], Scorecard]], indicator: str, part: str, subject: str | None
) -> list[dict[str, Any]]:
    """The changes of a line's weight or target, in the order of recording, each with the value it set for a subject."""
    found: list[dict[str, Any]] = []
    latest: Any = None
    for rule, card in versions:
        line = _line(card, indicator)
        value = None if line is None else _value(line, card, part, (None, subject))
        if value != latest:
            found.append({**rule, part: value})
            latest = value
    return found


def target_history(world: World, card: Scorecard, indicator: str, period_id: str) -> list[dict[str, Any]]:
    """The recorded targets of an indicator that count on a card in a period, in the order of recording."""
    return [
        _target_document(target)
        for target in world.target_book
        if target.rule.indicator == indicator
        and target.rule.level == card.level
        and target.rule.period in (None, period_id)
    ]


def target_evidence(old: Evaluation, new: Evaluation, indicator: str) -> dict[str | None, tuple[dict[str, Any], ...]]:
    """Recorded targets that are known to the second evaluation and not to the first, by subject; None: of every one."""
    before, after = (target_history(one.world, one.card, indicator, one.bounds.period_id) for one in (old, new))
    found: dict[str | None, tuple[dict[str, Any], ...]] = {}
    for piece in after:
        if piece not in before:
            found[piece["subject"]] = (*found.get(piece["subject"], ()), piece)
    return found


def _target_document(target: RecordedTarget) -> dict[str, Any]:
    rule = target.rule
    recorded = (
        {"kind": TARGET, "name": rule.name, "hypothetical": True}
        if target.record is None
        else rule_document(target.record)
    )
    parts = {"subject": rule.subject, "period": rule.period, "target": _plain(rule.value), "why": rule.why}
    return {**recorded, **parts}


def _after(card: Scorecard, indicator: str | None) -> dict[str, Any]:
    """The modifiers and gates of a card that look at an indicator; with None its fixed factors and its cap."""
    found: dict[str, Any] = {
        "modifiers": [_condition(rule) for rule in card.modifiers if rule.indicator == indicator],
        "gates": [_condition(rule) for rule in card.gates if rule.indicator == indicator],
    }
    return found if indicator is not None else {"modifiers": found["modifiers"], "cap": _plain(card.cap)}


def _condition(rule: Modifier | Gate) -> dict[str, Any]:
    parts = ("title", "factor", "subject", "period", "below", "above", "total", "cap", "params", "empty")
    said = {part: _plain(getattr(rule, part, None)) for part in parts}
    return {part: value for part, value in said.items() if value not in (None, {})}


def _line(card: Scorecard, indicator: str | None) -> Line | None:
    return next((line for line in card.lines if line.indicator == indicator), None)


def _said(line: Line | None, card: Scorecard, cause: str) -> dict[str, Any] | None:
    return None if line is None else {part: _value(line, card, part) for part in _PARTS[cause]}


def _value(line: Line, card: Scorecard, part: str, whose: Container[str | None] | None = None) -> Any:
    """A part of a line as JSON values; a target with those of subjects: of everyone, or of those named by `whose`."""
    value = getattr(line, part)
    if part == "target":
        of_line = [target for target in card.targets if target.indicator == line.indicator]
        own = [target for target in of_line if whose is None or target.subject in whose]
        if own:
            return {"all": _plain(value), "targets": [_target(target) for target in own]}
    return _plain(value)


def _target(target: TargetLine) -> dict[str, Any]:
    return {"subject": target.subject, "period": target.period, "value": decimal_text(target.value)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if hasattr(value, "items"):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _between(old: World, new: World) -> list[RuleRecord]:
    low, high = sorted((old.cut.rules, new.cut.rules))
    longer = old if old.cut.rules > new.cut.rules else new
    return [record for record in longer.rules if low < record.position <= high]
