"""Plan: what a set of rule files would change, before anything is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import evolve

from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.line_checks import check_lines
from kpicore.definitions.cards.scorecards import Organisation, Scorecard
from kpicore.definitions.checks import check
from kpicore.definitions.codec import digest, from_document, to_document
from kpicore.definitions.plans.award_checks import check_award, check_award_cards
from kpicore.definitions.plans.award_files import UsedAward
from kpicore.definitions.plans.awards import Bonus, Eligibility, Innovation, Star
from kpicore.definitions.plans.cascade import Cascade
from kpicore.definitions.plans.strategy import StrategyChange
from kpicore.definitions.plans.strategy_files import Triggered
from kpicore.definitions.plans.targets import TargetRule
from kpicore.definitions.rule_files import FileRule, Placed, load_rules, rule_files
from kpicore.errors import InvalidDefinition
from kpicore.evaluation.scoring.scored import card_names
from kpicore.evaluation.scoring.targets import TARGET
from kpicore.evaluation.world import ORGANISATION, World, card_of, same_card
from kpicore.governance.award_rules import award_change, award_of
from kpicore.governance.cascade import CascadeTree, check_cascade, trees
from kpicore.governance.changes import Change, Concern, DefinitionChange, DocumentChange, Status
from kpicore.governance.differences import card_differences, organisation_differences
from kpicore.governance.holders import Holders
from kpicore.governance.in_force import version_on, versions_of
from kpicore.governance.lint import lint_card, lint_lengths, lint_target, lint_volume
from kpicore.governance.lint_history import lint_history, lint_targets
from kpicore.governance.lint_outcome import lint_outcome
from kpicore.governance.moves import Move, moves, touched_cards
from kpicore.governance.strategy import cascade_document, change_document, recorded_cascades, resolved
from kpicore.governance.targets import TargetVersions, check_targets, values_for
from kpicore.ledger.records import RuleRecord

__all__ = ["plan", "plan_rules"]


def plan(world: World, paths: str | Path | Iterable[str | Path], period: str | None = None) -> Change:
    """Compare rule files with what is in force at the world's cut.

    Args:
        world: What is recorded, and what the installed plugins define.
        paths: A file, a folder (all its `*.toml`, sorted), or several of them.
        period: Who would move is shown for it; None: for the last sealed period of each card.

    Raises:
        InvalidDefinition, NotFound, Refused: A file is wrong (file, line and table are named), or a definition is.
        InvalidInput: The period is none.
    """
    if period is not None:
        world.calendar.period(period)
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    rules = [placed for path in listed for file in rule_files(path) for placed in load_rules(file)]
    return plan_rules(world, rules, period)


def plan_rules(world: World, rules: Sequence[Placed], period: str | None = None) -> Change:
    """As `plan`, for rules that were read already, each with the name that errors call it."""
    rules = [
        (award_of(rule, world.installed, file) if isinstance(rule, UsedAward) else rule, file)
        for rule, file in resolved(world, rules)
    ]
    _check_twins(rules)
    # What is installed is what would be adopted; what is adopted and no longer installed stays as it is.
    book = world.adopted.merged(world.installed)
    cards = [rule for rule, _ in rules if isinstance(rule, Scorecard)]
    targets = [(rule, file) for rule, file in rules if isinstance(rule, TargetRule)]
    everywhere = [*cards, *_other_cards(world.rules, {card.id for card in cards})]
    check_targets(targets, everywhere, book)
    versions = TargetVersions(world.rules)
    warnings: list[Concern] = []
    documents: list[DocumentChange] = []
    for rule, file in rules:
        if isinstance(rule, Organisation):
            documents.append(organisation_change(world.rules, rule, file))
        elif isinstance(rule, TargetRule):
            documents.append(versions.change(rule, file))
            warnings.extend((*lint_target(rule, file), *lint_volume(rule.indicator, rule.volume, book, file)))
        elif isinstance(rule, StrategyChange):
            documents.append(change_document(world.rules, rule, file))
        elif isinstance(rule, Cascade):
            check_cascade(rule, book, file)
            for goal in rule.goals:
                warnings.extend(lint_volume(goal.indicator, goal.volume, book, f"{file} [[goal]] {goal.id}"))
            documents.append(cascade_document(world.rules, rule, file))
        elif isinstance(rule, Scorecard):
            check_lines(rule, book, file, values_for(rule.level, world, targets))
            warnings.extend(
                (*lint_card(rule, book, everywhere), *lint_outcome(rule, book), *lint_history(rule, book, world))
            )
            documents.append(card_change(world.rules, rule, file))
        elif isinstance(rule, Bonus | Star | Innovation | Eligibility):
            check_award(rule, file)
            check_award_cards(rule, everywhere, file)
            documents.append(award_change(world.rules, rule, file))
    warnings.extend(lint_lengths((rule for rule, _ in targets), everywhere))
    warnings.extend(lint_targets((rule for rule, _ in targets), book, world))
    definitions = _definition_changes(world, book, cards)
    shown = _trees(world, book, rules)
    change = Change(world.cut.rules, tuple(documents), definitions, tuple(warnings), shown)
    return evolve(change, mover=lambda: _moves(world, book, change, cards, period))


def _trees(world: World, book: Definitions, rules: Sequence[Placed]) -> tuple[CascadeTree, ...]:
    """The cascades that are planned or that planned targets touch, and what else of these targets hangs together."""
    targets = [rule for rule, _ in rules if isinstance(rule, TargetRule)]
    cascades = [rule for rule, _ in rules if isinstance(rule, Cascade)]
    cascades += recorded_cascades(world.rules, targets, {cascade.id for cascade in cascades})
    if not targets and not cascades:
        return ()
    organisation = next((rule for rule, _ in rules if isinstance(rule, Organisation)), world.organisation)
    fiscal = organisation.fiscal_year_start
    return trees(cascades, targets, Holders.of(world, targets, fiscal), book, fiscal)


def _moves(
    world: World, book: Definitions, change: Change, cards: Sequence[Scorecard], period: str | None
) -> tuple[Move, ...]:
    """Who would move on the planned cards that change anything, and on others that changed definitions touch."""
    organisation = next((item.rule for item in change.documents if item.kind == ORGANISATION), world.organisation)
    otherwise = {item.name for item in change.definitions if item.status == "changed" and item.meaning}
    same = {item.name for item in change.documents if item.status == "unchanged"}
    planned = {card.id for card in cards}
    if _scoring(organisation) != _scoring(world.organisation):
        same, otherwise = set(), set(world.adopted)
    listed = [card for card in cards if card.id not in same or otherwise & set(book.closure(card_names(card, book)))]
    targets = [item.rule for item in change.documents if item.kind == TARGET and item.status != "unchanged"]
    touched = {(target.level, target.indicator) for target in targets}
    listed += [
        card
        for card in (*cards, *_other_cards(world.rules, planned))
        if card not in listed and touched & {(card.level, line.indicator) for line in card.lines}
    ]
    listed += [card for card in touched_cards(world, otherwise, planned) if card not in listed]
    return tuple(moves(world, listed, book, organisation, period, targets))


def _scoring(organisation: Organisation) -> Organisation:
    """The settings that scores depend on."""
    return evolve(organisation, restatement="corrective", approvals=())


def card_change(rules: Sequence[RuleRecord], card: Scorecard, file: str) -> DocumentChange:
    """A scorecard against the version that is in force on its effective date."""
    record = version_on(versions_of(rules, "scorecard", card.id), card.effective)
    if record is None:
        return DocumentChange("scorecard", card.id, "added", card, card_differences(None, card), file)
    old = card_of(record)
    if same_card(old, card):
        return DocumentChange("scorecard", card.id, "unchanged", card, (), file)
    return DocumentChange("scorecard", card.id, "changed", card, card_differences(old, card), file)


def organisation_change(rules: Sequence[RuleRecord], settings: Organisation, file: str) -> DocumentChange:
    """The organisation's settings against those recorded last."""
    records = [record for record in rules if record.kind == ORGANISATION]
    old: Organisation | None = from_document(records[-1].document) if records else None
    differences = organisation_differences(old, settings)
    status: Status = "added" if old is None else "changed" if differences else "unchanged"
    return DocumentChange("organisation", ORGANISATION, status, settings, differences, file)


