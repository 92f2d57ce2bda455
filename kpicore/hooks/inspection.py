"""What a plugin's module declares: its hooks, marks that were forgotten, what it returns and what it may define."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from kpicore.definitions.book import name_of
from kpicore.hooks import specs
from kpicore.hooks.plugins import PluginFault, PluginInfo
from kpicore.naming import check_name, did_you_mean

HOOKS = ("provide_definitions", "provide_components", "register_commands")
_MARK = f"{specs.PROJECT}_impl"


def kinds_text(kinds: tuple[type, ...]) -> str:
    """Names of classes, for messages."""
    return ", ".join(kind.__name__ for kind in kinds)


def items_of(hook: str, returned: Any, kinds: tuple[type, ...]) -> list[Any]:
    """What a hook returned as a list, or a fault that says what is in the wrong place."""
    if isinstance(returned, str | bytes | Mapping) or not isinstance(returned, Iterable):
        raise PluginFault(f"{hook} returned {type(returned).__name__}", f"return a list of {kinds_text(kinds)}")
    items = list(returned)
    for place, item in enumerate(items):
        if not isinstance(item, kinds):
            raise PluginFault(
                f"{hook} returned {type(item).__name__} {_short(item)} as its item {place}",
                f"return a list of {kinds_text(kinds)}",
            )
    return items


def _short(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= 40 else f"{said[:37]}…"


def _functions(module: Any) -> Iterable[tuple[str, Any]]:
    return ((name, value) for name, value in inspect.getmembers(module, inspect.isroutine))


def hooks_of(module: Any) -> tuple[str, ...]:
    """Names of the hooks that a module implements; a marked function that is none of them is a fault."""
    found = set()
    for name, function in _functions(module):
        options = getattr(function, _MARK, None)
        if not isinstance(options, Mapping):
            continue
        hook = options.get("specname") or name
        if hook in HOOKS:
            found.add(hook)
        elif not options.get("optionalhook"):
            near = did_you_mean(hook, HOOKS)
            raise PluginFault(f"there is no hook {hook}", near or f"there are {', '.join(HOOKS)}", _line(function))
    return tuple(sorted(found))


def forgotten(module: Any) -> Iterable[str]:
    """Warnings for functions that look like hooks and are not marked."""
    for name, function in _functions(module):
        if hasattr(function, _MARK) or getattr(function, "__module__", None) != getattr(module, "__name__", None):
            continue
        if name in HOOKS:
            yield f"{name} at {_line(function)} is not called: mark it with @hookimpl"
        elif near := difflib.get_close_matches(name, HOOKS, n=1, cutoff=0.8):
            yield f"{name} at {_line(function)} is no hook: did you mean {near[0]}?"


def _line(function: Any) -> str | None:
    code = getattr(inspect.unwrap(function), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code else None


def file_of(module: Any) -> str | None:
    """File of a module, or of the class of an object that serves as one."""
    file = getattr(module, "__file__", None) or getattr(inspect.getmodule(type(module)), "__file__", None)
    return str(file) if file else None


def requires_of(module: Any) -> tuple[str, ...]:
    """The module's `requires`, as texts."""
    requires = getattr(module, "requires", ())
    if isinstance(requires, str) or not isinstance(requires, Iterable):
        raise PluginFault(f"requires is {type(requires).__name__}", 'write it as a list: requires = ["sales>=1.2"]')
    return tuple(map(str, requires))


def check_names(plugin: PluginInfo) -> None:
    """A plugin defines each name once, and only names that begin with its own."""
    seen = set()
    for name in (*map(name_of, plugin.definitions), *(component.name for component in plugin.components)):
        if name.partition(".")[0] != plugin.name or "." not in name:
            raise PluginFault(
                f"{plugin.describe()} defines {name}", f"it may define only {plugin.name}.*: write {_own(plugin, name)}"
            )
        check_name(name, f"a definition of plugin {plugin.name}", plugin=True)
        if name in seen:
            raise PluginFault(f"{plugin.describe()} defines {name} twice", "keep one of them")
        seen.add(name)


def _own(plugin: PluginInfo, name: str) -> str:
    return f"{plugin.name}.{name.rpartition('.')[2]}"
