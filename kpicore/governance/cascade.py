"""The tree of a cascade with its gaps: parts that must make their whole, and what drivers can be counted on for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from attrs import frozen

from kpicore.canonical import decimal_text
from kpicore.definitions.algebra.nature import additive
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.line_checks import find_indicator
from kpicore.definitions.plans.cascade import Cascade, Driver, Goal
from kpicore.definitions.plans.cascade_files import constant
from kpicore.definitions.plans.spans import lies_inside
from kpicore.definitions.plans.targets import TargetRule
from kpicore.errors import InvalidDefinition
from kpicore.evaluation.numbers.exact import half_even
from kpicore.governance.holders import Amount, Holder, Holders
from kpicore.naming import Text
from kpicore.periods import Period, parse_period

__all__ = ["CASCADE", "CascadeTree", "Check", "Node", "check_cascade", "trees"]

#: The kind of the rules that are cascades.
CASCADE = "cascade"

Relation = Literal["root", "part", "driver", "support"]

_PLACES = 9

#: What was added, pooled or multiplied: a goal's id or a number, its value, its unit.
Term: TypeAlias = "tuple[str, Fraction | None, str | None]"


@frozen
class Check:
    """Whether what stands below a goal suffices.

    Args:
        kind: `sum` of parts, `pooled` rate of parts by their volumes, or `driver`: a product of goals.
        wanted: What is to be reached.
        reached: What comes together; None where a value or volume is missing.
        met: Whether it suffices; None where that is not known.
        formula: What was added, pooled or multiplied, as (name, number, unit).
        why: Why it follows, of drivers.
    """

    kind: Literal["sum", "pooled", "driver"]
    wanted: Fraction | None
    reached: Fraction | None
    met: bool | None
    formula: tuple[Term, ...]
    why: str | None = None

    @property
    def gap(self) -> Fraction | None:
        """How much is missing; None where it suffices or is not known."""
        if self.met is not False or self.wanted is None or self.reached is None:
            return None
        return abs(self.wanted - self.reached)

    def to_document(self) -> dict[str, Any]:
        """All parts by name; numbers with at most nine places."""
        return {
            "kind": self.kind,
            "wanted": _text(self.wanted),
            "reached": _text(self.reached),
            "gap": _text(self.gap),
            "met": self.met,
            "formula": [{"of": name, "value": _text(value), "unit": unit} for name, value, unit in self.formula],
            "why": self.why,
        }


@frozen
class Node:
    """A goal in the tree.

    Args:
        goal: Its id; of a target that no goal names, whose it is.
        title: What people read.
        level, subject, indicator, period: Whose goal of what, over which period.
        every, value: The length of periods in each of which the value is to be reached; None: only the whole counts.
        total: What is to be reached over the whole period.
        unit: The indicator's.
        relation: How it hangs on the node above.
        checks: Whether what is below suffices.
        children: What is below.
    """

    goal: str
    title: Text
    level: str
    subject: str | None
    indicator: str
    period: str
    every: str | None
    value: Fraction | None
    total: Fraction | None
    unit: str
    relation: Relation
    checks: tuple[Check, ...]
    children: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_document(self) -> dict[str, Any]:
        """All parts by name, with the nodes below."""
        return {
            "goal": self.goal,
            "title": dict(self.title),
            "level": self.level,
            "subject": self.subject,
            "indicator": self.indicator,
            "period": self.period,
            "every": self.every,
            "value": _text(self.value),
            "total": _text(self.total),
            "unit": self.unit,
            "relation": self.relation,
            "checks": [check.to_document() for check in self.checks],
            "children": [child.to_document() for child in self.children],
        }


@frozen
class CascadeTree:
    """The goals of one cascade, or the targets of one indicator that hang together.

    Args:
        id: The cascade's; of targets without one, the indicator's.
        title: What people read.
        period: The period.
        roots: The goals that are below no other.
    """

    id: str
    title: Text
    period: str
    roots: tuple[Node, ...]

    @property
    def gaps(self) -> list[tuple[Node, Check]]:
        """Every goal that what is below it does not reach."""
        return [(node, check) for root in self.roots for node in root.walk() for check in node.checks if check.gap]

    def to_document(self) -> dict[str, Any]:
        """The tree, and its gaps as a list."""
        return {
            "cascade": self.id,
            "title": dict(self.title),
            "period": self.period,
            "goals": [root.to_document() for root in self.roots],
            "gaps": [{"goal": node.goal, **check.to_document()} for node, check in self.gaps],
        }


def check_cascade(cascade: Cascade, book: Definitions, where: str) -> None:
    """Refuse a cascade whose goals cannot hang together.

    Raises:
        NotFound: No such indicator.
        InvalidDefinition: A part is of another unit or kind than its whole, or a rate has parts of another indicator.
    """
    goals = {goal.id: goal for goal in cascade.goals}
    for goal in cascade.goals:
        indicator = find_indicator(book, goal.indicator, f"{where} [[goal]] {goal.id}")
        if goal.parent is None:
            continue
        whole = goals[goal.parent]
        other = find_indicator(book, whole.indicator, where)
        adds = [additive(book, one.indicator) for one in (goal, whole)]
        if adds[0] != adds[1] or indicator.unit != other.unit or (not adds[0] and goal.indicator != whole.indicator):
            raise InvalidDefinition(
                f"{goal.id} cannot be a part of {whole.id}: {goal.indicator} and {whole.indicator} do not add up",
                where=f"{where} [[goal]] {goal.id}",
                code="wrong_part",
                hint='write supports = "…" where it only helps, or a [[driver]] that says what follows from what',
            )


def trees(
    cascades: Sequence[Cascade], planned: Sequence[TargetRule], holders: Holders, book: Definitions, fiscal: int
) -> tuple[CascadeTree, ...]:
    """The trees of cascades, then those of planned targets that hang together and are in no cascade.

    Args:
        cascades: The cascades.
        planned: Planned targets.
        holders: Who has which targets.
        book: The definitions that would count.
        fiscal: First month of the fiscal year.
    """
    found = [_Builder(one, holders, book, parse_period(one.period, fiscal)).tree() for one in cascades]
    covered = {(goal.indicator, goal.level, goal.subject) for one in cascades for goal in one.goals}
    loose = [rule for rule in planned if (rule.indicator, rule.level, rule.subject) not in covered]
    return (*found, *_loose(loose, holders, book, fiscal))


def _loose(planned: Iterable[TargetRule], holders: Holders, book: Definitions, fiscal: int) -> Iterator[CascadeTree]:
    """Targets of one indicator with others below them, from the topmost one down."""
    seen: set[tuple[str, Holder, str]] = set()
    for rule in planned:
        if rule.period is None or rule.value is None or (rule.level != "company" and rule.subject is None):
            continue
        own = parse_period(rule.period, fiscal)
        for top, whole in _tops(rule, own, holders):
            key = (rule.indicator, top, whole.id)
            if key in seen:
                continue
            seen.add(key)
            goal = Goal(rule.indicator, indicator=rule.indicator, level=top[0], subject=top[1])
            builder = _Builder(Cascade(rule.indicator, period=whole.id, goals=[goal]), holders, book, whole)
            tree = builder.tree()
            if any(root.children for root in tree.roots):
                yield tree


def _tops(rule: TargetRule, own: Period, holders: Holders) -> Iterator[tuple[Holder, Period]]:
    """The topmost holders over a target, each with a period of theirs that the target's lies in."""
    holder: Holder = (rule.level, rule.subject)
    everyone = holders.entries.get(rule.indicator, {})
    chain = [holder]
    while (above := holders.over(chain[-1], everyone)) is not None:
        chain.append(above)
    for top in reversed(chain):
        periods = [
            entry.period for entry in holders.entries[rule.indicator].get(top, ()) if lies_inside(own, entry.period)
        ]
        if periods:
            # Below a person is nobody: alone it is no tree.
            yield from ((top, period) for period in periods if top[0] != "person")
            return


