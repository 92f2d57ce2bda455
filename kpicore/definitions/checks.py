"""Whether definitions hold together: names, texts, columns, parameters, references."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from kpicore.definitions.algebra.measure_checks import check_indicator
from kpicore.definitions.algebra.reading import PERIOD_COLUMNS, RESERVED_PARAMETERS, check_depth, check_known
from kpicore.definitions.algebra.sql import parameters as parameters_of
from kpicore.definitions.algebra.sql import parse_select, table_name, tables
from kpicore.definitions.book import CORE_FACTS, name_of
from kpicore.definitions.cards.curves import BUILT_IN_CURVES, Curve
from kpicore.definitions.codec import from_document, kind_of, to_document
from kpicore.definitions.facts import COMMON_FIELDS, FactType, Field
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.parameters import Parameters
from kpicore.definitions.plans.award_checks import check_award
from kpicore.definitions.plans.role_checks import check_role, check_template
from kpicore.definitions.plans.roles import Role
from kpicore.definitions.plans.templates import Template
from kpicore.definitions.relations import Relation
from kpicore.definitions.values import checked
from kpicore.errors import InvalidDefinition, InvalidInput, KpicoreError, NotFound
from kpicore.naming import LANGUAGES, Text, check_name, did_you_mean
from kpicore.periods import duration_us

if TYPE_CHECKING:
    from kpicore.definitions.book import Definition, Definitions

_RESERVED_FIELDS = frozenset({*COMMON_FIELDS, *PERIOD_COLUMNS, "source", "row", "kpi_position", "kpi_row"})
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}", re.ASCII)


def check(book: Definitions, only: Iterable[str] | None = None) -> None:
    """Check definitions and all that they refer to.

    Args:
        book: What may be referred to.
        only: Names to check; None: all.

    Raises:
        InvalidDefinition: Naming the definition, what is wrong, and what was probably meant.
    """
    pending = list(book if only is None else only)
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        book.keep("checked", name, lambda name: _check_one(book, book.get(name)))
        pending.extend(book.known_references(name))


def _check_one(book: Definitions, definition: Definition) -> bool:
    name = name_of(definition)
    try:
        if isinstance(definition, Indicator):
            check_depth(definition.measure)
        from_document(to_document(definition))
        _check_texts(definition, name)
        if isinstance(definition, FactType):
            _check_fact_type(definition)
        elif isinstance(definition, Relation):
            _check_references(book, name)
            _check_relation(book, definition)
        elif isinstance(definition, Indicator):
            _check_parameters(definition.params, name)
            _check_references(book, name)
            check_indicator(book, definition)
        elif isinstance(definition, Role):
            check_role(definition, _check_text)
        elif isinstance(definition, Template):
            check_template(book, definition, _check_text)
        elif isinstance(definition, Curve):
            _check_curve(definition)
        else:
            _check_references(book, name)
            check_award(definition, whole=False)
    except InvalidDefinition as error:
        raise _named(error, name) from None
    except (InvalidInput, NotFound) as error:
        raise _named(
            InvalidDefinition(error.message, code=error.code, where=error.where, hint=error.hint), name
        ) from None
    return True


def _named(error: KpicoreError, name: str) -> KpicoreError:
    """The error with the definition's name in front of the place that it names."""
    if not error.where:
        error.where = name
    elif not error.where.startswith(name):
        error.where = f"{name}, {error.where}"
    return error


def _check_references(book: Definitions, name: str) -> None:
    for other in book.references(name):
        if other not in book and other not in CORE_FACTS.values():
            raise InvalidDefinition(
                f"there is no {other}", code="unknown_reference", where=name, hint=did_you_mean(other, book)
            )
    book.digest(name)


def _check_texts(definition: Definition, name: str) -> None:
    what = kind_of(definition).replace("_", " ")
    plugin = "." in name or isinstance(definition, Indicator)
    check_name(name, f"the {what}", plugin=plugin)
    _check_text(definition.title, f"{name}, title")
    if not _VERSION.fullmatch(definition.version):
        raise InvalidDefinition(
            f"version {definition.version!r} is not major.minor", where=name, hint="write it like 1.0"
        )
    for attribute in ("definition", "owner", "data_source", "moves"):
        text: Any = getattr(definition, attribute, None)
        if text:
            _check_text(text, f"{name}, {attribute}")


def _check_text(text: Text, where: str) -> None:
    missing = [language for language in LANGUAGES if not text.get(language, "").strip()]
    if missing:
        raise InvalidDefinition(
            f"the text in {' and '.join(missing)} is missing",
            code="missing_language",
            where=where,
            hint='write {"en": …, "zh-Hant": …}',
        )
    for language in text:
        if language not in LANGUAGES:
            raise InvalidDefinition(
                f"{language!r} is not a language of kpicore", where=where, hint=did_you_mean(language, LANGUAGES)
            )


