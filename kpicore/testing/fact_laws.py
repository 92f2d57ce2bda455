"""What must hold for indicators over any facts: the laws, each a function from a case to what it finds broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, field, frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.definitions.codec import kind_of, to_document
from kpicore.definitions.indicators import Indicator, Level
from kpicore.engines.duckdb import DuckDBEngine
from kpicore.engines.resolve import resolve
from kpicore.engines.resolved import Leaf, Node, Number, Operation, leaves
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import replay, seal
from kpicore.evaluation.measuring.kept import Kept
from kpicore.evaluation.measuring.measure import Request, measure
from kpicore.evaluation.scoring.scored import card_names
from kpicore.ledger.records import RuleChange
from kpicore.testing.lookback import misread
from kpicore.testing.pools import PERIOD, SERIES
from kpicore.testing.recording import PLAIN, TARGET, Way, growing, recorded, world_over

if TYPE_CHECKING:
    from kpicore.evaluation.world import World
    from kpicore.testing.strategies import History

#: Measured cells by indicator: (subject, period, break-downs …) → row of the measure document.
Rows: TypeAlias = "dict[str, dict[tuple[Any, ...], dict[str, Any]]]"


@frozen
class Asked:
    """One indicator as it is measured in a case.

    Args:
        indicator: The indicator.
        level: At which level.
        params, credit, by: As of a request.
    """

    indicator: Indicator
    level: Level
    params: Mapping[str, Any] = field(factory=dict)
    credit: str | None = None
    by: tuple[str, ...] | None = None

    @property
    def request(self) -> Request:
        """The request."""
        return Request(self.indicator.id, dict(self.params), self.credit, self.by)

    def __str__(self) -> str:
        said = [f"at level {self.level}"]
        said += [f"{name}={value}" for name, value in self.params.items()]
        said += [f"credit {self.credit}"] if self.credit else []
        said += [f"by {', '.join(self.by)}"] if self.by else []
        return f"{self.indicator.id} ({'; '.join(said)})"


class Case:
    """Indicators over a history: what a law is about. A context manager: its ledger is there until the context ends.

    Args:
        book: All definitions.
        asked: The indicators, each once.
        history: The facts.
    """

    def __init__(self, book: Definitions, asked: Sequence[Asked], history: History) -> None:
        self.book, self.asked, self.history = book, tuple(asked), history
        self._open = ExitStack()

    def __enter__(self) -> Case:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def world(self) -> World:
        """The history, recorded plainly."""
        return self._open.enter_context(recorded(self.history, self.book, engine(1)))

    @cached_property
    def usual(self) -> Rows:
        """What the indicators measure in it."""
        return measured(self.world, self.asked)

    def otherwise(self, way: Way, threads: int = 1) -> Rows:
        """What they measure when the history is recorded in another way."""
        with recorded(self.history, self.book, engine(threads), way) as world:
            return measured(world, self.asked)


@frozen
class Broken:
    """Where a law does not hold.

    Args:
        law: What does not hold.
        what: The indicator (or relation).
        said: What came out on both sides.
    """

    law: str
    what: str
    said: str


Law: TypeAlias = "Callable[[Case], Iterator[Broken]]"


@lru_cache(maxsize=2)
def engine(threads: int) -> DuckDBEngine:
    """The engine with so many threads, shared by all cases."""
    return DuckDBEngine(threads=threads, memory_limit="500MB")


def measured(world: World, asked: Sequence[Asked], *, share: bool = True, series: str = SERIES) -> Rows:
    """Measure indicators together, each at its level.

    Args:
        world: Where.
        asked: What.
        share: As of `measure`.
        series: Periods.
    """
    found: Rows = {}
    for level in dict.fromkeys(one.level for one in asked):
        own = [one for one in asked if one.level == level]
        results = measure(world, [one.request for one in own], world.calendar.series(series), level, share=share)
        for one, result in zip(own, results, strict=True):
            rows = result.to_document()["rows"]
            found[one.indicator.id] = {(row["subject"], row["period"], *row["by"].values()): row for row in rows}
    return found


def _differences(law: str, one: Rows, other: Rows) -> Iterator[Broken]:
    for indicator, rows in one.items():
        if rows == other[indicator]:
            continue
        for cell in [*rows, *(cell for cell in other[indicator] if cell not in rows)]:
            a, b = rows.get(cell), other[indicator].get(cell)
            if a != b:
                yield Broken(law, indicator, f"{_cell(cell)}: {_said(a)}, and then {_said(b)}")
                break


def _cell(cell: Iterable[Any]) -> str:
    return ", ".join("nobody" if part is None else str(part) for part in cell)


def _said(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "no row"
    flags = f", {', '.join(row['flags'])}" if row["flags"] else ""
    return f"{row['numerator']} / {row['denominator']} = {row['value']} ({row['state']}{flags})"


def recording(case: Case) -> Iterator[Broken]:
    """Neither the order of rows, nor batches, nor corrections and retractions, nor threads matter."""
    if case.otherwise(Way(shuffled=True, split=2, detours=True), threads=2) == case.usual:
        return
    ways = {
        "rows may come in any order": (Way(shuffled=True), 1),
        "batches may be split anywhere": (Way(split=2), 1),
        "retracting a fact equals never recording it, and correcting one equals recording it right": (
            Way(detours=True),
            1,
        ),
        "threads do not matter": (PLAIN, 2),
        "order, batches, retractions and threads do not matter": (Way(shuffled=True, split=2, detours=True), 2),
    }
    for law, (way, threads) in ways.items():
        broken = list(_differences(law, case.usual, case.otherwise(way, threads)))
        if broken:
            yield from broken
            return


def sharing(case: Case) -> Iterator[Broken]:
    """Scans that several indicators share say the same as scans of their own."""
    apart = measured(case.world, case.asked, share=False)
    yield from _differences("shared scans equal separate scans", case.usual, apart)


def periods(case: Case) -> Iterator[Broken]:
    """A period measured alone says the same as among others."""
    among = {
        name: {cell: row for cell, row in rows.items() if row["period"] == PERIOD} for name, rows in case.usual.items()
    }
    alone = measured(case.world, case.asked, series=PERIOD)
    yield from _differences("one period is the same among several", among, alone)


def pooling(case: Case) -> Iterator[Broken]:
    """What adds up gives the company's number when it is added up over persons, and over those rows that are nobody's."""
    parts = {
        one.indicator.id: _additive(case.world, one)
        for one in case.asked
        if {"person", "company"} <= set(one.indicator.levels)
    }
    asked = [one for one in case.asked if parts.get(one.indicator.id)]
    persons, company = (_at_level(case, asked, level) for level in ("person", "company"))
    for name, wholes in company.items():
        for part in parts[name]:
            for cell, whole in wholes.items():
                own = [row for key, row in persons[name].items() if key[1:] == cell[1:]]
                if whole[part] is None or any(row["state"] in ("missing_data", "immature") for row in own):
                    continue
                pooled = sum((Decimal(row[part] or 0) for row in own), Decimal(0))
                if pooled != Decimal(whole[part]):
                    said = f"{_cell(cell)}: the company's {part} is {whole[part]}, its persons' {pooled}"
                    yield Broken("the company is its persons pooled, and those facts that are nobody's", name, said)
                    break


def replaying(case: Case) -> Iterator[Broken]:
    """What was sealed comes out again when no plugin is there any more."""
    law = "an evaluation replays with the plugin unloaded"
    ledger = case.world.ledger
    for level in dict.fromkeys(one.level for one in case.asked):
        card = _card(level, [one for one in case.asked if one.level == level])
        used = case.book.closure(card_names(card, case.book))
        adopted = [RuleChange(kind_of(used[name]), name, to_document(used[name])) for name in used]
        settings = RuleChange("organisation", "organisation", to_document(case.history.organisation))
        change = RuleChange("scorecard", card.id, to_document(card), card.effective)
        ledger.adopt([*adopted, settings, change], by="laws", reason="a law")
        now = world_over(ledger, case.history, case.book, case.world.engine).derive(overrides=(), tables={})
        sealed = seal(now, evaluate(now, card.id, PERIOD), by="laws")
        again = replay(now.derive(installed=Definitions.of(())), sealed.id)
        if not again.identical:
            first = again.differences[0] if again.differences else "another digest"
            yield Broken(law, _line(card, first), str(first))


def looking_back(case: Case) -> Iterator[Broken]:
    """A relation's rows depend on nothing outside the stretch of time that its `reads` name."""
    law = "reading only what `reads` names equals reading all"
    relations = case.book.closure(one.indicator.id for one in case.asked).relations
    yield from (Broken(law, name, said) for name, said in misread(case.world, relations))


