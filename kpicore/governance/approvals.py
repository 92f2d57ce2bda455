"""Two persons: what the organisation lets nobody decide alone, and the approval that it then stands on."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from attrs import frozen

from kpicore.definitions.cards.scorecards import TwoPersons
from kpicore.definitions.codec import from_document
from kpicore.errors import Refused
from kpicore.evaluation.world import ORGANISATION
from kpicore.ledger.records import NewEntry, RuleRecord

__all__ = ["Approved", "check_alone", "same_person"]

#: What one event of an approved proposal is: ("change", id), ("seal", evaluation), ("override.recorded", name) …
Does = tuple[str, str]


@frozen
class Approved:
    """That a proposal is approved: what is done on the strength of it is recorded together with its last step.

    Args:
        proposal: Its name.
        version: The number of its last step.
        by: Who applies it.
        proposed_by, approved_by: The two persons.
        reason: Why it was proposed.
        comments: Everything that was said, one text each, with who said it.
    """

    proposal: str
    version: int
    by: str
    proposed_by: str
    approved_by: str
    reason: str
    comments: tuple[str, ...]

    def entry(self, *does: Does) -> NewEntry:
        """The last step of the proposal, which says what was done."""
        document = {"does": [list(one) for one in does]}
        return NewEntry("proposal", "applied", self.proposal, self.version, document, self.by)


def _two_persons(rules: Sequence[RuleRecord]) -> tuple[TwoPersons, ...]:
    """What the organisation lets nobody decide alone, by its settings that were recorded last."""
    documents = [rule.document for rule in rules if rule.kind == ORGANISATION]
    asked: tuple[TwoPersons, ...] = from_document(documents[-1]).approvals if documents else ()
    return asked


def check_alone(rules: Sequence[RuleRecord], what: TwoPersons) -> None:
    """Refuse what needs two persons.

    Args:
        rules: All rule changes, in order.
        what: What is to be done.

    Raises:
        Refused: The organisation's `approvals` name it.
    """
    if what in _two_persons(rules):
        how = "kpicore proposal open" if what == "weights" else "repeat it with --propose"
        raise Refused(
            f"two persons decide about {what} here",
            code="approval_needed",
            where="[organisation] approvals",
            hint=f"propose it ({how}); somebody else approves it, and then it can be applied",
        )


def same_person(one: str, other: str) -> bool:
    """Whether two names are written for one person: case, width and blanks at the ends do not count."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
