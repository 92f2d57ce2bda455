"""The facts that benchmarks run on: a marketing organisation of any size, made from a seed, as Arrow tables.

At 10 million facts: 2 M leads, 1 M won deals, 1 M orders, the rest visits, touches, content, spend and complaints; 1,000
people in 40 teams over 24 months. Ids are realistic in length, keys come in no order, every column is made at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

DAY_US = 86_400_000_000
START_US = 1_704_067_200_000_000  # 2024-01-01T00:00Z
DAYS = 731  # to 2025-12-31: 24 months
PEOPLE = 1000
TEAMS = 40

#: Share of each fact type among all facts.
SHARES = {
    "lead_created": 0.20,
    "deal_won": 0.10,
    "order_paid": 0.10,
    "visit_started": 0.30,
    "touch_recorded": 0.24,
    "content_published": 0.01,
    "spend_booked": 0.03,
    "complaint_opened": 0.02,
}

Ints = NDArray[np.int64]


def ids(prefix: str, numbers: Ints) -> pa.Array:
    """`L-0000017` for 17: ids of fixed width."""
    text = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width=8, padding="0")
    return pc.binary_join_element_wise(prefix, text, "-")


def people(numbers: Ints) -> pa.Array:
    """`P-0017` for 17."""
    names = pa.array([f"P-{n:04d}" for n in range(PEOPLE)])
    return names.take(pa.array(numbers))


def named(rng: np.random.Generator, size: int, prefix: str, kinds: int) -> pa.Array:
    """One of `kinds` names a row."""
    return pa.array([f"{prefix}-{n:03d}" for n in range(kinds)]).take(pa.array(rng.integers(0, kinds, size)))


def money(rng: np.random.Generator, size: int, most: int) -> pa.Array:
    """Amounts with two places up to `most`, as decimal(18, 4)."""
    cents = pa.array(rng.integers(100, most * 100, size)).cast(pa.decimal128(19, 0))
    return pc.multiply(cents, pa.scalar(Decimal("0.01"))).cast(pa.decimal128(18, 4))


def instants(rng: np.random.Generator, size: int) -> pa.Array:
    """Instants spread over the 24 months."""
    return pa.array(START_US + rng.integers(0, DAYS * DAY_US, size)).cast(pa.timestamp("us", "UTC"))


def _common(rng: np.random.Generator, size: int) -> dict[str, pa.Array]:
    return {"occurred_at": instants(rng, size), "owner_id": people(rng.integers(0, PEOPLE, size))}


def _leads(rng: np.random.Generator, keys: Ints, total: int) -> dict[str, pa.Array]:
    size = len(keys)
    return {
        "lead_id": ids("L", keys),
        "contact_key": ids("K", rng.integers(0, max(1, total // 6), size)),
        "channel_id": named(rng, size, "channel", 12),
        "campaign_id": named(rng, size, "campaign", 200),
        "region_id": named(rng, size, "region", 30),
    }


def _deals(rng: np.random.Generator, keys: Ints, total: int) -> dict[str, pa.Array]:
    size = len(keys)
    return {
        "deal_id": ids("D", keys),
        "lead_id": ids("L", rng.integers(0, max(1, total // 5), size)),
        "customer_id": ids("C", rng.integers(0, max(1, total // 50), size)),
        "amount": money(rng, size, 20_000),
        "currency": pa.array(["TWD"]).take(pa.array(np.zeros(size, np.int64))),
    }


def _orders(rng: np.random.Generator, keys: Ints, total: int) -> dict[str, pa.Array]:
    size = len(keys)
    return {
        "order_id": ids("O", keys),
        "customer_id": ids("C", rng.integers(0, max(1, total // 50), size)),
        "gross": money(rng, size, 5_000),
        "cogs": money(rng, size, 3_000),
        "currency": pa.array(["TWD"]).take(pa.array(np.zeros(size, np.int64))),
        "channel_id": named(rng, size, "channel", 12),
        "campaign_id": named(rng, size, "campaign", 200),
    }


def _visits(rng: np.random.Generator, keys: Ints, total: int) -> dict[str, pa.Array]:
    size = len(keys)
    return {
        "session_id": ids("S", keys),
        "visitor_id": ids("V", rng.integers(0, max(1, total // 10), size)),
        "store_id": named(rng, size, "store", 20),
    }


def _touches(rng: np.random.Generator, keys: Ints, total: int) -> dict[str, pa.Array]:
    size = len(keys)
    return {
        "touch_id": ids("T", keys),
        "contact_key": ids("K", rng.integers(0, max(1, total // 6), size)),
        "channel_id": named(rng, size, "channel", 12),
        "campaign_id": named(rng, size, "campaign", 200),
        "kind": pa.array(["click", "view", "direct", "reply"]).take(pa.array(rng.integers(0, 4, size))),
    }


def _contents(rng: np.random.Generator, keys: Ints, total: int) -> dict[str, pa.Array]:
    del total
    size = len(keys)
    return {
        "content_id": ids("N", keys),
        "type": pa.array(["article", "whitepaper", "video"]).take(pa.array(rng.integers(0, 3, size))),
        "platform": pa.array(["wechat_oa", "xiaohongshu", "website"]).take(pa.array(rng.integers(0, 3, size))),
    }


def _spend(rng: np.random.Generator, keys: Ints, total: int) -> dict[str, pa.Array]:
    del total
    size = len(keys)
    return {
        "spend_id": ids("E", keys),
        "amount": money(rng, size, 50_000),
        "currency": pa.array(["TWD"]).take(pa.array(np.zeros(size, np.int64))),
        "cost_type": pa.array(["media", "content", "labour"]).take(pa.array(rng.integers(0, 3, size))),
        "channel_id": named(rng, size, "channel", 12),
        "campaign_id": named(rng, size, "campaign", 200),
    }


def _complaints(rng: np.random.Generator, keys: Ints, total: int) -> dict[str, pa.Array]:
    size = len(keys)
    return {
        "complaint_id": ids("X", keys),
        "order_id": ids("O", rng.integers(0, max(1, total // 10), size)),
        "customer_id": ids("C", rng.integers(0, max(1, total // 50), size)),
        "severity": pa.array(rng.integers(1, 5, size)),
        "valid": pa.array(rng.random(size) < 0.8),
    }


MAKERS: dict[str, Callable[[np.random.Generator, Ints, int], dict[str, pa.Array]]] = {
    "lead_created": _leads,
    "deal_won": _deals,
    "order_paid": _orders,
    "visit_started": _visits,
    "touch_recorded": _touches,
    "content_published": _contents,
    "spend_booked": _spend,
    "complaint_opened": _complaints,
}


def table(fact_type: str, rows: int, *, total: int, seed: int = 1, keys: Ints | None = None) -> pa.Table:
    """`rows` facts of one type in a ledger of `total` facts; `keys` numbers them (default: all, shuffled)."""
    rng = np.random.default_rng([seed, sorted(MAKERS).index(fact_type)])
    numbers = rng.permutation(rows) if keys is None else keys
    columns = MAKERS[fact_type](rng, numbers, total)
    return pa.table({**columns, **_common(rng, rows)})


def ledger_tables(total: int, *, seed: int = 1) -> Iterator[tuple[str, pa.Table]]:
    """Each fact type with its table; together `total` facts."""
    for fact_type, share in SHARES.items():
        yield fact_type, table(fact_type, round(total * share), total=total, seed=seed)


def corrections(fact_type: str, rows: int, *, total: int, share: float = 0.01, seed: int = 2) -> pa.Table:
    """New versions of `share` of the rows: the same keys with other values."""
    rng = np.random.default_rng([seed, 99])
    keys = rng.choice(rows, max(1, round(rows * share)), replace=False)
    return table(fact_type, len(keys), total=total, seed=seed, keys=keys)


def assignments(size: int = PEOPLE) -> pa.Table:
    """Each of the first `size` people in one team from the first day."""
    numbers = np.arange(size)
    first = pa.array(np.full(size, START_US)).cast(pa.timestamp("us", "UTC"))
    return pa.table(
        {
            "employee_id": people(numbers),
            "role": pa.array(["sales"]).take(pa.array(np.zeros(size, np.int64))),
            "team_id": pa.array([f"team-{n % TEAMS:02d}" for n in numbers]),
            "effective_from": first,
            "occurred_at": first,
        }
    )
