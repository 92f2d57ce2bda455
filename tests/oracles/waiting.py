"""How long open leads wait for a deal, day by day, as a table of life expectancy is made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from attrs import frozen

from tests.oracles.books import Books
from tests.oracles.desk import DAY, PERIODS, Row, Tally


@frozen
class Watched:
    """A lead that was open in a period: on day n of its age it was watched where since < n ≤ until."""

    since: int
    until: int
    won: bool


def watched(books: Books, lead: Row, start: int, end: int) -> Watched | None:
    """A lead as it was watched in a period; None where it was not open in it, or its only deal came before it."""

    def of(name: str) -> list[int]:
        rows = [row for row in books.rows[name] if row.get("lead_id") is not None]
        return [row["occurred_at"] for row in rows if books.roots[row["lead_id"]] is lead]

    created, won, lost = lead["occurred_at"], of("deal_won"), of("deal_lost")
    good = [at for at in won if at >= created]
    if won and not good:
        return None
    losses = [max(lost)] if lost and max(lost) >= created else []
    ends = min(good) if good else min(losses, default=None)
    if created >= end or (ends is not None and ends < start):
        return None
    last = end if ends is None else min(ends, end)
    since = floor(Fraction(max(start - 1 - created, 0), DAY))
    until = max(ceil(Fraction(last - created, DAY)), 1)
    return Watched(since, until, bool(good) and min(good) < end) if since < until else None


def days(leads: Sequence[Watched], share: Fraction | None) -> Fraction:
    """After how many days the share is past it, or how many days all wait on average; the last day watched is the most."""
    remaining, waited, last = Fraction(1), Fraction(0), max(lead.until for lead in leads)
    for day in range(1, last + 1):
        waited += remaining
        there = [lead for lead in leads if lead.since < day <= lead.until]
        done = [lead for lead in there if lead.won and lead.until == day]
        if there:
            remaining *= 1 - Fraction(len(done), len(there))
        if share is not None and remaining <= 1 - share:
            return Fraction(day)
    return Fraction(last) if share is not None else waited


def kaplan_meier(books: Books, tally: Tally, share: Fraction | None) -> None:
    """The estimate of every cell."""
    found: dict[Any, list[Watched]] = {}
    for period, (start, end) in PERIODS.items():
        for lead in books.leads:
            one = watched(books, lead, start, end) if lead["campaign_id"] is not None else None
            for key in tally.keys_of(period, lead, max(start, lead["occurred_at"])) if one else ():
                found.setdefault(key, []).append(one)
    for key, leads in found.items():
        tally.sums[key] = [round(days(leads, share), 12), Fraction(1)]
