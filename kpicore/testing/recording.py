"""From a generated history to a ledger, recorded in one way or another."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.definitions.indicators import LEVELS
from kpicore.evaluation.sealing.table import NAME, example_lines
from kpicore.evaluation.world import World
from kpicore.ledger.records import Batch
from kpicore.ledger.rows import check_keys, check_rows, refuse
from kpicore.ledger.store import Ledger
from kpicore.periods import Calendar
from kpicore.testing.pools import LATER_US, PEOPLE, PERIOD

if TYPE_CHECKING:
    from kpicore.engines.base import Engine
    from kpicore.testing.strategies import Fact, History

#: Targets of every indicator at every level, so that measures over targets have some.
TARGET = Decimal(500)
#: What was sealed before, in points: measures over sealed scores have some.
SEALED = ("112", "95.5", "120")
TEAMS = "team_defined"
#: Share of what happens last where a ledger grows, and how much later it is looked at then.
LATE, WEEK_US = 0.04, 7 * 86_400_000_000


@frozen
class Way:
    """How a history is recorded. None of it may matter.

    Args:
        shuffled: Rows and batches come in another order.
        split: Rows of a batch, at most; None: all of a type and source in one.
        detours: What is corrected comes before its correction, and what is withdrawn is recorded and retracted.
    """

    shuffled: bool = False
    split: int | None = None
    detours: bool = False


PLAIN = Way()


@contextmanager
def recorded(history: History, book: Definitions, engine: Engine, way: Way = PLAIN) -> Iterator[World]:
    """A world over a new ledger that holds a history, until the context ends.

    Args:
        history: What happened.
        book: The definitions.
        engine: Runs the measures.
        way: How it is recorded.
    """
    with Ledger.open(":memory:", clock=lambda: LATER_US) as ledger:
        batches = list(_batches(history, book, way))
        if batches:
            ledger.record(batches)
        yield world_over(ledger, history, book, engine)


@contextmanager
def growing(history: History, book: Definitions, engine: Engine) -> Iterator[Iterator[World]]:
    """The worlds of a ledger that grows: first without the last few things that happened, and a week earlier; then with them.

    Late facts are among the last, corrections and retractions.

    Args:
        history: What happened.
        book: The definitions.
        engine: Runs the measures.
    """
    rows, gone = _before(history), [(fact, _key(fact, book)) for fact in history.withdrawn]
    final = [(fact, fact.row) for fact in history.facts]
    chance = random.Random(len(history.facts))  # noqa: S311 - an order, not a secret

    def parted(some: list[tuple[Fact, Mapping[str, Any]]]) -> tuple[list[Any], list[Any]]:
        # A team that is corrected may have been above itself before: nothing could be measured then.
        late = [chance.random() < LATE and (one.before is None or one.fact_type != TEAMS) for one, _ in some]
        pairs = list(zip(some, late, strict=True))
        return [one for one, last in pairs if not last], [one for one, last in pairs if last]

    (soon, late), (soon_gone, late_gone) = parted(final), parted(gone)

    def batches(stage: str, rows: list[tuple[Fact, Mapping[str, Any]]]) -> list[Batch]:
        return list(_stage(stage, rows, book, PLAIN, chance))

    with Ledger.open(":memory:", clock=lambda: LATER_US) as ledger:

        def worlds() -> Iterator[World]:
            ledger.record([*batches("first", rows), *batches("last", soon), *batches("gone", soon_gone)])
            yield world_over(ledger, evolve(history, as_of=history.as_of - WEEK_US), book, engine)
            later = [
                *batches("later", late),
                *(evolve(one, batch_key=f"late {one.batch_key}") for one in batches("gone", late_gone)),
            ]
            if later:
                ledger.record(later)
            yield world_over(ledger, history, book, engine)

        yield worlds()


def world_over(ledger: Ledger, history: History, book: Definitions, engine: Engine) -> World:
    """The world of a ledger that holds a history: its organisation, targets, and some sealed scores.

    Args:
        ledger: The ledger.
        history: What it holds.
        book: The definitions.
        engine: Runs the measures.
    """
    known = ledger.cut()
    zone = history.organisation.timezone
    bounds = Calendar(zone).bounds(Calendar(zone).period(PERIOD))
    lines = [{"subject": who, "total": total} for who, total in zip(PEOPLE, SEALED, strict=True)]
    return World(
        ledger,
        ledger.at(known.facts, known.rules, history.as_of),
        book,
        engine,
        (history.organisation, *_targets(book)),
        tables={NAME: example_lines(lines, bounds)},
    )


def _targets(book: Definitions) -> list[Scorecard]:
    return [
        Scorecard(
            f"targets_{level}",
            "targets",
            "all",
            "month",
            "1970-01-01",
            [Line(name, Decimal(0), TARGET) for name in book.indicators],
            level,
        )
        for level in LEVELS
    ]


def _batches(history: History, book: Definitions, way: Way) -> Iterator[Batch]:
    chance = random.Random(len(history.facts))  # noqa: S311 - an order, not a secret
    final = [(fact, fact.row) for fact in history.facts]
    yield from _stage("first", _before(history) if way.detours else [], book, way, chance)
    yield from _stage("last", final, book, way, chance)
    if way.detours:
        keys = [(fact, _key(fact, book)) for fact in history.withdrawn]
        yield from _stage("gone", keys, book, way, chance)


def _before(history: History) -> list[tuple[Fact, Mapping[str, Any]]]:
    wrong = [(fact, fact.before) for fact in history.facts if fact.before is not None]
    return [*wrong, *((fact, fact.row) for fact in history.withdrawn)]


def _key(fact: Fact, book: Definitions) -> Mapping[str, Any]:
    return {name: fact.row[name] for name in book.fact_types[fact.fact_type].key}


def _stage(
    stage: str, rows: Iterable[tuple[Fact, Mapping[str, Any]]], book: Definitions, way: Way, chance: random.Random
) -> Iterator[Batch]:
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for fact, row in rows:
        groups[fact.fact_type, fact.source].append(row)
    names = list(groups)
    if way.shuffled:
        chance.shuffle(names)
    for name, source in names:
        own = groups[name, source]
        if way.shuffled:
            chance.shuffle(own)
        most = way.split or len(own)
        for start in range(0, len(own), most):
            yield _batch(stage, name, source, start, own[start : start + most], book)


def _batch(
    stage: str, name: str, source: str, number: int, rows: Sequence[Mapping[str, Any]], book: Definitions
) -> Batch:
    fact_type = book.fact_types[name]
    table, refused = (check_keys if stage == "gone" else check_rows)(fact_type, rows)
    if refused:
        raise refuse(f"generated {name}", refused)
    key = f"{stage} {name} {number}"
    if stage == "gone":
        return Batch(fact_type, table, source, key, kind="retraction", reason="never happened")
    return Batch(fact_type, table, source, key)
