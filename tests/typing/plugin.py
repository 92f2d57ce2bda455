"""What the author of a plugin writes; it must type-check as it stands, and is never run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from kpicore import (
    PRIOR,
    Choice,
    Component,
    Example,
    FactType,
    Field,
    Indicator,
    Match,
    Over,
    Relation,
    choice,
    count,
    distinct,
    duration,
    growth,
    hookimpl,
    largest,
    part,
    rate,
    total,
    within,
)

demo_given = FactType(
    "shop.demo_given",
    {"en": "demos given", "zh-Hant": "產品演示"},
    key="demo_id",
    fields={
        "demo_id": Field("id", "demo"),
        "lead_id": Field("id"),
        "minutes": Field("integer", default="0"),
        "cost": Field("money", required=True),
    },
    owner="who gave it",
)

long_demo = Relation(
    "shop.long_demo",
    "long demos",
    "select demo_id, occurred_at, owner_id, lead_id from shop.demo_given where minutes >= $least",
    key="demo_id",
)

demos = Indicator(
    "shop.demos",
    title="Demos",
    perspective="operations",
    roles=["sales"],
    data_source="CRM",
    params={"basis": choice("all", "long"), "horizon": duration("30d")},
    measure=Choice("basis", {"all": count("shop.demo_given"), "long": count("shop.long_demo")}),
)

demo_to_deal = Indicator(
    "shop.demo_to_deal",
    title={"en": "Demo-to-deal rate", "zh-Hant": "演示成單率"},
    perspective="performance",
    roles=("sales",),
    unit="percent",
    better="higher",
    data_source="CRM",
    params={"horizon": duration("30d", title="horizon")},
    measure=rate(count("shop.demo_given"), within("deal_won", "lead_id", "$horizon")),
    examples=[
        Example(
            "half are won",
            {"shop.demo_given": [{"lead_id": "L-1"}, {"lead_id": "L-2"}], "deal_won": [{"lead_id": "L-1"}]},
            "0.5",
            params={"horizon": "60d"},
            state="ok",
        )
    ],
)

combined = (
    growth(total("order_paid", "gross"), PRIOR) * 2
    + largest(part(count("deal_won"), "amount > 100"), 0)
    - Over(distinct("order_paid", "customer_id", match=Match("deal_won", "customer_id")), PRIOR) / 3
)


def connect(**settings: Any) -> object:
    """A component is made when it is needed."""
    return settings


make: Callable[..., object] = connect


@hookimpl
def provide_definitions() -> list[FactType | Relation | Indicator]:
    """Data."""
    return [demo_given, long_demo, demos, demo_to_deal]


@hookimpl
def provide_components() -> list[Component]:
    """Code."""
    return [Component("source", "shop.till", make, "the till")]


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Commands."""

    @cli.command("shop")
    def shop() -> None:
        """Say hello."""
        click.echo("hello")
