"""What the history machine draws from: a plugin in four versions, facts, cards, and the map of a snapshot."""

from __future__ import annotations

import types
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from kpicore import Indicator, Relation, count, hookimpl, total
from tests.laws.history_model import LOSSES, RATE, REVENUE, Card

MAP = "".join(
    f"""
[[fact]]
type  = "deal_{stage}"
where = "stage = '{stage}'"
key   = "deal"
mode  = "snapshot"
[fact.columns]
occurred_at = "at"
owner_id    = "agent"
amount      = {{column = "amount", type = "decimal"}}
"""
    for stage in ("won", "lost")
)
MAP = '[file]\ntimezone = "UTC"\nsource = "crm"\nnull = [""]\n' + MAP


def plugin(relation: int, rate: int) -> types.ModuleType:
    """The plugin `laws` with one version of its relation and one of its rate."""

    def indicator(name: str, measure: Any, **options: Any) -> Indicator:
        return Indicator(
            name,
            title={"en": name, "zh-Hant": name},
            measure=measure,
            roles=["sales"],
            perspective="performance",
            data_source="CRM",
            **options,
        )

    wins, losses = count("deal_won"), count("deal_lost")
    least = {1: 0, 2: 100}[relation]
    counted = Relation(
        "laws.counted_deal",
        {"en": "Deals that count", "zh-Hant": "列計交易"},
        f"select d.deal_id, d.occurred_at, d.owner_id, d.amount from deal_won d where d.amount >= {least}",
        "deal_id",
    )
    definitions = [
        counted,
        indicator(REVENUE, total("laws.counted_deal", "amount")),
        indicator(RATE, wins / (wins + losses) if rate == 1 else wins / losses),
        indicator(LOSSES, losses, better="lower"),
    ]
    module = types.ModuleType("laws")

    @hookimpl
    def provide_definitions() -> list[Any]:
        return definitions

    module.provide_definitions = provide_definitions  # type: ignore[attr-defined]
    return module


PLUGINS = {(relation, rate): plugin(relation, rate) for relation in (1, 2) for rate in (1, 2)}

instants = st.sampled_from(
    [
        datetime(2016, 12, 31, 20, tzinfo=UTC),  # 2017 in Taipei
        datetime(2017, 1, 1, 3, tzinfo=UTC),  # 2016 in New York
        datetime(2017, 2, 14, tzinfo=UTC),
        datetime(2017, 2, 15, tzinfo=UTC),
        datetime(2017, 3, 31, 18, tzinfo=UTC),  # April in Taipei
        datetime(2017, 4, 1, 2, tzinfo=UTC),  # March in New York
        datetime(2017, 5, 5, tzinfo=UTC),
    ]
)
owners = st.sampled_from(["ann", "bob", "cid", None])
keys = st.sampled_from(["d1", "d2", "d3", "d4"])
amounts = st.sampled_from(["0", "60.5", "100", "250", "333.33"])
facts = st.fixed_dictionaries({"owner": owners, "amount": amounts.map(Decimal), "at": instants})
fact_names = st.sampled_from(["deal_won", "deal_lost"])
sources = st.sampled_from(["crm", "crm", "erp"])
periods = st.sampled_from(["2017-Q1", "2017-Q1", "2017-Q2"])
picks = st.integers(0, 1_000)


@st.composite
def weightings(draw: st.DrawFn) -> dict[str, str]:
    """Weights of two or three lines."""
    two = [("60", "40"), ("30", "70"), ("33.34", "66.66"), ("100", "0")]
    lines = draw(st.sampled_from([*two, ("50", "30", "20"), ("0", "60", "40")]))
    return dict(zip((REVENUE, RATE, LOSSES), lines, strict=False))


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """A scorecard."""
    lines = draw(weightings())
    targets = {
        REVENUE: draw(st.sampled_from(["300", "333.33"])),
        RATE: draw(st.sampled_from(["0.5", "0.3"])),
        LOSSES: draw(st.sampled_from(["1", "3"])),
    }
    own: dict[tuple[str, str, str | None], str] = {}
    if draw(st.booleans()):
        own[REVENUE, "ann", draw(st.sampled_from([None, "2017-Q1"]))] = "120"
    return Card(
        lines,
        {name: targets[name] for name in lines},
        own,
        draw(st.sampled_from([None, "1.2"])),
        draw(st.sampled_from([None, None, "50"])),
        draw(st.sampled_from(["redistribute", "keep", "floor", "target"])),
        draw(st.sampled_from(["2016-10-01", "2017-01-01", "2017-01-01", "2017-04-01", "2017-07-01"])),
    )
