"""The measure algebra: few nodes, combined as data, that say how an indicator is computed.

A measure's value is an exact pair (numerator, denominator). Leaves count or total rows of a fact type or relation;
everything above them is arithmetic. Nothing here computes: engines compile the nodes, the scorer combines their
integers and decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

__all__ = [
    "MONTH_BEFORE",
    "PRIOR",
    "YEAR_BEFORE",
    "Aggregate",
    "Arithmetic",
    "Choice",
    "Constant",
    "Correlation",
    "Crossing",
    "Extremum",
    "Given",
    "Match",
    "Mean",
    "Measure",
    "Monthly",
    "Over",
    "Ref",
    "Root",
    "Survival",
    "Target",
    "Whole",
    "Window",
]

Operand: TypeAlias = "Measure | int | str | Decimal"


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


class Measure:
    """Base of all nodes; arithmetic on measures gives measures."""

    __slots__ = ()

    def __add__(self, other: Operand) -> Arithmetic:
        return Arithmetic("+", self, lift(other))

    def __radd__(self, other: Operand) -> Arithmetic:
        return Arithmetic("+", lift(other), self)

    def __sub__(self, other: Operand) -> Arithmetic:
        return Arithmetic("-", self, lift(other))

    def __rsub__(self, other: Operand) -> Arithmetic:
        return Arithmetic("-", lift(other), self)

    def __mul__(self, other: Operand) -> Arithmetic:
        return Arithmetic("*", self, lift(other))

    def __rmul__(self, other: Operand) -> Arithmetic:
        return Arithmetic("*", lift(other), self)

    def __truediv__(self, other: Operand) -> Arithmetic:
        return Arithmetic("/", self, lift(other))

    def __rtruediv__(self, other: Operand) -> Arithmetic:
        return Arithmetic("/", lift(other), self)


@frozen
class Match:
    """A row counts if another source has at least `least` rows that meet it.

    The one idea behind conversion within a horizon, repurchase, retention, waking up, renewal, response in time and
    spend without leads (`absent`). In its conditions bare columns are the other source's, `row.x` the counted row's.

    Args:
        source: A fact type or relation.
        on: Columns that are equal on both sides.
        low, high: Limits of the other row's `occurred_at`, SQL over the counted row (and `period_start` …).
        bounds: Which of the two limits belong to the window.
        at: For spells: the instant at which the spell holds.
        where: A further condition.
        of: What is summed over the matching rows; rows are counted when it is "1".
        least: How much of it must be there.
        absent: The row counts if there is none.
    """

    source: str
    on: tuple[str, ...] = field(default=(), converter=_names)
    low: str | None = None
    high: str | None = None
    bounds: Literal["[]", "[)", "(]", "()"] = "[]"
    at: str | None = None
    where: str | None = None
    of: str = "1"
    least: str = "1"
    absent: bool = False


def _matches(value: Match | tuple[Match, ...] | list[Match] | None) -> tuple[Match, ...]:
    return (value,) if isinstance(value, Match) else tuple(value or ())


@frozen
class Aggregate(Measure):
    """Count, distinct count, total or quantile over the rows of one source that fall into the period.

    Args:
        op: `count` rows, `distinct` values of `of`, or the `total` or a `quantile` of `of`.
        source: A fact type or relation.
        of: For `distinct` one or more columns, for `total` and `quantile` an integer or decimal expression.
        where: Row condition, SQL.
        match: Conditions on other sources; all must hold.
        at: `in`: an event inside the period; `start`, `end`, `during`: a spell open just before the period's start,
            just before its end, or at any time of it.
        time: Which instant places the row in the period.
        credit: Which column says who is credited; the indicator's first when None.
        matures: Duration after which a row is final; a match's horizon says it by itself.
        young: `flag`: an unripe period is provisional or immature; `drop`: unripe rows do not count.
        share: Of a quantile, above 0 and below 1: `0.5` is the median. Where it falls between two values it is half
            way between them (Hyndman and Fan 1996, definition 2). Null values of `of` do not count.
    """

    op: Literal["count", "distinct", "total", "quantile"]
    source: str
    of: str | None = None
    where: str | None = None
    match: tuple[Match, ...] = field(default=(), converter=_matches)
    at: Literal["in", "start", "end", "during"] = "in"
    time: str = "occurred_at"
    credit: str | None = None
    matures: str | None = None
    young: Literal["flag", "drop"] = "flag"
    share: str | None = None


@frozen
class Constant(Measure):
    """A number, or the period's length: `days`, `months`."""

    value: str = field(converter=str)


@frozen
class Given(Measure):
    """The value of a parameter of the kind `integer` or `decimal`."""

    param: str


@frozen
class Arithmetic(Measure):
    """`+ − × /`; `/` makes the left side the numerator and the right side the denominator."""

    op: Literal["+", "-", "*", "/"]
    left: Measure
    right: Measure


