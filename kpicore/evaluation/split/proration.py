"""Proration: what grows with the days that somebody is there is compared with the same share of its target.

Volumes prorate: counts and money that add up over time. Rates, averages, scores, growth, and what is counted at an
instant (members at the end of a period) do not. The attainment is that of value × days of the period ÷ days of the segment
against the target of the whole period, in one exact quotient: so a target, a zero point and every other mark of a curve
prorate alike, and nothing is rounded on the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve

from kpicore.definitions.indicators import Level
from kpicore.engines.resolve import resolve
from kpicore.engines.resolved import Leaf, Node, Number, Operation
from kpicore.evaluation.measuring.measure import Request
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.cells import Cells, Column

if TYPE_CHECKING:
    from kpicore.definitions.book import Definitions
    from kpicore.evaluation.measuring.measure import TargetLookup
    from kpicore.evaluation.world import World
    from kpicore.periods import Period

__all__ = ["TARGET_PLACES", "prorated", "prorates", "targets_of_parts", "to_whole"]

#: Units of what may prorate.
_VOLUMES = ("count", "money")
#: Places to which a prorated target is rounded for reading, half-even.
TARGET_PLACES = 12


def prorates(book: Definitions, request: Request, level: Level) -> bool:
    """Whether what is measured grows with the days that it is measured over.

    Args:
        book: The definitions.
        request: What is measured.
        level: person, team or company.
    """
    resolved = resolve(book, request.indicator, request.params, request.credit, (), level)
    return resolved.indicator.unit in _VOLUMES and _adds_up(resolved.node)


def to_whole(cells: Cells, days: int, whole: int) -> Cells:
    """A volume as it is scored: the same pace over the whole period.

    Args:
        cells: What was measured in a segment.
        days: Days of the segment.
        whole: Days of the period.
    """
    ones = Column.same(Decimal(1), len(cells))
    below = cells.denominator.numbers.where(~cells.denominator.null, ones.numbers)
    above, share = cells.numerator.numbers * Fixed.of(whole), below * Fixed.of(days)
    valued = ~cells.value.null & ~cells.numerator.null
    value = above.divided(share.where(share.signs() > 0, Fixed.of(1)), TARGET_PLACES)
    return evolve(
        cells,
        numerator=Column(above, cells.numerator.null),
        denominator=Column(share, cells.numerator.null),
        value=Column(value.where(valued, cells.value.numbers), cells.value.null),
    )


def prorated(targets: Column, days: int, whole: int) -> Column:
    """Targets of a segment, as they are read."""
    return Column((targets.numbers * Fixed.of(days)).divided(Fixed.of(whole), TARGET_PLACES), targets.null)


def targets_of_parts(world: World, windows: Iterable[Period], whole: Period) -> TargetLookup:
    """What measures over targets look up in parts of a period.

    It is the target of the whole period that is in force on the first day of the part, and of a volume its share by days.

    Args:
        world: Its targets.
        windows: The parts.
        whole: The period.
    """
    parts = {window.id: window for window in windows}
    every = whole.days
    volumes: dict[str, bool] = {}

    def target(indicator: str, level: Level, subject: str | None, period_id: str) -> Decimal | None:
        window = parts[period_id]
        start = world.calendar.bounds(window).start_us
        found = world.targets.at((indicator, level, subject, whole.id), start)
        days = window.days
        if found is None or days == every:
            return found
        if indicator not in volumes:
            volumes[indicator] = prorates(world.definitions, Request(indicator), level)
        if not volumes[indicator]:
            return found
        [share] = prorated(Column.of([found]), days, every).decimals()
        return share

    return target


def _adds_up(node: Node) -> bool:
    """Whether a measure's values in two stretches of time sum to its value in both."""
    if isinstance(node, Leaf):
        return node.aggregate.at == "in" and not node.windows
    if isinstance(node, Operation):
        if node.op in ("+", "-"):
            return _adds_up(node.left) and _adds_up(node.right)
        if node.op == "*":
            pair = (node.left, node.right)
            return any(_adds_up(one) and _constant(other) for one, other in (pair, pair[::-1]))
        return _adds_up(node.left) and _constant(node.right)
    return False


def _constant(node: Node) -> bool:
    return isinstance(node, Number) and node.value not in ("days", "months")
