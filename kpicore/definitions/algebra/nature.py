"""What kind of quantity a measure gives: whether it adds up, reads targets, or is another one's in other words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore.definitions.algebra.measures import Aggregate, Arithmetic, Choice, Constant, Measure, Over, Ref, Target
from kpicore.definitions.algebra.reading import nodes
from kpicore.definitions.book import Definitions
from kpicore.definitions.codec import measure_document
from kpicore.definitions.values import chosen


def additive(book: Definitions, name: str, params: Mapping[str, Any] | None = None) -> bool:
    """Whether what an indicator measures adds up: the parts of a team make the team's.

    Counts and totals do, and sums, differences and fixed multiples of them. Ratios, extremes, roots and correlations are
    pooled or looked up instead. A distinct count is counted anew at each level; as a target it adds up.

    Args:
        book: The definitions.
        name: Id of the indicator.
        params: Its parameters where they differ from the defaults.
    """
    indicator = book.indicators[name]
    return _additive(book, indicator.measure, chosen(indicator.params, params or {}, name))


def reads_targets(book: Definitions, name: str) -> bool:
    """Whether an indicator, or one under it, measures against targets in force."""
    found: bool = book.keep(
        "reads targets",
        name,
        lambda _: any(
            isinstance(place.node, Target)
            for indicator in book.closure([name]).indicators.values()
            for place in nodes(indicator.measure)
        ),
    )
    return found


def normal_form(book: Definitions, name: str, params: Mapping[str, Any] | None = None) -> Any:
    """What an indicator computes as JSON values, once choices are made and references followed: equal where it is equal.

    Args:
        book: The definitions.
        name: Id of the indicator.
        params: Its parameters where they differ from the defaults.
    """
    indicator = book.indicators[name]
    given = chosen(indicator.params, params or {}, name)
    made: set[str] = set()
    measure = _normal(book, indicator.measure, given, made)
    if isinstance(indicator.measure, Ref | Choice) and "params" in measure:
        return measure
    return {"measure": measure, "params": {key: value for key, value in given.items() if key not in made}}


def _normal(book: Definitions, measure: Measure, params: Mapping[str, Any], made: set[str]) -> Any:
    if isinstance(measure, Choice):
        made.add(measure.param)
        return _normal(book, measure.options[str(params[measure.param])], params, made)
    if isinstance(measure, Ref):
        return normal_form(book, measure.indicator)
    if isinstance(measure, Arithmetic):
        return [measure.op, *(_normal(book, side, params, made) for side in (measure.left, measure.right))]
    if isinstance(measure, Over):
        return ["over", _normal(book, measure.measure, params, made), measure.window.start, measure.window.end]
    return measure_document(measure)


def _additive(book: Definitions, measure: Measure, params: Mapping[str, Any]) -> bool:
    if isinstance(measure, Aggregate):
        return True
    if isinstance(measure, Over):
        return _additive(book, measure.measure, params)
    if isinstance(measure, Choice):
        return _additive(book, measure.options[str(params[measure.param])], params)
    if isinstance(measure, Ref):
        return additive(book, measure.indicator)
    if isinstance(measure, Arithmetic):
        sides = (measure.left, measure.right)
        if measure.op in "+-":
            return all(_additive(book, side, params) for side in sides)
        # A fixed multiple or part of what adds up adds up.
        fixed = [side for side in sides if isinstance(side, Constant)]
        rest = [side for side in sides if not isinstance(side, Constant)]
        last = isinstance(measure.right, Constant) or measure.op == "*"
        return len(fixed) == 1 and last and _additive(book, rest[0], params)
    return False
