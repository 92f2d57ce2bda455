"""Marketing indicators, counted a second time by hand."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest

from kpicore_marketing import provide_definitions
from tests.oracles.agreement import Case, disagreements, indicators
from tests.oracles.books import Books
from tests.oracles.desk import DAY, PERIODS, Desk, Row, Tally, periods_of
from tests.oracles.waiting import kaplan_meier
from tests.unit.evaluation.worlds import SmallWorld, one

INDICATORS = indicators(provide_definitions())

MODELS = ("last", "first", "linear", "u", "decay")


def lead_volume(books: Books, tally: Tally) -> None:
    for lead in books.leads:
        for period in periods_of(lead["occurred_at"]):
            tally.add(0, period, lead)


def customers_acquired(books: Books, tally: Tally, sense: str = "lead") -> None:
    if sense == "lead":
        return lead_volume(books, tally)
    for order in books.first_orders:
        for period in periods_of(order["occurred_at"]):
            tally.add(0, period, order)
    return None


def _pinned(criteria: str, versions: Collection[str]) -> Collection[str] | None:
    return versions if criteria == "pinned" else None


def qualified_lead_volume(
    books: Books, tally: Tally, criteria: str = "any", criteria_versions: Collection[str] = ("1",)
) -> None:
    for lead in books.leads:
        for period in periods_of(lead["occurred_at"]):
            if books.verdict(lead, versions=_pinned(criteria, criteria_versions)):
                tally.add(0, period, lead)


def lead_validity_rate(
    books: Books,
    tally: Tally,
    figure: str = "validity",
    undecided: str = "left_out",
    criteria: str = "any",
    criteria_versions: Collection[str] = ("1",),
) -> None:
    for lead in books.leads:
        verdict = books.verdict(lead, versions=_pinned(criteria, criteria_versions))
        good = verdict is not None if figure == "coverage" else verdict is True
        for period in periods_of(lead["occurred_at"]):
            if verdict is not None or figure == "coverage" or undecided == "invalid":
                tally.add(1, period, lead)
                tally.add(0, period, lead, good)


def content_sourced_leads(books: Books, tally: Tally, model: str = "last") -> None:
    for lead in books.leads:
        for period in periods_of(lead["occurred_at"]):
            for through, share in books.credit(lead, model):
                if through["content_id"] is not None:
                    tally.add(0, period, through, share)


def regional_new_leads(books: Books, tally: Tally, area: str = "local") -> None:
    for lead in books.leads:
        at, holders = lead["occurred_at"], []
        for person in sorted({row["employee_id"] for row in books.rows["employee_assigned"]}):
            own = [row for row in books.rows["employee_assigned"] if row["employee_id"] == person]
            now = max((row for row in own if row["effective_from"] <= at), key=lambda row: row["effective_from"])
            if now["territory"] is not None and now["territory"] == lead["region_id"]:
                holders.append(person)
        kind = "local" if holders else "unknown" if lead["region_id"] is None else "unheld"
        for period in periods_of(at):
            for holder in holders or [None]:
                if kind == area:
                    tally.note(0, period, {**lead, "holder_id": holder}, lead["lead_id"])


def _accrued(amount: Decimal, start: int, end: int, low: int, high: int) -> Fraction:
    """The part of an amount, by whole seconds and ten-thousandths, as it has run up at both ends."""

    def run(at: int) -> int:
        if at >= end:
            return int(amount * 10_000)
        seconds, length = max(at - start, 0) // 1_000_000, max((end - start) // 1_000_000, 1)
        return int(amount * 10_000) * seconds // length

    return Fraction(run(high) - run(low), 10_000)


def _accruing(books: Books) -> list[tuple[str, Row, int, Fraction]]:
    found = []
    for row in books.rows["spend_booked"]:
        start, end = row["occurred_at"], row["occurred_at"] + 1
        if "service_from" in row:
            start, end = row["service_from"], row["service_to"]
        for period, (low, high) in PERIODS.items():
            if start < high and low < end:
                money = books.base(row, Decimal(row["amount"]))
                found.append((period, row, max(start, low), _accrued(money, start, end, low, high)))
    return found


def campaign_total_spend(books: Books, tally: Tally, side: int = 0) -> None:
    for period, row, at, amount in _accruing(books):
        if row["campaign_id"] is not None:
            tally.add(side, period, row, amount, at)


def campaign_acquisition_cost(books: Books, tally: Tally) -> None:
    campaign_total_spend(books, tally)
    for lead in books.leads:
        for period in periods_of(lead["occurred_at"]):
            if lead["campaign_id"] is not None:
                tally.add(1, period, lead)


def campaign_roi(books: Books, tally: Tally, model: str = "last", basis: str = "revenue_ratio") -> None:
    campaign_total_spend(books, tally, 1)
    for period, row, at, amount in _accruing(books):
        if row["campaign_id"] is not None and basis != "revenue_ratio":
            tally.add(0, period, row, -amount, at)
    for order in books.orders:
        for period in periods_of(order["occurred_at"], after=30 * DAY):
            for through, share in books.order_credit(order, model):
                if through["campaign_id"] is not None:
                    came = order["margin" if basis == "margin_roi" else "net"]
                    tally.add(0, period, through, Fraction(came) * Fraction(share))


def _nearest(values: list[Fraction], share: Fraction) -> Fraction:
    """The value below which the share lies; half way between two where it falls between them."""
    ordered, place = sorted(values), share * len(values)
    low = ordered[max(ceil(place), 1) - 1]
    return (low + ordered[min(floor(place), len(ordered) - 1)]) / 2


def campaign_conversion_cycle_days(books: Books, tally: Tally, figure: str = "mean", estimate: str = "deals") -> None:
    if estimate == "kaplan_meier":
        return kaplan_meier(books, tally, {"median": Fraction(1, 2), "p90": Fraction(9, 10)}.get(figure))
    timed: dict[Any, list[Fraction]] = {}
    for deal in books.rows["deal_won"]:
        if deal["lead_id"] is None:
            continue
        lead = books.roots[deal["lead_id"]]
        days = Fraction(deal["occurred_at"] - lead["occurred_at"], DAY)
        for period in periods_of(deal["occurred_at"]):
            if lead["campaign_id"] is not None and days >= 0:
                row = {**deal, "campaign_id": lead["campaign_id"]}
                if figure == "mean":
                    tally.add(1, period, row)
                if figure in ("mean", "deals"):
                    tally.add(0, period, row, days if figure == "mean" else 1)
                for key in tally.keys_of(period, row, row["occurred_at"]) if figure in ("median", "p90") else ():
                    timed.setdefault(key, []).append(days)
    for key, values in timed.items():
        found = _nearest(values, Fraction(1, 2) if figure == "median" else Fraction(9, 10))
        tally.sums[key] = [round(found, 12), Fraction(1)]
    return None


def campaign_customer_retention_30d(books: Books, tally: Tally) -> None:
    def person(row: Row) -> Any:
        customer = row["customer_id"] or books.customer_of(row["contact_key"])
        return ("customer", customer) if customer else row["contact_key"] and ("contact", row["contact_key"])

    activity = [(("customer", row["customer_id"]), row) for row in books.orders if row["kept"] and row["customer_id"]]
    counted = [row for row in books.rows["interaction_logged"] if row["kind"] == "consult"]
    activity += [(person(row), row) for row in counted if person(row)]
    seen = set()
    for joined in sorted(books.rows["campaign_joined"], key=lambda row: (row["occurred_at"], row["participation_id"])):
        who = person(joined) or joined["participation_id"]
        if (joined["campaign_id"], who) in seen:
            continue
        seen.add((joined["campaign_id"], who))
        back = any(
            other == who
            and 0 < row["occurred_at"] - joined["occurred_at"] <= 30 * DAY
            and row["campaign_id"] != joined["campaign_id"]
            for other, row in activity
        )
        for period in periods_of(joined["occurred_at"]):
            tally.add(0, period, joined, back)
            tally.add(1, period, joined)


def live_stream_acquisition_cost(books: Books, tally: Tally) -> None:
    for row in books.rows["spend_booked"]:
        for period in periods_of(row["occurred_at"]):
            if row["live_id"] is not None:
                tally.add(0, period, row, books.base(row, Decimal(row["amount"])))
    for order in books.live_customers:
        for period in periods_of(order["occurred_at"]):
            tally.add(1, period, order)


def customer_acquisition_cost(
    books: Books, tally: Tally, scope: str = "fully_loaded", lag: str = "0d", customers: str = "orders"
) -> None:
    for row in books.rows["spend_booked"]:
        for period in periods_of(row["occurred_at"] + int(lag[:-1]) * DAY):
            if scope == "fully_loaded" or row["cost_type"] == "media":
                tally.add(0, period, row, books.base(row, Decimal(row["amount"])))
    for order in books.first_deals if customers == "deals" else books.first_orders:
        for period in periods_of(order["occurred_at"]):
            tally.add(1, period, order)


def marketing_spend_variance_rate(books: Books, tally: Tally) -> None:
    for period, row, at, amount in _accruing(books):
        tally.add(0, period, row, amount, at)
    for row in books.rows["budget_set"]:
        same = [other["valid_from"] for other in books.rows["budget_set"] if other["budget_line"] == row["budget_line"]]
        start = row["valid_from"]
        until = min((other for other in same if other > start), default=row["valid_to"])
        for period, (low, high) in PERIODS.items():
            if start < high and low < until:
                money = _accrued(Decimal(row["amount"]), start, row["valid_to"], low, min(high, until))
                tally.add(0, period, row, -money, max(start, low))
                tally.add(1, period, row, money, max(start, low))


def wasted_spend_share(
    books: Books, tally: Tally, model: str = "last", grain: str = "ad_unit", minimum: str = "0"
) -> None:
    unit = f"{grain}_id"
    for period, (low, high) in PERIODS.items():
        good = {
            through[unit]
            for lead in books.leads
            if low <= lead["occurred_at"] < high + 14 * DAY
            for through, _share in books.credit(lead, model)
        }
        judged = [row for row in books.rows["spend_booked"] if low <= row["occurred_at"] < high]
        judged = [row for row in judged if row[unit] is not None and row["cost_type"] != "brand"]
        money = {id(row): books.base(row, Decimal(row["amount"])) for row in judged}
        for row in judged:
            spent = sum(money[id(other)] for other in judged if other[unit] == row[unit])
            tally.add(1, period, row, money[id(row)])
            tally.add(0, period, row, money[id(row)] if row[unit] not in good and spent >= Decimal(minimum) else 0)


def new_channel_trials(books: Books, tally: Tally) -> None:
    trials = books.rows["channel_trial_started"]
    ends = {row["trial_id"]: row["occurred_at"] for row in books.rows["channel_trial_concluded"]}
    for trial in trials:
        at, channel = trial["occurred_at"], trial["channel_id"]
        past = [*trials, *books.rows["lead_created"], *books.rows["order_paid"]]
        used = any(row["channel_id"] == channel and 0 < at - row["occurred_at"] <= 365 * DAY for row in past)
        long = trial["trial_id"] not in ends or ends[trial["trial_id"]] - at >= 14 * DAY
        for period in periods_of(at):
            if channel is not None and not used and (long or Decimal(trial["budget"] or 0) >= 10_000):
                tally.note(0, period, trial, channel)


def validated_new_channels(books: Books, tally: Tally, evidence: str = "not_asked") -> None:
    for row in books.rows["channel_trial_concluded"]:
        for period in periods_of(row["occurred_at"]):
            if row["result"] == "validated" and (evidence == "not_asked" or row["evidence"]):
                tally.note(0, period, row, row["trial_id"])


FIGURES = ("median", "p90", "deals")
OPEN = {"estimate": "kaplan_meier"}
CAMPAIGN: dict[str, Any] = {"credit": "campaign_id", "by": ("campaign_id",)}
CASES = [
    Case("lead_volume", lead_volume),
    Case("lead_volume", lead_volume, credit="region_id", by=("channel_id", "campaign_id")),
    Case("customers_acquired", customers_acquired),
    Case("customers_acquired", customers_acquired, {"sense": "customer"}, "channel_id"),
    Case("qualified_lead_volume", qualified_lead_volume, by=("campaign_id",)),
    Case("lead_validity_rate", lead_validity_rate),
    Case("lead_validity_rate", lead_validity_rate, {"figure": "coverage"}, "channel_id", ("channel_id",)),
    Case("lead_validity_rate", lead_validity_rate, {"undecided": "invalid"}),
    *(Case("content_sourced_leads", content_sourced_leads, {"model": model}, "author_id") for model in MODELS),
    Case("content_sourced_leads", content_sourced_leads, {"model": "u"}, "content_team_id", ("content_id",)),
    Case("regional_new_leads", regional_new_leads, credit="holder_id"),
    Case("regional_new_leads", regional_new_leads, {"area": "unheld"}, by=("region_id",)),
    Case("regional_new_leads", regional_new_leads, {"area": "unknown"}),
    Case("campaign_total_spend", campaign_total_spend, **CAMPAIGN),
    Case("campaign_total_spend", campaign_total_spend),
    Case("campaign_acquisition_cost", campaign_acquisition_cost, **CAMPAIGN),
    *(Case("campaign_roi", campaign_roi, {"model": model}, **CAMPAIGN) for model in MODELS),
    Case("campaign_roi", campaign_roi, {"basis": "net_roi", "model": "linear"}, "campaign_id"),
    Case("campaign_roi", campaign_roi, {"basis": "margin_roi", "model": "u"}, **CAMPAIGN),
    Case("campaign_conversion_cycle_days", campaign_conversion_cycle_days),
    Case("campaign_conversion_cycle_days", campaign_conversion_cycle_days, **CAMPAIGN),
    Case("campaign_customer_retention_30d", campaign_customer_retention_30d),
    Case("campaign_customer_retention_30d", campaign_customer_retention_30d, **CAMPAIGN),
    Case("live_stream_acquisition_cost", live_stream_acquisition_cost),
    Case("live_stream_acquisition_cost", live_stream_acquisition_cost, {}, "live_id", ("live_id",)),
    Case("customer_acquisition_cost", customer_acquisition_cost),
    Case("customer_acquisition_cost", customer_acquisition_cost, {"scope": "media", "lag": "31d"}),
    Case("customer_acquisition_cost", customer_acquisition_cost, {"customers": "deals"}),
    Case("marketing_spend_variance_rate", marketing_spend_variance_rate, credit="budget_line"),
    Case("marketing_spend_variance_rate", marketing_spend_variance_rate, by=("budget_line",)),
    *(Case("wasted_spend_share", wasted_spend_share, {"model": model}) for model in MODELS),
    Case("wasted_spend_share", wasted_spend_share, {"grain": "campaign"}, by=("campaign_id",)),
    Case("wasted_spend_share", wasted_spend_share, {"minimum": "50000"}, by=("ad_unit_id",)),
    Case("new_channel_trials", new_channel_trials),
    Case("new_channel_trials", new_channel_trials, {}, "team_id"),
    Case("validated_new_channels", validated_new_channels, {}, "team_id", ("channel_id",)),
    Case("validated_new_channels", validated_new_channels),
    Case("validated_new_channels", validated_new_channels, {"evidence": "required"}),
    *(Case("campaign_conversion_cycle_days", campaign_conversion_cycle_days, {"figure": one}) for one in FIGURES),
    *(
        Case("campaign_conversion_cycle_days", campaign_conversion_cycle_days, {"figure": one, **OPEN}, **by)
        for one, by in (("mean", {}), ("median", {}), ("p90", {}), ("mean", CAMPAIGN), ("median", CAMPAIGN))
    ),
    Case("qualified_lead_volume", qualified_lead_volume, {"criteria": "pinned", "criteria_versions": ("2",)}),
    Case("lead_validity_rate", lead_validity_rate, {"criteria": "pinned", "criteria_versions": ("1", "2")}),
    Case("wasted_spend_share", wasted_spend_share, {"grain": "content"}),
]


@pytest.mark.parametrize(("seed", "level"), [(1, "person"), (2, "team"), (3, "team"), (4, "company")])
def test_what_is_measured_is_what_is_counted_by_hand(seed: int, level: str) -> None:
    assert disagreements(Desk(seed), INDICATORS, CASES, level) == []


def test_every_indicator_is_counted_by_hand() -> None:
    assert {f"marketing.{case.indicator}" for case in CASES} == {found.id for found in INDICATORS}


@pytest.mark.parametrize(
    ("indicator", "flag"),
    [
        ("customer_acquisition_cost", "no_acquisition"),
        ("campaign_acquisition_cost", "no_acquisition"),
        ("live_stream_acquisition_cost", "no_acquisition"),
        ("marketing_spend_variance_rate", "zero_denominator"),
    ],
)
def test_spend_that_nothing_stands_against_is_flagged(indicator: str, flag: str) -> None:
    spend = {"spend_id": "1", "campaign_id": "spring", "live_id": "show", "amount": "5", "occurred_at": "2026-03-10"}
    row = one(SmallWorld({"spend_booked": [spend]}, *INDICATORS), name=f"marketing.{indicator}")
    assert (row["state"], row["value"], row["flags"]) == ("no_denominator", None, [flag])
