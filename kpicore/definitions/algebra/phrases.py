"""Expressions in words, in both languages: conditions, values and parameters, with the titles of what they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlglot import exp

from kpicore.definitions.algebra.sql import parse_expression
from kpicore.definitions.algebra.wordlists import DAY, HOUR, MINUTE, OPERATORS, PLACES
from kpicore.definitions.facts import FactType
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.relations import Relation
from kpicore.naming import translated

if TYPE_CHECKING:
    from kpicore.definitions.book import Definitions

#: A column's title by its name, of the source that an expression is about.
Titles: TypeAlias = "Callable[[str], str]"


class Phrases:
    """What expressions of one indicator say.

    Args:
        book: Where titles are found.
        indicator: Whose expressions.
        language: `en` or `zh-Hant`.
        setting: Values of its parameters that differ from the defaults.
    """

    def __init__(self, book: Definitions, indicator: Indicator, language: str, setting: Mapping[str, Any]) -> None:
        self.book, self.indicator, self.setting = book, indicator, setting
        self.language, self.chinese = language, language == "zh-Hant"

    def say(self, en: str, zh_hant: str) -> str:
        """The one of two texts that is in the language."""
        return zh_hant if self.chinese else en

    # titles

    def title_of(self, indicator: str) -> str:
        return translated(self.book.get(indicator).title, self.language)

    def source(self, name: str) -> str:
        return translated(self.book.source(name).title, self.language)

    def titles(self, source: str) -> Titles:
        return lambda column: self.column(source, column)

    def column(self, source: str, column: str, seen: frozenset[str] = frozenset()) -> str:
        """A column's title in its fact type or relation, or in what the relation reads."""
        found = self.book.source(source)
        if isinstance(found, FactType):
            title = found.all_fields()[column].title if column in found.all_fields() else {}
            return translated(title, self.language) if title and column != "occurred_at" else self.plain(column)
        if column in found.titles:
            return translated(found.titles[column], self.language)
        for other in sorted(self.book.references(source) - seen):
            inner = self.book.get(other) if other in self.book else None
            if isinstance(inner, FactType | Relation) and column in self.book.columns(other):
                return self.column(other, column, seen | {source})
        return self.plain(column)

    def plain(self, name: str) -> str:
        """The words for a name that has no title here: reserved ones, columns of any source, or the name itself."""
        if name in PLACES:
            return self.say(*PLACES[name])
        for fact_type in self.book.fact_types.values():
            if name in fact_type.fields and fact_type.fields[name].title:
                return translated(fact_type.fields[name].title, self.language)
        for relation in self.book.relations.values():
            if name in relation.titles:
                return translated(relation.titles[name], self.language)
        return name.replace("_", " ")

    # expressions

    def parameter(self, name: str) -> str:
        if name in PLACES:
            return self.say(*PLACES[name])
        spec = self.indicator.params.get(name)
        if spec is None:
            return f"${name}"
        value = self.setting.get(name, spec.default)
        if isinstance(value, tuple | list):
            between = (", ", "、") if spec.kind == "steps" else (" or ", "或")
            return self.say(*between).join(map(str, value))
        return self.length(str(value)) if spec.kind == "duration" else spec.told(str(value), self.language)

    def length(self, text: str) -> str:
        units = {"d": ("days", "天"), "h": ("hours", "小時"), "m": ("minutes", "分鐘")}
        en, zh_hant = units[text[-1]]
        return f"{text[:-1]}{self.say(' ', '')}{self.say(en, zh_hant)}"

    def sql(self, sql: str, own: Titles, row: Titles) -> str:
        return self.expression(parse_expression(sql, self.indicator.id), own, row)

    def expression(self, node: exp.Expr, own: Titles, row: Titles) -> str:
        def inner(part: exp.Expr) -> str:
            return self.expression(part, own, row)

        if isinstance(node, exp.Column):
            return self.say("its ", "該筆") + row(node.name) if node.table else own(node.name)
        if isinstance(node, exp.Placeholder):
            return self.parameter(node.name)
        if isinstance(node, exp.Literal):
            return self.number(node)
        if isinstance(node, exp.Paren):
            mixed = isinstance(node.this, exp.Or | exp.Add | exp.Sub)
            return f"({inner(node.this)})" if mixed else inner(node.this)
        if isinstance(node, exp.And | exp.Or):
            word = self.say(" and ", "且") if isinstance(node, exp.And) else self.say(" or ", "或")
            return f"{inner(node.left)}{word}{inner(node.right)}"
        if isinstance(node, exp.Not):
            return self.negation(node, inner)
        if isinstance(node, exp.Is):
            if isinstance(node.expression, exp.Null):
                return self.say("without ", "無") + inner(node.this)
            return inner(node.this) if node.expression.this else self.say("not ", "非") + inner(node.this)
        if isinstance(node, exp.In):
            items = node.expressions or [node.args["field"]]
            return f"{inner(node.this)}{self.say(' is ', '為')}{self.say(' or ', '或').join(map(inner, items))}"
        if type(node) in OPERATORS:
            return f"{inner(node.this)} {OPERATORS[type(node)]} {inner(node.expression)}"
        if isinstance(node, exp.Boolean):
            return self.say("yes", "是") if node.this else self.say("no", "否")
        return self.function(node, inner)

    def function(self, node: exp.Expr, inner: Callable[[exp.Expr], str]) -> str:
        if isinstance(node, exp.Cast):
            return inner(node.this)
        if isinstance(node, exp.Least | exp.Greatest):
            parts = self.say("; ", "；").join(map(inner, (node.this, *node.expressions)))
            return self.extreme(parts, least=isinstance(node, exp.Least))
        if isinstance(node, exp.Coalesce):
            return self.say(", or else ", "，若無則").join(map(inner, (node.this, *node.expressions)))
        if isinstance(node, exp.Case):
            return self.case(node, inner)
        if isinstance(node, exp.Anonymous) and node.name.lower() == "stepped":
            value, table = map(inner, node.expressions)
            return self.say(f"what the table [{table}] gives for {value}", f"按級距〔{table}〕對應{value}")
        return f"`{node.sql('duckdb')}`"

    def case(self, node: exp.Case, inner: Callable[[exp.Expr], str]) -> str:
        parts = [
            self.say(
                f"{inner(one.args['true'])} where {inner(one.this)}", f"{inner(one.this)}時為{inner(one.args['true'])}"
            )
            for one in node.args["ifs"]
        ]
        rest = node.args.get("default")
        parts += [self.say(f"else {inner(rest)}", f"其餘為{inner(rest)}")] if rest else []
        return self.say("; ", "；").join(parts)

    def negation(self, node: exp.Not, inner: Callable[[exp.Expr], str]) -> str:
        what = node.this
        if isinstance(what, exp.Is) and isinstance(what.expression, exp.Null):
            return self.say("with ", "有") + inner(what.this)
        return self.say("not ", "非") + inner(what)

    def number(self, node: exp.Literal) -> str:
        if node.is_string:
            return f"“{node.name}”" if not self.chinese else f"「{node.name}」"
        if "." not in node.name and int(node.name) >= MINUTE and int(node.name) % MINUTE == 0:
            units = ((DAY, "d"), (HOUR, "h"), (MINUTE, "m"))
            size, unit = next((size, unit) for size, unit in units if int(node.name) % size == 0)
            return self.length(f"{int(node.name) // size}{unit}")
        return node.name

    def extreme(self, parts: str, *, least: bool) -> str:
        return self.say(
            f"the {'smallest' if least else 'largest'} of ({parts})", f"（{parts}）之最{'小' if least else '大'}值"
        )
