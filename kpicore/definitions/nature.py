"""What kind of quantity a measure gives: one that adds up over subjects, or a rate that is pooled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore.definitions.book import Definitions
from kpicore.definitions.measures import Aggregate, Arithmetic, Choice, Constant, Measure, Over, Ref, Target
from kpicore.definitions.reading import nodes
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
    return any(
        isinstance(place.node, Target)
        for indicator in book.closure([name]).indicators.values()
        for place in nodes(indicator.measure)
    )


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
