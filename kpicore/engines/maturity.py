"""How long after its time a row is final: as declared, or as far as its matches look ahead."""

from __future__ import annotations

from attrs import frozen

from kpicore.definitions.algebra.measures import Aggregate
from kpicore.engines.expressions import Compiler
from kpicore.engines.windows import Span


@frozen
class Horizon:
    """When what happens in a window is final.

    Args:
        wait: µs after a row's time, or after the window's end.
        next_period: Whether it takes until the end of the next period.
    """

    wait: int = 0
    next_period: bool = False

    def matured(self, span: Span) -> int:
        """The instant from which every row of the window is final."""
        return max(span.end + self.wait, span.next_end if self.next_period else span.end)

    def begins(self, span: Span) -> int:
        """The instant before which no row of the window can be final."""
        return span.start + self.matured(span) - span.end


def horizon(aggregate: Aggregate, compiler: Compiler) -> Horizon:
    """The horizon of an aggregate.

    Args:
        aggregate: The aggregate; `matures` and the `high` of its matches count.
        compiler: For its expressions.
    """
    wait = 0 if aggregate.matures is None else compiler.duration(aggregate.matures)
    later = False
    for match in aggregate.match:
        if match.high is not None:
            wait = max(wait, compiler.reach(match.high))
            later |= compiler.ends_late(match.high)
    return Horizon(wait, later)
