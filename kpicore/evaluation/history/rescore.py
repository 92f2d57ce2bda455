"""Restate and rescore: an evaluation again with later facts, or under other rules. The original stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from attrs import define, evolve

from kpicore.definitions.algebra.nature import reads_targets
from kpicore.definitions.cards.card_checks import check_card
from kpicore.definitions.cards.line_checks import check_lines
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.cards.weights import Weights, reweighed
from kpicore.definitions.plans.targets import TargetRule, targets_said
from kpicore.errors import InvalidInput
from kpicore.evaluation.evaluate import Evaluation, check_length, condition_request, evaluate, of_parts, request_of
from kpicore.evaluation.explaining.causes import Comparison, compare
from kpicore.evaluation.history.drafts import keep_rules
from kpicore.evaluation.history.ids import parse_evaluation_id
from kpicore.evaluation.history.replay import recalled
from kpicore.evaluation.scoring.cells import Cells, measured_again
from kpicore.evaluation.scoring.outcome import outcome
from kpicore.evaluation.scoring.scored import Before, Scored, card_names, line_rules, score_cells
from kpicore.evaluation.split.last import last_values
from kpicore.evaluation.split.parts import scored_part
from kpicore.evaluation.world import CardInForce, Rule, World, is_definition

__all__ = ["Revised", "rescore", "rescored", "restate", "reweighted", "scored_under"]

_NOTHING = Decimal(0)


@define(frozen=True, slots=False)
class Revised:
    """An evaluation that was made from another one, and what their difference is made of.

    Args:
        original: The evaluation that it was made from.
        evaluation: The new one.
    """

    original: Evaluation
    evaluation: Evaluation

    @property
    def origin(self) -> str:
        """Id of the evaluation that it was made from."""
        return self.original.id

    @cached_property
    def comparison(self) -> Comparison:
        """From the original to the new one, cause by cause; worked out when it is asked for."""
        return compare(self.original, self.evaluation)

    @property
    def differences(self) -> dict[str | None, Decimal]:
        """What everyone gains or loses; a total that is null counts as 0."""
        before, after = self.original.totals, self.evaluation.totals
        everyone = [*before, *(name for name in after if name not in before)]
        return {name: (after.get(name) or _NOTHING) - (before.get(name) or _NOTHING) for name in everyone}

    @property
    def id(self) -> str:
        """Id of the new evaluation."""
        return self.evaluation.id

    def to_document(self) -> dict[str, Any]:
        """The new evaluate document with `from` and `explain`."""
        return {
            **self.evaluation.to_document(),
            "from": self.origin,
            "explain": self.comparison.to_document(),
        }


def restate(world: World, evaluation: str) -> Revised:
    """Evaluate again under the same rules with the facts that the world knows.

    Args:
        world: The facts of its cut are used.
        evaluation: Id of the evaluation; it stays as it is.

    Raises:
        InvalidInput, NotFound: The id is none, or names cuts or rules that are not here.
    """
    parts = parse_evaluation_id(evaluation)
    old = recalled(world, evaluation)
    cut = world.ledger.at(world.cut.facts, parts.rules, None)
    new = evaluate(old.world.derive(cut=cut, pinned=()), parts.card, parts.period)
    return Revised(old, new)


def rescore(
    world: World,
    evaluation: str,
    weights: Weights | None = None,
    scorecard: Scorecard | None = None,
) -> Revised:
    """Score the same facts under other rules: hypothetical until it is sealed.

    Where the evaluation is sealed and only weights, targets, curves or policies differ, its stored measurements are
    scored and no fact is read.

    Args:
        world: Its definitions serve indicators that were not adopted yet when the evaluation was made.
        evaluation: Id of the evaluation; it stays as it is.
        weights: Weights for the lines of its card.
        scorecard: A whole other scorecard of the same level and length.

    Raises:
        InvalidInput: Neither or both are given, or the period has another length.
        InvalidDefinition: Weights that do not sum to 100, and the like.
        NotFound: A weight for an indicator that is not on the card.
        Refused: Weights for only some lines, and nothing says what becomes of the others.
    """
    return rescored(world, recalled(world, evaluation), weights, scorecard)


def rescored(world: World, old: Evaluation, weights: Weights | None, scorecard: Scorecard | None) -> Revised:
    """As `rescore`, of an evaluation that is at hand."""
    card = _other_card(old.card, weights, scorecard)
    check_card(card)
    rules = (*_overrides(world, old.world, card), *_retargeted(old, card))
    keep_rules(world.ledger, rules)
    return Revised(old, scored_under(old, card, rules))


def _retargeted(old: Evaluation, card: Scorecard) -> list[TargetRule]:
    """The targets that a hypothetical card says otherwise than the old one, where recorded ones would go before them."""
    recorded = {target.rule.name for target in old.world.target_book}
    before, after = ({rule.name: rule for rule in targets_said(one)} for one in (old.card, card))
    return [rule for name, rule in after.items() if name in recorded and before.get(name) != rule]


def scored_under(old: Evaluation, card: Scorecard, rules: Sequence[Rule]) -> Evaluation:
    """An evaluation's own facts under other rules; nothing is kept of it.

    Args:
        old: The evaluation; of a sealed one the stored measurements serve where they are those of the card.
        card: The scorecard, which is one of the rules.
        rules: Every rule in the place of a recorded one.
    """
    other = old.world.derive(overrides=rules)
    if not (old.sealed and _same_measures(old, other, card) and _same_division(old, other, card)):
        return evaluate(other, card.id, old.bounds.period_id)
    period = other.calendar.period(old.bounds.period_id)
    check_length(card, period)
    kept = dict(zip(_asked(old.card), old.outcome.measured, strict=True))
    measured = [kept[request] for request in _asked(card)]
    in_force = CardInForce(card, None)
    if old.segments:
        parts = [scored_part(other, period, part.group, in_force, _cells(part.scored, card)) for part in old.segments]
        return of_parts(other, in_force, period, parts, measured)
    scored = score_cells(
        card,
        line_rules(card, other.definitions),
        old.scored.subjects,
        _cells(old.scored, card),
        period.id,
        other.recorded_targets(card.level, old.bounds.start_us),
        last_values(other, card, old.scored.subjects, old.bounds.period_id),
        before=Before(old.scored, old.world.recorded_targets(old.card.level, old.bounds.start_us)),
    )
    found = outcome(card, old.scored.subjects, scored.totals, measured, period.id)
    return Evaluation(other, in_force, old.bounds, scored, found)


def _cells(scored: Scored, card: Scorecard) -> list[Cells]:
    """Stored measurements in the order of another card's lines."""
    cells = {
        line.indicator: measured_again(found.cells) for line, found in zip(scored.card.lines, scored.lines, strict=True)
    }
    return [cells[line.indicator] for line in card.lines]


