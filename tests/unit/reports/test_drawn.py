"""Drawings: scales hold what they show, columns count everybody, and each says its numbers."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.reports.drawn import PATTERNS, Piece, Point, Scale, axis, bar, bins, columns, line, patterns, series_style

NUMBERS = st.decimals(-(10**6), 10**6, places=4)


@pytest.mark.parametrize("value", ["0", "0.3", "2", "1500"])
def test_the_heights_of_a_line_have_different_numbers(value: str) -> None:
    drawn = ET.fromstring(line([Point("p", Decimal(value))], [], "t"))
    numbers = [part.text for part in drawn.iter() if part.text and part.get("class", "").startswith("start")]
    assert len(numbers) == len(set(numbers)) == len(Scale.over([Decimal(value)], 4).ticks)


@given(st.lists(NUMBERS, max_size=20))
def test_a_scale_holds_every_value_and_zero_between_round_ticks(values: list[Decimal]) -> None:
    scale = Scale.over(values)
    assert scale.low <= min([Decimal(0), *values]) <= max([Decimal(0), *values]) <= scale.high
    assert (scale.ticks[0], scale.ticks[-1]) == (scale.low, scale.high)
    assert 0 in scale.ticks
    assert 2 <= len(scale.ticks) <= 8
    assert len({after - before for before, after in zip(scale.ticks, scale.ticks[1:], strict=False)}) == 1
    assert all(0 <= scale.at(value) <= 100 for value in values)


def test_a_scale_is_round() -> None:
    assert list(Scale.over([Decimal("164.8")]).ticks) == [0, 50, 100, 150, 200]
    assert list(Scale.over([Decimal(-12), Decimal(30)]).ticks) == [-20, -10, 0, 10, 20, 30]
    assert list(Scale.over([]).ticks) == [Decimal(0), Decimal("0.2"), Decimal("0.4"), Decimal("0.6"), Decimal("0.8"), 1]


@given(st.lists(NUMBERS, min_size=1, max_size=40))
def test_columns_count_everybody_once(values: list[Decimal]) -> None:
    found = bins(values)
    assert sum(one.many for one in found) == len(values)
    assert all(one.high == other.low for one, other in itertools.pairwise(found))
    assert len(found) <= 14


def test_bars_stand_where_their_numbers_are() -> None:
    scale = Scale.over([Decimal(200)])
    drawn = ET.fromstring(bar(scale, [Piece(Decimal(50), Decimal(150), "s1")], [Decimal(100)]))
    [rect] = drawn.findall("rect")
    assert (rect.get("x"), rect.get("width"), rect.get("class")) == ("25%", "50%", "s1")
    assert [e.get("x1") for e in drawn.findall("line") if e.get("class") == "mark"] == ["50%"]
    down = ET.fromstring(bar(scale, [Piece(Decimal(150), Decimal(50), "down")]))
    assert [(e.get("x"), e.get("width")) for e in down.findall("rect")] == [("25%", "50%")]
    assert ET.fromstring(bar(scale, [Piece(Decimal(5), Decimal(5), "s1")])).findall("rect") == []
    assert [e.text for e in ET.fromstring(axis(scale))] == ["0", "50", "100", "150", "200"]


def test_a_line_says_its_numbers_and_breaks_where_there_is_none() -> None:
    points = [
        Point("2017-Q1", Decimal(10)),
        Point("2017-Q2", None),
        Point("2017-Q3", Decimal(30)),
        Point("<Q4>", Decimal(40), Decimal(5), Decimal(80)),
    ]
    drawn = ET.fromstring(line(points, [("A<", Decimal(50)), ("Z", Decimal(0))], "said & shown"))
    assert (drawn.get("role"), drawn.get("aria-label")) == ("img", "said & shown")
    kinds = [e.get("class") for e in drawn.findall("line")]
    assert (kinds.count("line"), kinds.count("band"), kinds.count("span")) == (1, 1, 1)
    said = [e.text for e in drawn.findall("text")]
    assert {"10.0", "–", "30.0", "40.0", "A< ≥ 50", "<Q4>"} <= set(said)
    assert len(drawn.findall("circle")) == 3


def test_one_point_stands_in_the_middle() -> None:
    drawn = ET.fromstring(line([Point("p", Decimal(1))], [], "t"))
    assert [e.get("cx") for e in drawn.findall("circle")] == ["50%"]


def test_a_distribution_says_its_numbers() -> None:
    found = bins([Decimal(5), Decimal(7), Decimal(25)])
    drawn = ET.fromstring(columns(found, "t"))
    assert len(drawn.findall("rect")) == 2
    assert {"2", "1", "0", "10", "20"} <= {e.text for e in drawn.findall("text")}


@pytest.mark.parametrize("place", [0, 7, 8, 100])
def test_every_line_has_a_pattern(place: int) -> None:
    drawn = ET.fromstring(patterns())
    known = {e.get("id") for e in drawn.iter("pattern")}
    assert len(known) == PATTERNS
    assert series_style(place).replace("s", "p") in known


def _colours(scheme: str) -> dict[str, str]:
    """The colours of the style sheets: `light`, `dark`, or `print`, each over the light ones."""
    found: dict[str, str] = {}
    for sheet in ("style.css", "report.css"):
        text = files("kpicore.reports").joinpath("templates", sheet).read_text("utf-8")
        light, dark, *_ = re.findall(r":root \{(.*?)\}", text, flags=re.DOTALL)
        printed = re.findall(r":root \{(.*?)\}", text.split("@media print")[1], flags=re.DOTALL)[0]
        for block in (light, {"dark": dark, "print": printed}.get(scheme, "")):
            found |= dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
    return found


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_what_is_drawn_and_written_stands_out(scheme: str) -> None:
    colours = _colours(scheme)
    for ground in ("paper", "soft"):
        for ink in ("ink", "quiet", "link"):
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    drawn = [*(f"c{number}" for number in range(1, PATTERNS + 1)), "accent", "up", "down", "strong"]
    assert [name for name in drawn if _contrast(colours[name], colours["paper"]) < 3] == []
