"""The bonus: base × proration × coefficient × company factor × gate, exactly, with caps, rounded once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.plans.awards import Base, Bonus, BonusGate
from kpicore.errors import NotFound
from kpicore.evaluation.documents import number
from kpicore.evaluation.scoring.again import total_with
from kpicore.evaluation.scoring.outcome import coefficient
from kpicore.governance.award_rules import AwardInForce, award_in_force
from kpicore.governance.awards.books import Books, Score, exact_value, has_value
from kpicore.governance.awards.rows import Row, exact_text, rounded
from kpicore.ledger.records import SealRecord

__all__ = ["bonus_rows"]


@frozen
class _Money:
    """A bonus of one subject by one evaluation.

    Args:
        state: `ok`, `no_total`, `no_coefficient` or `no_base`.
        amount: Rounded; None where the state is another than `ok`.
        factors: Every factor with what it follows from.
        bound: The caps that bind.
    """

    state: str
    amount: Decimal | None
    factors: tuple[Mapping[str, Any], ...]
    bound: tuple[str, ...]


def bonus_rows(books: Books, found: AwardInForce, period: str) -> Iterator[Row]:
    """What a bonus owes everyone in a period, with what other periods carried into it.

    Args:
        books: Sealed evaluations.
        found: The award.
        period: Its period.

    Raises:
        NotFound: None of the scorecards was sealed in the period, or the company's was not.
    """
    award = found.award
    assert isinstance(award, Bonus)  # noqa: S101 - the caller looked
    seals = {card: books.counts(card, period) for card in award.scorecards}
    if not any(seals.values()):
        books.needed(award.scorecards[0], period)
    for card, seal in seals.items():
        own = {} if seal is None else _amounts(books, award, seal, period)
        scores = {} if seal is None else books.scores(seal)
        carried = _carried(books, found, card, period)
        for subject in [*own, *(name for name in carried if name not in own)]:
            money = own.get(subject, _Money("not_scored", None, (), ()))
            moved = carried.get(subject, [])
            sums = [Decimal(one["amount"]) for one in moved]
            due = None if money.amount is None and not sums else sum(sums, money.amount or Decimal(0))
            score = scores.get(subject)
            yield Row(
                subject,
                card,
                bool(due),
                money.state,
                due,
                {
                    "evaluation": None if seal is None else seal.evaluation,
                    "system_total": None if score is None else number(score.system_total),
                    "total": None if score is None else number(score.total),
                    "adjustments": [] if score is None else list(score.adjustments),
                    "factors": list(money.factors),
                    "bound": list(money.bound),
                    "own": number(money.amount),
                    "carried": moved,
                },
            )


def _carried(books: Books, found: AwardInForce, card: str, period: str) -> dict[str | None, list[dict[str, Any]]]:
    """What versions of other periods that do not count there bring into this one, in money, by subject."""
    result: dict[str | None, list[dict[str, Any]]] = {}
    kept: dict[str, dict[str | None, _Money]] = {}
    for one in books.forwarded(card, period):
        start = books.world.calendar.period(one.from_period).start.date().isoformat()
        try:
            then = award_in_force(books.world.rules, books.world.installed, found.award.id, start).award
        except NotFound:
            continue  # it did not count in that period
        if not isinstance(then, Bonus) or card not in then.scorecards:
            continue
        sides = []
        for evaluation in (one.origin, one.target):
            if evaluation not in kept:
                kept[evaluation] = _amounts(books, then, books.sealed(evaluation), one.from_period)
            sides.append(kept[evaluation])
        for subject in [*sides[0], *(name for name in sides[1] if name not in sides[0])]:
            before, after = (_said(side.get(subject)) for side in sides)
            if before != after:
                said = {"from_period": one.from_period, "from": one.origin, "to": one.target}
                result.setdefault(subject, []).append({**said, "amount": number(after - before)})
    return result


def _said(money: _Money | None) -> Decimal:
    """An amount; whoever has none in a version counts with 0 there."""
    return Decimal(0) if money is None or money.amount is None else money.amount


def _amounts(books: Books, award: Bonus, seal: SealRecord, period: str) -> dict[str | None, _Money]:
    card, company = books.card(seal), _company(books, award, period)
    return {subject: _money(award, card, score, company) for subject, score in books.scores(seal).items()}


def _money(award: Bonus, card: Scorecard, score: Score, company: Mapping[str, Any] | None) -> _Money:
    base = _base(award, card, score.subject)
    if base is None:
        return _Money("no_base", None, (), ())
    said: dict[str, Any] = {"factor": "base", "value": number(base.amount), "subject": base.subject, "role": base.role}
    factors: list[Mapping[str, Any]] = [said]
    product = Fraction(base.amount)
    if award.prorate:
        days = score.document.get("days")
        part = Fraction(1) if days is None else Fraction(days["eligible"], days["period"])
        factors.append({"factor": "proration", "value": exact_text(part), "days": days})
        product *= part
    total, bound = _total(award, card, score)
    if total is None:
        return _Money("no_total", None, tuple(factors), tuple(bound))
    table = award.coefficient or card.coefficient
    earned = None if table is None else coefficient(total, table)
    if earned is None:
        return _Money("no_coefficient", None, tuple(factors), tuple(bound))
    if award.caps.coefficient is not None and earned > award.caps.coefficient:
        earned = award.caps.coefficient
        bound.append("coefficient")
    factors.append({"factor": "coefficient", "value": number(earned), "total": number(total)})
    product *= Fraction(earned)
    if company is not None:
        factors.append(company)
        product *= Fraction(company["value"])
    closed = [_gated(gate, score, total) for gate in award.gates]
    if closed:
        least = min((gate["factor"] for gate in closed if gate["closed"]), default="1", key=Fraction)
        factors.append({"factor": "gate", "value": least, "gates": closed})
        product *= Fraction(least)
    if award.caps.payout is not None and product > Fraction(award.caps.payout):
        product = Fraction(award.caps.payout)
        bound.append("payout")
    return _Money("ok", rounded(product, award.rounding), tuple(factors), tuple(bound))


def _base(award: Bonus, card: Scorecard, subject: str | None) -> Base | None:
    """A person's own base, else that of the role, else everyone's."""
    for base in award.bases:
        if base.subject is not None and base.subject == subject:
            return base
    return next(
        (base for role in (card.role, None) for base in award.bases if base.subject is None and base.role == role), None
    )


def _total(award: Bonus, card: Scorecard, score: Score) -> tuple[Decimal | None, list[str]]:
    """The total that the bonus goes by, and the caps that bind it. Caps of lines leave what people set as it is."""
    total, bound = score.total, []
    if not score.adjustments:
        lines = {line["indicator"]: line["attainment"] for line in score.document["lines"]}
        over = {
            indicator: cap
            for indicator, cap in award.caps.indicators.items()
            if lines.get(indicator) is not None and Decimal(lines[indicator]) > cap
        }
        if over:
            total = total_with(card, score.document, over)
            bound += [f"indicator {indicator}" for indicator in over]
    if total is not None and award.caps.total is not None and total > award.caps.total:
        total = award.caps.total
        bound.append("total")
    return total, bound


def _gated(gate: BonusGate, score: Score, total: Decimal) -> dict[str, Any]:
    """Whether a gate closes, and by which value."""
    line = None if gate.indicator is None else score.line(gate.indicator)
    state = "ok" if line is None else line["state"]
    if gate.indicator is None:
        value: Fraction | None = Fraction(total)
    else:
        value = exact_value(line) if line is not None and has_value(line) else None
    if value is None:
        closed = gate.empty == "close"
    else:
        low = gate.below is not None and value < Fraction(gate.below)
        closed = low or (gate.above is not None and value > Fraction(gate.above))
    return {
        "indicator": gate.indicator,
        "below": number(gate.below),
        "above": number(gate.above),
        "factor": number(gate.factor),
        "value": number(total) if line is None else line["value"],
        "state": state,
        "closed": closed,
    }


def _company(books: Books, award: Bonus, period: str) -> dict[str, Any] | None:
    """The company factor, with what it follows from."""
    company = award.company
    if company is None:
        return None
    if company.scorecard is None:
        value = company.periods.get(period, company.value)
        if value is None:
            raise NotFound(
                f"there is no company factor for {period}",
                code="no_company_factor",
                where=f"award {award.id} [company]",
                hint=f'write periods = {{"{period}" = "1"}}, or a value for every period, and apply it',
            )
        return {"factor": "company", "value": number(value), "total": None, "evaluation": None}
    seal = books.needed(company.scorecard, period)
    [score] = books.scores(seal).values()
    table = company.coefficient
    value = None if table is None else coefficient(score.total, table)
    if value is None:
        raise NotFound(
            f"the company's total of {period} gives no factor",
            code="no_company_factor",
            where=seal.evaluation,
            hint="it has no total, or one below the first step of [company]",
        )
    return {
        "factor": "company",
        "value": number(value),
        "total": number(score.total),
        "evaluation": seal.evaluation,
    }
