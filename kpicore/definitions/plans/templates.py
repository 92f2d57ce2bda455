"""Templates of scorecards: what a role may be scored by at a business stage. Suggestions to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, get_args

from attrs import field, frozen

from kpicore.definitions.converters import exact, optional
from kpicore.definitions.indicators import Level
from kpicore.naming import Text, text

#: New market 新市場, growth 成長期, mature 成熟期, profit first 利潤優先.
Stage = Literal["new_market", "growth", "mature", "profit_first"]

STAGES: tuple[Stage, ...] = get_args(Stage)


@frozen
class TemplateLine:
    """One indicator of a template.

    Args:
        indicator: Its id.
        weight: Points of 100; two places.
        why: Why it counts at this stage.
        target: A target that fits everywhere, such as 1 for a rate of compliance; None: to be filled in.
        params: Parameters of the indicator.
    """

    indicator: str
    weight: Decimal = field(converter=exact)
    why: Text = field(converter=text)
    target: Decimal | None = field(default=None, converter=optional)
    params: Mapping[str, Any] = field(factory=dict)


def _lines(value: Iterable[TemplateLine]) -> tuple[TemplateLine, ...]:
    return tuple(value)


@frozen
class Template:
    """A scorecard to begin with, for a role at a business stage; its weights sum to 100.

    Args:
        name: `plugin.name`.
        role: The word for the role.
        stage: The business stage.
        title: What people read.
        lines: Indicators with weights.
        definition: What it is for, in a sentence.
        period: The length of its periods.
        level: Who is scored.
        version: Counted up when it changes.
    """

    name: str
    role: str = field(kw_only=True)
    stage: Stage = field(kw_only=True)
    title: Text = field(kw_only=True, converter=text)
    lines: tuple[TemplateLine, ...] = field(kw_only=True, converter=_lines)
    definition: Text = field(kw_only=True, factory=dict, converter=text)
    period: str = field(kw_only=True, default="quarter")
    level: Level = field(kw_only=True, default="person")
    version: str = field(kw_only=True, default="1.0")
