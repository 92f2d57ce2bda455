"""How measures are written: counts, totals, conditions on other sources, rates and growth in one call each."""

from __future__ import annotations

from typing import Any

import attrs

from kpicore.definitions.algebra.measures import (
    YEAR_BEFORE,
    Aggregate,
    Arithmetic,
    Extremum,
    Match,
    Measure,
    Operand,
    Over,
    Window,
    lift,
)

__all__ = [
    "count",
    "distinct",
    "during",
    "growth",
    "holds",
    "largest",
    "part",
    "quantile",
    "rate",
    "smallest",
    "total",
    "within",
]


def count(source: str, **options: Any) -> Aggregate:
    """How many rows: `count("deal_won", where="amount > 0")`.

    Args:
        source: A fact type or relation.
        options: `where`, `match`, `at`, `time`, `credit`, `matures`, `young` of `Aggregate`.
    """
    return Aggregate("count", source, **options)


def distinct(source: str, of: str, **options: Any) -> Aggregate:
    """How many different values of `of`, recomputed at every level.

    Args:
        source: A fact type or relation.
        of: One or more columns, `customer_id, channel_id`.
        options: As of `count`.
    """
    return Aggregate("distinct", source, of, **options)


def total(source: str, of: str, **options: Any) -> Aggregate:
    """The sum of an integer or decimal expression: `total("deal_won", "amount")`.

    Args:
        source: A fact type or relation.
        of: The expression, SQL over its columns.
        options: As of `count`.
    """
    return Aggregate("total", source, of, **options)


def quantile(source: str, of: str, share: str, **options: Any) -> Aggregate:
    """The value below which a share of all values lies: `quantile("lead_deal", "occurred_at - lead_at", "0.5")`.

    Args:
        source: A fact type or relation.
        of: The values, SQL over its columns.
        share: Above 0 and below 1; `0.5` is the median.
        options: As of `count`.
    """
    return Aggregate("quantile", source, of, share=share, **options)


def within(source: str, on: str | tuple[str, ...], horizon: str, **options: Any) -> Match:
    """Met at or after the row's own time, no later than `horizon` after it.

    Args:
        source: The other source: a fact type or relation.
        on: Columns that are equal on both sides.
        horizon: A parameter of the kind duration, `$horizon`, or another span in SQL.
        options: `where`, `of`, `least`, `absent` and `bounds` of `Match`.
    """
    return Match(source, on, low="occurred_at", high=f"occurred_at + {horizon}", **options)


def during(source: str, on: str | tuple[str, ...], **options: Any) -> Match:
    """Met inside the period.

    Args:
        source: The other source: a fact type or relation.
        on: Columns that are equal on both sides.
        options: `where`, `of`, `least` and `absent` of `Match`.
    """
    return Match(source, on, low="period_start", high="period_end", bounds="[)", **options)


def holds(source: str, on: str | tuple[str, ...], at: str, **options: Any) -> Match:
    """Met by a spell that holds at an instant.

    Args:
        source: A relation of spells.
        on: Columns that are equal on both sides.
        at: The instant, SQL over the counted row (and `period_start` …).
        options: `where`, `of`, `least` and `absent` of `Match`.
    """
    return Match(source, on, at=at, **options)


def rate(base: Aggregate, match: Match) -> Arithmetic:
    """How much of `base` is met by `match`.

    Args:
        base: The denominator.
        match: What a row of it has to meet to be in the numerator, too.
    """
    return attrs.evolve(base, match=(*base.match, match)) / base


def part(base: Aggregate, where: str) -> Arithmetic:
    """How much of `base` meets a condition.

    Args:
        base: The denominator.
        where: What a row of it has to meet to be in the numerator, too, SQL over its columns.
    """
    both = f"({base.where}) and ({where})" if base.where else where
    return attrs.evolve(base, where=both) / base


def growth(measure: Measure, against: Window = YEAR_BEFORE) -> Arithmetic:
    """Relative growth against another window: (now − then) / then.

    Args:
        measure: What grows.
        against: The window; the default is the same period a year before, `PRIOR` the period before.
    """
    return (measure - Over(measure, against)) / Over(measure, against)


def smallest(*measures: Operand, skip: bool = False) -> Extremum:
    """The smallest of several measures.

    Args:
        measures: Measures or numbers.
        skip: Whether an empty one does not count; else the whole is empty.
    """
    return Extremum("min", tuple(lift(measure) for measure in measures), skip)


def largest(*measures: Operand, skip: bool = False) -> Extremum:
    """The largest of several measures.

    Args:
        measures, skip: As of `smallest`.
    """
    return Extremum("max", tuple(lift(measure) for measure in measures), skip)
