"""Running the examples of indicators: the rows of a case go through a ledger of their own and are measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from kpicore.errors import InvalidDefinition, KpicoreError
from kpicore.naming import did_you_mean, translated
from kpicore.periods import Bounds, Calendar

if TYPE_CHECKING:
    from kpicore.definitions.book import Definitions
    from kpicore.definitions.cards.scorecards import Scorecard
    from kpicore.definitions.facts import FactType
    from kpicore.definitions.indicators import Example, Indicator, Level
    from kpicore.engines.base import Engine

#: Who owns the rows of an example, and their team.
SUBJECT, TEAM = "someone", "some team"
SOURCE = "example"

#: What a required field holds when a row leaves it out; ids get distinct values, instants the middle of the period.
NEUTRAL: Mapping[str, Any] = {
    "text": "any",
    "money": "100",
    "decimal": "1",
    "rate": "1",
    "integer": 1,
    "boolean": True,
}

#: Where an example is measured: the company has all rows, whoever is credited.
_LEVELS: tuple[Level, ...] = ("company", "person", "team")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: So long after the period an example is measured, unless it says otherwise: 20 years, in µs.
_LONG = 20 * 365 * 86_400_000_000


@frozen
class ExampleResult:
    """What came out of one example.

    Args:
        indicator: Id of the indicator.
        example: The example.
        value: What was measured; None where it is empty.
        state: The state that came out; None where it could not be measured.
        error: Why it could not be measured.
    """

    indicator: str
    example: Example
    value: Decimal | None = None
    state: str | None = None
    flags: tuple[str, ...] = field(default=())
    error: KpicoreError | None = None

    @property
    def passed(self) -> bool:
        """Whether value and state are the example's."""
        return self.error is None and self.state == self.example.state and self.value == _expected(self.example)

    @property
    def title(self) -> str:
        """Title of the example, in English."""
        return translated(self.example.title, "en")

    def __str__(self) -> str:
        said = f"{self.indicator}, example {self.title!r}"
        if self.error is not None:
            return f"{said}: {self.error}"
        wanted = f"{_shown(_expected(self.example))} ({self.example.state})"
        if self.passed:
            return f"{said}: {wanted}"
        return f"{said}: expected {wanted}, measured {_shown(self.value)} ({self.state})"

    def to_dict(self) -> dict[str, Any]:
        """The result as the report of `plugins check` carries it."""
        return {
            "indicator": self.indicator,
            "title": dict(self.example.title),
            "passed": self.passed,
            "expected": {"value": self.example.value, "state": self.example.state},
            "measured": None if self.error else {"value": _text(self.value), "state": self.state},
            "error": self.error.to_dict() if self.error else None,
        }


def run_example(
    indicator: Indicator, example: Example, book: Definitions, engine: Engine | None = None
) -> ExampleResult:
    """Record the rows of an example in a new ledger and measure them.

    Measured is the company; where the indicator does not know that level, the one subject, or its team. Nothing is
    raised for an example that cannot run: the result says why.

    Args:
        indicator: What is measured.
        example: The case.
        book: The definitions that the indicator and the rows need.
        engine: Runs the measure; the embedded one when None.
    """
    try:
        row = _measured(indicator, example, book, engine)
    except KpicoreError as error:
        return ExampleResult(indicator.id, example, error=error)
    value = None if row["value"] is None else Decimal(row["value"])
    return ExampleResult(indicator.id, example, value, row["state"], tuple(row["flags"]))


def run_examples(indicators: Iterable[Indicator], book: Definitions) -> list[ExampleResult]:
    """Run every example of some indicators on one engine, in order."""
    from kpicore.engines.duckdb import DuckDBEngine

    engine = DuckDBEngine(threads=1)
    try:
        return [run_example(found, example, book, engine) for found in indicators for example in found.examples]
    finally:
        engine.close()


def rows_of(
    fact_type: FactType, given: int | Iterable[Mapping[str, Any]], calendar: Calendar, middle: int
) -> list[dict[str, Any]]:
    """The rows of one fact type, with what they leave out filled in.

    Args:
        fact_type: Their fact type.
        given: How many rows, or the rows.
        calendar: Reads instants that are texts.
        middle: What `occurred_at` is when it is left out, in µs UTC.

    Returns:
        Rows with the fields that were given, key fields, `occurred_at`, `owner_id` and required fields.
    """
    rows: list[Mapping[str, Any]] = [{} for _ in range(given)] if isinstance(given, int) else list(given)
    filled = []
    for n, row in enumerate(rows, 1):
        whole: dict[str, Any] = {"occurred_at": middle, "owner_id": SUBJECT}
        for name, spec in fact_type.fields.items():
            if name in fact_type.key or spec.required:
                whole[name] = _neutral(fact_type, name, spec.kind, n, middle)
        whole.update(row)
        for name, spec in fact_type.all_fields().items():
            if spec.kind == "instant" and whole.get(name) is not None:
                whole[name] = _instant(whole[name], calendar)
        filled.append(whole)
    return filled


