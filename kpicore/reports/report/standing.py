"""What people did about sealed scores, for reports: disputes, overrides and calibrations, and the scores beside the seal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore.evaluation.world import World
from kpicore.governance.standing import standing
from kpicore.naming import translated
from kpicore.reports.awards import amount_said, factor_said, factor_why, remarks_on
from kpicore.reports.report.reading import Reading, Row
from kpicore.reports.words import with_sign

_KINDS = ("dispute", "override", "calibration", "payout")

#: Of a subject about whose score nobody did anything.
NOTHING: Mapping[str, Any] = {"disputes": [], "adjustments": [], "scores": [], "payouts": []}


def standings(world: World, evaluation: str) -> dict[str | None, dict[str, Any]]:
    """The documents of `standing` for everyone whom a step of anybody concerns, beside one sealed evaluation.

    A calibration names many; in a subject's document it names that one only.
    """
    concerned: dict[str | None, None] = {}
    for entry in world.ledger.entries(*_KINDS):
        named = entry.document.get("subjects") or [entry.document.get("subject")]
        concerned.update((one["subject"] if isinstance(one, Mapping) else one, None) for one in named)
    found = {subject: standing(world, subject, evaluation) for subject in concerned}
    return {subject: _own(document, subject) for subject, document in found.items() if any(document.values())}


def _own(document: dict[str, Any], subject: str | None) -> dict[str, Any]:
    adjustments = [{**one, "subjects": [subject]} if "subjects" in one else one for one in document["adjustments"]]
    return {**document, "adjustments": adjustments}


def beside(one: Reading, row: Row) -> Row | None:
    """The score that stands beside a subject's sealed one; None where there is none."""
    scores = [score for score in row["standing"]["scores"] if score["evaluation"] == one.document["evaluation"]]
    return scores[-1] if scores else None


def steps(one: Reading, row: Row) -> list[dict[str, str]]:
    """Every step that people took, in the order of recording: what, by whom, when, and what they said."""
    found = [
        (
            step["position"],
            _step(one, f"{one.word('dispute')} {dispute['dispute']}", _did(one, step["step"]), step, step["text"]),
        )
        for dispute in row["standing"]["disputes"]
        for step in dispute["steps"]
    ]
    for made in row["standing"]["adjustments"]:
        name = f"{one.word(made['kind'])} {made['adjustment']}"
        found.append((made["position"], _step(one, name, _does(one, made), made, made["reason"])))
        if made["withdrawn"] is not None:
            gone = made["withdrawn"]
            found.append((gone["position"], _step(one, name, one.word("withdrawn"), gone, gone["reason"])))
    return [said for _, said in sorted(found, key=lambda pair: pair[0])]


def _did(one: Reading, step: str) -> str:
    return one.say("opened") if step == "opened" else one.word(step)


def _step(one: Reading, what: str, did: str, step: Row, why: str) -> dict[str, str]:
    return {"what": what, "did": did, "by": step["by"], "when": one.instant(step["recorded_at"]), "why": why}


def _does(one: Reading, made: Row) -> str:
    """What an override or a calibration does."""
    if made["kind"] == "calibration":
        parts = [f"{one.say('factor')} {made['factor']}"] if made["factor"] else []
        return one.joined([*parts, *([with_sign(made["shift"])] if made["shift"] else [])])
    if made["indicator"] is not None:
        return f"{one.title(made['indicator'])}{one.say('colon')}{one.percent(made['attainment'])}"
    return f"{one.say('total')} {one.total(made['total'], 2)}"


def payouts(one: Reading, row: Row) -> list[dict[str, str]]:
    """What was paid to a subject or won by it: award, period, amount, and how it came about."""
    return [
        {
            "name": translated(paid["title"], one.language),
            "what": f"{one.word(paid['kind'])} {paid['payout']}",
            "period": paid["period"],
            "amount": _amount(one, paid),
            "how": " × ".join(
                f"{one.word(factor['factor'])} {factor_said(factor['value'])}{factor_why(factor, one.language)}"
                for factor in paid.get("factors", ())
            ),
            "remarks": remarks_on(paid, one.language),
        }
        for paid in row["standing"]["payouts"]
    ]


def _amount(one: Reading, paid: Row) -> str:
    if paid["amount"] is not None:
        return f"{amount_said(paid['amount'])} {paid['currency'] or ''}".strip()
    return one.say("won" if paid["won"] else "not_won")
