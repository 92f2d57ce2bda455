"""Evaluate: a scorecard over a period at a cut, as one pure function of facts and rules."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import define

from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.errors import InvalidInput
from kpicore.evaluation.documents import instant_text
from kpicore.evaluation.history.drafts import draft_digest
from kpicore.evaluation.history.ids import EvaluationId, evaluation_id
from kpicore.evaluation.scoring.cells import Cells
from kpicore.evaluation.scoring.outcome import Outcome, outcome
from kpicore.evaluation.scoring.scored import Scored, line_rules, score_cells
from kpicore.evaluation.sealing.form import evaluate_document, result_digest, sealed_columns, subject_documents
from kpicore.evaluation.sealing.segments import segment_columns
from kpicore.evaluation.split.last import last_values
from kpicore.evaluation.split.lines import (
    condition_request,
    measure_conditions,
    measure_lines,
    measure_spans,
    request_of,
)
from kpicore.evaluation.split.parts import Part, scored_parts, spans
from kpicore.evaluation.split.pooling import Split, pooled
from kpicore.evaluation.split.segments import divide
from kpicore.evaluation.world import CardInForce, World
from kpicore.periods import Bounds, Period

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Evaluation",
    "condition_request",
    "evaluate",
    "measure_conditions",
    "measure_lines",
    "of_parts",
    "request_of",
]


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
        split: What a split period has beside the lines of everyone; None where nobody's period is split.
    """

    world: World
    in_force: CardInForce
    bounds: Bounds
    scored: Scored
    outcome: Outcome
    sealed: bool = False
    split: Split | None = None

    @property
    def card(self) -> Scorecard:
        """The scorecard that was applied; in a split period the version in force at its end."""
        return self.in_force.card

    @property
    def cards(self) -> tuple[Scorecard, ...]:
        """The versions of the scorecard that somebody was scored by, in the order in which they were in force."""
        found = {part.segment.version: part.in_force.card for part in self.segments}
        return tuple(found[version] for version in sorted(found)) or (self.card,)

    @property
    def segments(self) -> tuple[Part, ...]:
        """The segments of a split period, in order; none where nobody's period is split."""
        return () if self.split is None else self.split.parts

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
        """Subjects, totals, bands and lines as they are sealed, and segments where there are some, see `sealing.form`."""
        columns = sealed_columns(self.scored, self.outcome)
        return columns if self.split is None else {**columns, **segment_columns(columns, self.scored, self.split)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the result, see `sealing.form`."""
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
        if self.split is not None:
            return evaluate_document({**self.head, **self.columns})
        lines = self.scored.lines_document()
        return {**self.head, "subjects": subject_documents(self.scored.subjects, self.columns, lines)}

    @property
    def totals(self) -> dict[str | None, Decimal | None]:
        """Everyone's total; None where there is none."""
        return dict(zip(self.scored.subjects, self.outcome.totals, strict=True))

    def blocked(self) -> list[tuple[str | None, str, str]]:
        """Subject, indicator and state of everything empty whose policy blocks sealing."""
        lines = [cell for one in (self.segments or (self,)) for cell in one.scored.blocked()]
        return [*dict.fromkeys(lines), *self.outcome.blocked()]

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
    versions = world.versions_in(card_id, bounds)
    check_length(versions[-1].card, period)
    division = divide(world, versions, period)
    if division is not None and division.split:
        parts = scored_parts(world, division)
        if parts:
            return of_parts(world, division.in_force, period, parts)
    card = versions[-1].card
    everyone = division.subjects if division is not None and division.known else None
    subjects, cells = measure_lines(world, card, period.id, everyone)
    recorded = world.recorded_targets(card.level, bounds.start_us)
    last = last_values(world, card, subjects, period.id)
    scored = score_cells(card, line_rules(card, world.definitions), subjects, cells, period.id, recorded, last)
    found = outcome(card, subjects, scored.totals, measure_conditions(world, card, period.id, subjects), period.id)
    return Evaluation(world, versions[-1], bounds, scored, found)


def of_parts(
    world: World,
    in_force: CardInForce,
    period: Period,
    parts: Sequence[Part],
    measured: Sequence[Cells] | None = None,
) -> Evaluation:
    """The evaluation of a period that is split.

    Args:
        world: Facts and rules.
        in_force: The version of the card that is in force at the end of the period.
        period: The period.
        parts: Its segments, at least one.
        measured: What was measured for modifiers and gates, where all of it was read from a seal.
    """
    card = in_force.card
    scored, split = pooled(parts, card)
    cells = measure_spans(world, card, scored.subjects, period, spans(parts)) if measured is None else measured
    found = outcome(card, scored.subjects, scored.totals, cells, period.id)
    bounds = world.calendar.bounds(period)
    return Evaluation(world, in_force, bounds, scored, found, measured is not None, split)


def check_length(card: Scorecard, period: Period) -> None:
    """Refuse a period of another length than the card's."""
    if period.kind != card.period:
        raise InvalidInput(
            f"{period.id} is a {period.kind}; scorecard {card.id} goes by {card.period}",
            code="wrong_period",
            where=f"{card.id}, {period.id}",
            hint=f"evaluate a {card.period}",
        )
