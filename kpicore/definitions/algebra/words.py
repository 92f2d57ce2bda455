"""The formula of an indicator in words, in both languages, from the same nodes that are computed.

Words come from the titles of fact types, relations, fields and parameters; each node has one template. Where a formula
is one of several by a parameter, the one that is asked for is told, and the parameter is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlglot import exp

from kpicore.definitions.algebra.choices import option
from kpicore.definitions.algebra.measures import (
    PRIOR,
    YEAR_BEFORE,
    Aggregate,
    Arithmetic,
    Choice,
    Constant,
    Correlation,
    Crossing,
    Extremum,
    Given,
    Match,
    Mean,
    Measure,
    Over,
    Ref,
    Root,
    Target,
    Whole,
    Window,
)
from kpicore.definitions.algebra.sql import parse_expression, split_columns
from kpicore.definitions.algebra.wordlists import DAY, FIGURES, HOUR, LENGTHS, MINUTE, OPERATORS, PLACES, SIGNS, UNITS
from kpicore.definitions.facts import FactType
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.relations import Relation
from kpicore.naming import translated

if TYPE_CHECKING:
    from kpicore.definitions.book import Definitions

#: A column's title by its name, of the source that an expression is about.
Titles: TypeAlias = "Callable[[str], str]"


def formula(book: Definitions, indicator: Indicator, language: str, setting: Mapping[str, Any] | None = None) -> str:
    """The formula in words: `number of won deals ÷ (number of won deals + number of lost deals)`.

    Args:
        book: Where titles of sources and other indicators are found.
        indicator: Whose formula.
        language: `en` or `zh-Hant`.
        setting: Values of its parameters that differ from the defaults.

    Raises:
        NotFound: If the measure refers to what is not in the book.
        InvalidDefinition: If an expression in it cannot be read.
    """
    return _Words(book, indicator, language, setting or {}).measure(indicator.measure, outermost=True)


class _Words:
    def __init__(self, book: Definitions, indicator: Indicator, language: str, setting: Mapping[str, Any]) -> None:
        self.book, self.indicator, self.setting = book, indicator, setting
        self.language, self.chinese = language, language == "zh-Hant"

    def say(self, en: str, zh_hant: str) -> str:
        return zh_hant if self.chinese else en

    # measures

    def measure(self, node: Measure, *, outermost: bool = False) -> str:
        if isinstance(node, Aggregate):
            return self.aggregate(node)
        if isinstance(node, Arithmetic):
            text = self.growth(node) or self.arithmetic(node)
            return text if outermost else f"({text})"
        if isinstance(node, Constant):
            return self.say(*LENGTHS[node.value]) if node.value in LENGTHS else node.value
        if isinstance(node, Over):
            return f"{self.measure(node.measure)}{self.window(node.window)}"
        if isinstance(node, Whole):
            dropped = self.say(", ", "、").join(self.plain(name) for name in node.drop)
            inner = self.measure(node.measure)
            return self.say(f"{inner} over all values of {dropped}", f"全部{dropped}的{inner}")
        if isinstance(node, Extremum):
            parts = self.say("; ", "；").join(self.measure(part) for part in node.measures)
            return self.extreme(parts, least=node.op == "min")
        return self.other(node, outermost)

    def extreme(self, parts: str, *, least: bool) -> str:
        return self.say(
            f"the {'smallest' if least else 'largest'} of ({parts})", f"（{parts}）之最{'小' if least else '大'}值"
        )

    def other(self, node: Measure, outermost: bool) -> str:
        if isinstance(node, Root):
            degree, inner = self.measure(node.degree), self.measure(node.measure)
            return self.say(f"the n-th root (n: {degree}) of {inner}", f"{inner}的 n 次方根（n 為{degree}）")
        if isinstance(node, Choice):
            spec = self.indicator.params.get(node.param)
            chosen = option(self.indicator, node, self.setting)
            name = translated(spec.title, self.language) if spec and spec.title else node.param
            told = spec.told(chosen, self.language) if spec else chosen
            return f"{self.measure(node.options[chosen], outermost=outermost)} [{name}{self.say(': ', '：')}{told}]"
        if isinstance(node, Given):
            return self.parameter(node.param)
        if isinstance(node, Mean):
            each, inner = self.plain(node.each), self.measure(node.measure)
            return self.say(f"the mean of {inner} over {each}s", f"{inner}按{each}的平均")
        if isinstance(node, Crossing):
            return self.crossing(node)
        if isinstance(node, Correlation):
            one, other, lag = (self.parameter(name) for name in (node.indicator, node.outcome, node.lag))
            sure = self.parameter(node.confidence) if node.confidence else ""
            which = {name: self.say(*words).format(sure) for name, words in FIGURES.items()}[node.figure]
            return self.say(
                f"{which} of the attainment of {one} and of {other} {lag} periods later, in sealed scores",
                f"已封存評分中{one}達成率與其後{lag}期{other}達成率的{which}",
            )
        if isinstance(node, Target):
            return self.say("the target of ", "目標值：") + self.title_of(node.indicator)
        return self.title_of(node.indicator) if isinstance(node, Ref) else ""

    def crossing(self, node: Crossing) -> str:
        titles = self.titles(node.gain.source)
        gain, level, age = self.measure(node.gain), self.measure(node.level), self.sql(node.age, titles, titles)
        step, most = self.parameter(node.step), self.parameter(node.most)
        return self.say(
            f"the first of {most} steps of {step} until which {gain} ({age} so long at most) reaches {level}",
            f"{gain}（{age}不逾該期）首次達到{level}的期數（每期{step}，至多{most}期）",
        )

    def arithmetic(self, node: Arithmetic) -> str:
        if node.op == "/" and node.right == Constant(DAY):
            return self.measure(node.left) + self.say(" in days", "（天）")
        return f"{self.measure(node.left)} {SIGNS[node.op]} {self.measure(node.right)}"

    def growth(self, node: Arithmetic) -> str | None:
        """The words for (now − then) ÷ then, None for any other quotient."""
        if node.op != "/" or not isinstance(node.right, Over) or not isinstance(node.left, Arithmetic):
            return None
        now, then = node.left.left, node.right
        if node.left.op != "-" or node.left.right != then or then.measure != now:
            return None
        against = {PRIOR: ("the previous period", "上期"), YEAR_BEFORE: ("the year before", "去年同期")}.get(
            then.window
        )
        if against is None:
            return None
        inner = self.measure(now)
        return self.say(f"growth of {inner} against {against[0]}", f"{inner}較{against[1]}的成長率")

    def window(self, window: Window) -> str:
        if window == PRIOR:
            return self.say(" in the previous period", "（上期）")
        if window == YEAR_BEFORE:
            return self.say(" a year before", "（去年同期）")
        start, end = self.edge(window.start), self.edge(window.end)
        return self.say(f" from {start} to {end}", f"（{start}至{end}）")

    def edge(self, text: str) -> str:
        side, _, rest = text.partition(" ")
        words = self.say(*PLACES["period_start" if side == "start" else "period_end"])
        sign, _, amount = rest.partition(" ")
        if not sign:
            return words
        if amount.startswith("$"):
            shown = self.parameter(amount[1:])
        else:
            many, _, unit = amount.partition(" ")
            shown = f"{many}{self.say(' ', '')}{self.say(*UNITS.get(unit, (unit, unit)))}"
        return f"{words} {SIGNS.get(sign, sign)} {shown}"

    # aggregates and matches

    def aggregate(self, node: Aggregate) -> str:
        titles, name = self.titles(node.source), self.source(node.source)
        if node.op == "count":
            text = self.say(f"number of {name}", f"{name}數")
        elif node.op == "distinct":
            parts = [self.sql(part.sql("duckdb"), titles, titles) for part in split_columns(node.of or "", "")]
            of = " × ".join(_wrapped(part) if len(parts) > 1 else part for part in parts)
            text = self.say(f"number of different values of {of} in {name}", f"{name}中不同{of}的數目")
        elif node.op == "quantile":
            of, share = self.total_of(node.of or "", titles), node.share or ""
            percent = f"{Decimal(share) * 100:f}".rstrip("0").rstrip(".")
            text = self.say(f"the {percent} % quantile of {of} of {name}", f"{name}之{of}的 {percent}% 分位數")
            if share == "0.5":
                text = self.say(f"the median {of} of {name}", f"{name}之{of}的中位數")
        else:
            of = self.total_of(node.of or "", titles)
            text = self.say(f"total {of} of {name}", f"{name}的{of}總和")
        when = self.placed(node, titles)
        where = self.sql(node.where, titles, titles) if node.where else ""
        matches = [self.match(match, titles) for match in node.match]
        if self.chinese:
            conditions = "；".join(filter(None, (where, *matches)))
            return f"{text}{when}" + (f"（{conditions}）" if conditions else "")
        return f"{text}{when}" + (f" where {where}" if where else "") + "".join(f", {match}" for match in matches)

    def total_of(self, sql: str, titles: Titles) -> str:
        spread = re.match(r"\s*accrued\s*\(\s*(\w+)", sql)
        if spread:
            return self.say(f"{titles(spread[1])} falling in the period", f"期內攤計{titles(spread[1])}")
        return _wrapped(self.sql(sql, titles, titles))

    def placed(self, node: Aggregate, titles: Titles) -> str:
        if node.at != "in":
            places = {
                "start": ("as the period opens", "期初"),
                "end": ("as the period closes", "期末"),
                "during": ("during the period", "期內"),
            }
            en, zh_hant = places[node.at]
            return self.say(f" {en}", f"（{zh_hant}）")
        if node.time == "occurred_at":
            return ""
        return self.say(f" by {titles(node.time)}", f"（按{titles(node.time)}歸期）")

    def match(self, match: Match, row: Titles) -> str:
        titles = self.titles(match.source)
        name = self.source(match.source)
        same = self.say(" and ", "與").join(row(column) for column in match.on)
        of_same = (self.say(f" of the same {same}", f"同一{same}的")) if match.on else ""
        which = self.sql(match.where, titles, row) if match.where else ""
        when = self.when(match, row)
        if (match.of, match.least) == ("1", "1"):
            many = ""
        else:
            of = self.sql(match.of, titles, row) + " " if match.of != "1" else ""
            many = f"{of}≥ {self.sql(match.least, row, row)}"
        shown = self.say(f" ({which})", f"（{which}）") if which else ""
        if self.chinese:
            having = f"無{of_same}" if match.absent else f"有{of_same}"
            return f"{when}{having}{name}{shown}" + (f"，{many}" if many else "")
        having = "without " if match.absent else "with "
        return having + (f"{many} of " if many else "") + f"{name}{shown}{of_same}{when}"

    def when(self, match: Match, row: Titles) -> str:
        if match.at:
            at = self.sql(match.at, row, row)
            return self.say(f" holding at {at}", f"於{at}")
        if (match.low, match.high) == ("period_start", "period_end"):
            return self.say(" in the period", "期內")
        within = re.fullmatch(r"occurred_at \+ (\$\w+|\d+)", match.high or "")
        if match.low == "occurred_at" and within:
            span = self.sql(within[1], row, row)
            return self.say(f" within {span} after it", f"其後{span}內")
        low = self.sql(match.low, row, row) if match.low else ""
        high = self.sql(match.high, row, row) if match.high else ""
        return self.say(
            (f" from {low}" if low else "") + (f" until {high}" if high else ""),
            (f"自{low}" if low else "") + (f"至{high}" if high else ""),
        )

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
            return self.say(" or ", "或").join(map(str, value))
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
        return f"`{node.sql('duckdb')}`"

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


def _wrapped(text: str) -> str:
    """In parentheses where it is more than a name."""
    return f"({text})" if re.search(r" [+−×÷] |, |，", text) else text
