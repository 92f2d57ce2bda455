"""Payouts: what an award gives, on record. The same is never paid twice: a later payout of a period pays the difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from attrs import frozen

from kpicore.definitions.cards.scorecards import TwoPersons
from kpicore.errors import Conflict, NotFound, Refused
from kpicore.evaluation.documents import differences, instant_text
from kpicore.evaluation.world import World
from kpicore.governance.approvals import Approved, check_alone
from kpicore.governance.awards.result import AwardResult, award
from kpicore.ledger.records import EntryRecord, NewEntry
from kpicore.naming import did_you_mean

__all__ = ["Awards", "Payout", "PayoutReplay", "Recorded"]


@frozen
class Recorded:
    """A payout that is on record.

    Args:
        record: Its entry.
        duplicate: Whether it was there already, because nothing else is owed.
    """

    record: EntryRecord
    duplicate: bool = False

    @property
    def name(self) -> str:
        """`AWARD.PERIOD.NUMBER`."""
        return self.record.name

    def to_document(self) -> dict[str, Any]:
        """The award document as it was recorded, with who and when."""
        return {
            "payout": self.name,
            "by": self.record.by,
            "recorded_at": instant_text(self.record.recorded_at),
            "position": self.record.position,
            "duplicate": self.duplicate,
            **self.record.document,
        }


@frozen
class PayoutReplay:
    """What came out when a payout was computed again.

    Args:
        payout: Its name.
        digest, replayed_digest: What was recorded, and what comes out now.
        differences: Path, recorded and replayed value of everything that differs.
    """

    payout: str
    digest: str
    replayed_digest: str
    differences: tuple[dict[str, Any], ...]

    @property
    def identical(self) -> bool:
        """Whether every digit is the same."""
        return not self.differences

    def to_document(self) -> dict[str, Any]:
        """The replay document."""
        return {
            "payout": self.payout,
            "identical": self.identical,
            "digest": self.digest,
            "replayed_digest": self.replayed_digest,
            "differences": list(self.differences),
        }


@frozen
class Payout:
    """What an award gives in a period, to be recorded.

    Args:
        award, period: The award's id, and the period.
        digest: What it gives, by the digest of the result.
        total: What is to be paid, in all.
    """

    award: str
    period: str
    digest: str
    total: str | None

    what: ClassVar[TwoPersons] = "payouts"

    @classmethod
    def of(cls, result: AwardResult) -> Payout:
        """The act of paying a result."""
        document = result.to_document()
        return cls(result.award.id, result.period, result.digest, document["total"])

    def to_document(self) -> dict[str, Any]:
        """All parts by name."""
        parts = ("award", "period", "digest", "total")
        return {"act": "payout", **{part: getattr(self, part) for part in parts}}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Payout:
        """The act of a document."""
        return cls(**{name: value for name, value in document.items() if name != "act"})

    def misfit(self, world: World) -> str | None:
        """Whether something else is owed now, or nothing."""
        now = award(world, self.award, self.period)
        if now.settled:
            return f"{self.award} is paid in {self.period}"
        same = now.digest == self.digest and Payout.of(now).total == self.total
        return None if same else f"{self.award} owes something else in {self.period} now"

    def do(self, world: World, approved: Approved) -> Recorded:
        """Record it."""
        return record(award(world, self.award, self.period), world, approved.proposed_by, approved)


class Awards:
    """The awards of a ledger: what they give, and what was paid.

    Args:
        world: Gives the world as it is now.
    """

    def __init__(self, world: Callable[[], World]) -> None:
        self._world = world

    def result(self, name: str, period: str) -> AwardResult:
        """What an award gives in a period, as known now; nothing is recorded.

        Raises:
            NotFound: There is no such award, or nothing that it goes by was sealed.
            InvalidInput: The period is of another length.
        """
        return award(self._world(), name, period)

    def pay(self, result: AwardResult, *, by: str) -> Recorded:
        """Record what an award gives: the first time all that is owed, later what differs from what was paid.

        Args:
            result: What `result` returned.
            by: Who pays.

        Returns:
            The payout; where nothing else is owed, the last one that was recorded.

        Raises:
            Conflict: Something else is owed by now.
            Refused: The award was never applied, or the organisation wants two persons for payouts (propose it then).
        """
        world = self._world()
        now = award(world, result.award.id, result.period)
        if (now.digest, now.subjects) != (result.digest, result.subjects):
            raise Conflict(
                "something else is owed by now", code="payout_moved", where=result.period, hint="look at it again"
            )
        if not now.settled:
            check_alone(world.rules, "payouts")
        return record(now, world, by)

    def payouts(self, name: str | None = None, period: str | None = None) -> tuple[Recorded, ...]:
        """What was recorded, in order: all of it, of one award, of one period."""
        return tuple(
            Recorded(one)
            for one in self._world().ledger.entries("payout")
            if name in (None, one.document["award"]) and period in (None, one.document["period"])
        )

    def replay(self, payout: str) -> PayoutReplay:
        """Compute a payout again from the ledger alone, as known when it was recorded, and compare.

        Raises:
            NotFound: There is none of that name.
        """
        known = {one.name: one for one in self._world().ledger.entries("payout")}
        if payout not in known:
            raise NotFound(
                f"there is no payout {payout}",
                code="no_entry",
                where=payout,
                hint=did_you_mean(payout, known) or "kpicore award list shows them",
            )
        return replayed(self._world(), known[payout])


def replayed(world: World, found: EntryRecord) -> PayoutReplay:
    """A payout computed again."""
    document = found.document
    again = award(world, document["award"], document["period"], document["cut"])
    kept = {name: value for name, value in document.items() if name not in ("number", "proposal", "comments")}
    return PayoutReplay(found.name, document["digest"], again.digest, tuple(differences(kept, again.to_document())))


def record(result: AwardResult, world: World, by: str, approved: Approved | None = None) -> Recorded:
    """Record a result; where nothing else is owed, the last payout stands.

    Raises:
        Refused: The award was never applied.
        Conflict: Somebody else recorded a payout of the period meanwhile.
    """
    if result.found.record is None:
        raise Refused(
            f"award {result.award.id} was never applied: only a plugin gives it",
            code="award_not_applied",
            where=result.award.id,
            hint=f'apply a file with [award], use = "{result.award.id}" and a date',
        )
    ledger = world.ledger
    if result.settled:
        return Recorded(next(one for one in ledger.entries("payout") if one.name == result.paid.payouts[-1]), True)
    number = len(result.paid.payouts) + 1
    name = f"{result.award.id}.{result.period.replace('/', '_')}.{number}"
    document = {
        **result.to_document(),
        "number": number,
        "proposal": None if approved is None else approved.proposal,
        "comments": [] if approved is None else list(approved.comments),
    }
    before = [] if approved is None else [approved.entry(("payout.recorded", name))]
    *_, found = ledger.enter([*before, NewEntry("payout", "recorded", name, 1, document, by)])
    return Recorded(found)
