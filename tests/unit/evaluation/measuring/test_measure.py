import pytest

from kpicore import Parameter, count, distinct, duration, total
from kpicore.definitions.relations import Relation
from kpicore.errors import InvalidDefinition, InvalidInput, NotFound
from kpicore.evaluation.measuring.measure import Request, measure
from tests.unit.evaluation.worlds import SmallWorld, cells, indicator, one, value

DEALS = [
    {"owner_id": "ann", "amount": "100", "channel_id": "web", "occurred_at": "2026-03-01"},
    {"owner_id": "ann", "amount": "10.5", "channel_id": "fair", "occurred_at": "2026-03-31T23:59:59.999999"},
    {"owner_id": "bob", "amount": "7", "channel_id": None},
    {"owner_id": None, "amount": "1", "channel_id": "web"},
    {"owner_id": "ann", "amount": "1000", "channel_id": "web", "occurred_at": "2026-04-01"},
]
STAFF = [
    {"employee_id": "ann", "role": "sales", "team_id": "north", "effective_from": "2026-01-01"},
    {"employee_id": "dan", "role": "sales", "team_id": "south", "effective_from": "2026-03-31"},
    {"employee_id": "eve", "role": "finance", "team_id": "desk", "effective_from": "2026-01-01"},
    {
        "employee_id": "old",
        "role": "sales",
        "team_id": "north",
        "effective_from": "2025-01-01",
        "effective_to": "2026-03-01",
    },
]


def world(rows=None, *indicators, **options):
    return SmallWorld({"deal_won": DEALS, "employee_assigned": STAFF} if rows is None else rows, *indicators, **options)


def test_a_count_has_everyone_with_facts_and_everyone_of_its_roles():
    assert cells(world(None, indicator(count("deal_won")))) == {
        ("ann", "2026-03"): ("2", "ok"),
        ("bob", "2026-03"): ("1", "ok"),
        ("dan", "2026-03"): ("0", "ok"),
        (None, "2026-03"): ("1", "ok"),
    }


def test_without_the_roster_only_those_with_facts_are_there():
    found = world(None, indicator(count("deal_won")))
    assert list(cells(found, roster=False)) == [("ann", "2026-03"), ("bob", "2026-03"), (None, "2026-03")]
    asked = cells(found, subjects=["zoe", "ann"])
    assert list(asked) == [("ann", "2026-03"), ("bob", "2026-03"), ("zoe", "2026-03"), (None, "2026-03")]


def test_a_role_that_is_everyone_has_the_whole_roster():
    assert ("eve", "2026-03") in cells(world(None, indicator(count("deal_won"), roles=["all"])))


def test_totals_are_exact_and_the_company_is_one_row():
    found = world(None, indicator(total("deal_won", "amount"), unit="money"))
    assert one(found) == {
        "subject": None,
        "period": "2026-03",
        "by": {},
        "numerator": "118.5",
        "denominator": None,
        "value": "118.5",
        "state": "ok",
        "flags": [],
    }
    assert one(found, "2020")["value"] == "0"


def test_a_series_has_a_row_for_each_period_in_order():
    found = cells(world(None, indicator(count("deal_won"))), "2026-02..2026-04", "company")
    assert list(found.items()) == [
        ((None, "2026-02"), ("0", "ok")),
        ((None, "2026-03"), ("4", "ok")),
        ((None, "2026-04"), ("1", "ok")),
    ]


def test_distinct_counts_are_made_anew_at_each_level_and_nulls_do_not_count():
    rows = {
        "deal_won": [{"owner_id": o, "customer_id": c} for o, c in [("a", "x"), ("a", "x"), ("b", "x"), ("b", None)]]
    }
    found = world(rows, indicator(distinct("deal_won", "customer_id")))
    assert cells(found) == {("a", "2026-03"): ("1", "ok"), ("b", "2026-03"): ("1", "ok")}
    assert value(found) == "1"
    assert value(world(rows, indicator(distinct("deal_won", "customer_id, owner_id")))) == "2"


