"""Scorecards: which indicators of a role count, how much, against which targets, from when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal

from attrs import field, frozen

from kpicore.definitions.indicators import Level
from kpicore.naming import Text, text

#: What a later version of a sealed evaluation does: it counts in its period, or its difference goes to the current one.
Restatement = Literal["corrective", "forwarding"]

EmptyPolicy = Literal["redistribute", "keep", "floor", "target", "block"]


def _decimal(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _optional(value: Any) -> Decimal | None:
    return None if value is None else _decimal(value)


@frozen
class Line:
    """One indicator on a scorecard.

    Args:
        indicator: Its id.
        weight: Points of 100; two places; 0 is shown and not scored.
        target: Target for every subject; None where `[[target]]` gives them all or the curve needs none.
        curve: Name of the curve; None: `ratio` by the indicator's direction.
        floor, cap: Least and most attainment; cap None: no limit.
        params: Parameters of the indicator.
        credit: One of the columns that the indicator allows; None: its first.
        curve_params: Parameters of the curve, e.g. {"zero": "0"}.
        why: Why it counts.
    """

    indicator: str
    weight: Decimal = field(converter=_decimal)
    target: Decimal | None = field(default=None, converter=_optional)
    curve: str | None = None
    floor: Decimal = field(default=Decimal(0), converter=_decimal)
    cap: Decimal | None = field(default=None, converter=_optional)
    params: Mapping[str, Any] = field(factory=dict)
    credit: str | None = None
    curve_params: Mapping[str, Any] = field(factory=dict)
    why: str | None = None


@frozen
class TargetLine:
    """A target of one subject (or level) in one period; it overrides the line's."""

    indicator: str
    value: Decimal = field(converter=_decimal)
    level: Level = "person"
    subject: str | None = None
    period: str | None = None


@frozen
class Gate:
    """A condition on an indicator that sets or caps the total (一票否決)."""

    indicator: str
    below: Decimal | None = field(default=None, converter=_optional)
    above: Decimal | None = field(default=None, converter=_optional)
    total: Decimal | None = field(default=None, converter=_optional)
    cap: Decimal | None = field(default=None, converter=_optional)
    params: Mapping[str, Any] = field(factory=dict)


@frozen
class Coefficient:
    """From a total to a bonus coefficient: `steps` or `linear` over [total, coefficient] pairs."""

    kind: Literal["steps", "linear"]
    steps: tuple[tuple[Decimal, Decimal], ...]


# One converter a type: a type checker cannot see through a generic one.
def _lines(value: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(value)


def _targets(value: Iterable[TargetLine]) -> tuple[TargetLine, ...]:
    return tuple(value)


def _gates(value: Iterable[Gate]) -> tuple[Gate, ...]:
    return tuple(value)


@frozen
class Scorecard:
    """The indicators of a role at a business stage, in force from a date.

    `effective` is a local date in ISO form, read in the organisation's zone. `bands` maps a band to its lower bound,
    half-open. `empty` maps an empty state to its policy.
    """

    id: str
    title: Text = field(converter=text)
    role: str
    period: str
    effective: str
    lines: tuple[Line, ...] = field(converter=_lines)
    level: Level = "person"
    business_stage: str | None = None
    targets: tuple[TargetLine, ...] = field(default=(), converter=_targets)
    empty: Mapping[str, EmptyPolicy] = field(factory=dict)
    gates: tuple[Gate, ...] = field(default=(), converter=_gates)
    bands: Mapping[str, Decimal] = field(factory=dict)
    coefficient: Coefficient | None = None


@frozen
class Organisation:
    """Settings of the whole ledger: time zone, first month of the fiscal year, base currency, what restating does."""

    timezone: str = "UTC"
    fiscal_year_start: int = 1
    base_currency: str | None = None
    restatement: Restatement = "corrective"
