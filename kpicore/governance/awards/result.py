"""What an award gives in a period: computed from the ledger at a position, with everything that it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias

from attrs import define, frozen

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.definitions.codec import kind_of
from kpicore.definitions.plans.awards import Award, Bonus, Eligibility, Innovation, Star
from kpicore.errors import InvalidInput, Refused
from kpicore.evaluation.documents import number
from kpicore.evaluation.world import World
from kpicore.governance.award_rules import AwardInForce, award_in_force
from kpicore.governance.awards.bonus import bonus_rows
from kpicore.governance.awards.books import Books
from kpicore.governance.awards.contests import innovation_rows, star_rows
from kpicore.governance.awards.eligibility import eligibility_rows
from kpicore.governance.awards.rows import Row
from kpicore.ledger.records import EntryRecord, SealRecord

__all__ = ["AwardResult", "Paid", "award", "payments"]

_Maker: TypeAlias = "Callable[[Books, AwardInForce, str], Iterator[Row]]"
_MAKERS: Mapping[type[Any], _Maker] = {
    Bonus: bonus_rows,
    Star: star_rows,
    Innovation: innovation_rows,
    Eligibility: eligibility_rows,
}
#: Parts of documents that say where something stands in one ledger: digests leave them out.
_PLACES = frozenset({"position", "row", "evaluation", "from", "to"})

#: Of whom, by which scorecard.
_Whose: TypeAlias = "tuple[str | None, str]"


@frozen
class Paid:
    """What was paid of an award in a period.

    Args:
        payouts: Names of the payouts, in order.
        amounts: Their sums.
        digest: The digest of the last one; None where there is none.
    """

    payouts: tuple[str, ...]
    digest: str | None
    amounts: Mapping[_Whose, Decimal]


@define(frozen=True, slots=False)
class AwardResult:
    """What an award gives in a period.

    Args:
        found: The award, and the rule change that put it in force.
        period: The period's id.
        cut: The position up to which seals, adjustments and payouts are known.
        rows: Everyone.
        seals: The sealed evaluations that it stands on.
        paid: What was paid before.
    """

    found: AwardInForce
    period: str
    cut: int
    rows: tuple[Row, ...]
    seals: tuple[SealRecord, ...]
    paid: Paid

    @property
    def award(self) -> Award:
        """The award."""
        return self.found.award

    @property
    def currency(self) -> str | None:
        """Of the money; None where the award gives none."""
        if isinstance(self.award, Bonus):
            return self.award.currency
        prize = None if isinstance(self.award, Eligibility) else self.award.prize
        return None if prize is None else prize.currency

    @cached_property
    def subjects(self) -> list[dict[str, Any]]:
        """Everyone as documents; who was paid before and is owed nothing any more is among them."""
        found = [self._subject(row) for row in self.rows]
        named = {(row.subject, row.scorecard) for row in self.rows}
        for subject, card in self.paid.amounts:
            if (subject, card) not in named and self.paid.amounts[subject, card]:
                found.append(self._subject(Row(subject, card, False, "not_scored", Decimal(0), {})))
        return found

    def _subject(self, row: Row) -> dict[str, Any]:
        paid = self.paid.amounts.get((row.subject, row.scorecard), Decimal(0))
        return {
            "subject": row.subject,
            "scorecard": row.scorecard,
            "state": row.state,
            "won": row.won,
            **row.said,
            "due": number(row.due),
            "paid": None if self.currency is None else number(paid),
            "amount": None if row.due is None else number(row.due - paid),
        }

    @property
    def total(self) -> Decimal | None:
        """What is to be paid now, in all; None where the award gives no money."""
        if self.currency is None:
            return None
        return sum((Decimal(one["amount"]) for one in self.subjects if one["amount"] is not None), Decimal(0))

    @property
    def settled(self) -> bool:
        """Whether payouts were recorded and nothing else is owed: no money, or the same honours."""
        if not self.paid.payouts:
            return False
        if self.currency is None:
            return self.digest == self.paid.digest
        return not any(Decimal(one["amount"] or 0) for one in self.subjects)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the period owes and why, without places in one ledger and without what was paid."""
        said = [
            {name: value for name, value in one.items() if name not in ("paid", "amount")}
            for one in map(self._subject, self.rows)
        ]
        result = {
            "award": self.award.id,
            "period": self.period,
            "rule": self.found.digest,
            "seals": [
                [seal.document["scorecard"], seal.document["period"], seal.document["digest"]] for seal in self.seals
            ],
            "subjects": _portable(said),
        }
        return sha256_hex(canonical_json(result))

    def to_document(self) -> dict[str, Any]:
        """The award document."""
        record = self.found.record
        return {
            "award": self.award.id,
            "kind": kind_of(self.award),
            "title": dict(self.award.title),
            "period": self.period,
            "currency": self.currency,
            "cut": self.cut,
            "digest": self.digest,
            "rule": {
                "digest": self.found.digest,
                **{
                    part: None if record is None else getattr(record, part)
                    for part in ("position", "effective", "by", "reason")
                },
            },
            "seals": [
                {
                    "scorecard": seal.document["scorecard"],
                    "period": seal.document["period"],
                    "evaluation": seal.evaluation,
                    "position": seal.position,
                    "digest": seal.document["digest"],
                }
                for seal in self.seals
            ],
            "payouts": list(self.paid.payouts),
            "subjects": self.subjects,
            "total": number(self.total),
        }


