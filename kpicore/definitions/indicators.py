"""Indicators: a measure with everything that people need to read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from attrs import field, frozen

from kpicore.definitions.algebra.measures import Measure
from kpicore.definitions.parameters import Parameter
from kpicore.naming import Text, text

Perspective = Literal["performance", "operations", "capability", "risk"]
IndicatorType = Literal["outcome", "process", "growth", "guard", "activity", "base", "meta"]
Level = Literal["person", "team", "company"]
Direction = Literal["higher", "lower", "range", "none"]
State = Literal["ok", "provisional", "not_applicable", "no_denominator", "missing_data", "immature"]

LEVELS: tuple[Level, ...] = ("person", "team", "company")
EMPTY_STATES: tuple[State, ...] = ("not_applicable", "no_denominator", "missing_data", "immature")


def _tuple(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _plain(value: Any) -> Any:
    """The value as JSON would give it back: sequences are lists."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _params(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(item) for name, item in value.items()}


@frozen
class Example:
    """A case of the rule book, which runs as a test.

    Args:
        title: What the case shows; one string serves both languages.
        facts: Fact type → how many rows, or the rows themselves as mappings. What a row leaves out is filled in:
            key fields get distinct values, `occurred_at` the middle of the period, `owner_id` the example's one subject.
            `sealed_line` holds what was scored and sealed, such as `{"total": "112"}`, for the period itself.
        value: The value that must come out, as text; None where it is empty.
        state: The state that must come out.
        params: Parameters that differ from the defaults.
        targets: Targets in force, by indicator.
        by: The cell of a break-down that the case is about, such as `{"channel_id": "fair"}`; none: the whole.
        period: The period that is measured.
        as_of: ISO instant of the cut, for maturity; None: long after.
    """

    title: Text = field(converter=text)
    facts: Mapping[str, int | list[Mapping[str, Any]]]
    value: str | None = None
    state: State = field(kw_only=True, default="ok")
    params: Mapping[str, Any] = field(kw_only=True, factory=dict, converter=_params)
    targets: Mapping[str, str] = field(kw_only=True, factory=dict)
    by: Mapping[str, Any] = field(kw_only=True, factory=dict)
    period: str = field(kw_only=True, default="2026-03")
    as_of: str | None = field(kw_only=True, default=None)


# A type checker cannot see through a generic converter.
def _examples(value: Iterable[Example]) -> tuple[Example, ...]:
    return tuple(value)


@frozen
class Indicator:
    """What is measured, for whom, in which unit, and whether more is better.

    Args:
        id: `plugin.name`.
        title: Short name, {"en": …, "zh-Hant": …}.
        measure: The formula.
        perspective: performance 業績, operations 運營, capability 團隊能力, risk 風險.
        roles: Roles whose scorecards may use it.
        unit: `count`, `money`, `percent`, `ratio`, `days`, `months`, `points`, or a text such as `per 100 orders`.
        better: `higher`, `lower`, `range` (nearer to a target), `none`.
        data_source: Where the facts come from, as people call it.
        definition: What it means, in a sentence or two; the title when left out.
        indicator_type: outcome, process, growth, guard (業績/過程/成長/底線); activity, base and meta are not scored.
        params: Parameters by name.
        credit: Columns that may say who is credited; the first is the default.
        by: Break-downs that are on by default.
        levels: Levels at which it can be measured.
        least_sample: Below this denominator (or count) a result is flagged `low_sample`; `$name`: the value of a
            parameter of the kind `integer`.
        examples: Cases that run as tests.
        moves: What moves it, and what it moves, for the handbook.
        replaces: Id of the indicator that it replaces.
        version: Counted up when its meaning changes.
    """

    id: str
    title: Text = field(converter=text, kw_only=True)
    measure: Measure = field(kw_only=True)
    perspective: Perspective = field(kw_only=True)
    roles: tuple[str, ...] = field(kw_only=True, converter=_tuple)
    unit: str = field(kw_only=True, default="count")
    better: Direction = field(kw_only=True, default="higher")
    data_source: Text = field(kw_only=True, converter=text)
    definition: Text = field(kw_only=True, factory=dict, converter=text)
    indicator_type: IndicatorType = field(kw_only=True, default="outcome")
    params: Mapping[str, Parameter] = field(kw_only=True, factory=dict)
    credit: tuple[str, ...] = field(kw_only=True, default=("owner_id",), converter=_tuple)
    by: tuple[str, ...] = field(kw_only=True, default=(), converter=_tuple)
    levels: tuple[str, ...] = field(kw_only=True, default=LEVELS, converter=_tuple)
    least_sample: int | str = field(kw_only=True, default=0)
    examples: tuple[Example, ...] = field(kw_only=True, default=(), converter=_examples)
    moves: Text = field(kw_only=True, factory=dict, converter=text)
    replaces: str | None = field(kw_only=True, default=None)
    version: str = field(kw_only=True, default="1.0")
