"""Columns drawn at random, each made at once: ids, names, money, instants, and nulls where sources leave gaps."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tests.benchmarks.facts import DAY_US, DAYS, PEOPLE, START_US, TEAMS, ids, people

Ints: TypeAlias = "NDArray[np.int64]"
Mask: TypeAlias = "NDArray[np.bool_]"

END_US = START_US + DAYS * DAY_US
HOUR_US = DAY_US // 24


class Draw:
    """A source of columns of one length.

    Args:
        name: What is drawn; each name has its own random numbers, so that one table does not change another.
        size: Rows.
    """

    def __init__(self, name: str, size: int) -> None:
        self.rng = np.random.default_rng(list(name.encode()))
        self.size = max(1, size)

    def upto(self, most: int) -> Ints:
        """Numbers from 0 up to `most`, exclusive."""
        return self.rng.integers(0, max(1, most), self.size)

    def keys(self) -> Ints:
        """Each number once, in no order."""
        return self.rng.permutation(self.size)

    def chance(self, share: float) -> Mask:
        """True for a share of the rows."""
        found: Mask = self.rng.random(self.size) < share
        return found

    def times(self) -> Ints:
        """Instants spread over the 24 months."""
        return START_US + self.rng.integers(0, DAYS * DAY_US, self.size)

    def after(self, times: Ints, days: float) -> Ints:
        """Instants after others, so many days later on average, before the end."""
        later = times + (self.rng.exponential(days, self.size) * DAY_US).astype(np.int64)
        return np.minimum(later, END_US - 1)

    def money(self, most: int) -> pa.Array:
        """Amounts with two places."""
        return amounts(self.rng.integers(100, most * 100, self.size))

    def one_of(self, words: Sequence[Any], share: float = 1.0) -> pa.Array:
        """One of several values a row; null for the rest of the share."""
        return self.some(pa.array(words).take(pa.array(self.upto(len(words)))), share)

    def person(self, share: float = 0.98) -> pa.Array:
        """Somebody; nobody for the rest of the share."""
        return self.some(people(self.upto(PEOPLE)), share)

    def team(self, share: float = 0.9) -> pa.Array:
        """A team."""
        return self.some(teams(self.upto(TEAMS)), share)

    def some(self, values: pa.Array, share: float) -> pa.Array:
        """The values, null for the rest of the share."""
        return values if share >= 1 else nulled(values, ~self.chance(share))


def nulled(values: pa.Array, gone: Mask) -> pa.Array:
    """The values with nulls where `gone` is true."""
    return pc.if_else(pa.array(gone), pa.scalar(None, values.type), values)


def amounts(cents: Ints) -> pa.Array:
    """Cents as decimal(18, 4)."""
    whole = pa.array(cents).cast(pa.decimal128(19, 0))
    return pc.multiply(whole, pa.scalar(Decimal("0.01"))).cast(pa.decimal128(18, 4))


def instants(times: Ints) -> pa.Array:
    """µs UTC as instants."""
    return pa.array(times).cast(pa.timestamp("us", "UTC"))


def teams(numbers: Ints) -> pa.Array:
    """`team-07` for 7."""
    return pa.array([f"team-{n:02d}" for n in range(TEAMS)]).take(pa.array(numbers))


def named(prefix: str, numbers: Ints, kinds: int) -> pa.Array:
    """`channel-003` for 3."""
    return pa.array([f"{prefix}-{n:03d}" for n in range(kinds)]).take(pa.array(numbers % kinds))


def currency(size: int) -> pa.Array:
    """All in the base currency, which is how most organisations keep their books."""
    return pa.array(["TWD"]).take(pa.array(np.zeros(size, np.int64)))


__all__ = [
    "DAY_US",
    "END_US",
    "HOUR_US",
    "PEOPLE",
    "START_US",
    "TEAMS",
    "Draw",
    "Ints",
    "Mask",
    "amounts",
    "currency",
    "ids",
    "instants",
    "named",
    "nulled",
    "people",
    "teams",
]
