"""Curves: from a value and its target to attainment, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from kpicore.definitions.parameters import Parameter, ParameterKind, choice
from kpicore.naming import Text, text

CurveForm = Literal["ratio", "inverse_ratio", "linear", "range", "steps", "points_per_step", "milestone"]


@frozen
class Curve:
    """How a value earns attainment.

    A is the value, T the target. Forms that give points of their own say so; attainment is then points ÷ 100.

    Args:
        name: `ratio`; a plugin's own are `plugin.name`.
        title: What people read.
        form: The rule. `ratio`: where higher is better A ÷ T, where lower is better 1 − (A − T) ÷ |T|.
            `inverse_ratio`: T ÷ A. `linear`: (A − zero) ÷ (T − zero), in either direction. `range`: 1 from `lo` to
            `hi`, straight to 0 at `lo0` and `hi0`. `steps`: points of a table, half-open. `points_per_step`: 100 points
            on target, `points` more or less for every `per` % off. `milestone`: points for yes and no, or by days late.
        params: What a scorecard's line may set, with defaults; `FORM_PARAMETERS` says which each form has.
        definition: What it means, in a sentence.
        version: Counted up when its meaning changes.
    """

    name: str
    title: Text = field(converter=text)
    form: CurveForm
    params: Mapping[str, Parameter] = field(factory=dict)
    definition: Text = field(factory=dict, converter=text)
    version: str = "1.0"


def needs_target(form: CurveForm, values: Mapping[str, Any]) -> bool:
    """Whether a curve looks at the target.

    Args:
        form: Its form.
        values: Its parameters.
    """
    if form == "steps":
        return bool(values["of"] == "ratio")
    return form not in ("range", "milestone")


def _number(default: str, english: str, chinese: str) -> Parameter:
    return Parameter("decimal", default, title={"en": english, "zh-Hant": chinese})


def _table(english: str, chinese: str) -> Parameter:
    return Parameter("steps", (), title={"en": english, "zh-Hant": chinese})


RATIO = Curve(
    "ratio",
    {"en": "Ratio to the target", "zh-Hant": "目標比率"},
    "ratio",
    definition={
        "en": "Value ÷ target where higher is better; 1 − (value − target) ÷ |target| where lower is better.",
        "zh-Hant": "愈高愈好時為實際值 ÷ 目標值；愈低愈好時為 1 − (實際值 − 目標值) ÷ |目標值|。",
    },
)
INVERSE_RATIO = Curve(
    "inverse_ratio",
    {"en": "Target over value", "zh-Hant": "目標值除以實際值"},
    "inverse_ratio",
    definition={
        "en": "Target ÷ value, where lower is better: half the target attains 2, twice the target one half.",
        "zh-Hant": "目標值 ÷ 實際值，適用於愈低愈好的指標：實際值為目標值的一半時達成率為 2，為兩倍時達成率為 0.5。",
    },
)
LINEAR = Curve(
    "linear",
    {"en": "Linear from zero point to target", "zh-Hant": "零點至目標線性"},
    "linear",
    {"zero": _number("0", "value that earns nothing", "得零分的數值")},
    definition={
        "en": "(Value − zero point) ÷ (target − zero point): for targets that may be zero or negative.",
        "zh-Hant": "(實際值 − 零點) ÷ (目標值 − 零點)：適用於目標可為零或負數的情形。",
    },
)
RANGE = Curve(
    "range",
    {"en": "Range", "zh-Hant": "區間"},
    "range",
    {
        "lo": _number("0", "least value that earns everything", "得滿分的最小值"),
        "hi": _number("0", "greatest value that earns everything", "得滿分的最大值"),
        "lo0": _number("0", "value below it that earns nothing", "低於區間而得零分的數值"),
        "hi0": _number("0", "value above it that earns nothing", "高於區間而得零分的數值"),
    },
    definition={
        "en": "1 from lo to hi, straight down to 0 at lo0 and hi0: for deviations, such as spend against budget.",
        "zh-Hant": "介於 lo 與 hi 之間達成率為 1，向 lo0 與 hi0 直線降至 0：適用於偏差值，例如支出與預算之差。",
    },
)
STEPS = Curve(
    "steps",
    {"en": "Steps", "zh-Hant": "階梯"},
    "steps",
    {
        "steps": _table("from which value on, how many points", "自何值起，得幾分"),
        "tiers": choice(
            "highest",
            "marginal",
            "interpolated",
            title={"en": "what the steps mean", "zh-Hant": "階梯的意義"},
            titles={
                "highest": {"en": "points of the highest step reached", "zh-Hant": "所達最高一階的分數"},
                "marginal": {"en": "points for each unit within the step", "zh-Hant": "該階內每一單位的分數"},
                "interpolated": {"en": "straight between the steps", "zh-Hant": "階與階之間直線內插"},
            },
        ),
        "of": choice(
            "ratio",
            "value",
            title={"en": "what is looked up", "zh-Hant": "查表所用的數"},
            titles={
                "ratio": {"en": "the ratio to the target", "zh-Hant": "目標比率"},
                "value": {"en": "the value itself", "zh-Hant": "數值本身"},
            },
        ),
    },
    definition={
        "en": "Points of a table, by the ratio to the target or by the value; each step is half-open.",
        "zh-Hant": "依目標比率或數值查表得分，每一階含下界而不含上界。",
    },
)
POINTS_PER_STEP = Curve(
    "points_per_step",
    {"en": "Points per step", "zh-Hant": "每級加減分"},
    "points_per_step",
    {
        "points": _number("5", "points for each step", "每級分數"),
        "per": _number("5", "per cent off the target that make a step", "每級為偏離目標的百分之幾"),
        "min": _number("0", "least points", "最低分"),
        "max": _number("120", "most points", "最高分"),
        "partial": choice(
            "dropped",
            "against",
            "proportional",
            title={"en": "what an unfinished step does", "zh-Hant": "未滿一級如何計算"},
            titles={
                "dropped": {"en": "it does not count", "zh-Hant": "不計"},
                "against": {"en": "it counts where it takes away", "zh-Hant": "扣分時以一級計"},
                "proportional": {"en": "it counts in proportion", "zh-Hant": "按比例計"},
            },
        ),
    },
    definition={
        "en": "100 points on target, and for every step beyond or short of it the same points more or less.",
        "zh-Hant": "達標得 100 分，每超過或不足一級，加減同樣的分數。",
    },
)
MILESTONE = Curve(
    "milestone",
    {"en": "Milestone", "zh-Hant": "里程碑"},
    "milestone",
    {
        "yes": _number("100", "points where it is reached, or in time", "達成或準時的分數"),
        "no": _number("0", "points where it is not reached", "未達成的分數"),
        "late": _table("from how many days late on, how many points", "自逾期幾日起，得幾分"),
    },
    definition={
        "en": "Points for yes (1 or more) and no; or, of days late, points of a table, and in time the points for yes.",
        "zh-Hant": "是（1 以上）與否的分數；或依逾期日數查表得分，準時則得「是」的分數。",
    },
)
BUILT_IN_CURVES: tuple[Curve, ...] = (RATIO, INVERSE_RATIO, LINEAR, RANGE, STEPS, POINTS_PER_STEP, MILESTONE)

#: Names of the parameters that each form has: those of the built-in curve.
FORM_PARAMETERS: Mapping[CurveForm, tuple[str, ...]] = {curve.form: tuple(curve.params) for curve in BUILT_IN_CURVES}

#: The kinds of all parameters that curves have, by name.
CURVE_PARAMETERS: Mapping[str, ParameterKind] = {
    name: spec.kind for curve in BUILT_IN_CURVES for name, spec in curve.params.items()
}
