"""Cases that go step by step, and the desk where people take the steps: what proposals and disputes share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from attrs import frozen

from kpicore.errors import Conflict, InvalidInput, NotFound, Refused
from kpicore.evaluation.world import World
from kpicore.ledger.entries import STEPS, may_follow, state_of
from kpicore.ledger.records import EntryRecord, NewEntry, spoken
from kpicore.naming import did_you_mean

#: How often a new case looks for a name that nobody took meanwhile.
_TRIES = 20


@frozen
class Case:
    """Something that goes step by step.

    Args:
        name: Names it among those of its kind.
        steps: Its steps, in order; there is at least the first one.
    """

    name: str
    steps: tuple[EntryRecord, ...]

    @property
    def opened(self) -> EntryRecord:
        """The first step."""
        return self.steps[0]

    @property
    def by(self) -> str:
        """Who opened it."""
        return self.opened.by

    @property
    def state(self) -> str:
        """The last step that changed it."""
        return state_of(step.step for step in self.steps)

    @property
    def possible(self) -> tuple[str, ...]:
        """The steps that may be taken now; none where it is done with."""
        kind, state = self.opened.kind, self.state
        return tuple(step for step in STEPS[kind] if may_follow(kind, state, step))


AnyCase = TypeVar("AnyCase", bound=Case)


class Desk(Generic[AnyCase]):
    """The cases of one kind in a ledger.

    Args:
        world: Gives the world as it is now.
    """

    kind: ClassVar[str]
    case: ClassVar[type[Any]]
    letter: ClassVar[str]

    def __init__(self, world: Callable[[], World]) -> None:
        self._world = world

    def __iter__(self) -> Iterator[AnyCase]:
        """All cases as they stand now, in the order of their first steps."""
        found: dict[str, list[EntryRecord]] = {}
        for step in self._world().ledger.entries(self.kind):
            found.setdefault(step.name, []).append(step)
        return (self.case(name, tuple(steps)) for name, steps in found.items())

    def __getitem__(self, name: str) -> AnyCase:
        """The case of that name.

        Raises:
            NotFound: There is none.
        """
        known = {case.name: case for case in self}
        if name not in known:
            raise NotFound(
                f"there is no {self.kind} {name}",
                code="no_entry",
                where=name,
                hint=did_you_mean(name, known) or (f"there are {', '.join(known)}" if known else "there is none yet"),
            )
        return known[name]

    def _open(self, document: Mapping[str, Any], by: str) -> AnyCase:
        for _ in range(_TRIES):
            name = f"{self.letter}{sum(1 for _ in self) + 1}"
            try:
                self._world().ledger.enter([NewEntry(self.kind, "opened", name, 1, document, by)])
                return self[name]
            except Conflict:  # somebody else took the name meanwhile
                continue
        raise Conflict(f"others open {self.kind}s all the time", code="entry_conflict", hint="try again")

    def _step(self, name: str, step: str, document: Mapping[str, Any], by: str) -> AnyCase:
        case = self[name]
        self._check_step(case, step)
        self._world().ledger.enter([NewEntry(self.kind, step, name, len(case.steps) + 1, document, by)])
        return self[name]

    def _check_step(self, case: AnyCase, step: str) -> None:
        if step not in case.possible:
            raise Refused(
                f"it is {case.state}: it cannot be {step}",
                code="wrong_step",
                where=f"{self.kind} {case.name}",
                hint=f"it can be {', '.join(case.possible)}" if case.possible else "nothing more can be done about it",
            )

    @staticmethod
    def _said(text: str, what: str) -> str:
        if not spoken(text, what).strip():
            raise InvalidInput(f"{what} is empty", code="missing_argument", where=what, hint="say it in a sentence")
        return text
