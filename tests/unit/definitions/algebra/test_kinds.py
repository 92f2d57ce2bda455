import pytest

from kpicore.definitions.algebra.reading import expression_kind
from kpicore.errors import InvalidDefinition

COLUMNS = {
    "lead_id": "id",
    "tier": "text",
    "valid": "boolean",
    "minutes": "integer",
    "amount": "money",
    "score": "decimal",
    "rate": "rate",
    "due_at": "instant",
}


def kind(sql: str) -> str:
    return expression_kind(
        sql, COLUMNS, {"at": "instant", "tier": "text"}, {"horizon": "integer", "tiers": "text", "late": "steps"}, "x"
    )


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("due_at + $horizon", "instant"),
        ("due_at - row.at", "integer"),
        ("period_end - 1", "instant"),
        ("coalesce(due_at, $as_of)", "instant"),
        ("coalesce(due_at, 9000000000000000)", "instant"),
        ("amount - coalesce(amount, 0)", "money"),
        ("amount * minutes", "money"),
        ("amount * rate", "decimal"),
        ("to_base(amount, rate)", "money"),
        ("accrued(amount, due_at, due_at, period_start, period_end)", "money"),
        ("stepped(minutes, $late)", "decimal"),
        ("minutes // 60 % 24", "integer"),
        ("minutes + 0.5", "decimal"),
        ("-amount", "money"),
        ("cast(amount * 10 as bigint)", "integer"),
        ("amount::decimal(18, 4)", "money"),
        ("amount::decimal(10, 2)", "decimal"),
        ("case when valid then amount else 0 end", "money"),
        ("case tier when 'a' then 1 end", "integer"),
        ("lead_id || '-' || tier", "text"),
        ("coalesce(lead_id, tier)", "text"),
        ("nullif(lead_id, 'x')", "id"),
        ("not valid and tier in $tiers", "boolean"),
        ("tier is distinct from row.tier", "boolean"),
        ("amount between 1 and 2.5", "boolean"),
        ("tier like 'a%'", "boolean"),
        ("valid is not null", "boolean"),
        ("null", "null"),
    ],
)
def test_kinds(sql: str, expected: str) -> None:
    assert kind(sql) == expected


@pytest.mark.parametrize(
    "sql",
    [
        "amount // 2",
        "minutes // 2.5",
        "score % 2",
        "due_at + due_at",
        "due_at * 2",
        "tier + 1",
        "tier = 5",
        "valid = 1",
        "tier and valid",
        "coalesce(tier, 1)",
        "lead_id || minutes",
        "case when tier then 1 end",
        "case when valid then 1 else 'a' end",
        "tier in (1, 2)",
        "minutes like 'x'",
        "to_base(tier, rate)",
        "amount + 1.5 + due_at",
        "nothing = 1",
        "row.amount",
        "$nothing",
    ],
)
def test_what_does_not_go_together_is_refused(sql: str) -> None:
    with pytest.raises(InvalidDefinition):
        kind(sql)


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        kind("amuont > 0")
    assert caught.value.hint == "did you mean amount?"
