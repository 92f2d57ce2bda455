"""Proposals: a change that is looked at, commented on and approved by somebody else before it is applied.

A proposal holds everything that applying it would record, and never changes: whoever wants something else withdraws it and
proposes anew. What is approved is applied only if it still does what was approved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from attrs import frozen

from kpicore.definitions.cards.scorecards import TwoPersons
from kpicore.errors import Conflict, Refused
from kpicore.evaluation.documents import instant_text
from kpicore.evaluation.world import World
from kpicore.governance.approvals import Approved, same_person
from kpicore.governance.steps import Case, Desk
from kpicore.ledger.records import spoken

__all__ = ["Act", "Comment", "Proposal", "Proposals"]


class Act(Protocol):
    """Something that can be proposed."""

    @property
    def what(self) -> TwoPersons:
        """Which approvals it needs."""
        ...

    def to_document(self) -> dict[str, Any]:
        """All that it takes to do it later: `act` names the kind of act."""
        ...

    def misfit(self, world: World) -> str | None:
        """Why it does not do any more what it did when it was proposed; None where it does."""
        ...

    def do(self, world: World, approved: Approved) -> Any:
        """Do it, together with the proposal's last step."""
        ...


@frozen
class Comment:
    """What somebody said about a proposal.

    Args:
        by: Who.
        recorded_at: When, in µs UTC.
        step: `commented`, or the step that it was said with.
        text: What.
    """

    by: str
    recorded_at: int
    step: str
    text: str

    def to_document(self) -> dict[str, Any]:
        """Who, when, at which step, what."""
        return {"by": self.by, "recorded_at": instant_text(self.recorded_at), "step": self.step, "text": self.text}


@frozen
class Proposal(Case):
    """A proposal as it stands: its steps, what it would do, and what was said about it."""

    @property
    def what(self) -> TwoPersons:
        """Which approvals it needs."""
        what: TwoPersons = self.opened.document["what"]
        return what

    @property
    def reason(self) -> str:
        """Why it was proposed."""
        return str(self.opened.document["reason"])

    @property
    def would(self) -> dict[str, Any]:
        """The document of the act."""
        would: dict[str, Any] = self.opened.document["would"]
        return would

    @property
    def digest(self) -> str:
        """SHA-256 of all that is proposed, in hexadecimal."""
        return self.opened.digest

    @property
    def approved_by(self) -> str | None:
        """Who approved it."""
        return next((step.by for step in self.steps if step.step == "approved"), None)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Everything that was said, in order."""
        return tuple(
            Comment(step.by, step.recorded_at, step.step, step.document["text"])
            for step in self.steps[1:]
            if step.document.get("text")
        )

    def to_document(self) -> dict[str, Any]:
        """The proposal document."""
        return {
            "proposal": self.name,
            "what": self.what,
            "state": self.state,
            "by": self.by,
            "reason": self.reason,
            "recorded_at": instant_text(self.opened.recorded_at),
            "position": self.opened.position,
            "digest": self.digest,
            "approved_by": self.approved_by,
            "comments": [comment.to_document() for comment in self.comments],
            "would": self.would,
        }


class Proposals(Desk[Proposal]):
    """The proposals of a ledger, by name, and the steps that people take."""

    kind, case, letter = "proposal", Proposal, "P"

    def __init__(self, world: Callable[[], World], acts: Mapping[str, Callable[[Mapping[str, Any]], Act]]) -> None:
        super().__init__(world)
        self._acts = acts

    def open(self, act: Act, *, by: str, reason: str) -> Proposal:
        """Propose something; nothing of it counts.

        Args:
            act: What is to be done.
            by: Who proposes it.
            reason: Why.

        Raises:
            Conflict: It would do nothing, or cannot be done.
        """
        if (why := act.misfit(self._world())) is not None:
            raise Conflict(why, code="nothing_to_propose", hint="look at what is in force")
        document = {"what": act.what, "reason": self._said(reason, "reason"), "would": act.to_document()}
        return self._open(document, by)

    def comment(self, name: str, text: str, *, by: str) -> Proposal:
        """Say something about a proposal; it is kept with what becomes of it."""
        return self._step(name, "commented", {"text": self._said(text, "text")}, by)

    def approve(self, name: str, *, by: str, text: str | None = None) -> Proposal:
        """Approve a proposal of somebody else; it can be applied then.

        Raises:
            Refused: It is one's own (code `own_proposal`), or no longer waits for it.
            Conflict: It would not do any more what was proposed (code `proposal_stale`).
        """
        proposal = self[name]
        if same_person(proposal.by, by):
            raise Refused(
                f"{by} proposed it: somebody else approves it", code="own_proposal", where=name, hint="ask a colleague"
            )
        self._check_fits(proposal)
        return self._step(name, "approved", {"text": spoken(text, "text")} if text else {}, by)

    def reject(self, name: str, *, by: str, reason: str) -> Proposal:
        """Turn a proposal down."""
        return self._step(name, "rejected", {"text": self._said(reason, "reason")}, by)

    def withdraw(self, name: str, *, by: str, reason: str) -> Proposal:
        """Take one's own proposal back.

        Raises:
            Refused: It is somebody else's.
        """
        proposal = self[name]
        if not same_person(proposal.by, by):
            raise Refused(
                f"it is {proposal.by}'s", code="not_own", where=name, hint="turn it down instead: proposal reject"
            )
        return self._step(name, "withdrawn", {"text": self._said(reason, "reason")}, by)

    def apply(self, name: str, *, by: str) -> Any:
        """Do what was approved, in one transaction with the proposal's last step.

        Returns:
            What doing it gives: of rules the rules that were recorded, of a seal the seal, and so on.

        Raises:
            Refused: It is not approved.
            Conflict: It would not do any more what was approved (code `proposal_stale`).
        """
        proposal = self[name]
        self._check_step(proposal, "applied")
        act = self._check_fits(proposal)
        said = [
            f"{name} proposed by {proposal.by}, approved by {proposal.approved_by}",
            *(f"{comment.by} ({instant_text(comment.recorded_at)}): {comment.text}" for comment in proposal.comments),
        ]
        approved = Approved(
            name, len(proposal.steps) + 1, by, proposal.by, str(proposal.approved_by), proposal.reason, tuple(said)
        )
        return act.do(self._world(), approved)

    def _check_fits(self, proposal: Proposal) -> Act:
        act = self._acts[proposal.would["act"]](proposal.would)
        if (why := act.misfit(self._world())) is not None:
            raise Conflict(
                f"it would not do any more what was proposed: {why}",
                code="proposal_stale",
                where=proposal.name,
                hint="withdraw it, look at what is in force now, and propose anew",
            )
        return act
