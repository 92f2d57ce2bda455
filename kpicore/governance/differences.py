"""What differs between two versions of a scorecard or of the organisation's settings, in words and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kpicore.canonical import decimal_text
from kpicore.definitions.scorecards import Line, Organisation, Scorecard, TargetLine
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
    yield from _mappings("title", None, {} if old is None else old.title, new.title)
    before_lines = {} if old is None else {line.indicator: line for line in old.lines}
    for line in new.lines:
        yield from _line(before_lines.pop(line.indicator, None), line)
    for gone in before_lines.values():
        yield Difference("weight", gone.indicator, said(gone.weight), None)
    yield from _targets(() if old is None else old.targets, new.targets)
    yield from _mappings("empty", None, {} if old is None else old.empty, new.empty)
    yield from _mappings("band", None, {} if old is None else old.bands, new.bands)


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


def _mappings(what: str, indicator: str | None, old: Any, new: Any) -> Iterator[Difference]:
    for name in [*new, *(key for key in old if key not in new)]:
        before, after = said(old.get(name)), said(new.get(name))
        if before != after:
            yield Difference(f"{what} {name}".strip(), indicator, before, after)
