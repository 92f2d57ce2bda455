"""Overrides and calibrations: a score that people set, beside the system's own, with who, why and on whose word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Literal, TypeAlias

from attrs import evolve, field, frozen

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.card_checks import ATTAINMENT_PLACES, MOST_ATTAINMENT
from kpicore.definitions.cards.card_tables import places
from kpicore.definitions.cards.scorecards import TwoPersons
from kpicore.errors import Conflict, InvalidInput, NotFound, Refused
from kpicore.evaluation.history.adjusted import Adjusted, Adjustment, adjusted, adjustments
from kpicore.evaluation.world import World
from kpicore.governance.approvals import Approved, check_alone, same_person
from kpicore.governance.disputes import Disputes
from kpicore.governance.sealed import check_line, check_subject
from kpicore.ledger.records import NewEntry, SealRecord, spoken
from kpicore.naming import did_you_mean

__all__ = ["Adjustments", "Calibration", "Override", "Withdrawal"]

Kind: TypeAlias = Literal["override", "calibration"]
_LETTERS: Mapping[Kind, str] = {"override": "O", "calibration": "C"}


def _number(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        raise InvalidInput(f"{value!r} is not a number", hint="write digits with a point: 1.05") from None


def _subjects(value: str | Iterable[str | None]) -> tuple[str | None, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@frozen
class Override:
    """A total, or the attainment of one line, that is set for one subject of a sealed evaluation.

    Args:
        evaluation: Its id.
        subject: Who; None on a card of the company.
        total: The total; None where a line is overridden.
        indicator, attainment: The line, and its attainment (1 is on target).
        reason: Why.
        dispute: The accepted dispute that led to it.
        approved_by: On whose word, where it is not proposed.
    """

    evaluation: str
    subject: str | None
    reason: str
    total: Decimal | None = field(default=None, converter=_number)
    indicator: str | None = None
    attainment: Decimal | None = field(default=None, converter=_number)
    dispute: str | None = None
    approved_by: str | None = None

    what: ClassVar[TwoPersons] = "overrides"

    def to_document(self) -> dict[str, Any]:
        """All parts by name."""
        return {
            "act": "override",
            "evaluation": self.evaluation,
            "subject": self.subject,
            "indicator": self.indicator,
            "total": _text(self.total),
            "attainment": _text(self.attainment),
            "reason": self.reason,
            "dispute": self.dispute,
            "approved_by": self.approved_by,
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Override:
        """The override of a document."""
        return cls(**{name: value for name, value in document.items() if name != "act"})

    def misfit(self, world: World) -> str | None:
        """Nothing: a seal never changes."""
        self.check(world)
        return None

    def check(self, world: World) -> SealRecord:
        """The seal that it stands beside.

        Raises:
            NotFound: The evaluation is not sealed, or has no such subject or line.
            InvalidInput: Neither or both of total and line are given, or a number is out of bounds.
            Refused: The line is not scored, or the dispute is not accepted or about something else.
        """
        seal = sealed_subject(world, self.evaluation, self.subject)
        spoken(self.reason, "reason")
        if (self.total is None) == (self.attainment is None) or (self.indicator is None) != (self.attainment is None):
            raise InvalidInput(
                "either a total or the attainment of a line is overridden",
                code="usage",
                hint="give --total 110, or --line INDICATOR --attainment 1.1",
            )
        for what, value in (("total", self.total), ("attainment", self.attainment)):
            _check_number(what, value)
        if self.indicator is not None:
            _check_line(seal, self.indicator)
        if self.dispute is not None:
            _check_dispute(world, self.dispute, self.evaluation, self.subject)
        return seal

    def do(self, world: World, approved: Approved | None, by: str | None = None) -> Adjustment:
        """Record it."""
        seal = self.check(world)
        n = seal.document["subjects"].index(self.subject)
        parts = {name: value for name, value in self.to_document().items() if name != "act"}
        return _record(world, "override", {**parts, "system_total": seal.document["totals"][n]}, approved, by)


@frozen
class Calibration:
    """A factor and a shift for the totals of a group in a sealed evaluation.

    Args:
        evaluation: Its id.
        subjects: Whom it concerns.
        reason: Why.
        factor, shift: Total × factor + shift; one of them at least.
        approved_by: On whose word, where it is not proposed.
    """

    evaluation: str
    subjects: tuple[str | None, ...] = field(converter=_subjects)
    reason: str
    factor: Decimal | None = field(default=None, converter=_number)
    shift: Decimal | None = field(default=None, converter=_number)
    approved_by: str | None = None

    what: ClassVar[TwoPersons] = "overrides"

    def to_document(self) -> dict[str, Any]:
        """All parts by name."""
        return {
            "act": "calibration",
            "evaluation": self.evaluation,
            "subjects": list(self.subjects),
            "factor": _text(self.factor),
            "shift": _text(self.shift),
            "reason": self.reason,
            "approved_by": self.approved_by,
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Calibration:
        """The calibration of a document."""
        return cls(**{name: value for name, value in document.items() if name != "act"})

    def misfit(self, world: World) -> str | None:
        """Nothing: a seal never changes."""
        self.check(world)
        return None

    def check(self, world: World) -> None:
        """Refuse what cannot be calibrated.

        Raises:
            NotFound: The evaluation is not sealed, or has no such subject.
            InvalidInput: Nobody is named, or twice, or neither factor nor shift is given, or a number is out of bounds.
        """
        for subject in self.subjects:
            sealed_subject(world, self.evaluation, subject)
        spoken(self.reason, "reason")
        if not self.subjects or len(set(self.subjects)) != len(self.subjects):
            raise InvalidInput("a group names everyone once", code="usage", hint="give --subject for each, or --all")
        if self.factor is None and self.shift is None:
            raise InvalidInput("a factor or a shift is needed", code="usage", hint="give --factor 1.05 or --shift -2")
        for what, value in (("factor", self.factor), ("shift", self.shift)):
            _check_number(what, value, negative=what == "shift")

    def do(self, world: World, approved: Approved | None, by: str | None = None) -> Adjustment:
        """Record it."""
        self.check(world)
        parts = {name: value for name, value in self.to_document().items() if name != "act"}
        return _record(world, "calibration", parts, approved, by)


@frozen
class Withdrawal:
    """An override or a calibration that is taken back.

    Args:
        adjustment: Its name.
        reason: Why.
    """

    adjustment: str
    reason: str

    what: ClassVar[TwoPersons] = "overrides"

    def to_document(self) -> dict[str, Any]:
        """All parts by name."""
        return {"act": "withdraw", "adjustment": self.adjustment, "reason": self.reason}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Withdrawal:
        """The withdrawal of a document."""
        return cls(document["adjustment"], document["reason"])

    def misfit(self, world: World) -> str | None:
        """Whether it was withdrawn meanwhile."""
        return f"{self.adjustment} was withdrawn" if _find(world, self.adjustment).withdrawn is not None else None

    def do(self, world: World, approved: Approved | None, by: str | None = None) -> Adjustment:
        """Record it."""
        found = _find(world, self.adjustment)
        if found.withdrawn is not None:
            raise Refused(
                f"{self.adjustment} was withdrawn",
                code="wrong_step",
                where=self.adjustment,
                hint="nothing more can be done about it",
            )
        kind, said = found.record.kind, {"reason": spoken(self.reason, "reason")}
        person = approved.proposed_by if approved is not None else str(by)
        step = NewEntry(kind, "withdrawn", self.adjustment, 2, said, person)
        before = [] if approved is None else [approved.entry((f"{kind}.withdrawn", self.adjustment))]
        *_, record = world.ledger.enter([*before, step])
        return evolve(found, withdrawn=record)


Act: TypeAlias = "Override | Calibration | Withdrawal"


class Adjustments:
    """Overrides and calibrations of a ledger.

    Args:
        world: Gives the world as it is now.
    """

    def __init__(self, world: Callable[[], World]) -> None:
        self._world = world

    def record(self, act: Act, *, by: str) -> Adjustment:
        """Record an override or a calibration, or take one back.

        Args:
            act: What is to be recorded.
            by: Who does it.

        Raises:
            Refused: The organisation wants two persons for it (propose it then), or whoever approved it is who does it.
        """
        world = self._world()
        check_alone(world.rules, "overrides")
        return act.do(world, None, by)

    def of(self, evaluation: str | None = None, subject: str | None = None) -> tuple[Adjustment, ...]:
        """All of them, those beside one evaluation, or those that concern one subject; withdrawn ones too."""
        found = adjustments(self._world().ledger.entries("override", "calibration"), evaluation)
        return tuple(one for one in found if subject is None or subject in one.subjects)

    def scores(self, evaluation: str) -> tuple[Adjusted, ...]:
        """The system's total and the one beside it of everyone in a sealed evaluation whom an adjustment concerns."""
        world = self._world()
        return tuple(adjusted(world, world.ledger.sealed(evaluation)).values())


