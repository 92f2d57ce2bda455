"""An evaluation on a terminal: wide cards and weights that differ from one to the other stay readable."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from kpicore.reports.evaluated import evaluation


def _line(indicator: str, weight: str, value: str, attainment: str, bound: str | None = None) -> dict[str, Any]:
    said = {"indicator": indicator, "weight": weight, "target": "4", "value": value, "attainment": attainment}
    return {**said, "numerator": value, "denominator": None, "state": "ok", "flags": [], "bound": bound}


def _subject(name: str, total: str, lines: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"subject": name, "total": total, "band": None, "coefficient": None, "gates": [], "lines": lines, **more}


def _shown(subjects: list[dict[str, Any]], width: int = 100, limit: int | None = None) -> list[str]:
    head = {"scorecard": "card", "period": "2026-Q1", "level": "person", "evaluation": "card.2026-Q1.f1.r1"}
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(evaluation({**head, "digest": "0" * 64, "subjects": subjects}, {}, "en", limit=limit))
    return [line.rstrip() for line in console.export_text().splitlines() if line.strip()]


def _card(weights: list[str]) -> list[dict[str, Any]]:
    return [_line(f"p.i{place}", weight, "3", "0.75") for place, weight in enumerate(weights)]


def test_few_lines_head_their_columns() -> None:
    shown = _shown([_subject("ann", "75", _card(["60", "40"]))])
    assert shown[0].startswith("card · 2026-Q1")
    assert ("attainment × 60" in shown[1], "attainment × 40" in shown[1]) == (True, True)


def test_nobody_is_told_why() -> None:
    shown = _shown([])
    assert shown[0] == "card · 2026-Q1"
    assert shown[1].startswith("nobody is scored: no person has the role in this period")
    assert shown[2].startswith("evaluation card.2026-Q1.f1.r1")


def test_many_lines_are_numbered_and_told_above() -> None:
    names = [f"p.i{place}" for place in range(6)]
    shown = _shown([_subject("ann", "75", _card(["50", "10", "10", "10", "10", "10"]))])
    told = [line.split() for line in shown if "p.i" in line]
    assert told == [
        [str(place), name, weight, "4"]
        for place, (name, weight) in enumerate(zip(names, ["50"] + ["10"] * 5, strict=True), 1)
    ]
    [place] = [place for place, line in enumerate(shown) if line.startswith(" ann")]
    assert shown[place].split()[1:7] == ["3"] * 6
    assert shown[place + 1].split() == ["75", "%"] * 6


def test_weights_that_differ_are_told_from_least_to_greatest() -> None:
    shown = _shown([_subject("ann", "75", _card(["60", "40"])), _subject("bo", "75", _card(["30", "70"]))])
    assert [line.split()[2:5] for line in shown if line.split()[0] in ("1", "2") and "p.i" in line] == [
        ["30", "…", "60"],
        ["40", "…", "70"],
    ]


@pytest.mark.parametrize(("eligible", "said"), [(45, "45 / 90"), (90, "")])
def test_days_are_shown_where_somebody_was_there_for_a_part(eligible: int, said: str) -> None:
    days = {"eligible": eligible, "period": 90}
    shown = _shown([_subject("ann", "75", _card(["60", "40"]), days=days), _subject("bo", "70", _card(["60", "40"]))])
    [row] = [line for line in shown if line.startswith(" ann")]
    assert said in row
    assert any("days" in line for line in shown) == bool(said)


def test_what_bound_stands_beside_and_who_is_left_out_is_counted() -> None:
    lines = [_line("p.i0", "60", "9", "1.5", "cap"), _line("p.i1", "40", "3", "0.75")]
    shown = _shown([_subject("ann", "60", lines, bound="gate"), _subject("bo", "1", lines)], width=120, limit=1)
    assert any("150 % (cap)" in line and "60.0 (gate)" in line for line in shown)
    assert any("1 more" in line for line in shown)