class _Builder:
    """One tree on the way."""

    def __init__(self, cascade: Cascade, holders: Holders, book: Definitions, whole: Period) -> None:
        self.cascade, self.holders, self.book, self.whole = cascade, holders, book, whole
        self.goals = {goal.id: goal for goal in cascade.goals}
        self.named = {(goal.indicator, goal.level, goal.subject): goal for goal in cascade.goals}
        self.drivers: dict[str, list[Driver]] = {}
        for driver in cascade.drivers:
            self.drivers.setdefault(driver.to, []).append(driver)

    def tree(self) -> CascadeTree:
        below = {factor for driver in self.cascade.drivers for factor in driver.factors}
        roots = [
            goal
            for goal in self.cascade.goals
            if goal.id not in below and goal.parent is None and goal.supports is None and self._over(goal) is None
        ]
        title = self.cascade.title or self._title(self.cascade.goals[0])
        return CascadeTree(self.cascade.id, title, self.whole.id, tuple(self._node(goal, "root") for goal in roots))

    def _over(self, goal: Goal) -> Goal | None:
        """The goal of the same indicator that the organisation puts above one that is placed nowhere itself."""
        there = {(one.level, one.subject) for one in self.cascade.goals if one.indicator == goal.indicator}
        above = self.holders.over((goal.level, goal.subject), there)
        return None if above is None else self.named.get((goal.indicator, *above))

    def _node(self, goal: Goal, relation: Relation) -> Node:
        parts = self._parts(goal)
        children = [self._node(part, "part") for part in parts]
        drivers = self.drivers.get(goal.id, [])
        factors = dict.fromkeys(name for driver in drivers for name in driver.factors if name in self.goals)
        children += [self._node(self.goals[name], "driver") for name in factors]
        children += [self._node(one, "support") for one in self.cascade.goals if one.supports == goal.id]
        amount, indicator = self._amount(goal), self.book.indicators[goal.indicator]
        checks = [*([self._together(goal, parts)] if parts else []), *(self._driven(goal, one) for one in drivers)]
        return Node(
            goal.id,
            self._title(goal),
            goal.level,
            goal.subject,
            goal.indicator,
            self.whole.id,
            goal.every,
            None if goal.every is None else self.holders.each(goal.indicator, (goal.level, goal.subject), self.whole),
            None if amount is None else amount.value,
            indicator.unit,
            relation,
            tuple(checks),
            tuple(children),
        )

    def _parts(self, goal: Goal) -> list[Goal]:
        """Goals that name it as their whole, and holders that the organisation puts below it."""
        found = [one for one in self.cascade.goals if one.parent == goal.id]
        there = {(one.level, one.subject) for one in found}
        for holder in self.holders.below(goal.indicator, (goal.level, goal.subject), self.whole):
            named = self.named.get((goal.indicator, *holder))
            if holder in there or (named is not None and (named.parent or named.supports)):
                continue
            name = f"{holder[0]} {holder[1]}"
            found.append(named or Goal(name, indicator=goal.indicator, level=holder[0], subject=holder[1]))
        return found

    def _title(self, goal: Goal) -> Text:
        return goal.title or self.book.indicators[goal.indicator].title

    def _amount(self, goal: Goal) -> Amount | None:
        holder: Holder = (goal.level, goal.subject)
        adds = additive(self.book, goal.indicator)
        return self.holders.amount(goal.indicator, holder, self.whole, additive=adds)

    def _together(self, goal: Goal, parts: Sequence[Goal]) -> Check:
        """Parts that add up, or rates that are pooled by what is planned below them."""
        adds = additive(self.book, goal.indicator)
        amounts = [(part, self._amount(part)) for part in parts]
        formula = tuple(
            (part.id, None if amount is None else amount.value, self.book.indicators[part.indicator].unit)
            for part, amount in amounts
        )
        reached: Fraction | None = None
        known = [amount for _, amount in amounts if amount is not None]
        if len(known) == len(amounts):
            if adds:
                reached = sum((amount.value for amount in known), Fraction(0))
            else:
                volumes = [amount.volume for amount in known if amount.volume is not None]
                below = sum(volumes, Fraction(0))
                if len(volumes) == len(known) and below:
                    reached = sum((a.value * a.volume for a in known if a.volume is not None), Fraction(0)) / below
        return self._check(goal, "sum" if adds else "pooled", reached, formula, None)

    def _driven(self, goal: Goal, driver: Driver) -> Check:
        """What follows from a driver: the product of its factors."""
        formula: list[Term] = []
        for name in driver.factors:
            number = constant(name)
            if name in self.goals:
                amount = self._amount(self.goals[name])
                unit = self.book.indicators[self.goals[name].indicator].unit
                formula.append((name, None if amount is None else amount.value, unit))
            else:
                formula.append((name, None if number is None else Fraction(number), None))
        reached: Fraction | None = Fraction(1)
        for _, value, _ in formula:
            reached = None if reached is None or value is None else reached * value
        return self._check(goal, "driver", reached, tuple(formula), driver.why)

    def _check(
        self,
        goal: Goal,
        kind: Literal["sum", "pooled", "driver"],
        reached: Fraction | None,
        formula: tuple[Term, ...],
        why: str | None,
    ) -> Check:
        amount = self._amount(goal)
        met = None
        if amount is not None and reached is not None:
            up = self.book.indicators[goal.indicator].better != "lower"
            met = reached >= amount.value if up else reached <= amount.value
        return Check(kind, None if amount is None else amount.value, reached, met, formula, why)


def _text(value: Fraction | None) -> str | None:
    """A number with at most nine places."""
    if value is None:
        return None
    # Built from digits: products of goals have more of them than a decimal context keeps.
    return decimal_text(Decimal(f"{half_even(value.numerator * 10**_PLACES, value.denominator)}e-{_PLACES}"))
