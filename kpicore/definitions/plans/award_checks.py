"""What an award must hold by itself, and what the scorecards that it goes by must have."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NoReturn, get_args

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.card_checks import ATTAINMENT_PLACES, MOST_ATTAINMENT, PERIOD_KINDS
from kpicore.definitions.cards.card_tables import places
from kpicore.definitions.cards.outcome_checks import check_coefficient
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.plans.awards import (
    Award,
    Base,
    Bonus,
    BonusGate,
    CompanyFactor,
    Eligibility,
    GatePolicy,
    Innovation,
    Prize,
    Rounding,
    RoundingMode,
    Star,
    Ties,
)
from kpicore.errors import InvalidDefinition, InvalidInput, NotFound
from kpicore.naming import check_name, did_you_mean
from kpicore.periods import parse_period

__all__ = ["check_award", "check_award_cards"]

#: Digits of money after the point, and the most of it.
MONEY_PLACES, MOST_MONEY = 4, Decimal(10) ** 14
MOST_LENGTH = 60


def check_award(award: Award, where: str | None = None, *, whole: bool = True) -> None:
    """Refuse an award that contradicts itself.

    Args:
        award: The award.
        where: What errors call it; its id when not given.
        whole: Whether it says by which scorecards it goes; a plugin may leave it to who uses its award.

    Raises:
        InvalidDefinition: With what is wrong.
    """
    name = where or f"award {award.id}"
    check_name(award.id, "an award", plugin="." in award.id)
    if award.period not in PERIOD_KINDS:
        _wrong(
            name,
            f"period cannot be {award.period!r}",
            did_you_mean(award.period, PERIOD_KINDS) or f"one of: {', '.join(PERIOD_KINDS)}",
        )
    if (whole and not award.scorecards) or len(set(award.scorecards)) != len(award.scorecards):
        _wrong(name, "an award goes by one scorecard or several, each named once", 'write scorecards = ["sales_rep"]')
    if isinstance(award, Bonus):
        _check_bonus(award, name)
    elif isinstance(award, Eligibility):
        _number("at_least", award.at_least, name)
        if not 1 <= award.length <= MOST_LENGTH:
            _wrong(name, f"length must be from 1 to {MOST_LENGTH}, not {award.length}", "write length = 2")
    elif isinstance(award, Star | Innovation):
        bound = award.least_sample if isinstance(award, Star) else award.at_least
        if bound is not None:
            _number("least_sample" if isinstance(award, Star) else "at_least", bound, name)
        if award.prize is not None:
            _check_prize(award.prize, name)


def check_award_cards(award: Award, cards: Iterable[Scorecard], where: str) -> None:
    """Refuse an award that its scorecards cannot serve.

    Args:
        award: The award.
        cards: The scorecards that are, or would be, in force.
        where: What errors call it.

    Raises:
        NotFound: There is no such scorecard, or it has no such line.
        InvalidDefinition: A card is of another length or level, or has no coefficient where the award needs one.
    """
    known: dict[str, Scorecard] = {card.id: card for card in cards}
    company = award.company.scorecard if isinstance(award, Bonus) and award.company is not None else None
    for card_id in (*award.scorecards, *([company] if company else [])):
        if card_id not in known:
            raise NotFound(
                f"no scorecard {card_id!r}",
                code="unknown_scorecard",
                where=where,
                hint=did_you_mean(card_id, known) or "apply it before, or together with the award",
            )
        if known[card_id].period != award.period:
            _wrong(
                where,
                f"scorecard {card_id} goes by {known[card_id].period}, the award by {award.period}",
                f'write period = "{known[card_id].period}", or name other scorecards',
            )
    if company is not None and known[company].level != "company":
        _wrong(
            f"{where} [company]",
            f"scorecard {company} is one of the level {known[company].level}",
            "name one of the level company",
        )
    levels = {known[card_id].level for card_id in award.scorecards}
    if len(levels) > 1:
        _wrong(where, f"its scorecards are of different levels: {', '.join(sorted(levels))}", "make one award for each")
    lines = {line.indicator for card_id in award.scorecards for line in known[card_id].lines}
    for indicator in award.caps.indicators if isinstance(award, Bonus) else ():
        if indicator not in lines:
            raise NotFound(
                f"{indicator} is on none of the scorecards",
                code="unknown_indicator",
                where=f"{where} [caps]",
                hint=did_you_mean(indicator, lines) or f"their lines: {', '.join(sorted(lines))}",
            )
    for card_id in award.scorecards:
        _check_card(award, known[card_id], where)


def _check_card(award: Award, card: Scorecard, where: str) -> None:
    lines = {line.indicator: line.weight for line in card.lines}
    gates = [gate.indicator for gate in award.gates] if isinstance(award, Bonus) else []
    wanted = [award.indicator] if isinstance(award, Star | Innovation) else [name for name in gates if name is not None]
    for indicator in wanted:
        if indicator not in lines:
            raise NotFound(
                f"{indicator} is not on scorecard {card.id}",
                code="unknown_indicator",
                where=where,
                hint=did_you_mean(indicator, lines) or 'put it there with weight = "0": it is shown and not scored',
            )
    if isinstance(award, Bonus):
        if award.coefficient is None and card.coefficient is None:
            _wrong(where, f"neither the award nor scorecard {card.id} has a [coefficient]", "declare one of them")
        roles = [base.role for base in award.bases]
        if all(role not in (None, card.role) for role in roles) and not any(base.subject for base in award.bases):
            _wrong(where, f"there is no base for the role {card.role} of scorecard {card.id}", "add a [[base]]")


def _check_bonus(award: Bonus, name: str) -> None:
    _currency(award.currency, name)
    if not award.bases:
        _wrong(name, "a bonus needs a base", 'write [[base]] and amount = "30000", or bases = "bases.csv"')
    seen: set[tuple[str | None, str | None]] = set()
    for base in award.bases:
        _check_base(base, name)
        if (base.subject, base.role) in seen:
            _wrong(name, f"two bases for {base.subject or base.role or 'everyone'}", "keep one of them")
        seen.add((base.subject, base.role))
    if award.coefficient is not None:
        check_coefficient(award.coefficient, f"{name} [coefficient]")
        lowest = min(total for total, _ in award.coefficient.steps)
        if award.coefficient.kind == "steps" and lowest > 0:
            _wrong(
                f"{name} [coefficient]",
                f"nothing is said of totals below {decimal_text(lowest)}",
                'begin with the total 0: ["0", "0"] pays nothing there',
                code="coefficient_gap",
            )
    if award.company is not None:
        _check_company(award.company, award.period, f"{name} [company]")
    for number, gate in enumerate(award.gates, 1):
        _check_gate(gate, f"{name} [[gate]] {number}")
    for indicator, cap in award.caps.indicators.items():
        _number(indicator, cap, f"{name} [caps]")
    for what in ("total", "coefficient"):
        limit = getattr(award.caps, what)
        if limit is not None:
            _number(what, limit, f"{name} [caps]")
    if award.caps.payout is not None:
        _money("payout", award.caps.payout, f"{name} [caps]")
    _check_rounding(award.rounding, name)


def _check_base(base: Base, name: str) -> None:
    if base.subject is not None and base.role is not None:
        _wrong(
            name,
            f"a base is for a subject or for a role, not for {base.subject} and {base.role}",
            "leave one of them out",
        )
    _money("amount", base.amount, name)


def _check_company(company: CompanyFactor, period: str, where: str) -> None:
    by_hand = company.value is not None or bool(company.periods)
    if (company.scorecard is not None) == by_hand:
        hint = 'write scorecard = "company" with kind and steps, or value = "1.1"'
        _wrong(where, "the company factor follows from a scorecard, or is set by hand", hint)
    if (company.scorecard is None) != (company.coefficient is None):
        _wrong(
            where,
            "a scorecard of the company needs kind and steps, and nothing else does",
            'write kind = "steps" and steps = [["0", "0.8"], ["100", "1"]] beside scorecard',
        )
    if company.coefficient is not None:
        check_coefficient(company.coefficient, where)
    for name in company.periods:
        try:
            found = parse_period(name)
        except InvalidInput as error:
            raise InvalidDefinition(error.message, where=where, code=error.code, hint=error.hint) from None
        if found.kind != period:
            _wrong(where, f"{name} is a {found.kind}; the award goes by {period}", f"name a {period}")
    for value in (*([company.value] if company.value is not None else []), *company.periods.values()):
        _number("a factor", value, where)


def _check_gate(gate: BonusGate, where: str) -> None:
    if gate.below is None and gate.above is None:
        _wrong(where, "a gate says below or above what it closes", 'write below = "1"')
    if gate.factor < 0 or places(gate.factor) > ATTAINMENT_PLACES or gate.factor > MOST_ATTAINMENT:
        _wrong(
            where,
            f"factor cannot be {gate.factor:f}",
            f"from 0 to {MOST_ATTAINMENT}, at most {ATTAINMENT_PLACES} places",
        )
    if gate.empty not in get_args(GatePolicy):
        _wrong(where, f"empty cannot be {gate.empty!r}", "write pass or close")


def _check_prize(prize: Prize, name: str) -> None:
    _money("prize", prize.amount, name)
    _currency(prize.currency, name)
    if prize.ties not in get_args(Ties):
        _wrong(name, f"ties cannot be {prize.ties!r}", "write share or each")
    _check_rounding(prize.rounding, name)


def _check_rounding(rounding: Rounding, name: str) -> None:
    if not 0 <= rounding.places <= MONEY_PLACES:
        _wrong(
            f"{name} [rounding]", f"places must be from 0 to {MONEY_PLACES}, not {rounding.places}", "write places = 0"
        )
    if rounding.mode not in get_args(RoundingMode):
        _wrong(
            f"{name} [rounding]", f"mode cannot be {rounding.mode!r}", f"one of: {', '.join(get_args(RoundingMode))}"
        )


def _number(what: str, value: Decimal, where: str) -> None:
    if value < 0 or places(value) > ATTAINMENT_PLACES or value > MOST_ATTAINMENT:
        _wrong(where, f"{what} cannot be {value:f}", f"from 0 to {MOST_ATTAINMENT}, at most {ATTAINMENT_PLACES} places")


def _currency(name: str, where: str) -> None:
    if not (len(name) == 3 and name.isascii() and name.isalpha() and name.isupper()):
        _wrong(where, f"{name!r} is not a currency", "write three capital letters such as TWD")


def _money(what: str, value: Decimal, where: str) -> None:
    if value < 0 or places(value) > MONEY_PLACES or value > MOST_MONEY:
        _wrong(where, f"{what} cannot be {value:f}", f"at least 0, at most {MONEY_PLACES} places")


def _wrong(where: str, message: str, hint: str, code: str | None = None) -> NoReturn:
    raise InvalidDefinition(message, where=where, hint=hint, code=code)
