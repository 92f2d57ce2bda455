"""Bars that lead from one number to another, step by step: how a total is built, and how it moved."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from attrs import define
from markupsafe import Markup

from kpicore.reports.drawn import Piece, Scale, axis, bar
from kpicore.reports.report.reading import Reading


@define(frozen=True, slots=False)
class Step:
    """A row of a bar chart that leads from one number to another.

    Args:
        name: What it is.
        note: What is said beside it.
        start, end: From and to.
        style: How it is drawn.
        said: The points, as they are read.
        whole: Whether it is a total and no step.
    """

    name: str
    note: str
    start: Decimal
    end: Decimal
    style: str
    said: str
    whole: bool = False


@define(frozen=True, slots=False)
class Chart:
    """Steps on one scale."""

    steps: tuple[Step, ...]
    marks: tuple[Decimal, ...] = ()

    @cached_property
    def scale(self) -> Scale:
        """The scale that all rows share."""
        return Scale.over([*self.marks, *(side for step in self.steps for side in (step.start, step.end))])

    @property
    def axis(self) -> Markup:
        """The numbers over the bars."""
        return axis(self.scale)

    def bar(self, step: Step) -> Markup:
        """The bar of a step."""
        return bar(self.scale, [Piece(step.start, step.end, step.style)], self.marks)


def one_step(name: str, note: str, start: Decimal, points: Decimal, one: Reading) -> Step:
    """A step up or down."""
    return Step(name, note, start, start + points, "up" if points > 0 else "down", one.points(points))
