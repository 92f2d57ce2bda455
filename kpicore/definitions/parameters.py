"""Parameters of relations and indicators: typed, with defaults, bound as literals and never as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from kpicore.naming import Text, text, translated

ParameterKind = Literal["duration", "integer", "decimal", "choice", "names", "steps"]


def _strings(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


def _default(value: Any) -> str | tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else str(value)


def _texts(value: Mapping[str, str | Text]) -> dict[str, Text]:
    return {option: text(title) for option, title in value.items()}


@frozen
class Parameter:
    """A value that a definition leaves open, with its default.

    Args:
        kind: `duration` (`30d`, `24h`, `90m`), `integer`, `decimal`, `choice` (one of `choices`), `names` (texts),
            and `steps` (pairs of numbers: from, what), which curves and the function `stepped(value, $table)` read.
        default: As text; for `names` a tuple of texts, for `steps` of texts like `0.8: 60`.
        choices: The allowed values of a `choice`.
        title: What people read.
        titles: What people read for each of `choices`.
    """

    kind: ParameterKind
    default: str | tuple[str, ...] = field(converter=_default)
    choices: tuple[str, ...] = field(default=(), converter=_strings)
    title: Text = field(factory=dict, converter=text)
    titles: Mapping[str, Text] = field(factory=dict, converter=_texts)

    def told(self, value: str, language: str) -> str:
        """A value in words: the title of a choice, any other as it is written."""
        return translated(self.titles[value], language) if value in self.titles else value


def duration(default: str, **title: Any) -> Parameter:
    """A duration parameter: `duration("90d")`.

    Args:
        default: Days, hours or minutes: `90d`, `24h`, `90m`.
        title: `title` of `Parameter`.
    """
    return Parameter("duration", default, **title)


def choice(*options: str, **title: Any) -> Parameter:
    """A choice parameter.

    Args:
        options: The allowed values; the first is the default.
        title: `title` and `titles` of `Parameter`.
    """
    return Parameter("choice", options[0], options, **title)


def names(*values: str, **title: Any) -> Parameter:
    """A list of texts, such as the cost types that count.

    Args:
        values: The default.
        title: `title` of `Parameter`.
    """
    return Parameter("names", values, **title)


Parameters = Mapping[str, Parameter]
