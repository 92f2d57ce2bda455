"""The handbook: one page an indicator, and an index by perspective and by role.

All of it comes from the definitions, sorted by id: the same definitions give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from kpicore.definitions.algebra.choices import settings
from kpicore.definitions.algebra.words import formula
from kpicore.definitions.book import Definitions
from kpicore.definitions.indicators import Example, Indicator
from kpicore.definitions.parameters import Parameter
from kpicore.definitions.plans.roles import Role
from kpicore.errors import KpicoreError, NotFound
from kpicore.hooks.catalog import Catalog
from kpicore.naming import check_name, translated
from kpicore.reports.handbook.pages import Block, Bullets, Code, Heading, Inline, Line, Link, Page, Paragraph, Table
from kpicore.reports.handbook.roles import role_pages, roles_index, roles_of
from kpicore.reports.handbook.words import called, say, state
from kpicore.reports.words import bracketed, quantity, word

INDEX = "index"
_PERSPECTIVES = ("performance", "operations", "capability", "risk")


def handbook(catalog: Catalog, language: str, plugin: str | None = None) -> tuple[Page, ...]:
    """The index, then a page for each indicator, sorted by id, and one for each role.

    An indicator that does not hold together has a page that says what is wrong instead of its formula.

    Args:
        catalog: What there is.
        language: `en` or `zh-Hant`.
        plugin: Only the indicators of this plugin; None: all.

    Raises:
        NotFound: There is no plugin of that name, or no indicator to tell of.
        InvalidDefinition: The id of an indicator is not a name.
    """
    if plugin is not None:
        catalog.host.plugin(plugin)
    found = {
        name: indicator
        for name, indicator in sorted(catalog.definitions.indicators.items())
        if plugin is None or _plugin(catalog, name) == plugin
    }
    for name in found:
        # Its page's file is named after it.
        check_name(name, "an indicator", plugin=True)
    if not found:
        raise NotFound(
            "there is no indicator to write about" + (f" in plugin {plugin}" if plugin else ""),
            where=plugin or "the handbook",
            hint="kpicore plugins list shows which plugins there are",
        )
    pages = [_Chapter(catalog, indicator, language, frozenset(found)).page() for indicator in found.values()]
    roles = {
        name: role
        for name, role in sorted(catalog.definitions.roles.items())
        if plugin is None or _plugin(catalog, name) == plugin
    }
    pages += role_pages(catalog.definitions, roles, frozenset(found), language)
    return (_index(tuple(found.values()), roles, language), *pages)


def _plugin(catalog: Catalog, name: str) -> str | None:
    provider = catalog.provider(name)
    return provider.name if provider else None


def _index(indicators: tuple[Indicator, ...], roles: Mapping[str, Role], language: str) -> Page:
    blocks: list[Block] = [Heading(say("by_perspective", language))]
    known = {*_PERSPECTIVES, *(indicator.perspective for indicator in indicators)}
    for perspective in sorted(known, key=lambda name: (name not in _PERSPECTIVES, _place(name), name)):
        those = [indicator for indicator in indicators if indicator.perspective == perspective]
        blocks += _entries(word(perspective, language), those, language)
    blocks.append(Heading(say("by_role", language)))
    for role in sorted({role for indicator in indicators for role in indicator.roles}):
        those = [indicator for indicator in indicators if role in indicator.roles]
        blocks += _entries(called("role", role, language), those, language)
    blocks += roles_index(roles, language)
    return Page(INDEX, say("handbook", language), language, tuple(blocks))


def _place(perspective: str) -> int:
    return _PERSPECTIVES.index(perspective) if perspective in _PERSPECTIVES else 0


def _entries(title: str, indicators: list[Indicator], language: str) -> list[Block]:
    if not indicators:
        return []
    head = (say("indicator", language), say("id", language), say("type", language), say("unit", language))
    rows = tuple(
        (
            (Link(translated(indicator.title, language), indicator.id),),
            (Code(indicator.id),),
            (called("type", indicator.indicator_type, language),),
            (called("unit", indicator.unit, language),),
        )
        for indicator in indicators
    )
    return [Heading(title + bracketed(str(len(indicators)), language), 3), Table(head, rows)]


class _Chapter:
    """The page of one indicator."""

    def __init__(self, catalog: Catalog, indicator: Indicator, language: str, pages: frozenset[str]) -> None:
        self.catalog, self.indicator, self.language, self.pages = catalog, indicator, language, pages
        self.book: Definitions = catalog.definitions

    def say(self, name: str) -> str:
        return say(name, self.language)

    def page(self) -> Page:
        blocks = [
            Heading(self.say("meaning")),
            Paragraph((translated(self.indicator.definition or self.indicator.title, self.language),)),
            *self.formula(),
            *self.worked(),
            *self.cases(),
            *self.empty(),
            *self.moves(),
            Heading(self.say("source")),
            Paragraph((translated(self.indicator.data_source, self.language),)),
            *self.parameters(),
            *self.glance(),
        ]
        home = Link(self.say("contents"), INDEX)
        title = translated(self.indicator.title, self.language)
        return Page(self.indicator.id, title, self.language, tuple(blocks), home)

    def formula(self) -> list[Block]:
        """The formula, and what other options of its choices make of it."""
        title = Heading(self.say("formula"))
        try:
            self.catalog.check(self.indicator.id)
            told = formula(self.book, self.indicator, self.language)
            others = [(one, formula(self.book, self.indicator, self.language, one)) for one in settings(self.indicator)]
        except KpicoreError as error:
            return [title, Paragraph((f"{self.say('broken')}{self.say('colon')}{error.message}",))]
        rows: tuple[tuple[Line, ...], ...] = tuple((self.choices(one), (other,)) for one, other in others)
        head = (self.say("setting"), self.say("formula"))
        return [title, Paragraph((told,)), *([Table(head, rows)] if rows else [])]

    def choices(self, setting: Mapping[str, str]) -> Line:
        """The options of a setting, each with its parameter."""
        parts = [
            f"{self.parameter(name)}{self.say('colon')}{self.setting(name, value)}" for name, value in setting.items()
        ]
        return (self.say("semicolon").join(parts),)

    # examples

    def worked(self) -> list[Block]:
        """The first example that has a value: what is given, and what comes out."""
        example = self.first
        if example is None:
            return []
        blocks: list[Block] = [
            Heading(self.say("example")),
            Paragraph((translated(example.title, self.language),)),
            Heading(self.say("given"), 3),
            Paragraph((self.circumstances(example),)),
        ]
        if not any(example.facts.values()):
            blocks.append(Paragraph((self.say("no_facts"),)))
        counted = tuple(line for name, rows in example.facts.items() if (line := self.counted(name, rows)))
        blocks += [Bullets(counted)] if counted else []
        blocks += [
            self.table(name, rows) for name, rows in example.facts.items() if not isinstance(rows, int) and any(rows)
        ]
        return [*blocks, Heading(self.say("result"), 3), Paragraph((self.outcome(example),))]

    @property
    def first(self) -> Example | None:
        valued = [example for example in self.indicator.examples if example.value is not None]
        return next(iter(valued), None)

    def circumstances(self, example: Example) -> str:
        parts = [f"{self.say('period')} {example.period}"]
        if example.as_of:
            parts.append(f"{self.say('as_of')} {example.as_of}")
        parts += [
            f"{self.parameter(name)} = {self.setting(name, value)}" for name, value in sorted(example.params.items())
        ]
        for name, value in sorted(example.targets.items()):
            known = self.book.indicators.get(name)
            title = translated(known.title, self.language) if known else name
            parts.append(f"{self.say('target')} {title} = {value}")
        if example.by:
            cells = ", ".join(f"{name} = {_flat(value)}" for name, value in sorted(example.by.items()))
            parts.append(f"{self.say('only_of')} {cells}")
        return self.say("semicolon").join(parts)

    def fact_type(self, name: str) -> str:
        known = self.book.fact_types.get(name)
        return translated(known.title, self.language) + bracketed(name, self.language) if known else name

    def counted(self, name: str, rows: int | list[Mapping[str, Any]]) -> Line | None:
        """How many rows of a fact type there are, where that is all that is said of them."""
        many = rows if isinstance(rows, int) else 0 if any(rows) else len(rows)
        return (f"{self.fact_type(name)}{self.say('colon')}{many} {self.say('rows')}",) if many else None

    def table(self, name: str, rows: list[Mapping[str, Any]]) -> Block:
        """What each row of a fact type says."""
        columns = list(dict.fromkeys(column for row in rows for column in row))
        head = ("#", *(self.column(name, column) for column in columns))
        cells = tuple(
            ((str(number),), *((_flat(row.get(column, "–")),) for column in columns))
            for number, row in enumerate(rows, 1)
        )
        return Table(head, cells, self.fact_type(name))

    def column(self, fact_type: str, column: str) -> str:
        known = self.book.fact_types.get(fact_type)
        field = known.all_fields().get(column) if known else None
        return translated(field.title, self.language) if field and field.title else column

    def outcome(self, example: Example) -> str:
        if example.value is None:
            return state(example.state, self.language)
        try:
            value = quantity(Decimal(example.value), self.indicator.unit)
        except InvalidOperation:
            value = example.value
        return value if example.state == "ok" else value + bracketed(state(example.state, self.language), self.language)

    def cases(self) -> list[Block]:
        others = [example for example in self.indicator.examples if example is not self.first]
        if not others:
            return []
        head = (self.say("case"), self.say("result"))
        rows = tuple(((translated(example.title, self.language),), (self.outcome(example),)) for example in others)
        return [Heading(self.say("cases")), Table(head, rows)]

    def empty(self) -> list[Block]:
        """The empty states that its examples show, and what each means."""
        shown = dict.fromkeys(example.state for example in self.indicator.examples if example.value is None)
        lines: tuple[Line, ...] = tuple(
            (f"{state(name, self.language)}{self.say('colon')}{called('empty', name, self.language)}",)
            for name in sorted(shown)
        )
        return [Heading(self.say("empty")), Bullets(lines)] if lines else []

    # the rest

    def moves(self) -> list[Block]:
        told = translated(self.indicator.moves, self.language) if self.indicator.moves else ""
        return [Heading(self.say("moves")), Paragraph((told,))] if told else []

    def parameter(self, name: str) -> str:
        known = self.indicator.params.get(name)
        return translated(known.title, self.language) if known and known.title else name

    def setting(self, name: str, value: Any) -> str:
        """The value of a parameter in words."""
        known = self.indicator.params.get(name)
        return known.told(value, self.language) if known and isinstance(value, str) else _flat(value)

    def options(self, parameter: Parameter) -> Line:
        """What a choice can be: each option with its name."""
        parts: list[Inline] = []
        for option in parameter.choices:
            told = parameter.told(option, self.language)
            parts += [self.say("comma")] if parts else []
            parts += [Code(option)] if told == option else [f"{told} ", Code(option)]
        return tuple(parts) or ("–",)

    def parameters(self) -> list[Block]:
        if not self.indicator.params:
            return [Heading(self.say("parameters")), Paragraph((self.say("none"),))]
        head = (self.say("parameter"), self.say("id"), self.say("default"), self.say("choices"))
        rows: tuple[tuple[Line, ...], ...] = tuple(
            (
                (self.parameter(name),),
                (Code(name),),
                (self.setting(name, parameter.default),),
                self.options(parameter),
            )
            for name, parameter in self.indicator.params.items()
        )
        return [Heading(self.say("parameters")), Table(head, rows)]

    def glance(self) -> list[Block]:
        """Everything that is one short line."""
        one, language = self.indicator, self.language
        roles = self.say("comma").join(called("role", role, language) for role in roles_of(self.book, one.id))
        scored = one.indicator_type not in ("activity", "base", "meta")
        rows: list[tuple[str, Line]] = [
            ("id", (Code(one.id),)),
            ("scored", (roles if scored else self.say("not_scored") + bracketed(roles, self.language),)),
            ("perspective", (word(one.perspective, language),)),
            ("type", (called("type", one.indicator_type, language),)),
            ("unit", (called("unit", one.unit, language),)),
            ("better", (called("better", one.better, language),)),
            ("levels", (self.say("comma").join(called("level", level, language) for level in one.levels),)),
        ]
        if one.least_sample:
            rows.append(("least_sample", self.least_sample(one.least_sample)))
        rows.append(("replaces", self.way(one.replaces) if one.replaces else (self.say("none"),)))
        inner = sorted(set(self.book.known_references(one.id)) & set(self.book.indicators) - {one.id})
        if inner:
            rows.append(
                ("builds_on", tuple(part for name in inner for part in (self.say("comma"), *self.way(name)))[1:])
            )
        rows += [("version", (one.version,)), ("plugin", (_plugin(self.catalog, one.id) or "–",))]
        made = tuple(((self.say(name),), line) for name, line in rows)
        return [Heading(self.say("at_a_glance")), Table(("", ""), made)]

    def least_sample(self, given: int | str) -> Line:
        """A number, or a parameter and its default."""
        name = str(given).removeprefix("$")
        known = self.indicator.params.get(name)
        return (str(given),) if known is None else (f"{known.default} ", Code(name))

    def way(self, name: str) -> Line:
        """A link to an indicator that has a page here, else its name."""
        known = self.book.indicators.get(name)
        if known is None or name not in self.pages:
            return (Code(name),)
        return (Link(translated(known.title, self.language), name),)


def _flat(value: Any) -> str:
    """A value of an example or a default as it is read."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(map(_flat, value))
    return "–" if value is None else str(value)
