"""E-commerce indicators, counted a second time by hand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from kpicore.definitions.indicators import LEVELS
from kpicore_ecommerce import provide_definitions
from tests.oracles.agreement import Case, disagreements, indicators
from tests.oracles.books import Books
from tests.oracles.desk import DAY, HOUR, PERIODS, Row, Tally, local, periods_of
from tests.oracles.studio import Studio

INDICATORS = indicators(provide_definitions())

MODELS = ("last", "first", "linear", "u", "decay")
BEFORE = {
    "period_before": {"2026-01": (local(2025, 12), local(2026, 1))}
    | {f"2026-{month:02}": PERIODS[f"2026-{month - 1:02}"] for month in (2, 3)},
    "year_before": {name: (local(2025, int(name[-2:])), local(2025, int(name[-2:]) + 1)) for name in PERIODS},
}


@cache
def identities(books: Books) -> dict[tuple[str, str], str]:
    """The customers whom contacts and visitors were last linked to."""
    links = sorted(books.rows["identity_linked"], key=lambda row: (row["occurred_at"], row["source"]))
    return {(row["kind"], row["id"]): row["customer_id"] for row in links}


def customer(books: Books, kind: str, name: str | None) -> str | None:
    return identities(books).get((kind, name or ""))


def store_uv_growth_rate(books: Books, tally: Tally, against: str = "period_before") -> None:
    now, then = (Tally(tally.desk, tally.level, tally.credit, tally.by) for _ in range(2))
    for visit in books.rows["visit_started"]:
        if visit["bot"] or visit["store_id"] is None or visit["visitor_id"] is None:
            continue
        who = (visit["store_id"], visit["visitor_id"])
        for period in periods_of(visit["occurred_at"]):
            now.note(0, period, visit, who)
        for period, (start, end) in BEFORE[against].items():
            if start <= visit["occurred_at"] < end:
                then.note(0, period, visit, who)
    for key in now.keys() | then.keys():
        (new, _), (old, _) = now.cell(key), then.cell(key)
        tally.sums[key] = [new - old, old]


def homepage_conversion_rate(books: Books, tally: Tally, unit: str = "visitor", after: str = "24h") -> None:
    for view in books.rows["page_viewed"]:
        if view["page"] != "home" or view["bot"]:
            continue
        who = customer(books, "visitor", view["visitor_id"])
        paid = any(
            order["customer_id"] == who and 0 <= order["occurred_at"] - view["occurred_at"] <= int(after[:-1]) * HOUR
            for order in books.orders
            if who is not None
        )
        for period in periods_of(view["occurred_at"]):
            tally.add(1, period, view, 0)
            if view[f"{unit}_id"] is not None:
                tally.note(1, period, view, view[f"{unit}_id"])
                if paid:
                    tally.note(0, period, view, view[f"{unit}_id"])


def dormant_customer_wakeup_rate(
    books: Books, tally: Tally, wake: str = "order", population: str = "all", dormant: str = "180d"
) -> None:
    kept = [order for order in books.orders if order["kept"] and order["customer_id"] is not None]
    for period, (start, end) in PERIODS.items():
        woken, touched = set(), set()
        for order in kept:
            if wake == "order" and start <= order["occurred_at"] < end:
                woken.add(order["customer_id"])
        for row in books.rows["interaction_logged"]:
            who = row.get("customer_id") or customer(books, "contact", row.get("contact_key"))
            counts = row["kind"] in ("consult", "sign_in", "review")
            if wake == "interaction" and counts and start <= row["occurred_at"] < end:
                woken.add(who)
        for row in books.rows["touch_recorded"]:
            if row["kind"] != "direct" and start <= row["occurred_at"] < end:
                touched.add(customer(books, "contact", row["contact_key"]))
        last = {order["customer_id"]: order for order in kept if order["occurred_at"] < start}
        for who, order in last.items():
            asleep = order["occurred_at"] + int(dormant[:-1]) * DAY < start
            if asleep and (population == "all" or (who in touched) == (population == "touched")):
                tally.add(0, period, order, who in woken, at=start - 1)
                tally.add(1, period, order, at=start - 1)


def community_orders(books: Books, model: str) -> Iterator[tuple[Row, str]]:
    """Orders, and the communities that they are owed to."""
    for order in books.orders:
        if not order["kept"]:
            continue
        shares = books.order_credit(order, model)
        if shares[0][0] is not order:
            yield from ((order, through["community_id"]) for through, _ in shares if through["community_id"])
            continue
        touches = [
            row
            for row in books.rows["touch_recorded"]
            if row["kind"] != "direct"
            and order["customer_id"] is not None
            and customer(books, "contact", row["contact_key"]) == order["customer_id"]
            and 0 <= order["occurred_at"] - row["occurred_at"] <= 30 * DAY
        ]
        touches.sort(key=lambda row: (row["occurred_at"], row["touch_id"], row["source"]))
        counted = {"last": touches[-1:], "first": touches[:1]}.get(model, touches)
        yield from ((order, row["community_id"]) for row in counted if row.get("community_id"))


def person(books: Books, row: Row) -> str:
    """Who somebody is: a customer where that is known."""
    known = row["customer_id"] or customer(books, "contact", row["contact_key"])
    nobody = f"nobody {row.get('membership_id')}"
    return f"customer {known}" if known else f"contact {row['contact_key']}" if row["contact_key"] else nobody


def private_community_conversion_rate(books: Books, tally: Tally, model: str = "last", members: str = "all") -> None:
    bought = [(order["customer_id"], group, order["occurred_at"]) for order, group in community_orders(books, model)]
    for row in books.rows["community_joined"]:
        left = [
            gone["occurred_at"]
            for gone in books.rows["community_left"]
            if gone["membership_id"] == row["membership_id"] and gone["occurred_at"] >= row["occurred_at"]
        ]
        who, group = person(books, row), row["community_id"]
        for period, (start, end) in PERIODS.items():
            if row["occurred_at"] >= end or (left and min(left) <= start):
                continue
            active = any(
                done["community_id"] == group and person(books, done) == who and start <= done["occurred_at"] < end
                for done in books.rows["interaction_logged"]
                if done.get("community_id")
            )
            if members == "active" and not active:
                continue
            at = max(row["occurred_at"], start)
            tally.note(1, period, row, who, at=at)
            if any(f"customer {one}" == who and of == group and start <= t < end for one, of, t in bought):
                tally.note(0, period, row, who, at=at)


STORE: dict[str, Any] = {"credit": "store_id", "by": ("store_id",)}
GROUP: dict[str, Any] = {"credit": "community_id", "by": ("community_id",)}
CASES = [
    *(Case("store_uv_growth_rate", store_uv_growth_rate, {"against": name}, **STORE) for name in BEFORE),
    *(Case("store_uv_growth_rate", store_uv_growth_rate, {"against": name}) for name in BEFORE),
    Case("store_uv_growth_rate", store_uv_growth_rate, {}, "channel_id"),
    *(Case("homepage_conversion_rate", homepage_conversion_rate, {"unit": name}) for name in ("visitor", "session")),
    Case("homepage_conversion_rate", homepage_conversion_rate, **STORE),
    Case("homepage_conversion_rate", homepage_conversion_rate, {"after": "1h"}, "store_id", ("channel_id",)),
    *(
        Case("dormant_customer_wakeup_rate", dormant_customer_wakeup_rate, {"wake": wake, "population": population})
        for wake in ("order", "interaction")
        for population in ("all", "touched", "held_out")
    ),
    Case("dormant_customer_wakeup_rate", dormant_customer_wakeup_rate, {"dormant": "30d", "population": "touched"}),
    *(Case("private_community_conversion_rate", private_community_conversion_rate, {"model": name}) for name in MODELS),
    Case("private_community_conversion_rate", private_community_conversion_rate, {"model": "u"}, **GROUP),
    Case("private_community_conversion_rate", private_community_conversion_rate, {"members": "active"}),
    Case("private_community_conversion_rate", private_community_conversion_rate, {"members": "active"}, **GROUP),
]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_measured_is_what_is_counted_by_hand(seed: int, level: str) -> None:
    assert disagreements(Studio(seed), INDICATORS, CASES, level) == []


def test_every_indicator_is_counted_by_hand() -> None:
    assert {f"ecommerce.{case.indicator}" for case in CASES} == {found.id for found in INDICATORS}
