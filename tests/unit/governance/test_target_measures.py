"""Indicators over targets read recorded ones: what a team sold against what its table of targets asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kpicore
from kpicore.kpi import Kpi


@pytest.fixture
def kpi(tmp_path: Path) -> Iterator[Kpi]:
    with kpicore.open(tmp_path / "kpi.db") as kpi:
        at = "2026-01-01T00:00:00Z"
        kpi.record(
            "employee_assigned",
            [
                {"employee_id": who, "team_id": "north", "role": "sales", "effective_from": at, "occurred_at": at}
                for who in ("ann", "bo")
            ],
            source="hr",
            batch_key="1",
        )
        kpi.record(
            "order_paid",
            [
                {
                    "order_id": str(n),
                    "customer_id": "c",
                    "owner_id": who,
                    "gross": gross,
                    "occurred_at": "2026-02-01T00:00:00Z",
                }
                for n, (who, gross) in enumerate((("ann", "300"), ("bo", "150")))
            ],
            source="shop",
            batch_key="1",
        )
        (tmp_path / "targets.csv").write_text(
            "level,subject,indicator,period,value\n"
            "team,north,sales.sales_revenue,2026-Q1,500\n"
            "person,ann,sales.sales_revenue,2026-Q1,400\n",
            "utf-8",
        )
        kpi.apply(kpi.plan(tmp_path / "targets.csv"), by="hr", reason="agreed")
        yield kpi


def test_attainment_is_measured_against_recorded_targets_of_each_level(kpi: Kpi) -> None:
    def attained(level: str) -> dict[str | None, tuple[str | None, str]]:
        rows = kpi.measure("sales.sales_target_attainment", "2026-Q1", level=level).to_document()["rows"]  # type: ignore[arg-type]
        return {row["subject"]: (row["value"], row["state"]) for row in rows}

    # 300 of 400; Bo has no target of his own, and the team's is not his. The team: 450 of 500.
    assert attained("person")["ann"] == ("0.75", "ok")
    assert attained("person")["bo"][0] is None
    assert attained("team")["north"] == ("0.9", "ok")
