"""The page of everyone: who stands where, how totals are spread, how they went over periods, and what bound whom."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from attrs import define
from markupsafe import Markup

from kpicore.canonical import decimal_text
from kpicore.reports.drawn import Piece, Point, Scale, axis, bar, bins, columns, line
from kpicore.reports.report.person import Person
from kpicore.reports.report.reading import Reading, Row
from kpicore.reports.report.rules import rules
from kpicore.reports.report.words import people
from kpicore.reports.tables import ON_TARGET, ranked
from kpicore.reports.words import number, pick, plain

_NOTHING = Decimal(0)


def median(values: Sequence[Decimal]) -> Decimal | None:
    """The middle value, or half-way between the two in the middle; None of nothing."""
    return statistics.median(values) if values else None


@define(frozen=True, slots=False)
class Team:
    """What the page of everyone says.

    Args:
        reading: The report in a language.
    """

    reading: Reading

    @cached_property
    def persons(self) -> list[Person]:
        """Everyone, the best total first."""
        rows = ranked(self.reading.document["subjects"])
        return [Person(self.reading, row, place) for place, row in enumerate(rows, 1)]

    @cached_property
    def totals(self) -> list[Decimal]:
        """The totals of those who have one, the best first."""
        known = (number(person.row["total"]) for person in self.persons)
        return [total for total in known if total is not None]

    @property
    def tiles(self) -> list[tuple[str, str]]:
        """The figures to know first."""
        one = self.reading
        found = [(one.say("scored"), f"{len(self.persons):,}")]
        if self.totals:
            found += [
                (one.say("median"), plain(median(self.totals))),
                (one.say("highest"), plain(max(self.totals))),
                (one.say("lowest"), plain(min(self.totals))),
                (one.say("on_target"), f"{sum(total >= ON_TARGET for total in self.totals):,}"),
            ]
        without = len(self.persons) - len(self.totals)
        return [*found, (one.say("no_total"), f"{without:,}")] if without else found

    @property
    def sentence(self) -> str:
        """The period in one sentence."""
        one, language = self.reading, self.reading.language
        if not self.persons:
            return one.say("nobody")
        level = one.document["level"]
        scored = people(len(self.persons), level, language)
        reached = sum(total >= ON_TARGET for total in self.totals)
        said = pick(
            language,
            f"{scored} scored; {reached:,} of them at 100 or more.",
            f"{scored}受評；其中 {people(reached, level, language)}達 100 以上。",
        )
        if len(self.spans) > 1 and self.spans[-1].value is not None and self.spans[-2].value is not None:
            moved = one.moved(self.spans[-1].value - self.spans[-2].value)
            said += pick(
                language,
                f" The median is {plain(self.spans[-1].value)} ({moved} against {self.spans[-2].label}).",
                f"中位數 {plain(self.spans[-1].value)}（相較 {self.spans[-2].label} {moved}）。",
            )
        return said

    # ranking

    @cached_property
    def scale(self) -> Scale:
        """The scale of the ranking's bars."""
        return Scale.over([ON_TARGET, *self.totals])

    @property
    def axis(self) -> Markup:
        """The numbers over the ranking's bars."""
        return axis(self.scale)

    def rank(self, person: Person) -> str:
        """One and the same for equal totals; none without a total."""
        total = number(person.row["total"])
        return "–" if total is None else str(self.places[total])

    @cached_property
    def places(self) -> dict[Decimal, int]:
        """The rank of every total."""
        places: dict[Decimal, int] = {}
        for place, total in enumerate(self.totals, 1):
            places.setdefault(total, place)
        return places

    def bar(self, person: Person) -> Markup:
        """What a person's total is made of."""
        steps = [step for step in person.built.steps if not step.whole]
        pieces = [Piece(step.start, step.end, step.style) for step in steps]
        return bar(self.scale, pieces, (ON_TARGET,))

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Style and title of every scored line, and of what was added or taken away after the sum."""
        one = self.reading
        scored = [name for name in one.names if name not in one.lines or one.lines[name].weight]
        drawn = {step.style for person in self.persons for step in person.built.steps}
        after = [(style, one.say(name)) for style, name in (("up", "added"), ("down", "taken")) if style in drawn]
        return [*((one.style(name), one.title(name)) for name in scored), *after]

    # spread

    @property
    def distribution(self) -> Markup | None:
        """How totals are spread; None where hardly anybody has one."""
        if len(self.totals) < 2:
            return None
        found = bins(self.totals)
        said = self.reading.joined(
            f"{decimal_text(one.low)}–{decimal_text(one.high)}{self.reading.say('colon')}{one.many}" for one in found
        )
        return columns(found, f"{self.reading.say('distribution')}{self.reading.say('colon')}{said}")

    @property
    def bands(self) -> list[tuple[str, str, str]]:
        """Bands with their lower bounds and how many are in each, the best first."""
        ordered = sorted(self.reading.report.card.bands.items(), key=lambda item: -item[1])
        return [
            (name, f"≥ {decimal_text(bound)}", f"{sum(person.band == name for person in self.persons):,}")
            for name, bound in ordered
        ]

    # over periods

    @cached_property
    def spans(self) -> list[Point]:
        """Median, lowest and highest total of every period."""
        found = []
        for place, period in enumerate(self.reading.document["periods"]):
            known = [number(person.row["trend"][place]["total"]) for person in self.persons]
            totals = [total for total in known if total is not None]
            found.append(Point(period["period"], median(totals), min(totals, default=None), max(totals, default=None)))
        return found

    @property
    def trend(self) -> Markup | None:
        """Medians over periods with the span of all totals; None where there is one period only."""
        if len(self.spans) < 2:
            return None
        said = self.reading.joined(f"{span.label} {plain(span.value)}" for span in self.spans)
        title = f"{self.reading.say('median')}{self.reading.say('colon')}{said}"
        return line(self.spans, list(self.reading.report.card.bands.items()), title)

    @property
    def periods(self) -> list[tuple[str, ...]]:
        """Period, how many had a total, lowest, median, highest, evaluation."""
        found = []
        for place, (span, period) in enumerate(zip(self.spans, self.reading.document["periods"], strict=True)):
            many = sum(person.row["trend"][place]["total"] is not None for person in self.persons)
            numbers = (plain(value) for value in (span.low, span.value, span.high))
            state = self.reading.say("sealed") if period["sealed"] else "–"
            found.append((span.label, f"{many:,}", *numbers, state, period["evaluation"]))
        return found

    # lines

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line: weight, target, median attainment, and how many were bound or had no value."""
        found = []
        for name in self.reading.names:
            rows = [person.line_of(name) for person in self.persons]
            found.append(self._line(name, [row for row in rows if row is not None]))
        return found

    def _line(self, name: str, rows: Sequence[Row]) -> dict[str, Any]:
        one, own = self.reading, self.reading.lines.get(name)
        known = [number(row["attainment"]) for row in rows]
        middle = median([reached for reached in known if reached is not None])
        targets = {row["target"] for row in rows}
        return {
            "style": one.style(name),
            "title": one.title(name),
            "unit": one.unit(name),
            "params": one.params(name),
            "why": (own.why if own else None) or "",
            "weight": one.weight(own.weight) if own else "–",
            "target": self._targets(rows, targets),
            "median": one.percent(middle),
            "capped": f"{sum(row['bound'] == 'cap' for row in rows):,}",
            "floored": f"{sum(row['bound'] == 'floor' for row in rows):,}",
            "empty": f"{sum(row['empty_policy'] is not None for row in rows):,}",
        }

    def _targets(self, rows: Sequence[Row], targets: set[str | None]) -> str:
        known = [row for row in rows if row["target"] is not None]
        if not known:
            return "–"
        if len(targets) == 1:
            return self.reading.value(known[0], "target")
        ordered = sorted(known, key=lambda row: number(row["target"]) or _NOTHING)
        return " – ".join(self.reading.value(row, "target") for row in (ordered[0], ordered[-1]))

    @property
    def empties(self) -> list[dict[str, str]]:
        """Lines without a value: state, what was done, and everyone whom it concerns."""
        whose: dict[tuple[str, ...], list[str]] = {}
        for person in self.persons:
            for empty in person.empties:
                key = tuple(empty[part] for part in ("line", "state", "means", "flags", "done"))
                whose.setdefault(key, []).append(person.name)
        level = self.reading.document["level"]
        return [
            {
                **dict(zip(("line", "state", "means", "flags", "done"), key, strict=True)),
                "who": self.reading.joined(names),
                "many": people(len(names), level, self.reading.language),
            }
            for key, names in whose.items()
        ]

    @property
    def gates(self) -> list[dict[str, str]]:
        """Everyone's modifiers and gates that applied or wait."""
        return [{"who": person.name, **gate} for person in self.persons for gate in person.gates]

    @property
    def beside(self) -> list[tuple[str, str, dict[str, str]]]:
        """Name, sealed score, and the score beside it, of everyone who has one."""
        return [(person.name, person.total, person.beside) for person in self.persons if person.beside is not None]

    @property
    def payouts(self) -> list[dict[str, str]]:
        """What was paid to everyone or won by them."""
        return [{"who": person.name, **paid} for person in self.persons for paid in person.payouts]

    @property
    def steps(self) -> list[dict[str, str]]:
        """What people did about everyone's scores."""
        return [{"who": person.name, **step} for person in self.persons for step in person.steps]

    @property
    def rules(self) -> list[dict[str, str]]:
        """The rules in force: the same for everyone."""
        return rules(self.reading, [person.row for person in self.persons]) if self.persons else []
