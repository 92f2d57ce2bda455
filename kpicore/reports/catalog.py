"""What is defined, and whether it holds: the pages of `plugins show` and `plugins check`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from kpicore.definitions.facts import OCCURRED_AT
from kpicore.naming import LANGUAGES, translated
from kpicore.reports.handbook.words import called
from kpicore.reports.tables import cells, note, table
from kpicore.reports.translations.translated import part, told
from kpicore.reports.words import bracketed, clauses, clean, labelled, listed, mark, pick, word

#: Parts of a definition that are shown in other ways, or are for programs.
_ELSEWHERE = ("kind", "name", "title", "titles", "sql")


def overview(document: Mapping[str, Any], language: str) -> RenderableType:
    """Indicators as a table; fact types, relations and curves by name."""
    made = table(
        (word("indicator", language), "left"),
        (word("title", language), "left"),
        (word("perspective", language), "left"),
        (word("unit", language), "left"),
        (word("roles", language), "left"),
        title=word("indicators", language),
    )
    for indicator in document["indicators"]:
        made.add_row(
            *cells(
                indicator["id"],
                translated(indicator["title"], language),
                word(indicator["perspective"], language),
                called("unit", indicator["unit"], language),
                _roles(indicator["roles"], language),
            )
        )
    parts: list[RenderableType] = [made] if document["indicators"] else []
    for kind in ("fact_types", "relations", "curves", "roles", "templates", "awards"):
        if document[kind]:
            names = listed((part.get("name") or part["id"] for part in document[kind]), language)
            parts.append(Text.assemble((f"{word(kind, language)}  ", "bold"), clean(names)))
    parts.extend(_faults(document, language))
    parts.append(note(pick(language, "kpicore plugins show NAME tells more", "kpicore plugins show 名稱，可看詳情")))
    return Group(*parts)


def _roles(names: Iterable[str], language: str) -> str:
    return listed((called("role", name, language) for name in names), language)


def _faults(document: Mapping[str, Any], language: str) -> list[RenderableType]:
    return [
        Text(clean(labelled(plugin["name"], told(plugin["error"]["message"], language), language)), "red")
        for plugin in document["plugins"]
        if plugin["error"]
    ]


def definition(document: Mapping[str, Any], language: str) -> RenderableType:
    """One definition: an indicator with its formula in words, a fact type with its fields, a relation with its SQL."""
    parts: list[RenderableType] = [_indicator(found, language) for found in document["indicators"]]
    parts += [_fact_type(found, language) for found in document["fact_types"]]
    parts += [_other(found, language) for kind in ("relations", "curves") for found in document[kind]]
    parts += [_role(found, language) for found in document["roles"]]
    parts += [_template(found, language) for found in document["templates"]]
    parts += [_award(found, language) for found in document["awards"]]
    return Group(*parts)


def _award(document: Mapping[str, Any], language: str) -> RenderableType:
    rows = [
        (part(name, language), _flat(value, language))
        for name, value in document.items()
        if name not in ("id", "title", "kind")
    ]
    rows.insert(0, (part("kind", language), word(document["kind"], language)))
    return _pairs(f"{document['id']} · {translated(document['title'], language)}", rows)


def _pairs(title: str, rows: list[tuple[str, Any]]) -> RenderableType:
    made = table(("", "left"), ("", "left"), title=clean(title))
    made.show_header = False
    for name, value in rows:
        if value not in (None, "", [], {}):
            made.add_row(Text(name, style="dim"), Text(clean(value)))
    return made


def _indicator(found: Mapping[str, Any], language: str) -> RenderableType:
    parameters = mark("semicolon", language).join(
        f"{name} = {_default(parameter, language)}"
        + (bracketed(" | ".join(parameter["choices"]), language) if parameter["choices"] else "")
        for name, parameter in found["parameters"].items()
    )
    rows: list[tuple[str, Any]] = [
        (word("name", language), found["id"]),
        (word("definition", language), translated(found["definition"], language)),
        (word("formula", language), translated(found["formula"] or {}, language)),
        (
            word("unit", language),
            listed((called(part, found[part], language) for part in ("unit", "better")), language),
        ),
        (word("perspective", language), word(found["perspective"], language)),
        (word("roles", language), _roles(found["roles"], language)),
        (word("data_source", language), translated(found["data_source"], language)),
        (word("parameters", language), parameters),
        (word("plugin", language), found["plugin"]),
        (word("digest", language), found["digest"]),
    ]
    page = _pairs(translated(found["title"], language), rows)
    return Group(page, Text(clean(found["error"]["message"]), "red")) if found.get("error") else page


def _role(found: Mapping[str, Any], language: str) -> RenderableType:
    """A role as a tree: duties, key result areas, indicators."""
    tree = Tree(Text(clean(f"{translated(found['title'], language)} · {found['role']} · {found['name']}"), "bold"))
    for duty in found["duties"]:
        branch = tree.add(Text(clean(translated(duty["title"], language))))
        for area in duty["areas"]:
            names = listed(area["indicators"], language)
            branch.add(Text(clean(labelled(translated(area["title"], language), names, language))))
    return tree


def _template(found: Mapping[str, Any], language: str) -> RenderableType:
    made = table(
        (word("indicator", language), "left"),
        (word("weight", language), "right"),
        (word("why", language), "left"),
        title=clean(
            f"{translated(found['title'], language)} · {called('role', found['role'], language)} · {called('stage', found['stage'], language)}"
        ),
    )
    for line in found["lines"]:
        made.add_row(*cells(line["indicator"], line["weight"], translated(line["why"], language)))
    return made


def _default(parameter: Mapping[str, Any], language: str) -> str:
    default = parameter["default"]
    return default if isinstance(default, str) else listed(default, language)


def _fact_type(found: Mapping[str, Any], language: str) -> RenderableType:
    made = table(
        (word("name", language), "left"),
        (word("type", language), "left"),
        (word("title", language), "left"),
        title=f"{found['name']} · {translated(found['title'], language)}",
    )
    common = [
        {"name": "occurred_at", "kind": "instant", "title": OCCURRED_AT.title},
        {"name": "owner_id", "kind": "id", "title": found.get("owner")},
    ]
    for field in [*found["fields"], *common]:
        mark = " *" if field["name"] in found["key"] else ""
        made.add_row(*cells(field["name"] + mark, field["kind"], translated(field.get("title") or {}, language)))
    return Group(made, note(pick(language, "* key", "* 鍵")))


def _other(found: Mapping[str, Any], language: str) -> RenderableType:
    rows = [(word(name, language), _flat(value, language)) for name, value in found.items() if name not in _ELSEWHERE]
    parts = [_pairs(f"{found['name']} · {translated(found['title'], language)}", rows)]
    if found.get("sql"):
        parts.append(Text(found["sql"]))
    return Group(*parts)


def _flat(value: Any, language: str) -> str:
    if isinstance(value, Mapping):
        if value and set(value) <= set(LANGUAGES):
            return translated(value, language)
        return listed((labelled(name, _flat(part, language), language) for name, part in value.items()), language)
    if isinstance(value, list | tuple):
        return listed((_flat(part, language) for part in value), language)
    return "" if value in (None, False) else str(value)


def checked(document: Mapping[str, Any], language: str) -> RenderableType:
    """What `plugins check` found, plugin by plugin."""
    parts: list[RenderableType] = []
    for plugin in document["plugins"]:
        examples = plugin["examples"]
        held = sum(example["passed"] for example in examples)
        mark, style = ("✓", "green") if plugin["passed"] else ("✗", "red")
        said = pick(
            language,
            f"{mark} {plugin['plugin']}: {len(plugin['definitions'])} definitions, {held} of {len(examples)} examples hold",
            f"{mark} {plugin['plugin']}：{len(plugin['definitions'])} 項定義，{len(examples)} 個例子中 {held} 個成立",
        )
        parts.append(Text(clean(said), style))
        parts.extend(Text(f"  {_problem(problem, language)}", "red") for problem in plugin["problems"])
        parts.extend(Text(f"  {_example(example, language)}", "red") for example in examples if not example["passed"])
        parts.extend(Text(clean(f"  ! {told(warning, language)}"), "yellow") for warning in plugin["warnings"])
    if not parts:
        parts.append(Text(pick(language, "no plugin is installed", "沒有安裝任何外掛")))
    return Group(*parts)


def _problem(problem: Mapping[str, Any], language: str) -> str:
    said = told(problem["message"], language)
    if problem.get("hint"):
        said += bracketed(told(problem["hint"], language), language)
    return clean(labelled(problem["where"], said, language) if problem.get("where") else said)


def _example(example: Mapping[str, Any], language: str) -> str:
    title = clauses([example["indicator"], translated(example["title"], language)], language)
    if example["error"]:
        return labelled(title, _problem(example["error"], language), language)
    wanted, got = (
        f"{side['value']}{bracketed(word(side['state'], language), language)}"
        for side in (example["expected"], example["measured"])
    )
    return clean(labelled(title, f"{wanted} ≠ {got}", language))