def _definition_changes(world: World, book: Definitions, cards: Sequence[Scorecard]) -> tuple[DefinitionChange, ...]:
    users: dict[str, set[str]] = {}
    for card in cards:
        for name in book.closure(card_names(card, book)):
            users.setdefault(name, set()).add(card.id)
    check(book, users)
    adopted = world.adopted
    for other in _other_cards(world.rules, {card.id for card in cards}):
        for name in world.adopted.closure(card_names(other, world.adopted)):
            if name in users:
                users[name].add(other.id)
    changes = []
    for name, cards_of_it in users.items():
        definition = book.get(name)
        new, old = digest(definition), digest(adopted.get(name)) if name in adopted else None
        status: Status = "added" if old is None else "unchanged" if old == new else "changed"
        meaning = status == "added" or (status == "changed" and adopted.meaning(name) != book.meaning(name))
        document = to_document(definition)
        changes.append(
            DefinitionChange(document["kind"], name, status, document, old, new, meaning, tuple(sorted(cards_of_it)))
        )
    return tuple(sorted(changes, key=lambda change: (change.kind, change.name)))


def _other_cards(rules: Sequence[RuleRecord], without: set[str]) -> list[Scorecard]:
    latest = {record.name: record for record in rules if record.kind == "scorecard" and record.name not in without}
    return [card_of(record) for record in latest.values()]


def _check_twins(rules: Sequence[Placed]) -> None:
    seen: dict[str, str] = {}
    for rule, file in rules:
        what = _identity(rule)
        if what in seen:
            raise InvalidDefinition(
                f"{what} is in {seen[what]} too", where=file, code="duplicate_rule", hint="keep one of them"
            )
        seen[what] = file


def _identity(rule: FileRule) -> str:
    """What there is one of in a plan."""
    if isinstance(rule, Organisation):
        return "the organisation"
    if isinstance(rule, TargetRule):
        return f"the target {rule.name} of {rule.effective}"
    if isinstance(rule, Scorecard):
        return f"scorecard {rule.id} of {rule.effective}"
    if isinstance(rule, StrategyChange):
        return f"the change {rule.id}"
    if isinstance(rule, Cascade):
        return f"the cascade {rule.id}"
    return f"the proposal of {rule.trigger}" if isinstance(rule, Triggered) else f"award {rule.id} of {rule.effective}"
