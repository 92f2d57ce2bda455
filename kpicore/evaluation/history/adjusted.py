"""Adjusted scores: overrides and calibrations beside the system's own totals, which stay as they were sealed.

Of every subject, first the lines that were overridden are put in the place of the computed ones, and the card adds up
again; then total overrides and calibrations apply in the order in which they were recorded, each to what the one before
left. What was withdrawn does not count. A calibrated total is rounded once, half-even, to 9 places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from kpicore.definitions.codec import from_document
from kpicore.evaluation.documents import instant_text, number
from kpicore.evaluation.scoring.again import quantised, total_with
from kpicore.evaluation.scoring.outcome import band, coefficient
from kpicore.evaluation.scoring.score import ATTAINMENT_PLACES
from kpicore.evaluation.sealing.form import BASIS, evaluate_document
from kpicore.evaluation.world import World
from kpicore.ledger.records import EntryRecord, SealRecord

__all__ = ["Adjusted", "Adjustment", "adjusted", "adjustments"]


@frozen
class Adjustment:
    """An override or a calibration.

    Args:
        record: Its first step.
        withdrawn: The step that took it back, None while it counts.
    """

    record: EntryRecord
    withdrawn: EntryRecord | None = None

    @property
    def name(self) -> str:
        """Names it: `O1`, `C1`."""
        return self.record.name

    @property
    def evaluation(self) -> str:
        """Id of the sealed evaluation that it stands beside."""
        return str(self.record.document["evaluation"])

    @property
    def subjects(self) -> tuple[str | None, ...]:
        """Whom it concerns."""
        document = self.record.document
        return tuple(document["subjects"]) if self.record.kind == "calibration" else (document["subject"],)

    def to_document(self) -> dict[str, Any]:
        """What, by whom, when, why, and whether it still counts."""
        return {
            "adjustment": self.name,
            "kind": self.record.kind,
            **self.record.document,
            "by": self.record.by,
            "recorded_at": instant_text(self.record.recorded_at),
            "position": self.record.position,
            "withdrawn": None
            if self.withdrawn is None
            else {
                "by": self.withdrawn.by,
                "reason": self.withdrawn.document["reason"],
                "recorded_at": instant_text(self.withdrawn.recorded_at),
                "position": self.withdrawn.position,
            },
        }


@frozen
class Adjusted:
    """The system's total of a subject, and the one that stands beside it.

    Args:
        subject: Who.
        system_total, total: What was sealed, and what adjustments made of it.
        system_band, band: Their bands.
        system_coefficient, coefficient: Their coefficients, where the card has any.
        adjustments: Names of the adjustments that led there, in the order in which they applied.
    """

    subject: str | None
    system_total: Decimal | None
    total: Decimal | None
    system_band: str | None
    band: str | None
    system_coefficient: Decimal | None
    coefficient: Decimal | None
    adjustments: tuple[str, ...]

    def to_document(self) -> dict[str, Any]:
        """All parts by name."""
        return {
            "subject": self.subject,
            "system_total": number(self.system_total),
            "total": number(self.total),
            "system_band": self.system_band,
            "band": self.band,
            "system_coefficient": number(self.system_coefficient),
            "coefficient": number(self.coefficient),
            "adjustments": list(self.adjustments),
        }


def adjustments(entries: Iterable[EntryRecord], evaluation: str | None = None) -> tuple[Adjustment, ...]:
    """The overrides and calibrations among entries, in order, those that were withdrawn too.

    Args:
        entries: Steps of entries.
        evaluation: Only those beside this evaluation.
    """
    found: dict[tuple[str, str], Adjustment] = {}
    for entry in entries:
        key = (entry.kind, entry.name)
        if entry.kind in ("override", "calibration"):
            found[key] = Adjustment(entry) if entry.step == "recorded" else evolve(found[key], withdrawn=entry)
    return tuple(one for one in found.values() if evaluation in (None, one.evaluation))


def adjusted(world: World, seal: SealRecord, up_to: int | None = None) -> dict[str | None, Adjusted]:
    """Everyone beside whose sealed total another one stands.

    Args:
        world: Any world over the ledger.
        seal: The sealed evaluation.
        up_to: As it stood at this position; None: now.
    """
    entries = world.ledger.entries("override", "calibration", up_to=up_to)
    counting = [one for one in adjustments(entries, seal.evaluation) if one.withdrawn is None]
    if not counting:
        return {}
    document = seal.document
    system = {
        subject: None if total is None else Decimal(total)
        for subject, total in zip(document["subjects"], document["totals"], strict=True)
    }
    totals = dict(system)
    applied: dict[str | None, list[str]] = {}
    lines = [one for one in counting if one.record.document.get("indicator") is not None]
    if lines:
        totals |= _with_lines(seal, lines)
    for one in [*lines, *(one for one in counting if one not in lines)]:
        for subject in one.subjects:
            applied.setdefault(subject, []).append(one.name)
            if one not in lines:
                totals[subject] = _applied(totals[subject], one.record.document)
    card = from_document(document[BASIS]["card"])
    rule, coefficients = card.coefficient, document.get("coefficients")
    found = {}
    for subject, names in applied.items():
        n = document["subjects"].index(subject)
        before = None if coefficients is None or coefficients[n] is None else Decimal(coefficients[n])
        after = None if rule is None else coefficient(totals[subject], rule)
        bands = document["bands"][n], band(totals[subject], card.bands)
        found[subject] = Adjusted(subject, system[subject], totals[subject], *bands, before, after, tuple(names))
    return found


def _applied(total: Decimal | None, document: Mapping[str, Any]) -> Decimal | None:
    """A total after an override or a calibration; there is nothing to calibrate where there is no total."""
    if document.get("total") is not None:
        return Decimal(document["total"])
    if total is None:
        return None
    exact = Fraction(total) * Fraction(document["factor"] or 1) + Fraction(document["shift"] or 0)
    return quantised(exact, ATTAINMENT_PLACES)


def _with_lines(seal: SealRecord, overrides: Iterable[Adjustment]) -> dict[str | None, Decimal | None]:
    """Totals of those who have a line overridden, with the attainment that was set; of several for a line the last counts."""
    card = from_document(seal.document[BASIS]["card"])
    wanted: dict[str | None, dict[str, Decimal]] = {}
    for one in overrides:
        document = one.record.document
        wanted.setdefault(document["subject"], {})[document["indicator"]] = Decimal(document["attainment"])
    subjects = evaluate_document(seal.document)["subjects"]
    return {
        subject["subject"]: total_with(card, subject, wanted[subject["subject"]])
        for subject in subjects
        if subject["subject"] in wanted
    }
