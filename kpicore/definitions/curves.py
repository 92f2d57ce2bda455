"""Curves: from a value and its target to attainment, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from kpicore.definitions.parameters import Parameter
from kpicore.naming import Text, text

CurveForm = Literal["ratio", "linear"]


@frozen
class Curve:
    """How a value earns attainment.

    Args:
        name: `ratio`; a plugin's own are `plugin.name`.
        title: What people read.
        form: The rule. `ratio`: where higher is better value ÷ target, where lower is better
            1 − (value − target) ÷ |target|. `linear`: (value − zero) ÷ (target − zero), in either direction.
        params: What a scorecard's line may set, with defaults: `zero`, the value that earns nothing, for `linear`.
        definition: What it means, in a sentence.
        version: Counted up when its meaning changes.
    """

    name: str
    title: Text = field(converter=text)
    form: CurveForm
    params: Mapping[str, Parameter] = field(factory=dict)
    definition: Text = field(factory=dict, converter=text)
    version: str = "1.0"


#: Names of the parameters that each form needs.
FORM_PARAMETERS: Mapping[CurveForm, tuple[str, ...]] = {"ratio": (), "linear": ("zero",)}

RATIO = Curve(
    "ratio",
    {"en": "Ratio to the target", "zh-Hant": "目標比率"},
    "ratio",
    definition={
        "en": "Value ÷ target where higher is better; 1 − (value − target) ÷ |target| where lower is better.",
        "zh-Hant": "愈高愈好時為實際值÷目標值;愈低愈好時為1−(實際值−目標值)÷|目標值|。",
    },
)
LINEAR = Curve(
    "linear",
    {"en": "Linear from zero point to target", "zh-Hant": "零點至目標線性"},
    "linear",
    {"zero": Parameter("decimal", "0", title={"en": "value that earns nothing", "zh-Hant": "得零分的數值"})},
    definition={
        "en": "(Value − zero point) ÷ (target − zero point): for targets that may be zero or negative.",
        "zh-Hant": "(實際值−零點)÷(目標值−零點):適用於目標可為零或負數的情形。",
    },
)
BUILT_IN_CURVES: tuple[Curve, ...] = (RATIO, LINEAR)
