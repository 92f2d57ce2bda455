"""What an audit of a ledger says: what was looked at, and what is not as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import asdict, frozen

#: `tampered`: not as it was written. `unknown`: it cannot be checked here. `odd`: as it was written, and worth a look.
Status = Literal["tampered", "unknown", "odd"]

#: So many findings are listed; all are counted.
LISTED = 1_000


@frozen
class Finding:
    """One thing that an audit found.

    Args:
        position: The event's place in the ledger's order; None where no single event is concerned.
        status: See `Status`.
        event: What the event is, as far as it says so: its topic, source and batch key, rule, or evaluation.
        what: What is wrong with it, in one sentence.
    """

    position: int | None
    status: Status
    event: str | None
    what: str


@frozen(kw_only=True)
class Verification:
    """What an audit looked at, and what it found.

    Args:
        ledger: The ledger's file.
        events: Stored events that were read.
        batches: Batches of facts and retractions; one of several chunks counts once.
        rows: Their rows.
        rules: Rule changes.
        seals: Sealed evaluations.
        entries: Steps of proposals, disputes, overrides, calibrations and payouts.
        findings: In the order of positions; the first `LISTED`.
        tampered, unknown: How many findings of these kinds there are in all.
        replays: The replay documents of all sealed evaluations; None where none was computed again.
        payouts: The replay documents of all payouts; None where none was computed again.
    """

    ledger: str
    events: int
    batches: int
    rows: int
    rules: int
    seals: int
    entries: int
    findings: tuple[Finding, ...]
    tampered: int
    unknown: int
    replays: tuple[Mapping[str, Any], ...] | None = None
    payouts: tuple[Mapping[str, Any], ...] | None = None

    @property
    def intact(self) -> bool:
        """Whether everything that is stored is as it was written."""
        return not self.tampered and not self.unknown

    @property
    def differing(self) -> tuple[str, ...]:
        """The sealed evaluations and payouts that do not come out again."""
        documents = (*(self.replays or ()), *(self.payouts or ()))
        return tuple(
            replay.get("evaluation") or replay["payout"] for replay in documents if replay.get("identical") is False
        )

    @property
    def exit_code(self) -> int:
        """0 intact, 1 tampered, 3 something cannot be checked here, 4 a replay differs; the gravest counts."""
        if self.tampered:
            return 1
        if self.differing:
            return 4
        return 3 if self.unknown else 0

    def to_document(self) -> dict[str, Any]:
        """The verify document."""
        return {
            "ledger": self.ledger,
            "intact": self.intact,
            "events": self.events,
            "batches": self.batches,
            "rows": self.rows,
            "rules": self.rules,
            "seals": self.seals,
            "entries": self.entries,
            "tampered": self.tampered,
            "unknown": self.unknown,
            "findings": [asdict(finding) for finding in self.findings],
            "replays": None if self.replays is None else [dict(replay) for replay in self.replays],
            "payouts": None if self.payouts is None else [dict(replay) for replay in self.payouts],
        }
