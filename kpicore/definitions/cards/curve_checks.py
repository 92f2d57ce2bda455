"""Whether a curve fits the line that names it: its settings, the indicator's direction, the targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any, NoReturn, TypeAlias

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.card_tables import places
from kpicore.definitions.cards.curves import Curve, needs_target
from kpicore.definitions.cards.scorecards import Line
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.values import chosen, steps_of
from kpicore.errors import InvalidDefinition

__all__ = ["CurveValues", "check_curve", "check_curve_targets", "curve_values"]

#: Numbers, words, and tables as pairs of numbers, by the name of the parameter.
CurveValues: TypeAlias = Mapping[str, Any]

#: Points have at most so many places: attainment, which has 9, is a hundredth of them.
POINT_PLACES = 7
MOST_POINTS, MOST_STEPS = 1_000_000, 100

_SIDES = {"range": "the nearer it is to its target", "none": "neither higher nor lower"}
_ZERO_HINT = 'write curve = "linear" and zero = "…", the value that earns nothing'


def curve_values(curve: Curve, given: Mapping[str, Any], where: str) -> CurveValues:
    """The parameters of a curve as scoring reads them: those given, the curve's own for the rest.

    Raises:
        InvalidInput: A parameter is unknown or not of its kind.
    """
    written = chosen(curve.params, given, where)
    found: dict[str, Any] = {}
    for name, spec in curve.params.items():
        value = written[name]
        if spec.kind == "steps":
            found[name] = steps_of(value)
        else:
            found[name] = Decimal(str(value)) if spec.kind == "decimal" else value
    return found


def check_curve(line: Line, indicator: Indicator, curve: Curve, where: str) -> None:
    """Refuse settings of a curve that say nothing, or that do not go with the indicator's direction.

    Raises:
        InvalidInput: A parameter is unknown or not of its kind.
        InvalidDefinition: The curve, its settings and the indicator do not go together.
    """
    values = curve_values(curve, line.curve_params, f"{where} curve {curve.name}")
    if curve.form == "range":
        _check_range(values, where)
    elif curve.form == "steps":
        _check_steps(line, indicator, curve, values, where)
    elif curve.form == "points_per_step":
        _check_points(values, where)
    elif curve.form == "milestone":
        _check_milestone(indicator, values, where)
    if curve.form == "inverse_ratio":
        _check_inverse(line, indicator, where)
    elif needs_target(curve.form, values) and curve.form != "linear" and indicator.better not in ("higher", "lower"):
        _wrong_curve(
            where,
            f"{line.indicator} is better {_SIDES[indicator.better]}: a ratio to the target says nothing",
            _ZERO_HINT,
        )


def check_curve_targets(line: Line, indicator: Indicator, curve: Curve, targets: Iterable[Decimal], where: str) -> None:
    """Refuse targets that a curve makes nothing of.

    Raises:
        InvalidDefinition: A ratio to zero or less, or a zero point on the wrong side of a target.
    """
    values = curve_values(curve, line.curve_params, where)
    if not needs_target(curve.form, values):
        return
    for target in targets:
        if curve.form == "linear":
            _check_linear(values["zero"], indicator, target, where)
        elif target <= 0:
            raise InvalidDefinition(
                f"a ratio to the target {decimal_text(target)} says nothing",
                where=where,
                code="target_not_positive",
                hint='a target of 0 or less needs curve = "linear" and zero = "…", the value that earns nothing',
            )


def _check_linear(zero: Decimal, indicator: Indicator, target: Decimal, where: str) -> None:
    backwards = (indicator.better == "higher" and zero > target) or (indicator.better == "lower" and zero < target)
    if zero == target or backwards:
        side = {"higher": "below", "lower": "above"}.get(indicator.better, "apart from")
        raise InvalidDefinition(
            f"zero {decimal_text(zero)} must be {side} the target {decimal_text(target)}",
            where=where,
            code="zero_beyond_target",
            hint=f"{indicator.id} is better {indicator.better}; zero is the value that earns nothing",
        )


def _check_inverse(line: Line, indicator: Indicator, where: str) -> None:
    if indicator.better != "lower":
        hint = "where higher is better the ratio is value over target: leave curve out"
        _wrong_curve(where, f"target over value is for what is better lower; {indicator.id} is not", hint)
    if line.cap is None:
        _wrong(where, "target over value grows without end towards a value of 0", 'write cap = "…"')


def _check_range(values: CurveValues, where: str) -> None:
    if not values["lo0"] < values["lo"] <= values["hi"] < values["hi0"]:
        said = ", ".join(f"{name} {decimal_text(values[name])}" for name in ("lo0", "lo", "hi", "hi0"))
        _wrong(
            where,
            f"a range goes up from lo0 to lo and down from hi to hi0; here: {said}",
            'write lo0 = "-0.1", lo = "-0.05", hi = "0.05", hi0 = "0.1"',
        )


def _check_steps(line: Line, indicator: Indicator, curve: Curve, values: CurveValues, where: str) -> None:
    if not values["steps"]:
        _wrong(where, f"curve {curve.name} has no steps", 'write steps = [["0.8", "60"], ["1", "100"]]: from, points')
    if curve.name == "steps" and "tiers" not in line.curve_params:
        _wrong(
            where,
            "it is not said what the steps mean",
            'write tiers = "highest", "marginal" (points for each unit within a step) or "interpolated"',
        )
    if values["tiers"] == "marginal" and values["of"] == "value" and indicator.better == "lower":
        hint = 'write tiers = "highest" or "interpolated"'
        _wrong_curve(where, f"{indicator.id} is better lower: more of it cannot add up to more points", hint)
    _check_table("steps", values["steps"], where)


def _check_points(values: CurveValues, where: str) -> None:
    for name in ("points", "per"):
        if values[name] <= 0:
            _wrong(where, f"{name} must be above 0, not {decimal_text(values[name])}", "points for every per % off")
    if not values["min"] <= 100 <= values["max"]:
        _wrong(where, "100 points on target must lie between min and max", "write min = 0 and max = 120")
    for name in ("points", "min", "max"):
        _check_point(name, values[name], where)


def _check_milestone(indicator: Indicator, values: CurveValues, where: str) -> None:
    for name in ("yes", "no"):
        _check_point(name, values[name], where)
    _check_table("late", values["late"], where)
    if values["late"] and indicator.better == "higher":
        _wrong_curve(where, f"days late are better lower; {indicator.id} is better higher", "leave late out")
    if not values["late"] and indicator.better == "lower":
        hint = 'write late = [["1", "80"], ["8", "0"]] for days late, or another curve'
        _wrong_curve(where, f"yes is better than no; {indicator.id} is better lower", hint)


def _check_table(what: str, table: tuple[tuple[Decimal, Decimal], ...], where: str) -> None:
    if len(table) > MOST_STEPS:
        _wrong(
            where,
            f"{what} has {len(table)} rows, more than {MOST_STEPS}",
            'leave steps out: between two of them tiers = "interpolated" draws a line',
        )
    for (before, _), (after, _) in pairwise(table):
        if before >= after:
            _wrong(
                where,
                f"{what} must rise: {decimal_text(after)} comes after {decimal_text(before)}",
                "write each step once, from the lowest up",
            )
    for _, points in table:
        _check_point(f"a number of points in {what}", points, where)


def _check_point(what: str, points: Decimal, where: str) -> None:
    if places(points) > POINT_PLACES:
        _wrong(where, f"{what} has more than {POINT_PLACES} places", "round it")
    if abs(points) > MOST_POINTS:
        _wrong(where, f"{what} is beyond {MOST_POINTS}", "100 points are on target")


def _wrong_curve(where: str, message: str, hint: str) -> NoReturn:
    raise InvalidDefinition(message, where=where, code="wrong_curve", hint=hint)


def _wrong(where: str, message: str, hint: str) -> NoReturn:
    raise InvalidDefinition(message, where=where, hint=hint)
