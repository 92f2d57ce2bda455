"""Lines measured: what every line of a card has for everyone, over one period or over stretches of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from kpicore.definitions.cards.scorecards import Gate, Line, Modifier, Scorecard
from kpicore.definitions.indicators import Level
from kpicore.evaluation.measuring.measure import Reading, Request
from kpicore.evaluation.measuring.measured import Measured
from kpicore.evaluation.measuring.subjects import roster
from kpicore.evaluation.scoring.cells import Cells, Column, Subjects, codes_of, in_order, stacked_cells
from kpicore.evaluation.split.proration import targets_of_parts
from kpicore.evaluation.split.segments import assigned
from kpicore.evaluation.world import World
from kpicore.periods import Period

__all__ = [
    "Stretch",
    "condition_request",
    "measure_conditions",
    "measure_lines",
    "measure_spans",
    "measure_stretches",
    "owners",
    "request_of",
    "requests_of",
]


@frozen
class Stretch:
    """What is to be measured: a window, for whom, and on which lines.

    Args:
        window: A period, or a part of one.
        whole: The period.
        subjects: For whom.
        requests: What each line measures.
    """

    window: Period
    whole: Period
    subjects: Subjects
    requests: tuple[Request, ...]


def request_of(line: Line) -> Request:
    """What is measured for a line."""
    return Request(line.indicator, dict(line.params), line.credit, ())


def requests_of(card: Scorecard) -> tuple[Request, ...]:
    """What is measured for every line of a card."""
    return tuple(request_of(line) for line in card.lines)


def measure_lines(
    world: World, card: Scorecard, period_text: str, subjects: Subjects | None = None
) -> tuple[Subjects, list[Cells]]:
    """Who is scored on a card in a whole period, and what every line measures for them.

    Scored is who was assigned the card's role in the period, with their teams on a card of the level team. Where no
    assignment is recorded at all, it is whoever owns a fact that a line counts.

    Args:
        world: Facts and definitions at a cut.
        card: The scorecard.
        period_text: The period.
        subjects: Who is scored, where that is known already.
    """
    period = world.calendar.period(period_text)
    reading = Reading(world, requests_of(card), [period], card.level)
    if subjects is not None:
        everyone = subjects
    elif card.level == "company" or assigned(world):
        everyone = roster(world, card.role, world.calendar.bounds(period), card.level)
    else:
        everyone = _owning(reading)
    return everyone, [_cells(one, everyone, period) for one in reading.measured(subjects=everyone)]


def condition_request(rule: Gate | Modifier) -> Request:
    """What is measured for a modifier or gate."""
    return Request(str(rule.indicator), dict(rule.params), None, ())


def measure_conditions(world: World, card: Scorecard, period_text: str, subjects: Subjects) -> list[Cells]:
    """What the indicators of a card's modifiers and gates measure, in the order of `card.conditions`.

    Args:
        world: Facts and definitions at a cut.
        card: The scorecard.
        period_text: The period.
        subjects: Who is scored.
    """
    period = world.calendar.period(period_text)
    return measure_spans(world, card, subjects, period, {period: subjects})


def measure_spans(
    world: World, card: Scorecard, subjects: Subjects, whole: Period, spans: Mapping[Period, Sequence[str | None]]
) -> list[Cells]:
    """As `measure_conditions`, of everyone over a window of their own.

    Args:
        world, card: As of `measure_conditions`.
        subjects: Everyone, in order.
        whole: The period.
        spans: Who is looked at over which window of it.
    """
    requests = tuple(condition_request(rule) for rule in card.conditions)
    if not requests:
        return []
    stretches = [Stretch(window, whole, tuple(names), requests) for window, names in spans.items()]
    measured = measure_stretches(world, stretches, card.level)
    if len(stretches) == 1 and stretches[0].subjects == subjects:
        return measured[0]
    row = {name: n for n, name in enumerate(name for one in stretches for name in one.subjects)}
    order = [row[name] for name in subjects]
    return [stacked_cells([found[place] for found in measured]).picked(order) for place in range(len(requests))]


def owners(world: World, stretches: Sequence[Stretch], level: Level) -> Subjects:
    """Whoever owns a fact that a line counts in one of the stretches, in the order of code points."""
    found: set[str | None] = set()
    for windows, requests in _together(stretches):
        found.update(_owning(_reading(world, requests, [stretches[place] for place in windows], level)))
    return tuple(sorted(name for name in found if name is not None))


def measure_stretches(world: World, stretches: Sequence[Stretch], level: Level) -> list[list[Cells]]:
    """What each stretch measures, line by line, aligned with its subjects; in as few calls as there are kinds of lines.

    Args:
        world: Facts and definitions at a cut.
        stretches: They may overlap.
        level: person, team or company.
    """
    found: list[list[Cells]] = [[] for _ in stretches]
    for places, requests in _together(stretches):
        rosters: dict[Period, set[str | None]] = {}
        for place in places:
            rosters.setdefault(stretches[place].window, set()).update(stretches[place].subjects)
        names = [in_order(everyone) for everyone in rosters.values()]
        measured = _reading(world, requests, [stretches[place] for place in places], level).measured(rosters=names)
        for cells, rows in map(_indexed, measured):
            for place in places:
                one = stretches[place]
                found[place].append(cells.picked([rows[one.window.id, subject] for subject in one.subjects]))
    return found


def _reading(world: World, requests: Sequence[Request], stretches: Sequence[Stretch], level: Level) -> Reading:
    windows = list(dict.fromkeys(one.window for one in stretches))
    targets = targets_of_parts(world, windows, stretches[0].whole)
    return Reading(world, requests, windows, level, targets=targets)


def _together(stretches: Sequence[Stretch]) -> Iterator[tuple[list[int], tuple[Request, ...]]]:
    """Places of the stretches that are read together: of the same lines, and of a named period or of parts of one.

    A period that others lie in is read by itself: together with them its scan would be a join.
    """
    kinds: list[tuple[tuple[Request, ...], bool]] = []
    for one in stretches:
        kind = (one.requests, one.window.kind == "range")
        if kind not in kinds:
            kinds.append(kind)
    for requests, part in kinds:
        yield (
            [n for n, one in enumerate(stretches) if (one.requests, one.window.kind == "range") == (requests, part)],
            requests,
        )


def _owning(reading: Reading) -> Subjects:
    found = {subject for one in reading.measured(roster=False) for subject in one.subjects if subject is not None}
    return tuple(sorted(found))


def _cells(measured: Measured, subjects: Subjects, period: Period) -> Cells:
    """The measured columns for these subjects in the one period, in their order."""
    columns = _columns(measured)
    if measured.subjects == subjects:
        return columns
    _, rows = _indexed(measured)
    return columns.picked([rows[period.id, subject] for subject in subjects])


def _indexed(measured: Measured) -> tuple[Cells, dict[tuple[str, str | None], int]]:
    """The measured columns, and the row of each period and subject in them."""
    rows = {key: row for row, key in enumerate(zip(measured.periods, measured.subjects, strict=True))}
    return _columns(measured), rows


def _columns(measured: Measured) -> Cells:
    return Cells(
        Column(measured.numerator, measured.no_numerator),
        Column(measured.denominator, measured.no_denominator),
        Column(measured.values, measured.no_value),
        codes_of(measured.states),
        measured.flags,
    )
