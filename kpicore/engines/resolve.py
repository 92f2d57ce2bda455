"""A measure in its place: references, choices and windows are settled, and what is left is leaves and arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from kpicore.definitions.algebra.measures import (
    Aggregate,
    Arithmetic,
    Choice,
    Constant,
    Correlation,
    Crossing,
    Extremum,
    Given,
    Mean,
    Measure,
    Monthly,
    Over,
    Ref,
    Root,
    Survival,
    Target,
    Whole,
    Window,
)
from kpicore.definitions.book import Definitions
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.values import Value, bound, chosen
from kpicore.engines.resolved import (
    Bound,
    CorrelationOf,
    CrossingOf,
    Extreme,
    Leaf,
    MeanOf,
    MonthlyOf,
    Node,
    Number,
    Operation,
    Resolved,
    RootOf,
    SurvivalOf,
    TargetOf,
)
from kpicore.errors import InvalidDefinition, InvalidInput, NotFound
from kpicore.naming import did_you_mean
from kpicore.periods import duration_text, edge_parameters

DEEPEST_MEASURE = 200
#: Steps of age that a crossing looks at, at most: ten years of months.
MOST_STEPS = 120
_FEWEST_PAIRS = 3


@frozen
class _Place:
    """Where a node stands while it is resolved."""

    indicator: Indicator
    params: Mapping[str, Value]
    path: tuple[str, ...]
    windows: tuple[tuple[Window, Bound], ...] = ()
    drop: frozenset[str] = frozenset()
    depth: int = 0
    each: tuple[str, ...] = ()


def resolve(
    book: Definitions,
    name: str,
    params: Mapping[str, Any],
    credit: str | None,
    by: Sequence[str] | None,
    level: str,
    *,
    months: int = 1,
) -> Resolved:
    """Settle an indicator's measure.

    Args:
        book: The definitions.
        name: Id of the indicator.
        params: Parameters that differ from the defaults.
        credit: Which column says who is credited; None: the indicator's first.
        by: Break-downs; None: the indicator's own.
        level: person, team or company.
        months: How many the longest period has, for what is taken month by month.

    Raises:
        NotFound: There is no such indicator.
        InvalidInput: A parameter, credit column, break-down or level is none of this indicator.
        InvalidDefinition: Its measure refers to itself or to something that is not there.
    """
    indicator = _indicator(book, name)
    if level not in indicator.levels:
        raise _no_choice("level", level, indicator.levels, name)
    if credit is not None and credit not in indicator.credit:
        raise _no_choice("credit", credit, indicator.credit, name)
    dims = tuple(indicator.by if by is None else by)
    if len(set(dims)) < len(dims):
        twice = f"a break-down of {name} is named twice: {', '.join(dims)}"
        raise InvalidInput(twice, code="bad_break_down", where=name, hint="name it once")
    values = bound(indicator.params, chosen(indicator.params, params, name))
    resolver = _Resolver(book, credit or indicator.credit[0], dims, months)
    place = _Place(indicator, values, (name,))
    return Resolved(indicator, resolver.node(indicator.measure, place), dims, _integer(indicator.least_sample, place))


def check_column(book: Definitions, source: str, column: str, what: str, where: str) -> None:
    """Refuse a column that a source does not have.

    Raises:
        InvalidInput: With the closest name.
    """
    columns = book.columns(source)
    if column not in columns:
        raise InvalidInput(
            f"{source} has no column {column}, which {what} needs",
            code="unknown_column",
            where=where,
            hint=did_you_mean(column, columns) or f"it has {', '.join(sorted(columns))}",
        )


class _Resolver:
    def __init__(self, book: Definitions, credit: str, dims: tuple[str, ...], months: int) -> None:
        self.book, self.credit, self.dims, self.months = book, credit, dims, months

    def node(self, measure: Measure, place: _Place) -> Node:
        if place.depth > DEEPEST_MEASURE:
            raise InvalidDefinition(
                "the measure is nested too deeply",
                code="too_deep",
                where=place.path[0],
                hint="put a part of it into an indicator of its own",
            )
        deeper = _deeper(place)
        if isinstance(measure, Aggregate):
            return self.leaf(measure, place)
        if isinstance(measure, Arithmetic):
            return Operation(measure.op, self.node(measure.left, deeper), self.node(measure.right, deeper))
        if isinstance(measure, Constant):
            return Number(measure.value, place.windows)
        if isinstance(measure, Over):
            durations = _edges(measure.window, place)
            return self.node(measure.measure, _deeper(place, windows=(*place.windows, (measure.window, durations))))
        if isinstance(measure, Whole):
            return self.node(measure.measure, _deeper(place, drop=place.drop | set(measure.drop)))
        if isinstance(measure, Choice):
            return self.node(_chosen(measure, place), deeper)
        if isinstance(measure, Ref):
            return self.reference(measure.indicator, place)
        return self.statistic(measure, place)

    def statistic(self, measure: Measure, place: _Place) -> Node:
        deeper = _deeper(place)
        if isinstance(measure, Extremum):
            return Extreme(measure.op, tuple(self.node(part, deeper) for part in measure.measures), measure.skip)
        if isinstance(measure, Root):
            return RootOf(self.node(measure.measure, deeper), self.node(measure.degree, deeper))
        if isinstance(measure, Given):
            return Number(str(place.params[measure.param]), place.windows)
        if isinstance(measure, Mean):
            inner = evolve(deeper, each=(*place.each, measure.each))
            return MeanOf(self.node(measure.measure, inner), measure.each)
        if isinstance(measure, Monthly):
            return MonthlyOf(tuple(self.monthly(measure, deeper)))
        if isinstance(measure, Survival):
            return self.survival(measure, place)
        if isinstance(measure, Crossing):
            return CrossingOf(tuple(self.steps(measure, place)), self.node(measure.level, deeper))
        if isinstance(measure, Correlation):
            return _correlation(measure, place)
        if isinstance(measure, Target):
            return TargetOf(_indicator(self.book, measure.indicator).id)
        raise InvalidDefinition(
            f"{type(measure).__name__} is not a measure",
            code="bad_measure",
            where=place.path[0],
            hint="make it of count, total and the other functions of kpicore",
        )

    def monthly(self, measure: Monthly, place: _Place) -> Iterator[Node]:
        for month in range(self.months):
            window = Window(f"start + {month} month", f"start + {month + 1} month")
            yield self.node(measure.measure, evolve(place, windows=(*place.windows, (window, ()))))

    def survival(self, measure: Survival, place: _Place) -> SurvivalOf:
        # Who was not watched at all says nothing.
        watched = [*filter(None, (measure.of.where,)), f"({measure.until}) > ({measure.since})"]
        ages = ((measure.since, ()), (measure.until, ()), (measure.until, (measure.happened,)))
        entered, left, happened = (
            self.leaf(evolve(measure.of, where=" and ".join(f"({one})" for one in (*watched, *more))), place, age)
            for age, more in ages
        )
        return SurvivalOf(entered, left, happened, None if measure.share is None else Fraction(measure.share))

    def steps(self, measure: Crossing, place: _Place) -> Iterator[Leaf]:
        step, most = place.params[measure.step], place.params[measure.most]
        for number in range(1, min(int(most), MOST_STEPS) + 1):  # type: ignore[arg-type]
            span = number * int(step)  # type: ignore[arg-type]
            where = f"({measure.gain.where or 'true'}) and ({measure.age}) <= {span}"
            yield self.leaf(evolve(measure.gain, where=where, matures=duration_text(span)), place)

    def leaf(self, aggregate: Aggregate, place: _Place, *ages: str) -> Leaf:
        where = place.indicator.id
        source = self.book.source(aggregate.source)
        whole = "subject" in place.drop
        credit = aggregate.credit or self.credit
        if not whole and credit not in source.credits:
            raise InvalidInput(
                f"{aggregate.source} cannot credit by {credit}",
                code="unknown_credit",
                where=where,
                hint=did_you_mean(credit, source.credits) or f"it can by {', '.join(source.credits)}",
            )
        by = (*(dim for dim in self.dims if dim not in place.drop), *place.each)
        for dim in by:
            check_column(self.book, aggregate.source, dim, f"the break-down of {where}", where)
        check_column(
            self.book, aggregate.source, aggregate.time if aggregate.at == "in" else "valid_from", where, where
        )
        params = tuple(sorted(place.params.items()))
        return Leaf(aggregate, params, None if whole else credit, place.windows, (*by, *ages), whole, where)

    def reference(self, name: str, place: _Place) -> Node:
        if name in place.path:
            cycle = " → ".join((*place.path[place.path.index(name) :], name))
            raise InvalidDefinition(
                f"{name} refers to itself: {cycle}",
                code="cycle",
                where=place.path[0],
                hint="let one of them stand alone",
            )
        other = _indicator(self.book, name)
        # A parameter of the same name and kind is handed on: that is how an outer formula sets an inner basis.
        values = bound(other.params, chosen(other.params, {}, name))
        for param, spec in other.params.items():
            outer = place.indicator.params.get(param)
            if outer is not None and outer.kind == spec.kind:
                value = place.params[param]
                if spec.kind != "choice" or value in spec.choices:
                    values[param] = value
        return self.node(
            other.measure, _Place(other, values, (*place.path, name), place.windows, place.drop, place.depth + 1)
        )


def _deeper(place: _Place, **changes: Any) -> _Place:
    return evolve(place, depth=place.depth + 1, **changes)


def _edges(window: Window, place: _Place) -> Bound:
    named = sorted(set(edge_parameters(window)))
    for name in named:
        if name not in place.params:
            raise _undeclared(name, place)
    return tuple((name, place.params[name]) for name in named)


def _chosen(measure: Choice, place: _Place) -> Measure:
    if measure.param not in place.params:
        raise _undeclared(measure.param, place)
    value = place.params[measure.param]
    if value not in measure.options:
        raise InvalidDefinition(
            f"there is no formula for {measure.param} = {value}",
            code="bad_choice",
            where=place.indicator.id,
            hint=f"it has formulas for {', '.join(measure.options)}",
        )
    return measure.options[str(value)]


def _correlation(measure: Correlation, place: _Place) -> CorrelationOf:
    for name in (measure.indicator, measure.outcome, measure.lag):
        if name not in place.params:
            raise _undeclared(name, place)
    named = []
    for name in (measure.indicator, measure.outcome):
        value = place.params[name]
        if not isinstance(value, tuple | list) or len(value) != 1:
            raise InvalidInput(
                f"{name} names one indicator", code="bad_parameter", where=place.indicator.id, hint=f"not {value}"
            )
        named.append(str(value[0]))
    lag, least = int(place.params[measure.lag]), _integer(measure.least, place)  # type: ignore[arg-type]
    if least < _FEWEST_PAIRS:
        raise InvalidInput(
            f"{least} pairs always correlate", code="bad_parameter", where=place.indicator.id, hint="ask for 8 or more"
        )
    confidence = "" if measure.confidence is None else str(place.params[measure.confidence])
    return CorrelationOf(named[0], named[1], lag, measure.level, least, place.windows, measure.figure, confidence)


def _integer(given: int | str, place: _Place) -> int:
    """A number, or the value of the parameter that it names."""
    if isinstance(given, int):
        return given
    if given[1:] not in place.params:
        raise _undeclared(given[1:], place)
    return int(place.params[given[1:]])  # type: ignore[arg-type]


def _undeclared(name: str, place: _Place) -> InvalidDefinition:
    return InvalidDefinition(
        f"${name} is not declared",
        code="unknown_parameter",
        where=place.indicator.id,
        hint=did_you_mean(name, place.params),
    )


def _indicator(book: Definitions, name: str) -> Indicator:
    found = book.indicators.get(name)
    if found is None:
        raise NotFound(
            f"there is no indicator {name}",
            code="unknown_indicator",
            where=name,
            hint=did_you_mean(name, book.indicators),
        )
    return found


def _no_choice(what: str, given: str, known: Sequence[str], where: str) -> InvalidInput:
    return InvalidInput(
        f"{given!r} is not a {what} of {where}",
        code=f"bad_{what}",
        where=where,
        hint=did_you_mean(given, known) or f"it has {', '.join(known)}",
    )
