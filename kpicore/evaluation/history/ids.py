"""Ids of evaluations: they name everything that it takes to compute one again."""

from __future__ import annotations

import re

from attrs import frozen

from kpicore.errors import InvalidInput
from kpicore.ledger.records import Cut

_FORM = re.compile(
    r"(?P<card>[a-z][a-z0-9_]*)\.(?P<period>[0-9A-Z_-]+)\.f(?P<facts>\d{1,18})\.r(?P<rules>\d{1,18})"
    r"(?:\.a(?P<as_of>-?\d{1,18}))?(?:\.h(?P<draft>[0-9a-f]{12}))?",
    re.ASCII,
)

#: How many hexadecimal digits of the digest of hypothetical rules an id carries.
DRAFT_DIGITS = 12


@frozen
class EvaluationId:
    """The parts of `CARD.PERIOD.fFACTS.rRULES[.aINSTANT][.hDIGEST]`.

    Args:
        card: The scorecard's id.
        period: The period's id, as people write it (in the id `/` is written `_`).
        facts, rules: The cuts: positions of the last fact batch and of the last rule change.
        as_of: The caller's own instant of knowing, in µs UTC; None where it follows from the cut.
        draft: The first 12 hexadecimal digits of the digest of hypothetical rules; None where rules are recorded.
    """

    card: str
    period: str
    facts: int
    rules: int
    as_of: int | None = None
    draft: str | None = None

    def __str__(self) -> str:
        text = f"{self.card}.{self.period.replace('/', '_')}.f{self.facts}.r{self.rules}"
        text += f".a{self.as_of}" if self.as_of is not None else ""
        return text + (f".h{self.draft}" if self.draft is not None else "")


def parse_evaluation_id(text: str) -> EvaluationId:
    """The parts of an evaluation's id.

    Raises:
        InvalidInput: It is not one.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise InvalidInput(
            f"{text!r} is not the id of an evaluation",
            code="bad_evaluation_id",
            where=text,
            hint="evaluate shows it; it looks like sales_rep.2026-Q1.f12.r3",
        )
    as_of = found["as_of"]
    return EvaluationId(
        found["card"],
        found["period"].replace("_", "/"),
        int(found["facts"]),
        int(found["rules"]),
        None if as_of is None else int(as_of),
        found["draft"],
    )


def evaluation_id(card: str, period: str, cut: Cut, own_as_of: int | None, draft: str | None) -> EvaluationId:
    """The id of an evaluation.

    Args:
        card: The scorecard's id.
        period: The period's id.
        cut: Its cuts.
        own_as_of: What `as_of` would be without the caller: where it differs, the id carries the caller's.
        draft: First digits of the digest of hypothetical rules, None for recorded ones.
    """
    as_of = cut.as_of if cut.as_of != own_as_of else None
    return EvaluationId(card, period, cut.facts, cut.rules, as_of, draft)
