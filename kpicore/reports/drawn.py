"""Drawings of reports: bars, lines and columns as SVG inside the page.

Places are percentages of the drawing's width, so that it grows with the page while its text keeps its size. Every bar has
a pattern beside its colour, and stands in a table or has a description that says the numbers: nobody needs to see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import frozen
from markupsafe import Markup, escape

from kpicore.canonical import decimal_text
from kpicore.reports.words import clean, plain, rounded

_NOTHING, _WHOLE = Decimal(0), Decimal(100)
#: How many patterns there are; see the style sheet.
PATTERNS = 8
#: Height of a bar's row, and of a chart, in pixels.
_ROW, _CHART = 22, 240
#: Where a chart's first and last points stand, and its lowest and highest values.
_LEFT, _RIGHT, _TOP, _BOTTOM = Decimal(9), Decimal(91), Decimal(16), Decimal(84)


@frozen
class Scale:
    """A stretch of numbers that a drawing spans.

    Args:
        low, high: Its ends.
        ticks: Round numbers on it, ends included.
    """

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]

    @classmethod
    def over(cls, values: Iterable[Decimal], most: int = 5) -> Scale:
        """The scale from 0, or the least value below it, to a round number that no value exceeds."""
        known = [_NOTHING, *values]
        low, high = min(known), max(known)
        if low == high:
            high = Decimal(1)
        step = _step((high - low) / most)
        first, last = (low / step).to_integral_value("ROUND_FLOOR"), (high / step).to_integral_value("ROUND_CEILING")
        last = max(last, first + 1)
        ticks = tuple(step * number for number in range(int(first), int(last) + 1))
        return cls(ticks[0], ticks[-1], ticks)

    def at(self, value: Decimal) -> Decimal:
        """Where a value stands, as a percentage of the width."""
        return (min(max(value, self.low), self.high) - self.low) * 100 / (self.high - self.low)


def _step(rough: Decimal) -> Decimal:
    """The first of 1, 2, 5, 10 … that is not below `rough`."""
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= rough)


@frozen
class Piece:
    """A part of a bar.

    Args:
        start, end: From and to, on the scale.
        style: Class of the style sheet: `s1` … `s8`, `up`, `down`, `whole`.
    """

    start: Decimal
    end: Decimal
    style: str


def series_style(place: int) -> str:
    """The style of the line at a place on the card, from 0."""
    return f"s{place % PATTERNS + 1}"


def bar(scale: Scale, pieces: Sequence[Piece], marks: Sequence[Decimal] = ()) -> Markup:
    """A row of a bar chart; the cells beside it say the numbers.

    Args:
        scale: The same for all rows.
        pieces: What is drawn.
        marks: Values with a line across, such as what counts as on target.
    """
    grid = Markup("").join(_across(scale.at(tick), "grid") for tick in scale.ticks)
    drawn = Markup("").join(_piece(scale, piece) for piece in pieces)
    lines = Markup("").join(_across(scale.at(mark), "mark") for mark in marks)
    return Markup('<svg class="bar" width="100%" height="{}" aria-hidden="true" focusable="false">{}{}{}</svg>').format(
        _ROW, grid, drawn, lines
    )


def axis(scale: Scale) -> Markup:
    """The numbers over the grid of bars."""
    ends = {scale.ticks[0]: "start", scale.ticks[-1]: "end"}
    labels = Markup("").join(
        Markup('<text x="{}%" y="12" class="{}">{}</text>').format(
            _two(scale.at(tick)), ends.get(tick, "middle"), decimal_text(tick)
        )
        for tick in scale.ticks
    )
    return Markup('<svg class="axis" width="100%" height="16" aria-hidden="true" focusable="false">{}</svg>').format(
        labels
    )


def _across(place: Decimal, style: str) -> Markup:
    return Markup('<line x1="{0}%" x2="{0}%" y1="0" y2="100%" class="{1}"/>').format(_two(place), style)


def _piece(scale: Scale, piece: Piece) -> Markup:
    left, right = sorted((scale.at(piece.start), scale.at(piece.end)))
    if right == left:
        return Markup("")
    return Markup('<rect x="{}%" y="4" width="{}%" height="{}" class="{}"/>').format(
        _two(left), _two(right - left), _ROW - 8, piece.style
    )


@frozen
class Point:
    """A value of a chart.

    Args:
        label: What stands under it.
        value: Its value; None: there is none, and the line is broken.
        low, high: A span that is drawn through it.
    """

    label: str
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None


def line(points: Sequence[Point], bands: Sequence[tuple[str, Decimal]], title: str) -> Markup:
    """Values over periods, each with its number beside it.

    Args:
        points: One a period, in order of time.
        bands: Names with their lower bounds: lines across.
        title: What the drawing shows, numbers included, for those who cannot see it.
    """
    known = [part for point in points for part in (point.value, point.low, point.high) if part is not None]
    scale = Scale.over(known, 4)
    # Names of bands may lie near each other, and bounds outside of what is drawn are not.
    shown = [(name, bound) for name, bound in bands if scale.low < bound <= scale.high]
    parts = [_level(scale, tick, "grid", decimal_text(tick), "start") for tick in scale.ticks]
    parts += [_level(scale, bound, "band", f"{name} ≥ {decimal_text(bound)}", "end") for name, bound in shown]
    places = _places(len(points))
    parts += [_span(scale, place, point) for place, point in zip(places, points, strict=True)]
    parts += [
        Markup('<line x1="{}%" y1="{}%" x2="{}%" y2="{}%" class="line"/>').format(
            _two(here), _two(_height(scale, one.value)), _two(there), _two(_height(scale, other.value))
        )
        for here, one, there, other in zip(places, points, places[1:], points[1:], strict=False)
        if one.value is not None and other.value is not None
    ]
    parts += [_dot(scale, place, point) for place, point in zip(places, points, strict=True)]
    parts += [
        Markup('<text x="{}%" y="97%" class="middle{}">{}</text>').format(
            _two(place), " odd" if (len(points) - number) % 2 == 0 else "", clean(point.label)
        )
        for number, (place, point) in enumerate(zip(places, points, strict=True))
    ]
    return _figure(parts, title)


def _places(many: int) -> list[Decimal]:
    if many == 1:
        return [Decimal(50)]
    return [_LEFT + (_RIGHT - _LEFT) * number / (many - 1) for number in range(many)]


def _height(scale: Scale, value: Decimal) -> Decimal:
    return _BOTTOM - scale.at(value) * (_BOTTOM - _TOP) / _WHOLE


def _level(scale: Scale, value: Decimal, style: str, label: str, side: str) -> Markup:
    height = _two(_height(scale, value))
    return Markup(
        '<line x1="0%" x2="100%" y1="{0}%" y2="{0}%" class="{1}"/>'
        '<text x="{2}" y="{0}%" dy="-3" class="{3} {1}-text">{4}</text>'
    ).format(height, style, "100%" if side == "end" else "0", side, clean(label))


def _span(scale: Scale, place: Decimal, point: Point) -> Markup:
    if point.low is None or point.high is None:
        return Markup("")
    return Markup('<line x1="{0}%" x2="{0}%" y1="{1}%" y2="{2}%" class="span"/>').format(
        _two(place), _two(_height(scale, point.low)), _two(_height(scale, point.high))
    )


def _dot(scale: Scale, place: Decimal, point: Point) -> Markup:
    if point.value is None:
        return Markup('<text x="{}%" y="{}%" class="middle value">–</text>').format(_two(place), _two(_BOTTOM - 2))
    return Markup(
        '<circle cx="{0}%" cy="{1}%" r="4.5" class="dot"/><text x="{0}%" y="{1}%" dy="-11" class="middle value">{2}</text>'
    ).format(_two(place), _two(_height(scale, point.value)), plain(point.value))


@frozen
class Bin:
    """A column of a distribution: from `low` up to below `high`, and how many stand there."""

    low: Decimal
    high: Decimal
    many: int


def bins(values: Sequence[Decimal], most: int = 12) -> list[Bin]:
    """Columns of one round width over all values; none where there are none."""
    if not values:
        return []
    width = _step(max((max(values) - min(values)) / most, Decimal(10)))
    first, last = (int((end / width).to_integral_value("ROUND_FLOOR")) for end in (min(values), max(values)))
    counted = [Bin(width * n, width * (n + 1), 0) for n in range(first, last + 1)]
    return [Bin(one.low, one.high, sum(one.low <= value < one.high for value in values)) for one in counted]


def columns(found: Sequence[Bin], title: str) -> Markup:
    """A distribution: a column for each stretch of totals, with how many stand there."""
    most = Decimal(max(one.many for one in found))
    width = _WHOLE / len(found)
    parts = []
    for number, one in enumerate(found):
        middle = width * number + width / 2
        top = _BOTTOM - Decimal(one.many) * (_BOTTOM - _TOP) / most
        if one.many:
            parts.append(
                Markup('<rect x="{}%" y="{}%" width="{}%" height="{}%" class="whole"/>').format(
                    _two(width * number + width / 12), _two(top), _two(width * 5 / 6), _two(_BOTTOM - top)
                )
            )
            parts.append(
                Markup('<text x="{}%" y="{}%" dy="-5" class="middle value">{}</text>').format(
                    _two(middle), _two(top), one.many
                )
            )
        parts.append(
            Markup('<text x="{}%" y="94%" class="middle{}">{}</text>').format(
                _two(middle), " odd" if number % 2 else "", decimal_text(one.low)
            )
        )
    parts.append(Markup('<line x1="0%" x2="100%" y1="{0}%" y2="{0}%" class="base"/>').format(_two(_BOTTOM)))
    return _figure(parts, title)


def _figure(parts: Iterable[Markup], title: str) -> Markup:
    return Markup('<svg class="chart" width="100%" height="{}" role="img" aria-label="{}">{}</svg>').format(
        _CHART, escape(clean(title)), Markup("").join(parts)
    )


def patterns() -> Markup:
    """What bars are filled with; once a page. The style sheet says the colours."""
    strokes = (
        "",
        "M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6",
        "M2 2 h1.6 v1.6 h-1.6 z M6 6 h1.6 v1.6 h-1.6 z",
        "M0 2 H8 M0 6 H8",
        "M0 0 L8 8 M0 8 L8 0",
        "M2 0 V8 M6 0 V8",
        "M-2 6 L2 10 M0 0 L8 8 M6 -2 L10 2",
        "M0 4 H8 M4 0 V8",
    )
    found = Markup("").join(
        Markup(
            '<pattern id="p{0}" width="8" height="8" patternUnits="userSpaceOnUse">'
            '<rect width="8" height="8" class="c{0}"/><path d="{1}" class="stroke"/></pattern>'
        ).format(number, path)
        for number, path in enumerate(strokes, 1)
    )
    return Markup(
        '<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>{}</defs></svg>'
    ).format(found)


def _two(value: Decimal) -> str:
    return decimal_text(rounded(value, 2))
