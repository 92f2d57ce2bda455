"""Twelve indicators of several kinds, each with the SQL that somebody would write for it by hand.

The module is a plugin, too: a ledger that is opened with it measures the twelve.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen

from kpicore import Indicator, hookimpl
from kpicore.definitions.algebra.builders import count, distinct, part, rate, total, within
from kpicore.definitions.algebra.measures import Match
from kpicore.definitions.parameters import duration
from tests.benchmarks.facts import DAY_US, DAYS, START_US

END_US = START_US + DAYS * DAY_US
PERIODS = "2024-01..2025-12"


@frozen
class Case:
    """An indicator, and a SELECT of subject, month, numerator and denominator.

    Args:
        indicator: The indicator.
        sql: Over tables named for fact types, instants as int64 µs UTC.
    """

    indicator: Indicator
    sql: str


def _indicator(name: str, measure: Any, unit: str = "count", better: str = "higher", **horizon: str) -> Indicator:
    return Indicator(
        f"indicators.{name}",
        title={"en": name.replace("_", " "), "zh-Hant": name},
        measure=measure,
        params={name: duration(value) for name, value in horizon.items()},
        perspective="performance",
        roles=["sales"],
        unit=unit,
        better=better,  # type: ignore[arg-type]
        data_source={"en": "benchmark", "zh-Hant": "效能測試"},
    )


_INSIDE = f"r.occurred_at >= {START_US} and r.occurred_at < {END_US}"
_DIMENSIONS = "r.owner_id, date_trunc('month', make_timestamp(r.occurred_at)) as month"


def _select(table: str, numbers: str, joins: str = "", where: str = "") -> str:
    condition = f"{_INSIDE} and {where}" if where else _INSIDE
    return f"select {_DIMENSIONS}, {numbers} from {table} r {joins} where {condition} group by all"


_CONVERTED = f"""left join (
    select distinct l.lead_id from lead_created l join deal_won d on d.lead_id = l.lead_id
    and d.occurred_at >= l.occurred_at and d.occurred_at <= l.occurred_at + {90 * DAY_US}
) m on m.lead_id = r.lead_id"""
_REPEATED = f"""left join (
    select distinct o.order_id from order_paid o join order_paid p on p.customer_id = o.customer_id
    and p.occurred_at >= o.occurred_at - {180 * DAY_US} and p.occurred_at < o.occurred_at
) m on m.order_id = r.order_id"""
_LED = f"""left join (
    select distinct s.spend_id from spend_booked s join lead_created l
    on l.campaign_id = s.campaign_id and l.owner_id = s.owner_id
    and l.occurred_at >= s.occurred_at and l.occurred_at <= s.occurred_at + {30 * DAY_US}
) m on m.spend_id = r.spend_id"""

_EARLIER_ORDER = Match("order_paid", "customer_id", low="occurred_at - $before", high="occurred_at", bounds="[)")
_NO_LEAD = Match(
    "lead_created", ("campaign_id", "owner_id"), low="occurred_at", high="occurred_at + $lead", absent=True
)

CASES = (
    Case(_indicator("leads", count("lead_created")), _select("lead_created", "count(*), null")),
    Case(
        _indicator("contacts", distinct("lead_created", "contact_key")),
        _select("lead_created", "count(distinct r.contact_key), null"),
    ),
    Case(_indicator("revenue", total("deal_won", "amount"), unit="money"), _select("deal_won", "sum(r.amount), null")),
    Case(
        _indicator("average_deal", total("deal_won", "amount") / count("deal_won"), unit="money"),
        _select("deal_won", "sum(r.amount), count(*)"),
    ),
    Case(
        _indicator("margin_rate", total("order_paid", "gross - cogs") / total("order_paid", "gross"), unit="percent"),
        _select("order_paid", "sum(r.gross - r.cogs), sum(r.gross)"),
    ),
    Case(
        _indicator("visitors", distinct("visit_started", "visitor_id")),
        _select("visit_started", "count(distinct r.visitor_id), null"),
    ),
    Case(
        _indicator("click_share", part(count("touch_recorded"), "kind = 'click'"), unit="percent"),
        _select("touch_recorded", "count(*) filter (where r.kind = 'click'), count(*)"),
    ),
    Case(
        _indicator("whitepapers", count("content_published", where="type = 'whitepaper'")),
        _select("content_published", "count(*), null", where="r.type = 'whitepaper'"),
    ),
    Case(
        _indicator("serious_complaints", count("complaint_opened", where="valid and severity >= 3"), better="lower"),
        _select("complaint_opened", "count(*), null", where="r.valid and r.severity >= 3"),
    ),
    Case(
        _indicator(
            "conversion",
            rate(count("lead_created"), within("deal_won", "lead_id", "$deal")),
            unit="percent",
            deal="90d",
        ),
        _select("lead_created", "count(*) filter (where m.lead_id is not null), count(*)", _CONVERTED),
    ),
    Case(
        _indicator(
            "repeat_purchase",
            distinct("order_paid", "customer_id", match=_EARLIER_ORDER) / distinct("order_paid", "customer_id"),
            unit="percent",
            before="180d",
        ),
        _select(
            "order_paid",
            "count(distinct r.customer_id) filter (where m.order_id is not null), count(distinct r.customer_id)",
            _REPEATED,
        ),
    ),
    Case(
        _indicator(
            "spend_without_leads",
            total("spend_booked", "amount", match=_NO_LEAD),
            unit="money",
            better="lower",
            lead="30d",
        ),
        _select("spend_booked", "sum(r.amount), null", _LED, "m.spend_id is null"),
    ),
)


@hookimpl
def provide_definitions() -> list[Indicator]:
    """The indicators."""
    return [case.indicator for case in CASES]
