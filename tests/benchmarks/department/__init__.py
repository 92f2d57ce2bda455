"""A marketing organisation of any size with every fact type that the indicators need, made from seeds as Arrow tables.

At 10 million facts: 1,000 people in 40 teams over 24 months, 0.9 M leads, 1.4 M touches, 1 M orders, 2.8 M visits and page
views, and all else that the eight plugins count. What follows something comes after it: a deal after its lead, a refund
after its order.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from tests.benchmarks.department import people
from tests.benchmarks.department.inside import Inside
from tests.benchmarks.department.learning import Learning
from tests.benchmarks.department.market import Market
from tests.benchmarks.department.reach import Reach


def tables(total: int) -> Iterator[tuple[str, pa.Table]]:
    """Each fact type with its table; together about `total` facts."""
    contents = max(10, round(total * 0.01))
    market = Market(total, contents)
    yield from market.tables()
    yield from Reach(total, contents, market.visitors).tables()
    yield from Inside(total, len(market.order_at), market.customers).tables()
    yield from Learning(total, market.customers).tables()
    yield from people.assigned()
