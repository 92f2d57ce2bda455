"""The star of a period and the innovation award: who has the best value of an indicator, and who reaches a bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from kpicore.definitions.plans.awards import Innovation, Prize, Star
from kpicore.errors import Refused
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import recalled
from kpicore.evaluation.sealing.form import BASIS
from kpicore.governance.award_rules import AwardInForce
from kpicore.governance.awards.books import Books, Score, exact_value, has_value
from kpicore.governance.awards.rows import Row, shares
from kpicore.ledger.records import SealRecord

__all__ = ["innovation_rows", "star_rows"]


@frozen
class _Entry:
    """One subject's line."""

    seal: SealRecord
    card: str
    score: Score
    line: Mapping[str, Any]


def star_rows(books: Books, found: AwardInForce, period: str) -> Iterator[Row]:
    """Everyone on the scorecards in a period: the best first, then the others, then who is left out and why.

    Raises:
        NotFound: None of the scorecards was sealed in the period.
        Refused: The scorecards measured the indicator by different definitions.
    """
    award = found.award
    assert isinstance(award, Star)  # noqa: S101 - the caller looked
    entries = _entries(books, award, period)
    lower = _lower_is_better(books, award, entries)
    left_out = {id(entry): _left_out(award, entry) for entry in entries}
    rank = [entry for entry in entries if left_out[id(entry)] is None]
    rank.sort(key=lambda entry: (exact_value(entry.line) * (1 if lower else -1), entry.score.subject or ""))
    best = exact_value(rank[0].line) if rank else Fraction(0)
    winners = [entry for entry in rank if exact_value(entry.line) == best]
    prize = shares(award.prize, len(winners))
    for entry in [*rank, *(entry for entry in entries if left_out[id(entry)] is not None)]:
        state, won = left_out[id(entry)] or "ok", entry in winners
        place = None if state != "ok" else 1 + sum(_better(other, entry, lower) for other in rank)
        said = {**_said(entry), "place": place}
        yield Row(entry.score.subject, entry.card, won, state, _due(award.prize, prize, won), said)


def innovation_rows(books: Books, found: AwardInForce, period: str) -> Iterator[Row]:
    """Everyone who reaches the bound, with the facts that were counted, each with its position; then the others.

    Raises:
        NotFound: None of the scorecards was sealed in the period.
        Refused: The scorecards measured the indicator by different definitions.
    """
    award = found.award
    assert isinstance(award, Innovation)  # noqa: S101 - the caller looked
    entries = _entries(books, award, period)
    _lower_is_better(books, award, entries)
    bound = Fraction(award.at_least)
    winners = [entry for entry in entries if has_value(entry.line) and exact_value(entry.line) >= bound]
    prize = shares(award.prize, len(winners))
    for entry in sorted(entries, key=lambda entry: entry not in winners):
        won = entry in winners
        said = {**_said(entry), "evidence": _evidence(books, award, entry) if won else []}
        state = "ok" if has_value(entry.line) else str(entry.line["state"])
        yield Row(entry.score.subject, entry.card, won, state, _due(award.prize, prize, won), said)


def _due(prize: Prize | None, share: Any, won: bool) -> Any:
    """Money: a share for winners, 0 for others; None where there is no prize."""
    if prize is None:
        return None
    return share if won else prize.amount * 0


def _entries(books: Books, award: Star | Innovation, period: str) -> list[_Entry]:
    seals = {card: books.counts(card, period) for card in award.scorecards}
    if not any(seals.values()):
        books.needed(award.scorecards[0], period)
    found = []
    for card, seal in seals.items():
        for score in {} if seal is None else books.scores(seal).values():
            line = score.line(award.indicator)
            if line is not None and seal is not None:
                found.append(_Entry(seal, card, score, line))
    return found


def _lower_is_better(books: Books, award: Star | Innovation, entries: list[_Entry]) -> bool:
    """The indicator's direction, as the seals pinned it; they must mean the same by it."""
    meanings = {entry.seal.document[BASIS]["definitions"][award.indicator]["meaning"] for entry in entries}
    if len(meanings) > 1:
        raise Refused(
            f"the scorecards measured {award.indicator} by different definitions",
            code="not_comparable",
            where=f"award {award.id}",
            hint="name only scorecards that measure the same, or wait until all of them do",
        )
    if not entries:
        return False
    seal = entries[0].seal
    world = recalled(books.world, seal.evaluation, seal).world
    return bool(world.definitions.indicators[award.indicator].better == "lower")


def _left_out(award: Star, entry: _Entry) -> str | None:
    """Why somebody is not ranked; None where they are."""
    line = entry.line
    if line["state"] != "ok" or line["value"] is None:
        return str(line["state"])
    sample = line["numerator"] if line["denominator"] is None else line["denominator"]
    small = award.least_sample is not None and sample is not None and Fraction(sample) < Fraction(award.least_sample)
    return "low_sample" if small or "low_sample" in line["flags"] else None


def _better(one: _Entry, other: _Entry, lower: bool) -> bool:
    first, second = exact_value(one.line), exact_value(other.line)
    return first < second if lower else first > second


def _said(entry: _Entry) -> dict[str, Any]:
    parts = ("indicator", "numerator", "denominator", "value", "flags")
    return {"evaluation": entry.seal.evaluation, **{part: entry.line[part] for part in parts}}


def _evidence(books: Books, award: Innovation, entry: _Entry) -> list[dict[str, Any]]:
    """The facts that were counted for a winner."""
    found: Any = explain(books.world, entry.seal.evaluation, None, entry.score.subject)
    [subject] = [one for one in found.subjects if one["subject"] == entry.score.subject]
    [line] = [line for line in subject["lines"] if line["indicator"] == award.indicator]
    return list(line["facts"])
