"""The audit of a ledger: stored bytes against their digests and, if asked, every seal and payout computed again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import evolve

from kpicore.definitions.book import Definitions
from kpicore.engines.duckdb import DuckDBEngine
from kpicore.errors import KpicoreError
from kpicore.evaluation.history.replay import replay
from kpicore.evaluation.world import World
from kpicore.governance.awards.payouts import replayed
from kpicore.ledger.findings import Verification
from kpicore.ledger.store import Ledger
from kpicore.ledger.verify import Progress, verify


def audit(
    path: Path,
    *,
    replays: bool = False,
    memory_limit: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Check a ledger's file.

    Args:
        path: The file.
        replays: Compute every sealed evaluation and every payout again, from the ledger alone and without any cache.
            Nothing is computed from a ledger that is not intact.
        memory_limit, threads: Of the engine that computes.
        progress: See `kpicore.ledger.verify`; told of seals by their evaluation's name.

    Raises:
        NotFound, InvalidInput, LedgerUnavailable: There is no ledger there, or it cannot be read.
    """
    found = verify(path, progress)
    if not replays or not found.intact:
        return found
    engine = DuckDBEngine(memory_limit, threads)
    try:
        with Ledger.open(path, create=False, cache=False) as ledger:
            world = World(ledger, ledger.cut(), Definitions.of(()), engine)
            documents = tuple(_replays(world, progress))
            payouts = tuple(_payouts(world))
    finally:
        engine.close()
    unknown = sum(document["identical"] is None for document in (*documents, *payouts))
    return evolve(found, replays=documents, payouts=payouts, unknown=found.unknown + unknown)


def _replays(world: World, progress: Progress | None) -> Iterator[dict[str, Any]]:
    """A replay document for each seal; `identical` is null, and `error` says why, where it cannot be computed."""
    seals = world.ledger.seals()
    for done, seal in enumerate(seals, 1):
        try:
            document = {**replay(world, seal.evaluation).to_document(), "error": None}
        except KpicoreError as error:
            document = {
                "evaluation": seal.evaluation,
                "identical": None,
                "digest": seal.document["digest"],
                "replayed_digest": None,
                "differences": [],
                "error": error.to_dict(),
            }
        if progress is not None:
            progress(seal.evaluation, done, len(seals), done, len(seals))
        yield document


def _payouts(world: World) -> Iterator[dict[str, Any]]:
    """A replay document for each payout."""
    for record in world.ledger.entries("payout"):
        try:
            document = {**replayed(world, record).to_document(), "error": None}
        except KpicoreError as error:
            document = {
                "payout": record.name,
                "identical": None,
                "digest": record.document["digest"],
                "replayed_digest": None,
                "differences": [],
                "error": error.to_dict(),
            }
        yield document
