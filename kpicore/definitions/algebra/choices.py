"""The choices of a measure: which formula of several counts, and in how many ways it can be settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from attrs import fields

from kpicore.definitions.algebra.measures import Choice, Measure
from kpicore.definitions.indicators import Indicator

if TYPE_CHECKING:
    from attrs import AttrsInstance


def option(indicator: Indicator, node: Choice, setting: Mapping[str, Any]) -> str:
    """Which formula of a choice counts: the one asked for, else the default one.

    Args:
        indicator: In whose measure it stands.
        node: The choice.
        setting: Values of parameters that differ from the defaults.
    """
    spec = indicator.params.get(node.param)
    default = str(spec.default) if spec and spec.default in node.options else next(iter(node.options))
    asked = str(setting.get(node.param, default))
    return asked if asked in node.options else default


def settings(indicator: Indicator) -> tuple[Mapping[str, str], ...]:
    """Which other formulas its choices offer: each option that is no default once, with the options that lead to it.

    Args:
        indicator: Whose choices.
    """
    found: list[Mapping[str, str]] = []
    for setting in _settings(indicator, {}, []):
        found += [] if setting in found else [setting]
    return tuple(found)


def _settings(indicator: Indicator, setting: Mapping[str, str], known: list[Choice]) -> Iterator[Mapping[str, str]]:
    met = list(_choices(indicator, indicator.measure, setting))
    for place, node in enumerate(met):
        # What another option leads to is told there, and what stands twice in a measure once.
        if node not in (*known, *met[:place]):
            for other in node.options:
                if other != option(indicator, node, setting):
                    yield (found := {**setting, node.param: other})
                    yield from _settings(indicator, found, [*known, *met])


def _choices(indicator: Indicator, measure: Measure, setting: Mapping[str, str]) -> Iterator[Choice]:
    """The choices that make a formula what it is, outermost first."""
    if isinstance(measure, Choice):
        yield measure
        yield from _choices(indicator, measure.options[option(indicator, measure, setting)], setting)
        return
    for attribute in fields(cast("type[AttrsInstance]", type(measure))):
        value = getattr(measure, attribute.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Measure):
                yield from _choices(indicator, part, setting)
