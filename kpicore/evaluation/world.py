"""A world: what was known and what was in force at one cut. Everything that is computed is computed in one."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Organisation, Scorecard
from kpicore.definitions.codec import from_document
from kpicore.definitions.indicators import Level
from kpicore.definitions.plans.targets import TargetRule
from kpicore.errors import NotFound
from kpicore.evaluation.compiled import Compiled
from kpicore.evaluation.fact_tables import FactTables
from kpicore.evaluation.history.pinned import Offsets, PinnedCalendar
from kpicore.evaluation.history.versions import counting
from kpicore.evaluation.scoring.target_lookup import TargetsInForce
from kpicore.evaluation.scoring.targets import Recorded, TargetBook, target_book
from kpicore.evaluation.sealing.table import NAME, sealed_lines
from kpicore.naming import did_you_mean
from kpicore.periods import Bounds

if TYPE_CHECKING:
    import pyarrow as pa

    from kpicore.engines.base import Engine
    from kpicore.evaluation.measuring.kept import Kept
    from kpicore.ledger.reads import Changes
    from kpicore.ledger.records import Cut, RuleRecord, SealRecord
    from kpicore.ledger.store import Ledger

#: Name under which the organisation's settings are recorded.
ORGANISATION = "organisation"

#: Kinds of rules that are definitions; the others are scorecards and the organisation.
DEFINITION_KINDS = ("fact_type", "relation", "indicator", "curve")

#: Definitions that were read from rule changes, by digest.
_read: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()

#: Scorecards that were read from rule changes, by digest and date; no more than so many.
_cards: dict[tuple[str, str | None], Scorecard] = {}
CARDS_KEPT = 256

#: A rule that stands in the place of a recorded one: a scorecard, settings, or a definition.
Rule: TypeAlias = Any


@frozen
class CardInForce:
    """A scorecard and the rule change that put it in force; None where it is hypothetical."""

    card: Scorecard
    record: RuleRecord | None


class World:
    """The facts and the rules at a cut, with the engine that measures them. Immutable; safe to share between threads.

    Args:
        ledger: The open ledger.
        cut: Up to where facts and rules are known.
        installed: What the installed plugins define; it serves what was never adopted.
        engine: Runs the measures.
        overrides: Rules in the place of recorded ones: scorecards (whatever their date), settings, definitions.
        pinned: Sealed offsets of the local clock, which count in the place of today's rules of the zone.
        tables: Resolved tables in the place of the ledger's, by fact type; `sealed_line` in the place of its seals.
        kept: Where results of measuring are kept for later worlds over the ledger; None: nowhere.
    """

    def __init__(
        self,
        ledger: Ledger,
        cut: Cut,
        installed: Definitions,
        engine: Engine,
        overrides: Sequence[Rule] = (),
        *,
        pinned: Offsets = (),
        tables: Mapping[str, pa.Table] | None = None,
        kept: Kept | None = None,
    ) -> None:
        self.ledger, self.cut, self.installed, self.engine = ledger, cut, installed, engine
        self.overrides = tuple(overrides)
        self.pinned = tuple(pinned)
        self._given = dict(tables or {})
        # Results of other facts than the ledger's are nobody else's.
        self.kept = None if set(self._given) - {NAME} else kept
        self._tables = FactTables(ledger, cut)
        self.compiled = Compiled()

    def derive(self, **changes: Any) -> World:
        """The same world with other arguments (`cut`, `installed`, `overrides`, `pinned`, `tables`)."""
        arguments: dict[str, Any] = {
            "cut": self.cut,
            "installed": self.installed,
            "overrides": self.overrides,
            "pinned": self.pinned,
            "tables": self._given,
            "kept": self.kept,
        }
        arguments.update(changes)
        cut, installed, overrides = (arguments.pop(name) for name in ("cut", "installed", "overrides"))
        derived = World(self.ledger, cut, installed, self.engine, overrides, **arguments)
        derived._tables = self._tables.at(cut)
        if cut.rules == self.cut.rules:
            # What rules say depends on nothing else.
            shared = ["rules", "adopted"]
            if _among(overrides, is_settings) == _among(self.overrides, is_settings):
                shared.append("organisation")
            if installed is self.installed and _among(overrides, is_definition) == _among(
                self.overrides, is_definition
            ):
                shared.append("definitions")
            kept = vars(self)
            vars(derived).update({name: kept[name] for name in shared if name in kept})
            if {"organisation", "definitions"} <= set(shared) and derived.pinned == self.pinned:
                derived.compiled = self.compiled
        return derived

    def touched(self, cut: Cut) -> frozenset[str]:
        """The fact types that have batches between this world's cut and another one."""
        return self._tables.touched(cut)

    def changes(self, fact_type: str, since: Cut) -> Changes:
        """Which facts of a type moved from an earlier cut to this world's.

        Args:
            fact_type: Its name.
            since: The earlier cut.

        Returns:
            `removed` and `added`, tables with the columns of `table`.
        """
        return self._tables.changes(self.definitions.fact_types[fact_type], since)

    @cached_property
    def rules(self) -> tuple[RuleRecord, ...]:
        """Every rule change up to the cut, in order."""
        return tuple(self.ledger.rules(self.cut))

    @cached_property
    def organisation(self) -> Organisation:
        """The organisation's settings: those recorded last, or the defaults."""
        for rule in self.overrides:
            if isinstance(rule, Organisation):
                return rule
        settings = Organisation()
        for record in self.rules:
            if record.kind == ORGANISATION:
                settings = from_document(record.document)
        return settings

    @cached_property
    def calendar(self) -> PinnedCalendar:
        """The organisation's calendar; it remembers what it was asked."""
        settings = self.organisation
        return PinnedCalendar(settings.timezone, settings.fiscal_year_start, self.pinned)

    @cached_property
    def adopted(self) -> Definitions:
        """The definitions adopted up to the cut; of several versions the one recorded last."""
        return adopted_definitions(self.rules)

    @cached_property
    def definitions(self) -> Definitions:
        """What counts at the cut: adopted definitions, and installed ones for what was never adopted."""
        book = self.installed.merged(self.adopted)
        given = [rule for rule in self.overrides if is_definition(rule)]
        return book.merged(Definitions.of(given)) if given else book

    def table(self, fact_type: str) -> pa.Table:
        """The resolved facts of a type at the cut: all fields, `source`, `kpi_position` and `kpi_row`."""
        if fact_type in self._given:
            return self._given[fact_type]
        return self._tables.table(self.definitions.fact_types[fact_type])

    def derived(
        self,
        key: Hashable,
        fact_type: str,
        make: Callable[[pa.Table], Any],
        grow: Callable[[Any, Changes], Any | None] | None = None,
    ) -> Any:
        """What `make` gives of the facts of a type at the cut (see `FactTables.derived`)."""
        if fact_type in self._given:
            return make(self._given[fact_type])
        return self._tables.derived(key, self.definitions.fact_types[fact_type], make, grow)

    @cached_property
    def complete_until(self) -> Mapping[tuple[str, str], int]:
        """Up to which instant (µs UTC) each (source, fact type) says that it has sent everything, at the cut."""
        return self.ledger.complete_until(self.cut)

    @cached_property
    def sealed_lines(self) -> pa.Table:
        """What was sealed before the last fact or rule of the cut: later seals change nothing that is computed here."""
        if NAME in self._given:
            return self._given[NAME]
        return sealed_lines(self.counting_seals)

    @cached_property
    def counting_seals(self) -> tuple[SealRecord, ...]:
        """The seals that count, of those that stand before the last fact or rule of the cut."""
        last = max(self.cut.facts, self.cut.rules)
        return tuple(counting((seal for seal in self.ledger.seals() if seal.position <= last), self.rules))

    @cached_property
    def target_book(self) -> TargetBook:
        """Every version of every recorded target."""
        given = [rule for rule in self.overrides if isinstance(rule, TargetRule)]
        return target_book(self.rules, given, target_of, lambda day: self.calendar.instant(date.fromisoformat(day)))

    def recorded_targets(self, level: Level, instant: int) -> Recorded:
        """The recorded targets of a level in force at an instant, in µs UTC."""
        return self.target_book.at(level, instant)

    @cached_property
    def targets(self) -> TargetsInForce:
        """Targets in force, by (indicator, level, subject, period)."""
        return TargetsInForce(self)

    def card_records(self, card_id: str) -> list[RuleRecord]:
        """Every recorded version of a scorecard, in order.

        Raises:
            NotFound: There is none.
        """
        records = [record for record in self.rules if record.kind == "scorecard" and record.name == card_id]
        if not records:
            known = {record.name for record in self.rules if record.kind == "scorecard"}
            raise NotFound(
                f"no scorecard {card_id!r}",
                code="unknown_scorecard",
                where=card_id,
                hint=did_you_mean(card_id, known) or _known_cards(known),
            )
        return records

    def scorecard(self, card_id: str, instant: int) -> CardInForce:
        """The scorecard in force at an instant, in µs UTC.

        In force is the greatest effective date that is not after it; of several, the one recorded last.

        Raises:
            NotFound: There is no such scorecard, or it begins later.
        """
        for rule in self.overrides:
            if isinstance(rule, Scorecard) and rule.id == card_id:
                return CardInForce(rule, None)
        records = self.card_records(card_id)
        starts = [self._starts(record) for record in records]
        in_force = [n for n, start in enumerate(starts) if start <= instant]
        if not in_force:
            first = min(str(record.effective) for record in records)
            raise NotFound(
                f"scorecard {card_id} is in force from {first} on",
                code="not_in_force_yet",
                where=card_id,
                hint="evaluate a period that starts then or later, or apply it with an earlier --effective",
            )
        record = records[max(in_force, key=lambda n: (starts[n], n))]
        return CardInForce(card_of(record), record)

    def versions_in(self, card_id: str, bounds: Bounds) -> tuple[CardInForce, ...]:
        """The versions of a scorecard that are in force in a period, one after the other.

        The first is in force at the period's start; each other one begins on its own effective date inside the period.
        Versions that say the same are one.

        Raises:
            NotFound: As `scorecard`.
        """
        found = [self.scorecard(card_id, bounds.start_us)]
        if found[0].record is None:
            return tuple(found)
        starts = {self._starts(record) for record in self.card_records(card_id)}
        for start in sorted(start for start in starts if bounds.start_us < start < bounds.end_us):
            following = self.scorecard(card_id, start)
            if not same_card(following.card, found[-1].card):
                found.append(following)
        return tuple(found)

    def _starts(self, record: RuleRecord) -> int:
        return self.calendar.instant(date.fromisoformat(str(record.effective)))


