"""Awards: what sealed scores earn. A bonus, a star of the month, an innovation award, an eligibility; all of it as data.

Awards go by sealed evaluations only, by the version of each that counts, and by the adjusted total where one stands beside
the system's. Money is exact, and rounded once, as the award says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from kpicore.definitions.cards.scorecards import Coefficient
from kpicore.definitions.converters import exact, names, optional
from kpicore.naming import Text, text

RoundingMode = Literal["half_even", "half_up", "down"]
#: What becomes of a prize that several win: each gets an equal part of it, or all of it.
Ties = Literal["share", "each"]
#: What a gate does where its indicator is empty.
GatePolicy = Literal["pass", "close"]


@frozen
class Rounding:
    """How money is rounded, once, at the end.

    Args:
        places: Digits after the point, 0 to 4.
        mode: `half_even`, `half_up` (away from zero) or `down` (towards zero).
    """

    places: int = 0
    mode: RoundingMode = "half_even"


@frozen
class Base:
    """The amount that a bonus starts from: a person's own, else that of their scorecard's role, else everyone's."""

    amount: Decimal = field(converter=exact)
    subject: str | None = None
    role: str | None = None


@frozen
class CompanyFactor:
    """What the company's result makes of everyone's bonus.

    Args:
        scorecard: A scorecard of the company: its total that counts in the period, through `coefficient`.
        coefficient: From that total to the factor.
        value: The factor, where it is set by hand.
        periods: Factors of single periods, which go before `value`.
    """

    scorecard: str | None = None
    coefficient: Coefficient | None = None
    value: Decimal | None = field(default=None, converter=optional)
    periods: Mapping[str, Decimal] = field(factory=dict)


@frozen
class BonusGate:
    """A condition that multiplies a bonus, by 0 where nothing else is said.

    Args:
        indicator: A line of the scorecard; None: the total.
        below, above: The gate closes where the exact value is less than `below`, or more than `above`.
        factor: What the bonus is multiplied with then; of several gates the least counts.
        empty: Whether it closes where the line is empty.
        why: Why there is this gate.
    """

    indicator: str | None = None
    below: Decimal | None = field(default=None, converter=optional)
    above: Decimal | None = field(default=None, converter=optional)
    factor: Decimal = field(default=Decimal(0), converter=exact)
    empty: GatePolicy = "pass"
    why: str | None = None


@frozen
class BonusCaps:
    """Limits of a bonus.

    Args:
        indicators: Most attainment of single lines that the bonus goes by.
        total: Most total that the bonus goes by.
        coefficient: Most coefficient.
        payout: Most money for one subject and scorecard in a period.
    """

    indicators: Mapping[str, Decimal] = field(factory=dict)
    total: Decimal | None = field(default=None, converter=optional)
    coefficient: Decimal | None = field(default=None, converter=optional)
    payout: Decimal | None = field(default=None, converter=optional)


@frozen
class Prize:
    """Money for winners.

    Args:
        amount: How much.
        currency: Of what.
        ties: Whether several winners share it.
        rounding: How a share is rounded.
    """

    amount: Decimal = field(converter=exact)
    currency: str
    ties: Ties = "share"
    rounding: Rounding = Rounding()


def _bases(value: Iterable[Base]) -> tuple[Base, ...]:
    return tuple(value)


def _gates(value: Iterable[BonusGate]) -> tuple[BonusGate, ...]:
    return tuple(value)


@frozen
class Bonus:
    """Base × proration × coefficient × company factor × gate, with caps.

    Args:
        id: Its name; of a plugin `plugin.name`.
        title: What people read.
        scorecards: The scorecards that earn it; a plugin may leave them to the file that puts its award in force.
        period: Length of their periods: `month`, `quarter` …
        currency: Of the money.
        bases: What it starts from.
        effective: Local date in ISO form from which it counts; None: as long as its plugin gives it.
        coefficient: From the total to the coefficient; None: the scorecard's own.
        company: What the company's result makes of it; None: nothing.
        gates: Conditions that multiply it.
        caps: Limits.
        prorate: Whether it is multiplied with eligible days ÷ days of the period.
        rounding: How money is rounded.
        why: Why there is this bonus.
    """

    id: str
    title: Text = field(converter=text)
    scorecards: tuple[str, ...] = field(converter=names)
    period: str
    currency: str
    bases: tuple[Base, ...] = field(converter=_bases)
    effective: str | None = None
    coefficient: Coefficient | None = None
    company: CompanyFactor | None = None
    gates: tuple[BonusGate, ...] = field(default=(), converter=_gates)
    caps: BonusCaps = BonusCaps()
    prorate: bool = True
    rounding: Rounding = Rounding()
    why: str | None = None
    version: str = "1.0"


@frozen
class Star:
    """The best value of one indicator in a period: the star of the month. Ties are shared.

    Args:
        id, title, scorecards, period, effective, why: As of a bonus. A card of teams makes a team the star.
        indicator: A line of each of the scorecards; its weight may be 0.
        least_sample: Smaller samples are left out: the denominator, or the numerator where there is none. Lines that are
            flagged `low_sample` are left out in any case.
        prize: Money; None: the honour.
    """

    id: str
    title: Text = field(converter=text)
    scorecards: tuple[str, ...] = field(converter=names)
    indicator: str
    period: str = "month"
    effective: str | None = None
    least_sample: Decimal | None = field(default=None, converter=optional)
    prize: Prize | None = None
    why: str | None = None
    version: str = "1.0"


@frozen
class Innovation:
    """Everyone whose value of an indicator reaches a bound, with the facts that were counted as evidence.

    Args:
        id, title, scorecards, period, effective, why: As of a bonus.
        indicator: A line of each of the scorecards: how many new channels were validated, say.
        at_least: The bound.
        prize: Money; None: the honour.
    """

    id: str
    title: Text = field(converter=text)
    scorecards: tuple[str, ...] = field(converter=names)
    indicator: str
    period: str = "quarter"
    effective: str | None = None
    at_least: Decimal = field(default=Decimal(1), converter=exact)
    prize: Prize | None = None
    why: str | None = None
    version: str = "1.0"


@frozen
class Eligibility:
    """Whoever reaches a total in so many periods in a row is eligible, for a promotion say.

    Args:
        id, title, scorecards, period, effective, why: As of a bonus. Who is on several of the cards in one period reaches
            the bound on each.
        at_least: The bound.
        length: How many periods in a row, up to the one that is looked at.
    """

    id: str
    title: Text = field(converter=text)
    scorecards: tuple[str, ...] = field(converter=names)
    period: str = "quarter"
    effective: str | None = None
    at_least: Decimal = field(default=Decimal(110), converter=exact)
    length: int = 2
    why: str | None = None
    version: str = "1.0"


Award: TypeAlias = "Bonus | Star | Innovation | Eligibility"

#: Kinds of awards, as files and documents name them.
AWARD_KINDS: Mapping[str, type[Any]] = {
    "bonus": Bonus,
    "star": Star,
    "innovation": Innovation,
    "eligibility": Eligibility,
}
