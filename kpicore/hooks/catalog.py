"""The catalog: all that plugins and the vocabulary define, who provides what, checked when it is used."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from kpicore.definitions.book import Definitions, name_of
from kpicore.errors import InvalidDefinition, NotFound
from kpicore.hooks.host import PluginHost
from kpicore.hooks.plugins import PluginInfo
from kpicore.naming import did_you_mean

if TYPE_CHECKING:
    from kpicore.definitions.indicators import Indicator
    from kpicore.hooks.specs import Component


class Catalog:
    """What the vocabulary and the loaded plugins of one host define.

    Building it reads the plugins and checks nothing: a definition is checked, with all that it refers to, when it is
    asked for by name.

    Args:
        host: The plugins.
    """

    def __init__(self, host: PluginHost) -> None:
        self.host = host
        self._checked: set[str] = set()
        self._lock = threading.Lock()

    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """Every plugin that was found, sorted by name, with its provenance and what is wrong with it."""
        return self.host.plugins

    @cached_property
    def definitions(self) -> Definitions:
        """All definitions, unchecked; `check` and `indicator` check those that are used."""
        from kpicore import vocabulary

        provided = (definition for plugin in self.plugins for definition in plugin.definitions)
        return Definitions.of([*vocabulary.definitions(), *provided])

    @cached_property
    def _providers(self) -> dict[str, PluginInfo]:
        return {name_of(definition): plugin for plugin in self.plugins for definition in plugin.definitions}

    def provider(self, name: str) -> PluginInfo | None:
        """The plugin that provides a definition; None for the vocabulary and for what is not there."""
        return self._providers.get(name)

    def names(self) -> set[str]:
        """Names of all definitions."""
        return set(self.definitions)

    def indicator(self, name: str) -> Indicator:
        """An indicator by its id, checked.

        Raises:
            NotFound: There is no such indicator; the message says which plugin would provide it.
            InvalidDefinition: It does not hold together.
        """
        if name not in self.definitions.indicators:
            raise self.missing(name, "indicator")
        self.check(name)
        return self.definitions.indicators[name]

    def component(self, kind: Literal["source", "engine"], name: str) -> Component:
        """A component by its name.

        Raises:
            NotFound: No loaded plugin provides it.
        """
        known = {part.name: part for plugin in self.plugins for part in plugin.components if part.kind == kind}
        if name in known:
            return known[name]
        raise NotFound(f"there is no {kind} {name}", where=name, hint=did_you_mean(name, known) or "install its plugin")

    def missing(self, name: str, what: str = "definition") -> NotFound:
        """The error for a name that is not there: it says who would provide it, and what is wrong with them."""
        prefix, dot, _ = str(name).partition(".")
        found = [plugin for plugin in self.plugins if plugin.name == prefix] if dot else []
        kind = self.definitions.indicators if what == "indicator" else self.names()
        near = did_you_mean(name, (known for known in kind if not dot or "." in known))
        for plugin in found:
            if plugin.status == "broken":
                return NotFound(
                    f"{name} comes from plugin {prefix}, which is broken: {plugin.error}",
                    code="broken_plugin",
                    hint=f"mend or uninstall {plugin.distribution or plugin.file}",
                )
        if found and all(plugin.status == "blocked" for plugin in found):
            return NotFound(
                f"{name} comes from plugin {prefix}, which is blocked",
                code="blocked_plugin",
                hint=f"allow {found[0].distribution or prefix}",
            )
        if found:
            return NotFound(f"plugin {prefix} defines no {what} {name}", hint=near or f"kpicore plugins show {prefix}")
        if dot:
            return NotFound(
                f"there is no {what} {name}, and no plugin {prefix} is installed",
                hint=near or f"install the plugin {prefix}",
            )
        return NotFound(f"there is no {what} {name}", hint=near or "kpicore plugins show lists them all")

    def check(self, name: str) -> None:
        """Check one definition and all that it refers to, once.

        Raises:
            NotFound: There is no such definition.
            InvalidDefinition: It does not hold together, or refers to what is not there.
        """
        from kpicore.definitions.checks import check

        if name not in self.definitions:
            raise self.missing(name)
        with self._lock:
            if name in self._checked:
                return
            self._check_references(name)
            try:
                check(self.definitions, only=[name])
            except InvalidDefinition as error:
                raise self._placed(error, name) from error
            self._checked.add(name)

    def _check_references(self, name: str) -> None:
        """Raise where `name`, or something that it refers to, refers to what is not there."""
        seen, waiting = {name}, [name]
        while waiting:
            current = waiting.pop()
            for reference in sorted(self.definitions.known_references(current)):
                if reference not in self.definitions:
                    missing = self.missing(reference)
                    raise self._placed(
                        InvalidDefinition(
                            f"refers to {reference}: {missing.message}",
                            code=missing.code if missing.code != "not_found" else "missing_reference",
                            where=current,
                            hint=missing.hint,
                        ),
                        current,
                    )
                if reference not in seen:
                    seen.add(reference)
                    waiting.append(reference)

    def _placed(self, error: InvalidDefinition, name: str) -> InvalidDefinition:
        """The same error, with the plugin and its file."""
        provider = self.provider((error.where or name).split(":")[0].split(" ")[0]) or self.provider(name)
        where = error.where or name
        if provider:
            where = f"{where} in {provider.describe()}"
        return InvalidDefinition(error.message, code=error.code, where=where, hint=error.hint)
