"""What a measure comes to once references, choices and windows are settled: leaves and arithmetic over them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeAlias

from attrs import field, frozen

from kpicore.definitions.algebra.measures import Aggregate, Window
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.values import Value

#: Columns of parameters as they go into SQL, in an order that does not depend on how they were written.
Bound: TypeAlias = "tuple[tuple[str, Value], ...]"


@frozen(cache_hash=True)
class Leaf:
    """An aggregate with everything that decides what it counts.

    Args:
        aggregate: The node.
        params: Values of the parameters that its expressions may name.
        credit: The column that says who is credited; None where the subject is dropped.
        windows: Windows from the outermost inwards, each with its durations.
        by: Break-downs that it keeps: columns, and the age in days that a survival is counted by, as SQL.
        whole: Whether it counts for every subject alike.
        indicator: Id of the indicator that it stands in, for errors.
    """

    aggregate: Aggregate
    params: Bound
    credit: str | None
    windows: tuple[tuple[Window, Bound], ...]
    by: tuple[str, ...]
    whole: bool
    indicator: str = field(eq=False)


@frozen
class Number:
    """A constant: decimal text, or `days` or `months`: the length of the period seen through windows."""

    value: str
    windows: tuple[tuple[Window, Bound], ...]


@frozen
class TargetOf:
    """The target in force of an indicator."""

    indicator: str


@frozen
class CorrelationOf:
    """The rank correlation of two indicators in sealed scores; see `measures.Correlation`."""

    indicator: str
    outcome: str
    lag: int
    level: str
    least: int
    windows: tuple[tuple[Window, Bound], ...]
    figure: str = "rho"
    confidence: str = ""


@frozen
class Operation:
    """`+ − × /` of two resolved measures."""

    op: str
    left: Node
    right: Node


@frozen
class Extreme:
    """The smallest or largest of several resolved measures."""

    op: str
    parts: tuple[Node, ...]
    skip: bool


@frozen
class RootOf:
    """The n-th root of a resolved measure."""

    measure: Node
    degree: Node


@frozen
class MeanOf:
    """The mean of a resolved measure over the values of a column, which its leaves are broken down by."""

    measure: Node
    each: str


@frozen
class CrossingOf:
    """Totals at the first, second … step of age, and the resolved measure that they are to reach."""

    parts: tuple[Leaf, ...]
    level: Node


@frozen
class MonthlyOf:
    """A resolved measure in each month of the longest period, in order."""

    parts: tuple[Node, ...]


@frozen
class SurvivalOf:
    """What is watched: by the ages at which that begins, at which it ends, and at which it happened; see `Survival`."""

    entered: Leaf
    left: Leaf
    happened: Leaf
    share: Fraction | None


Node: TypeAlias = "Leaf | Number | TargetOf | CorrelationOf | Operation | Extreme | RootOf | MeanOf | MonthlyOf | CrossingOf | SurvivalOf"


@frozen
class Resolved:
    """What is asked for, settled.

    Args:
        indicator: The indicator.
        node: Its measure.
        by: Break-downs, in order.
        least_sample: Below this denominator, or count, a result is flagged.
    """

    indicator: Indicator
    node: Node
    by: tuple[str, ...]
    least_sample: int


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves under a node, from left to right."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Operation):
        yield from leaves(node.left)
        yield from leaves(node.right)
    elif isinstance(node, Extreme | MonthlyOf):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, RootOf):
        yield from leaves(node.measure)
        yield from leaves(node.degree)
    elif isinstance(node, MeanOf):
        yield from leaves(node.measure)
    elif isinstance(node, CrossingOf):
        yield from node.parts
        yield from leaves(node.level)
    elif isinstance(node, SurvivalOf):
        yield from (node.entered, node.left, node.happened)
