"""A change of rules, as `plan` shows it and `apply` records it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Literal

from attrs import define, field, frozen

from kpicore.governance.cascade import CascadeTree
from kpicore.governance.moves import Move
from kpicore.naming import Text

Status = Literal["added", "changed", "unchanged"]


@frozen
class Difference:
    """One thing that a document changes: `weight of sales.win_rate`, old and new as text; None: not there."""

    what: str
    indicator: str | None
    old: str | None
    new: str | None

    def to_document(self) -> dict[str, Any]:
        """All four parts by name."""
        return {"what": self.what, "indicator": self.indicator, "old": self.old, "new": self.new}

    def __str__(self) -> str:
        name = f"{self.indicator}: {self.what}" if self.indicator else self.what
        return f"{name} {'—' if self.old is None else self.old} → {'—' if self.new is None else self.new}"


@frozen
class DocumentChange:
    """A scorecard, a target, an award or the organisation's settings against what is in force.

    Args:
        kind: `scorecard`, `organisation`, `target`, `award`, `cascade`, `strategy_change` or `trigger`.
        name: The id of the scorecard, award, cascade or change, `organisation`, or whose target of what.
        status: added, changed or unchanged.
        rule: The rule itself.
        differences: What changes; for what is added, every line.
        file: Where it was read.
    """

    kind: Literal["scorecard", "organisation", "target", "award", "cascade", "strategy_change", "trigger"]
    name: str
    status: Status
    rule: Any
    differences: tuple[Difference, ...]
    file: str

    def to_document(self) -> dict[str, Any]:
        """Kind, name, status, effective date, file and differences."""
        return {
            "kind": self.kind,
            "name": self.name,
            "status": self.status,
            "effective": getattr(self.rule, "effective", None),
            "file": self.file,
            "differences": [difference.to_document() for difference in self.differences],
        }


@frozen
class DefinitionChange:
    """A definition that the scorecards use, against the one that was adopted.

    Args:
        kind: fact_type, relation, indicator or curve.
        name: Its name.
        status: added (never adopted before), changed (adopted with another digest) or unchanged.
        document: The document that is recorded.
        old_digest: Digest that was adopted, None where there is none.
        new_digest: Digest of the document.
        meaning: Whether what it computes changes, and not only what people read.
        used_by: Scorecards that use it, those of other files too.
    """

    kind: str
    name: str
    status: Status
    document: Mapping[str, Any]
    old_digest: str | None
    new_digest: str
    meaning: bool
    used_by: tuple[str, ...]

    def to_document(self) -> dict[str, Any]:
        """Everything but the document."""
        return {
            "kind": self.kind,
            "name": self.name,
            "status": self.status,
            "old_digest": self.old_digest,
            "new_digest": self.new_digest,
            "meaning": self.meaning,
            "used_by": list(self.used_by),
        }


@frozen
class Concern:
    """Something that is allowed and seldom wise.

    Args:
        code: Stable name.
        where: Scorecard, and indicator where there is one.
        text: What it is, in both languages.
        proposes: Indicators that may do better.
    """

    code: str
    where: str
    text: Text
    proposes: tuple[str, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """Code, place, text and what is proposed."""
        return {"code": self.code, "where": self.where, "text": dict(self.text), "proposes": list(self.proposes)}


@define(frozen=True, slots=False)
class Change:
    """What a set of files would change. Nothing is recorded until it is applied.

    Args:
        rules_cut: The last rule change that it was compared with.
        documents: Scorecards and settings, in the order of the files.
        definitions: The transitive closure of what the scorecards use.
        warnings: What lint has to say.
        cascades: Planned goals and targets that hang together, with their gaps.
        mover: Finds out who would move.
    """

    rules_cut: int
    documents: tuple[DocumentChange, ...]
    definitions: tuple[DefinitionChange, ...]
    warnings: tuple[Concern, ...] = field(default=())
    cascades: tuple[CascadeTree, ...] = field(default=())
    mover: Callable[[], tuple[Move, ...]] = field(default=tuple, eq=False, repr=False)

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """Who would move, scorecard by scorecard; computed when it is asked for."""
        return self.mover()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        statuses = {*(item.status for item in self.documents), *(item.status for item in self.definitions)}
        return statuses <= {"unchanged"}

    def to_document(self) -> dict[str, Any]:
        """The document that `plan --json` prints: the summary, and who would move."""
        return {**self.summary(), "moves": [move.to_document() for move in self.moves]}

    def summary(self) -> dict[str, Any]:
        """What changes; definitions that stay as they are are only counted."""
        moved = [item.to_document() for item in self.definitions if item.status != "unchanged"]
        return {
            "empty": self.empty,
            "rules_cut": self.rules_cut,
            "documents": [item.to_document() for item in self.documents],
            "definitions": moved,
            "definitions_unchanged": len(self.definitions) - len(moved),
            "warnings": [item.to_document() for item in self.warnings],
            "cascades": [item.to_document() for item in self.cascades],
        }
