"""What must hold for definitions by themselves: they survive as JSON, and people read them in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import fields, has

from kpicore.canonical import canonical_json
from kpicore.definitions.book import Definition, Definitions, name_of
from kpicore.definitions.codec import digest, from_document, to_document
from kpicore.definitions.facts import Field
from kpicore.definitions.indicators import Indicator
from kpicore.naming import LANGUAGES

#: Texts that may be left out; where they are there they are there in all languages.
_OPTIONAL = ("definition", "moves")


def survives(definition: Definition, book: Definitions) -> list[str]:
    """What is wrong with a definition that went through JSON and came back.

    Args:
        definition: The definition.
        book: All definitions; its digest covers those that it refers to.
    """
    document = to_document(definition)
    again = from_document(json.loads(canonical_json(document)))
    name, wrong = name_of(definition), []
    if again != definition:
        wrong.append(f"{name} is another definition after a round trip through JSON")
    if canonical_json(to_document(again)) != canonical_json(document) or digest(again) != digest(definition):
        wrong.append(f"{name} has another digest after a round trip through JSON")
    replaced = book.merged(Definitions.of([again]))
    if replaced.digest(name) != book.digest(name) or replaced.meaning(name) != book.meaning(name):
        wrong.append(
            f"{name} has another digest or meaning with all that it refers to, after a round trip through JSON"
        )
    return wrong


def untranslated(definition: Definition) -> list[str]:
    """Texts of a definition that are not there in every language, by their place."""
    return [
        f"{name_of(definition)}: {place} is missing in {', '.join(missing)}"
        for place, text in texts(definition)
        if (missing := [language for language in LANGUAGES if not text.get(language, "").strip()])
    ]


def texts(definition: Definition) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text that people read, with its place: `title`, `examples 2, title`."""
    yield from _texts(definition, "")


def _texts(value: Any, place: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for attribute in fields(type(value)):
        name = attribute.name
        inner = getattr(value, name)
        where = f"{place}, {name}" if place else name
        if attribute.type == "Text" or (name == "owner" and isinstance(inner, Mapping)):
            if inner or not (name in _OPTIONAL or (name == "owner" and not isinstance(value, Indicator))):
                yield where, inner
        elif name == "titles":
            yield from ((f"{where} {key}", text) for key, text in inner.items())
        elif isinstance(inner, Mapping):
            yield from (
                found for key, item in inner.items() if _holds_texts(item) for found in _texts(item, f"{where} {key}")
            )
        elif isinstance(inner, tuple):
            for number, item in enumerate(inner, 1):
                if _holds_texts(item):
                    yield from _texts(item, f"{where} {number}")


def _holds_texts(value: Any) -> bool:
    return has(type(value)) and (isinstance(value, Field) or any(a.type == "Text" for a in fields(type(value))))
