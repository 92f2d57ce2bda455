"""`from`: SELECTs over files and lookups, their errors, and the rows that they refuse."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.sources.desk import Desk, rows

LINES = "order,day,quantity,price\nA,2026-01-01,1,2.50\nB,2026-01-02,2,1.25\nA,2026-01-01,3,1\n"
MAP = """
[file]
timezone = "UTC"
{lookup}
[[fact]]
type = "order_paid"
from = \"\"\"{select}\"\"\"
{where}
key = "o"
[fact.columns]
occurred_at = "at"
gross = "gross"
"""
SUM = (
    'select "order" as o, min(day) as at, sum(quantity::int * price::decimal(9,2)) as gross from file group by "order"'
)


def the_map(select: str, where: str = "", lookup: str = "") -> str:
    return MAP.format(select=select, where=where, lookup=lookup)


def orders(desk: Desk) -> list[tuple[str, Decimal]]:
    return sorted((row["order_id"], row["gross"]) for row in desk.facts("order_paid"))


@pytest.mark.parametrize(
    "select",
    [
        SUM,
        SUM.replace("file group", "file f group").replace("price", "f.price"),
        f"select t.* from ({SUM}) t",
        f"with t as ({SUM}) select t.o, t.at, t.gross from t",
        'with l as (select f.*, f.quantity::int * f.price::decimal(9,2) as worth from file f) select l."order" as o, min(l.day) as at, sum(l.worth) as gross from l group by l."order"',
        f"{SUM.replace('from file', 'from file where quantity::int > 1')} union all select distinct 'A', day, 2.5 from file where day = '2026-01-01'",
    ],
)
def test_one_way_or_another(desk: Desk, select: str) -> None:
    report = desk.run(desk.write("a.csv", LINES), map=the_map(select))
    again = desk.run(desk.write("a.csv", LINES), map=the_map(select))
    assert not again.changed
    assert report.facts["order_paid"].rows in (2, 3)
    assert dict(orders(desk))["B"] == Decimal("2.5000")


def test_where_applies_to_what_comes_out(desk: Desk) -> None:
    desk.run(desk.write("a.csv", LINES), map=the_map(SUM, where='where = "gross > 3"'))
    assert orders(desk) == [("A", Decimal("5.5000"))]


def test_refused_lines_are_those_of_the_file(desk: Desk) -> None:
    content = LINES.replace("3,1\n", "3,x\n").replace("2,1.25", "2.5,1.25")
    error = desk.refused(desk.write("a.csv", content), map=the_map(SUM))
    assert rows(error) == [(3, "quantity", "2.5"), (4, "price", "x")]
    assert error.refused == 2


def test_lines_that_where_leaves_out_are_not_refused(desk: Desk) -> None:
    content = LINES + "Z,2026-01-01,x,y\n"
    desk.run(desk.write("a.csv", content), map=the_map(SUM.replace("from file", "from file where \"order\" <> 'Z'")))
    assert [name for name, _ in orders(desk)] == ["A", "B"]


def test_a_filter_of_an_aggregate_is_respected(desk: Desk) -> None:
    select = SUM.replace("decimal(9,2)) as", "decimal(9,2)) filter (where price <> 'free') as")
    desk.run(desk.write("a.csv", LINES + "B,2026-01-02,1,free\n"), map=the_map(select))
    assert dict(orders(desk))["B"] == Decimal("2.5000")


def test_casts_of_aggregates_point_at_their_first_line(desk: Desk) -> None:
    select = SUM.replace("sum(quantity::int * price::decimal(9,2))", "sum(price::decimal(9,3))::decimal(9,2)")
    error = desk.refused(desk.write("a.csv", LINES.replace("1.25", "1.255")), map=the_map(select))
    assert [(line, value) for line, _, value in rows(error)] == [(3, "1.255")]
    having = SUM + " having sum(price::decimal(9,3))::decimal(9,2) > 0"
    error = desk.refused(desk.write("a.csv", LINES.replace("1.25", "1.255")), map=the_map(having))
    assert (3, "1.255") in [(line, value) for line, _, value in rows(error)]


def test_what_comes_out_and_does_not_fit_points_at_the_first_line(desk: Desk) -> None:
    error = desk.refused(desk.write("a.csv", LINES.replace("2026-01-02", "soon")), map=the_map(SUM))
    assert rows(error) == [(3, "at", "soon")]
    nothing = SUM.replace('"order" as o', "nullif(\"order\", 'B') as o")
    error = desk.refused(desk.write("a.csv", LINES), map=the_map(nothing))
    assert rows(error) == [(3, "o", None)]
    error = desk.refused(desk.write("a.csv", LINES), map=the_map(f"select t.* from ({nothing}) t"))
    assert rows(error) == [(None, "o", None)]


MONTHS = "channel,Jan,Feb\nads,1.5,2\nmail,3,x\nTotal,4.5,2\n"


def test_columns_that_become_rows_keep_their_lines(desk: Desk) -> None:
    """A table with a column a month, as dashboards export it, with a row of totals."""
    select = " union all ".join(
        f"select concat(channel, '{month}') as o, '2026-0{number}-01' as at, {name} as gross from file "
        "where channel <> 'Total'"
        for number, (month, name) in enumerate([("-01", "Jan"), ("-02", "Feb")], 1)
    )
    error = desk.refused(desk.write("a.csv", MONTHS), map=the_map(select))
    assert rows(error) == [(3, "gross", "x")]
    assert "a.csv:3, gross = 'x'" in str(error)
    cast = desk.refused(desk.write("a.csv", MONTHS), map=the_map(select.replace("Feb as", "Feb::decimal(9,2) as")))
    assert rows(cast) == [(3, "Feb", "x")]
    desk.run(desk.write("a.csv", MONTHS.replace("x", "4")), map=the_map(select))
    assert [(name, str(gross)) for name, gross in orders(desk)] == [
        ("ads-01", "1.5000"),
        ("ads-02", "2.0000"),
        ("mail-01", "3.0000"),
        ("mail-02", "4.0000"),
    ]


def test_a_row_of_nowhere_is_told_by_its_file(desk: Desk) -> None:
    error = desk.refused(desk.write("a.csv", LINES), map=the_map(f"select t.* from ({SUM}) t").replace('"at"', '"o"'))
    assert "a.csv, o = 'A': " in str(error)
    assert "row -1" not in str(error)


@pytest.mark.parametrize(
    ("select", "says"),
    [
        ("select o from fil", "did you mean file?"),
        ("select 1 as o, '2026-01-01' as at, 1 as gross from products", "does not read file"),
        (SUM.replace("price", "prise"), "did you mean price?"),
        (SUM.replace("sum(", "summ("), "did you mean sum?"),
        (SUM + " limit 1", "not allowed"),
        (SUM + "; drop table file", "not allowed"),
        (SUM.replace("quantity::int", "quantity::double"), "not allowed"),
        (SUM.replace("min(day)", "min(current_date)"), "not allowed"),
        ("select * from read_csv('/etc/passwd')", "not allowed"),
        ("select f.price as o, f.day as at, $x as gross from file f", "$x means nothing"),
        ("with file as (select 1 as o) select o from file", "already"),
        ("select file.day as o, file.day as o, file.day as at from file", "twice"),
        ("select f.day as o from file f join products p on p.sku = f.quantity::int", "decides which rows are joined"),
    ],
)
def test_a_select_that_cannot_be(desk: Desk, select: str, says: str) -> None:
    desk.write("products.csv", "sku,series\nA,one\n")
    text = the_map(select, lookup='[lookup.products]\npath = "products.csv"')
    error = desk.refused(desk.write("a.csv", LINES), map=text)
    assert says in f"{error.message} {error.hint}".replace("two columns are named 'o'", "twice")
    assert str(error.where).startswith("map.toml: [[fact]] 1 (order_paid).from")


def test_lookups_that_cannot_be(desk: Desk) -> None:
    text = the_map(
        SUM.replace("from file", "from file join p on p.sku = file.quantity"), lookup='[lookup.p]\npath = "p.csv"'
    )
    path = desk.write("a.csv", LINES)
    desk.write("p.csv", "sku,sku\n")
    assert desk.refused(path, map=text).code == "duplicate_column"
    desk.write("p.csv", "sku,x\n1\n")
    error = desk.refused(path, map=text)
    assert (error.where, error.message) == ("p.csv:2", "the row has 1 cells instead of 2")
    desk.write("p.csv", "sku,x\n1,y\n")
    cast = text.replace("sum(", "min(cast(p.x as int)) * sum(")
    assert "x = 'y'" in desk.refused(path, map=cast).message or rows(desk.refused(path, map=cast))[0][2] == "y"
