"""`Kpi`: one ledger with its plugins and its engine. It wires the parts together and computes nothing."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpicore.errors import NotFound
from kpicore.hooks.host import PluginHost
from kpicore.naming import did_you_mean
from kpicore.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    import pyarrow as pa

    from kpicore.definitions.book import Definitions
    from kpicore.definitions.facts import FactType
    from kpicore.definitions.indicators import Level
    from kpicore.definitions.scorecards import Scorecard
    from kpicore.evaluation.causes import Comparison
    from kpicore.evaluation.evaluate import Evaluation
    from kpicore.evaluation.explain import Explanation
    from kpicore.evaluation.measured import Measured
    from kpicore.evaluation.replay import Replay, Sealed
    from kpicore.evaluation.rescore import Revised
    from kpicore.evaluation.series import RevisedSeries
    from kpicore.evaluation.versions import Versions
    from kpicore.evaluation.world import World
    from kpicore.governance.apply import Applied
    from kpicore.governance.changes import Change
    from kpicore.ledger.buffer import Buffer
    from kpicore.ledger.findings import Verification
    from kpicore.ledger.records import Cut, Receipt
    from kpicore.sources.files import Progress
    from kpicore.sources.reports import ImportReport

#: How many cuts keep what was read and resolved for them.
WORLDS_KEPT = 4


def plugin_host(settings: Settings) -> PluginHost:
    """The plugins that the settings let load; nothing is imported before it is asked for."""
    return PluginHost(settings.allow, settings.block, settings.folder, modules=settings.modules)


class Kpi:
    """A ledger, the plugins beside it, and an engine.

    Thread-safe; to be used as a context manager; opened anew after a fork. Made by `kpicore.open`.

    Args:
        settings: See `kpicore.settings`.
        create: Make the ledger where there is none.
    """

    def __init__(self, settings: Settings, *, create: bool = True) -> None:
        from kpicore.engines.duckdb import DuckDBEngine
        from kpicore.hooks.catalog import Catalog
        from kpicore.ledger.store import Ledger

        self.settings = settings
        #: What the vocabulary and the loaded plugins define, and who provides it.
        self.catalog = Catalog(plugin_host(settings))
        #: Runs the measures.
        self.engine = DuckDBEngine(settings.memory_limit, settings.threads)
        #: Where everything is recorded.
        self.ledger = Ledger.open(settings.location, create=create)
        self._process, self._lock = os.getpid(), threading.Lock()
        self._worlds: dict[Cut, World] = {}

    def __enter__(self) -> Kpi:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the ledger and the engine's memory back."""
        self._worlds.clear()
        self.ledger.close()
        self.engine.close()

    @property
    def definitions(self) -> Definitions:
        """The definitions that count now: adopted ones, and installed ones for what was never adopted."""
        return self.world().definitions

    def world(self, as_of: int | str | datetime | Cut | None = None) -> World:
        """Facts and rules as known at a position, at a time, or (None) now; what was read stays for the next call."""
        from kpicore.evaluation.world import World
        from kpicore.ledger.records import Cut

        if self._process != os.getpid():  # a lock that some thread held when the process forked stays locked
            self._process, self._lock, self._worlds = os.getpid(), threading.Lock(), {}
        cut = as_of if isinstance(as_of, Cut) else self.ledger.cut(as_of)
        with self._lock:
            world = self._worlds.pop(cut, None)
            if world is None:
                latest = next(reversed(self._worlds.values()), None)
                world = (latest or World(self.ledger, cut, self.catalog.definitions, self.engine)).derive(cut=cut)
            self._worlds[cut] = world
            while len(self._worlds) > WORLDS_KEPT:
                del self._worlds[next(iter(self._worlds))]
        return world

    def record(
        self,
        fact_type: str,
        rows: Any,
        *,
        source: str,
        batch_key: str,
        complete_until: int | datetime | str | None = None,
        by: str | None = None,
        correlation: str | None = None,
    ) -> Receipt:
        """Record rows of one fact type: all of them, or none.

        Args:
            fact_type: Name of the fact type.
            rows: Anything with `__arrow_c_stream__`, a list of dicts, or attrs objects.
            source: The system that they come from: part of every fact's identity.
            batch_key: Names the batch within its source; the same batch again has no effect.
            complete_until: The source has sent everything of this type before that instant.
            by: Who records it.
            correlation: An identifier of the caller's own.

        Raises:
            NotFound: There is no such fact type.
            InvalidInput: Rows are refused; `rows` of the error lists them.
            Conflict: The batch key is there with other rows.
            LedgerUnavailable: Nothing was recorded; the same call may succeed later.
        """
        from kpicore.ledger.records import Batch
        from kpicore.ledger.rows import check_rows, refuse

        found = self._fact_type(fact_type)
        table, refused = check_rows(found, rows)
        if refused:
            raise refuse(f"{fact_type} of {source}, {batch_key}", refused)
        batch = Batch(found, table, source, batch_key, by=by, correlation=correlation, complete_until=complete_until)
        return self.ledger.record([batch])[0]

    def buffer(self, source: str, *, by: str | None = None) -> Buffer:
        """For facts that come one by one: `buffer.add("lead_created", [row])` gives an acknowledgement.

        Appends are committed together; `.wait()` of an acknowledgement returns when its facts are on disk, `flush` and
        leaving the context commit what is left. A fact that is sent again with the same key is the same fact.

        Args:
            source: The system that they come from: part of every fact's identity.
            by: Who records them.
        """
        return self.ledger.buffer(source, by=by, find=self._fact_type)

    def retract(
        self,
        fact_type: str,
        keys: Sequence[Any],
        *,
        source: str,
        batch_key: str,
        reason: str,
        by: str | None = None,
    ) -> Receipt:
        """Take facts away by their keys; what was known before stays as it was known.

        Args:
            fact_type: Name of the fact type.
            keys: One text a fact; a tuple or a dict of key fields where the key has several.
            source: The source of the facts.
            batch_key: Names this retraction within its source.
            reason: Why.
            by: Who takes them away.

        Raises:
            NotFound, InvalidInput, Conflict: As `record`.
        """
        from kpicore.ledger.records import Batch
        from kpicore.ledger.rows import check_keys, refuse

        found = self._fact_type(fact_type)
        table, refused = check_keys(found, keys)
        if refused:
            raise refuse(f"{fact_type} of {source}, {batch_key}", refused)
        batch = Batch(found, table, source, batch_key, kind="retraction", by=by, reason=reason)
        return self.ledger.record([batch])[0]

    def import_files(
        self,
        files: Sequence[str | os.PathLike[str]] | str | os.PathLike[str],
        map: str | os.PathLike[str],  # noqa: A002 - the contract's name
        *,
        source: str | None = None,
        by: str | None = None,
        keep_good: bool = False,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Record the rows of files, read through an import map. One file is one transaction.

        Args:
            files: One or several.
            map: The import map.
            source: Where the facts come from; None: what the map says, or its name.
            by: Who imports.
            keep_good: Record good rows although others are refused, and write the refused ones beside the file.
            progress: Called now and then with the file's name, rows done, rows in all (None: not known yet), bytes
                done, and bytes in all.

        Raises:
            InvalidInput: Map or file is wrong, or rows are refused: nothing of that file is recorded.
        """
        from kpicore.sources.importer import import_files

        listed = [files] if isinstance(files, str | os.PathLike) else list(files)
        return import_files(
            self.ledger,
            self.definitions.fact_types,
            [Path(file) for file in listed],
            Path(map),
            source=source,
            by=by,
            keep_good=keep_good,
            progress=progress,
        )

    def plan(self, *paths: str | os.PathLike[str], period: str | None = None) -> Change:
        """What applying rule files (or folders) would change, and who would move in a period (default: the last sealed)."""
        from kpicore.governance.plan import plan

        return plan(self.world(), [Path(path) for path in paths], period)

    def apply(self, change: Change, *, by: str, reason: str, effective: str | None = None) -> Applied:
        """Record a planned change, with every definition that it uses.

        Args:
            change: What `plan` returned.
            by: Who decides it.
            reason: Why.
            effective: ISO date from which the scorecards count, in the place of their own; past dates are allowed.

        Raises:
            Conflict: Other rules were recorded since the plan was made.
        """
        from kpicore.governance.apply import apply

        return apply(self.ledger, change, by=by, reason=reason, effective=effective)

    def measure(
        self,
        indicator: str,
        period: str,
        *,
        level: Level = "person",
        by: Sequence[str] | None = None,
        params: Mapping[str, Any] | None = None,
        credit: str | None = None,
        as_of: int | str | datetime | None = None,
    ) -> Measured:
        """Measure one indicator.

        Args:
            period: A period or a series, `2026-01..2026-06`.
            level: `person`, `team` or `company`.
            by: Fields to break down by; None: the indicator's own.
            params: Parameters that differ from the defaults.
            credit: Which column says who is credited; None: the indicator's first.
            as_of: As known at a position or a time; None: now.

        Raises:
            NotFound: There is no such indicator.
            InvalidDefinition: It does not hold together.
            InvalidInput: Period, level, field or parameter is none of this indicator.
        """
        from kpicore.evaluation.measure import Request, measure

        world = self.world(as_of)
        if indicator not in world.adopted.indicators:
            self.catalog.indicator(indicator)
        request = Request(indicator, dict(params or {}), credit, None if by is None else tuple(by))
        return measure(world, [request], world.calendar.series(period), level)[0]

    def evaluate(self, card: str, period: str, *, as_of: int | str | datetime | None = None) -> Evaluation:
        """Score everyone on a scorecard; nothing is recorded.

        Args:
            period: A period of the card's length.
            as_of: As known at a position or a time; None: now.

        Raises:
            NotFound: There is no such scorecard, or it begins later.
            InvalidInput: The period is not of the card's length.
        """
        from kpicore.evaluation.evaluate import evaluate

        return evaluate(self.world(as_of), card, period)

    def seal(self, evaluation: Evaluation | str, *, by: str) -> Sealed:
        """Record an evaluation, or the one that an id names, for good; the same again has no effect."""
        from kpicore.evaluation.replay import seal

        return seal(self.world(), evaluation, by)

    def replay(self, evaluation: str) -> Replay:
        """Compute an evaluation again from the ledger alone, at its own cuts, and compare."""
        from kpicore.evaluation.replay import replay

        return replay(self.world(), evaluation)

    def restate(self, evaluation: str) -> Revised:
        """Evaluate again under the same rules with the facts known now; the evaluation stays as it is."""
        from kpicore.evaluation.rescore import restate

        return restate(self.world(), evaluation)

    def rescore(
        self,
        evaluation: str,
        *,
        period: str | None = None,
        weights: Mapping[str, Decimal | int | str] | None = None,
        scorecard: Scorecard | None = None,
    ) -> Revised | RevisedSeries:
        """Score the same facts under other rules: hypothetical until it is sealed.

        Args:
            evaluation: Id of the evaluation; it stays as it is. With a period: a scorecard's id.
            period: A period or series; each sealed one's version that counts is rescored, others as known now.
            weights: A weight for every line of its card, by indicator.
            scorecard: A whole other scorecard.
        """
        from decimal import Decimal

        from kpicore.evaluation.rescore import rescore
        from kpicore.evaluation.series import rescore_series

        other = None if weights is None else {name: Decimal(weight) for name, weight in weights.items()}
        if period is None:
            return rescore(self.world(), evaluation, other, scorecard)
        return rescore_series(self.world(), evaluation, period, other, scorecard)

    def versions(self, card: str, *, period: str | None = None) -> Versions:
        """What was sealed of a scorecard (in a period or series): every version, which counts, and what was carried on."""
        from kpicore.evaluation.versions import of_period, versions

        found = versions(self.ledger.seals(), self.world().rules, card)
        return found if period is None else of_period(found, [one.id for one in self.world().calendar.series(period)])

    def explain(
        self, evaluation: str, other: str | None = None, *, subject: str | None = None
    ) -> Explanation | Comparison:
        """How an evaluation is built, down to the facts; or what its difference to another one is made of.

        Args:
            evaluation: Its id.
            other: Id of another evaluation of the same period and level.
            subject: Only this one; None: all.
        """
        from kpicore.evaluation.explain import explain

        return explain(self.world(), evaluation, other, subject)

    def verify(self, *, replay: bool = False, progress: Progress | None = None) -> Verification:
        """Check every stored byte of the ledger against its digest; nothing that is cached is trusted.

        Args:
            replay: Compute every sealed evaluation again, too.
            progress: Called now and then with the file's name, rows so far, None, bytes so far and in all.

        Raises:
            LedgerUnavailable: The file cannot be read now.
        """
        from kpicore.evaluation.audit import audit

        memory, threads = self.settings.memory_limit, self.settings.threads
        return audit(self.ledger.path, replays=replay, memory_limit=memory, threads=threads, progress=progress)

    def facts(self, fact_type: str, cut: int | str | datetime | Cut | None = None) -> pa.Table:
        """The facts of one type as known at a position, a time or now: an Arrow table, resolved, with position and row."""
        self._fact_type(fact_type)
        table = self.world(cut).table(fact_type)
        return table.rename_columns([name.removeprefix("kpi_") for name in table.column_names])

    def _fact_type(self, name: str) -> FactType:
        book = self.definitions
        if name not in book.fact_types:
            raise NotFound(
                f"there is no fact type {name}",
                where=name,
                hint=did_you_mean(name, book.fact_types) or "kpicore plugins show lists them",
            )
        return book.fact_types[name]
