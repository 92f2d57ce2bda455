"""The ledger that benchmarks measure: facts of one size with corrections and retractions, opened with the indicators."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from attrs import evolve, frozen

import kpicore
from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.evaluation.measuring.measure import Request
from kpicore.evaluation.world import World
from kpicore.governance.apply import apply
from kpicore.governance.plan import plan
from kpicore.kpi import Kpi
from kpicore.ledger.records import Batch
from kpicore.ledger.rows import check_keys, check_rows
from kpicore.ledger.store import Ledger
from kpicore.vocabulary import definitions
from tests.benchmarks import facts, indicators

FACT_TYPES = {one.name: one for one in definitions() if isinstance(one, kpicore.FactType)}

#: Shares of rows that are corrected and taken back.
CORRECTED, RETRACTED = 0.01, 0.001


@frozen
class House:
    """A ledger on disk.

    Args:
        kpi: It, open.
        total: How many facts were first recorded.
        tables: These facts by type, as Arrow tables.
    """

    kpi: Kpi
    total: int
    tables: Mapping[str, pa.Table]

    def fresh_world(self) -> World:
        """A world that shares nothing with any other."""
        ledger = self.kpi.ledger
        return World(ledger, ledger.cut(), self.kpi.catalog.definitions, self.kpi.engine)


def checked(fact_type: str, table: pa.Table) -> pa.Table:
    """Rows in the ledger's schema."""
    found, refused = check_rows(FACT_TYPES[fact_type], table)
    assert not refused
    return found


def record(ledger: Ledger, fact_type: str, table: pa.Table, key: str) -> None:
    """Check and record one batch."""
    ledger.record([Batch(FACT_TYPES[fact_type], checked(fact_type, table), "crm", key)])


def build(folder: Path, total: int, people: int = facts.PEOPLE) -> House:
    """Record `total` facts, with their corrections, retractions and assignments, and adopt a scorecard of twelve lines."""
    kpi = kpicore.open(folder / "kpi.db", plugins=[indicators])
    tables = dict(facts.ledger_tables(total))
    for name, table in tables.items():
        record(kpi.ledger, name, table, f"{name} 1")
    for name, table in tables.items():
        record(kpi.ledger, name, facts.corrections(name, table.num_rows, total=total, share=CORRECTED), f"{name} 2")
        [key] = FACT_TYPES[name].key
        gone = table[key].slice(0, round(table.num_rows * RETRACTED)).to_pylist()
        if gone:
            keys, _ = check_keys(FACT_TYPES[name], gone)
            kpi.ledger.record(
                [Batch(FACT_TYPES[name], keys, "crm", f"{name} 3", kind="retraction", reason="recorded by mistake")]
            )
    record(kpi.ledger, "employee_assigned", facts.assignments(people), "assignments")
    path = folder / "card.toml"
    path.write_text(_card_text(), "utf-8")
    apply(kpi.ledger, plan(kpi.world(), [path]), "hr", "first card")
    return House(kpi, total, tables)


def requests() -> list[Request]:
    """All twelve."""
    return [Request(case.indicator.id) for case in indicators.CASES]


def reweighted(card: Scorecard) -> Scorecard:
    """The card with the weights of its first and last line exchanged."""
    weights = [line.weight for line in card.lines]
    weights[0], weights[-1] = weights[-1], weights[0]
    return evolve(card, lines=[evolve(line, weight=weight) for line, weight in zip(card.lines, weights, strict=True)])


def retargeted(card: Scorecard) -> Scorecard:
    """The card with a tenth more of every target, and a cap on its first line."""
    lines = [evolve(line, target=(line.target or Decimal(1)) * Decimal("1.1")) for line in card.lines]
    lines[0] = evolve(lines[0], cap=Decimal("1.2"))
    return evolve(card, lines=lines)


def weight(place: int, lines: int = len(indicators.CASES)) -> Decimal:
    """Equal weights of two places; the last line takes the rest."""
    each = (Decimal(100) / lines).quantize(Decimal("0.01"))
    return each if place < lines - 1 else 100 - each * (lines - 1)


def _card_text() -> str:
    lines = [Line(case.indicator.id, weight(place)) for place, case in enumerate(indicators.CASES)]
    text = """[scorecard]
id = "sales_rep"
title = {en = "Sales representative", zh-Hant = "銷售代表"}
role = "sales"
period = "month"
effective = 2024-01-01
"""
    for line in lines:
        text += f'[[line]]\nindicator = "{line.indicator}"\nweight = "{line.weight}"\ntarget = "10"\nwhy = "speed"\n'
    return text + '[bands]\nA = "110"\nB = "90"\nC = "0"\n'
