"""Who would move: totals under the rules in force and under planned ones, over the same facts, before anything is applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Organisation, Scorecard
from kpicore.definitions.plans.targets import TargetRule
from kpicore.errors import NotFound
from kpicore.evaluation.documents import number
from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.history.replay import recalled
from kpicore.evaluation.history.rescore import scored_under
from kpicore.evaluation.history.versions import counting
from kpicore.evaluation.scoring.scored import card_names
from kpicore.evaluation.world import Rule, World, card_of

__all__ = ["Move", "SubjectMove", "moves"]


@frozen
class SubjectMove:
    """One subject's total under the rules in force and under the planned ones."""

    subject: str | None
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal:
        """After minus before; null counts as 0."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))

    def to_document(self) -> dict[str, Any]:
        """Subject, both totals and their difference."""
        return {
            "subject": self.subject,
            "from_total": number(self.before),
            "to_total": number(self.after),
            "difference": number(self.difference),
        }


@frozen
class Move:
    """What planned rules would do to one scorecard in one period.

    Args:
        scorecard: Its id.
        period: The period.
        origin: Id of the evaluation that it is compared with; None: no card was in force.
        subjects: Who moves, who gains most first.
        unmoved: How many keep their totals.
    """

    scorecard: str
    period: str
    origin: str | None
    subjects: tuple[SubjectMove, ...]
    unmoved: int

    def to_document(self) -> dict[str, Any]:
        """All parts by name."""
        return {
            "scorecard": self.scorecard,
            "period": self.period,
            "from": self.origin,
            "subjects": [subject.to_document() for subject in self.subjects],
            "unmoved": self.unmoved,
        }


def moves(
    world: World,
    cards: Iterable[Scorecard],
    book: Definitions,
    organisation: Organisation,
    period: str | None = None,
    targets: Sequence[TargetRule] = (),
) -> Iterator[Move]:
    """Who would move on each card, as if the planned rules had been in force in the period.

    Args:
        world: What is recorded; nothing is kept in it.
        cards: The planned scorecards, and those in force that planned definitions touch.
        book: The definitions that would count.
        organisation: The settings that would count.
        period: The period, for cards of its length; None: the last one of each card that was sealed. A card without
            one is left out.
        targets: Planned targets.
    """
    sealed = counting(world.ledger.seals(), world.rules)
    for card in cards:
        own = [seal for seal in sealed if seal.document["scorecard"] == card.id]
        wanted = period
        if period is None or world.calendar.period(period).kind != card.period:
            if not own:
                continue
            wanted = str(max(own, key=lambda seal: seal.document["basis"]["bounds"][1]).document["period"])
        assert wanted is not None  # noqa: S101 - it was given, or found
        seal = next((seal for seal in own if seal.document["period"] == wanted), None)
        old = recalled(world, seal.evaluation, seal) if seal else _now(world, card.id, wanted)
        yield _move(world, old, card, book, organisation, wanted, targets)


def touched_cards(world: World, names: Iterable[str], without: Iterable[str]) -> list[Scorecard]:
    """The cards in force, besides some, that use one of these definitions."""
    wanted, known = set(names), set(without)
    latest = {record.name: record for record in world.rules if record.kind == "scorecard"}
    cards = [card_of(record) for name, record in latest.items() if name not in known]
    return [card for card in cards if wanted & set(world.adopted.closure(card_names(card, world.adopted)))]


def _now(world: World, card_id: str, period: str) -> Evaluation | None:
    try:
        return evaluate(world, card_id, period)
    except NotFound:
        return None


def _move(
    world: World,
    old: Evaluation | None,
    card: Scorecard,
    book: Definitions,
    organisation: Organisation,
    period: str,
    targets: Sequence[TargetRule],
) -> Move:
    known = world.definitions if old is None else old.world.definitions
    settings = world.organisation if old is None else old.world.organisation
    rules: list[Rule] = [card, *targets] if organisation == settings else [card, organisation, *targets]
    names = book.closure(card_names(card, book))
    rules += [book.get(name) for name in names if name not in known or known.digest(name) != book.digest(name)]
    if old is None:
        new = evaluate(world.derive(overrides=rules), card.id, period)
        return Move(card.id, period, None, *_subjects({}, new.totals))
    return Move(card.id, period, old.id, *_subjects(old.totals, scored_under(old, card, rules).totals))


_Totals = dict[str | None, Decimal | None]


def _subjects(before: _Totals, after: _Totals) -> tuple[tuple[SubjectMove, ...], int]:
    everyone: Sequence[str | None] = [*before, *(name for name in after if name not in before)]
    found = [SubjectMove(name, before.get(name), after.get(name)) for name in everyone]
    moved = [one for one in found if one.before != one.after]
    return tuple(sorted(moved, key=lambda one: (-one.difference, one.subject or ""))), len(found) - len(moved)
