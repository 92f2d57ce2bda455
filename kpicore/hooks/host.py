"""The plugin host: finds plugins, applies allow and block, loads each in isolation, and asks their hooks."""

from __future__ import annotations

import os
import threading
import types
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pluggy

from kpicore.errors import NotFound, Refused
from kpicore.hooks import discovery, inspection, specs
from kpicore.hooks.discovery import LOCAL, Candidate, normalised
from kpicore.hooks.inspection import HOOKS
from kpicore.hooks.plugins import PluginError, PluginFault, PluginInfo
from kpicore.hooks.requires import check_requires
from kpicore.naming import check_name, did_you_mean

if TYPE_CHECKING:
    import click

#: What a plugin's code may raise while it loads; a user's interrupt is not among them.
_FAILURES = (Exception, SystemExit)


class PluginHost:
    """The plugins of one Kpi. There is no global host, and nothing is imported before it is needed.

    Args:
        allow: Names of plugins or distributions that may load; None: all that are installed.
        block: Names of plugins or distributions that must not load. Both apply before anything is imported.
        local: A `kpifile.py`, or the folder beside the ledger that may hold one.
        strict: Any broken plugin is an error; None: as the environment variable KPICORE_STRICT says (`1`).
        path: A plugin that is being written: a Python file, or a folder with a pyproject.toml. It takes the place
            of an installed plugin of the same name, and loads whatever `allow` says.
        modules: Plugin modules that the caller imported; the same holds for them.
    """

    def __init__(
        self,
        allow: Collection[str] | None = None,
        block: Collection[str] = (),
        local: str | os.PathLike[str] | None = None,
        strict: bool | None = None,
        path: str | os.PathLike[str] | None = None,
        modules: Collection[types.ModuleType] = (),
    ) -> None:
        self.allow = None if allow is None else frozenset(map(normalised, allow))
        self.block = frozenset(map(normalised, block))
        self.local = None if local is None else Path(local)
        self.path = None if path is None else Path(path)
        self.modules = tuple(modules)
        self.strict = os.environ.get("KPICORE_STRICT") == "1" if strict is None else strict
        self._manager = pluggy.PluginManager(specs.PROJECT)
        self._manager.add_hookspecs(specs)
        self._modules: dict[str, Any] = {}
        self._plugins: tuple[PluginInfo, ...] | None = None
        self._lock = threading.RLock()

    @property
    def written(self) -> frozenset[str]:
        """Names of the plugins at `path`."""
        return frozenset(candidate.name for candidate in discovery.in_path(self.path)) if self.path else frozenset()

    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """Every plugin that was found, sorted by name: loaded, broken or blocked.

        Raises:
            Refused: In strict mode, when one is broken (code `broken_plugin`).
        """
        with self._lock:
            if self._plugins is None:
                self._plugins = self._load()
            self._refuse_broken()
            return self._plugins

    def plugin(self, name: str) -> PluginInfo:
        """The plugin of that name.

        Raises:
            NotFound: There is none.
        """
        known = _by_name(self.plugins)
        if name in known:
            return known[name]
        near = did_you_mean(name, known)
        raise NotFound(f"there is no plugin {name}", where=name, hint=near or "kpicore plugins list shows them all")

    def register_commands(self, cli: click.Group) -> None:
        """Let every loaded plugin add its commands; one that raises or replaces a command adds none and is broken."""
        for plugin in self.plugins:
            if plugin.status != "loaded" or "register_commands" not in plugin.hooks:
                continue
            before = dict(cli.commands)
            try:
                self._caller("register_commands", plugin)(cli=cli)
                replaced = [name for name, command in before.items() if cli.commands.get(name) is not command]
                if replaced:
                    raise PluginFault(f"register_commands replaces the command {replaced[0]}", "choose another name")
            except _FAILURES as error:
                cli.commands.clear()
                cli.commands.update(before)
                self._fail(plugin, error)
        self._refuse_broken()

    def _load(self) -> tuple[PluginInfo, ...]:
        plugins = [self._blocked_or_new(candidate) for candidate in self._candidates()]
        shared = Counter(plugin.name for plugin in plugins if plugin.status == "loaded")
        for plugin in plugins:
            if plugin.status == "loaded":
                self._guard(plugin, partial(self._load_one, plugin, shared[plugin.name] > 1))
        self._check_requires(plugins)
        return tuple(plugins)

    def _candidates(self) -> list[Candidate]:
        found = discovery.installed()
        local = discovery.local_file(self.local) if self.local else None
        if local:
            found.append(local)
        given = [discovery.handed_over(module) for module in self.modules]
        given += discovery.in_path(self.path) if self.path else []
        names = {candidate.name for candidate in given}
        found = [candidate for candidate in found if candidate.name not in names] + given
        return sorted(found, key=lambda c: (c.name, c.distribution or "", c.target))

    def _blocked_or_new(self, candidate: Candidate) -> PluginInfo:
        names = {normalised(candidate.name), normalised(candidate.distribution or candidate.name)}
        allowed = self.allow is None or candidate.given or bool(names & self.allow)
        return PluginInfo(candidate, "loaded" if allowed and not names & self.block else "blocked", candidate.file)

    def _load_one(self, plugin: PluginInfo, shared: bool) -> None:
        candidate = plugin.candidate
        check_name(candidate.name, "a plugin")
        if candidate.name == LOCAL and candidate.distribution:
            raise PluginFault(f"the name {LOCAL} belongs to {discovery.LOCAL_FILE}", "rename the entry point")
        if shared:
            raise PluginFault(
                f"more than one distribution provides a plugin {candidate.name}",
                f"uninstall or block one of them, e.g. {candidate.distribution}",
            )
        module = candidate.load()
        plugin.file = inspection.file_of(module) or candidate.file
        plugin.requires = inspection.requires_of(module)
        plugin.hooks = inspection.hooks_of(module)
        plugin.warnings.extend(inspection.forgotten(module))
        if not plugin.hooks:
            plugin.warnings.append(f"implements no hook; {', '.join(HOOKS)} are there")
        self._register(plugin, module)
        plugin.definitions = tuple(self._provided(plugin, "provide_definitions", get_args(specs.Definition)))
        plugin.components = tuple(self._provided(plugin, "provide_components", (specs.Component,)))
        inspection.check_names(plugin)

    def _register(self, plugin: PluginInfo, module: Any) -> None:
        try:
            self._manager.register(module, plugin.name)
        except pluggy.PluginValidationError as error:
            self._manager.unregister(name=plugin.name)
            reason = str(error).splitlines()[-1]
            raise PluginFault(reason, "a hook takes the arguments of its specification, or fewer") from error
        self._modules[plugin.name] = module

    def _caller(self, hook: str, plugin: PluginInfo) -> Callable[..., list[Any]]:
        """The hook as this plugin alone implements it."""
        others = [module for name, module in self._modules.items() if name != plugin.name]
        return self._manager.subset_hook_caller(hook, remove_plugins=others)

    def _provided(self, plugin: PluginInfo, hook: str, kinds: tuple[type, ...]) -> list[Any]:
        if hook not in plugin.hooks:
            return []
        results = self._caller(hook, plugin)()
        if not results:
            raise PluginFault(f"{hook} returned nothing", f"return a list of {inspection.kinds_text(kinds)}")
        return [item for returned in results for item in inspection.items_of(hook, returned, kinds)]

    def _guard(self, plugin: PluginInfo, step: Callable[[], None]) -> None:
        try:
            step()
        except _FAILURES as error:
            self._fail(plugin, error)

    def _fail(self, plugin: PluginInfo, error: BaseException) -> None:
        if isinstance(error, PluginFault):
            plugin.fail(error.error)
        else:
            plugin.fail(PluginError.of(error, plugin.candidate.module, plugin.file))

    def _check_requires(self, plugins: list[PluginInfo]) -> None:
        """Who requires a plugin that turns out to be broken is broken too, down any chain of them."""
        for _ in plugins:
            for plugin in plugins:
                if plugin.status == "loaded":
                    self._guard(plugin, partial(check_requires, plugin, _by_name(plugins)))

    def _refuse_broken(self) -> None:
        broken = [plugin for plugin in self._plugins or () if plugin.status == "broken"]
        if self.strict and broken:
            raise Refused(
                "; ".join(f"{plugin.describe()} is broken: {plugin.error}" for plugin in broken),
                code="broken_plugin",
                where=", ".join(plugin.name for plugin in broken),
                hint="mend, uninstall or block it, or unset KPICORE_STRICT",
            )


def _by_name(plugins: Iterable[PluginInfo]) -> dict[str, PluginInfo]:
    """Plugins by name; of several with one name the one that may load."""
    return {plugin.name: plugin for plugin in sorted(plugins, key=lambda plugin: plugin.status != "blocked")}
