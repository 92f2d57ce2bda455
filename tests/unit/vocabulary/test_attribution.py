"""Credit of leads, orders and customers."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.vocabulary.tables import run

LEAD = {"lead_id": "L", "contact_key": "c", "occurred_at": "2026-03-31", "channel_id": "own", "campaign_id": "spring"}


def touch(number: int, day: str, channel: str | None = None, kind: str | None = "click", **more: Any) -> dict[str, Any]:
    return {
        "touch_id": f"t{number}",
        "contact_key": "c",
        "occurred_at": day,
        "channel_id": channel or f"ch{number}",
        "kind": kind,
        **more,
    }


def shares_of(touches: list[dict[str, Any]], **params: str) -> dict[str, Decimal]:
    facts = {"lead_created": [LEAD], "touch_recorded": touches}
    found = run("lead_credit", facts, "channel_id, credit", **params)
    assert len({channel for channel, _ in found}) == len(found)
    return dict(found)


THREE = [touch(1, "2026-03-10"), touch(2, "2026-03-20"), touch(3, "2026-03-30")]


@pytest.mark.parametrize(
    ("model", "shares"),
    [
        ("last", {"ch3": "1"}),
        ("first", {"ch1": "1"}),
        ("linear", {"ch1": "0.333333333333", "ch2": "0.333333333333", "ch3": "0.333333333334"}),
        ("u", {"ch1": "0.4", "ch2": "0.2", "ch3": "0.4"}),
        # 21, 11 and 1 days before: three, one and no whole half-lives, 1 : 4 : 8
        ("decay", {"ch1": "0.076923076923", "ch2": "0.307692307692", "ch3": "0.615384615385"}),
    ],
)
def test_models_share_a_lead_out_and_the_last_touch_takes_the_remainder(model: str, shares: dict[str, str]) -> None:
    assert shares_of(THREE, model=model) == {channel: Decimal(share) for channel, share in shares.items()}


@pytest.mark.parametrize("page", ["docs/explanation/attribution.md", "docs/zh-Hant/explanation/attribution.md"])
def test_the_page_about_attribution_shows_these_shares(page: str) -> None:
    text = (Path(__file__).parents[3] / page).read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `")]
    shown = {row[0].strip("`"): [Decimal(share) for share in row[2:]] for row in rows if row[0] != "`model`"}
    assert set(shown) == {"last", "first", "linear", "u", "decay"}
    for model, shares in shown.items():
        found = shares_of(THREE, model=model)
        assert [found.get(channel, Decimal(0)) for channel in ("ch1", "ch2", "ch3")] == shares


def test_u_gives_two_touches_half_each_and_one_all() -> None:
    assert shares_of(THREE[:2], model="u") == {"ch1": Decimal("0.5"), "ch2": Decimal("0.5")}
    assert shares_of(THREE[:1], model="u") == {"ch1": Decimal(1)}


def test_touches_count_for_thirty_days_to_the_instant_and_never_after_the_lead() -> None:
    at_the_edge = touch(1, "2026-03-01")
    too_early = touch(2, "2026-02-28T23:59:59")
    with_the_lead = touch(3, "2026-03-31")
    too_late = touch(4, "2026-03-31T00:00:01")
    found = shares_of([at_the_edge, too_early, with_the_lead, too_late], model="linear")
    assert found == {"ch1": Decimal("0.5"), "ch3": Decimal("0.5")}
    assert shares_of([at_the_edge, too_early], model="last", attribution="31d") == {"ch1": Decimal(1)}


def test_direct_touches_do_not_count_and_an_unknown_kind_does() -> None:
    found = shares_of([touch(1, "2026-03-10", kind=None), touch(2, "2026-03-20", kind="direct")])
    assert found == {"ch1": Decimal(1)}


def test_a_lead_without_touches_credits_its_own_origin() -> None:
    found = run("lead_credit", {"lead_created": [LEAD]}, "channel_id, campaign_id, credit")
    assert found == [("own", "spring", Decimal(1))]
    touched = run("lead_credit", {"lead_created": [LEAD], "touch_recorded": THREE}, "channel_id, campaign_id, credit")
    assert touched == [("ch3", None, Decimal(1))]


def test_at_one_instant_the_key_decides_whatever_the_order_of_rows() -> None:
    same = [touch(1, "2026-03-10"), touch(2, "2026-03-10", source="a"), touch(2, "2026-03-10", "ch9", source="b")]
    for rows in (same, same[::-1]):
        assert shares_of(rows) == {"ch9": Decimal(1)}
        assert shares_of(rows, model="first") == {"ch1": Decimal(1)}


def test_content_names_its_author_once_even_if_two_sources_know_it() -> None:
    published = [
        {"content_id": "k", "occurred_at": "2026-02-01", "author_id": "ann", "platform": "blog", "source": "a"},
        {"content_id": "k", "occurred_at": "2026-02-02", "author_id": "bo", "platform": "blog", "source": "b"},
    ]
    facts = {"lead_created": [{**LEAD, "content_id": "k"}], "content_published": published}
    assert run("lead_credit", facts, "author_id, platform, credit") == [("ann", "blog", Decimal(1))]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 40), max_size=9),
    st.sampled_from(["last", "first", "linear", "u", "decay"]),
    st.sampled_from(["1h", "7d"]),
)
def test_credits_of_a_lead_add_up_to_one(days: list[int], model: str, half_life: str) -> None:
    touches = [touch(n, "2026-03-31", f"ch{n}", occurred_at=_before(day)) for n, day in enumerate(days)]
    shares = shares_of(touches, model=model, half_life=half_life)
    assert sum(shares.values()) == 1
    assert min(shares.values()) > 0


def _before(days: int) -> int:
    from tests.unit.vocabulary.tables import at

    return at("2026-03-31") - days * 86_400_000_000


ORDERS = [
    {"order_id": "1", "deal_id": "D", "customer_id": "Ann", "gross": 100, "occurred_at": "2026-04-20"},
    {"order_id": "2", "customer_id": "Ann", "gross": 50, "occurred_at": "2026-05-20", "channel_id": "shop"},
    {
        "order_id": "3",
        "deal_id": "X",
        "customer_id": "Bo",
        "gross": 70,
        "occurred_at": "2026-04-21",
        "channel_id": "shop",
    },
]
SOLD = {
    "lead_created": [LEAD],
    "touch_recorded": THREE,
    "deal_won": [{"deal_id": "D", "lead_id": "L", "amount": 100, "occurred_at": "2026-04-15"}],
    "order_paid": ORDERS,
}


def test_orders_inherit_the_credit_of_their_lead_and_others_keep_their_own_channel() -> None:
    half = Decimal("0.5")
    facts = {**SOLD, "touch_recorded": THREE[:2]}
    found = run("order_credit", facts, "order_id, channel_id, credit, net", model="u")
    assert found == [
        ("1", "ch1", half, 100),
        ("1", "ch2", half, 100),
        ("2", "shop", 1, 50),
        ("3", "shop", 1, 70),
    ]


def test_new_customers_carry_the_credit_of_their_first_order() -> None:
    assert run("customer_credit", SOLD, "customer_id, channel_id, credit") == [("Ann", "ch3", 1), ("Bo", "shop", 1)]


def test_an_order_has_one_lead_even_if_two_sources_use_one_deal_id() -> None:
    deals = [
        {"deal_id": "D", "lead_id": "L", "amount": 100, "occurred_at": "2026-04-15", "source": source}
        for source in ("a", "s")
    ]
    assert run("order_lead", {**SOLD, "deal_won": deals}, "order_id, lead_id") == [("1", "L")]
    assert len(run("order_credit", {**SOLD, "deal_won": deals}, "order_id")) == 3


def test_deals_inherit_the_credit_of_their_lead_and_so_do_customers_of_a_first_deal() -> None:
    deals = [
        {"deal_id": "D", "lead_id": "L", "customer_id": "Ann", "amount": 100, "occurred_at": "2026-04-15"},
        {"deal_id": "E", "customer_id": "Ann", "amount": 70, "occurred_at": "2026-04-16", "channel_id": "shop"},
        {"deal_id": "F", "customer_id": "Bo", "amount": 50, "occurred_at": "2026-04-16", "channel_id": "shop"},
    ]
    facts = {**SOLD, "touch_recorded": THREE[:2], "deal_won": deals}
    half = Decimal("0.5")
    found = run("deal_credit", facts, "deal_id, channel_id, credit", model="linear")
    assert found == [("D", "ch1", half), ("D", "ch2", half), ("E", "shop", 1), ("F", "shop", 1)]
    customers = run("won_customer_credit", facts, "customer_id, channel_id, credit", model="linear")
    assert customers == [("Ann", "ch1", half), ("Ann", "ch2", half), ("Bo", "shop", 1)]
