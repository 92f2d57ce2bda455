"""The sealed form of evaluations: small, exact, and read as it was."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kpicore.canonical import canonical_json
from kpicore.definitions.cards.scorecards import Line, Scorecard, TargetLine
from kpicore.evaluation.documents import HEAD
from kpicore.evaluation.scoring.cells import STATES, Cells
from kpicore.evaluation.scoring.outcome import Outcome, outcome
from kpicore.evaluation.scoring.score import LineRule
from kpicore.evaluation.scoring.scored import Scored, score_cells
from kpicore.evaluation.sealing.form import evaluate_document, sealed_cells, sealed_columns, subject_documents

RULE = LineRule("ratio", "higher", Decimal(0), Decimal(2))
NUMBERS = st.one_of(
    st.none(),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
    st.integers(-(10**25), 10**25).map(Decimal),
)
CELL = st.tuples(
    *(NUMBERS, NUMBERS, NUMBERS, st.sampled_from(STATES)),
    st.lists(st.sampled_from(["low_sample", "early_event"]), unique=True).map(lambda flags: tuple(sorted(flags))),
)


def bare(scored: Scored) -> Outcome:
    return outcome(scored.card, scored.subjects, scored.totals, [], "2026-01")


def through_json(scored: Scored) -> dict[str, Any]:
    document = {
        **dict.fromkeys(HEAD, "x"),
        "period": "2026-01",
        **sealed_columns(scored, bare(scored)),
    }
    found: dict[str, Any] = json.loads(canonical_json(document))
    return found


def scored(rows: list[list[Any]]) -> Scored:
    lines = [Line("i.a", 60, 100), Line("i.b", 40, "0.5")]
    own = [TargetLine("i.b", "0.25", subject="s1")]
    card = Scorecard("card", "Card", "sales", "month", "2026-01-01", lines, targets=own, bands={"A": 100, "B": 0})
    # A value that is there has a number; denominators of scored values are above 0.
    columns = []
    for place in range(2):
        picked = [row[place] for row in rows]
        cells = [
            (Decimal(1) if state in ("ok", "provisional") and value is None else value)
            if part == 2
            else (abs(below) + 1 if part == 1 and below is not None else (above, below)[part])
            for above, below, value, state, _ in picked
            for part in range(3)
        ]
        columns.append(
            Cells.of(cells[0::3], cells[1::3], cells[2::3], [cell[3] for cell in picked], tuple(c[4] for c in picked))
        )
    subjects = tuple(f"s{n}" for n in range(len(rows)))
    return score_cells(card, [RULE, RULE], subjects, columns, "2026-01")


@given(st.lists(st.tuples(CELL, CELL).map(list), max_size=5))
def test_what_is_sealed_reads_as_it_was(rows: list[list[Any]]) -> None:
    found = scored(rows)
    document = through_json(found)
    assert evaluate_document(document)["subjects"] == subject_documents(
        found.subjects, sealed_columns(found, bare(found)), found.lines_document()
    )
    for before, after in zip(found.lines, sealed_cells(document), strict=True):
        assert before.cells.equals(after)
        assert before.cells.flags == after.flags


def test_a_column_has_one_shortest_form() -> None:
    cells = [(Decimal("10.50"), Decimal(2), Decimal("5.25"), "ok", ())] * 2
    rows = [[cell, (None, None, None, "no_denominator", ("low_sample",))] for cell in cells]
    [first, second] = through_json(scored(rows))["lines"]
    assert first["numerator"] == {"scale": 1, "units": 105}
    assert "value" in first  # the denominators of this test are 3, and the value is not 10.5 ÷ 3
    assert (first["states"], first["flags"]) == ({}, {})
    assert (second["numerator"], second["attainment"]) == (None, None)
    assert (second["states"], second["flags"]) == ({"no_denominator": [0, 1]}, {"low_sample": [0, 1]})
