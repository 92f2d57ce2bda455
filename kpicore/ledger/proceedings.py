"""What an audit knows of entries: that every step follows the one before, and that what needed two persons had them."""

from __future__ import annotations

from typing import Any

from attrs import define, field

from kpicore.ledger.entries import NOTHING, may_follow, state_of
from kpicore.ledger.events import Entry, EvaluationSealed, Rule, entry_id

#: What the setting `approvals` of the organisation calls each kind of event that may need two persons.
APPROVALS = {"override": "overrides", "calibration": "overrides", "payout": "payouts"}


@define
class _Case:
    """What is known of one entry: its steps, who opened it, who approved it."""

    steps: list[str] = field(factory=list)
    opened_by: str = ""


@define
class Proceedings:
    """Follows the entries of a ledger in order."""

    cases: dict[tuple[str, str], _Case] = field(factory=dict)
    approvals: frozenset[str] = frozenset()
    #: What approved proposals did: changes of rules, evaluations that were sealed, names of entries.
    applied: set[tuple[str, str]] = field(factory=set)
    _enabling: str = ""

    def step(self, event: Entry) -> None:
        """Take note of a step.

        Raises:
            ValueError: It cannot stand where it stands.
        """
        if event.originator_id != entry_id(event.kind, event.name):
            raise ValueError("it does not stand under its kind and name")
        case = self.cases.setdefault((event.kind, event.name), _Case())
        if event.originator_version != len(case.steps) + 1:
            raise ValueError(f"it is step {event.originator_version} and follows step {len(case.steps)}")
        state = state_of(case.steps)
        if not may_follow(event.kind, state, event.step):
            raise ValueError(f"{event.step} does not follow {state or 'nothing'}")
        case.steps.append(event.step)
        if state == NOTHING:
            case.opened_by = event.by
        if event.kind == "proposal" and event.step == "approved" and event.by == case.opened_by:
            raise ValueError(f"{event.by} approves what {event.by} proposed")
        if event.kind == "proposal" and event.step == "applied":
            try:
                self.applied.update((str(what), str(name)) for what, name in event.document["does"])
            except (KeyError, TypeError) as error:
                raise ValueError("it does not say what it does") from error

    def unapproved(self, event: Any) -> str | None:
        """What is missing where an event needed two persons and had one; None where all is well."""
        if isinstance(event, EvaluationSealed):
            needed, does = "seals", ("seal", event.evaluation)
        elif isinstance(event, Rule.Event):
            needed, does = "weights", ("change", event.change)
        elif isinstance(event, Entry) and event.kind in APPROVALS:
            needed, does = APPROVALS[event.kind], (f"{event.kind}.{event.step}", event.name)
        else:
            return None
        missing = needed in self.approvals and does not in self.applied and does != ("change", self._enabling)
        if isinstance(event, Rule.Event) and event.kind == "organisation":
            if not missing:
                self._enabling = event.change
            asked = event.document.get("approvals", [])
            self.approvals = frozenset(map(str, asked)) if isinstance(asked, list) else frozenset()
        return f"the organisation asked for two persons ({needed}), and it stands on one" if missing else None