def keeping(case: Case) -> Iterator[Broken]:
    """After some facts more, measuring only the windows that they touch says the same as measuring all."""
    kept = Kept()
    with growing(case.history, case.book, case.world.engine) as worlds:
        for world in worlds:
            again = measured(world.derive(kept=kept), case.asked)
        afresh = measured(world, case.asked)
    yield from _differences("what is kept of a result equals measuring all again", afresh, again)


#: All laws over facts.
FACT_LAWS: tuple[Law, ...] = (recording, sharing, periods, pooling, replaying, looking_back, keeping)


def _at_level(case: Case, asked: Sequence[Asked], level: Level) -> Rows:
    """What some indicators of a case measure at a level."""
    usual = {one.indicator.id: case.usual[one.indicator.id] for one in asked if one.level == level}
    moved = [evolve(one, level=level) for one in asked if one.level != level]
    return {**usual, **(measured(case.world, moved) if moved else {})}


def _additive(world: World, one: Asked) -> tuple[str, ...]:
    """Which of numerator and denominator add up over persons."""
    node = resolve(world.definitions, one.indicator.id, one.params, one.credit, one.by, "person").node
    sides = {"numerator": node}
    if isinstance(node, Operation) and node.op == "/":
        sides = {"numerator": node.left, "denominator": node.right}
    return tuple(part for part, side in sides.items() if any(True for _ in leaves(side)) and _adds_up(side))


