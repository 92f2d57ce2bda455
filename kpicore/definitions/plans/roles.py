"""Roles: what they are for, where their results show, and which indicators tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from kpicore.definitions.converters import names
from kpicore.naming import Text, text

#: The role word of indicators that serve every role.
EVERYONE = "all"


@frozen
class KeyResultArea:
    """Where the results of a duty show (KRA, 關鍵結果領域).

    Args:
        title: Such as {"en": "Traffic", "zh-Hant": "店鋪流量提升"}.
        indicators: Ids of the indicators that tell of it, of any plugin.
    """

    title: Text = field(converter=text)
    indicators: tuple[str, ...] = field(converter=names)


def _areas(value: Iterable[KeyResultArea]) -> tuple[KeyResultArea, ...]:
    return tuple(value)


@frozen
class Duty:
    """What a role is for, and the areas where its results show."""

    title: Text = field(converter=text)
    areas: tuple[KeyResultArea, ...] = field(converter=_areas)


def _duties(value: Iterable[Duty]) -> tuple[Duty, ...]:
    return tuple(value)


@frozen
class Role:
    """A role with its duties. Nothing that is scored reads it: it says who is scored by what, and why.

    Args:
        name: `plugin.name`.
        role: The word for it on scorecards, assignments and indicators, such as `ecommerce`. Several plugins may add
            duties to one role.
        title: What people read.
        duties: What it is for.
        definition: The role in a sentence.
        version: Counted up when it changes.
    """

    name: str
    role: str = field(kw_only=True)
    title: Text = field(kw_only=True, converter=text)
    duties: tuple[Duty, ...] = field(kw_only=True, converter=_duties)
    definition: Text = field(kw_only=True, factory=dict, converter=text)
    version: str = field(kw_only=True, default="1.0")

    @property
    def areas(self) -> Iterator[KeyResultArea]:
        """The key result areas of all duties."""
        return (area for duty in self.duties for area in duty.areas)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Ids of the indicators of all areas, each once."""
        return tuple(dict.fromkeys(name for area in self.areas for name in area.indicators))
