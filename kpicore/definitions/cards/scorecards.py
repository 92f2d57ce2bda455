"""Scorecards: which indicators of a role count, how much, against which targets, from when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal

from attrs import field, frozen

from kpicore.definitions.cards.weights import Weights
from kpicore.definitions.converters import exact, optional
from kpicore.definitions.indicators import Level
from kpicore.naming import Text, text

#: What a later version of a sealed evaluation does: it counts in its period, or its difference goes to the current one.
Restatement = Literal["corrective", "forwarding"]

#: What two persons decide: `weights` (whatever `apply` records), `overrides` (and calibrations), `seals`, `payouts`.
TwoPersons = Literal["weights", "overrides", "seals", "payouts"]

EmptyPolicy = Literal["redistribute", "keep", "floor", "target", "block", "last"]
DEFAULT_POLICY: EmptyPolicy = "redistribute"

#: What a gate or modifier does while its indicator is empty: it stays open, it applies, or sealing waits.
ConditionPolicy = Literal["pass", "apply", "block"]

#: What a change inside a period does: it splits the period, or everyone is scored on the whole of it and a change of the
#: card is refused.
MidPeriod = Literal["whole", "split"]


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
    weight: Decimal = field(converter=exact)
    target: Decimal | None = field(default=None, converter=optional)
    curve: str | None = None
    floor: Decimal = field(default=Decimal(0), converter=exact)
    cap: Decimal | None = field(default=None, converter=optional)
    params: Mapping[str, Any] = field(factory=dict)
    credit: str | None = None
    curve_params: Mapping[str, Any] = field(factory=dict)
    why: str | None = None


@frozen
class TargetLine:
    """A target of one subject (or level) in one period; it overrides the line's."""

    indicator: str
    value: Decimal = field(converter=exact)
    level: Level = "person"
    subject: str | None = None
    period: str | None = None


@frozen
class Gate:
    """A condition on an indicator that sets or caps the total (一票否決).

    Args:
        indicator: Its id; it need not be on a line.
        below, above: The gate closes where the exact value is less than `below`, or more than `above`.
        total: What the total is then.
        cap: What the total is at most then.
        params: Parameters of the indicator.
        empty: What happens while the indicator is empty, by state; `pass` where nothing is said.
        title: What people read; the indicator's title where there is none.
        why: Why there is this gate.
    """

    indicator: str
    below: Decimal | None = field(default=None, converter=optional)
    above: Decimal | None = field(default=None, converter=optional)
    total: Decimal | None = field(default=None, converter=optional)
    cap: Decimal | None = field(default=None, converter=optional)
    params: Mapping[str, Any] = field(factory=dict)
    empty: Mapping[str, ConditionPolicy] = field(factory=dict)
    title: Text = field(factory=dict, converter=text)
    why: str | None = None


@frozen
class Modifier:
    """A factor that multiplies the total after the sum: always, or on a condition.

    Args:
        factor: At least 0.
        indicator: The condition's indicator; None: there is no condition. It need not be on a line.
        below, above: The factor applies where the exact value is less than `below`, or more than `above`.
        params: Parameters of the indicator.
        subject, period: For whom and when it applies; None: for everyone, always.
        empty: What happens while the indicator is empty, by state; `pass` where nothing is said.
        title: What people read; the indicator's title where there is none.
        why: Why there is this factor.
    """

    factor: Decimal = field(converter=exact)
    indicator: str | None = None
    below: Decimal | None = field(default=None, converter=optional)
    above: Decimal | None = field(default=None, converter=optional)
    params: Mapping[str, Any] = field(factory=dict)
    subject: str | None = None
    period: str | None = None
    empty: Mapping[str, ConditionPolicy] = field(factory=dict)
    title: Text = field(factory=dict, converter=text)
    why: str | None = None


@frozen
class Coefficient:
    """From a total to a bonus coefficient over [total, coefficient] pairs.

    `steps`: the coefficient of the highest total that is reached, half-open; below all of them there is none.
    `linear`: straight between neighbouring pairs, and the outermost ones beyond them.
    """

    kind: Literal["steps", "linear"]
    steps: tuple[tuple[Decimal, Decimal], ...]


@frozen
class ScheduleStep:
    """Weights that count for a person up to a tenure, in the place of the lines' own.

    Args:
        until: Months since the person was hired at which the step ends; it begins where the one before ended.
        weights: The weights, and what becomes of the lines that they do not name.
        why: Why the step is as it is.
    """

    until: int
    weights: Weights
    why: str | None = None


# One converter a type: a type checker cannot see through a generic one.
def _lines(value: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(value)


def _targets(value: Iterable[TargetLine]) -> tuple[TargetLine, ...]:
    return tuple(value)


def _gates(value: Iterable[Gate]) -> tuple[Gate, ...]:
    return tuple(value)


def _modifiers(value: Iterable[Modifier]) -> tuple[Modifier, ...]:
    return tuple(value)


def _steps(value: Iterable[ScheduleStep]) -> tuple[ScheduleStep, ...]:
    return tuple(value)


@frozen
class Scorecard:
    """The indicators of a role at a business stage, in force from a date.

    `effective` is a local date in ISO form, read in the organisation's zone. `bands` maps a band to its lower bound,
    half-open. `empty` maps an empty state to its policy; where that is `last` and there is no last value, `fallback` says
    what happens. `cap` is the most that a total can be.
    `schedule` gives newcomers other weights, step by step. `mid_period` says what a change inside a period does. Cards that
    were recorded before it existed have none, and keep the meaning that they had: `whole`. A file that does not say it is
    read as `split`.
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
    modifiers: tuple[Modifier, ...] = field(default=(), converter=_modifiers)
    cap: Decimal | None = field(default=None, converter=optional)
    fallback: Mapping[str, EmptyPolicy] = field(factory=dict)
    mid_period: MidPeriod = "whole"
    schedule: tuple[ScheduleStep, ...] = field(default=(), converter=_steps)

    @property
    def policies(self) -> dict[str, str]:
        """What empty states do, by state: `keep`, or `last, else keep`."""
        return {
            state: policy if policy != "last" else f"last, else {self.fallback.get(state, DEFAULT_POLICY)}"
            for state, policy in self.empty.items()
        }

    @property
    def conditions(self) -> tuple[Modifier | Gate, ...]:
        """The modifiers and gates that look at an indicator, in the order in which they are applied."""
        return (*(modifier for modifier in self.modifiers if modifier.indicator is not None), *self.gates)


@frozen
class Organisation:
    """Settings of the whole ledger.

    Time zone, first month of the fiscal year, base currency, what restating does, and what only two persons decide.
    """

    timezone: str = "UTC"
    fiscal_year_start: int = 1
    base_currency: str | None = None
    restatement: Restatement = "corrective"
    approvals: tuple[TwoPersons, ...] = ()