def _among(rules: Iterable[Rule], chosen: Callable[[Rule], bool]) -> list[Rule]:
    return [rule for rule in rules if chosen(rule)]


def is_settings(rule: Rule) -> bool:
    """Whether a rule is the organisation's settings."""
    return isinstance(rule, Organisation)


def adopted_definitions(rules: Sequence[RuleRecord]) -> Definitions:
    """The definitions among rule changes; of several versions the one recorded last."""
    latest = {record.name: record for record in rules if record.kind in DEFINITION_KINDS}
    return Definitions({name: _definition(record) for name, record in latest.items()})


def _definition(record: RuleRecord) -> Any:
    """The definition of a rule change; equal documents give one object while anyone holds it."""
    definition = _read.get(record.digest)
    if definition is None:
        definition = _read[record.digest] = from_document(record.document)
    return definition


def is_definition(rule: Rule) -> bool:
    """Whether a rule is a definition, and no scorecard, settings or target."""
    return not isinstance(rule, Scorecard | Organisation | TargetRule)


def target_of(record: RuleRecord) -> TargetRule:
    """The target of a rule change; the date it was applied with is its date."""
    target: TargetRule = _definition(record)
    return target if record.effective is None else evolve(target, effective=record.effective)


def card_of(record: RuleRecord) -> Scorecard:
    """The scorecard of a rule change; the date it was applied with is its date."""
    key = (record.digest, record.effective)
    card = _cards.get(key)
    if card is None:
        card = from_document(record.document)
        card = card if record.effective is None else evolve(card, effective=record.effective)
        while len(_cards) >= CARDS_KEPT:
            _cards.pop(next(iter(_cards)), None)
        _cards[key] = card
    return card


def same_card(one: Scorecard, other: Scorecard) -> bool:
    """Whether two versions differ in nothing but their date."""
    return evolve(one, effective="") == evolve(other, effective="")


def _known_cards(known: set[str]) -> str:
    if not known:
        return "none was applied yet: kpicore apply FILE --by W --reason R"
    return f"there are: {', '.join(sorted(known))}"
