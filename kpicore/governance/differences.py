"""What differs between two versions of a scorecard or of the organisation's settings, in words and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.scorecards import (
    Coefficient,
    Gate,
    Line,
    Modifier,
    Organisation,
    ScheduleStep,
    Scorecard,
    TargetLine,
)
from kpicore.governance.changes import Difference

_LINE_PARTS = ("weight", "target", "curve", "floor", "cap", "credit", "why")
_HEAD_PARTS = ("role", "level", "business_stage", "period", "effective")


def card_differences(old: Scorecard | None, new: Scorecard) -> tuple[Difference, ...]:
    """Every difference from `old` (None: there was none) to `new`, in the order of the new card."""
    return tuple(_card(old, new))


def organisation_differences(old: Organisation | None, new: Organisation) -> tuple[Difference, ...]:
    """The settings that differ."""
    return tuple(
        Difference(
            name, None, None if old is None else said(getattr(old, name)) or None, said(getattr(new, name)) or None
        )
        for name in ("timezone", "fiscal_year_start", "base_currency", "restatement", "approvals")
        if getattr(old, name, None) != getattr(new, name) and (old is not None or getattr(new, name) != ())
    )


def said(value: Any) -> str | None:
    """A value of a card as text; None stays None."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, tuple | list):
        return ", ".join(str(said(item)) for item in value)
    return str(value)


def _card(old: Scorecard | None, new: Scorecard) -> Iterator[Difference]:
    for part in _HEAD_PARTS:
        before = None if old is None else said(getattr(old, part))
        if before != said(getattr(new, part)):
            yield Difference(part, None, before, said(getattr(new, part)))
    if new.mid_period != ("split" if old is None else old.mid_period):
        yield Difference("mid_period", None, None if old is None else old.mid_period, new.mid_period)
    yield from _mappings("title", None, {} if old is None else old.title, new.title)
    before_lines = {} if old is None else {line.indicator: line for line in old.lines}
    for line in new.lines:
        yield from _line(before_lines.pop(line.indicator, None), line)
    for gone in before_lines.values():
        yield Difference("weight", gone.indicator, said(gone.weight), None)
    yield from _targets(() if old is None else old.targets, new.targets)
    yield from _schedules(() if old is None else old.schedule, new.schedule)
    yield from _mappings("empty", None, {} if old is None else old.policies, new.policies)
    yield from _conditions(() if old is None else (*old.modifiers, *old.gates), (*new.modifiers, *new.gates))
    if (None if old is None else old.cap) != new.cap:
        yield Difference("cap", None, None if old is None else said(old.cap), said(new.cap))
    yield from _mappings("band", None, {} if old is None else old.bands, new.bands)
    before, after = (None if card is None else _coefficient(card.coefficient) for card in (old, new))
    if before != after:
        yield Difference("coefficient", None, before, after)


def _line(old: Line | None, new: Line) -> Iterator[Difference]:
    for part in _LINE_PARTS:
        before, after = (None if line is None else said(getattr(line, part)) for line in (old, new))
        if before != after and not (old is None and part == "floor" and new.floor == 0):
            yield Difference(part, new.indicator, before, after)
    yield from _mappings("param", new.indicator, {} if old is None else old.params, new.params)
    yield from _mappings("", new.indicator, {} if old is None else old.curve_params, new.curve_params)


def _targets(old: tuple[TargetLine, ...], new: tuple[TargetLine, ...]) -> Iterator[Difference]:
    before, after = (
        {(line.indicator, line.level, line.subject, line.period): line.value for line in lines} for lines in (old, new)
    )
    for identity in [*after, *(key for key in before if key not in after)]:
        indicator, level, subject, period = identity
        if before.get(identity) != after.get(identity):
            whose = subject or (level if level == "company" else f"every {level}")
            what = " ".join(["target of", whose, *([f"in {period}"] if period else [])])
            yield Difference(what, indicator, said(before.get(identity)), said(after.get(identity)))


def _conditions(old: tuple[Modifier | Gate, ...], new: tuple[Modifier | Gate, ...]) -> Iterator[Difference]:
    """Modifiers and gates by what they look at; several that look at the same are told in their order."""
    before, after = _effects(old), _effects(new)
    for key in [*after, *(key for key in before if key not in after)]:
        if before.get(key) != after.get(key):
            yield Difference(key[0], key[1], before.get(key), after.get(key))


def _effects(rules: tuple[Modifier | Gate, ...]) -> dict[tuple[str, str | None], str]:
    found: dict[tuple[str, str | None], str] = {}
    for rule in rules:
        limits = [
            f"{part} {said(getattr(rule, part))}" for part in ("below", "above") if getattr(rule, part) is not None
        ]
        params = [f"{name} {said(value)}" for name, value in rule.params.items()]
        waiting = [f"{state} {policy}" for state, policy in rule.empty.items()]
        if isinstance(rule, Gate):
            what, effect = "gate", f"total {said(rule.total)}" if rule.cap is None else f"cap {said(rule.cap)}"
        else:
            what, effect = "modifier", f"factor {said(rule.factor)}"
            named = rule.title.get("en") if rule.indicator is None else None
            limits += [text for text in (named, rule.subject, rule.period) if text]
        key = (" ".join([what, *limits, *params]), rule.indicator)
        told = ", ".join([effect, *waiting])
        found[key] = f"{found[key]}; {told}" if key in found else told
    return found


def _coefficient(rule: Coefficient | None) -> str | None:
    """`steps 100 → 1, 120 → 1.5`."""
    if rule is None:
        return None
    return f"{rule.kind} {', '.join(f'{said(total)} → {said(found)}' for total, found in sorted(rule.steps))}"


def _schedules(old: tuple[ScheduleStep, ...], new: tuple[ScheduleStep, ...]) -> Iterator[Difference]:
    """Steps are the same where they end after as many months."""
    before, after = ({step.until: step for step in steps} for steps in (old, new))
    for until in sorted({*before, *after}):
        one, two = before.get(until), after.get(until)
        what = f"schedule until month {until}"
        weights = [{} if step is None else step.weights.named for step in (one, two)]
        for indicator in [*weights[1], *(name for name in weights[0] if name not in weights[1])]:
            sides = [said(given.get(indicator)) for given in weights]
            if sides[0] != sides[1]:
                yield Difference(f"{what}: weight", indicator, *sides)
        for part in ("rest", "locked"):
            sides = [None if step is None else said(getattr(step.weights, part)) for step in (one, two)]
            if (sides[0] or None) != (sides[1] or None):
                yield Difference(f"{what}: {part}", None, *sides)


def _mappings(what: str, indicator: str | None, old: Any, new: Any) -> Iterator[Difference]:
    for name in [*new, *(key for key in old if key not in new)]:
        before, after = said(old.get(name)), said(new.get(name))
        if before != after:
            yield Difference(f"{what} {name}".strip(), indicator, before, after)
