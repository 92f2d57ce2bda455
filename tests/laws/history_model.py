"""What a ledger means, as plain dicts and fractions: the other side of the history machine.

Nothing here calls kpicore. The model is told what was recorded and at which position; everything that is read, scored,
restated or compared it works out by itself, slowly and plainly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

REVENUE, RATE, LOSSES = "laws.revenue", "laws.rate", "laws.losses"
READS = {REVENUE: ("deal_won",), RATE: ("deal_won", "deal_lost"), LOSSES: ("deal_lost",)}
#: The definitions that a version of the plugin may change, and who stands on each.
CHANGEABLE = {"laws.counted_deal": (REVENUE,), RATE: (RATE,)}

Identity = tuple[str, str]  # source, key
Place = tuple[int, int]  # position, row
Fact = dict[str, Any]  # owner, amount, at, place
Known = dict[str, dict[Identity, Fact]]  # by fact type
Subject = str
Totals = dict[Subject, Fraction | None]


@dataclass(frozen=True)
class Card:
    """A scorecard, every part that may change."""

    weights: Mapping[str, str]
    targets: Mapping[str, str]
    own: Mapping[tuple[str, str, str | None], str] = field(default_factory=dict)  # indicator, subject, period
    cap: str | None = None  # of revenue
    zero: str | None = None  # of revenue: linear from there
    empty: str = "redistribute"  # no_denominator
    effective: str = "2017-01-01"

    def target(self, indicator: str, subject: str, period: str) -> Fraction:
        """The subject's own target in the period, else its own, else everybody's."""
        for key in ((indicator, subject, period), (indicator, subject, None)):
            if key in self.own:
                return Fraction(self.own[key])
        return Fraction(self.targets[indicator])

    def toml(self) -> str:
        """The file that says so."""
        parts = [
            '[scorecard]\nid = "rep"\ntitle = {en = "Rep", zh-Hant = "代表"}\nrole = "sales"\nperiod = "quarter"',
            f"effective = {self.effective}",
        ]
        for indicator, weight in self.weights.items():
            line = f'[[line]]\nindicator = "{indicator}"\nweight = "{weight}"\ntarget = "{self.targets[indicator]}"'
            if indicator == REVENUE:
                line += f'\ncap = "{self.cap}"' if self.cap else ""
                line += f'\ncurve = "linear"\nzero = "{self.zero}"' if self.zero else ""
            parts.append(line)
        for (indicator, subject, period), value in self.own.items():
            when = f'period = "{period}"\n' if period else ""
            parts.append(
                f'[[target]]\nlevel = "person"\nsubject = "{subject}"\nindicator = "{indicator}"\n{when}value = "{value}"'
            )
        parts.append(f'[empty]\nno_denominator = "{self.empty}"')
        return "\n".join(parts) + "\n"


@dataclass(frozen=True)
class Case:
    """What an evaluation's id stands for: period, cuts, and hypothetical rules with the definitions they brought."""

    period: str
    facts: int
    rules: int
    draft: Card | None = None
    brought: tuple[str, ...] = ()


@dataclass
class Model:
    """Everything that was recorded, in the order of positions."""

    rows: list[tuple[Place, str, Identity, Fact | None]] = field(default_factory=list)  # None: retracted
    cards: list[tuple[int, Card]] = field(default_factory=list)
    zones: list[tuple[int, str]] = field(default_factory=list)
    adopted: list[tuple[int, str, int]] = field(default_factory=list)  # position, definition, version

    def facts(self, cut: int) -> Known:
        """What counts at a cut: of every identity the last row, unless it is a retraction."""
        found: Known = {"deal_won": {}, "deal_lost": {}}
        for place, fact_type, identity, fact in self.rows:
            if place[0] <= cut:
                found[fact_type].pop(identity, None)
                if fact is not None:
                    found[fact_type][identity] = {**fact, "place": place}
        return found

    def facts_cut(self, position: int) -> int:
        """The last fact batch up to a position."""
        return max((place[0] for place, *_ in self.rows if place[0] <= position), default=0)

    def rules_cut(self, position: int) -> int:
        """The last rule change up to a position."""
        entries = [*self.cards, *self.zones, *self.adopted]
        return max((entry[0] for entry in entries if entry[0] <= position), default=0)

    def zone(self, cut: int) -> str:
        """The organisation's zone at a cut."""
        return ([zone for position, zone in self.zones if position <= cut] or ["UTC"])[-1]

    def card(self, cut: int, day: str) -> Card | None:
        """In force on a day: the greatest date not after it, then the one recorded last."""
        versions = [card for position, card in self.cards if position <= cut and card.effective <= day]
        latest = max((card.effective for card in versions), default="")
        return next((card for card in reversed(versions) if card.effective == latest), None)

    def versions(self, cut: int) -> dict[str, int]:
        """Version of every adopted definition of the plugin at a cut."""
        return {name: version for position, name, version in self.adopted if position <= cut}

    def card_of(self, case: Case) -> Card | None:
        """The card that a case is scored with."""
        return case.draft or self.card(case.rules, first_day(case.period))

    def scores(self, case: Case) -> Totals:
        """Totals of everyone, from the beginning."""
        card = self.card_of(case)
        assert card is not None
        return scores(card, self.facts(case.facts), case.period, self.zone(case.rules), self.versions(case.rules))


def first_day(period: str) -> str:
    """The first day of a quarter."""
    year, quarter = period.split("-Q")
    return f"{year}-{3 * int(quarter) - 2:02d}-01"


