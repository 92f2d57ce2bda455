import pytest

from kpicore.definitions.checks import check
from kpicore.definitions.facts import FactType
from tests.unit.vocabulary.tables import BOOK

FACT_TYPES = list(BOOK.fact_types.values())


def test_the_vocabulary_holds_together() -> None:
    check(BOOK)


def test_built_in_names_carry_no_plugin() -> None:
    assert all("." not in name for name in BOOK)


@pytest.mark.parametrize("fact_type", FACT_TYPES, ids=lambda fact_type: fact_type.name)
def test_everything_that_people_read_is_told(fact_type: FactType) -> None:
    assert fact_type.owner
    assert set(fact_type.title) == {"en", "zh-Hant"}
    assert all(set(field.title) == {"en", "zh-Hant"} for field in fact_type.fields.values())


@pytest.mark.parametrize(
    ("name", "required"),
    [
        ("deal_won", {"occurred_at", "amount"}),
        ("order_paid", {"occurred_at", "gross"}),
        ("order_refunded", {"occurred_at", "amount"}),
        ("order_cancelled", {"occurred_at", "amount"}),
        ("spend_booked", {"occurred_at", "amount"}),
        ("budget_set", {"occurred_at", "amount"}),
        ("exchange_rate_set", {"occurred_at", "rate"}),
        ("lead_created", {"occurred_at"}),
        ("employee_assigned", {"occurred_at"}),
    ],
)
def test_what_is_required_besides_the_key(name: str, required: set[str]) -> None:
    fields = BOOK.fact_types[name].all_fields()
    assert {field for field, spec in fields.items() if spec.required} == required


def test_discount_tax_and_reversed_cost_default_to_zero() -> None:
    defaults = {
        (name, field): spec.default
        for name, fact_type in BOOK.fact_types.items()
        for field, spec in fact_type.fields.items()
        if spec.default is not None
    }
    assert defaults == {
        ("order_paid", "discount"): "0",
        ("order_paid", "tax"): "0",
        ("order_refunded", "cogs_reversed"): "0",
        ("order_cancelled", "cogs_reversed"): "0",
    }


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("deal_won", ("deal_id",)),
        ("employee_assigned", ("employee_id", "effective_from")),
        ("team_defined", ("team_id", "effective_from")),
        ("exchange_rate_set", ("currency", "base_currency", "effective_from")),
        ("responsibility_assigned", ("kind", "id", "valid_from")),
        ("identity_linked", ("kind", "id")),
        ("content_measured", ("content_id", "snapshot")),
    ],
)
def test_keys(name: str, key: tuple[str, ...]) -> None:
    assert BOOK.fact_types[name].key == key
