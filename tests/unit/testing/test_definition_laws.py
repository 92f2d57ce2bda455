"""Texts that are missing in a language are found wherever they are."""

from __future__ import annotations

from kpicore import Example, FactType, Field, Indicator, Relation, count, duration
from kpicore.definitions.book import Definitions
from kpicore.testing.definition_laws import survives, texts, untranslated
from kpicore.vocabulary import definitions as vocabulary

BOTH = {"en": "it", "zh-Hant": "它"}


def indicator(**changes: object) -> Indicator:
    given = {
        "title": BOTH,
        "measure": count("deal_won"),
        "perspective": "performance",
        "roles": ["sales"],
        "data_source": BOTH,
        "params": {"horizon": duration("30d", title=BOTH)},
        "examples": [Example(BOTH, {"deal_won": 1}, "1")],
    }
    return Indicator("law.it", **{**given, **changes})  # type: ignore[arg-type]


def test_a_whole_indicator_has_nothing_missing() -> None:
    assert untranslated(indicator()) == []
    assert [place for place, _ in texts(indicator())] == [
        "title",
        "data_source",
        "params horizon, title",
        "examples 1, title",
    ]


def test_each_missing_language_is_told_with_its_place() -> None:
    half = {"en": "it"}
    assert untranslated(indicator(title=half)) == ["law.it: title is missing in zh-Hant"]
    assert untranslated(indicator(moves=half)) == ["law.it: moves is missing in zh-Hant"]
    assert untranslated(indicator(params={"horizon": duration("30d")})) == [
        "law.it: params horizon, title is missing in en, zh-Hant"
    ]
    assert untranslated(indicator(examples=[Example({"zh-Hant": "它", "en": " "}, {})])) == [
        "law.it: examples 1, title is missing in en"
    ]


def test_fields_and_columns_are_told_too() -> None:
    fact_type = FactType("law.done", BOTH, "done_id", {"done_id": Field("id", BOTH), "kind": Field("text")}, BOTH)
    assert untranslated(fact_type) == ["law.done: fields kind, title is missing in en, zh-Hant"]
    relation = Relation("law.rel", BOTH, "select 1", "a", titles={"a": {"en": "a"}})
    assert untranslated(relation) == ["law.rel: titles a is missing in zh-Hant"]


def test_every_text_of_the_vocabulary_is_there_and_every_definition_survives() -> None:
    book = Definitions.of(vocabulary())
    assert [wrong for item in vocabulary() for wrong in untranslated(item)] == []
    assert [wrong for item in vocabulary() for wrong in survives(item, book)] == []
