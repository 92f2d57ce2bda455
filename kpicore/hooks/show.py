"""The document of `plugins show`: what is defined, by whom, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore.definitions.algebra.words import formula
from kpicore.definitions.book import name_of
from kpicore.definitions.codec import to_document
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.parameters import Parameter
from kpicore.errors import KpicoreError
from kpicore.hooks.catalog import Catalog
from kpicore.naming import LANGUAGES


def show(catalog: Catalog, plugin: str | None = None) -> dict[str, Any]:
    """Everything that is defined, or what one plugin defines.

    An indicator that does not hold together is shown with an `error`, and without formula and digest.

    Args:
        catalog: What there is.
        plugin: Name of a plugin; None: the vocabulary and all plugins.

    Raises:
        NotFound: There is no plugin of that name.
    """
    shown = catalog.plugins if plugin is None else (catalog.host.plugin(plugin),)
    names = catalog.names() if plugin is None else {name_of(d) for info in shown for d in info.definitions}
    book = catalog.definitions
    return {
        "plugins": [info.to_dict() for info in shown],
        "fact_types": _documents(catalog, book.fact_types, names),
        "relations": _documents(catalog, book.relations, names),
        "indicators": [_indicator(catalog, found) for name, found in book.indicators.items() if name in names],
        "curves": _documents(catalog, book.curves, names),
        "awards": _documents(catalog, book.awards, names),
        "roles": _documents(catalog, book.roles, names),
        "templates": _documents(catalog, book.templates, names),
        "components": [
            {"name": part.name, "kind": part.kind, "title": dict(part.title), "plugin": info.name}
            for info in shown
            for part in info.components
        ],
    }


def _documents(catalog: Catalog, definitions: Mapping[str, Any], names: set[str]) -> list[dict[str, Any]]:
    return [
        {**to_document(definition), "plugin": _plugin(catalog, name)}
        for name, definition in definitions.items()
        if name in names
    ]


def _indicator(catalog: Catalog, indicator: Indicator) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": indicator.id,
        "plugin": _plugin(catalog, indicator.id),
        "title": dict(indicator.title),
        "definition": dict(indicator.definition) or dict(indicator.title),
        "perspective": indicator.perspective,
        "indicator_type": indicator.indicator_type,
        "roles": list(indicator.roles),
        "unit": indicator.unit,
        "better": indicator.better,
        "formula": None,
        "data_source": dict(indicator.data_source),
        "parameters": {name: _parameter(parameter) for name, parameter in indicator.params.items()},
        "digest": None,
    }
    try:
        catalog.check(indicator.id)
    except KpicoreError as error:
        return {**shown, "error": error.to_dict()}
    shown["formula"] = {language: formula(catalog.definitions, indicator, language) for language in LANGUAGES}
    shown["digest"] = catalog.definitions.digest(indicator.id)
    return shown


def _parameter(parameter: Parameter) -> dict[str, Any]:
    default = parameter.default
    return {
        "kind": parameter.kind,
        "default": default if isinstance(default, str) else list(default),
        "choices": list(parameter.choices),
        "title": dict(parameter.title),
        "titles": {option: dict(title) for option, title in parameter.titles.items()},
    }


def _plugin(catalog: Catalog, name: str) -> str | None:
    provider = catalog.provider(name)
    return provider.name if provider else None
