"""Seal and replay: an evaluation is recorded for good, and computed again from the ledger alone."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from attrs import frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.codec import kind_of, to_document
from kpicore.errors import Conflict, NotFound, Refused
from kpicore.evaluation.documents import differences
from kpicore.evaluation.evaluate import Evaluation, evaluate, of_parts
from kpicore.evaluation.history.drafts import draft_document, keep_rules, kept_rules, rules_of
from kpicore.evaluation.history.ids import parse_evaluation_id
from kpicore.evaluation.history.pinned import offsets_document, offsets_of, zone_version
from kpicore.evaluation.scoring.cells import measured_again
from kpicore.evaluation.scoring.effects import condition_cells
from kpicore.evaluation.scoring.outcome import outcome
from kpicore.evaluation.scoring.scored import card_names, line_rules, score_cells
from kpicore.evaluation.sealing.form import BASIS, evaluate_document, sealed_cells
from kpicore.evaluation.split.last import last_values
from kpicore.evaluation.split.parts import sealed_parts
from kpicore.evaluation.world import World
from kpicore.ledger.records import NewEntry, SealRecord

__all__ = ["Replay", "SealBlocked", "Sealed", "again", "recalled", "replay", "seal", "seal_of", "world_of"]


class SealBlocked(Refused):
    """The scorecard's policy does not allow sealing while a line is empty; the command line's answer is no."""

    default_code = "sealing_blocked"
    exit_code = 1


@frozen
class Sealed:
    """That an evaluation is recorded for good.

    Args:
        evaluation: Its id.
        digest: The digest of its result.
        position: Where it stands in the ledger's order.
        by: Who sealed it.
        recorded_at: When, in µs UTC.
    """

    evaluation: str
    digest: str
    position: int
    by: str
    recorded_at: int

    @property
    def id(self) -> str:
        """The evaluation's id."""
        return self.evaluation

    def to_document(self) -> dict[str, Any]:
        """The seal document."""
        return {"evaluation": self.evaluation, "digest": self.digest, "position": self.position, "by": self.by}


@frozen
class Replay:
    """What came out when an evaluation was computed again.

    Args:
        evaluation: Its id.
        identical: Whether every digit is the same.
        digest: The sealed digest; of an evaluation that was never sealed, the one computed now.
        replayed_digest: The digest computed now.
        differences: Path, sealed and replayed value of everything that differs.
    """

    evaluation: str
    identical: bool
    digest: str
    replayed_digest: str
    differences: tuple[dict[str, Any], ...]

    def to_document(self) -> dict[str, Any]:
        """The replay document."""
        return {
            "evaluation": self.evaluation,
            "identical": self.identical,
            "digest": self.digest,
            "replayed_digest": self.replayed_digest,
            "differences": list(self.differences),
        }


def seal(world: World, evaluation: Evaluation | str, by: str, entries: Sequence[NewEntry] = ()) -> Sealed:
    """Record an evaluation for good. The same once more is the same seal.

    Args:
        world: Any world over the ledger.
        evaluation: An evaluation, or the id of one, which is then computed from its own cuts.
        by: Who seals it.
        entries: Steps that are recorded with it.

    Raises:
        SealBlocked: A line is empty whose policy is `block`; `details` names subject, indicator and state.
        Conflict: It is sealed with another result.
        InvalidInput, NotFound: The id is none, or names cuts or rules that are not here.
    """
    if isinstance(evaluation, str):
        known = seal_of(world, evaluation)
        found = again(world, evaluation, known)
    else:
        found, known = evaluation, seal_of(world, evaluation.id)
    if known is not None:
        if known.document["digest"] != found.digest:
            raise Conflict(
                "this evaluation is sealed with another result",
                code="seal_conflict",
                where=found.id,
                hint="kpicore replay shows what differs",
            )
        return _sealed(known)
    blocked = found.blocked()
    if blocked:
        named = "; ".join(
            f"{subject or 'company'}: {indicator} is {state}" for subject, indicator, state in blocked[:5]
        )
        more = f" and {len(blocked) - 5} more" if len(blocked) > 5 else ""
        raise SealBlocked(
            f"the scorecard does not allow sealing while these are empty: {named}{more}",
            where=found.id,
            hint="wait for the data, or change the policy in [empty]",
            details={"blocked": [list(cell) for cell in blocked]},
        )
    keep_rules(found.world.ledger, found.world.overrides)
    return _sealed(world.ledger.seal(found.id, sealed_document(found), by, entries=entries))


def sealed_document(evaluation: Evaluation) -> dict[str, Any]:
    """What is sealed (see `sealing.form`): the evaluation in columns, and beside it what it stands on.

    `basis` holds the scorecard (and all its versions where it changes inside the period), the organisation's settings, hypothetical rules, digests of every definition used, the
    offsets of the local clock with the zone's name and the version of its tables, and what computed it.
    """
    return {**evaluation.head, **evaluation.columns, BASIS: _basis(evaluation)}


