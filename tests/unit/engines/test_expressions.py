from decimal import Decimal

import pytest

from kpicore.engines.expressions import Compiler
from kpicore.errors import InvalidDefinition
from tests.unit.evaluation.worlds import book


def compiler(source="deal_won", **params):
    return Compiler(book(), source, params, "test.it")


def test_every_column_stands_in_its_place():
    found = compiler().of_row("amount > 5 and occurred_at < period_end and row.owner_id is null")
    assert found.sql == 'b."amount" > 5 AND b."occurred_at" < b."period_end" AND b."owner_id" IS NULL'
    assert (found.row, found.periods, found.rowwise) == ({"amount", "occurred_at", "owner_id"}, True, True)


def test_in_a_match_bare_columns_are_the_other_source_s():
    found = compiler().of_other("valid and row.amount > 1", "lead_qualified")
    assert found.sql == 't."valid" AND b."amount" > 1'
    assert (found.row, found.other) == ({"amount"}, {"valid"})


def test_the_period_alone_does_not_differ_from_row_to_row():
    assert not compiler().of_row("period_start + 5").rowwise


def test_parameters_are_literals():
    found = compiler(least=Decimal("1.50"), kinds=("a", "it's"), span=-5)
    assert found.of_row("amount > $least").sql == 'b."amount" > 1.5'
    assert found.of_row("currency in $kinds").sql == "b.\"currency\" IN ('a', 'it''s')"
    assert found.of_row("occurred_at + $span").sql == 'b."occurred_at" + (-5)'


def test_another_value_is_another_expression():
    assert compiler(least=1).of_row("amount > $least").sql != compiler(least=2).of_row("amount > $least").sql


def test_several_columns_are_several_expressions():
    assert [part.sql for part in compiler().columns("customer_id, coalesce(lead_id, 'x,y')")] == [
        'b."customer_id"',
        "COALESCE(b.\"lead_id\", 'x,y')",
    ]


@pytest.mark.parametrize(
    ("sql", "reach"),
    [
        ("occurred_at + $h", 7),
        ("period_end + $h", 7),
        ("occurred_at", 0),
        ("least(occurred_at + $h, period_end + 3)", 7),
        ("occurred_at - $h", 0),
    ],
)
def test_how_far_an_expression_reaches(sql, reach):
    assert compiler(h=7).reach(sql) == reach


def test_durations_are_parameters_or_texts():
    assert compiler(h=7).duration("$h") == 7
    assert compiler().duration("1d") == 86_400_000_000
    with pytest.raises(InvalidDefinition) as error:
        compiler(horizon=7).duration("$horizn")
    assert error.value.hint == "did you mean horizon?"


@pytest.mark.parametrize(
    "sql", ["nothing > 1", "amount > $nothing", "random() > 1", "amount / 2 > 1", "(select 1) > 0"]
)
def test_what_is_unknown_or_not_allowed_is_refused(sql):
    with pytest.raises(InvalidDefinition) as error:
        compiler().of_row(sql)
    assert error.value.where == "test.it"
