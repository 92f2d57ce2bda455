"""What SQL may hold: each line of the lists from both sides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.algebra.sql import parse_expression, parse_select
from kpicore.errors import InvalidDefinition

EXPRESSIONS = [
    *("a", "row.a", "not a", "a and b or c", "a = 'x;y -- z'", "a <> b", "a is distinct from row.b", "a is not null"),
    *("a + $b", "a - 1", "a * 0.1", "-a", "a // b", "a % b", "a || 'b'", "a like 'x%'", "a between 1 and 2"),
    *("a in (1, 2)", "a in $names", "coalesce(a, b)", "least(a, 1)", "greatest(a, 1)", "nullif(a, b)", "abs(a)"),
    *("case when a then 1 else 2 end", "cast(a as bigint)", "a::decimal(18, 4)", "cast(a as varchar)"),
    *("to_base(a, rate)", "accrued(a, b, c, d, e)"),
]
REFUSED_EXPRESSIONS = [
    *("a / b", "a ^ b", "a & b", "avg(a)", "sum(a)", "count(*)", "median(a)", "quantile_cont(a, 0.5)", "sqrt(a)"),
    *(
        "now()",
        "current_date",
        "current_timestamp",
        "random()",
        "uuid()",
        "getenv('X')",
        "current_user",
        "nextval('x')",
    ),
    *(
        "read_text('x')",
        "a in (select 1)",
        "(select 1)",
        "select 1",
        "exists(select 1)",
        "row_number() over (order by a)",
    ),
    *("a::double", "a::real", "a::hugeint", "a::date", "try_cast(a as int)", "1e-1", "1.", "1" * 30, "0." + "1" * 40),
    *("interval '1 day'", "a at time zone 'x'", "a[1]", "{'a': 1}", "a->>'b'", "x -> x + 1", "columns(*)", "*", "a.*"),
    *("other.a", "a.b.c", "?", ":x", "$1", "a -- c", "a /* b */", "a;", "a; b", "true) -- ", "'x' collate nocase"),
    *("lower(a)", "replace(a, 'b', 'c')", "a ilike 'b'", "to_base(a)", "(a, b)", '"odd name" = 1', "E'x'", "", "a b c"),
    *("a = 'open", "true; drop table lead", "regexp_matches(a, 'b')", "a similar to 'x'", "a = any(b)"),
]
SELECTS = [
    "select l.lead_id from lead l",
    "select distinct l.lead_id as id from lead as l where l.valid",
    "select l.* from lead l join deal_won d on d.lead_id = l.lead_id left join x on x.a = l.a",
    "select x.a from (select l.a from lead l) x",
    "select l.a from lead l union all select d.a from deal_won d",
    "select l.a, count(*) as n, sum(l.b) filter (where l.c) as s, count(distinct l.d) as k from lead l group by l.a",
    "select l.a, count(*) as n from lead l group by l.a having count(*) > 1",
    "select lag(l.a) over (partition by l.b order by l.c, l.d desc) as x from lead l",
    "select sum(l.a) over (partition by l.b order by l.c rows between unbounded preceding and current row) as x from lead l",
    "with w as (select l.a from lead l) select w.a from w",
    "select p.a from sales.pipeline p",
    "select 1 as one",
]
REFUSED_SELECTS = [
    "select * from lead",
    "select l.* exclude (a) from lead l",
    "select l.a from read_csv('x.csv') l",
    "select l.a from 'x.csv' l",
    "select l.a from a.b.c l",
    "select l.a from lead l qualify row_number() over (order by l.a) = 1",
    "select l.a from lead l asof join deal_won d on d.a >= l.a",
    "select l.a from lead l natural join deal_won d",
    "select l.a from lead l right join deal_won d on d.a = l.a",
    "select l.a from lead l join deal_won d using (a)",
    "select l.a from lead l order by l.a",
    "select l.a from lead l limit 1",
    "select l.a from lead l using sample 5",
    "select l.a from lead l, lateral (select 1) x",
    "select l.a from (values (1)) l(a)",
    "select l.a from range(5) l",
    "select l.a into x from lead l",
    "select l.a from lead l for update",
    "select l.a from lead l group by all",
    "select l.a from lead l group by 1",
    "select l.a from lead l group by rollup(l.a)",
    "select l.a from lead l where l.a in (select d.a from deal_won d)",
    "select l.a from lead l where exists (select 1 from deal_won d)",
    "select (select 1) as a",
    "select distinct on (l.a) l.b from lead l",
    "select string_agg(l.a) as a from lead l",
    "select first(l.a) as a from lead l",
    "select arg_max(l.a, l.b) as a from lead l",
    "select max(l.a order by l.b) as a from lead l",
    "select avg(l.a) as a from lead l",
    "with recursive w as (select 1 as a) select w.a from w",
    "select l.a from lead l window w as (order by l.a)",
    "pivot lead on a",
    "values (1)",
    "from lead",
    *(
        "insert into lead values (1)",
        "delete from lead",
        "drop table lead",
        "copy lead to 'x'",
        "attach 'x'",
        "pragma x",
    ),
    *(
        "set x = 1",
        "describe lead",
        "select l.a from lead l;",
        "select 1 as a; select 2 as a",
        "select l.a from lead l --",
    ),
]


@pytest.mark.parametrize("sql", EXPRESSIONS)
def test_an_expression_that_may_be(sql: str) -> None:
    parse_expression(sql, "x")


@pytest.mark.parametrize("sql", REFUSED_EXPRESSIONS)
def test_an_expression_that_may_not_be(sql: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        parse_expression(sql, "sales.x")
    assert caught.value.code in ("sql_refused", "sql_syntax")
    assert caught.value.where == "sales.x"


@pytest.mark.parametrize("sql", SELECTS)
def test_a_select_that_may_be(sql: str) -> None:
    parse_select(sql, "x")


@pytest.mark.parametrize("sql", REFUSED_SELECTS)
def test_a_select_that_may_not_be(sql: str) -> None:
    with pytest.raises(InvalidDefinition):
        parse_select(sql, "x")


def test_maps_may_work_on_texts_and_name_columns_as_files_do() -> None:
    for sql in ("replace(\"Product Name\", 'GTXPro', 'GTX Pro')", "lower(trim(a))", "a::date", "split_part(a, '-', 1)"):
        parse_expression(sql, "x", "map")
    parse_select("select InvoiceNo, sum(Quantity::decimal(18,4)) as gross from file group by InvoiceNo", "x", "map")


@pytest.mark.parametrize("sql", ["now()", "a / b", "a::double", "read_text('x')", "strptime(a, 'x')", "getenv('x')"])
def test_maps_may_not_do_more_than_that(sql: str) -> None:
    with pytest.raises(InvalidDefinition):
        parse_expression(sql, "x", "map")


@pytest.mark.parametrize(
    "sql", ['select x.a from "x.csv" x', "select row_number() over (order by a) as n from file", "select * from file"]
)
def test_maps_may_not_read_more_than_the_file(sql: str) -> None:
    with pytest.raises(InvalidDefinition):
        parse_select(sql, "x", "map")


@pytest.mark.parametrize(
    "sql",
    [
        "(" * 10_000 + "1" + ")" * 10_000,
        "(" * 1_500 + "1" + ")" * 1_500,
        "not " * 900 + "a",
        "1" + "+1" * 1_900,
        "case when a then " * 200 + "1" + " end" * 200,
        "coalesce(" * 100 + "a" + ")" * 100,
        "- " * 1_500 + "1",
    ],
)
def test_what_is_nested_too_deeply_is_refused(sql: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        parse_expression(sql, "x")
    assert caught.value.code in ("sql_too_deep", "sql_too_long", "sql_syntax")


def test_a_select_that_is_too_long_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="too long"):
        parse_select("select " + ", ".join(f"l.a as a{n}" for n in range(10_000)) + " from lead l", "x")


def test_a_refusal_says_what_to_write() -> None:
    with pytest.raises(InvalidDefinition, match="divide in the measure"):
        parse_expression("net / 3", "x")
    with pytest.raises(InvalidDefinition, match="did you mean coalesce"):
        parse_expression("coalsce(a, b)", "x")
    with pytest.raises(InvalidDefinition, match="name the window in a derived table"):
        parse_select("select l.a from lead l qualify l.a", "x")


@given(st.text(st.sampled_from("abc01 ().,'\"$;-*/+=<>|:[]{}\n%"), max_size=40))
def test_whatever_is_written_is_read_or_refused(sql: str) -> None:
    for parse in (parse_expression, parse_select):
        for dialect in ("definition", "map"):
            try:
                parse(sql, "x", dialect)  # type: ignore[operator]
            except InvalidDefinition:
                continue
