"""A person's page: how the score is built, line by line, over periods, since the last one, and from which facts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from attrs import define
from markupsafe import Markup

from kpicore.definitions.algebra.words import formula
from kpicore.naming import translated
from kpicore.reports.drawn import Piece, Point, Scale, axis, bar, line, series_style
from kpicore.reports.report.chart import Chart, Step, one_step
from kpicore.reports.report.evidence import counted, evidence
from kpicore.reports.report.reading import Reading, Row, anybody_takes
from kpicore.reports.report.rules import rules
from kpicore.reports.report.standing import beside, payouts, steps
from kpicore.reports.tables import ON_TARGET
from kpicore.reports.words import number, pick, plain, tenure

#: What is smaller is rounding and not shown as a step.
_ROUNDING = Decimal("0.005")
_NOTHING = Decimal(0)


@define(frozen=True, slots=False)
class Person:
    """What a person's page says.

    Args:
        reading: The report in a language.
        row: The subject of the report's document.
        number: Its number in the report, for links.
    """

    reading: Reading
    row: Row
    number: int

    @property
    def name(self) -> str:
        """Who it is about."""
        return self.reading.who(self.row["subject"])

    @property
    def total(self) -> str:
        """The total, as it is read."""
        return self.reading.total(self.row["total"])

    @property
    def band(self) -> str | None:
        """The band."""
        found: str | None = self.row["band"]
        return found

    @cached_property
    def before(self) -> Row | None:
        """The period before, where there is one."""
        return self.row["trend"][-2] if len(self.row["trend"]) > 1 else None

    @property
    def moved(self) -> str:
        """How the total moved since the period before; empty where it had none."""
        change = self.row["change"]
        if change is None or change["from_total"] is None or change["to_total"] is None:
            return ""
        return self.reading.moved(change["difference"])

    @property
    def beside(self) -> dict[str, str] | None:
        """The score that stands beside the sealed one after what people decided."""
        found = beside(self.reading, self.row)
        if found is None:
            return None
        return {
            "total": self.reading.total(found["total"]),
            "band": found["band"] or "–",
            "by": self.reading.joined(found["adjustments"]),
        }

    @property
    def steps(self) -> list[dict[str, str]]:
        """What people did about the score, step by step."""
        return steps(self.reading, self.row)

    @property
    def payouts(self) -> list[dict[str, str]]:
        """What was paid or won."""
        return payouts(self.reading, self.row)

    @property
    def rules(self) -> list[dict[str, str]]:
        """The rules behind the score."""
        return rules(self.reading, [self.row])

    @property
    def sentence(self) -> str:
        """The score in one sentence."""
        one, language = self.reading, self.reading.language
        if self.row["total"] is None:
            return pick(
                language,
                f"{self.name} has no total in {one.document['period']}.",
                f"{self.name} 在 {one.document['period']} 沒有總分。",
            )
        parts = [
            self._brings(line)
            for line in self.row["lines"]
            if line["contribution"] is not None and number(line["weight"])
        ]
        parts += [f"{one.effect(effect)} {one.points(effect['points'])}" for effect in self.effects]
        band = pick(language, f", band {self.band}", f"，等級 {self.band}") if self.band else ""
        said = pick(language, f"{self.total} points{band}", f"{self.total} 分{band}")
        return f"{said}{one.say('colon')}{one.joined(parts)}{one.say('stop').strip()}" if parts else said

    def _brings(self, line: Row) -> str:
        """What a line brings to the total, by which attainment."""
        title, reached = self.reading.title(line["indicator"]), self.reading.percent(line["attainment"])
        points = plain(number(line["contribution"]))
        return pick(self.reading.language, f"{title} brings {points} ({reached})", f"{title}貢獻 {points}（{reached}）")

    def line_of(self, name: str) -> Row | None:
        """The line of an indicator; None where no rule of theirs has it."""
        return next((found for found in self.row["lines"] if found["indicator"] == name), None)

    # how the score is built

    @cached_property
    def built(self) -> Chart:
        """From nothing to the total, line by line."""
        one, at, steps = self.reading, _NOTHING, []
        for found in self.row["lines"]:
            if not number(found["weight"]):
                continue
            points = number(found["contribution"])
            if points is None:
                steps.append(Step(one.title(found["indicator"]), self.empty_note(found), at, at, "s1", "–"))
                continue
            note = f"{one.percent(found['attainment'])} × {one.weight(found['effective_weight'])}"
            if found["bound"]:
                note += one.bracketed(one.word(found["bound"]))
            style = one.style(found["indicator"])
            steps.append(Step(one.title(found["indicator"]), note, at, at + points, style, one.points(points)))
            at += points
        total = number(self.row["total"])
        if total is not None:
            for effect in self.effects:
                points = number(effect["points"]) or _NOTHING
                steps.append(one_step(one.effect(effect), one.condition(effect), at, points, one))
                at += points
            if abs(total - at) >= _ROUNDING:
                name = one.say("card_cap" if self.row["bound"] == "cap" else "rounding")
                steps.append(one_step(name, "", at, total - at, one))
            steps.append(Step(one.say("total"), self.band or "", _NOTHING, total, "whole", one.total(total, 2), True))
        return Chart(tuple(steps), (ON_TARGET,))

    @property
    def effects(self) -> list[Row]:
        """Modifiers and gates that changed the total, in the order in which they did."""
        every = [*self.row["modifiers"], *self.row["gates"]]
        return [effect for effect in every if effect["applied"] and number(effect["points"])]

    @property
    def gates(self) -> list[dict[str, str]]:
        """Every modifier and gate that applied, or waits for its indicator: condition, value, and what it did."""
        return [
            {
                "gate": self.reading.effect(effect),
                "condition": self.reading.condition(effect),
                "value": self.reading.measured(effect),
                "points": self.reading.points(effect["points"]) if effect["applied"] else self.reading.say("waits"),
            }
            for effect in [*self.row["modifiers"], *self.row["gates"]]
        ]

    def empty_note(self, found: Row) -> str:
        """State of a line without a value, and what was done about it."""
        state = self.reading.state(found)
        if found["empty_policy"] is None:
            # In a split period every part has a policy of its own.
            return state
        return f"{state}{self.reading.say('semicolon')}{self.reading.policy(found, self.row['lines'])}"

    @property
    def takers(self) -> bool:
        """Whether the weight of empty lines goes to others."""
        return anybody_takes(self.row["lines"])

    @property
    def empties(self) -> list[dict[str, str]]:
        """Lines without a value, in a split period of every part: what their state means and what was done."""
        parts = [(self.reading.bracketed(_days(segment)), segment["lines"]) for segment in self.row.get("segments", ())]
        return [
            {
                "line": f"{self.reading.title(found['indicator'])}{when}",
                "state": self.reading.word(found["state"]),
                "means": self.reading.state(found),
                "flags": self.reading.flags(found),
                "done": self.reading.policy(found, lines),
            }
            for when, lines in parts or [("", self.row["lines"])]
            for found in lines
            if found["empty_policy"] is not None
        ]

    @cached_property
    def segments(self) -> Chart | None:
        """The segments of a split period, each with what its days bring to the sum; None where nothing splits it."""
        found = [(segment, number(segment["total"])) for segment in self.row.get("segments", ())]
        days = sum(segment["days"] for segment, total in found if total is not None)
        if not found or not days:
            return None
        at, steps = _NOTHING, []
        for place, (segment, total) in enumerate(found):
            points = _NOTHING if total is None else total * segment["days"] / days
            steps.append(
                Step(
                    _days(segment),
                    self._segment(segment, total),
                    at,
                    at + points,
                    series_style(place),
                    self.reading.points(points),
                )
            )
            at += points
        steps.append(Step(self.reading.say("sum"), "", _NOTHING, at, "whole", self.reading.total(at, 2), True))
        return Chart(tuple(steps), (ON_TARGET,))

    def _segment(self, segment: Row, total: Decimal | None) -> str:
        """Days, total, and under what a segment is scored."""
        one = self.reading
        said = [f"{one.say('days')} {segment['days']}", f"{one.say('total')} {plain(total)}"]
        said += [f"{one.say('team')} {segment['team']}"] if segment.get("team") else []
        if segment.get("tenure_until") is not None:
            said.append(tenure(segment["tenure_until"], one.language))
        weights = [
            f"{one.title(line['indicator'])} {one.percent(line['attainment'])} × {one.weight(line['weight'])}"
            for line in segment["lines"]
        ]
        return one.say("semicolon").join([one.joined(said), *weights])

    # line by line

    def attained(self, found: Row) -> Markup:
        """Attainment of a line against its target, on a scale that all lines share."""
        reached = number(found["attainment"])
        pieces = [] if reached is None else [Piece(_NOTHING, reached * 100, self.reading.style(found["indicator"]))]
        return bar(self.attainment_scale, pieces, (ON_TARGET,))

    @cached_property
    def attainment_scale(self) -> Scale:
        """From nothing to the best attainment, in per cent; the target stands at 100."""
        known = (number(found["attainment"]) for found in self.row["lines"])
        return Scale.over([ON_TARGET, *(reached * 100 for reached in known if reached is not None)], 4)

    @property
    def attainment_axis(self) -> Markup:
        """The numbers over the bars of attainment."""
        return axis(self.attainment_scale)

    def meaning(self, found: Row) -> str:
        """The indicator in a sentence."""
        known = self.reading.indicator(found["indicator"])
        return translated(known.definition or known.title, self.reading.language) if known else ""

    def formula(self, found: Row) -> str:
        """The indicator's formula in words, as the card's line has it computed."""
        known, line = self.reading.indicator(found["indicator"]), self.reading.lines.get(found["indicator"])
        if known is None:
            return ""
        told = formula(self.reading.report.definitions, known, self.reading.language, line.params if line else {})
        return " ".join(told.split())

    # over periods

    @cached_property
    def trend(self) -> Markup | None:
        """Totals over periods; None where there is one period only."""
        points = [Point(point["period"], number(point["total"])) for point in self.row["trend"]]
        if len(points) < 2:
            return None
        said = self.reading.joined(f"{point.label} {plain(point.value)}" for point in points)
        title = f"{self.reading.say('trend')}{self.reading.say('colon')}{said}"
        return line(points, list(self.reading.report.card.bands.items()), title)

    @property
    def periods(self) -> list[dict[str, Any]]:
        """A row for each period: total, band, and value and attainment of every line of today's card."""
        rows = []
        for point in self.row["trend"]:
            known = {one["indicator"]: one for one in point["lines"]}
            rows.append(
                {
                    "period": point["period"],
                    "total": self.reading.total(point["total"]),
                    "band": point["band"] or "–",
                    "lines": [
                        (self.reading.value(known[name]), self.reading.percent(known[name]["attainment"]))
                        if name in known
                        else ("–", "–")
                        for name in self.reading.names
                    ],
                }
            )
        return rows

    # since the period before

    @cached_property
    def change(self) -> Chart | None:
        """From the last total to this one, cause by cause; None where there is nothing to compare with."""
        change, one = self.row["change"], self.reading
        if change is None or self.before is None:
            return None
        at = number(change["from_total"]) or _NOTHING
        steps = [Step(self.before["period"], "", _NOTHING, at, "whole", one.total(at, 2), True)]
        for cause in change["causes"]:
            points = number(cause["points"]) or _NOTHING
            name = one.word(cause["cause"])
            if cause["indicator"]:
                name = f"{one.title(cause['indicator'])}{one.say('colon')}{name}"
            note = one.say("semicolon").join(evidence(one, cause))
            steps.append(one_step(name, note, at, points, one))
            at += points
        total = number(self.row["total"]) or _NOTHING
        if abs(total - at) >= _ROUNDING:
            steps.append(one_step(one.say("rounding"), "", at, total - at, one))
            at = total
        steps.append(Step(one.document["period"], "", _NOTHING, at, "whole", one.total(at, 2), True))
        return Chart(tuple(steps))

    def facts(self, found: Row) -> list[dict[str, Any]]:
        """Facts of each side of a line: how many, and the largest of them."""
        return counted(self.reading, found)


def _days(segment: Row) -> str:
    """First and last day of a segment."""
    return f"{segment['from']} – {date.fromisoformat(segment['to']) - timedelta(days=1)}"
