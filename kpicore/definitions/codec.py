"""Definitions as JSON documents and back.

A document carries what differs from the defaults, so that an attribute that a later release adds leaves old documents
and their digests as they are. `kind` tells which definition it is, `node` which node of a measure.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import attrs

from kpicore.canonical import canonical_json, decimal_text, sha256_hex
from kpicore.definitions.algebra import measures as nodes
from kpicore.definitions.cards.curves import Curve
from kpicore.definitions.cards.scorecards import Organisation, Scorecard
from kpicore.definitions.facts import FactType, Field
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.plans.awards import AWARD_KINDS, Award
from kpicore.definitions.plans.cascade import Cascade
from kpicore.definitions.plans.roles import Role
from kpicore.definitions.plans.strategy import StrategyChange
from kpicore.definitions.plans.targets import TargetRule
from kpicore.definitions.plans.templates import Template
from kpicore.definitions.relations import Relation
from kpicore.errors import InvalidDefinition
from kpicore.naming import did_you_mean

#: What can be written as a document of its own.
Document: TypeAlias = (
    "FactType | Relation | Indicator | Curve | Scorecard | Organisation | TargetRule | Role | Template | StrategyChange "
    "| Award | Cascade"
)

KINDS: Mapping[str, type] = {
    "fact_type": FactType,
    "relation": Relation,
    "indicator": Indicator,
    "curve": Curve,
    "scorecard": Scorecard,
    "organisation": Organisation,
    "target": TargetRule,
    "role": Role,
    "template": Template,
    "strategy_change": StrategyChange,
    **AWARD_KINDS,
    "cascade": Cascade,
}
_AGGREGATES = ("count", "distinct", "total", "quantile")
_NODES: Mapping[str, type] = {
    "constant": nodes.Constant,
    "given": nodes.Given,
    "arithmetic": nodes.Arithmetic,
    "over": nodes.Over,
    "whole": nodes.Whole,
    "extremum": nodes.Extremum,
    "root": nodes.Root,
    "mean": nodes.Mean,
    "monthly": nodes.Monthly,
    "survival": nodes.Survival,
    "crossing": nodes.Crossing,
    "correlation": nodes.Correlation,
    "choice": nodes.Choice,
    "target": nodes.Target,
    "ref": nodes.Ref,
}
_NODE_NAMES = {cls: name for name, cls in _NODES.items()}
_KIND_NAMES = {cls: name for name, cls in KINDS.items()}


def kind_of(definition: Document) -> str:
    """The word for its class: a key of `KINDS`."""
    return _KIND_NAMES[type(definition)]


def to_document(definition: Document) -> dict[str, Any]:
    """The definition as JSON values: decimals are strings, tuples lists, a fact type's fields a list in their order.

    Raises:
        InvalidDefinition: If it holds a value that JSON has no exact form for, or is nested too deeply.
    """
    try:
        return {"kind": kind_of(definition), **_attributes(definition)}
    except RecursionError:
        raise InvalidDefinition(
            "the definition is nested too deeply", code="too_deep", hint="put a part of it into an indicator of its own"
        ) from None


def from_document(document: Mapping[str, Any]) -> Any:
    """The definition that `to_document` wrote.

    Raises:
        InvalidDefinition: If the kind is unknown, or an attribute is missing, unknown or of the wrong type.
    """
    if not isinstance(document, Mapping):
        raise _wrong("the document", "an object", document)
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise InvalidDefinition(f"{kind!r} is not a kind of definition", hint=did_you_mean(str(kind), KINDS))
    where = str(document.get("id") or document.get("name") or kind)
    try:
        return _object(KINDS[kind], {key: value for key, value in document.items() if key != "kind"}, where)
    except RecursionError:
        raise InvalidDefinition(
            "the definition is nested too deeply",
            code="too_deep",
            where=where,
            hint="put a part of it into an indicator of its own",
        ) from None


def digest(definition: Document) -> str:
    """SHA-256 of the definition alone, in hexadecimal; `Definitions.digest` covers what it refers to as well."""
    return sha256_hex(canonical_json(to_document(definition)))


def measure_document(measure: nodes.Measure) -> dict[str, Any]:
    """A measure as JSON values: `{"node": "count", "source": …}`."""
    document: dict[str, Any] = _encode(measure)
    return document


def _attributes(instance: Any) -> dict[str, Any]:
    found = {}
    for attribute in attrs.fields(type(instance)):
        value = getattr(instance, attribute.name)
        if not _is_default(attribute, value):
            found[attribute.name] = _encode(value)
    if isinstance(instance, FactType):
        found["fields"] = [{"name": name, **_encode(spec)} for name, spec in instance.fields.items()]
    return found


def _is_default(attribute: Any, value: Any) -> bool:
    default = attribute.default
    if default is attrs.NOTHING:
        return False
    default = default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]
    return type(value) is type(default) and bool(value == default)


def _encode(value: Any) -> Any:
    if isinstance(value, nodes.Aggregate):
        attributes = _attributes(value)
        return {"node": attributes.pop("op"), **attributes}
    if isinstance(value, nodes.Measure):
        return {"node": _NODE_NAMES[type(value)], **_attributes(value)}
    if attrs.has(type(value)):
        return _attributes(value)
    if isinstance(value, Mapping):
        return {str(key): _encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encode(item) for item in value]
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool):
        return value
    raise InvalidDefinition(f"{value!r} has no place in a definition", hint="write numbers as text")


def _object(cls: type, document: Any, where: str) -> Any:
    if not isinstance(document, Mapping):
        raise _wrong(where, "an object", document)
    hints = _hints(cls)
    given = {}
    for key, value in document.items():
        if key not in hints:
            raise InvalidDefinition(
                f"{key!r} is not a part of {cls.__name__}", where=where, hint=did_you_mean(str(key), hints)
            )
        part = f"{where}, {key}"
        given[key] = _fields(value, part) if (cls, key) == (FactType, "fields") else _decode(hints[key], value, part)
    for attribute in attrs.fields(cls):
        if attribute.default is attrs.NOTHING and attribute.name not in given:
            raise InvalidDefinition(f"{attribute.name} is missing", where=where, hint="write it")
    return cls(**given)


def _fields(value: Any, where: str) -> dict[str, Field]:
    if not isinstance(value, list) or not all(isinstance(item, Mapping) and "name" in item for item in value):
        raise _wrong(where, "a list of fields, each with its name", value)
    return {
        str(item["name"]): _object(Field, {k: v for k, v in item.items() if k != "name"}, f"{where}, {item['name']}")
        for item in value
    }


@lru_cache(maxsize=64)
def _hints(cls: type) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {attribute.name: hints[attribute.name] for attribute in attrs.fields(cls)}


def _decode(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if hint is Any:
        return _encode(value)
    if isinstance(hint, type) and issubclass(hint, nodes.Measure):
        found = _measure(value, where)
        if not isinstance(found, hint):
            raise _wrong(where, f"of the class {hint.__name__}", value)
        return found
    if origin is Literal:
        if value not in get_args(hint):
            raise InvalidDefinition(
                f"{value!r} is none of {', '.join(map(str, get_args(hint)))}",
                where=where,
                hint=did_you_mean(str(value), map(str, get_args(hint))),
            )
        return value
    if origin in (Union, types.UnionType):
        return _union(get_args(hint), value, where)
    if origin is tuple:
        return _items(hint, value, where)
    if origin is list:
        return list(_items(tuple[get_args(hint)[0], ...], value, where))  # type: ignore[misc]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise _wrong(where, "an object", value)
        return {str(key): _decode(get_args(hint)[1], item, f"{where}, {key}") for key, item in value.items()}
    if hint is Decimal:
        return _decimal(value, where)
    if attrs.has(hint):
        return _object(hint, value, where)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise _wrong(where, {str: "a text", int: "an integer", bool: "true or false"}.get(hint, str(hint)), value)
    return value


def _union(options: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in options:
        return None
    rest = [option for option in options if option is not type(None)]
    for option in rest:
        origin = get_origin(option) or option
        if (origin in (tuple, list) and isinstance(value, list)) or (
            isinstance(origin, type) and isinstance(value, origin) and not isinstance(value, bool)
        ):
            return _decode(option, value, where)
    return _decode(rest[0], value, where)


def _items(hint: Any, value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(where, "a list", value)
    inner = get_args(hint)
    if inner[-1] is Ellipsis:
        return tuple(_decode(inner[0], item, f"{where} {place}") for place, item in enumerate(value, 1))
    if len(value) != len(inner):
        raise _wrong(where, f"a list of {len(inner)}", value)
    return tuple(_decode(kind, item, where) for kind, item in zip(inner, value, strict=True))


def _measure(value: Any, where: str) -> nodes.Measure:
    if not isinstance(value, Mapping):
        raise _wrong(where, "a measure", value)
    rest = {key: item for key, item in value.items() if key != "node"}
    node = value.get("node")
    if node in _AGGREGATES:
        measure: nodes.Measure = _object(nodes.Aggregate, {"op": node, **rest}, where)
        return measure
    if not isinstance(node, str) or node not in _NODES:
        raise InvalidDefinition(
            f"{node!r} is not a node of a measure",
            where=where,
            hint=did_you_mean(str(node), [*_NODES, *_AGGREGATES]),
        )
    found: nodes.Measure = _object(_NODES[node], rest, where)
    return found


def _decimal(value: Any, where: str) -> Decimal:
    if isinstance(value, str | int) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise _wrong(where, "a decimal number as text", value) from None
        if number.is_finite():
            return number
    raise _wrong(where, "a decimal number as text", value)


def _wrong(where: str, what: str, value: Any) -> InvalidDefinition:
    return InvalidDefinition(f"{value!r} is not {what}", where=where, hint=f"give {what}")
