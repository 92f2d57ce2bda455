"""What depends on the instant of the cut: expressions that name it, and counting without rows that are too young."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kpicore.engines.resolved import Leaf


def texts(leaf: Leaf) -> Iterator[str]:
    """The expressions of a leaf."""
    aggregate = leaf.aggregate
    yield from filter(None, (aggregate.of, aggregate.where, *leaf.by))
    for match in aggregate.match:
        yield from filter(None, (match.low, match.high, match.at, match.where, match.of, match.least))


def names_cut(leaf: Leaf) -> bool:
    """Whether an expression of a leaf names the instant of the cut."""
    return any("$as_of" in text for text in texts(leaf))


def ages(leaves: Iterable[Leaf]) -> bool:
    """Whether what is compiled of some leaves depends on the instant of the cut."""
    return any(leaf.aggregate.young == "drop" or names_cut(leaf) for leaf in leaves)