def inside(facts: Known, period: str, zone: str) -> Known:
    """The facts that occurred in a quarter, by the clock of a zone."""

    def quarter(at: datetime) -> str:
        local = at.astimezone(ZoneInfo(zone))
        return f"{local.year}-Q{(local.month + 2) // 3}"

    return {
        fact_type: {identity: fact for identity, fact in known.items() if quarter(fact["at"]) == period}
        for fact_type, known in facts.items()
    }


def counted(facts: Known, versions: Mapping[str, int]) -> list[Fact]:
    """The deals of the relation under revenue."""
    least = 100 if versions.get("laws.counted_deal", 1) == 2 else 0
    return [fact for fact in facts["deal_won"].values() if fact["amount"] >= least]


def value(indicator: str, won: Iterable[Fact], lost: Iterable[Fact], big: Iterable[Fact], rate: int) -> Fraction | None:
    """The value of an indicator over these facts; None: nothing to divide by."""
    wins, losses = len(list(won)), len(list(lost))
    if indicator == REVENUE:
        return sum((Fraction(fact["amount"]) for fact in big), Fraction(0))
    if indicator == LOSSES:
        return Fraction(losses)
    below = losses if rate == 2 else wins + losses
    return Fraction(wins, below) if below else None


def scores(card: Card, facts: Known, period: str, zone: str, versions: Mapping[str, int]) -> Totals:
    """Totals of everyone who owns a fact that a line of the card counts."""
    facts = inside(facts, period, zone)
    big = counted(facts, versions)
    read = {
        REVENUE: big,
        RATE: [*facts["deal_won"].values(), *facts["deal_lost"].values()],
        LOSSES: list(facts["deal_lost"].values()),
    }
    everyone = {fact["owner"] for indicator in card.weights for fact in read[indicator]} - {None}
    found: Totals = {}
    for subject in sorted(everyone):
        own = [
            [fact for fact in some if fact["owner"] == subject]
            for some in (facts["deal_won"].values(), facts["deal_lost"].values(), big)
        ]
        reached = {
            indicator: attainment(
                card, indicator, value(indicator, *own, versions.get(RATE, 1)), card.target(indicator, subject, period)
            )
            for indicator in card.weights
        }
        found[subject] = total(card, reached)
    return found


def attainment(card: Card, indicator: str, measured: Fraction | None, target: Fraction) -> Fraction | None:
    """Nine places, half-even, between floor and cap; None for a line whose weight goes elsewhere or is lost."""
    if measured is None:
        return {"floor": Fraction(0), "target": Fraction(1)}.get(card.empty)
    if indicator == LOSSES:
        reached = 1 - (measured - target) / abs(target)
    elif indicator == REVENUE and card.zero is not None:
        reached = (measured - Fraction(card.zero)) / (target - Fraction(card.zero))
    else:
        reached = measured / target
    reached = max(Fraction(0), rounded(reached))
    return min(reached, Fraction(card.cap)) if indicator == REVENUE and card.cap else reached


def total(card: Card, reached: Mapping[str, Fraction | None]) -> Fraction | None:
    """Σ attainment × weight; the weight of empty lines goes to the others, unless it is kept without points."""
    weights = {indicator: Fraction(weight) for indicator, weight in card.weights.items()}
    scored = sum(weight for indicator, weight in weights.items() if reached[indicator] is not None)
    points = sum((reached[name] or 0) * weight for name, weight in weights.items())
    if not scored:
        return None
    if card.empty == "keep" or scored == 100:
        return points
    return rounded(points * 100 / scored)


def rounded(number: Fraction) -> Fraction:
    """Nine places, half-even."""
    return Fraction(round(number * 10**9), 10**9)


def fact_causes(old: Known, new: Known) -> dict[str, dict[str, set[Identity]]]:
    """What lies between two states, by cause and fact type."""
    found: dict[str, dict[str, set[Identity]]] = {}
    for name in old:
        before, after = old[name], new[name]
        found.setdefault("late_facts", {})[name] = set(after) - set(before)
        found.setdefault("retractions", {})[name] = set(before) - set(after)
        found.setdefault("corrections", {})[name] = {
            identity for identity in set(before) & set(after) if before[identity]["place"] != after[identity]["place"]
        }
    return found


def fact_stages(old: Known, new: Known) -> list[tuple[str, Known]]:
    """The facts after each of the three causes, in their order."""
    causes = fact_causes(old, new)
    late = {name: {**old[name], **{i: new[name][i] for i in causes["late_facts"][name]}} for name in old}
    corrected = {name: {**late[name], **{i: new[name][i] for i in causes["corrections"][name]}} for name in old}
    return [("late_facts", late), ("corrections", corrected), ("retractions", new)]


def rule_causes(old: Card, new: Card, subject: str, period: str) -> set[tuple[str, str | None]]:
    """What differs between two cards for a subject."""
    found: set[tuple[str, str | None]] = set()
    for indicator in {*old.weights, *new.weights}:
        # A line that comes or goes is a matter of weights.
        if Fraction(old.weights.get(indicator, -1)) != Fraction(new.weights.get(indicator, -1)):
            found.add(("weights", indicator))
        if indicator in old.weights and indicator in new.weights:
            if old.target(indicator, subject, period) != new.target(indicator, subject, period):
                found.add(("targets", indicator))
            if indicator == REVENUE and (old.cap, old.zero) != (new.cap, new.zero):
                found.add(("curve", indicator))
    if old.empty != new.empty:
        found.add(("empty_policy", None))
    return found


def text(number: Fraction | None) -> str | None:
    """A total as documents write it."""
    if number is None:
        return None
    places = Decimal(number.numerator * 10**11 // number.denominator).scaleb(-11).normalize()
    return f"{places:f}"


__all__ = ["CHANGEABLE", "LOSSES", "RATE", "READS", "REVENUE", "Card", "Case", "Model", "replace"]
