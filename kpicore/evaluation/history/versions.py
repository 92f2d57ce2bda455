"""Versions of an evaluation: a scorecard's period may be sealed more than once, and a recorded policy says which counts.

The first seal counts. What happens at a later one is what the organisation's `restatement` said when it was sealed:

- `corrective`: the new version counts in its period, in the place of the one before.
- `forwarding`: the one before goes on to count in its period, and what everyone gains or loses goes to the current period:
  the first period of the card that was sealed for the first time after the new version.

A corrective version settles its period: what earlier ones carried forward is taken back. Nothing is ever removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from attrs import evolve, frozen

from kpicore.definitions.cards.scorecards import Restatement
from kpicore.definitions.codec import from_document
from kpicore.errors import NotFound
from kpicore.evaluation.documents import instant_text, number
from kpicore.ledger.records import RuleRecord, SealRecord
from kpicore.naming import did_you_mean

__all__ = ["Carried", "Forwarded", "PeriodVersions", "Version", "Versions", "counting", "versions"]

_NOTHING = Decimal(0)


@frozen
class Version:
    """One sealed evaluation of a period.

    Args:
        evaluation: Its id.
        position: Where it was sealed.
        by: Who sealed it.
        recorded_at: When, in µs UTC.
        policy: What was in force when it was sealed; None for the first of its period.
        counts: Whether it counts in its period.
    """

    evaluation: str
    position: int
    by: str
    recorded_at: int
    policy: Restatement | None
    counts: bool

    def to_document(self) -> dict[str, Any]:
        """All parts by name."""
        return {
            "evaluation": self.evaluation,
            "position": self.position,
            "by": self.by,
            "recorded_at": instant_text(self.recorded_at),
            "policy": self.policy,
            "counts": self.counts,
        }


@frozen
class Carried:
    """Points that go from one period to another.

    Args:
        subject: Who gains or loses them.
        points: How many; never 0. A total that is null counts as 0.
        origin, target: Ids of the evaluations between which they lie.
        from_period: Where they arose.
        to_period: Where they count; None: in the next period that is sealed.
    """

    subject: str | None
    points: Decimal
    origin: str
    target: str
    from_period: str
    to_period: str | None

    def to_document(self) -> dict[str, Any]:
        """All parts by name."""
        return {
            "subject": self.subject,
            "points": number(self.points),
            "from": self.origin,
            "to": self.target,
            "from_period": self.from_period,
            "to_period": self.to_period,
        }


@frozen
class Forwarded:
    """A version that counts in another period than its own, by its difference to the one before it.

    Args:
        origin, target: Ids of the version before, and of the version.
        from_period: Their period.
        to_period: Where the difference counts; None: in the next period that is sealed.
    """

    origin: str
    target: str
    from_period: str
    to_period: str | None


@frozen
class PeriodVersions:
    """The versions of one period in order, and the one that counts."""

    period: str
    versions: tuple[Version, ...]

    @property
    def counts(self) -> str:
        """Id of the version that counts."""
        return next(version.evaluation for version in self.versions if version.counts)

    def to_document(self) -> dict[str, Any]:
        """Period, the id that counts, and all versions."""
        return {
            "period": self.period,
            "counts": self.counts,
            "versions": [version.to_document() for version in self.versions],
        }


@frozen
class Versions:
    """All sealed periods of a scorecard, in the order of their first seals, and what is carried between them."""

    scorecard: str
    periods: tuple[PeriodVersions, ...]
    carried: tuple[Carried, ...]

    @property
    def forwarded(self) -> tuple[Forwarded, ...]:
        """Every version that does not count in its period because it came after the one that does, in order."""
        first = {one.period: one.versions[0].position for one in self.periods}
        found = []
        for one in self.periods:
            settled = next(place for place, version in enumerate(one.versions) if version.counts)
            for before, after in pairwise(one.versions[settled:]):
                later = [other for other, position in first.items() if position > after.position]
                current = min(later, key=lambda other: first[other], default=None)
                found.append(Forwarded(before.evaluation, after.evaluation, one.period, current))
        return tuple(found)

    def to_document(self) -> dict[str, Any]:
        """The document of `versions`."""
        return {
            "scorecard": self.scorecard,
            "periods": [period.to_document() for period in self.periods],
            "carried": [carried.to_document() for carried in self.carried],
        }


def versions(seals: Iterable[SealRecord], rules: Sequence[RuleRecord], card_id: str) -> Versions:
    """The versions of every sealed period of a scorecard.

    Args:
        seals: All seals, in order.
        rules: All rule changes, in order.
        card_id: The scorecard.

    Raises:
        NotFound: It was never sealed.
    """
    every = list(seals)
    own = [seal for seal in every if seal.document["scorecard"] == card_id]
    if not own:
        known = {str(seal.document["scorecard"]) for seal in every}
        raise NotFound(
            f"no evaluation of {card_id} was sealed",
            code="not_sealed",
            where=card_id,
            hint=did_you_mean(card_id, known) or "evaluate and seal a period first",
        )
    by_period: dict[str, list[SealRecord]] = {}
    for seal in own:
        by_period.setdefault(str(seal.document["period"]), []).append(seal)
    periods = []
    for period, found in by_period.items():
        policies = [None, *(policy_at(rules, seal.position) for seal in found[1:])]
        settled = max(place for place, policy in enumerate(policies) if policy != "forwarding")
        listed = tuple(
            Version(seal.evaluation, seal.position, seal.by, seal.recorded_at, policy, place == settled)
            for place, (seal, policy) in enumerate(zip(found, policies, strict=True))
        )
        periods.append(PeriodVersions(period, listed))
    whole = Versions(card_id, tuple(periods), ())
    by_name = {seal.evaluation: seal for seal in own}
    return evolve(
        whole,
        carried=tuple(
            carried
            for one in whole.forwarded
            for carried in _carried(by_name[one.origin], by_name[one.target], one.from_period, one.to_period)
        ),
    )


def counting(seals: Iterable[SealRecord], rules: Sequence[RuleRecord]) -> list[SealRecord]:
    """Of every scorecard and period the seal that counts, in the order of the first ones."""
    found: dict[tuple[str, str], SealRecord] = {}
    for seal in seals:
        key = (str(seal.document["scorecard"]), str(seal.document["period"]))
        if key not in found or policy_at(rules, seal.position) == "corrective":
            found[key] = seal
    return list(found.values())


def policy_at(rules: Sequence[RuleRecord], position: int) -> Restatement:
    """What the organisation said about restatements before a position."""
    documents = [rule.document for rule in rules if rule.kind == "organisation" and rule.position < position]
    policy: Restatement = from_document(documents[-1]).restatement if documents else "corrective"
    return policy


def _carried(before: SealRecord, after: SealRecord, period: str, current: str | None) -> list[Carried]:
    old, new = _totals(before.document), _totals(after.document)
    return [
        Carried(subject, points, before.evaluation, after.evaluation, period, current)
        for subject in [*old, *(name for name in new if name not in old)]
        if (points := new.get(subject, _NOTHING) - old.get(subject, _NOTHING))
    ]


def _totals(document: Mapping[str, Any]) -> dict[str | None, Decimal]:
    """Totals of a sealed document by subject; null counts as 0."""
    totals = zip(document["subjects"], document["totals"], strict=True)
    return {subject: Decimal(total or 0) for subject, total in totals}


def of_period(found: Versions, periods: Sequence[str]) -> Versions:
    """Only these periods, with what leaves and reaches them."""
    wanted = set(periods)
    return evolve(
        found,
        periods=tuple(one for one in found.periods if one.period in wanted),
        carried=tuple(one for one in found.carried if {one.from_period, one.to_period} & wanted),
    )