def test_subjects_stand_in_the_order_of_code_points_with_nobody_last():
    rows = {"deal_won": [{"owner_id": name} for name in ["b", "Z", "é", "a", None, "王", "10", "9"]]}
    assert [key[0] for key in cells(world(rows, indicator(count("deal_won"))))] == [
        "10",
        "9",
        "Z",
        "a",
        "b",
        "é",
        "王",
        None,
    ]


def test_a_break_down_has_rows_only_where_something_counts():
    found = world(None, indicator(count("deal_won", where="amount < 50")))
    assert cells(found, by=("channel_id",)) == {
        ("ann", "2026-03", "fair"): ("1", "ok"),
        ("bob", "2026-03", None): ("1", "ok"),
        (None, "2026-03", "web"): ("1", "ok"),
    }
    assert cells(found, level="company", by=("channel_id", "source")) == {
        (None, "2026-03", "fair", "crm"): ("1", "ok"),
        (None, "2026-03", "web", "crm"): ("1", "ok"),
        (None, "2026-03", None, "crm"): ("1", "ok"),
    }
    assert cells(found, "2025", by=("channel_id",)) == {}


def test_break_downs_by_numbers_and_instants_are_json():
    found = world({"deal_won": DEALS[:1]}, indicator(count("deal_won")))
    assert list(cells(found, by=("amount", "occurred_at"))) == [("ann", "2026-03", "100", "2026-03-01T00:00:00Z")]


def test_indicators_break_down_by_their_own_fields_unless_asked():
    found = world(None, indicator(count("deal_won"), by=("channel_id",)))
    (own,) = measure(found, [Request("test.it")], found.calendar.series("2026-03"), "company")
    assert own.by == ("channel_id",)
    assert value(found) == "4"


def test_a_row_whose_condition_is_null_does_not_count():
    assert value(world(None, indicator(count("deal_won", where="channel_id <> 'web'")))) == "1"


def test_an_amount_that_is_null_is_missing_and_never_zero():
    rows = {
        "order_paid": [{"gross": "10", "cogs": "4", "owner_id": "a"}, {"gross": "5", "cogs": None, "owner_id": "b"}]
    }
    found = world(rows, indicator(total("order_paid", "gross - cogs") / total("order_paid", "gross")))
    assert cells(found) == {("a", "2026-03"): ("0.6", "ok"), ("b", "2026-03"): (None, "missing_data")}
    assert one(found)["flags"] == ["null_amount"]
    assert one(found)["numerator"] is None
    known = indicator(total("order_paid", "cogs", where="cogs is not null"))
    assert value(world(rows, known)) == "4"


def test_periods_are_those_of_the_organisation():
    rows = {"deal_won": [{"occurred_at": "2026-02-28T16:00:00Z"}, {"occurred_at": "2026-03-31T16:00:00Z"}]}
    found = world(rows, indicator(count("deal_won")), timezone="Asia/Taipei")
    assert (value(found, "2026-03"), value(found, "2026-04")) == ("1", "1")


def test_overlapping_windows_count_a_row_in_each():
    found = world(None, indicator(count("deal_won")))
    week, day = found.calendar.period("2026-03-01/2026-03-15"), found.calendar.period("2026-03")
    (both,) = measure(found, [Request("test.it")], [week, day], "company")
    assert [str(item) for item in both.value] == ["3", "4"]


def test_parameters_are_bound_by_kind_and_checked():
    it = indicator(count("deal_won", where="amount >= $least"), params={"least": duration("0d")})
    found = world(None, it)
    with pytest.raises(InvalidInput) as error:
        cells(found, params={"lest": "5d"})
    assert error.value.hint == "did you mean least?"
    with pytest.raises(InvalidInput):
        cells(found, params={"least": "soon"})


@pytest.mark.parametrize(
    ("asked", "code", "hint"),
    [
        ({"by": ("chanel_id",)}, "unknown_column", "did you mean channel_id?"),
        ({"by": ("channel_id", "channel_id")}, "bad_break_down", "name it once"),
        ({"credit": "owner"}, "bad_credit", "did you mean owner_id?"),
        ({"level": "teams"}, "bad_level", "did you mean team?"),
        ({"level": "team"}, "bad_level", "it has person, company"),
    ],
)
def test_what_an_indicator_does_not_have_is_refused_by_name(asked, code, hint):
    it = indicator(count("deal_won"), levels=("person", "company"))
    with pytest.raises(InvalidInput) as error:
        cells(world(None, it), **asked)
    assert (error.value.code, error.value.hint) == (code, hint)


