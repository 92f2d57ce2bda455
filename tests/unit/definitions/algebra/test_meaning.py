"""What changes a digest, and what changes a meaning."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.algebra.builders import count, rate, total, within
from kpicore.definitions.algebra.measures import Ref
from kpicore.definitions.book import Definitions
from kpicore.definitions.facts import Field
from kpicore.definitions.parameters import duration
from tests.unit.definitions.samples import BOOK, indicator, with_

PARAMS = {"dedupe": duration("90d"), "horizon": duration("90d")}
RATE = indicator(rate(count("lead", where="tier = 'hnw'"), within("lead_deal", "lead_id", "$horizon")), params=PARAMS)
REVENUE = indicator(total("net_order", "net"), "t.revenue")
OTHER = indicator(Ref("t.x") * 2, "t.y")
BASE = with_(RATE, REVENUE, OTHER)
INDICATORS = ("t.x", "t.revenue", "t.y")


def changed(**definitions: Any) -> tuple[set[str], set[str]]:
    """Indicators whose digest and whose meaning another version of some definitions changes."""
    book = BASE.merged(Definitions.of(definitions.values()))
    digests = {name for name in INDICATORS if book.digest(name) != BASE.digest(name)}
    return digests, {name for name in INDICATORS if book.meaning(name) != BASE.meaning(name)}


def test_a_title_is_no_meaning() -> None:
    assert changed(a=attrs.evolve(RATE, title="x")) == ({"t.x", "t.y"}, set())
    assert changed(a=attrs.evolve(BOOK.relations["lead"], title="x")) == ({"t.x", "t.y"}, set())


def test_a_relation_s_sql_is_the_meaning_of_all_over_it() -> None:
    lead = BOOK.relations["lead"]
    other = attrs.evolve(lead, sql=lead.sql.replace("< $dedupe", "<= $dedupe"))
    assert changed(a=other) == ({"t.x", "t.y"}, {"t.x", "t.y"})
    order = BOOK.relations["net_order"]
    other = attrs.evolve(order, sql=order.sql.replace("coalesce(x.amount, 0) <", "coalesce(x.amount, 0) <="))
    assert changed(a=other) == ({"t.revenue"}, {"t.revenue"})


@given(st.sampled_from([" ", "\n", "\n\n   ", "\t"]))
def test_white_space_is_no_meaning(space: str) -> None:
    lead = BOOK.relations["lead"]
    assert changed(a=attrs.evolve(lead, sql=lead.sql.replace("\n", space)))[1] == set()


def test_white_space_inside_quotes_is() -> None:
    one = with_(indicator(count("lead", where="tier = 'a b'")))
    two = with_(indicator(count("lead", where="tier = 'a  b'")))
    assert one.meaning("t.x") != two.meaning("t.x")


def test_one_field_more_is_no_meaning_until_it_is_used() -> None:
    lead = BOOK.fact_types["lead_created"]
    more = attrs.evolve(lead, version="1.1", fields={**lead.fields, "sales_score": Field("integer")})
    assert changed(a=more) == ({"t.x", "t.y"}, set())


@pytest.mark.parametrize("change", [{"kind": "integer"}, {"default": "unknown"}])
def test_a_field_that_is_used_is(change: dict[str, Any]) -> None:
    lead = BOOK.fact_types["lead_created"]
    other = attrs.evolve(lead, fields={**lead.fields, "tier": attrs.evolve(lead.fields["tier"], **change)})
    assert changed(a=other)[1] == {"t.x", "t.y"}


@pytest.mark.parametrize(
    "change",
    [
        {"params": {**PARAMS, "horizon": duration("30d")}},
        {"credit": ("channel_id",)},
        {"better": "lower"},
        {"by": ("channel_id",)},
        {"measure": count("lead")},
    ],
)
def test_what_computes_is(change: dict[str, Any]) -> None:
    assert "t.x" in changed(a=attrs.evolve(RATE, **change))[1]


def test_other_words_of_a_parameter_are_not() -> None:
    params = {**PARAMS, "horizon": duration("90d", title={"en": "h", "zh-Hant": "h"})}
    assert changed(a=attrs.evolve(RATE, params=params))[1] == set()


def test_everything_built_in_has_a_meaning_of_its_own() -> None:
    meanings = [BOOK.meaning(name) for name in BOOK]
    assert len(set(meanings)) == len(meanings)