@frozen
class Window:
    """A window made from the period: two edges `start|end [± N day|week|month|quarter|year|period | ± $param]`."""

    start: str
    end: str


@frozen
class Over(Measure):
    """The same measure read in another window."""

    measure: Measure
    window: Window


@frozen
class Whole(Measure):
    """The same measure without some break-downs, or without the subject (`"subject"`): a share's denominator."""

    measure: Measure
    drop: tuple[str, ...] = field(converter=_names)


def _measures(value: Iterable[Measure]) -> tuple[Measure, ...]:
    return tuple(value)


@frozen
class Extremum(Measure):
    """The smallest or largest of several; with `skip` an empty part does not count."""

    op: Literal["min", "max"]
    measures: tuple[Measure, ...] = field(converter=_measures)
    skip: bool = False


@frozen
class Root(Measure):
    """The n-th root of a ratio, rounded half-even to 12 places by the scorer: the one irrational step."""

    measure: Measure
    degree: Measure


@frozen
class Mean(Measure):
    """The mean of a measure that is taken for each value of a column by itself: of rates of persons, not a pooled rate.

    Values for which it is empty do not count.

    Args:
        measure: What is taken.
        each: A column of all its sources.
    """

    measure: Measure
    each: str


@frozen
class Monthly(Measure):
    """The mean of a measure that is taken in each month of the period by itself: of growth from month to month.

    Empty where one of them is, and where the period has no months. Inside it `period` in windows is still the measured
    one, so what came before is said in months.
    """

    measure: Measure


@frozen
class Survival(Measure):
    """In how many days something happens, counting what has not happened yet, by Kaplan and Meier (1958).

    A row is watched from one age to another; the days are those after which so many of all are past it. Ages begin to count
    where watching begins, so that what was open before the period is not overlooked either (left truncation). Where what
    was watched ends too early to say, the value is the last age that was watched, flagged `censored`: it takes longer.

    Args:
        of: A count: what is watched, such as leads that are open in the period.
        since, until: Ages in whole days at which watching a row begins and ends, SQL over it and the period; without
            parameters but `$as_of`. On day n those are watched with since < n ≤ until.
        happened: Whether it happened at `until`, SQL likewise; else it is unknown from then on.
        share: Of which share of all, above 0 and below 1: `0.5` is the median. None: the mean, restricted to the ages that
            were watched, and flagged `censored` where some are not past it by then.
    """

    of: Aggregate
    since: str
    until: str
    happened: str
    share: str | None = None


@frozen
class Crossing(Measure):
    """After how many steps of age what is gained first reaches a level: how long it takes until something has paid off.

    Only steps that every row of the period has behind it count. Where the level was not reached in them, the value is
    their number, flagged `censored`: it takes longer than that.

    Args:
        gain: A total; at step n only its rows count whose age is n × `step` at most.
        age: How old a row is, SQL over it.
        level: What is to be reached; empty where it is 0 or less.
        step: A `duration` parameter.
        most: An `integer` parameter: how many steps are looked at.
    """

    gain: Aggregate
    age: str
    level: Measure
    step: str
    most: str


@frozen
class Correlation(Measure):
    """Spearman's rank correlation of two indicators' attainment in sealed scores, rounded half-even to 12 places.

    A pair is what one subject attained in one sealed period that closes inside the measured one. Ties share their mean
    rank. It says how two orders go together, never what causes what. Its confidence interval is that of Fisher's z with
    the standard error of Bonett and Wright (2000), √((1 + ρ²/2) / (n − 3)); where ρ is 1 or −1 there is none.

    Args:
        indicator, outcome: Parameters (`names`) that name one indicator each.
        lag: A parameter (`integer`): the outcome is that of so many periods later.
        level: Of which scorecards: person, team or company.
        least: With fewer pairs there is no value; `$name`: the value of a parameter (`integer`), 3 at least.
        figure: `rho` itself, the `low` or `high` end of its confidence interval, or how many `pairs` there are.
        confidence: Of an interval a parameter (`choice` of 0.9, 0.95 and 0.99): its level of confidence.
    """

    indicator: str
    outcome: str
    lag: str
    level: Literal["person", "team", "company"] = "person"
    least: int | str = 8
    figure: Literal["rho", "low", "high", "pairs"] = "rho"
    confidence: str | None = None


@frozen
class Choice(Measure):
    """One of several formulas, by a declared `choice` parameter."""

    param: str
    options: Mapping[str, Measure]


@frozen
class Target(Measure):
    """The target in force of an indicator."""

    indicator: str


@frozen
class Ref(Measure):
    """Another indicator's measure, with its own defaults."""

    indicator: str


def lift(value: Operand) -> Measure:
    """A measure as it is; a number as a constant."""
    return value if isinstance(value, Measure) else Constant(value)


PRIOR = Window("start - 1 period", "start")
YEAR_BEFORE = Window("start - 1 year", "end - 1 year")
MONTH_BEFORE = Window("start - 1 month", "end - 1 month")