def sealed_subject(world: World, evaluation: str, subject: str | None) -> SealRecord:
    """The seal of an evaluation in which the subject is scored.

    Raises:
        NotFound: It is not sealed, or nobody of that name is in it.
    """
    seal = world.ledger.sealed(evaluation)
    check_subject(evaluation, seal.document["subjects"], subject)
    return seal


def _find(world: World, name: str) -> Adjustment:
    known = {one.name: one for one in adjustments(world.ledger.entries("override", "calibration"))}
    if name not in known:
        there = f"there are {', '.join(known)}" if known else "there is none yet"
        hint = did_you_mean(name, known) or there
        raise NotFound(f"there is no adjustment {name}", code="no_entry", where=name, hint=hint)
    return known[name]


def _record(
    world: World, kind: Kind, document: Mapping[str, Any], approved: Approved | None, by: str | None
) -> Adjustment:
    person = approved.proposed_by if approved is not None else str(by)
    word = approved.approved_by if approved is not None else document["approved_by"]
    if word is not None and same_person(word, person):
        raise Refused(
            f"{person} cannot approve what {person} does", code="own_proposal", where=kind, hint="ask a colleague"
        )
    kept = {**document, "approved_by": word, "proposal": None if approved is None else approved.proposal}
    kept["comments"] = [] if approved is None else list(approved.comments)
    name = f"{_LETTERS[kind]}{len({one.name for one in world.ledger.entries(kind)}) + 1}"
    before: Sequence[NewEntry] = [] if approved is None else [approved.entry((f"{kind}.recorded", name))]
    *_, record = world.ledger.enter([*before, NewEntry(kind, "recorded", name, 1, kept, person)])
    return Adjustment(record)


