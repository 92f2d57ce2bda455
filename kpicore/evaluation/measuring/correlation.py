"""Rank correlations over sealed scores: exact ranks, one rounded root, and how sure it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve

from kpicore.definitions.algebra.measures import Window
from kpicore.engines.resolved import CorrelationOf
from kpicore.evaluation.numbers.exact import root
from kpicore.periods import Period

if TYPE_CHECKING:
    from kpicore.evaluation.world import World

PLACES = 12
#: How many standard errors hold so much of a normal distribution.
ERRORS: Mapping[str, Decimal] = {
    "0.9": Decimal("1.64485362695147271486"),
    "0.95": Decimal("1.95996398454005423552"),
    "0.99": Decimal("2.57582930354890076097"),
}
#: Digits in between, of which the places of the result are rounded once.
_DIGITS = 50


def correlated(world: World, node: CorrelationOf, period: Period) -> tuple[int | None, int]:
    """What is asked for in units of 10⁻¹², None where there is none, and the number of pairs.

    Args:
        world: Its sealed scores are read. Of several scorecards of a subject and period the first by id counts.
        node: Which indicators of which scorecards.
        period: Sealed periods that close inside it count.
    """
    within = world.calendar.bounds(period)
    lines = world.sealed_lines
    ends = lines.column("ends_at")
    closing = pc.and_(pc.greater(ends, within.start_us), pc.less_equal(ends, within.end_us))
    own = _attained(lines, node.indicator, node.level, closing)
    moved: dict[tuple[int, int], tuple[int, int]] = {}
    for (_, *span), row in own.items():
        if tuple(span) not in moved:
            moved[span[0], span[1]] = _later(world, row["period"], node.lag) if node.lag else (span[0], span[1])
    wanted = pa.array(sorted({end for _, end in moved.values()}), pa.int64())
    others = _attained(lines, node.outcome, node.level, pc.is_in(ends, value_set=wanted))
    pairs = [
        (row["attainment"], others[subject, *moved[start, end]]["attainment"])
        for (subject, start, end), row in own.items()
        if (subject, *moved[start, end]) in others
    ]
    if node.figure == "pairs":
        return len(pairs) * 10**PLACES, len(pairs)
    rho = spearman(pairs) if len(pairs) >= node.least else None
    if rho is None or node.figure == "rho":
        return rho, len(pairs)
    return interval(rho, len(pairs), node.confidence)[node.figure == "high"], len(pairs)


def _attained(
    lines: pa.Table, indicator: str, level: str, where: pa.ChunkedArray
) -> dict[tuple[str | None, int, int], dict[str, Any]]:
    """What was attained in an indicator, by subject and bounds of the period."""
    wanted = pc.and_(pc.equal(lines.column("indicator"), indicator), pc.equal(lines.column("level"), level))
    wanted = pc.and_(pc.and_(wanted, where), pc.is_valid(lines.column("attainment")))
    found: dict[tuple[str | None, int, int], dict[str, Any]] = {}
    for row in sorted(lines.filter(wanted).to_pylist(), key=lambda row: (row["scorecard"], row["line"])):
        found.setdefault((row["subject"], row["starts_at"], row["ends_at"]), row)
    return found


def spearman(pairs: Sequence[tuple[int, int]]) -> int | None:
    """Pearson's correlation of the ranks in units of 10⁻¹², rounded half-even; ties share their mean rank.

    None where all values of one side are equal.
    """
    left, right = _ranks([one for one, _ in pairs]), _ranks([other for _, other in pairs])
    together = sum(one * other for one, other in zip(left, right, strict=True))
    spread = sum(one * one for one in left) * sum(other * other for other in right)
    if not spread:
        return None
    size = root(together * together, spread, 2, PLACES)
    return size if together >= 0 else -size


def interval(rho: int, pairs: int, confidence: str) -> tuple[int | None, int | None]:
    """The ends of a confidence interval of ρ in units of 10⁻¹², rounded half-even; None where it has none.

    Fisher's z with the standard error of Bonett and Wright, Psychometrika 65 (2000).

    Args:
        rho: ρ in units of 10⁻¹².
        pairs: Of how many pairs it is.
        confidence: One of `ERRORS`.
    """
    one = 10**PLACES
    if abs(rho) == one or pairs <= 3:
        return None, None
    with localcontext(prec=_DIGITS, rounding=ROUND_HALF_EVEN):
        value = Decimal(rho) / one
        z = ((1 + value) / (1 - value)).ln() / 2
        error = ((1 + value * value / 2) / (pairs - 3)).sqrt() * ERRORS[confidence]
        low, high = (_tanh(z + sign * error) for sign in (-1, 1))
        return int((low * one).to_integral_value()), int((high * one).to_integral_value())


def _tanh(value: Decimal) -> Decimal:
    grown = (2 * value).exp()
    return (grown - 1) / (grown + 1)


def _ranks(values: Sequence[int]) -> list[int]:
    """Twice the rank of each value, less twice the mean rank."""
    counts, below, ranks = Counter(values), 0, {}
    for value in sorted(counts):
        ranks[value] = 2 * below + counts[value] - len(values)
        below += counts[value]
    return [ranks[value] for value in values]


def _later(world: World, name: str, periods: int) -> tuple[int, int]:
    """The bounds of the period so many periods later."""
    window = Window(f"start + {periods} period", f"end + {periods} period")
    # Bounds are known by period id: another period is asked for under another.
    moved = evolve(world.calendar.window(world.calendar.period(name), window, {}), id=f"{name}, {periods} later")
    bounds = world.calendar.bounds(moved)
    return bounds.start_us, bounds.end_us
