import pytest

from kpicore.definitions.parameters import duration
from kpicore.errors import InvalidDefinition
from tests.unit.definitions.samples import relation, with_


def shape(sql: str) -> tuple[dict[str, str], list[set[str]]]:
    """Columns, and what the SQL itself shows to identify a row."""
    found = with_(relation(sql, params={"days": duration("90d")})).shape("t")
    return dict(found.columns), [set(key) for key in found.unique[1:]]


def test_all_columns_of_an_alias() -> None:
    columns, keys = shape("select l.*, l.occurred_at + $days as later from lead_created l")
    assert list(columns)[:3] == ["lead_id", "occurred_at", "owner_id"]
    assert columns["later"] == "instant"
    assert "kpi_position" not in columns
    assert keys == [{"lead_id", "source"}]


def test_a_group_is_identified_by_its_columns() -> None:
    columns, keys = shape(
        "select o.customer_id, count(*) as orders, sum(o.gross) as gross, min(o.occurred_at) as occurred_at "
        "from order_paid o group by o.customer_id"
    )
    assert columns == {"customer_id": "id", "orders": "integer", "gross": "money", "occurred_at": "instant"}
    assert keys == [{"customer_id"}]


def test_numbered_rows_are_identified_by_their_number() -> None:
    _, keys = shape(
        "select z.customer_id, z.occurred_at from (select o.customer_id, o.occurred_at, row_number() over "
        "(partition by o.customer_id order by o.occurred_at, o.order_id, o.source) as nth from order_paid o) z "
        "where z.nth = 1"
    )
    assert {"customer_id"} in keys


def test_a_join_over_the_other_s_key_keeps_the_key() -> None:
    _, keys = shape(
        "select o.order_id, o.source from order_paid o left join customer c on c.customer_id = o.customer_id"
    )
    assert keys == [{"order_id", "source"}]


def test_a_join_that_multiplies_needs_both_keys() -> None:
    _, keys = shape(
        "select o.order_id, o.source, r.refund_id, r.source as refunded_by "
        "from order_paid o join order_refunded r on r.order_id = o.order_id"
    )
    assert keys == [{"order_id", "source", "refund_id", "refunded_by"}]


def test_branches_of_a_union_are_told_apart_by_a_constant() -> None:
    columns, keys = shape(
        "select 'order' as kind, o.order_id as id, o.source, o.occurred_at from order_paid o "
        "union all select 'visit', v.session_id, v.source, v.occurred_at from visit_started v"
    )
    assert columns == {"kind": "text", "id": "id", "source": "text", "occurred_at": "instant"}
    assert keys == [{"kind", "id", "source"}]


def test_with_clauses_are_tables_of_the_statement() -> None:
    columns, keys = shape(
        "with w as (select l.lead_id, l.source from lead_created l) select w.lead_id as id, w.source from w"
    )
    assert columns == {"id": "id", "source": "text"}
    assert keys == [{"id", "source"}]


ORDERED = "select {} over (partition by l.contact_key order by {}) as x from lead_created l"


@pytest.mark.parametrize(
    "function", ["row_number()", "lag(l.tier)", "lead(l.tier)", "first_value(l.tier)", "last_value(l.tier)"]
)
def test_an_order_that_leaves_ties_is_refused(function: str) -> None:
    for order in ("l.occurred_at", "l.occurred_at, l.lead_id", "l.source, l.contact_key"):
        with pytest.raises(InvalidDefinition) as caught:
            shape(ORDERED.format(function, order))
        assert caught.value.code == "sql_order"
    shape(ORDERED.format(function, "l.occurred_at, l.lead_id, l.source"))


def test_sums_by_rows_need_an_order_and_sums_of_a_range_do_not() -> None:
    shape(ORDERED.format("sum(1)", "l.occurred_at"))
    shape(ORDERED.format("rank()", "l.occurred_at"))
    with pytest.raises(InvalidDefinition, match="leaves ties"):
        shape(ORDERED.format("sum(1)", "l.occurred_at rows between unbounded preceding and current row"))
    with pytest.raises(InvalidDefinition, match="leaves ties"):
        shape("select row_number() over (partition by l.lead_id, l.source) as x from lead_created l")


def test_a_joined_table_takes_part_in_the_order() -> None:
    sql = (
        "select row_number() over (partition by o.order_id, o.source order by {}) as nth "
        "from order_paid o join order_refunded r on r.order_id = o.order_id"
    )
    with pytest.raises(InvalidDefinition, match="leaves ties"):
        shape(sql.format("r.occurred_at"))
    shape(sql.format("r.occurred_at, r.refund_id, r.source"))


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select l.lead_idd from lead_created l", "did you mean lead_id"),
        ("select x.lead_id from lead_created l", "no table is called x"),
        ("select lead from lead_created l", "did you mean lead_id"),
        ("select owner_id from lead_created l join deal_won d on d.lead_id = l.lead_id", "column of l and of d"),
        ("select l.lead_id, l.lead_id from lead_created l", "two columns are called"),
        ("select l.lead_id || 'x' from lead_created l", "has no name"),
        ("select l.* from lead_created l join deal_won l on l.lead_id = l.lead_id", "two tables are called l"),
        ("select x.lead_id from (select l.lead_id from lead_created l)", "has no name"),
        ("select null as x from lead_created l", "null everywhere"),
        ("select l.lead_id from leed_created l", "did you mean lead_created"),
        ("select l.lead_id from main.lead_created l", "no fact type or relation main.lead_created"),
        ("select l.kpi_position from lead_created l", "no column kpi_position"),
        ("select l.lead_id from lead_created l where l.tier", "is text, not true or false"),
        ("select l.lead_id from lead_created l where $dyas > 0", "did you mean days"),
        ("select l.lead_id from lead_created l left join deal_won d", "has no on"),
        (
            "select l.lead_id from lead_created l union all select d.deal_id, d.lead_id from deal_won d",
            "1 and 2 columns",
        ),
        (
            "select l.lead_id from lead_created l union all select d.amount from deal_won d",
            "puts id and money together",
        ),
        ("select l.x from lead_created l having l.tier", "no column x"),
        ("select o.gross // 2 as x from order_paid o", "makes floats"),
        ("select sum(o.occurred_at) as x from order_paid o", "not a number that can be summed"),
        ("select z.* from lead_created l", "no table is called z"),
        ("with w as (select 1 as a), w as (select 2 as a) select w.a from w", "defined twice"),
    ],
)
def test_what_does_not_hold_together_is_named(sql: str, message: str) -> None:
    with pytest.raises(InvalidDefinition, match=message) as caught:
        shape(sql)
    assert (caught.value.where or "").startswith("t")
