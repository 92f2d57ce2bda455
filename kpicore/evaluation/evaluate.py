"""Evaluate: a scorecard over a period at a cut, as one pure function of facts and rules."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import define

from kpicore.definitions.scorecards import Gate, Line, Modifier, Scorecard
from kpicore.errors import InvalidInput
from kpicore.evaluation.cells import Cells, Column, Subjects, codes_of
from kpicore.evaluation.documents import instant_text
from kpicore.evaluation.drafts import draft_digest
from kpicore.evaluation.ids import EvaluationId, evaluation_id
from kpicore.evaluation.measure import Reading, Request
from kpicore.evaluation.measured import Measured
from kpicore.evaluation.outcome import Outcome, outcome
from kpicore.evaluation.scored import Scored, line_rules, score_cells
from kpicore.evaluation.sealing import result_digest, sealed_columns, subject_documents
from kpicore.evaluation.subjects import roster
from kpicore.evaluation.world import CardInForce, World
from kpicore.periods import Bounds, Period

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Evaluation", "condition_request", "evaluate", "measure_conditions", "measure_lines", "request_of"]


@define(frozen=True, slots=False, eq=False)
class Evaluation:
    """Scores of everyone on a scorecard in a period, and the world that they came from.

    `to_document()` is what programs read; it also speaks Arrow and pandas and shows itself in a notebook.

    Args:
        world: Facts and rules.
        in_force: The scorecard.
        bounds: The period as instants.
        scored: Scores of the lines and their sums.
        outcome: Totals, after modifiers, gates and caps, with bands and coefficients.
        sealed: Whether the measurements were read from a seal.
    """

    world: World
    in_force: CardInForce
    bounds: Bounds
    scored: Scored
    outcome: Outcome
    sealed: bool = False

    @property
    def card(self) -> Scorecard:
        """The scorecard that was applied."""
        return self.in_force.card

    @cached_property
    def parts(self) -> EvaluationId:
        """What the id is made of."""
        cut = self.world.cut
        own = self.world.ledger.at(cut.facts, cut.rules, None).as_of
        return evaluation_id(self.card.id, self.bounds.period_id, cut, own, draft_digest(self.world.overrides))

    @property
    def id(self) -> str:
        """Names what it takes to compute this again."""
        return str(self.parts)

    @cached_property
    def columns(self) -> dict[str, Any]:
        """Subjects, totals, bands and lines as they are sealed, see `sealing`."""
        return sealed_columns(self.scored, self.outcome)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the result, see `sealing`."""
        return result_digest(self.card, self.bounds, self.columns)

    @property
    def head(self) -> dict[str, Any]:
        """The evaluate document without its subjects."""
        cut = self.world.cut
        return {
            "evaluation": self.id,
            "scorecard": self.card.id,
            "period": self.bounds.period_id,
            "level": self.card.level,
            "facts_cut": cut.facts,
            "rules_cut": cut.rules,
            "as_of": instant_text(cut.as_of),
            "digest": self.digest,
        }

    @cached_property
    def _document(self) -> dict[str, Any]:
        lines = self.scored.lines_document()
        return {**self.head, "subjects": subject_documents(self.scored.subjects, self.columns, lines)}

    @property
    def totals(self) -> dict[str | None, Decimal | None]:
        """Everyone's total; None where there is none."""
        return dict(zip(self.scored.subjects, self.outcome.totals, strict=True))

    def blocked(self) -> list[tuple[str | None, str, str]]:
        """Subject, indicator and state of everything empty whose policy blocks sealing."""
        return [*self.scored.blocked(), *self.outcome.blocked()]

    def to_document(self) -> dict[str, Any]:
        """The evaluate document, as JSON values."""
        return dict(self._document)

    def to_arrow(self) -> pa.Table:
        """One row a subject and line: the document's columns, numbers as decimals."""
        from kpicore.evaluation.tables import evaluation_table

        return evaluation_table(self._document)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """The rows of `to_arrow` as a pandas frame."""
        return self.to_arrow().to_pandas()

    def _repr_html_(self) -> str:
        from kpicore.evaluation.tables import evaluation_html

        return evaluation_html(self._document)

    def __repr__(self) -> str:
        return f"<Evaluation {self.id}: {len(self.scored.subjects)} subjects>"