def _adds_up(node: Node) -> bool:
    if isinstance(node, Leaf):
        return node.aggregate.op in ("count", "total") and not node.whole
    if not isinstance(node, Operation):
        return False
    if node.op in "+-":
        return _adds_up(node.left) and _adds_up(node.right)
    sides = (node.left, node.right)
    return node.op == "*" and any(isinstance(side, Number) for side in sides) and any(_adds_up(side) for side in sides)


def _card(level: Level, asked: Sequence[Asked]) -> Scorecard:
    """A scorecard of some indicators: the first that can be scored has all the weight."""
    scored = next((one for one in asked if one.indicator.indicator_type not in ("base", "meta")), None)
    lines = [
        Line(
            one.indicator.id,
            Decimal(100) if one is scored else Decimal(0),
            TARGET,
            curve="ratio" if one.indicator.better in ("higher", "lower") else "linear",
            curve_params={} if one.indicator.better in ("higher", "lower") else {"zero": "-1000"},
            params=one.params,
            credit=one.credit,
        )
        for one in asked
    ]
    return Scorecard(f"laws_{level}", "laws", "all", "month", "1970-01-01", lines, level)


def _line(card: Scorecard, difference: Any) -> str:
    """The indicator that a difference of a replay is about, or all of them."""
    path = str(difference.get("path", "")) if isinstance(difference, Mapping) else ""
    for number, line in enumerate(card.lines):
        if f"lines[{number}]" in path or f"lines.{number}." in path:
            return line.indicator
    return ", ".join(line.indicator for line in card.lines)
