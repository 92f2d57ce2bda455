"""Laws of measuring: what must not matter does not, and levels add up."""

import random
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import Match, count, distinct, duration, growth, part, rate, total, within
from kpicore.definitions.algebra.measures import PRIOR, Whole
from kpicore.engines.duckdb import DuckDBEngine
from kpicore.evaluation.measuring.measure import Request, measure
from tests.unit.evaluation.worlds import ENGINE, SmallWorld, indicator

HORIZON = {"horizon": duration("10d")}
INDICATORS = (
    indicator(count("lead_created"), name="law.count", params=HORIZON),
    indicator(total("deal_won", "amount"), name="law.total"),
    indicator(distinct("deal_won", "customer_id"), name="law.distinct"),
    indicator(part(count("deal_won"), "amount > 5"), name="law.part"),
    indicator(rate(count("lead_created"), within("deal_won", "lead_id", "$horizon")), name="law.rate", params=HORIZON),
    indicator(count("lead_created", match=Match("deal_won", "lead_id", absent=True)), name="law.absent"),
    indicator(growth(total("deal_won", "amount"), PRIOR), name="law.growth"),
    indicator(count("deal_won") / Whole(count("deal_won"), ("subject",)), name="law.share"),
    indicator(total("net_order", "net"), name="law.net"),
    indicator(
        rate(
            distinct("order_day", "customer_id"),
            Match("order_day", "customer_id", low="period_start", high="period_end", bounds="[)", least="2"),
        ),
        name="law.repeat",
    ),
)
REQUESTS = [Request(item.id) for item in INDICATORS]

people = st.sampled_from(["ann", "bob", None])
instants = st.integers(0, 80 * 24).map(lambda hours: 1_767_225_600_000_000 + hours * 3_600_000_000)
leads = st.lists(
    st.fixed_dictionaries(
        {"owner_id": people, "occurred_at": instants, "contact_key": st.sampled_from(["x", "y", None])}
    ),
    max_size=6,
)
deals = st.lists(
    st.fixed_dictionaries(
        {
            "owner_id": people,
            "occurred_at": instants,
            "lead_id": st.sampled_from(["lead_created-0", "lead_created-1", None]),
            "customer_id": st.sampled_from(["c", "d", None]),
            "amount": st.sampled_from(["0.0001", "7", "-3", "99999999999999.9999"]),
        }
    ),
    max_size=6,
)
orders = st.lists(
    st.fixed_dictionaries(
        {
            "owner_id": people,
            "occurred_at": instants,
            "customer_id": st.sampled_from(["c", "d"]),
            "gross": st.sampled_from(["1", "2.5"]),
            "cogs": st.sampled_from(["1", None]),
        }
    ),
    max_size=6,
)
refunds = st.lists(
    st.fixed_dictionaries(
        {
            "occurred_at": instants,
            "order_id": st.sampled_from(["order_paid-0", "order_paid-1"]),
            "amount": st.sampled_from(["1", "0.5"]),
        }
    ),
    max_size=3,
)
staff = st.lists(
    st.fixed_dictionaries(
        {
            "employee_id": st.sampled_from(["ann", "bob"]),
            "role": st.just("sales"),
            "team_id": st.sampled_from(["n", "s"]),
            "effective_from": instants,
        }
    ),
    max_size=3,
    unique_by=lambda row: (row["employee_id"], row["effective_from"]),
)
facts = st.fixed_dictionaries(
    {
        "lead_created": leads,
        "deal_won": deals,
        "order_paid": orders,
        "order_refunded": refunds,
        "employee_assigned": staff,
    }
)


def documents(
    rows, level="person", *, engine=ENGINE, order=None, share=True, requests=REQUESTS, periods="2026-01..2026-03"
):
    world = SmallWorld(rows, *INDICATORS, engine=engine, order=order, as_of=1_774_000_000_000_000)
    return [one.to_document() for one in measure(world, requests, world.calendar.series(periods), level, share=share)]


@given(facts, st.randoms(use_true_random=False), st.sampled_from(["person", "team", "company"]))
@settings(max_examples=12)
def test_the_order_of_rows_and_the_sharing_of_scans_do_not_matter(rows, order, level):
    together = documents(rows, level)
    assert documents(rows, level, order=order) == together
    assert documents(rows, level, share=False) == together
    place = order.randrange(len(REQUESTS))
    assert documents(rows, level, requests=[REQUESTS[place]]) == [together[place]]


@given(facts)
@settings(max_examples=10)
def test_periods_measured_together_or_alone_are_the_same(rows):
    together = documents(rows)
    for month in ("2026-01", "2026-03"):
        alone = documents(rows, periods=month)
        for one, both in zip(alone, together, strict=True):
            assert one["rows"] == [row for row in both["rows"] if row["period"] == month]


@given(facts, st.sampled_from(["person", "team"]))
@settings(max_examples=25)
def test_the_company_is_the_sum_of_its_subjects_for_what_adds_up(rows, level):
    additive = [Request(name) for name in ("law.count", "law.total", "law.absent", "law.net")]
    parts = documents(rows, level, requests=additive)
    wholes = documents(rows, "company", requests=additive)
    for several, whole in zip(parts, wholes, strict=True):
        for row in whole["rows"]:
            if row["value"] is not None:
                own = [Decimal(r["value"]) for r in several["rows"] if r["period"] == row["period"]]
                assert sum(own) == Decimal(row["value"])


@pytest.fixture(scope="module")
def many():
    """Enough rows that an engine splits them between threads."""
    chance = random.Random(7)
    hours = range(80 * 24)
    return {
        "lead_created": [
            {
                "owner_id": f"p{chance.randrange(40)}",
                "occurred_at": 1_767_225_600_000_000 + chance.choice(hours) * 3_600_000_000,
            }
            for _ in range(4000)
        ],
        "deal_won": [
            {
                "owner_id": f"p{chance.randrange(40)}",
                "lead_id": f"lead_created-{chance.randrange(4000)}",
                "customer_id": f"c{chance.randrange(300)}",
                "amount": str(Decimal(chance.randrange(10**7)) / 10000),
                "occurred_at": 1_767_225_600_000_000 + chance.choice(hours) * 3_600_000_000,
            }
            for _ in range(4000)
        ],
        "order_paid": [
            {
                "owner_id": f"p{chance.randrange(40)}",
                "customer_id": f"c{chance.randrange(300)}",
                "gross": "2.5",
                "occurred_at": 1_767_225_600_000_000 + chance.choice(hours) * 3_600_000_000,
            }
            for _ in range(4000)
        ],
        "employee_assigned": [
            {"employee_id": f"p{n}", "role": "sales", "team_id": f"t{n % 5}", "effective_from": 1_767_225_600_000_000}
            for n in range(40)
        ],
    }


def test_threads_memory_and_batches_do_not_matter(many):
    usual = documents(many)
    two = DuckDBEngine(threads=2, memory_limit="120MB")
    assert documents(many, engine=two, order=random.Random(3)) == usual
    two.close()
    world = SmallWorld(many, *INDICATORS, as_of=1_774_000_000_000_000)
    for name in ("lead_created", "deal_won", "order_paid"):
        table = world.table(name)
        world._tables[name] = pa.concat_tables([table.slice(n * 7, 7) for n in range(-(-table.num_rows // 7))])
    periods = world.calendar.series("2026-01..2026-03")
    assert [one.to_document() for one in measure(world, REQUESTS, periods)] == usual
