"""What awards go by: sealed evaluations up to a position, which of them count, and the totals that stand beside them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.codec import from_document
from kpicore.errors import NotFound
from kpicore.evaluation.history.adjusted import adjusted
from kpicore.evaluation.history.versions import Forwarded, counting, versions
from kpicore.evaluation.sealing.form import BASIS, evaluate_document
from kpicore.evaluation.world import World
from kpicore.ledger.records import SealRecord

__all__ = ["Books", "Score", "exact_value", "has_value"]


@frozen
class Score:
    """A subject of a sealed evaluation.

    Args:
        subject: Who.
        document: The subject as its evaluate document has it.
        system_total: What was sealed.
        total: What counts: the adjusted total where one stands beside the system's.
        adjustments: Names of the adjustments between the two.
    """

    subject: str | None
    document: Mapping[str, Any]
    system_total: Decimal | None
    total: Decimal | None
    adjustments: tuple[str, ...]

    def line(self, indicator: str) -> Mapping[str, Any] | None:
        """The line of an indicator; None where the card has none."""
        found: Mapping[str, Any] | None = next(
            (line for line in self.document["lines"] if line["indicator"] == indicator), None
        )
        return found


class Books:
    """Sealed evaluations, as they stood at a position.

    Args:
        world: The world at that position.
        up_to: The position.
    """

    def __init__(self, world: World, up_to: int) -> None:
        self.world, self.up_to = world, up_to
        self._seals = [seal for seal in world.ledger.seals() if seal.position <= up_to]
        self._counting = {
            (str(seal.document["scorecard"]), str(seal.document["period"])): seal
            for seal in counting(self._seals, world.rules)
        }
        self._scores: dict[str, dict[str | None, Score]] = {}
        #: Every seal that was looked at, in the order in which it was.
        self.used: dict[str, SealRecord] = {}

    def counts(self, card: str, period: str) -> SealRecord | None:
        """The seal of a scorecard that counts in a period; None where none was sealed."""
        found = self._counting.get((card, period))
        if found is not None:
            self.used[found.evaluation] = found
        return found

    def needed(self, card: str, period: str) -> SealRecord:
        """The seal of a scorecard that counts in a period.

        Raises:
            NotFound: None was sealed.
        """
        found = self.counts(card, period)
        if found is None:
            raise NotFound(
                f"no evaluation of {card} was sealed for {period}",
                code="not_sealed",
                where=card,
                hint="awards go by sealed evaluations: evaluate and seal it first",
            )
        return found

    def sealed(self, evaluation: str) -> SealRecord:
        """The seal of an evaluation that is known to be there."""
        found = next(seal for seal in self._seals if seal.evaluation == evaluation)
        self.used[evaluation] = found
        return found

    def forwarded(self, card: str, period: str) -> list[Forwarded]:
        """The versions of other periods of a scorecard that count in this one; none where it was never sealed."""
        if not any(seal.document["scorecard"] == card for seal in self._seals):
            return []
        return [one for one in versions(self._seals, self.world.rules, card).forwarded if one.to_period == period]

    def card(self, seal: SealRecord) -> Scorecard:
        """The scorecard that an evaluation was scored with."""
        card: Scorecard = from_document(seal.document[BASIS]["card"])
        return card

    def scores(self, seal: SealRecord) -> dict[str | None, Score]:
        """Everyone in a sealed evaluation."""
        if seal.evaluation not in self._scores:
            beside = adjusted(self.world, seal, self.up_to)
            found: dict[str | None, Score] = {}
            for document in evaluate_document(seal.document)["subjects"]:
                subject, system = document["subject"], document["total"]
                total = None if system is None else Decimal(system)
                other = beside.get(subject)
                found[subject] = Score(
                    subject,
                    document,
                    total,
                    total if other is None else other.total,
                    () if other is None else other.adjustments,
                )
            self._scores[seal.evaluation] = found
        return self._scores[seal.evaluation]


def has_value(line: Mapping[str, Any]) -> bool:
    """Whether a line has a value."""
    return line["state"] in ("ok", "provisional") and line["value"] is not None


def exact_value(line: Mapping[str, Any]) -> Fraction:
    """The exact value of a line that has one: numerator ÷ denominator where it is a ratio."""
    if line["numerator"] is None:
        return Fraction(line["value"])
    return Fraction(line["numerator"]) / Fraction(line["denominator"] or 1)