def test_unknown_indicators_columns_and_credits_are_refused_by_name():
    with pytest.raises(NotFound) as missing:
        cells(world(None, indicator(count("deal_won"))), name="test.iit")
    assert missing.value.hint == "did you mean test.it?"
    with pytest.raises(InvalidDefinition) as unknown:
        cells(world(None, indicator(count("deal_won", where="amont > 1"))))
    assert (unknown.value.where, unknown.value.hint) == ("test.it", "did you mean amount?")
    with pytest.raises(InvalidInput) as credit:
        cells(world(None, indicator(count("deal_won"), credit=("store_id",))))
    assert credit.value.code == "unknown_credit"
    with pytest.raises(InvalidInput, match="no period"):
        measure(world(None, indicator(count("deal_won"))), [Request("test.it")], [])


def test_what_plugins_define_is_read_under_its_dotted_name():
    big = Relation(
        "test.big",
        "big deals",
        "with won as (select d.* from deal_won d) select w.* from won w where w.amount > 50",
        ("deal_id", "source"),
    )
    again = Relation(
        "test.again",
        "again",
        "select big.deal_id, big.source, big.occurred_at, big.owner_id from test.big",
        ("deal_id", "source"),
    )
    found = SmallWorld({"deal_won": DEALS}, big, again, indicator(count("test.again")))
    assert cells(found, "2026") == {("ann", "2026"): ("2", "ok")}


def test_few_are_flagged():
    found = world(
        None,
        indicator(count("deal_won"), least_sample=2),
        indicator(count("deal_won", where="amount > 50") / count("deal_won"), name="test.rate", least_sample=3),
    )
    assert {row: one(found, subject=row, level="person")["flags"] for row in ("ann", "bob")} == {
        "ann": [],
        "bob": ["low_sample"],
    }
    assert one(found, name="test.rate", level="person", subject="ann")["flags"] == ["low_sample"]
    assert one(found, name="test.rate")["flags"] == []


def test_how_many_are_few_may_be_a_parameter():
    fewest = {"fewest": Parameter("integer", "3")}
    found = world(None, indicator(count("deal_won"), least_sample="$fewest", params=fewest))
    assert one(found, subject="bob", level="person")["flags"] == ["low_sample"]
    assert one(found, subject="bob", level="person", params={"fewest": "1"})["flags"] == []


def test_a_feed_that_ends_before_the_period_is_missing():
    both = indicator(count("deal_won") / (count("deal_won") + count("deal_lost")))
    late = {("crm", "deal_lost"): "2026-03-31"}
    found = world(None, both, indicator(count("deal_won"), name="test.won"), complete=late)
    assert (one(found)["state"], one(found)["flags"], value(found, name="test.won")) == (
        "missing_data",
        ["incomplete_feed"],
        "4",
    )
    whole = world(None, both, complete={("crm", "deal_lost"): "2026-04-01"})
    assert one(whole)["state"] == "ok"


def test_measured_speaks_arrow_pandas_and_html():
    found = world(None, indicator(total("deal_won", "amount")))
    (measured,) = measure(
        found, [Request("test.it", by=("channel_id",))], found.calendar.series("2026-03..2026-04"), "company"
    )
    table = measured.to_arrow()
    assert table.column_names == [
        "subject",
        "period",
        "channel_id",
        "numerator",
        "denominator",
        "value",
        "state",
        "flags",
    ]
    assert table.num_rows == len(measured) == 4
    assert hasattr(measured, "__arrow_c_stream__")
    assert measured.to_document()["period"] == "2026-03..2026-04"
    assert measured.to_document()["definition"] == found.definitions.digest("test.it")
    page = measured._repr_html_()
    assert "<th>channel_id</th>" in page
    assert "<td>fair</td>" in page
    assert repr(measured) == "<Measured test.it 2026-03..2026-04, company: 4 cells>"
    assert list(measured.to_pandas()["state"]) == ["ok"] * 4
