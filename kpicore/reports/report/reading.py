"""How a report's numbers and names are read: what team pages and persons' pages share."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import define

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.curves import Curve
from kpicore.definitions.cards.line_checks import DEFAULT_CURVE
from kpicore.definitions.cards.scorecards import Line
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.parameters import Parameter
from kpicore.naming import translated
from kpicore.reports.drawn import series_style
from kpicore.reports.handbook.words import called
from kpicore.reports.report.words import flag_says, policy_did, say, state_means
from kpicore.reports.tables import signed, subject_name
from kpicore.reports.words import bracketed, clauses, listed, number, percent, pick, plain, quantity, rounded, word

if TYPE_CHECKING:
    from kpicore.reports.report.report import Report

Row: TypeAlias = Mapping[str, Any]

_NOTHING = Decimal(0)


def anybody_takes(lines: Iterable[Row]) -> bool:
    """Whether a line has points and weight, so that the weight of empty ones goes to it."""
    return any(line["attainment"] is not None and number(line["weight"]) for line in lines)


@define(frozen=True, slots=False)
class Reading:
    """A report as it is read in a language.

    Args:
        report: The report.
        language: `en` or `zh-Hant`.
    """

    report: Report
    language: str

    @property
    def document(self) -> Row:
        """The report's document."""
        return self.report.document

    @cached_property
    def lines(self) -> Mapping[str, Line]:
        """The card's lines by indicator."""
        return {line.indicator: line for line in self.report.card.lines}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Indicators of all lines: those of the card, then those that only an earlier version had in a split period."""
        scored = (line["indicator"] for row in self.document["subjects"] for line in row["lines"])
        return tuple(dict.fromkeys([*self.lines, *scored]))

    def say(self, name: str) -> str:
        """A word of reports."""
        return say(name, self.language)

    def word(self, name: str) -> str:
        """A word of tables."""
        return word(name, self.language)

    def joined(self, parts: Iterable[str]) -> str:
        """Several things in one line."""
        return listed(parts, self.language)

    def bracketed(self, *parts: str) -> str:
        """Several things in brackets, with the space before them where there is one."""
        return bracketed(clauses(parts, self.language), self.language)

    @property
    def card_title(self) -> str:
        """What the scorecard is called."""
        return translated(self.document["title"], self.language)

    @property
    def dates(self) -> str:
        """First and last day of the period."""
        first, last = self.document["starts"][:10], self.document["last_day"]
        return first if first == last else f"{first} – {last}"

    def who(self, subject: str | None) -> str:
        """What a subject is called."""
        return subject_name(subject, self.document["level"], self.language)

    def indicator(self, name: str) -> Indicator | None:
        """The definition of an indicator; None where it is not known."""
        return self.report.definitions.indicators.get(name)

    def title(self, name: str | None) -> str:
        """What an indicator is called."""
        found = self.indicator(name) if name else None
        return translated(found.title, self.language) if found else name or ""

    def unit(self, name: str) -> str:
        """The unit of an indicator in words; of money its currency."""
        found = self.indicator(name)
        if found is None:
            return ""
        if found.unit == "money" and self.document["currency"]:
            return str(self.document["currency"])
        return called("unit", found.unit, self.language)

    def own_unit(self, name: str) -> str:
        """The unit, where the value does not say it by itself."""
        found = self.indicator(name)
        return "" if found is None or found.unit in ("percent", "ratio", "count") else self.unit(name)

    def style(self, name: str) -> str:
        """How the line of an indicator is drawn, on every page alike."""
        return series_style(self.names.index(name))

    # numbers

    def total(self, value: Any, places: int = 1) -> str:
        """A total or points, rounded for reading."""
        return plain(number(value), places)

    def points(self, value: Any) -> str:
        """Points with their sign; a dash where there is no total that they could be part of."""
        return "–" if value is None else signed(value)[0].replace("-", "−")

    def moved(self, value: Any) -> str:
        """Points that a total moved, with a sign that needs no colour."""
        found = rounded(number(value) or _NOTHING, 1)
        return f"▲ +{found:,f}" if found > 0 else f"▼ −{-found:,f}" if found < 0 else "= 0"

    def weight(self, value: Any) -> str:
        """A weight without trailing zeros."""
        return "–" if value is None else decimal_text(rounded(number(value) or _NOTHING, 2))

    def percent(self, value: Any) -> str:
        """Attainment."""
        return percent(number(value)).replace(" ", "\u00a0")

    def value(self, line: Row, of: str = "value") -> str:
        """A value or target in the unit of its indicator, or the state in its place."""
        found = self.indicator(line["indicator"])
        if of == "value" and line[of] is None:
            return word(line["state"], self.language)
        return quantity(number(line[of]), found.unit if found else None).replace(" ", "\u00a0")

    def ratio(self, line: Row) -> str:
        """`57 / 97` of a value that has both sides."""
        if line["numerator"] is None or line["denominator"] is None:
            return ""
        return " / ".join(quantity(number(line[side]), None) for side in ("numerator", "denominator"))

    def bound(self, line: Row) -> str:
        """What bound a line's attainment: floor or cap with its number, or nothing."""
        name = line.get("bound")
        if not name:
            return self.say("unbound")
        curve = line.get("curve", {})
        if curve.get(name) is not None:
            return f"{self.word(name)} {self.percent(curve[name])}"
        limit = curve.get("params", {}).get(name)
        return self.word(name) if limit is None else f"{self.word(name)} {self.weight(limit)}"

    def curve(self, line: Row) -> str:
        """The curve of a line with its settings, in words; the plain ratio to the target goes without saying."""
        curve = line["curve"]
        if curve["name"] == DEFAULT_CURVE:
            return ""
        found = self.report.definitions.curves.get(curve["name"])
        title = translated(found.title, self.language) if found else curve["name"]
        params = found.params if found else {}
        settings = [
            f"{self._setting(found, name)} {params[name].told(_flat(value), self.language) if name in params else _flat(value)}"
            for name, value in curve["params"].items()
            if value is not None and value != []
        ]
        return self.joined([title, *settings])

    def _setting(self, curve: Curve | None, name: str) -> str:
        parameter = curve.params.get(name) if curve else None
        return translated(parameter.title, self.language) if parameter and parameter.title else name

    def flags(self, line: Row) -> str:
        """What is worth knowing about a value."""
        return self.joined(flag_says(name, self.language) for name in line["flags"])

    def state(self, line: Row) -> str:
        """What a line's state means."""
        return state_means(line["state"], self.language)

    def policy(self, line: Row, lines: Iterable[Row]) -> str:
        """What was done about a line without a value, among all lines that were scored together with it."""
        done = line["empty_policy"] if number(line["weight"]) else "none"
        if done == "redistribute" and not anybody_takes(lines):
            done = "nowhere"
        return policy_did(done, self.weight(line["weight"]), self.language)

    def params(self, name: str) -> str:
        """The parameters with which a line measures its indicator, where they are not the defaults."""
        found, line = self.indicator(name), self.lines.get(name)
        if found is None or line is None:
            return ""
        given = [
            f"{translated(found.params[key].title, self.language) or key if key in found.params else key} = "
            f"{self._told(found.params.get(key), value)}"
            for key, value in line.params.items()
        ]
        return self.joined([*given, *([f"{self.say('credit')} {line.credit}"] if line.credit else [])])

    def effect(self, effect: Row) -> str:
        """What a modifier or gate is called."""
        return translated(effect["title"], self.language) or self.title(effect["indicator"])

    def condition(self, effect: Row) -> str:
        """When a modifier or gate applies, and what it does."""
        said = [
            f"{self.title(effect['indicator'])} {sign} {self._of(effect, effect[side])}"
            for side, sign in (("below", "<"), ("above", ">"))
            if effect.get(side) is not None
        ]
        does = [
            f"{self.say(name)} {self.weight(effect[name])}"
            for name in ("factor", "total", "cap")
            if effect.get(name) is not None
        ]
        return f"{self.joined(said)} → {self.joined(does)}" if said else self.joined(does)

    def measured(self, effect: Row) -> str:
        """What the indicator of a modifier or gate measured."""
        if effect["value"] is None:
            return self.word(effect["state"]) if effect["state"] else "–"
        return self._of(effect, effect["value"])

    def _of(self, effect: Row, value: Any) -> str:
        found = self.indicator(effect["indicator"]) if effect["indicator"] else None
        return quantity(number(value), found.unit if found else None).replace(" ", "\u00a0")

    def instant(self, text: str | None) -> str:
        """An instant to the minute, in UTC."""
        return "–" if text is None else f"{text[:10]} {text[11:16]} UTC"

    def _told(self, parameter: Parameter | None, value: Any) -> str:
        """A parameter's value in words: the title of a choice, any other as it is written."""
        values = value if isinstance(value, list | tuple) else [value]
        return self.joined(str(one) if parameter is None else parameter.told(str(one), self.language) for one in values)

    @property
    def sealed(self) -> str:
        """Who sealed the evaluation, and when; or that nobody did."""
        seal = self.document["sealed"]
        if seal is None:
            return self.say("not_sealed")
        when, place = self.instant(seal["recorded_at"]), f"{self.say('position')} {seal['position']}"
        return self.joined([f"{self.say('by_whom')} {seal['by']}", when, place])

    @property
    def contest(self) -> str:
        """What to do about a score that seems wrong."""
        if self.document["sealed"] is None:
            return pick(
                self.language,
                "say which line and which fact is wrong or missing before it is sealed; afterwards it can be contested.",
                "請在封存之前指出哪一項、哪一筆事實有誤或遺漏；封存之後可以提出申訴。",
            )
        return pick(
            self.language,
            "say which line and which fact is wrong or missing; it is answered and decided by somebody else, and the sealed "
            "score stays beside whatever is decided.",
            "請指出哪一項、哪一筆事實有誤或遺漏；將由他人答覆與裁決，封存的分數會與裁決結果並列保留。",
        )

    def contested(self, subject: str | None) -> str:
        """The command that contests a sealed score; empty before it is sealed."""
        if self.document["sealed"] is None or (subject is None and self.document["level"] != "company"):
            return ""
        who = "" if subject is None else f" --subject {shlex.quote(subject)}"
        return f"kpicore dispute open {self.document['evaluation']}{who} --by … --reason …"


def _flat(value: Any) -> str:
    """A setting as it is read; a table as its pairs."""
    if isinstance(value, list | tuple):
        return "; ".join(" → ".join(map(str, pair)) if isinstance(pair, list | tuple) else str(pair) for pair in value)
    return str(value)
