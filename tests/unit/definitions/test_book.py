import subprocess
import sys

import attrs
import pytest

from kpicore.definitions.algebra.builders import count, total
from kpicore.definitions.algebra.measures import Target
from kpicore.definitions.book import Definitions, fact_columns
from kpicore.definitions.facts import FactType, Field
from kpicore.errors import InvalidDefinition, NotFound
from tests.unit.definitions.samples import BOOK, indicator, relation, with_


def test_a_name_is_defined_once() -> None:
    with pytest.raises(InvalidDefinition, match="defined twice"):
        Definitions.of([relation("select 1 as a"), relation("select 2 as a")])


def test_definitions_are_found_by_kind() -> None:
    assert "deal_won" in BOOK.fact_types
    assert "net_order" in BOOK.relations
    assert "ratio" in BOOK.curves
    assert len(BOOK) == len(BOOK.fact_types) + len(BOOK.relations) + len(BOOK.curves)
    assert BOOK.source("net_order") is BOOK["net_order"]


def test_what_is_not_there_is_named_with_what_is_near() -> None:
    with pytest.raises(NotFound) as caught:
        BOOK.get("deal_wno")
    assert caught.value.hint == "did you mean deal_won?"
    with pytest.raises(NotFound, match="no fact type or relation ratio"):
        BOOK.source("ratio")


def test_money_is_offered_twice() -> None:
    columns = BOOK.columns("deal_won")
    assert list(columns)[:6] == ["deal_id", "occurred_at", "owner_id", "lead_id", "customer_id", "amount"]
    assert columns["amount"] == columns["amount_original"] == "money"
    assert (columns["rate"], columns["source"]) == ("rate", "text")
    assert "rate" not in BOOK.columns("lead_created")
    assert fact_columns(FactType("f", "f", "a", {"a": Field("id"), "m": Field("money")}))["rate"] == "rate"


def test_core_tables_have_columns() -> None:
    assert BOOK.columns("calendar") == {"day": "integer", "starts_at": "instant", "ends_at": "instant"}


def test_references_and_closure() -> None:
    book = with_(indicator(count("lead_verdict") / Target("t.y")), indicator(count("deal_won"), "t.y"))
    assert book.references("t.x") == {"lead_verdict", "t.y"}
    assert book.references("lead_verdict") == {"lead", "lead_qualified", "lead_created"}
    assert set(book.closure(["t.x"])) == {
        "lead_created",
        "lead_qualified",
        "deal_won",
        "lead",
        "lead_verdict",
        "t.x",
        "t.y",
    }


def test_core_tables_stand_for_the_facts_that_they_are_made_from() -> None:
    book = with_(relation("select a.employee_id, a.valid_from, a.valid_to from assignment a", "employee_id"))
    assert book.references("t") == {"employee_assigned"}
    assert set(book.closure(["t"])) == {"employee_assigned", "t"}


def test_a_core_fact_that_is_not_here_is_no_hole() -> None:
    book = Definitions.of([relation("select a.employee_id from assignment a", "employee_id")])
    assert set(book.closure(["t"])) == {"t"}
    assert book.digest("t")


def test_a_hole_in_the_closure_is_named() -> None:
    book = Definitions.of([indicator(count("deal_wno"))])
    with pytest.raises(NotFound, match="deal_wno"):
        book.closure(["t.x"])


def test_of_two_the_other_counts() -> None:
    other = relation("select 1 as a")
    assert with_(relation("select 2 as a")).merged(Definitions.of([other]))["t"] == other


def test_circles_are_shown() -> None:
    a = relation("select u.a from u", "a")
    b = attrs.evolve(relation("select t.a from t", "a"), name="u")
    book = Definitions.of([a, b])
    for ask in (book.digest, book.meaning, book.columns):
        with pytest.raises(InvalidDefinition, match="t → u → t"):
            ask("t")


def test_an_indicator_may_use_its_own_target() -> None:
    book = with_(indicator(count("deal_won") / Target("t.x")))
    assert book.digest("t.x")
    assert book.meaning("t.x")


def test_the_digest_covers_what_is_referred_to() -> None:
    book = with_(indicator(total("net_order", "net")))
    retitled = attrs.evolve(BOOK.fact_types["order_paid"], title="orders")
    other = book.merged(Definitions.of([retitled]))
    assert other.digest("t.x") != book.digest("t.x")
    assert other.meaning("t.x") == book.meaning("t.x")


def test_declaring_costs_no_engine() -> None:
    code = (
        "import sys, kpicore.vocabulary as v, kpicore.definitions.book as b; b.Definitions.of(v.definitions());"
        "bad = {'sqlglot', 'pyarrow', 'duckdb', 'cattrs', 'numpy'} & set(sys.modules); assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