def _measured(indicator: Indicator, example: Example, book: Definitions, engine: Engine | None) -> dict[str, Any]:
    from kpicore.engines.duckdb import DuckDBEngine
    from kpicore.evaluation.measuring.measure import Request, measure
    from kpicore.evaluation.sealing.table import NAME, example_lines
    from kpicore.evaluation.world import World
    from kpicore.ledger.store import Ledger

    calendar = Calendar()
    period = calendar.period(example.period)
    bounds = calendar.bounds(period)
    later = bounds.end_us + _LONG
    level = next(level for level in _LEVELS if level in indicator.levels)
    with Ledger.open(":memory:", clock=lambda: later) as ledger:
        facts: dict[str, Any] = {**({} if level == "company" else _assigned(indicator)), **example.facts}
        sealed = facts.pop(NAME, [])
        ledger.record(_batches(facts, translated(example.title, "en"), book, bounds))
        known = ledger.cut()
        as_of = later if example.as_of is None else calendar.instant(example.as_of)
        world = World(
            ledger,
            ledger.at(known.facts, known.rules, as_of),
            book,
            engine or DuckDBEngine(threads=1),
            _targets(example, level, period.kind),
            tables={NAME: example_lines([{"subject": SUBJECT, **row} for row in sealed], bounds)},
        )
        request = Request(indicator.id, dict(example.params), None, tuple(example.by))
        rows = measure(world, [request], [period], level)[0].to_document()["rows"]
    subject = {"company": None, "person": SUBJECT, "team": TEAM}[level]
    for row in rows:
        if row["subject"] == subject and row["by"] == dict(example.by):
            found: dict[str, Any] = row
            return found
    where = f"example {translated(example.title, 'en')!r}"
    if example.by:
        raise InvalidDefinition(f"there is no cell {dict(example.by)}", where=where, hint="nothing counts in it")
    raise InvalidDefinition(f"{subject} is not measured", where=where, hint=f"assign {SUBJECT}")


def _targets(example: Example, level: Level, period: str) -> tuple[Scorecard, ...]:
    """A scorecard that gives the example's targets."""
    from kpicore.definitions.cards.scorecards import Line, Scorecard

    if not example.targets:
        return ()
    lines = [Line(indicator, Decimal(0), target) for indicator, target in example.targets.items()]
    return (Scorecard("example", "example", "all", period, "1970-01-01", lines, level),)


def _assigned(indicator: Indicator) -> dict[str, list[dict[str, Any]]]:
    """The one subject has a role and a team, so that it is measured even where it did nothing."""
    role = indicator.roles[0] if indicator.roles else None
    return {
        "employee_assigned": [
            {"employee_id": SUBJECT, "team_id": TEAM, "role": role, "effective_from": "1970-01-01T00:00:00Z"}
        ]
    }


def _batches(facts: Mapping[str, Any], title: str, book: Definitions, bounds: Bounds) -> list[Any]:
    from kpicore.ledger.records import Batch
    from kpicore.ledger.rows import check_rows

    where, calendar = f"example {title!r}", Calendar()
    middle = (bounds.start_us + bounds.end_us) // 2
    batches = []
    for name, given in facts.items():
        fact_type = book.fact_types.get(name)
        if fact_type is None:
            hint = did_you_mean(name, book.fact_types)
            raise InvalidDefinition(f"there is no fact type {name}", where=where, hint=hint)
        table, refused = check_rows(fact_type, rows_of(fact_type, given, calendar, middle))
        if refused:
            raise InvalidDefinition(
                f"a row of {name} is refused: {refused[0]!r}", where=where, hint="mend the facts of the example"
            )
        batches.append(Batch(fact_type, table, SOURCE, name))
    return batches


def _neutral(fact_type: FactType, name: str, kind: str, n: int, middle: int) -> Any:
    if kind == "instant":
        return middle
    if name in fact_type.key and kind in ("id", "text"):
        return f"{fact_type.name}-{n}"
    if name in fact_type.key and kind == "integer":
        return n
    return f"{name}-{n}" if kind == "id" else NEUTRAL[kind]


def _instant(value: Any, calendar: Calendar) -> datetime:
    micros = value if isinstance(value, int) else calendar.instant(value)
    return _EPOCH + timedelta(microseconds=micros)


def _expected(example: Example) -> Decimal | None:
    if example.value is None:
        return None
    try:
        return Decimal(example.value)
    except InvalidOperation:
        return Decimal("NaN")


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _shown(value: Decimal | None) -> str:
    return "nothing" if value is None else format(value, "f")
