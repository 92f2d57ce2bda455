import json
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given

from kpicore.canonical import canonical_json
from kpicore.definitions.algebra.builders import count
from kpicore.definitions.algebra.measures import Constant
from kpicore.definitions.cards.curves import LINEAR
from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.definitions.codec import digest, from_document, kind_of, measure_document, to_document
from kpicore.definitions.facts import FactType, Field
from kpicore.errors import InvalidDefinition
from tests import strategies
from tests.unit.definitions.samples import BOOK, indicator


@given(strategies.definitions)
def test_a_definition_comes_back_from_its_document(definition: Any) -> None:
    document = to_document(definition)
    assert from_document(document) == definition
    assert from_document(json.loads(canonical_json(document))) == definition


@given(strategies.definitions)
def test_the_digest_is_that_of_the_canonical_document(definition: Any) -> None:
    assert digest(from_document(json.loads(canonical_json(to_document(definition))))) == digest(definition)


@given(strategies.fact_types())
def test_the_order_of_fields_survives_the_canonical_form(fact_type: FactType) -> None:
    back = from_document(json.loads(canonical_json(to_document(fact_type))))
    assert list(back.all_fields()) == list(fact_type.all_fields())


@pytest.mark.parametrize("name", list(BOOK))
def test_the_vocabulary_comes_back(name: str) -> None:
    assert from_document(to_document(BOOK.get(name))) == BOOK.get(name)


def test_defaults_are_left_out_and_nodes_are_named() -> None:
    measure = count("deal_won", where="amount > 0") / 2
    assert measure_document(measure) == {
        "node": "arithmetic",
        "op": "/",
        "left": {"node": "count", "source": "deal_won", "where": "amount > 0"},
        "right": {"node": "constant", "value": "2"},
    }
    assert kind_of(LINEAR) == "curve"


def test_decimals_are_written_in_one_way() -> None:
    card = Scorecard("c", "c", "sales", "month", "2026-01-01", [Line("a.b", "60.00", target=Decimal("1E+3"))])
    (line,) = to_document(card)["lines"]
    assert line == {"indicator": "a.b", "weight": "60", "target": "1000"}


def _document(**changes: Any) -> dict[str, Any]:
    return {**to_document(indicator(count("lead"))), **changes}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"kind": "indicatr"}, "did you mean indicator"),
        ({}, "not a kind"),
        (_document(tilte="x"), "did you mean title"),
        (_document(better="hgiher"), "did you mean higher"),
        (_document(measure={"node": "cuont"}), "did you mean count"),
        (_document(measure={"node": "count"}), "source is missing"),
        (_document(measure=[]), "not a measure"),
        (_document(least_sample=[3]), "not an integer"),
        (_document(least_sample=True), "not an integer"),
        (_document(levels="person"), "not a list"),
        (_document(title=["x"]), "not an object"),
        (_document(replaces=5), "not a text"),
        ({"kind": "scorecard", "id": "c", "lines": [{"indicator": "a.b", "weight": 0.5}]}, "not a decimal"),
        ({"kind": "scorecard", "id": "c", "lines": [{"indicator": "a.b", "weight": "NaN"}]}, "not a decimal"),
        ({"kind": "fact_type", "name": "f", "fields": {"a": {}}}, "not a list of fields"),
    ],
)
def test_a_document_that_is_none_is_refused(document: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidDefinition, match=message):
        from_document(document)


def test_what_has_no_exact_form_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="write numbers as text"):
        to_document(indicator(count("lead"), params={"x": 0.5}))


def test_nesting_that_no_one_could_read_is_refused() -> None:
    measure = Constant("1") + 1
    for _ in range(5000):
        measure += 1
    with pytest.raises(InvalidDefinition, match="too deeply"):
        to_document(indicator(measure))
    document: dict[str, Any] = {"node": "constant", "value": "1"}
    for _ in range(5000):
        document = {"node": "over", "measure": document, "window": {"start": "start", "end": "end"}}
    with pytest.raises(InvalidDefinition, match="too deeply"):
        from_document(_document(measure=document))


def test_a_title_changes_the_digest() -> None:
    field = Field("id", "a")
    one = FactType("f", "f", "a", {"a": field})
    assert digest(one) != digest(attrs.evolve(one, title="g"))
