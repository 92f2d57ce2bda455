"""What can be proposed about rules and seals: a planned change, and an evaluation that is to be sealed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from attrs import frozen

from kpicore.canonical import canonical_json
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import TwoPersons
from kpicore.definitions.codec import from_document, to_document
from kpicore.errors import Conflict, InvalidInput, KpicoreError
from kpicore.evaluation.evaluate import Evaluation
from kpicore.evaluation.history.replay import Sealed, again, seal, seal_of
from kpicore.evaluation.history.rescore import Revised
from kpicore.evaluation.world import World
from kpicore.governance.adjustments import Calibration, Override, Withdrawal
from kpicore.governance.apply import Applied, apply, dated
from kpicore.governance.approvals import Approved
from kpicore.governance.awards.payouts import Payout
from kpicore.governance.awards.result import AwardResult
from kpicore.governance.changes import Change
from kpicore.governance.plan import plan_rules
from kpicore.governance.proposals import Act

__all__ = ["ACTS", "ChangeRules", "Seal", "act_of"]


@frozen
class ChangeRules:
    """A planned change of rules.

    Args:
        document: What is kept of it: the rules and definitions themselves, and what `plan` said that they change.
    """

    document: Mapping[str, Any]

    what: ClassVar[TwoPersons] = "weights"

    @classmethod
    def of(cls, change: Change) -> ChangeRules:
        """The act of applying a planned change, with every date as it is to be."""
        return cls(
            {
                "act": "change_rules",
                "rules": [{"file": item.file, "document": to_document(item.rule)} for item in change.documents],
                "definitions": [dict(item.document) for item in change.definitions if item.status != "unchanged"],
                "changes": change.to_document(),
                "essence": _essence(change),
            }
        )

    def to_document(self) -> dict[str, Any]:
        """What is kept of it."""
        return dict(self.document)

    def planned(self, world: World) -> Change:
        """The change as it would be planned now: what is proposed, against what is in force."""
        proposed = Definitions.of(from_document(document) for document in self.document["definitions"])
        rules = [(from_document(rule["document"]), rule["file"]) for rule in self.document["rules"]]
        # What was proposed counts, then what is adopted; plugins only say what nothing of that is measured by, such as the
        # fact types of examples and the indicators of targets that no card has yet.
        known = world.installed.merged(world.adopted).merged(proposed)
        return plan_rules(world.derive(installed=known), rules)

    def misfit(self, world: World) -> str | None:
        """Why it does not do what it did when it was planned."""
        try:
            now = self.planned(world)
        except KpicoreError as error:
            return str(error)
        if now.empty:
            return "all of it is in force already"
        before, after = self.document["essence"], _essence(now)
        moved = [
            name
            for name in [*before, *(name for name in after if name not in before)]
            if before.get(name) != after.get(name)
        ]
        return f"the rules moved under {', '.join(moved)}" if moved else None

    def do(self, world: World, approved: Approved) -> Applied:
        """Record the rules."""
        change = self.planned(world)
        comments = approved.comments
        return apply(world.ledger, change, approved.proposed_by, approved.reason, comments=comments, approved=approved)


@frozen
class Seal:
    """An evaluation that is to be sealed.

    Args:
        evaluation: Its id.
        digest: The digest of its result.
    """

    evaluation: str
    digest: str

    what: ClassVar[TwoPersons] = "seals"

    @classmethod
    def of(cls, world: World, evaluation: str) -> Seal:
        """The act of sealing an evaluation, which is computed now.

        Raises:
            InvalidInput, NotFound: The id is none, or names cuts or rules that are not here.
        """
        return cls(evaluation, again(world, evaluation, seal_of(world, evaluation)).digest)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Seal:
        """The act of a document."""
        return cls(document["evaluation"], document["digest"])

    def to_document(self) -> dict[str, Any]:
        """What is kept of it."""
        return {"act": "seal", "evaluation": self.evaluation, "digest": self.digest}

    def misfit(self, world: World) -> str | None:
        """Whether it is sealed already, or comes out otherwise."""
        if seal_of(world, self.evaluation) is not None:
            return f"{self.evaluation} is sealed already"
        found = again(world, self.evaluation, None)
        return None if found.digest == self.digest else f"{self.evaluation} comes out otherwise"

    def do(self, world: World, approved: Approved) -> Sealed:
        """Seal it."""
        return seal(world, self.evaluation, approved.proposed_by, [approved.entry(("seal", self.evaluation))])


def _essence(change: Change) -> dict[str, Any]:
    """What a change does, by rule and definition: what must be the same when it is applied."""
    found: dict[str, Any] = {}
    for item in change.documents:
        document = item.to_document()
        found[f"{item.kind} {item.name} {document['effective'] or ''}".rstrip()] = [
            item.status,
            document["differences"],
        ]
    found.update(
        {f"{item.kind} {item.name}": [item.status, item.old_digest, item.new_digest] for item in change.definitions}
    )
    plain: dict[str, Any] = json.loads(canonical_json(found))
    return plain


#: What a proposal's document says that is proposed, and how it is read back.
ACTS: Mapping[str, Callable[[Mapping[str, Any]], Act]] = {
    "change_rules": ChangeRules,
    "seal": Seal.read,
    "override": Override.read,
    "calibration": Calibration.read,
    "withdraw": Withdrawal.read,
    "payout": Payout.read,
}


def act_of(
    world: World, what: Change | Evaluation | Revised | AwardResult | str | Act, effective: str | None = None
) -> Act:
    """What is proposed when somebody proposes this.

    Args:
        world: The world as it is now.
        what: A planned change, an evaluation or its id, what an award gives, or an act.
        effective: Of a change: the date from which its scorecards count.

    Raises:
        Conflict: Other rules were recorded since the change was planned.
        InvalidInput, NotFound: The date or the id is none.
    """
    if isinstance(what, Evaluation | Revised | str):
        return Seal.of(world, what if isinstance(what, str) else what.id)
    if isinstance(what, AwardResult):
        return Payout.of(what)
    if not isinstance(what, Change):
        if not isinstance(what, Override | Calibration | Withdrawal | Payout | ChangeRules | Seal):
            raise InvalidInput(
                f"{type(what).__name__} cannot be proposed",
                where="proposal",
                hint="give what plan, evaluate or an award gave, or an Override or a Calibration",
            )
        return what
    if what.rules_cut != world.cut.rules:
        raise Conflict("other rules were recorded since this was planned", code="rules_moved", hint="plan again")
    return ChangeRules.of(what if effective is None else dated(what, world.rules, effective))
