"""Entries: what people do about rules and scores, step by step. Which steps there are, and which may follow which.

An entry is a proposal (a change that waits for another person's approval), a dispute (a scored person contests a line), an
override or a calibration (a score stands beside the system's own), or a payout (what an award gave). No entry moves a
cut, and none changes an evaluation. Steps are pinned like all topics of the ledger: what is here is read for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

#: What an entry is before its first step.
NOTHING = ""
#: Of every kind of entry: its steps, and the states in which each may be taken.
STEPS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "proposal": {
        "opened": frozenset({NOTHING}),
        "commented": frozenset({"opened", "approved"}),
        "approved": frozenset({"opened"}),
        "rejected": frozenset({"opened", "approved"}),
        "withdrawn": frozenset({"opened", "approved"}),
        "applied": frozenset({"approved"}),
    },
    "dispute": {
        "opened": frozenset({NOTHING}),
        "answered": frozenset({"opened", "answered"}),
        "accepted": frozenset({"answered"}),
        "rejected": frozenset({"answered"}),
        "withdrawn": frozenset({"opened", "answered"}),
    },
    "override": {"recorded": frozenset({NOTHING}), "withdrawn": frozenset({"recorded"})},
    "calibration": {"recorded": frozenset({NOTHING}), "withdrawn": frozenset({"recorded"})},
    "payout": {"recorded": frozenset({NOTHING})},
}
#: Steps that leave the state as it is.
NEUTRAL = frozenset({"commented"})


def topic_of(kind: str, step: str) -> str:
    """The pinned topic of a step."""
    return f"kpicore.{kind}.{step}"


#: Kind and step of every topic.
ENTRY_TOPICS: Mapping[str, tuple[str, str]] = {
    topic_of(kind, step): (kind, step) for kind, steps in STEPS.items() for step in steps
}


def state_of(steps: Iterable[str]) -> str:
    """The state after these steps: the last one that is not neutral."""
    state = NOTHING
    for step in steps:
        state = state if step in NEUTRAL else step
    return state


def may_follow(kind: str, state: str, step: str) -> bool:
    """Whether a step may be taken in a state."""
    return state in STEPS[kind][step]