def award(world: World, name: str, period_text: str, cut: int | None = None) -> AwardResult:
    """What an award gives in a period, as known at a position.

    Args:
        world: Any world over the ledger.
        name: The award's id.
        period_text: A period of the award's length.
        cut: The position; None: now.

    Raises:
        NotFound: There is no such award, or nothing that it goes by was sealed.
        InvalidInput: The period is of another length.
        Refused: Nothing says by which scorecards a plugin's award goes.
    """
    ledger = world.ledger
    position = ledger.end() if cut is None else cut
    world = world.derive(cut=ledger.cut(position), pinned=(), overrides=())
    period = world.calendar.period(period_text)
    found = award_in_force(world.rules, world.installed, name, period.start.date().isoformat())
    if period.kind != found.award.period:
        raise InvalidInput(
            f"{period.id} is a {period.kind}; award {name} goes by {found.award.period}",
            code="wrong_period",
            where=f"{name}, {period.id}",
            hint=f"name a {found.award.period}",
        )
    if not found.award.scorecards:
        raise Refused(
            f"award {name} is given by a plugin, and nothing says by which scorecards it goes",
            code="award_not_applied",
            where=name,
            hint=f'apply a file with [award], use = "{name}", scorecards = ["…"] and a date',
        )
    books = Books(world, position)
    rows = tuple(_MAKERS[type(found.award)](books, found, period.id))
    paid = payments(ledger.entries("payout", up_to=position), name, period.id)
    return AwardResult(found, period.id, position, rows, tuple(books.used.values()), paid)


def payments(entries: tuple[EntryRecord, ...], name: str, period: str) -> Paid:
    """What was paid of an award in a period.

    Args:
        entries: Payouts, in order.
        name, period: The award and the period.
    """
    own = [one for one in entries if (one.document["award"], one.document["period"]) == (name, period)]
    amounts: dict[_Whose, Decimal] = {}
    for one in own:
        for subject in one.document["subjects"]:
            whose = (subject["subject"], subject["scorecard"])
            amounts[whose] = amounts.get(whose, Decimal(0)) + Decimal(subject["amount"] or 0)
    return Paid(tuple(one.name for one in own), own[-1].document["digest"] if own else None, amounts)


def _portable(value: Any) -> Any:
    """A document without places in one ledger."""
    if isinstance(value, Mapping):
        return {name: _portable(item) for name, item in value.items() if name not in _PLACES}
    if isinstance(value, list):
        return [_portable(item) for item in value]
    return value
