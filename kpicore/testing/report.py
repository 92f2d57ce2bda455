"""What `plugins check` finds: rules of the host, definitions that do not hold together, examples that do not come out."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from attrs import frozen

from kpicore.definitions.book import name_of
from kpicore.errors import KpicoreError
from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost
from kpicore.hooks.plugins import PluginInfo
from kpicore.testing.examples import ExampleResult, run_examples


@frozen
class PluginReport:
    """What was found about one plugin.

    Args:
        plugin: The plugin.
        problems: What must be mended: the plugin's own error, and definitions that do not hold together.
        warnings: What looks wrong and changes nothing.
        examples: The results of its examples.
    """

    plugin: PluginInfo
    problems: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    examples: tuple[ExampleResult, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether there is no problem and every example came out."""
        return not self.problems and all(result.passed for result in self.examples)

    def to_dict(self) -> dict[str, Any]:
        """The report as a JSON document."""
        return {
            "plugin": self.plugin.name,
            "status": self.plugin.status,
            "passed": self.passed,
            "definitions": [name_of(definition) for definition in self.plugin.definitions],
            "problems": list(self.problems),
            "warnings": list(self.warnings),
            "examples": [result.to_dict() for result in self.examples],
        }


@frozen
class CheckReport:
    """What was found about all plugins that were checked."""

    plugins: tuple[PluginReport, ...]

    @property
    def passed(self) -> bool:
        """Whether every plugin passed."""
        return all(report.passed for report in self.plugins)

    def to_dict(self) -> dict[str, Any]:
        """The report as a JSON document."""
        return {"passed": self.passed, "plugins": [report.to_dict() for report in self.plugins]}


def check_plugins(
    target: str | None = None,
    *,
    allow: Collection[str] | None = None,
    block: Collection[str] = (),
    local: str | os.PathLike[str] | None = None,
) -> CheckReport:
    """Check the rules, the definitions and the examples of plugins.

    Args:
        target: Name of a plugin, or the path of one that is being written (a Python file, or a folder with a
            pyproject.toml); None: all that are not blocked.
        allow, block, local: See PluginHost.

    Raises:
        NotFound: There is no such plugin or path.
        InvalidInput: Nothing at that path declares a plugin.
    """
    path = Path(target) if target is not None and _is_path(target) else None
    host = PluginHost(allow, block, local, strict=False, path=path)
    if path is not None:
        names = host.written
        chosen = [plugin for plugin in host.plugins if plugin.name in names]
    elif target is not None:
        chosen = [host.plugin(target)]
    else:
        chosen = [plugin for plugin in host.plugins if plugin.status != "blocked"]
    catalog = Catalog(host)
    return CheckReport(tuple(_check(catalog, plugin) for plugin in chosen))


def _is_path(target: str) -> bool:
    return os.sep in target or target.startswith(".") or target.endswith(".py") or Path(target).is_dir()


def _check(catalog: Catalog, plugin: PluginInfo) -> PluginReport:
    if plugin.status != "loaded":
        said = plugin.error.to_dict() if plugin.error else {"kind": "plugin", "message": "it is blocked"}
        return PluginReport(plugin, (said,), tuple(plugin.warnings))
    problems: list[dict[str, Any]] = []
    sound = []
    warnings = list(plugin.warnings)
    indicators = catalog.definitions.indicators
    for name in map(name_of, plugin.definitions):
        try:
            catalog.check(name)
        except KpicoreError as error:
            problems.append(error.to_dict())
            continue
        if name in indicators:
            sound.append(indicators[name])
            if not indicators[name].examples:
                warnings.append(f"{name} has no examples")
    return PluginReport(plugin, tuple(problems), tuple(warnings), tuple(run_examples(sound, catalog.definitions)))