def _check_fact_type(fact_type: FactType) -> None:
    where = fact_type.name
    if not fact_type.key:
        raise InvalidDefinition("it has no key", where=where, hint="name the fields that identify a fact")
    for name, spec in fact_type.fields.items():
        check_name(name, f"a field of {where}")
        taken = name in _RESERVED_FIELDS or (name == "rate" and any(fact_type.money_fields()))
        if taken or name.endswith("_original") or name.startswith("kpi_"):
            raise InvalidDefinition(f"the field name {name} is taken", where=where, hint="give it another name")
        if spec.title:
            _check_text(spec.title, f"{where}, {name}, title")
        if spec.default is not None:
            _check_default(spec, f"{where}, {name}")
    for name in fact_type.key:
        if name not in fact_type.fields:
            raise InvalidDefinition(
                f"the key field {name} is not among the fields", where=where, hint=did_you_mean(name, fact_type.fields)
            )
    check_known(fact_type.credits, fact_type.all_fields(), f"{where}, credits")


def _check_default(spec: Field, where: str) -> None:
    value = spec.default or ""
    if spec.kind in ("id", "text"):
        return
    try:
        right = value in ("true", "false") if spec.kind == "boolean" else Decimal(value).is_finite()
        right = right and (spec.kind not in ("integer", "instant") or Decimal(value) == int(value))
    except (InvalidOperation, ValueError):
        right = False
    if not right:
        raise InvalidDefinition(
            f"the default {value!r} is no {spec.kind}", where=where, hint="give a default of the parameter's kind"
        )


def _check_relation(book: Definitions, relation: Relation) -> None:
    where = relation.name
    _check_parameters(relation.params, where)
    columns = book.columns(where)
    check_known(relation.titles, columns, f"{where}, titles")
    for name, title in relation.titles.items():
        _check_text(title, f"{where}, {name}, title")
    if not relation.key:
        raise InvalidDefinition("it has no key", where=where, hint="name the columns that identify a row")
    check_known(relation.key, columns, f"{where}, key")
    check_known(relation.credits, columns, f"{where}, credits")
    instants = ("valid_from", "valid_to") if relation.spell else ("occurred_at",)
    for name in instants:
        if columns.get(name) not in ("instant", "integer"):
            what = "times (spell=True)" if relation.spell else "events"
            raise InvalidDefinition(
                f"it holds {what} and has no instant {name}",
                where=where,
                hint="select it, or say spell=True where rows hold from valid_from to valid_to",
            )
    tree = parse_select(relation.sql, where)
    read = {table_name(table) for table in tables(tree)}
    check_known(relation.reads, read, f"{where}, reads")
    for name, reach in relation.reads.items():
        for edge in reach:
            _check_reach(edge, relation.params, f"{where}, reads {name}")
    named = parameters_of(tree)
    for other in read:
        inner = book.relations.get(other)
        named |= set(inner.params) if inner else set()
        for name, spec in (inner.params if inner else {}).items():
            _check_same_kind(relation.params, name, spec.kind, f"{where}, {name}", other)
    check_known(relation.params, named, f"{where}, params")


def _check_same_kind(params: Parameters, name: str, kind: str, where: str, other: str) -> None:
    if name in params and params[name].kind != kind:
        raise InvalidDefinition(
            f"{other} declares it as {kind}, not {params[name].kind}",
            where=where,
            hint=f"declare {name} as {kind}, or give it another name",
        )


def _check_reach(edge: str, params: Parameters, where: str) -> None:
    if edge == "all":
        return
    if edge.startswith("$"):
        check_known((edge[1:],), params, where)
        if params[edge[1:]].kind != "duration":
            raise InvalidDefinition(
                f"{edge} is no duration", where=where, hint="write days, hours or minutes: 30d, 24h, 90m"
            )
        return
    duration_us(edge)


def _check_parameters(params: Parameters, where: str) -> None:
    for name, spec in params.items():
        check_name(name, f"a parameter of {where}")
        if name in RESERVED_PARAMETERS:
            raise InvalidDefinition(f"the parameter name {name} is taken", where=where, hint="choose another name")
        if spec.kind == "choice" and not spec.choices:
            raise InvalidDefinition(
                "a choice has no choices", where=f"{where}, {name}", hint="name the values that it may take"
            )
        if spec.title:
            _check_text(spec.title, f"{where}, {name}, title")
        checked(spec, spec.default, f"{where}, {name}")


def _check_curve(curve: Curve) -> None:
    _check_parameters(curve.params, curve.name)
    model = next(model for model in BUILT_IN_CURVES if model.form == curve.form)
    check_known(curve.params, model.params, f"{curve.name}, params")
    check_known(model.params, curve.params, f"{curve.name}, params")
    for name, spec in curve.params.items():
        like = model.params[name]
        if spec.kind != like.kind:
            raise InvalidDefinition(
                f"{name} of a curve is {like.kind}, not {spec.kind}",
                where=f"{curve.name}, params",
                hint=f"take the parameter of the built-in curve {model.name}",
            )
        check_known(spec.choices, like.choices, f"{curve.name}, {name}, choices")