def _other_card(card: Scorecard, weights: Weights | None, other: Scorecard | None) -> Scorecard:
    if weights is not None and other is None:
        return reweighted(card, weights)
    if other is not None and weights is None:
        return other
    raise InvalidInput("give either weights or a scorecard", code="usage", hint="leave one of them out")


def reweighted(card: Scorecard, weights: Weights) -> Scorecard:
    """The card with other weights; what is not named is treated as they say.

    Raises:
        NotFound, Refused, InvalidDefinition: As `reweighed`.
    """
    found = reweighed({line.indicator: line.weight for line in card.lines}, weights, card.id)
    return evolve(card, lines=[evolve(line, weight=found[line.indicator]) for line in card.lines])


def _overrides(world: World, base: World, card: Scorecard) -> tuple[Rule, ...]:
    """The card and what it uses that the world of the evaluation does not have: with them the id is enough."""
    kept = [rule for rule in base.overrides if not isinstance(rule, Scorecard)]
    book = world.definitions.merged(base.definitions)
    check_lines(card, book, recorded=base.target_book.values(card.level))
    missing = [name for name in book.closure(card_names(card, book)) if name not in base.definitions]
    return (card, *kept, *(book.get(name) for name in missing))


def _same_measures(old: Evaluation, other: World, card: Scorecard) -> bool:
    """Whether the stored measurements are those of the card: the same people, and the same measures of one meaning.

    Without assignments the measures themselves say who is scored, so the card must have all of them.
    """
    if (old.card.level, old.card.role) != (card.level, card.role) or old.world.organisation != other.organisation:
        return False
    before, after = ({line.indicator: request_of(line) for line in one.lines} for one in (old.card, card))
    if not set(_asked(card)) <= set(_asked(old.card)):
        return False
    book = old.world.definitions
    # What is measured against targets is another measurement under other targets.
    if before != after or any(reads_targets(book, name) for name in before):
        return False
    same = _definitions(old.world) == _definitions(other)
    names = {*after, *(str(rule.indicator) for rule in card.conditions)}
    return same or all(book.meaning(name) == other.definitions.meaning(name) for name in names)


def _same_division(old: Evaluation, other: World, card: Scorecard) -> bool:
    """Whether the period is divided under the card as it was: by assignments, tenure and targets alone."""
    if len(old.world.versions_in(card.id, old.bounds)) > 1:
        return False
    before, after = ((one.mid_period, [step.until for step in one.schedule]) for one in (old.card, card))
    targets = [[rule for rule in one.overrides if isinstance(rule, TargetRule)] for one in (old.world, other)]
    return before == after and targets[0] == targets[1]


def _asked(card: Scorecard) -> list[str]:
    """What is measured for every condition of a card, as texts."""
    return [str(condition_request(rule)) for rule in card.conditions]


def _definitions(world: World) -> list[Rule]:
    """The definitions among a world's hypothetical rules."""
    return [rule for rule in world.overrides if is_definition(rule)]
