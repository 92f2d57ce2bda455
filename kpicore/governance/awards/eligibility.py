"""Eligibility: who reached a total in so many periods in a row, up to the one that is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kpicore.definitions.plans.awards import Eligibility
from kpicore.evaluation.documents import number
from kpicore.governance.award_rules import AwardInForce
from kpicore.governance.awards.books import Books
from kpicore.governance.awards.rows import Row

__all__ = ["eligibility_rows"]


def eligibility_rows(books: Books, found: AwardInForce, period: str) -> Iterator[Row]:
    """Everyone on the scorecards in a period, with their run: how many periods in a row they reached the bound.

    A period breaks a run where it was not sealed, where the subject is not scored or has no total, or has less.

    Raises:
        NotFound: None of the scorecards was sealed in the period.
    """
    award = found.award
    assert isinstance(award, Eligibility)  # noqa: S101 - the caller looked
    seals = {card: books.counts(card, period) for card in award.scorecards}
    if not any(seals.values()):
        books.needed(award.scorecards[0], period)
    everyone = {
        subject: card for card, seal in seals.items() if seal is not None for subject in reversed(books.scores(seal))
    }
    ids = _periods(books, period, award.length)
    for subject in sorted(everyone, key=lambda name: name or ""):
        steps = [_step(books, award, one, subject) for one in ids]
        run = next((n for n, step in enumerate(steps) if not step["reached"]), len(steps))
        said = {"run": run, "length": award.length, "at_least": number(award.at_least), "periods": steps}
        yield Row(subject, everyone[subject], run >= award.length, "ok", None, said)


def _periods(books: Books, period: str, length: int) -> list[str]:
    """So many periods, from the one that is looked at backwards."""
    calendar = books.world.calendar
    found = [calendar.period(period)]
    while len(found) < length:
        found.append(calendar.previous(found[-1]))
    return [one.id for one in found]


def _step(books: Books, award: Eligibility, period: str, subject: str | None) -> dict[str, Any]:
    """One period of a run: the totals on each of the scorecards, and whether all of them reach the bound."""
    totals: list[tuple[str, Decimal | None, Decimal | None]] = []
    sealed = False
    for card in award.scorecards:
        seal = books.counts(card, period)
        score = None if seal is None else books.scores(seal).get(subject)
        sealed = sealed or seal is not None
        if seal is not None and score is not None:
            totals.append((seal.evaluation, score.system_total, score.total))
    reached = bool(totals) and all(total is not None and total >= award.at_least for _, _, total in totals)
    state = "ok" if totals else "not_scored" if sealed else "not_sealed"
    if any(total is None for _, _, total in totals):
        state = "no_total"
    return {
        "period": period,
        "state": state,
        "reached": reached,
        "totals": [
            {"evaluation": evaluation, "system_total": number(system), "total": number(total)}
            for evaluation, system, total in totals
        ],
    }
