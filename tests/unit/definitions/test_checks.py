from typing import Any

import attrs
import pytest

from kpicore.definitions.algebra.builders import count
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.curves import LINEAR
from kpicore.definitions.checks import check
from kpicore.definitions.facts import FactType, Field
from kpicore.definitions.parameters import Parameter, choice, duration
from kpicore.errors import InvalidDefinition, NotFound
from tests.unit.definitions.samples import BOOK, indicator, relation, with_


def refused(*definitions: Any) -> InvalidDefinition:
    names = [getattr(definition, "id", getattr(definition, "name", "")) for definition in definitions]
    with pytest.raises(InvalidDefinition) as caught:
        check(with_(*definitions), names)
    assert (caught.value.where or "").startswith(names[0])
    return caught.value


def test_the_vocabulary_holds_together() -> None:
    check(BOOK)


def test_only_what_is_named_is_checked_with_what_it_refers_to() -> None:
    broken = attrs.evolve(relation("select l.x from lead_created l"), name="broken")
    book = with_(broken, indicator(count("lead")), indicator(count("broken"), "t.y"))
    check(book, ["t.x"])
    with pytest.raises(InvalidDefinition, match="no column x"):
        check(book, ["t.y"])
    with pytest.raises(NotFound):
        check(book, ["t.z"])


FACT = FactType("sale", "sales", "sale_id", {"sale_id": Field("id"), "amount": Field("money")})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "Sale"}, "not a name"),
        ({"title": {"en": "sales"}}, "zh-Hant is missing"),
        ({"title": {"en": "a", "zh-Hant": "b", "zh": "c"}}, "not a language"),
        ({"key": ()}, "no key"),
        ({"key": ("sale",)}, "key field sale"),
        ({"credits": {"owner": "person"}}, "there is no owner"),
        ({"version": "1"}, "not major.minor"),
        ({"fields": {"sale_id": Field("id"), "source": Field("text")}}, "is taken"),
        ({"fields": {"sale_id": Field("id"), "occurred_at": Field("instant")}}, "is taken"),
        ({"fields": {"sale_id": Field("id"), "x_original": Field("money")}}, "is taken"),
        ({"fields": {"sale_id": Field("id"), "amount": Field("money"), "rate": Field("rate")}}, "is taken"),
        ({"fields": {"sale_id": Field("id"), "n": Field("integer", default="1.5")}}, "no integer"),
        ({"fields": {"sale_id": Field("id"), "n": Field("boolean", default="yes")}}, "no boolean"),
        ({"fields": {"sale_id": Field("id"), "Amount": Field("money")}}, "not a name"),
        ({"fields": {"sale_id": Field("id"), "a": Field("float")}}, "none of"),  # type: ignore[arg-type]
        ({"fields": {"sale_id": Field("id"), "a": Field("id", {"en": "a"})}}, "zh-Hant is missing"),
    ],
)
def test_a_fact_type_that_does_not_hold_together(change: dict[str, Any], message: str) -> None:
    check(with_(FACT))
    assert message in str(refused(attrs.evolve(FACT, **change)))


SOUND = "select l.lead_id, l.source, l.occurred_at, l.owner_id from lead_created l"


@pytest.mark.parametrize(
    ("sql", "options", "message"),
    [
        (SOUND, {"key": "lead"}, "did you mean lead_id"),
        (SOUND, {"key": ()}, "no key"),
        (SOUND, {"credits": {"team_id": "team"}}, "there is no team_id"),
        (SOUND, {"spell": True}, "no instant valid_from"),
        ("select l.lead_id, l.source from lead_created l", {"credits": {}}, "no instant occurred_at"),
        (SOUND, {"reads": {"deal_won": ("0d", "0d")}}, "there is no deal_won"),
        (SOUND, {"reads": {"lead_created": ("0 days", "0d")}}, "not a duration"),
        (SOUND, {"reads": {"lead_created": ("$days", "0d")}}, "there is no days"),
        (SOUND, {"params": {"days": duration("90d")}}, "there is no days"),
        (SOUND + " where $days > 0", {"params": {"days": Parameter("duration", "ninety")}}, "not a duration"),
        (SOUND + " where l.tier = $as_of", {"params": {"as_of": choice("a")}}, "is taken"),
        (SOUND + " where l.tier = $t", {"params": {"t": Parameter("choice", "a")}}, "no choices"),
        (
            SOUND.replace("lead_created", "lead"),
            {"params": {"dedupe": Parameter("integer", 3)}},
            "declares it as duration",
        ),
        (SOUND, {"titles": {"tier": "tier"}}, "there is no tier"),
        (SOUND + " l", {}, "not SQL"),
    ],
)
def test_a_relation_that_does_not_hold_together(sql: str, options: dict[str, Any], message: str) -> None:
    found = attrs.evolve(relation(sql), **{"key": ("lead_id", "source"), **options})
    assert message in str(refused(found))


def test_parameters_pass_through_to_what_is_read() -> None:
    check(with_(relation(SOUND.replace("lead_created", "lead"), params={"dedupe": duration("30d")})))


def test_a_curve_has_the_parameters_of_its_form() -> None:
    check(with_(attrs.evolve(LINEAR, name="t.linear")))
    assert "there is no zero" in str(refused(attrs.evolve(LINEAR, name="t.linear", params={})))
    assert "there is no slope" in str(
        refused(attrs.evolve(LINEAR, name="t.linear", params={**LINEAR.params, "slope": Parameter("decimal", 1)}))
    )


def test_what_is_referred_to_must_be_there() -> None:
    error = refused(indicator(count("leed")))
    assert (error.code, error.hint) == ("unknown_reference", "did you mean lead?")


def test_the_same_book_is_checked_once() -> None:
    book = Definitions.of([FACT])
    check(book)
    check(book)
