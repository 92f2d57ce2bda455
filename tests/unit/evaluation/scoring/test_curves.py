"""Every curve by hand at its edges, and all of them against plain fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.definitions.cards.curve_checks import curve_values
from kpicore.definitions.cards.curves import BUILT_IN_CURVES
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.score import LineRule, attain

CURVES = {curve.form: curve for curve in BUILT_IN_CURVES}


def rule(form: Any, better: Any = "higher", floor: str = "0", cap: str | None = None, **params: Any) -> LineRule:
    values = curve_values(CURVES[form], params, form)
    return LineRule(form, better, Decimal(floor), None if cap is None else Decimal(cap), values)


def attained(found: LineRule, value: str, target: str = "1") -> tuple[str, str | None]:
    """Attainment and bound of one value, a number or a ratio as `1/3`."""
    above, _, below = value.partition("/")
    pair = (Fixed.of([Decimal(above)]), Fixed.of([Decimal(below or 1)]))
    result = attain(found, pair, Fixed.of([Decimal(target)]), np.ones(1, dtype=np.bool_))
    [units] = result.units.tolist()
    return str(Decimal(units).scaleb(-9).normalize() + 0), result.bounds()[0]


@pytest.mark.parametrize(
    ("value", "wanted", "bound"),
    [
        ("10", "1", None),
        ("5", "2", None),
        ("20", "0.5", None),
        ("30", "0.333333333", None),
        ("4", "2.5", None),
        ("3", "2.5", "cap"),
        ("0", "2.5", "cap"),
        ("-1", "2.5", "cap"),
        ("1/3", "2.5", "cap"),
    ],
)
def test_target_over_value(value: str, wanted: str, bound: str | None) -> None:
    assert attained(rule("inverse_ratio", "lower", cap="2.5"), value, "10") == (wanted, bound)


@pytest.mark.parametrize(
    ("value", "wanted", "bound"),
    [
        ("-0.1", "0", None),
        # The eleventh place is below what attainment says: it is 0, and no floor binds.
        ("-0.100000000001", "0", None),
        ("-0.1001", "0", "floor"),
        ("-0.075", "0.5", None),
        ("-0.05", "1", None),
        ("0", "1", None),
        ("0.05", "1", None),
        ("0.050000001", "0.999999995", None),
        ("0.1", "0.75", None),
        ("0.25", "0", None),
        ("1/3", "0", "floor"),
    ],
)
def test_a_range(value: str, wanted: str, bound: str | None) -> None:
    # From −0.1 up to −0.05 it rises by 20 a unit, from 0.05 to 0.25 it falls by 5.
    found = rule("range", "range", lo0="-0.1", lo="-0.05", hi="0.05", hi0="0.25")
    assert attained(found, value) == (wanted, bound)


def test_a_range_of_one_value() -> None:
    found = rule("range", "range", lo0="-1", lo="0", hi="0", hi0="2")
    assert [attained(found, value)[0] for value in ("-1", "-0.5", "0", "1", "2")] == ["0", "0.5", "1", "0.5", "0"]


TABLE = [["0.8", "60"], ["1", "100"], ["1.2", "150"]]


@pytest.mark.parametrize(
    ("tiers", "wanted"),
    [
        ("highest", ["0", "0.6", "0.6", "1", "1", "1.5", "1.5"]),
        # 60 points for each 1 above 0.8, 100 above 1, 150 above 1.2.
        ("marginal", ["0", "0", "0.1199994", "0.12", "0.319999", "0.32", "1.52"]),
        ("interpolated", ["0", "0.6", "0.999998", "1", "1.4999975", "1.5", "1.5"]),
    ],
)
def test_steps_of_the_ratio_at_every_edge(tiers: str, wanted: list[str]) -> None:
    found = rule("steps", steps=TABLE, tiers=tiers)
    values = ["79.9999999", "80", "99.9999", "100", "119.9999", "120", "200"]
    assert [attained(found, value, "100")[0] for value in values] == wanted
    ends = [attained(found, value, "100")[1] for value in ("79.9999999", "80", "120", "120.0001")]
    assert ends == ["min", None, None, "max" if tiers == "interpolated" else None]


def test_steps_where_lower_is_better_look_up_the_turned_ratio() -> None:
    # 12 of 10 is 1 − 0.2 = 0.8; 8 of 10 is 1.2.
    found = rule("steps", "lower", steps=TABLE, tiers="highest")
    assert [attained(found, value, "10")[0] for value in ("12.1", "12", "10", "8.1", "8")] == [
        "0",
        "0.6",
        "1",
        "1",
        "1.5",
    ]


def test_steps_of_the_value() -> None:
    stars = rule("steps", of="value", steps=[["1", "10"], ["4.5", "100"]], tiers="highest")
    assert [attained(stars, value) for value in ("0.9", "1", "4.4", "9/2")] == [
        ("0", "min"),
        ("0.1", None),
        ("0.1", None),
        ("1", None),
    ]
    # Lower is better: less than the table's first value has the first points.
    calls = rule("steps", "lower", of="value", steps=[["2", "100"], ["5", "40"], ["10", "0"]], tiers="highest")
    assert [attained(calls, value)[0] for value in ("-1", "0", "2", "4.9", "5", "10", "99")] == [
        *("1", "1", "1", "1", "0.4", "0", "0")
    ]
    slope = rule("steps", "lower", of="value", steps=[["2", "100"], ["12", "0"]], tiers="interpolated")
    assert [attained(slope, value) for value in ("1", "2", "7", "12", "13")] == [
        *(("1", "max"), ("1", None), ("0.5", None), ("0", None), ("0", "min"))
    ]


@pytest.mark.parametrize(
    ("value", "dropped", "against", "proportional"),
    [
        ("100", "1", "1", "1"),
        ("104.99", "1", "1", "1.0499"),
        ("105", "1.05", "1.05", "1.05"),
        ("112", "1.1", "1.1", "1.12"),
        ("120", "1.2", "1.2", "1.2"),
        ("99.99", "1", "0.95", "0.9999"),
        ("95", "0.95", "0.95", "0.95"),
        ("94.99", "0.95", "0.9", "0.9499"),
        ("0", "0", "0", "0"),
    ],
)
def test_points_per_step(value: str, dropped: str, against: str, proportional: str) -> None:
    wanted = {"dropped": dropped, "against": against, "proportional": proportional}
    for partial, expected in wanted.items():
        assert attained(rule("points_per_step", partial=partial), value, "100") == (expected, None)


def test_points_per_step_have_limits_and_directions() -> None:
    narrow = rule("points_per_step", points="10", per="2.5", min="60", max="120")
    values = ["90", "89.9", "87.5", "105", "107.4", "107.5"]
    assert [attained(narrow, value, "100") for value in values] == [
        *(("0.6", None), ("0.6", None), ("0.6", "min"), ("1.2", None), ("1.2", None), ("1.2", "max"))
    ]
    lower = rule("points_per_step", "lower")
    assert [attained(lower, value, "100")[0] for value in ("100", "95", "105", "96", "104")] == [
        *("1", "1.05", "0.95", "1", "1")
    ]
    # Floor and cap of the line go before what the curve says.
    assert attained(rule("points_per_step", cap="1.1"), "130", "100") == ("1.1", "cap")


def test_milestones() -> None:
    done = rule("milestone", yes="100", no="20")
    assert [attained(done, value)[0] for value in ("0", "0.999", "1", "2")] == ["0.2", "0.2", "1", "1"]
    late = rule("milestone", "lower", late=[["1", "80"], ["8", "50"], ["31", "0"]])
    assert [attained(late, value)[0] for value in ("-3", "0", "0.5", "1", "7", "8", "30", "31", "90")] == [
        *("1", "1", "1", "0.8", "0.8", "0.5", "0.5", "0", "0")
    ]


@pytest.mark.parametrize("form", CURVES)
def test_who_is_not_there_has_nothing(form: str) -> None:
    params = {
        "range": {"lo0": "-1", "lo": "1", "hi": "2", "hi0": "3"},
        "steps": {"steps": TABLE, "tiers": "interpolated"},
        "linear": {"zero": "-5"},
    }
    found = rule(form, "lower" if form == "inverse_ratio" else "higher", cap="2", **params.get(form, {}))
    there = np.array([True, False])
    pair = (Fixed.of([5, 7]), Fixed.of([1, 0]))
    result = attain(found, pair, Fixed.of([5, 0]), there)
    assert (result.units[1], result.raw[1], result.bounds()[1]) == (0, 0, None)


def naive(found: LineRule, value: Fraction, target: Fraction) -> tuple[Fraction, Fraction | None, Fraction | None]:
    """Attainment by plain fractions, and the limits of the curve's own."""
    values, better = found.values, found.better
    ratio = value / target if better == "higher" else 1 - (value - target) / abs(target)
    exact = {name: Fraction(number) for name, number in values.items() if isinstance(number, Decimal)}
    if found.form == "ratio":
        return ratio, None, None
    if found.form == "inverse_ratio":
        return (target / value if value > 0 else Fraction(10**6)), None, None
    if found.form == "linear":
        return (value - exact["zero"]) / (target - exact["zero"]), None, None
    if found.form == "range":
        if value < exact["lo"]:
            return (value - exact["lo0"]) / (exact["lo"] - exact["lo0"]), None, None
        return min(Fraction(1), (exact["hi0"] - value) / (exact["hi0"] - exact["hi"])), None, None
    if found.form == "points_per_step":
        off = (ratio - 1) * 100 / exact["per"]
        whole = {"dropped": Fraction(int(off)), "against": Fraction(off // 1), "proportional": off}[values["partial"]]
        return 1 + whole * exact["points"] / 100, exact["min"] / 100, exact["max"] / 100
    if found.form == "milestone":
        points = [Fraction(row[1]) for row in values["late"] if value >= Fraction(row[0])]
        if values["late"]:
            return (points[-1] if points else exact["yes"]) / 100, None, None
        return (exact["yes"] if value >= 1 else exact["no"]) / 100, None, None
    return _stepped(found, value if values["of"] == "value" else ratio) / 100, None, None


def _stepped(found: LineRule, looked_up: Fraction) -> Fraction:
    table = [(Fraction(start), Fraction(points)) for start, points in found.values["steps"]]
    reached = [row for row in table if row[0] <= looked_up]
    if not reached:
        downwards = found.better == "lower" and found.values["of"] == "value"
        return table[0][1] if downwards else Fraction(0)
    if found.values["tiers"] == "highest":
        return reached[-1][1]
    if found.values["tiers"] == "marginal":
        ends = [row[0] for row in reached[1:]] + [looked_up]
        return sum(((end - start) * each for (start, each), end in zip(reached, ends, strict=True)), Fraction(0))
    if len(reached) == len(table):
        return table[-1][1]
    (low, first), (high, last) = reached[-1], table[len(reached)]
    return first + (last - first) * (looked_up - low) / (high - low)


SMALL = st.integers(-400, 400).map(lambda units: Decimal(units).scaleb(-2))
BIG = st.integers(-(10**20), 10**20).map(Decimal)
TARGETS = st.one_of(
    st.integers(1, 400).map(lambda units: Decimal(units).scaleb(-2)), st.integers(1, 10**18).map(Decimal)
)
POINTS = st.integers(-(10**6), 10**6).map(lambda units: str(Decimal(units).scaleb(-3)))


@st.composite
def tables(draw: st.DrawFn, least: int = 1) -> list[list[str]]:
    starts = sorted(draw(st.lists(SMALL, min_size=least, max_size=5, unique=True)))
    return [[str(start), draw(POINTS)] for start in starts]


@st.composite
def rules(draw: st.DrawFn) -> LineRule:
    form = draw(st.sampled_from(list(CURVES)))
    better = draw(st.sampled_from(["higher", "lower"]))
    params: dict[str, Any] = {}
    if form == "linear":
        params = {"zero": "-5.5"}
    elif form == "range":
        four = sorted(draw(st.lists(SMALL, min_size=4, max_size=4, unique=True)))
        params = dict(zip(("lo0", "lo", "hi", "hi0"), map(str, four), strict=True))
    elif form == "steps":
        of = draw(st.sampled_from(["ratio", "value"]))
        tiers = draw(st.sampled_from(["highest", "marginal", "interpolated"]))
        better = "higher" if tiers == "marginal" else better
        params = {"steps": draw(tables()), "of": of, "tiers": tiers}
    elif form == "points_per_step":
        params = {
            "points": str(draw(st.integers(1, 40))),
            "per": draw(st.sampled_from(["5", "2.5", "0.3", "7"])),
            "partial": draw(st.sampled_from(["dropped", "against", "proportional"])),
            "min": str(draw(st.integers(-50, 100))),
            "max": str(draw(st.integers(100, 300))),
        }
    elif form == "milestone":
        params = {"late": draw(tables(0)), "yes": draw(POINTS), "no": draw(POINTS)}
    return rule(
        form, better, draw(st.sampled_from(["0", "-100", "0.5"])), draw(st.sampled_from(["1.5", "1000"])), **params
    )


@given(rules(), st.lists(st.tuples(st.one_of(SMALL, BIG), st.integers(1, 60), TARGETS), min_size=1, max_size=6))
def test_every_curve_equals_plain_fractions(found: LineRule, rows: list[tuple[Decimal, int, Decimal]]) -> None:
    assert found.cap is not None
    pair = (Fixed.of([above for above, _, _ in rows]), Fixed.of([below for _, below, _ in rows]))
    result = attain(found, pair, Fixed.of([target for _, _, target in rows]), np.ones(len(rows), dtype=np.bool_))
    for (above, below, target), units, bound in zip(rows, result.units.tolist(), result.bounds(), strict=True):
        exact, least, most = naive(found, Fraction(above) / below, Fraction(target))
        wanted = Fraction(round(exact * 10**9), 10**9)
        limits = [limit for limit in (least, most) if limit is not None]
        if limits:
            wanted = min(max(wanted, limits[0]), limits[1])
        clipped = min(max(wanted, Fraction(found.floor)), Fraction(found.cap))
        assert Fraction(units, 10**9) == clipped
        assert (bound in ("floor", "cap")) == (clipped != wanted)