def evaluate(world: World, card_id: str, period_text: str) -> Evaluation:
    """Score everyone on a scorecard.

    Args:
        world: Facts and rules at a cut.
        card_id: The scorecard.
        period_text: A period of the scorecard's length.

    Raises:
        NotFound: No such scorecard, or it begins later.
        InvalidInput: The period is of another length.
        Refused: The scorecard changes inside the period.
    """
    period = world.calendar.period(period_text)
    bounds = world.calendar.bounds(period)
    in_force = world.scorecard_of(card_id, bounds)
    card = in_force.card
    check_length(card, period)
    subjects, cells = measure_lines(world, card, period.id)
    recorded = world.recorded_targets(card, bounds)
    scored = score_cells(card, line_rules(card, world.definitions), subjects, cells, period.id, recorded)
    found = outcome(card, subjects, scored.totals, measure_conditions(world, card, period.id, subjects), period.id)
    return Evaluation(world, in_force, bounds, scored, found)


def measure_lines(world: World, card: Scorecard, period_text: str) -> tuple[Subjects, list[Cells]]:
    """Who is scored on a card in a period, and what every line measures for them.

    Scored is who was assigned the card's role in the period, with their teams on a card of the level team. Where no
    assignment is recorded at all, it is whoever owns a fact that a line counts.

    Args:
        world: Facts and definitions at a cut.
        card: The scorecard.
        period_text: The period.
    """
    period = world.calendar.period(period_text)
    reading = Reading(world, [request_of(line) for line in card.lines], [period], card.level)
    if card.level == "company" or _assigned(world):
        subjects = roster(world, card.role, world.calendar.bounds(period), card.level)
    else:
        owners = reading.measured(roster=False)
        found = {subject for one in owners for subject in one.subjects if subject is not None}
        subjects = tuple(sorted(found))
    measured = reading.measured(subjects=subjects)
    return subjects, [_cells(one, subjects) for one in measured]


def measure_conditions(world: World, card: Scorecard, period_text: str, subjects: Subjects) -> list[Cells]:
    """What the indicators of a card's modifiers and gates measure, in the order of `card.conditions`.

    Args:
        world: Facts and definitions at a cut.
        card: The scorecard.
        period_text: The period.
        subjects: Who is scored.
    """
    requests = [condition_request(rule) for rule in card.conditions]
    if not requests:
        return []
    period = world.calendar.period(period_text)
    measured = Reading(world, requests, [period], card.level).measured(subjects=subjects)
    return [_cells(one, subjects) for one in measured]


def _assigned(world: World) -> bool:
    return "employee_assigned" in world.definitions and world.table("employee_assigned").num_rows > 0


def _cells(measured: Measured, subjects: Subjects) -> Cells:
    """The measured columns for these subjects, in their order."""
    columns = Cells(
        Column(measured.numerator, measured.no_numerator),
        Column(measured.denominator, measured.no_denominator),
        Column(measured.values, measured.no_value),
        codes_of(measured.states),
        measured.flags,
    )
    if measured.subjects == subjects:
        return columns
    places = {subject: place for place, subject in enumerate(measured.subjects)}
    return columns.picked([places[subject] for subject in subjects])


def check_length(card: Scorecard, period: Period) -> None:
    """Refuse a period of another length than the card's."""
    if period.kind != card.period:
        raise InvalidInput(
            f"{period.id} is a {period.kind}; scorecard {card.id} goes by {card.period}",
            code="wrong_period",
            hint=f"evaluate a {card.period}",
        )


def request_of(line: Line) -> Request:
    """What is measured for a line."""
    return Request(line.indicator, dict(line.params), line.credit, ())


def condition_request(rule: Gate | Modifier) -> Request:
    """What is measured for a modifier or gate."""
    return Request(str(rule.indicator), dict(rule.params), None, ())
