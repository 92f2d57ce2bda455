"""What a plugin needs of others: `requires = ["sales>=1.2"]`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence

from kpicore.hooks.plugins import PluginFault, PluginInfo
from kpicore.naming import did_you_mean

_REQUIREMENT = re.compile(r"\s*([a-z][a-z0-9_]*)\s*((?:(?:[<>=!]=|[<>])\s*\d+(?:\.\d+)*\s*(?:,\s*|$))*)")
_CLAUSE = re.compile(r"([<>=!]=|[<>])\s*(\d+(?:\.\d+)*)")
_RELEASE = re.compile(r"v?(\d+(?:\.\d+)*)")

Release = tuple[int, ...]
_OPERATORS: Mapping[str, Callable[[Release, Release], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


def release(version: str) -> Release | None:
    """The numbers of a version without trailing zeros, `1.2.0rc1` as (1, 2); None where there are none."""
    found = _RELEASE.match(version)
    if not found:
        return None
    numbers = [int(number) for number in found[1].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def check_requires(plugin: PluginInfo, known: Mapping[str, PluginInfo]) -> None:
    """Raise PluginFault where something that `plugin` requires is missing, not loaded, or of another version."""
    for requirement in plugin.requires:
        found = _REQUIREMENT.fullmatch(requirement)
        if not found:
            raise PluginFault(
                f"requires {requirement!r}, which cannot be read", 'write it as "sales>=1.2" or "sales>=1.2,<2"'
            )
        _check(plugin, requirement, found[1], _CLAUSE.findall(found[2]), known.get(found[1]), list(known))


def _check(
    plugin: PluginInfo,
    requirement: str,
    name: str,
    clauses: Sequence[tuple[str, str]],
    other: PluginInfo | None,
    known: list[str],
) -> None:
    if other is None:
        near = did_you_mean(name, (n for n in known if n != plugin.name))
        raise PluginFault(f"requires {requirement}, and no plugin {name} is installed", near or "install it")
    if other.status != "loaded":
        raise PluginFault(f"requires {requirement}, and {other.describe()} is {other.status}", f"see plugin {name}")
    if not clauses:
        return
    have = release(other.version) if other.version else None
    if have is None:
        raise PluginFault(f"requires {requirement}, and {other.describe()} says no version")
    for sign, wanted in clauses:
        if not _OPERATORS[sign](have, release(wanted) or ()):
            raise PluginFault(
                f"requires {requirement}, and {name} {other.version} is installed", f"install {requirement}"
            )