def _check_line(seal: SealRecord, indicator: str) -> None:
    known = {line["indicator"]: Decimal(line["weight"]) for line in seal.document["lines"]}
    check_line(seal.evaluation, known, indicator)
    if not known[indicator]:
        raise Refused(
            f"{indicator} is shown and not scored",
            code="line_not_scored",
            where=seal.evaluation,
            hint="override the total, or another line",
        )


def _check_number(what: str, value: Decimal | None, *, negative: bool = False) -> None:
    if value is None:
        return
    if not value.is_finite() or places(value) > ATTAINMENT_PLACES or abs(value) > MOST_ATTAINMENT:
        raise InvalidInput(
            f"{what} cannot be {value}", hint=f"at most {ATTAINMENT_PLACES} places, and not beyond {MOST_ATTAINMENT}"
        )
    if value < 0 and not negative:
        raise InvalidInput(f"{what} cannot be negative: {value:f}", hint="0 is the least")


def _check_dispute(world: World, name: str, evaluation: str, subject: str | None) -> None:
    dispute = Disputes(lambda: world)[name]
    if (dispute.evaluation, dispute.subject) != (evaluation, subject):
        raise Conflict(f"{name} is about something else", code="other_dispute", where=name, hint=dispute.evaluation)
    if dispute.state != "accepted":
        raise Refused(
            f"{name} is {dispute.state}", code="wrong_step", where=name, hint="an override follows an accepted dispute"
        )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)
