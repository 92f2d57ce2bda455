"""The digest of what a definition computes, apart from how it is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.definitions.algebra.sql import same_text
from kpicore.definitions.cards.curves import Curve
from kpicore.definitions.codec import measure_document, to_document
from kpicore.definitions.facts import FactType
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.parameters import Parameters
from kpicore.definitions.relations import Relation
from kpicore.errors import InvalidDefinition

if TYPE_CHECKING:
    from kpicore.definitions.book import Definitions

_WORD = re.compile(r"[a-z_][a-z0-9_]*")
_NO_WORDS: frozenset[str] = frozenset()


def meaning(book: Definitions, name: str) -> str:
    """SHA-256 of what `name` computes, through all that it refers to.

    Of a fact type only the fields count that a formula above it names, so that a field more changes nothing.

    Raises:
        NotFound: If something that it refers to is not in the book.
        InvalidDefinition: If it refers to itself.
    """
    return _meaning(book, name, _NO_WORDS, (), {})


def _meaning(
    book: Definitions,
    name: str,
    words: frozenset[str],
    path: tuple[str, ...],
    kept: dict[tuple[str, frozenset[str]], str],
) -> str:
    if name in path:
        raise InvalidDefinition(
            f"{name} refers to itself: {' → '.join((*path, name))}", code="cycle", where=name, hint="take one way out"
        )
    if (name, words) in kept:
        return kept[name, words]
    definition = book.get(name)
    document = _document(definition, words)
    named = words
    if isinstance(definition, Relation):
        named = words | _words(definition.sql)
    elif isinstance(definition, Indicator):
        named = _words(str(document["measure"])) | set(definition.credit) | set(definition.by)
    over = {other: _meaning(book, other, named, (*path, name), kept) for other in book.known_references(name)}
    kept[name, words] = sha256_hex(canonical_json({**document, "over": over}))
    return kept[name, words]


def _document(definition: Any, words: frozenset[str]) -> dict[str, Any]:
    if isinstance(definition, FactType):
        used = {
            name: {"kind": spec.kind, "default": spec.default}
            for name, spec in definition.fields.items()
            if not words or name in words or name in definition.key
        }
        money = definition.has_currency and any(spec.kind == "money" for spec in definition.fields.values())
        return {"fact": definition.name, "key": definition.key, "fields": used, "money": money}
    if isinstance(definition, Relation):
        return {
            "relation": same_text(definition.sql),
            "key": definition.key,
            "spell": definition.spell,
            "params": _parameters(definition.params),
            "credits": dict(definition.credits),
            "reads": {name: list(reach) for name, reach in definition.reads.items()},
        }
    if isinstance(definition, Curve):
        return {"curve": definition.form, "params": _parameters(definition.params)}
    if not isinstance(definition, Indicator):
        return {name: value for name, value in to_document(definition).items() if name not in ("title", "why")}
    return {
        "measure": _same_texts(measure_document(definition.measure)),
        "params": _parameters(definition.params),
        "credit": definition.credit,
        "by": definition.by,
        "levels": definition.levels,
        "unit": definition.unit,
        "better": definition.better,
        "least_sample": definition.least_sample,
    }


def _parameters(parameters: Parameters) -> dict[str, Any]:
    return {
        name: {"kind": spec.kind, "default": spec.default, "choices": spec.choices} for name, spec in parameters.items()
    }


def _same_texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _same_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_same_texts(item) for item in value]
    return same_text(value) if isinstance(value, str) else value


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))