def _basis(evaluation: Evaluation) -> dict[str, Any]:
    world = evaluation.world
    book = world.definitions
    cards = evaluation.cards
    names = {name for card in cards for name in card_names(card, book)}
    return {
        "card": to_document(evaluation.card),
        **({"cards": [to_document(card) for card in cards]} if len(cards) > 1 else {}),
        "organisation": to_document(world.organisation),
        "draft": draft_document(world.overrides),
        "definitions": {
            name: {"kind": kind_of(book.get(name)), "digest": book.digest(name), "meaning": book.meaning(name)}
            for name in book.closure(sorted(names))
        },
        "bounds": [evaluation.bounds.start_us, evaluation.bounds.end_us],
        "timezone": world.organisation.timezone,
        "tzdata": zone_version(),
        "offsets": offsets_document(world.calendar.offsets()),
        "made_with": {
            "kpicore": version("kpicore"),
            "python": platform.python_version(),
            "engine": world.engine.describe(),
        },
    }


def seal_of(world: World, evaluation: str) -> SealRecord | None:
    """The seal of an evaluation; None where it was never sealed."""
    return world.ledger.find_seal(evaluation)


def world_of(world: World, evaluation: str, record: SealRecord | None) -> World:
    """The world that an id names: its cuts and rules, and nothing of what is installed now.

    Args:
        world: Any world over the ledger.
        evaluation: Id of an evaluation.
        record: Its seal, None where it was never sealed.

    Raises:
        InvalidInput, NotFound: The id is none, or names cuts or rules that are not here.
    """
    parts = parse_evaluation_id(evaluation)
    basis = {} if record is None else record.document[BASIS]
    rules = rules_of(basis["draft"]) if basis else kept_rules(world.ledger, parts.draft)
    return world.derive(
        cut=world.ledger.at(parts.facts, parts.rules, parts.as_of),
        installed=Definitions.of(()),
        overrides=rules,
        pinned=offsets_of(basis.get("offsets", ())),
        # What is computed again is computed from facts.
        kept=None,
    )


def again(world: World, evaluation: str, record: SealRecord | None) -> Evaluation:
    """Compute the evaluation that an id names, from the ledger alone.

    Raises:
        InvalidInput, NotFound: As `world_of`.
    """
    parts = parse_evaluation_id(evaluation)
    found = evaluate(world_of(world, evaluation, record), parts.card, parts.period)
    if found.id != evaluation:
        raise NotFound(
            f"no evaluation {evaluation}",
            code="unknown_evaluation",
            where=evaluation,
            hint=f"these cuts are written {found.id}",
        )
    return found


def recalled(world: World, evaluation: str, record: SealRecord | None = None) -> Evaluation:
    """The evaluation that an id names: from its stored measurements where it is sealed, else computed again.

    Args:
        world: Any world over the ledger.
        evaluation: Its id.
        record: Its seal where the caller has it; None: it is looked for.

    Raises:
        InvalidInput, NotFound: As `world_of`.
    """
    record = record or seal_of(world, evaluation)
    if record is None:
        return again(world, evaluation, None)
    document = record.document
    own = world_of(world, evaluation, record)
    period = own.calendar.period(document["period"])
    bounds = own.calendar.bounds(period)
    versions = own.versions_in(document["scorecard"], bounds)
    in_force = versions[-1]
    if "segments" in document:
        parts = sealed_parts(own, versions, period, document)
        return of_parts(own, in_force, period, parts, condition_cells(document))
    rules = line_rules(in_force.card, own.definitions)
    cells = [measured_again(cells) for cells in sealed_cells(document)]
    card, subjects = in_force.card, tuple(document["subjects"])
    recorded = own.recorded_targets(card.level, bounds.start_us)
    last = last_values(own, card, subjects, bounds.period_id)
    scored = score_cells(card, rules, subjects, cells, bounds.period_id, recorded, last)
    found = outcome(card, subjects, scored.totals, condition_cells(document), bounds.period_id)
    return Evaluation(own, in_force, bounds, scored, found, sealed=True)


def replay(world: World, evaluation: str) -> Replay:
    """Compute an evaluation again from the ledger alone, at its own cuts, and compare with what was sealed.

    Args:
        world: Any world over the ledger; nothing that is installed now is used.
        evaluation: Its id. One that was never sealed is computed; there is nothing that it could differ from.

    Raises:
        InvalidInput, NotFound: As `world_of`.
    """
    record = seal_of(world, evaluation)
    found = again(world, evaluation, record)
    if record is None:
        return Replay(evaluation, True, found.digest, found.digest, ())
    digest = str(record.document["digest"])
    differing = _compared(record.document, found)
    return Replay(evaluation, not differing and digest == found.digest, digest, found.digest, tuple(differing))


def _compared(sealed: dict[str, Any], found: Evaluation) -> list[dict[str, Any]]:
    """Differences in the result, in the scorecard and in the definitions."""
    # Documents are long: they are only written out where columns differ.
    same = all(sealed.get(part) == now for part, now in {**found.head, **found.columns}.items())
    differing = [] if same else differences(evaluate_document(sealed), found.to_document())
    for part, replayed in _basis(found).items():
        if part in ("card", "cards", "organisation", "definitions", "bounds"):
            differing += differences(sealed[BASIS].get(part), replayed, f"{BASIS}.{part}")
    return differing


def _sealed(record: SealRecord) -> Sealed:
    return Sealed(record.evaluation, record.document["digest"], record.position, record.by, record.recorded_at)
