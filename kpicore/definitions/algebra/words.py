"""The formula of an indicator in words, in both languages, from the same nodes that are computed.

Words come from the titles of fact types, relations, fields and parameters; each node has one template. Where a formula
is one of several by a parameter, the one that is asked for is told, and the parameter is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpicore.definitions.algebra.choices import option
from kpicore.definitions.algebra.measures import (
    MONTH_BEFORE,
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
    Monthly,
    Over,
    Ref,
    Root,
    Survival,
    Target,
    Whole,
    Window,
)
from kpicore.definitions.algebra.phrases import Phrases, Titles
from kpicore.definitions.algebra.sql import split_columns
from kpicore.definitions.algebra.wordlists import DAY, FIGURES, LENGTHS, PLACES, SIGNS, UNITS
from kpicore.definitions.indicators import Indicator
from kpicore.naming import translated

if TYPE_CHECKING:
    from kpicore.definitions.book import Definitions


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


class _Words(Phrases):
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
        if isinstance(node, Monthly):
            inner = self.measure(node.measure)
            return self.say(f"the mean of {inner} over the months of the period", f"期內各月{inner}的平均")
        if isinstance(node, Survival):
            return self.survival(node)
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

    def survival(self, node: Survival) -> str:
        what, titles = self.measure(node.of), self.titles(node.of.source)
        done = self.sql(node.happened, titles, titles)
        if node.share is None:
            return self.say(
                f"mean days until {done}, of the {what}, by Kaplan and Meier",
                f"{what}至「{done}」的平均天數（Kaplan–Meier）",
            )
        percent = _percent(node.share)
        return self.say(
            f"days after which {done} holds for {percent} % of the {what}, by Kaplan and Meier",
            f"{what}中 {percent}% 達到「{done}」所需天數（Kaplan–Meier）",
        )

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
        against = {
            PRIOR: ("the previous period", "上期"),
            YEAR_BEFORE: ("the year before", "去年同期"),
            MONTH_BEFORE: ("the month before", "上月"),
        }.get(then.window)
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
            percent = _percent(share)
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


def _percent(share: str) -> str:
    return f"{Decimal(share) * 100:f}".rstrip("0").rstrip(".")


def _wrapped(text: str) -> str:
    """In parentheses where it is more than a name."""
    return f"({text})" if re.search(r" [+−×÷] |, |，", text) else text
