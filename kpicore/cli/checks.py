"""One thing that `kpicore doctor` looked at."""

from __future__ import annotations

from typing import Literal, TypedDict

Status = Literal["good", "odd", "bad"]


class Check(TypedDict):
    """What was looked at, how it is, and what to do."""

    what: str
    status: Status
    found: str
    hint: str | None


def check(what: str, status: Status, found: str, hint: str | None = None) -> Check:
    """A check as the document lists it."""
    return {"what": what, "status": status, "found": found, "hint": hint}
