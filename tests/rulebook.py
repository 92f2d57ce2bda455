"""A small rule book that tests of scores share: two indicators, a card, and a ledger to put them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kpicore import vocabulary
from kpicore.definitions.algebra.builders import count, total
from kpicore.definitions.book import Definitions
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.parameters import choice
from kpicore.engines.duckdb import DuckDBEngine
from kpicore.evaluation.world import World
from kpicore.governance.apply import Applied, apply
from kpicore.governance.plan import plan
from kpicore.ledger.records import Batch, Receipt
from kpicore.ledger.rows import check_rows
from kpicore.ledger.store import Ledger


def indicator(name: str, measure: Any, **options: Any) -> Indicator:
    parts: dict[str, Any] = {
        "title": {"en": name, "zh-Hant": name},
        "perspective": "performance",
        "roles": ["sales"],
        "data_source": "CRM",
    }
    return Indicator(name, measure=measure, **{**parts, **options})


REVENUE = indicator(
    "sales.revenue_won", total("deal_won", "amount"), unit="money", params={"basis": choice("won", "booked")}
)
WIN_RATE = indicator("sales.win_rate", count("deal_won") / (count("deal_won") + count("deal_lost")), unit="percent")
LOSSES = indicator("sales.losses", count("deal_lost"), better="lower", indicator_type="guard", perspective="risk")
BOOK = Definitions.of([*vocabulary.definitions(), REVENUE, WIN_RATE, LOSSES])

CARD = """\
[scorecard]
id = "sales_rep"
title = {en = "Sales representative", zh-Hant = "銷售代表"}
role = "sales"
period = "quarter"
effective = 2017-01-01
[[line]]
indicator = "sales.revenue_won"
weight = "60"
target = "1000"
cap = "1.5"
why = "growth"
[[line]]
indicator = "sales.win_rate"
weight = "40"
target = "0.5"
why = "quality"
[bands]
A = "110"
B = "90"
C = "0"
"""


class Office:
    """A ledger with a rule book beside it."""

    def __init__(self, folder: Path, book: Definitions = BOOK, name: str = "kpi.db") -> None:
        ticks = iter(range(1_800_000_000_000_000, 1_900_000_000_000_000, 1_000_000))
        self.folder, self.book = folder, book
        self.ledger = Ledger.open(folder / name, clock=lambda: next(ticks))
        self.engine = DuckDBEngine(threads=1)
        self._batches = 0

    def close(self) -> None:
        self.ledger.close()
        self.engine.close()

    @property
    def world(self) -> World:
        return World(self.ledger, self.ledger.cut(), self.book, self.engine)

    def apply(self, *cards: str, effective: str | None = None, by: str = "hr", reason: str = "start") -> Applied:
        paths = []
        for number, card in enumerate(cards):
            path = self.folder / f"card{number}.toml"
            path.write_text(card, "utf-8")
            paths.append(path)
        return apply(self.ledger, plan(self.world, paths), by, reason, effective)

    def record(self, fact_type: str, rows: Iterable[Mapping[str, Any]], source: str = "crm") -> Receipt:
        self._batches += 1
        table, refused = check_rows(self.book.fact_types[fact_type], list(rows))
        assert not refused
        [receipt] = self.ledger.record(
            [Batch(self.book.fact_types[fact_type], table, source, f"batch {self._batches}")]
        )
        return receipt

    def assign(
        self,
        person: str,
        since: str,
        *,
        until: str | None = None,
        role: str = "sales",
        team: str | None = "north",
        territory: str | None = None,
        hired: str | None = None,
    ) -> Receipt:
        """Assign a person; times are in UTC, and a date is its midnight."""
        row = {"employee_id": person, "role": role, "team_id": team, "territory": territory}
        times = {"effective_from": since, "effective_to": until, "hired_at": hired, "occurred_at": since}
        row |= {name: None if time is None else _instant(time) for name, time in times.items()}
        return self.record("employee_assigned", [{name: value for name, value in row.items() if value is not None}])

    def won(self, *deals: tuple[str, str, str | int], day: str = "2017-02-01") -> Receipt:
        return self.record("deal_won", [_deal(*deal, day) for deal in deals])

    def lost(self, *deals: tuple[str, str], day: str = "2017-02-01") -> Receipt:
        rows = [{"deal_id": deal, "occurred_at": f"{day}T00:00:00Z", "owner_id": owner} for deal, owner in deals]
        return self.record("deal_lost", rows)


def _instant(time: str) -> str:
    return f"{time}Z" if "T" in time else f"{time}T00:00:00Z"


def _deal(deal: str, owner: str, amount: str | int, day: str) -> dict[str, Any]:
    return {"deal_id": deal, "occurred_at": f"{day}T00:00:00Z", "owner_id": owner, "amount": str(amount)}
