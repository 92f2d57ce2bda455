"""Channel indicators, counted a second time by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kpicore_channel import provide_definitions
from tests.oracles.agreement import Case, disagreements, indicators
from tests.oracles.books import Books
from tests.oracles.desk import DAY, PERIODS, Desk, Row, Tally, periods_of
from tests.unit.evaluation.worlds import SmallWorld, one

INDICATORS = indicators(provide_definitions())


def _ends(books: Books, signing: Row) -> int | None:
    """When a partner left the region of a signing."""
    ended = [
        row["occurred_at"]
        for row in books.rows["partner_terminated"]
        if row["partner_id"] == signing["partner_id"]
        and row["region_id"] in (None, signing["region_id"])
        and row["occurred_at"] >= signing["occurred_at"]
    ]
    return min(ended, default=None)


def _listed(books: Books, region: str | None, at: int) -> Row | None:
    before = [row for row in books.rows["region_listed"] if row["region_id"] == region and row["effective_from"] <= at]
    return max(before, key=lambda row: row["effective_from"], default=None)


def county_dealer_signings(books: Books, tally: Tally, partners: str = "signed") -> None:
    for row in books.rows["partner_signed"]:
        at, ended = row["occurred_at"], _ends(books, row)
        listed = _listed(books, row["region_id"], at)
        level = row["region_level"] or (listed["region_level"] if listed else None)
        sold = any(
            order["kept"] and order["channel_id"] == row["partner_id"] and 0 <= order["occurred_at"] - at <= 90 * DAY
            for order in books.orders
        )
        for period in periods_of(at) if sold or partners == "signed" else []:
            held = ended is None or ended > at + 30 * DAY
            if level == "county" and held and not row["renewal"] and row["region_id"] is not None:
                tally.note(0, period, row, (row["hq_id"] or row["partner_id"], row["region_id"]))


def channel_coverage_rate(books: Books, tally: Tally) -> None:
    for period, (_start, end) in PERIODS.items():
        for region in sorted({row["region_id"] for row in books.rows["region_listed"]}):
            listed = _listed(books, region, end - 1)
            signings = [row for row in books.rows["partner_signed"] if row["region_id"] == region]
            stays = [(row["occurred_at"], _ends(books, row)) for row in signings]
            covered = any(start < end and (left is None or left >= end) for start, left in stays)
            if listed and listed["addressable"]:
                tally.add(1, period, listed, at=end - 1)
                tally.add(0, period, listed, covered, at=end - 1)


def channel_new_leads(books: Books, tally: Tally) -> None:
    for lead in books.leads:
        for period in periods_of(lead["occurred_at"]):
            tally.add(0, period, lead)


def channel_cac(
    books: Books,
    tally: Tally,
    model: str = "last",
    scope: str = "fully_loaded",
    lag: str = "0d",
    customers: str = "orders",
) -> None:
    for row in books.rows["spend_booked"]:
        for period in periods_of(row["occurred_at"] + int(lag[:-1]) * DAY):
            if scope == "fully_loaded" or row["cost_type"] == "media":
                tally.add(0, period, row, books.base(row, Decimal(row["amount"])))
    deals = customers == "deals"
    for first in books.first_deals if deals else books.first_orders:
        credit = books.deal_credit(first, model) if deals else books.order_credit(first, model)
        for period in periods_of(first["occurred_at"]):
            for through, share in credit:
                tally.add(1, period, through, share)


def channel_order_share(books: Books, tally: Tally, basis: str = "count") -> None:
    for order in books.orders:
        amount = order["net"] if basis == "revenue" else 1
        for period in periods_of(order["occurred_at"]):
            if order["kept"]:
                tally.add(0, period, order, amount)
                tally.whole(period, amount)


def channel_partner_satisfaction(
    books: Books, tally: Tally, figure: str = "satisfaction", weight: str = "equal", traded: str = "365d"
) -> None:
    tally.factor = 100 if figure == "response_rate" else 1
    answers = [row for row in books.rows["survey_answered"] if row["kind"] == "partner"]
    latest = {}
    for row in sorted(answers, key=lambda row: (row["occurred_at"], row["answer_id"])):
        latest[row["wave"], row["respondent_id"]] = row
    for row in latest.values():
        span = row["scale_max"] - row["scale_min"]
        points = Fraction(100 * 10**12 * (row["score"] - row["scale_min"]) // span, 10**12)
        before = [
            one
            for one in books.rows["partner_signed"]
            if one["partner_id"] == row["respondent_id"]
            and one["contract_value"] is not None
            and one["occurred_at"] <= row["occurred_at"]
        ]
        contract = max(before, key=lambda one: (one["occurred_at"], one["signing_id"], one["source"]), default=None)
        for period in periods_of(row["occurred_at"]):
            if figure == "response_rate":
                tally.note(0, period, row, row["respondent_id"])
            elif weight == "equal":
                tally.add(0, period, row, points)
                tally.add(1, period, row)
            elif weight == "revenue":
                span = int(traded[:-1]) * DAY
                sold = [
                    Fraction(order["net"])
                    for order in books.orders
                    if order["channel_id"] == row["respondent_id"]
                    and 0 <= row["occurred_at"] - order["occurred_at"] < span
                ]
                if sold:
                    tally.add(0, period, row, points * max(sum(sold), 0))
                    tally.add(1, period, row, max(sum(sold), 0))
            elif contract is not None:
                value = Fraction(contract["contract_value"])
                tally.add(0, period, row, points * value)
                tally.add(1, period, row, value)
    for row in books.rows["partner_signed"] if figure == "response_rate" else []:
        for period, (start, end) in PERIODS.items():
            left = _ends(books, row)
            if row["occurred_at"] < end and (left is None or start < left):
                tally.note(1, period, row, row["partner_id"], max(row["occurred_at"], start))


CHANNEL: dict[str, Any] = {"credit": "channel_id", "by": ("channel_id",)}
CASES = [
    Case("county_dealer_signings", county_dealer_signings),
    Case("county_dealer_signings", county_dealer_signings, {"partners": "activated"}),
    Case("county_dealer_signings", county_dealer_signings, credit="region_id", by=("region_id",)),
    Case("channel_coverage_rate", channel_coverage_rate, credit="region_id"),
    Case("channel_coverage_rate", channel_coverage_rate, by=("region_id",)),
    Case("channel_new_leads", channel_new_leads, **CHANNEL),
    Case("channel_new_leads", channel_new_leads),
    *(
        Case("channel_cac", channel_cac, {"model": model}, **CHANNEL)
        for model in ("last", "first", "linear", "u", "decay")
    ),
    Case("channel_cac", channel_cac, {"scope": "media", "lag": "31d"}, **CHANNEL),
    Case("channel_cac", channel_cac, {"customers": "deals", "model": "linear"}, **CHANNEL),
    Case("channel_order_share", channel_order_share, **CHANNEL),
    Case("channel_order_share", channel_order_share, {"basis": "revenue"}, **CHANNEL),
    Case("channel_order_share", channel_order_share, credit="channel_id"),
    Case("channel_partner_satisfaction", channel_partner_satisfaction),
    Case("channel_partner_satisfaction", channel_partner_satisfaction, {"weight": "contract_value"}),
    Case("channel_partner_satisfaction", channel_partner_satisfaction, {"figure": "response_rate"}),
    Case("channel_partner_satisfaction", channel_partner_satisfaction, {"weight": "revenue"}),
    Case("channel_partner_satisfaction", channel_partner_satisfaction, {"weight": "revenue", "traded": "20d"}),
]


@pytest.mark.parametrize(("seed", "level"), [(1, "person"), (2, "team"), (3, "team"), (4, "company")])
def test_what_is_measured_is_what_is_counted_by_hand(seed: int, level: str) -> None:
    assert disagreements(Desk(seed), INDICATORS, CASES, level) == []


def test_every_indicator_is_counted_by_hand() -> None:
    assert {f"channel.{case.indicator}" for case in CASES} == {found.id for found in INDICATORS}


def test_spend_without_customers_is_flagged_and_so_are_few_answers() -> None:
    spend = {"spend_id": "1", "channel_id": "fair", "amount": "5", "occurred_at": "2026-03-10"}
    answer = {"kind": "partner", "respondent_id": "A", "score": 5, "scale_min": 1, "scale_max": 5}
    world = SmallWorld({"spend_booked": [spend], "survey_answered": [answer]}, *INDICATORS)
    cost = one(world, name="channel.channel_cac")
    assert (cost["state"], cost["value"], cost["flags"]) == ("no_denominator", None, ["no_acquisition"])
    content = one(world, name="channel.channel_partner_satisfaction")
    assert (content["value"], content["flags"]) == ("100", ["low_sample"])
