"""Sealed scores as a table: what measures over evaluations read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from kpicore.engines.core import schema
from kpicore.evaluation.scoring.score import ATTAINMENT_PLACES, TOTAL_PLACES, WEIGHT_PLACES
from kpicore.evaluation.sealing.form import evaluate_document
from kpicore.periods import Bounds

if TYPE_CHECKING:
    import pyarrow as pa

    from kpicore.ledger.records import SealRecord

NAME = "sealed_line"
_PLACES = {"weight": WEIGHT_PLACES, "attainment": ATTAINMENT_PLACES, "total": TOTAL_PLACES}


def sealed_lines(seals: Iterable[SealRecord]) -> pa.Table:
    """The lines of sealed evaluations, numbered from 1, with the total of their subject.

    Args:
        seals: Those that count, see `versions.counting`.
    """
    import pyarrow as pa

    rows = [row for seal in seals for row in _rows(seal.document)]
    return pa.Table.from_pylist(rows, schema=schema(NAME))


def example_lines(rows: Iterable[Mapping[str, Any]], bounds: Bounds) -> pa.Table:
    """Lines as an example gives them: numbers as people write them, what is left out filled in.

    Args:
        rows: Columns of `sealed_line`; each row is of an evaluation of its own unless it names one.
        bounds: The period that was scored.
    """
    import pyarrow as pa

    filled = []
    for number, row in enumerate(rows, 1):
        whole: dict[str, Any] = {
            "evaluation": f"evaluation-{number}",
            "scorecard": "example",
            "period": bounds.period_id,
            "starts_at": bounds.start_us,
            "ends_at": bounds.end_us,
            "level": "person",
            "line": 1,
            "weight": "100",
            **row,
        }
        filled.append(whole | {name: _units(whole.get(name), places) for name, places in _PLACES.items()})
    return pa.Table.from_pylist(filled, schema=schema(NAME))


def _rows(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    starts_at, ends_at = document["basis"]["bounds"]
    for scored in evaluate_document(document)["subjects"]:
        for number, line in enumerate(scored["lines"], 1):
            yield {
                "evaluation": document["evaluation"],
                "scorecard": document["scorecard"],
                "period": document["period"],
                "starts_at": starts_at,
                "ends_at": ends_at,
                "level": document["level"],
                "subject": scored["subject"],
                "line": number,
                "indicator": line["indicator"],
                "weight": _units(line["weight"], _PLACES["weight"]),
                "attainment": _units(line["attainment"], _PLACES["attainment"]),
                "total": _units(scored["total"], _PLACES["total"]),
            }


def _units(text: str | None, places: int) -> int | None:
    # The weight of a split period is a mean by days, and has more places.
    return None if text is None else int(Decimal(text).scaleb(places).to_integral_value(ROUND_HALF_EVEN))
