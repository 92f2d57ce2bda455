"""Lines of a sealed document in columns, and as they are read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore.evaluation.documents import number
from kpicore.evaluation.numbers.exact import Fixed
from kpicore.evaluation.scoring.cells import Column
from kpicore.evaluation.scoring.score import ATTAINMENT_PLACES
from kpicore.evaluation.scoring.scored import Scored, line_documents
from kpicore.evaluation.sealing.columns import (
    cells_document,
    cells_of,
    column_document,
    column_of,
    listed,
    places_document,
)

__all__ = ["line_columns", "read_line"]


def line_columns(scored: Scored) -> list[dict[str, Any]]:
    """The `lines` of a sealed document, or of one of its segments."""
    return [
        {
            "indicator": line.indicator,
            "weight": number(line.weight),
            "target": column_document(found.targets),
            **cells_document(found.cells),
            "attainment": column_document(
                Column(Fixed(found.attained.units, ATTAINMENT_PLACES), ~found.attained.there)
            ),
            "bounds": places_document(found.attained.bound),
        }
        for line, found in zip(scored.card.lines, scored.lines, strict=True)
    ]


def read_line(line: Mapping[str, Any], length: int) -> list[dict[str, Any]]:
    """One line of a sealed document as it is read, for so many subjects."""
    return line_documents(
        line["indicator"],
        line["weight"],
        column_of(line["target"], length),
        cells_of(line, length),
        column_of(line["attainment"], length),
        listed(line["bounds"], length),
    )
