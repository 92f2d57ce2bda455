"""The parts that every method of `Kpi` works with: the ledger, the plugins, the engine, and what was read of them."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Protocol, Self

from kpicore.errors import InvalidInput, NotFound
from kpicore.hooks.host import PluginHost
from kpicore.naming import did_you_mean

if TYPE_CHECKING:
    from datetime import datetime

    from kpicore.definitions.book import Definitions
    from kpicore.definitions.facts import FactType
    from kpicore.evaluation.world import World
    from kpicore.ledger.records import Cut
    from kpicore.settings import Settings

#: How many cuts keep what was read and resolved for them.
WORLDS_KEPT = 4


class Identified(Protocol):
    """What goes by an evaluation's id: an evaluation, one that was restated or rescored, a seal."""

    @property
    def id(self) -> str:
        """The id."""
        ...


def id_of(evaluation: str | Identified) -> str:
    """The id of an evaluation, or of what goes by it.

    Raises:
        InvalidInput: It is neither.
    """
    found = evaluation if isinstance(evaluation, str) else getattr(evaluation, "id", None)
    if not isinstance(found, str):
        raise InvalidInput(
            f"{type(evaluation).__name__} is not an evaluation",
            code="bad_evaluation_id",
            where="evaluation",
            hint="give what evaluate or seal gave, or its id: sales_rep.2026-Q1.f12.r3",
        )
    return found


def plugin_host(settings: Settings) -> PluginHost:
    """The plugins that the settings let load; nothing is imported before it is asked for."""
    return PluginHost(settings.allow, settings.block, settings.folder, modules=settings.modules)


class House:
    """An open ledger with its plugins and its engine.

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
        self.ledger = Ledger.open(settings.location, create=create, cache=settings.cache)
        self._process, self._lock = os.getpid(), threading.Lock()
        self._worlds: dict[Cut, World] = {}

    def __enter__(self) -> Self:
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
        """Facts and rules as known then; what was read stays for the next call.

        Args:
            as_of: A position or a time; None: now.
        """
        from kpicore.evaluation.measuring.kept import Kept
        from kpicore.evaluation.world import World
        from kpicore.ledger.records import Cut

        if self._process != os.getpid():  # a lock that some thread held when the process forked stays locked
            self._process, self._lock, self._worlds = os.getpid(), threading.Lock(), {}
        cut = as_of if isinstance(as_of, Cut) else self.ledger.cut(as_of)
        with self._lock:
            world = self._worlds.pop(cut, None)
            if world is None:
                latest = next(reversed(self._worlds.values()), None)
                if latest is None:
                    latest = World(self.ledger, cut, self.catalog.definitions, self.engine, kept=Kept())
                world = latest.derive(cut=cut)
            self._worlds[cut] = world
            while len(self._worlds) > WORLDS_KEPT:
                del self._worlds[next(iter(self._worlds))]
        return world

    def fact_type(self, name: str) -> FactType:
        """A fact type.

        Args:
            name: Its name, such as `deal_won`.

        Raises:
            NotFound: There is none of that name; it names what is close.
        """
        book = self.definitions
        if name not in book.fact_types:
            raise NotFound(
                f"there is no fact type {name}",
                where=name,
                hint=did_you_mean(name, book.fact_types) or "kpicore plugins show lists them",
            )
        return book.fact_types[name]
